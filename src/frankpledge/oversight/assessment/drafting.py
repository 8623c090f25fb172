"""A picture turned into the figures, charts, tables and first sentences of a section. Plain values in and out.

Sentences say only what the results say; what a result refuses is given as its reason. Everything returned is JSON.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from frankpledge.analysis import findings
from frankpledge.analysis.expected_range import MonthStanding
from frankpledge.analysis.picture_results import AreaPicture, AreaRow
from frankpledge.analysis.rates import SMALL_COUNT, Verdict
from frankpledge.oversight.assessment.rules import count_words, empty_content
from frankpledge.reports import svg
from frankpledge.reports.cards import Card, cards
from frankpledge.reports.plots import Measured, bar_chart, interval_chart
from frankpledge.reports.scales import classes_for
from frankpledge.reports.words import interval_words, rate_places, span_words
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.geography import Geography
from frankpledge.vocabulary.wording import decimal, in_english, said, share, whole

MOST_STANDING_OUT = 10
MOST_PLACES = 15
SMALL_PUBLIC = 5

Content = dict[str, Any]


# -- one type of crime


def theme_heading(crime_type: CrimeType) -> str:
    """``Burglary``."""
    return crime_type.label


def theme_content(picture: AreaPicture, geography: Geography) -> Content:
    """The figures, the trend, the map, the wards and the comparison of one type."""
    content = empty_content()
    content["figures"] = theme_figures(picture)
    content["pictures"] = [found for found in (_trend(picture), _compared(picture), _map(picture, geography)) if found]
    content["tables"] = [found for found in (_wards(picture), _standing_out(picture)) if found]
    return content


def theme_sentences(picture: AreaPicture) -> str:
    """What the results say, in a few sentences: level, change, comparison, concentration, where."""
    parts = [said(picture.sentence())]
    if picture.comparison is not None:
        parts.append(said(picture.comparison.sentence()))
    if picture.concentration is not None and picture.concentration.beyond_chance:
        parts.append(said(picture.concentration.sentence()))
    unusual = _unusual_months(picture)
    if unusual:
        parts.append(unusual)
    worst = [(row, row.rate) for row in picture.wards if row.rate][:1]
    if worst and len(picture.wards) > 1:
        row, rate = worst[0]
        places = rate_places(picture)
        parts.append(
            f"Of its wards {row.area.name} has the highest rate: {decimal(rate.value, places)} per 1,000 "
            f"({said(interval_words(rate.interval, places))})."
        )
    return " ".join(parts)


def _unusual_months(picture: AreaPicture) -> str:
    """The last twelve months' unusual ones, in words; empty where the range is not known."""
    if picture.expected is None:
        return ""
    high = [
        said(month.month)
        for month in picture.expected.months
        if month.month in picture.rate_period and month.standing is MonthStanding.HIGH
    ]
    if not high:
        return ""
    return f"More than season and history lead one to expect in {said(tuple(high))}."


def theme_figures(picture: AreaPicture) -> list[dict[str, Any]]:
    """Count, rate, against the rest, concentration, as the four cards show them, each with a slot and a raw number."""
    kind = picture.crime_type.value
    found = []
    for name, card, raw in zip(("count", "rate", "against", "worst"), cards(picture), _raw(picture), strict=True):
        if card.value is None:
            continue
        figure = _from_card(card)
        figure |= {
            "slot": f"{kind}.{name}",
            "theme": picture.crime_type.label,
            "crime_type": kind,
            "period": span_words(picture.rate_period),
            "months": [str(picture.rate_period.first), str(picture.rate_period.last)],
            "source": picture.source_label,
            "source_key": picture.source,
            "batches": list(picture.batches),
            **raw,
        }
        if name == "count":
            figure["moved"] = moved_words(picture)
        found.append(figure)
    return found


def _from_card(card: Card) -> dict[str, Any]:
    interval = said(card.interval) if card.interval else ""
    return {
        "label": said(card.label),
        "value": card.value,
        "unit": "times" if card.unit == "times" else "",  # the label says of what the others are
        "interval": interval,
        "comparison": " ".join(said(note) if hasattr(note, "said") else note for note in card.notes),
        "status": said(card.status.word) if card.status else "",
        "how": " ".join(said(line) for line in card.why),
    }


