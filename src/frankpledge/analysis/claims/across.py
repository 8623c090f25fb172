"""What one claim cannot show: a document's figures, targets, actions and budgets set against one another.

Nothing here knows a document. Each check reads the material alone, so that the trouble disappears when it is mended.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from frankpledge.analysis.claims import forms
from frankpledge.analysis.claims.checking import base_from_rate, check_claim, exact
from frankpledge.analysis.claims.claims import (
    Checked,
    Claim,
    ClaimDocument,
    DocumentCheck,
    Figure,
    Finding,
    FindingKind,
    MoneyRow,
    MoneyTable,
    PlannedAction,
    Verdict,
)
from frankpledge.analysis.claims.language import full_name, names_in, parse
from frankpledge.analysis.claims.stated import last_place, plain, read_stated
from frankpledge.analysis.claims.units import read_unit
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase

Range = tuple[Fraction, Fraction]


def check_document(document: ClaimDocument) -> DocumentCheck:
    """Every claim of a document, and what is wrong between them."""
    shared = {figure.name: figure for figure in document.figures}
    checked = [check_claim(claim, shared, document.claims) for claim in document.claims]
    checked = _settled_by_others(checked)
    findings: list[Finding] = []
    for look in _LOOKS:
        findings.extend(look(document))
    return DocumentCheck(document, tuple(checked), tuple(findings))


def check_claims(claims: Sequence[Claim]) -> list[Checked]:
    """A bare list of claims, each beside the others of its document, in the order given."""
    by_document: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_document[claim.document].append(claim)
    found: dict[int, Checked] = {}
    for members in by_document.values():
        for claim, one in zip(
            members, _settled_by_others([check_claim(c, None, members) for c in members]), strict=True
        ):
            found[id(claim)] = one
    return [found[id(claim)] for claim in claims]


# --- a base nobody printed, that others give too


def _settled_by_others(checked: list[Checked]) -> list[Checked]:
    """A population worked back from a rate, where none is printed, agrees when two other claims imply the same."""
    ranges = [_implied_range(one) for one in checked]
    settled: list[Checked] = []
    for i, one in enumerate(checked):
        mine = ranges[i]
        if one.verdict is not Verdict.DERIVED or mine is None:
            settled.append(one)
            continue
        alike = [other for j, other in enumerate(ranges) if j != i and other is not None and _meet(mine, other)]
        if len(alike) < 2:
            settled.append(one)
            continue
        why = Phrase(
            "No population is printed here; the one implied, {base}, is that of {count} other statements.",
            base=plain((mine[0] + mine[1]) / 2, 0),
            count=str(len(alike)),
        )
        settled.append(replace(one, verdict=Verdict.AGREES, why=why))
    return settled


def _implied_range(one: Checked) -> Range | None:
    if len(one.claim.formulae) != 1 or not one.claim.figures:
        return None
    try:
        node = parse(one.claim.formulae[0].text.partition(" = ")[0])[0]
    except CannotCompute:
        return None
    name = base_from_rate(node)
    if name is None or not one.results or not isinstance(one.results[0].value, Fraction):
        return None
    figure = next(
        (f for f in one.claim.figures if f.name == full_name(name, {f.name: f for f in one.claim.figures})), None
    )
    if figure is None or not isinstance(figure.value, int | float):
        return None
    rate, step = exact(figure.value), last_place(figure.value, one.claim.words)
    base = one.results[0].value
    return _around(base, rate, step)


def _around(base: Fraction, rate: Fraction, step: Fraction) -> Range | None:
    if rate <= step / 2:
        return None
    return base * rate / (rate + step / 2), base * rate / (rate - step / 2)


def _meet(a: Range, b: Range) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


# --- figures


def _two_values(document: ClaimDocument) -> Iterable[Finding]:
    """One quantity, period, place and survey; two values."""
    for same in _groups(document.figures, _measured):
        values = {exact(f.value) for f in same if isinstance(f.value, int | float)}
        if len(values) < 2 or not same[0].quantity or same[0].question or _within_rounding(same):
            continue
        said = tuple(f"{plain(exact(f.value))}{' (' + f.where + ')' if f.where else ''}" for f in same)
        yield Finding(
            FindingKind.TWO_VALUES,
            Phrase("{quantity} is printed as {values}.", quantity=_capital(same[0].quantity), values=said),
            tuple(f.name for f in same),
        )


def _measured(figure: Figure) -> object:
    """What two figures must share to be one quantity: a count and its rate are two."""
    unit = read_unit(figure.unit)
    scale = (unit.divided_by, unit.per) if unit is not None else ((), 1)
    return figure.quantity, str(figure.period or ""), figure.place, figure.survey, scale


def _within_rounding(same: Sequence[Figure]) -> bool:
    ranges = []
    for f in same:
        stated = read_stated(f.value, f.where)
        whole = f.unit in {"%", "per cent"} or stated.step < 1
        ranges.append(stated.strict_range if whole else (stated.value, stated.value))
    return all(_meet(a, b) for a in ranges for b in ranges)


def _groups(figures: Iterable[Figure], key: Callable[[Figure], object]) -> list[list[Figure]]:
    found: dict[object, list[Figure]] = defaultdict(list)
    for figure in figures:
        found[key(figure)].append(figure)
    return [group for group in found.values() if len(group) > 1]


def implied_bases(document: ClaimDocument) -> list[tuple[Figure, Fraction, Range]]:
    """For every rate whose count is printed: the base it implies, and the range its rounding leaves."""
    by_name = {figure.name: figure for figure in document.figures}
    found = []
    for rate in document.figures:
        count = by_name.get(rate.numerator)
        if count is None or rate.per is None or not isinstance(rate.value, int | float) or not rate.value:
            continue
        if not isinstance(count.value, int | float):
            continue
        base = exact(count.value) / exact(rate.value) * rate.per
        reach = _around(base, exact(rate.value), last_place(rate.value, rate.where))
        if reach is not None:
            found.append((rate, base, reach))
    return found


def _other_population(document: ClaimDocument) -> Iterable[Finding]:
    """Rates said to be of one base that imply different ones."""
    for base in sorted({rate.base for rate, _, _ in implied_bases(document)}):
        families: list[list[tuple[Figure, Fraction, Range]]] = []
        for implied in sorted((one for one in implied_bases(document) if one[0].base == base), key=lambda one: one[1]):
            family = next((f for f in families if _meet(f[-1][2], implied[2])), None)
            if family is None:
                families.append([implied])
            else:
                family.append(implied)
        if len(families) < 2:
            continue
        families.sort(key=lambda family: (-len(family), family[0][1]))
        said = tuple(
            Phrase(
                "{base} ({rates})",
                base=plain(_middle(family), 0),
                rates=tuple(rate.quantity or rate.name for rate, _, _ in family),
            )
            for family in families
        )
        yield Finding(
            FindingKind.OTHER_POPULATION,
            Phrase(
                "Rates printed per {base} imply {count} different denominators: {all}.",
                base=base or "head",
                count=str(len(families)),
                all=said,
            ),
            tuple(rate.name for family in families for rate, _, _ in family),
        )


def _middle(family: Sequence[tuple[Figure, Fraction, Range]]) -> Fraction:
    low, high = max(reach[0] for _, _, reach in family), min(reach[1] for _, _, reach in family)
    return (low + high) / 2 if low <= high else family[0][1]


def _no_such_share(document: ClaimDocument) -> Iterable[Finding]:
    """Percentages of a printed number of answers that no whole number of people can give."""
    for same in _by_key(
        (f for f in document.figures if f.answers and f.unit in {"%", "per cent"}),
        lambda f: (f.answers, f.survey, f.place),
    ):
        of = same[0].answers
        assert of is not None
        percents = [(f, read_stated(f.value, f.where)) for f in same if isinstance(f.value, int | float)]
        impossible = [(f, percent) for f, percent in percents if not forms.whole_counts(percent, of)]
        if not impossible:
            continue
        needs = forms.possible_words([percent for _, percent in percents], of)
        words = forms.impossible_words([percent for _, percent in impossible], of)
        sentence = Phrase("{words} {needs}", words=words, needs=needs[0]) if needs else words
        yield Finding(FindingKind.NO_SUCH_SHARE, sentence, tuple(f.name for f, _ in impossible))


def _by_key(figures: Iterable[Figure], key: Callable[[Figure], object]) -> list[list[Figure]]:
    found: dict[object, list[Figure]] = defaultdict(list)
    for figure in figures:
        found[key(figure)].append(figure)
    return list(found.values())


def _base_not_stated(document: ClaimDocument) -> Iterable[Finding]:
    """Answers to a survey without how many answered."""
    bare = [f for f in document.figures if f.survey and f.unit in {"%", "per cent"} and not f.answers]
    if bare:
        yield Finding(
            FindingKind.BASE_NOT_STATED,
            Phrase(
                "{count} survey percentages are printed without how many people answered, so no margin can be given.",
                count=str(len(bare)),
            ),
            tuple(f.name for f in bare),
        )


def _same_question(document: ClaimDocument) -> Iterable[Finding]:
    """One question of one survey with two answers."""
    for same in _groups(
        (f for f in document.figures if f.question), lambda f: (_plain_words(f.question), f.survey, f.place)
    ):
        values = {exact(f.value) for f in same if isinstance(f.value, int | float)}
        if len(values) > 1:
            yield Finding(
                FindingKind.SAME_QUESTION,
                Phrase(
                    "“{question}” is printed twice, as {values}: one row has the wrong label.",
                    question=same[0].question,
                    values=tuple(f"{plain(exact(f.value))} %" for f in same),
                ),
                tuple(f.name for f in same),
            )


def _other_survey(document: ClaimDocument) -> Iterable[Finding]:
    """One thing measured by two surveys: never on one line."""
    asked = [f for f in document.figures if f.survey and f.quantity]
    for same in _groups(asked, lambda f: (f.quantity, f.place)):
        surveys = {f.survey: f for f in same}
        values = {exact(f.value) for f in surveys.values() if isinstance(f.value, int | float)}
        if len(surveys) > 1 and len(values) > 1:
            said = tuple(f"{plain(exact(f.value))} % ({f.survey})" for f in surveys.values())
            yield Finding(
                FindingKind.OTHER_SURVEY,
                Phrase(
                    "{what} comes from two surveys: {values}. Never set them on one line.",
                    what=_capital(same[0].quantity),
                    values=said,
                ),
                tuple(f.name for f in surveys.values()),
            )


def _swapped(document: ClaimDocument) -> Iterable[Finding]:
    """Crimes are recorded from among incidents: more crimes than incidents means swapped labels."""
    for same in _groups((f for f in document.figures if f.counts), lambda f: (f.base, f.place, str(f.period or ""))):
        kinds = {f.counts: f for f in same if isinstance(f.value, int | float)}
        crimes, incidents = kinds.get("offences"), kinds.get("incidents")
        if crimes is not None and incidents is not None and crimes.value > incidents.value:
            yield Finding(
                FindingKind.SWAPPED,
                Phrase(
                    "{crimes} offences and only {incidents} incidents: the labels are probably swapped.",
                    crimes=plain(exact(crimes.value)),
                    incidents=plain(exact(incidents.value)),
                ),
                (crimes.name, incidents.name),
            )


# --- claims


def _unequal_periods(document: ClaimDocument) -> Iterable[Finding]:
    """A claim that takes a count over one period from a count over another length."""
    shared = {figure.name: figure for figure in document.figures}
    for claim in document.claims:
        own = {**shared, **{figure.name: figure for figure in claim.figures}}
        used = _figures_of(claim, own)
        for same in _groups((f for f in used if f.quantity and f.period), lambda f: (f.quantity, f.place)):
            lengths = {len(f.period) for f in same if f.period is not None}
            if len(lengths) > 1:
                said = tuple(
                    Phrase("{value} in {n} months", value=plain(exact(f.value)), n=str(len(f.period or ())))
                    for f in same
                )
                yield Finding(
                    FindingKind.UNEQUAL_PERIODS,
                    Phrase("{all} are compared as if the periods were equal.", all=said),
                    (claim.key, *(f.name for f in same)),
                )


def _figures_of(claim: Claim, own: dict[str, Figure]) -> list[Figure]:
    found: dict[str, Figure] = {}
    for formula in claim.formulae:
        try:
            names = {full_name(name, own) for node in parse(formula.text) for name in names_in(node)}
        except CannotCompute:
            continue
        found.update({name: own[name] for name in sorted(names)})
    return list(found.values())


def _added_changes(document: ClaimDocument) -> Iterable[Finding]:
    """Successive changes in per cent that were added where they compound."""
    shared = {figure.name: figure for figure in document.figures}
    for claim in document.claims:
        texts = " ".join(formula.text for formula in claim.formulae)
        if "compound(" not in texts or not isinstance(claim.stated, int | float):
            continue
        changes = [exact(f.value) for f in _figures_of(claim, shared) if isinstance(f.value, int | float)]
        compound = Fraction(1)
        for change in changes:
            compound *= 1 + change / 100
        truly = (compound - 1) * 100
        stated = read_stated(claim.stated, claim.words, claim.rounding)
        if stated.fits(sum(changes, Fraction(0))) and not stated.fits(truly):
            yield Finding(
                FindingKind.ADDED_CHANGES,
                Phrase(
                    "{stated} % adds changes that follow one another; together they make {truly} %.",
                    stated=plain(stated.value),
                    truly=plain(truly, 1),
                ),
                (claim.key,),
            )


def _society_as_cash(document: ClaimDocument) -> Iterable[Finding]:
    """A cost to society that the words call money of the public purse."""
    for figure in document.figures:
        if figure.cost == "society" and re.search(r"public purse|taxpayer|cashable|agencies", figure.where.lower()):
            yield Finding(
                FindingKind.SOCIETY_AS_CASH,
                Phrase(
                    "£{value} is a cost to society, most of it borne by victims; the words call it public money.",
                    value=plain(exact(figure.value)),
                ),
                (figure.name,),
            )


# --- targets


def _targets(document: ClaimDocument) -> Iterable[Finding]:
    bare = []
    for target in document.targets:
        if target.change is not None and not target.baseline:
            yield _without_baseline(target.key, target.words, target.change, target.ends_at, target.current)
        elif target.change is None and target.value is None:
            bare.append(target)
    if bare:
        yield Finding(
            FindingKind.NO_TARGET,
            Phrase(
                "{count} targets say a direction and no number or date: {all}.",
                count=str(len(bare)),
                all=tuple(target.words for target in bare),
            ),
            tuple(target.key for target in bare),
        )


def _without_baseline(key: str, words: str, change: float, ends_at: float | None, current: float | None) -> Finding:
    sentence = Phrase("“{words}” names no baseline, so nobody can tell when it is met.", words=words)
    if ends_at is not None:
        base = exact(ends_at) / (1 + exact(change) / 100)
        sentence = Phrase(
            "{first} {change} % ending at {end} needs a baseline of {base}.",
            first=sentence,
            change=plain(exact(change)),
            end=plain(exact(ends_at)),
            base=plain(base, 1),
        )
        if current is not None:
            sentence = Phrase(
                "{first} From the current {current} it is {moved} %.",
                first=sentence,
                current=plain(exact(current)),
                moved=plain((exact(ends_at) / exact(current) - 1) * 100, 1),
            )
    return Finding(FindingKind.TARGET_WITHOUT_BASELINE, sentence, (key,))


_COMMON_WORDS = (
    "within district across number reduce reduction increase reporting reported related total per cent the and of in "
    "to with by for from a an crime crimes rates rate population our area very fairly extent"
)
_COMMON = frozenset(_COMMON_WORDS.split())


def _polarity(document: ClaimDocument) -> Iterable[Finding]:
    """One subject of which one aim wants more and another fewer, so that neither alone is good or bad news."""
    for more in (t for t in document.targets if t.wants == "more"):
        for less in (t for t in document.targets if t.wants == "less"):
            mine = _subject(more.subject or more.words) & _subject(less.subject or less.words)
            if mine:
                yield Finding(
                    FindingKind.POLARITY,
                    Phrase(
                        "“{more}” wants more and “{less}” wants fewer: say of each whether more is good.",
                        more=more.words,
                        less=less.words,
                    ),
                    (more.key, less.key),
                )


def _subject(words: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]+", words.lower()) if word not in _COMMON and len(word) > 3}


# --- actions and dates

_YEARS = re.compile(r"\b(\d{4,})\b")
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = dict(zip(_NAMES, range(1, 13), strict=True))
_DUE = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([A-Z][a-z]{2,8})\s+(\d{4})\b(?!\d)")


def due_date(text: str) -> date | None:
    """The last date named in words such as ``Campaign developed by March 2003``: the end of its month without a day.

    Raises ValueError for a day that does not exist.
    """
    found = None
    for match in _DUE.finditer(text):
        month = _MONTHS.get(match[2][:3].lower())
        if month is None:
            continue
        if match[1]:
            found = date(int(match[3]), month, int(match[1]))
        else:
            found = date(int(match[3]) + month // 12, month % 12 + 1, 1).replace(day=1)
            found = date.fromordinal(found.toordinal() - 1)
    return found


def _dates(document: ClaimDocument) -> Iterable[Finding]:
    starts = date.fromisoformat(document.starts) if document.starts else None
    for action in document.actions:
        years = [year for year in _YEARS.findall(action.due) if len(year) > 4 or not 1900 <= int(year) < 2100]
        if years:
            yield Finding(
                FindingKind.IMPOSSIBLE_DATE,
                Phrase(
                    "“{due}” is no date: “{year}” is no year. The action is kept without one.",
                    due=action.due,
                    year=years[0],
                ),
                (action.key,),
            )
            continue
        try:
            due = due_date(action.due)
        except ValueError:
            yield Finding(FindingKind.IMPOSSIBLE_DATE, Phrase("“{due}” is no date.", due=action.due), (action.key,))
            continue
        if due is not None and starts is not None and due < starts:
            yield Finding(
                FindingKind.BEFORE_START,
                Phrase(
                    "“{title}” is due before the plan itself begins ({starts}): {due}.",
                    title=action.title,
                    due=action.due,
                    starts=document.starts,
                ),
                (action.key,),
            )


def _same_row(document: ClaimDocument) -> Iterable[Finding]:
    seen: dict[tuple[str, str, str], PlannedAction] = {}
    for action in document.actions:
        row = (_plain_words(action.title), _plain_words(action.lead), _plain_words(action.funder))
        if row in seen:
            yield Finding(
                FindingKind.SAME_ROW_TWICE,
                Phrase(
                    "“{title}” stands in the list twice, under {a} and {b}.",
                    title=action.title,
                    a=seen[row].group or action.lead,
                    b=action.group or action.lead,
                ),
                (seen[row].key, action.key),
            )
        else:
            seen[row] = action


def _plain_words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


# --- money


def _money(document: ClaimDocument) -> Iterable[Finding]:
    for table in document.money:
        yield from _footing(table)
        empty = sum(cell is None for row in table.rows if not row.total_of for cell in row.cells)
        if empty:
            yield Finding(
                FindingKind.INCOMPLETE,
                Phrase(
                    "{count} cells of {table} are to be confirmed: every total over them is “at least”.",
                    count=str(empty),
                    table=table.name,
                ),
                (table.key,),
            )
        yield from _uplifts(table)


def _footing(table: MoneyTable) -> Iterable[Finding]:
    rows = {row.name: row for row in table.rows}
    for row in table.rows:
        for column, parts in table.sums.items():
            # An empty cell says nothing; where every part is empty, the printed total may be empty too.
            wanted = sum((row.cells[part] or Fraction(0) for part in parts), Fraction(0))
            if row.cells[column] is not None and row.cells[column] != wanted:
                yield _not_footing(table, row.name, table.columns[column], row.cells[column], wanted)
        if row.total_of:
            for i, cell in enumerate(row.cells):
                wanted = sum((rows[name].cells[i] or Fraction(0) for name in row.total_of), Fraction(0))
                if cell is not None and cell != wanted:
                    yield _not_footing(table, row.name, table.columns[i], cell, wanted)


def _not_footing(table: MoneyTable, row: str, column: str, printed: Fraction | None, wanted: Fraction) -> Finding:
    return Finding(
        FindingKind.DOES_NOT_FOOT,
        Phrase(
            "{table}, {row}, {column}: {printed} is printed and the cells add up to {sum}.",
            table=table.name,
            row=row,
            column=column,
            printed=plain(printed or Fraction(0)),
            sum=plain(wanted),
        ),
        (table.key, row, column),
    )


def year_columns(table: MoneyTable) -> list[int]:
    """The columns of years, in order: those that make the total of all years, the last column."""
    return list(table.sums.get(len(table.columns) - 1, ()))


def uplifts(table: MoneyTable, row: MoneyRow) -> tuple[Fraction, ...]:
    """The change in per cent from year to year, to a tenth; empty where a year has no figure."""
    cells = [row.cells[column] for column in year_columns(table)]
    if len(cells) < 2 or any(cell is None or cell == 0 for cell in cells):
        return ()
    known = [cell for cell in cells if cell is not None]
    return tuple(
        Fraction(round((after / before - 1) * 1000), 10) for before, after in zip(known, known[1:], strict=False)
    )


def _uplifts(table: MoneyTable) -> Iterable[Finding]:
    """The same small rise in two or more rows is a rule somebody applied."""
    found: dict[tuple[Fraction, ...], list[str]] = defaultdict(list)
    for row in table.rows:
        moves = uplifts(table, row)
        if not row.total_of and moves and all(0 < move <= 10 for move in moves):
            found[moves].append(row.name)
    for moves, names in found.items():
        if len(names) > 1:
            yield Finding(
                FindingKind.UPLIFT,
                Phrase(
                    "{rows} rise by {moves}: an uplift that the table does not state.",
                    rows=tuple(names),
                    moves=tuple(f"{plain(move, 1)} %" for move in moves),
                ),
                (table.key, *names),
            )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _unlike_units(document: ClaimDocument) -> Iterable[Finding]:
    """One count given as a rate of two different bases."""
    for same in _groups((f for f in document.figures if f.numerator), lambda f: (f.numerator, str(f.period or ""))):
        bases = {unit.divided_by for f in same if (unit := read_unit(f.unit)) is not None}
        if len(bases) > 1:
            yield Finding(
                FindingKind.TWO_DENOMINATORS,
                Phrase(
                    "{what} is given by two denominators: {all}.",
                    what=_capital(same[0].quantity or same[0].numerator),
                    all=tuple(f.unit for f in same),
                ),
                tuple(f.name for f in same),
            )


_LOOKS: tuple[Callable[[ClaimDocument], Iterable[Finding]], ...] = (
    _two_values,
    _other_population,
    _unlike_units,
    _no_such_share,
    _same_question,
    _swapped,
    _unequal_periods,
    _added_changes,
    _society_as_cash,
    _targets,
    _polarity,
    _dates,
    _same_row,
    _money,
    _other_survey,
    _base_not_stated,
)
