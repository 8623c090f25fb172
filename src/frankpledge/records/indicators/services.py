"""Named writes: an indicator is described or changed, a figure is saved. A figure is never changed afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from frankpledge.foundation.agencies.rules import Ground, grounds_key
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.jobs import services as jobs
from frankpledge.foundation.jobs.selectors import unfinished as jobs_waiting
from frankpledge.foundation.jobs.vocabulary import JobState
from frankpledge.records.indicators import permissions, rules, selectors
from frankpledge.records.indicators.models import (
    AREA_CODE_LENGTH,
    KEY_LENGTH,
    NAME_LENGTH,
    PLACES,
    WORDS_LENGTH,
    Figure,
    FigureRelease,
    Indicator,
)
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.figures import (
    Aggregation,
    Calendar,
    Completeness,
    DisclosureRule,
    PeriodLength,
    Polarity,
)
from frankpledge.vocabulary.units import Unit

PAGE_LENGTH = 60
MEASURE_LENGTH = 60
LONGEST_TEXT = 4_000
COMPUTE_JOB = "compute figures"
#: Addresses of this room's other pages: no indicator may have them for its own.
RESERVED = ("add", "figures", "compute")

_WORDS: Mapping[str, Any] = {
    "unit": Unit,
    "polarity": Polarity,
    "aggregation": Aggregation,
    "period": PeriodLength,
    "calendar": Calendar,
    "disclosure": DisclosureRule,
}
_LENGTHS = {
    "name": NAME_LENGTH,
    "numerator": WORDS_LENGTH,
    "denominator": WORDS_LENGTH,
    "denominator_edition": NAME_LENGTH,
    "area_code": AREA_CODE_LENGTH,
    "area_name": NAME_LENGTH,
    "source": WORDS_LENGTH,
    "owed_by_agency_name": NAME_LENGTH,
    "owner_name": NAME_LENGTH,
    "measure": MEASURE_LENGTH,
    "definition": LONGEST_TEXT,
    "what_good_looks_like": LONGEST_TEXT,
    "weaknesses": LONGEST_TEXT,
}
_OTHERS = ("owed_by_agency_id", "owner_id", "due_days_after", "question")
FIELDS = (*_WORDS, *_LENGTHS, *_OTHERS)
_CHECKED = (
    *("name", "first_on", "last_on", "value", "unit", "numerator", "denominator", "denominator_edition"),
    *("interval_low", "interval_high", "n", "completeness"),
)


class ChangedMeanwhile(RuleBroken):
    """Somebody else saved first. ``current`` is what stands there now; nothing of either is lost."""

    def __init__(self, current: Indicator) -> None:
        super().__init__(
            f"{current.changed_by_name} changed “{current.name}” while you were writing. "
            "Compare the two and save again what should stand."
        )
        self.current = current


@transaction.atomic
def add_indicator(
    *,
    name: str,
    definition: str,
    unit: Unit | str,
    polarity: Polarity | str,
    aggregation: Aggregation | str,
    period: PeriodLength | str = PeriodLength.QUARTER,
    calendar: Calendar | str = Calendar.FINANCIAL,
    numerator: str = "",
    denominator: str = "",
    denominator_edition: str = "",
    area_code: str = "",
    area_name: str = "",
    source: str = "",
    owed_by_agency_id: int | None = None,
    owed_by_agency_name: str = "",
    owner_id: int | None = None,
    owner_name: str = "",
    due_days_after: int = 28,
    what_good_looks_like: str = "",
    weaknesses: str = "",
    disclosure: DisclosureRule | str = DisclosureRule.PUBLIC,
    question: dict[str, Any] | None = None,
    measure: str = "",
    key: str = "",
    by: Actor,
) -> Indicator:
    """Describe a new indicator. Raises RuleBroken for a name that is taken, DataProblem for words that do not fit."""
    given = {name: value for name, value in locals().items() if name in FIELDS}
    permissions.check_can_edit(by)
    fields = _checked(given)
    if Indicator.objects.filter(name__iexact=fields["name"]).exists():
        raise RuleBroken(f"There is an indicator “{fields['name']}” already. Choose another name, or change that one.")
    made = Indicator.objects.create(
        key=_free_key(key or fields["name"]), changed_at=timezone.now(), changed_by_name=_fit(by.name), **fields
    )
    audit.record(
        act=Act.COLLECTION,
        what=f"described the indicator {made.name}",
        subject=f"indicators:{made.key}",
        by=by,
        details={"unit": made.unit, "aggregation": made.aggregation},
    )
    return made


@transaction.atomic
def change_indicator(indicator: Indicator, *, version: int, by: Actor, **changes: Any) -> Indicator:
    """Change an indicator's description; figures that are there stay as they were made.

    ``version``: the one the writer saw. Raises ChangedMeanwhile, which holds what stands now, when it is not the last
    any more; RuleBroken for another unit once there are figures, because a series has one unit.
    """
    permissions.check_can_edit(by)
    held = Indicator.objects.select_for_update().get(pk=indicator.pk)
    if held.version != version:
        raise ChangedMeanwhile(held)
    given = {name: changes.get(name, getattr(held, name)) for name in FIELDS}
    fields = _checked(given)
    if fields["unit"] != held.unit and held.figures.exists():
        raise RuleBroken(f"“{held.name}” has figures {held.unit}. Add a new indicator for another unit.")
    if Indicator.objects.filter(name__iexact=fields["name"]).exclude(pk=held.pk).exists():
        raise RuleBroken(f"There is an indicator “{fields['name']}” already.")
    changed = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in changed:
        setattr(held, name, fields[name])
    held.version += 1
    held.changed_at, held.changed_by_name = timezone.now(), _fit(by.name)
    held.save()
    audit.record(
        act=Act.ALTERATION,
        what=f"changed the indicator {held.name}",
        subject=f"indicators:{held.key}",
        by=by,
        details={"fields": changed, "version": held.version},
    )
    return held


@transaction.atomic
def save_figure(
    *,
    name: str,
    area_code: str,
    area_name: str,
    first_on: date,
    last_on: date,
    value: Decimal | int | float | None,
    unit: Unit | str,
    numerator: Decimal | int | float | None = None,
    denominator: Decimal | int | float | None = None,
    denominator_edition: str = "",
    interval_low: Decimal | int | float | None = None,
    interval_high: Decimal | int | float | None = None,
    n: int | None = None,
    completeness: Completeness | str = Completeness.COMPLETE,
    method: str,
    question: dict[str, Any] | None = None,
    measure: str = "",
    batches: Sequence[str] = (),
    grounds: Iterable[Ground] = (),
    document: str = "",
    page: str = "",
    indicator_id: int | None = None,
    replaces: str = "",
    by: Actor,
) -> Figure:
    """Keep a figure for good. It is computed (``question`` and ``measure``) or stated (``document``, ``page``).

    ``grounds``: whose records of which class its ``batches`` hold, published ones apart; who may see it follows.

    An indicator has one current figure for a place and period: a second takes the first one's place, and the same
    again changes nothing and gives the first back. ``replaces``: the key of the figure this one takes the place of,
    where it belongs to no indicator. Raises DataProblem for a figure that cannot be true as written (negative counts, a
    denominator of nought, a value missing without “to be confirmed”), RuleBroken for one without a source.
    """
    permissions.check_can_save_figure(by)
    fields: dict[str, Any] = {
        "name": _required(name, NAME_LENGTH, "The figure’s name"),
        "area_code": _short(area_code, AREA_CODE_LENGTH, "The area’s code"),
        "area_name": _short(area_name, NAME_LENGTH, "The area’s name"),
        "first_on": first_on,
        "last_on": last_on,
        "value": number(value),
        "unit": _one_of(Unit, unit, "unit"),
        "numerator": number(numerator),
        "denominator": number(denominator),
        "denominator_edition": _short(denominator_edition, NAME_LENGTH, "The denominator’s version"),
        "interval_low": number(interval_low),
        "interval_high": number(interval_high),
        "n": n,
        "completeness": _one_of(Completeness, completeness, "completeness"),
        "method": _required(method, LONGEST_TEXT, "How it was worked out"),
        "question": question,
        "measure": _short(measure, MEASURE_LENGTH, "The measure"),
        "batches": list(batches),
        "grounds": grounds_key(grounds),
        "document": _short(document, WORDS_LENGTH, "The document"),
        "page": _short(page, PAGE_LENGTH, "The page"),
    }
    rules.check_figure(**{name: fields[name] for name in _CHECKED})
    if question is None and not fields["document"]:
        raise RuleBroken(
            f"{fields['name']}: say where the figure comes from: a question asked of the evidence, "
            "or a document and its page."
        )
    indicator = _locked_indicator(indicator_id, fields["unit"])
    earlier = _earlier(indicator, fields, replaces)
    if earlier is not None and all(getattr(earlier, name) == value for name, value in fields.items()):
        return earlier
    made = Figure.objects.create(
        **fields,
        indicator=indicator,
        replaces=earlier,
        made_at=timezone.now(),
        made_by_id=by.id,
        made_by_name=_fit(by.name),
    )
    audit.record(
        act=Act.COLLECTION,
        # Whoever reads the trail need not be one who may see the figure, and its name may hold the number.
        what=f"saved the figure {made.key}" + ("" if made.grounds else f": {made.name}"),
        subject=f"indicators:{made.key}",
        by=by,
        details={"indicator": indicator.key if indicator else None, "replaces": earlier.key if earlier else None},
    )
    return made


@transaction.atomic
def release_figures(*, keys: Sequence[str], because: str, rounded: bool = False, by: Actor) -> list[Figure]:
    """Let the whole partnership see figures of restricted records; those that everybody sees already stay as they are.

    ``rounded``: others see the count behind each small figure rounded to the nearest 5. Raises RuleBroken without a
    reason, and for a small count that is not to be rounded, naming the figure; NotPermitted for who may not release.
    """
    reason = _required(because, LONGEST_TEXT, "Why they are released")
    wanted = [figure.pk for figure in selectors.to_release(keys)]
    # Of two who release the same at once the second waits here, and finds it done.
    locked = Figure.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    held = selectors.to_release([figure.key for figure in locked])
    permissions.check_can_release(by, held)
    small = [figure for figure in held if is_small(figure)]
    if small and not rounded:
        names = ", ".join(figure.key for figure in small)
        raise RuleBroken(f"Fewer than five stand behind {names}, so somebody might be recognised. Release it rounded.")
    for figure in small:
        rules.rounded_figure(figure.value, Unit(figure.unit), figure.numerator, figure.denominator)
    now = timezone.now()
    FigureRelease.objects.bulk_create(
        FigureRelease(
            figure=figure,
            rounded=figure in small,
            because=reason,
            released_at=now,
            released_by_id=by.id,
            released_by_name=_fit(by.name),
        )
        for figure in held
    )
    if held:
        audit.record(
            act=Act.DISCLOSURE,
            what=f"released figures to the partnership: {len(held)}",
            subject="indicators:figures",
            recipient="the partnership",
            purpose=reason,
            by=by,
            details={"figures": [figure.key for figure in held], "rounded": [figure.key for figure in small]},
        )
    return held


@transaction.atomic
def take_back_release(*, key: str, because: str, by: Actor) -> Figure:
    """End a figure's release: only those whose sight covers its records see it again. What was printed stays printed.

    Raises RuleBroken for a figure that is not released, or without a reason.
    """
    reason = _required(because, LONGEST_TEXT, "Why it is taken back")
    figure = selectors.figure(key, reader=permissions.Reader.software())
    release = FigureRelease.objects.select_for_update().filter(figure=figure).first() if figure else None
    if figure is None or release is None:
        raise RuleBroken(f"{key} is not released, so there is nothing to take back.")
    permissions.check_can_release(by, [figure])
    release.delete()
    audit.record(
        act=Act.ALTERATION,
        what=f"took back the release of {figure.key}",
        subject=f"indicators:{figure.key}",
        purpose=reason,
        by=by,
    )
    return figure


def is_small(figure: Figure) -> bool:
    """Whether a figure is, or gives away, a count so small that it may only be released rounded."""
    counts = rules.counts_behind(figure.value, Unit(figure.unit), figure.numerator, figure.denominator, figure.n)
    return rules.is_small(counts)


def start_computing(*, by: Actor) -> int:
    """Have every computed indicator worked out again where its evidence changed; returns the job's number."""
    permissions.check_can_edit(by)
    return int(jobs.start(COMPUTE_JOB, {}, by=by).pk)