def _raw(picture: AreaPicture) -> list[dict[str, Any]]:
    """Raw numbers behind the cards: what indicators keep and what editions are compared by."""
    rate, compared, gathered = picture.rate, picture.comparison, picture.concentration
    held = picture.denominator
    per = f"per 1,000 {held.edition.unit.value}" if held else ""
    return [
        {"number": picture.rate_count, "kept_as": "count", "limits": None, "n": picture.rate_count},
        {
            "number": rate.value if rate else None,
            "kept_as": per,
            "per": per,
            "numerator": rate.count if rate else None,
            "denominator": rate.exposure if rate else None,
            "denominator_edition": held.edition.label if held else "",
            "limits": [rate.interval.lower, rate.interval.upper] if rate else None,
            "n": rate.count if rate else None,
        },
        {
            "number": compared.against_rest.value if compared else None,
            "kept_as": "times",
            "limits": [compared.against_rest.interval.lower, compared.against_rest.interval.upper]
            if compared
            else None,
            "n": picture.rate_count,
        },
        {
            "number": 100 * gathered.share if gathered else None,
            "kept_as": "percent",
            "limits": None,
            "n": picture.rate_count,
        },
    ]


def _how(picture: AreaPicture) -> str:
    return (
        f"{picture.source_label}, {span_words(picture.rate_period)}; "
        f"{count_words(len(picture.batches), 'file', 'files')}; {whole(picture.rows.read)} rows read, "
        f"{whole(picture.rows.quarantined)} in quarantine."
    )


def _prefix(picture: AreaPicture, what: str) -> str:
    return f"{what}-{picture.crime_type.value}-{picture.area.code.lower()}"


def _trend(picture: AreaPicture) -> dict[str, Any] | None:
    known = [month.count for month in picture.months if month.count is not None]
    if len(known) < 2:
        return None
    title = said(findings.trend_title(picture))
    description = (
        f"Line of {whole(len(known))} months of {picture.crime_type.plural} in {picture.area.name}, from "
        f"{whole(min(known))} to {whole(max(known))} a month, over the range season and history lead one to expect."
    )
    ranges = {month.month: month for month in picture.expected.months} if picture.expected else {}
    rows = [
        (
            said(month.month),
            month.count,
            f"{whole(ranges[month.month].lower)} to {whole(ranges[month.month].upper)}"
            if month.month in ranges
            else "",
        )
        for month in picture.months
    ]
    drawn = svg.trend(
        picture, prefix=_prefix(picture, "trend"), title=title, description=description, translate=in_english
    )
    return {
        "title": title,
        "svg": str(drawn),
        "description": description,
        "how": f"The band is the 95 % range of a seasonal model fitted without each month. {_how(picture)}",
        "table": {"columns": ["Month", "Count", "Expected"], "rows": rows},
        "small": any(0 < count < SMALL_PUBLIC for count in known),
        "level": "district",
    }


def _compared(picture: AreaPicture) -> dict[str, Any] | None:
    compared = picture.comparison
    if compared is None or len(compared.peers) < 2:
        return None
    places = rate_places(picture)
    peers = sorted(compared.peers, key=lambda peer: -peer.rate.value)[:14]
    if compared.here not in peers:
        peers = [*peers[:-1], compared.here]
    title = said(findings.comparison_title(picture))
    description = (
        f"A dot for the rate of each place of {compared.whole.name} on the line of its 95 % interval; the dotted line "
        f"is {compared.whole.name} as a whole, {decimal(compared.whole_rate.value, places)} per 1,000."
    )
    drawn = interval_chart(
        [
            Measured(
                f"{peer.area.name} (here)" if peer.area.code == compared.area.code else peer.area.name,
                peer.rate.value,
                peer.rate.interval.lower,
                peer.rate.interval.upper,
            )
            for peer in peers
        ],
        title=title,
        description=description,
        reference=compared.whole_rate.value,
        heading=False,
    )
    return {
        "title": title,
        "svg": drawn,
        "description": description,
        "how": f"Byar’s interval of each rate; the ratio to the rest is exact. {_how(picture)}",
        "table": {
            "columns": ["Place", "Count", "Per 1,000", "95 % interval"],
            "rows": [
                (
                    peer.area.name,
                    peer.rate.count,
                    decimal(peer.rate.value, places),
                    said(interval_words(peer.rate.interval, places)),
                )
                for peer in peers
            ],
        },
        "small": any(0 < peer.rate.count < SMALL_PUBLIC for peer in peers),
        "level": "district",
    }