def compute_after_import() -> int | None:
    """Have figures worked out again because evidence came in: the job's number, None where nothing is computed.

    One job that waits is enough, however many files come in together.
    """
    if not Indicator.objects.filter(question__isnull=False).exists():
        return None
    waiting = jobs_waiting(COMPUTE_JOB).filter(state=JobState.QUEUED).first()
    return int(waiting.pk) if waiting is not None else start_computing(by=Actor.system("figures after an import"))


def number(value: Decimal | int | float | None) -> Decimal | None:
    """A number as the columns keep it, rounded to six places. Raises DataProblem for what is none."""
    if value is None:
        return None
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite() or abs(exact) >= rules.LARGEST:
        raise DataProblem(f"“{value}” is not a number that can be kept.")
    return round(exact, PLACES)


def _locked_indicator(indicator_id: int | None, unit: Unit) -> Indicator | None:
    """The indicator, locked: two figures of one period queue here, and the second sees the first."""
    if indicator_id is None:
        return None
    indicator = Indicator.objects.select_for_update().filter(pk=indicator_id).first()
    if indicator is None:
        raise RuleBroken("That indicator is not there.")
    if indicator.unit != unit:
        raise DataProblem(f"“{indicator.name}” is measured {indicator.unit}; this figure is {unit}.")
    return indicator