def _map(picture: AreaPicture, geography: Geography) -> dict[str, Any] | None:
    if picture.rate is None or len(picture.areas) < 2:
        return None
    numbered = {row.area.code: i for i, row in enumerate(picture.standing_out[:MOST_STANDING_OUT], start=1)}
    title = said(findings.map_title(picture))
    description = (
        f"Map of {whole(len(picture.areas))} small areas of {picture.area.name}, darker where the rate is higher."
    )
    drawn = svg.choropleth(
        picture.areas,
        geography.outlines,
        classes_for([row.rate.value for row in picture.areas if row.rate]),
        numbered=numbered,
        prefix=_prefix(picture, "map"),
        title=title,
        description=description,
        hover={row.area.code: svg.rate_words(row, in_english, rate_places(picture)) for row in picture.areas},
    )
    if drawn is None:
        return None
    return {
        "title": title,
        "svg": str(drawn),
        "description": description,
        "how": f"Numbered areas are above the area’s own rate beyond chance, allowing for many tests. {_how(picture)}",
        "table": None,
        "small": True,  # small areas: never in a public edition
        "level": "neighbourhood",
    }


def _row_cells(row: AreaRow, places: int) -> tuple[Any, ...]:
    if row.rate is None:
        return (row.count, "", "")
    return (row.count, decimal(row.rate.value, places), said(interval_words(row.rate.interval, places)))


def _wards(picture: AreaPicture) -> dict[str, Any] | None:
    if len(picture.wards) < 2:
        return None
    places = rate_places(picture)
    return {
        "caption": f"{picture.crime_type.label} by ward, {span_words(picture.rate_period)}",
        "columns": ["Ward", "Count", "Per 1,000", "95 % interval"],
        "rows": [(row.area.name, *_row_cells(row, places)) for row in picture.wards],
        "notes": ["Wards are made of small areas by best fit."],
        "numeric": [False, True, True, True],
        "counts": 1,
        "rates": [2, 3],
        "level": "neighbourhood",
    }


def _standing_out(picture: AreaPicture) -> dict[str, Any] | None:
    found = picture.standing_out[:MOST_STANDING_OUT]
    if not found:
        return None
    places = rate_places(picture)
    return {
        "caption": f"Small areas that stand out beyond chance: {picture.crime_type.label.lower()}",
        "columns": ["Number on the map", "Small area", "Ward", "Count", "Per 1,000", "95 % interval"],
        "rows": [(i, row.area.name, row.ward or "", *_row_cells(row, places)) for i, row in enumerate(found, start=1)],
        "notes": ["Chosen for being high: some of them would fall by themselves next year."],
        "numeric": [True, False, False, True, True, True],
        "counts": 3,
        "rates": [4, 5],
        "level": "small area",
    }


# -- all types together


def overview_content(pictures: Sequence[AreaPicture]) -> Content:
    """One table of every type with its count, rate, change and standing, and a bar for each."""
    content = empty_content()
    rows: list[tuple[Any, ...]] = []
    mixed = len({_made_from(picture) for picture in pictures}) > 1
    for picture in pictures:
        against = picture.comparison.against_rest.verdict.value if picture.comparison else ""
        rate = decimal(picture.rate.value, rate_places(picture)) if picture.rate else ""
        row = (picture.crime_type.label, picture.rate_count, rate, _change_words(picture), against)
        rows.append((*row, _made_from(picture)) if mixed else row)
    unit = "Per 1,000 homes or residents"
    content["tables"].append(
        {
            "caption": "Every type, most often recorded first",
            "columns": [
                *("Type", "Count", unit, f"Against {_earlier(pictures)}", "Against the rest"),
                *(("Source and period",) if mixed else ()),
            ],
            "rows": rows,
            "notes": [
                "Burglary and fires in homes are per 1,000 households, the others per 1,000 residents.",
                "Recorded is not happened: what people report and what police look for differ by type.",
                *(("Types of different sources or periods are not to be added.",) if mixed else ()),
            ],
            "numeric": [False, True, True, False, False, *((False,) if mixed else ())],
            "counts": 1,
            "rates": [2],
            "level": "district",
        }
    )
    drawn = [picture for picture in main_source(pictures) if picture.rate_count]
    if drawn:
        title = f"{drawn[0].crime_type.label} is recorded most often"
        description = "A bar for each type, as long as its count."
        content["pictures"].append(
            {
                "title": title,
                "svg": bar_chart(
                    [picture.crime_type.label for picture in drawn],
                    [float(picture.rate_count) for picture in drawn],
                    title=title,
                    description=description,
                    heading=False,
                ),
                "description": description,
                "how": _how(drawn[0]),
                "table": {
                    "columns": ["Type", "Count"],
                    "rows": [(picture.crime_type.label, picture.rate_count) for picture in drawn],
                },
                "small": any(picture.rate_count < SMALL_PUBLIC for picture in drawn),
                "level": "district",
            }
        )
    for picture in pictures:
        content["figures"] += [
            figure for figure in theme_figures(picture) if figure["slot"].endswith((".count", ".rate"))
        ]
    return content


def _made_from(picture: AreaPicture) -> str:
    return f"{picture.source_label}, {span_words(picture.rate_period)}"


def main_source(pictures: Sequence[AreaPicture]) -> list[AreaPicture]:
    """The pictures of the source and period that most types have: only these may be set side by side and added."""
    made = [_made_from(picture) for picture in pictures]
    most = max(dict.fromkeys(made), key=made.count)
    return [picture for picture, of in zip(pictures, made, strict=True) if of == most]


def _change_words(picture: AreaPicture) -> str:
    if picture.change is None:
        return picture.refused.get("change", "")
    verdict = changed(picture)
    if verdict is None:
        return "too few to say"
    return _changed_words(verdict, picture.change.percent if picture.change.like_for_like else None)


def _changed_words(verdict: Verdict, percent: float | None) -> str:
    words = {Verdict.HIGHER: "more, beyond chance", Verdict.LOWER: "fewer, beyond chance"}.get(
        verdict, "no clear change"
    )
    if percent is None:
        return words
    return f"{words} ({'+' if percent > 0 else '−' if percent < 0 else ''}{abs(percent):.0f} %)"


def overview_sentences(pictures: Sequence[AreaPicture]) -> str:
    """Which types are most, which grew or fell beyond chance, which stand above the rest."""
    main = main_source(pictures)
    total = sum(picture.rate_count for picture in main)
    first = main[0]
    parts = [
        f"{whole(total)} events of {count_words(len(main), 'type', 'types')} were recorded in {first.area.name} in "
        f"the {span_words(first.rate_period)}. {first.crime_type.label} is {share(first.rate_count / max(total, 1))} "
        f"of them ({first.source_label})."
    ]
    others = [picture for picture in pictures if picture not in main]
    if others:
        listed = tuple(
            f"{whole(picture.rate_count)} {picture.crime_type.plural} ({_made_from(picture)})" for picture in others
        )
        parts.append(f"From other sources: {said(listed)}.")
    before = f"than {_earlier(pictures)}, beyond chance"
    for verdict, words in ((Verdict.HIGHER, f"More {before}"), (Verdict.LOWER, f"Fewer {before}")):
        if found := moved(pictures, verdict):
            parts.append(f"{words}: {said(tuple(found))}.")
    for verdict, side in ((Verdict.HIGHER, "Above"), (Verdict.LOWER, "Below")):
        found = against_rest(pictures, verdict)
        compared = [picture for picture in pictures if picture.comparison]
        if found and len(found) == len(compared) > 1:
            parts.append(f"Every type lies {side.lower()} the rest of the force, beyond chance.")
        elif found:
            parts.append(f"{side} the rest of the force, beyond chance: {said(tuple(found))}.")
    return " ".join(parts)