def _earlier(indicator: Indicator | None, fields: Mapping[str, Any], replaces: str) -> Figure | None:
    """The figure the new one takes the place of."""
    if indicator is not None:
        rules.check_period(
            fields["first_on"],
            fields["last_on"],
            PeriodLength(indicator.period),
            Calendar(indicator.calendar),
            rolling=indicator.aggregation == Aggregation.ROLLING_YEAR,
        )
        return selectors.figure_of_period(
            indicator.pk, area_code=fields["area_code"], first_on=fields["first_on"], last_on=fields["last_on"]
        )
    if not replaces:
        return None
    as_it_is = permissions.Reader.software()
    found = selectors.figure(replaces, reader=as_it_is)
    if found is None:
        raise RuleBroken(f"There is no figure {replaces} to take the place of.")
    return selectors.newest_of(found, reader=as_it_is)


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """An indicator's fields, each as its column keeps it. Raises DataProblem or RuleBroken naming the field."""
    fields: dict[str, Any] = {name: _one_of(words, given[name], name) for name, words in _WORDS.items()}
    for name, length in _LENGTHS.items():
        fields[name] = _short(given[name], length, name.replace("_", " ").capitalize())
    for name in ("name", "definition"):
        _required(fields[name], _LENGTHS[name], f"The indicator’s {name}")
    fields |= {name: given[name] for name in _OTHERS}
    if (fields["question"] is None) != (not fields["measure"]):
        raise RuleBroken("A computed indicator has a question and a measure; any other has neither.")
    return fields


def _one_of(words: Any, value: Any, name: str) -> Any:
    try:
        return words(value)
    except ValueError:
        known = ", ".join(f"“{word.value}”" for word in words)
        raise DataProblem(f"“{value}” is no {name.replace('_', ' ')} we know.", remedy=f"Choose {known}.") from None


def _short(text: str, length: int, what: str) -> str:
    said = storable(text).strip()
    if len(said) > length:
        raise DataProblem(f"{what} has {len(said):,} letters and may have {length:,}.", remedy="Say it more shortly.")
    return said


def _required(text: str, length: int, what: str) -> str:
    said = _short(text, length, what)
    if not said:
        raise DataProblem(f"{what} is missing.")
    return said


def _fit(name: str) -> str:
    return storable(name)[:NAME_LENGTH]


def _free_key(words: str) -> str:
    """A key of the words that nobody has yet: ``domestic-burglary``, ``domestic-burglary-2``."""
    stem = slugify(words)[: KEY_LENGTH - 5].strip("-") or "indicator"
    taken = {*RESERVED, *Indicator.objects.filter(key__startswith=stem).values_list("key", flat=True)}
    return next(key for key in (stem, *(f"{stem}-{i}" for i in range(2, len(taken) + 3))) if key not in taken)