def _earlier(pictures: Sequence[AreaPicture]) -> str:
    """What the year is compared with: the year before, or, where that had lockdowns, the time before them."""
    return "the same months before the lockdowns" if _after_lockdowns(pictures) else "the year before"


def _after_lockdowns(pictures: Sequence[AreaPicture]) -> bool:
    return any(picture.change is not None and not picture.change.like_for_like for picture in pictures)


def changed(picture: AreaPicture) -> Verdict | None:
    """How the year stands against the year before, or against the time before the lockdowns where only that is fair.

    None where too few were recorded to say, or neither is at hand.
    """
    change = picture.change
    if change is not None and change.like_for_like:
        return None if max(change.current, change.previous) < SMALL_COUNT else change.verdict
    earlier = picture.before_lockdowns
    if change is None or earlier is None or max(earlier.count, earlier.other_count) < SMALL_COUNT:
        return None
    return earlier.verdict


def moved_words(picture: AreaPicture) -> str:
    """The move of one type in words, with what it is compared with: for readers of a summary."""
    verdict = changed(picture)
    if verdict is None:
        return "too few to say, or nothing to compare with"
    earlier = _earlier([picture])
    if verdict is Verdict.NOT_CLEAR:
        return f"about as in {earlier}"
    return f"{'more' if verdict is Verdict.HIGHER else 'fewer'} than in {earlier}"


def moved(pictures: Sequence[AreaPicture], verdict: Verdict) -> list[str]:
    """The types that moved this way beyond chance."""
    return [picture.crime_type.label.lower() for picture in pictures if changed(picture) is verdict]


def against_rest(pictures: Sequence[AreaPicture], verdict: Verdict) -> list[str]:
    """The types that stand so against the rest of the force."""
    return [
        picture.crime_type.label.lower()
        for picture in pictures
        if picture.comparison and picture.comparison.against_rest.verdict is verdict
    ]


# -- places


def places_content(pictures: Sequence[AreaPicture]) -> Content:
    """Small areas by in how many types they stand out, and what those are."""
    content = empty_content()
    held: dict[str, list[AreaPicture]] = {}
    rows_by_code: dict[str, AreaRow] = {}
    for picture in pictures:
        for row in picture.standing_out:
            held.setdefault(row.area.code, []).append(picture)
            rows_by_code[row.area.code] = row
    ordered = sorted(held, key=lambda code: (-len(held[code]), rows_by_code[code].area.name))[:MOST_PLACES]
    if not ordered:
        return content
    rows = [
        (
            rows_by_code[code].area.name,
            rows_by_code[code].ward or "",
            len(held[code]),
            said(tuple(picture.crime_type.label for picture in held[code])),
        )
        for code in ordered
    ]
    content["tables"].append(
        {
            "caption": "Small areas by the number of types in which they stand out beyond chance",
            "columns": ["Small area", "Ward", "Types", "Which"],
            "rows": rows,
            "notes": [
                "Each type is tested against the area’s own rate, allowing for many tests.",
                "Town centres have few homes: a high rate there speaks of visitors, not of residents.",
            ],
            "numeric": [False, False, True, False],
            "level": "small area",
        }
    )
    content["figures"].append(
        {
            "slot": "places.standing-out",
            "label": "Small areas that stand out in any type",
            "value": whole(len(held)),
            "number": len(held),
            "unit": "",
            "interval": "",
            "comparison": f"of {whole(len(pictures[0].areas))} small areas",
            "status": "",
            "how": "Counted from the small areas marked on the maps of all types.",
            "limits": None,
            "kept_as": "",
        }
    )
    return content


def places_sentences(pictures: Sequence[AreaPicture]) -> str:
    """Which places stand out most."""
    content = places_content(pictures)
    if not content["tables"]:
        return "No small area stands out beyond chance in any type."
    rows = content["tables"][0]["rows"]
    several = [row for row in rows if row[2] >= 3]
    first = rows[0]
    where = f" ({first[1]})" if first[1] else ""
    parts = [f"{first[0]}{where} stands out in {count_words(first[2], 'type', 'types')}: {first[3].lower()}."]
    if len(several) > 1:
        parts.append(f"{whole(len(several))} small areas stand out in three types or more.")
    return " ".join(parts)


# -- the place and its people


def context_content(geography: Geography, code: str, pictures: Sequence[AreaPicture]) -> Content:
    """Homes, residents and deprivation, from what is loaded; what is not is said."""
    content = empty_content()
    small = geography.small_areas_in(code)
    for held in geography.denominators.values():
        total = held.total(small)
        if total is None:
            continue
        unit = held.edition.unit.value
        content["figures"].append(
            {
                "slot": f"context.{unit}.{held.edition.key}",
                "label": unit.capitalize(),
                "value": whole(total),
                "number": total,
                "unit": "",
                "interval": "",
                "comparison": held.edition.label,
                "status": "",
                "how": f"Sum over {whole(len(small))} small areas.",
                "limits": None,
                "kept_as": "",
            }
        )
    ranked = [(geography.deprivation[area], area) for area in small if area in geography.deprivation]
    if ranked:
        content["tables"].append(_deprived(geography, sorted(ranked)))
    else:
        content["missing"].append("No index of deprivation is loaded for this area, so need is not shown beside crime.")
    return content


def _deprived(geography: Geography, ranked: Sequence[tuple[int, str]]) -> dict[str, Any]:
    rows = []
    for rank, code in ranked[:8]:
        area = geography.areas.get(code)
        ward = geography.areas.get(
            next((c for level, c in geography.parents[code].items() if level.value == "ward"), "")
        )
        rows.append((area.name if area else code, ward.name if ward else "", rank))
    return {
        "caption": "The most deprived small areas of the place, by national rank",
        "columns": ["Small area", "Ward", "National rank (1 is the most deprived)"],
        "rows": rows,
        "notes": [f"{whole(len(ranked))} small areas of the place have a rank."],
        "numeric": [False, False, True],
        "level": "district",
    }


def context_sentences(geography: Geography, code: str, name: str) -> str:
    """How many homes and people, over how many small areas."""
    small = geography.small_areas_in(code)
    parts = []
    for held in geography.denominators.values():
        total = held.total(small)
        if total is not None:
            parts.append(f"{whole(total)} {held.edition.unit.value} ({held.edition.label})")
    if not parts:
        return f"{name} is made of {count_words(len(small), 'small area', 'small areas')}."
    return f"{name} has {said(tuple(parts))} in {count_words(len(small), 'small area', 'small areas')}."


# -- what is coming


def horizon_sentences(pictures: Sequence[AreaPicture]) -> str:
    """Types of which the newest three months lay above what season and history lead one to expect."""
    found = []
    for picture in pictures:
        if picture.expected is None:
            continue
        newest = [month for month in picture.expected.months if month.standing is not MonthStanding.NOT_KNOWN][-3:]
        high = [month for month in newest if month.standing is MonthStanding.HIGH]
        if high:
            found.append(f"{picture.crime_type.label.lower()} ({said(tuple(said(month.month) for month in high))})")
    if not found:
        return "In the newest three months no type lay above what season and history lead one to expect."
    return f"Above what season and history lead one to expect in the newest three months: {said(tuple(found))}."


def no_figures(missing: Sequence[str]) -> Content:
    """A section of which nothing is known yet: it says so, and who owes it."""
    content = empty_content()
    content["missing"] = list(missing)
    return content


def as_stored(content: Mapping[str, Any]) -> Content:
    """Tuples as lists, as JSON gives them back: equal before and after the database."""
    return {name: [_plain(item) for item in content.get(name, ())] for name in empty_content()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value
