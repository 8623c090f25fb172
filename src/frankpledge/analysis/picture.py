"""The picture of one area: everything its page, file and JSON say, worked out once from counts by small area and month.

Periods, said plainly: ``months``, ``counts`` and ``total`` cover the whole chosen period. The rate, the map, the
tables of areas, the concentration and the comparison are for ``rate_period``: the latest twelve months of it that are
all present. A period of fewer months gives a rate for just those months, and nothing is scaled up to a year.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.special import pdtr

from frankpledge.analysis import findings, places
from frankpledge.analysis.change import Change, change, span_as_list, touches_lockdowns
from frankpledge.analysis.comparison import Comparison, PeerCount, comparison, most_similar
from frankpledge.analysis.concentration import Concentration, concentration
from frankpledge.analysis.counts import AreaMonthCounts, area_month_counts
from frankpledge.analysis.expected_range import ExpectedRange, expected_range
from frankpledge.analysis.funnel import Funnel, FunnelPoint, Standing, funnel
from frankpledge.analysis.rates import Rate, RateRatio, crude_rate, edition_as_dict, rate_ratio
from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.areas import AreaLevel, DenominatorUnit, small_area_short_name
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import Balance
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.forces import FORCES
from frankpledge.vocabulary.geography import Area, Denominator, Geography
from frankpledge.vocabulary.periods import LOCKDOWNS, Month, MonthSpan
from frankpledge.vocabulary.wording import Phrase, decimal, whole

YEAR = 12
OLD_DENOMINATOR = 5  # years between the denominator and the counts from which a reader is told
EVERYWHERE = frozenset({"btp"})  # a force whose rows lie in every other force's area
IMPLAUSIBLE = 0.001  # probability under half the usual count, below which a low month is doubted
POLICE_UK = "police-uk"  # sources whose name starts so publish months and snap points only


@dataclass(frozen=True, slots=True)
class MonthCount:
    """``count`` is None for a month nobody delivered: missing is not nought. ``doubtful``: published, not believed."""

    month: Month
    count: int | None
    doubtful: bool = False  # likely unplaced rather than quiet

    @property
    def lockdown(self) -> bool:
        return self.month in LOCKDOWNS


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One small area or ward of the place. ``count`` and ``rate`` are for the rate period, ``total`` for the whole."""

    area: Area
    count: int
    total: int
    exposure: int | None
    rate: Rate | None
    ward: str | None = None
    point: FunnelPoint | None = None

    @property
    def short_name(self) -> str:
        return small_area_short_name(self.area.name)

    @property
    def stands_out(self) -> bool:
        return self.point is not None and self.point.standing is Standing.ABOVE

    def as_dict(self) -> dict[str, Any]:
        interval = self.rate.interval if self.rate else None
        return {
            "code": self.area.code,
            "name": self.area.name,
            "ward": self.ward,
            "count": self.total,
            "rate": rounded(self.rate.value) if self.rate else None,
            "rate_count": self.count,
            "denominator": self.exposure,
            "interval": [rounded(interval.lower), rounded(interval.upper)] if interval else None,
            "standing": self.point.standing.value if self.point else None,
            "adjusted_p": rounded(self.point.adjusted_p, 9) if self.point else None,
        }


@dataclass(frozen=True, kw_only=True)
class AreaPicture(Result):
    """Everything the picture says. Parts that could not honestly be computed are None, and ``refused`` says why."""

    area: Area
    crime_type: CrimeType
    period: MonthSpan
    months: tuple[MonthCount, ...]
    total: int
    rate_period: MonthSpan
    rate_count: int
    households: int | None
    denominator: Denominator | None
    rate: Rate | None
    areas: tuple[AreaRow, ...]
    wards: tuple[AreaRow, ...]
    expected: ExpectedRange | None
    funnel: Funnel | None
    concentration: Concentration | None
    comparison: Comparison | None
    change: Change | None
    before_lockdowns: RateRatio | None
    rows: Balance
    source: str
    source_label: str
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def standing_out(self) -> tuple[AreaRow, ...]:
        """Small areas above the place's own rate beyond chance, the highest rate first: the numbers on the map."""
        found = [row for row in self.areas if row.stands_out and row.rate is not None]
        return tuple(sorted(found, key=lambda row: (-(row.rate.value if row.rate else 0), row.area.code)))

    @property
    def missing_months(self) -> tuple[Month, ...]:
        return tuple(month.month for month in self.months if month.count is None)

    def sentence(self) -> Phrase:
        return findings.headline(self)

    def table(self) -> Table:
        """The small areas, as the download has them."""
        return Table(
            ("code", "name", "ward", "count", "denominator", "rate per 1,000", "lower", "upper", "standing"),
            tuple(
                (
                    row.area.code,
                    row.area.name,
                    row.ward or "",
                    row.count,
                    row.exposure,
                    row.rate.value if row.rate else None,
                    row.rate.interval.lower if row.rate else None,
                    row.rate.interval.upper if row.rate else None,
                    row.point.standing.value if row.point else "",
                )
                for row in self.areas
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        """For JSON. ``total`` and each area's ``count`` cover ``period``; rates and ``rate_count`` ``rate_period``."""
        unit = self.denominator.edition.unit if self.denominator else None
        value = rounded(self.rate.value) if self.rate else None
        return {
            "area": self.area.name,
            "code": self.area.code,
            "level": self.area.level.value,
            "crime_type": self.crime_type.value,
            "period": span_as_list(self.period),
            "months": [str(month.month) for month in self.months],
            "counts": [month.count for month in self.months],
            "total": self.total,
            "doubtful_months": [str(month.month) for month in self.months if month.doubtful],
            "missing_months": [str(month) for month in self.missing_months],
            "rate_period": span_as_list(self.rate_period),
            "rate_count": self.rate_count,
            "households": self.households,
            "denominator": edition_as_dict(self.denominator.edition if self.denominator else None),
            "rate_per_1000_households": value if unit is DenominatorUnit.HOUSEHOLDS else None,
            "rate_per_1000_residents": value if unit is DenominatorUnit.RESIDENTS else None,
            "interval": [rounded(self.rate.interval.lower), rounded(self.rate.interval.upper)] if self.rate else None,
            "interval_method": self.rate.interval.method if self.rate else None,
            "areas": [row.as_dict() for row in self.areas],
            "wards": [row.as_dict() for row in self.wards],
            "expected": self.expected.as_dict() if self.expected else None,
            "funnel": self.funnel.as_dict() if self.funnel else None,
            "concentration": self.concentration.as_dict() if self.concentration else None,
            "comparison": self.comparison.as_dict() if self.comparison else None,
            "change": self.change.as_dict() if self.change else None,
            "before_lockdowns": self.before_lockdowns.as_dict() if self.before_lockdowns else None,
            "rows": {
                "read": self.rows.read,
                "stored": self.rows.stored,
                "quarantined": self.rows.quarantined,
                "duplicates": self.rows.duplicates,
            },
            "source": self.source_label,
            "refused": {part: str(reason) for part, reason in self.refused.items()},
            **self.provenance(),
        }


def area_picture(
    *,
    counts: pa.Table,
    geography: Geography,
    area: Area,
    crime_type: CrimeType,
    period: MonthSpan | None,
    edition: str | None,
    months_present: Mapping[str, Collection[Month]] | Collection[Month],
    balance: Balance,
    batches: Sequence[str],
    source_label: str,
    seed: int = 1,
    source: str = "police-uk-street",
) -> AreaPicture:
    """Work out the picture of ``area`` from counts of ``crime_type`` by small area and month.

    ``counts`` has columns small_area (null: without a place), month, n, in any order, for all months at hand: the
    history before ``period`` makes the expected range and the year before. ``months_present`` (by publisher, or for
    all) tells a month without such a crime from a month nobody delivered. Raises CannotCompute when the period holds
    no data at all, DataProblem for an unknown ``edition``.
    """
    work = _Work(
        counts=area_month_counts(counts),
        geography=geography,
        area=area,
        small_areas=geography.small_areas_in(area.code),
        present=_present(months_present, geography, area),
        batches=tuple(batches),
        seed=seed,
    )
    if not work.small_areas:
        raise CannotCompute(f"The boundaries at hand hold no small area of {area.name}.")
    period = period or _all_months(work)
    months = _months(work, period)
    rate_period = _rate_period(work, period)
    unit = DenominatorUnit.HOUSEHOLDS if crime_type.per_household else DenominatorUnit.RESIDENTS
    chosen = places.choose_denominator(geography, unit, work.small_areas, edition)
    homes = places.choose_denominator(
        geography,
        DenominatorUnit.HOUSEHOLDS,
        work.small_areas,
        edition if chosen and unit is DenominatorUnit.HOUSEHOLDS else None,
    )
    denominator, exposure = chosen or (None, None)
    rate = work.attempt("rate", lambda: _rate(work, denominator, exposure, rate_period, unit))
    tested = work.attempt("funnel", lambda: _funnel(work, denominator, rate_period))
    rows = _small_area_rows(work, denominator, period, rate_period, tested)
    wards = _ward_rows(work, denominator, period, rate_period)
    expected = work.attempt("expected", lambda: _expected(work, period))
    gathered = work.attempt("concentration", lambda: _concentration(work, denominator, rate_period))
    compared = work.attempt("comparison", lambda: _comparison(work, denominator, rate_period))
    changed = work.attempt("change", lambda: _change(work, rate_period))
    before = work.attempt("before_lockdowns", lambda: _before_lockdowns(work, rate_period))
    doubts = _doubts(work, period, rate_period, crime_type, source, balance, denominator, bool(wards), tested)
    for result in (rate, expected, tested, gathered, changed):
        doubts += [doubt for doubt in (result.doubts if result else ()) if doubt not in doubts]
    total = sum(month.count or 0 for month in months)
    return AreaPicture(
        n=total,
        method="counts by small area and month; see each part",
        doubts=tuple(doubts),
        seed=seed,
        batches=tuple(batches),
        area=area,
        crime_type=crime_type,
        period=period,
        months=months,
        total=total,
        rate_period=rate_period,
        rate_count=work.counts.of(work.small_areas, rate_period),
        households=homes[1] if homes else None,
        denominator=denominator,
        rate=rate,
        areas=rows,
        wards=wards,
        expected=expected,
        funnel=tested,
        concentration=gathered,
        comparison=compared,
        change=changed,
        before_lockdowns=before,
        rows=balance,
        source=source,
        source_label=source_label,
        refused=dict(work.refused),
    )


@dataclass
class _Work:
    """What the parts of one picture share while it is made, and the reasons of those that were refused."""

    counts: AreaMonthCounts
    geography: Geography
    area: Area
    small_areas: list[str]
    present: frozenset[Month]
    batches: tuple[str, ...]
    seed: int
    refused: dict[str, str] = field(default_factory=dict)

    def attempt(self, part: str, compute: Any) -> Any:
        """The result, or None with the reason kept: a part that cannot be computed does not take the others with it."""
        try:
            return compute()
        except CannotCompute as reason:
            self.refused[part] = reason.args[0] if reason.args else reason.sentence
            return None

    def complete(self, span: MonthSpan) -> bool:
        """Whether every month was delivered and none of them looks unplaced rather than quiet."""
        return all(month in self.present and month not in self.doubtful for month in span)

    @cached_property
    def doubtful(self) -> frozenset[Month]:
        """Months in which the place's own events are likely among those without a place (see ``_doubtful_months``)."""
        return _doubtful_months(self)


def _present(
    months_present: Mapping[str, Collection[Month]] | Collection[Month], geography: Geography, area: Area
) -> frozenset[Month]:
    """The months delivered for this place: those of its own force where publishers are told apart, else all.

    Raises CannotCompute when all publishers are other forces: a few stray rows of theirs are not this place's crime.
    """
    if not isinstance(months_present, Mapping):
        return frozenset(months_present)
    force = places.force_of(geography, area, geography.small_areas_in(area.code))
    slug = places.slug_of(force) if force else None
    if slug is not None and slug in months_present:
        return frozenset(months_present[slug])
    others = [publisher for publisher in months_present if publisher in FORCES and publisher not in EVERYWHERE]
    if force and slug in FORCES and others and len(others) == len(months_present):
        held = ", ".join(FORCES[publisher] for publisher in sorted(others))
        raise CannotCompute(f"{area.name} is policed by {FORCES[slug]}, and the data are of {held} only.")
    return frozenset(month for months in months_present.values() for month in months)


def _all_months(work: _Work) -> MonthSpan:
    if not work.present:
        raise CannotCompute("There are no months of data yet.")
    return MonthSpan(min(work.present), max(work.present))


def _doubtful_months(work: _Work) -> frozenset[Month]:
    """Months far below even half the place's usual count, with events without a place for half of what lacks.

    Forces have published months in which a whole district lost its positions: its count is then nought in the file, and
    it was not a quiet month.
    """
    span = _all_months(work)
    values = dict(zip(span, work.counts.by_month(work.small_areas, span), strict=True))
    usual = float(np.median([values[month] for month in span if month in work.present]))
    if usual == 0:
        return frozenset()
    return frozenset(
        month
        for month in span
        if month in work.present
        and float(pdtr(values[month], usual / 2)) < IMPLAUSIBLE
        and 2 * work.counts.unplaced(MonthSpan(month, month)) >= usual - values[month]
    )


def _months(work: _Work, period: MonthSpan) -> tuple[MonthCount, ...]:
    values = work.counts.by_month(work.small_areas, period)
    months = tuple(
        MonthCount(month, value if month in work.present else None, month in work.doubtful)
        for month, value in zip(period, values, strict=True)
    )
    if all(month.count is None for month in months):
        held = (
            f"They run from {min(work.present).label} to {max(work.present).label}."
            if work.present
            else "There are none yet."
        )
        raise CannotCompute(f"The data hold no month of {period.label}. {held}")
    return months


def _rate_period(work: _Work, period: MonthSpan) -> MonthSpan:
    """The latest twelve months of the period that are all present; else its latest unbroken run, not scaled up."""
    runs: list[MonthSpan] = []
    for month in period:
        if month not in work.present:
            continue
        if runs and runs[-1].last + 1 == month:
            runs[-1] = MonthSpan(runs[-1].first, month)
        else:
            runs.append(MonthSpan(month, month))
    for run in reversed(runs):
        if len(run) >= YEAR:
            return MonthSpan.year_to(run.last)
    return runs[-1]


def _rate(
    work: _Work, denominator: Denominator | None, exposure: int | None, span: MonthSpan, unit: DenominatorUnit
) -> Rate:
    if denominator is None:
        raise CannotCompute(
            f"There is no edition of {unit.value} that covers every small area here, so no rate is given: "
            "a rate without its denominator would be made up."
        )
    return crude_rate(
        work.counts.of(work.small_areas, span), exposure, edition=denominator.edition, batches=work.batches
    )


def _sizes(work: _Work, denominator: Denominator | None) -> list[tuple[str, int]]:
    """Small areas of the place with a denominator above nought, and it."""
    if denominator is None:
        raise CannotCompute("Without a denominator small areas cannot be told apart from large ones.")
    sized = ((code, denominator.by_small_area.get(code, 0)) for code in work.small_areas)
    return [(code, size) for code, size in sized if size > 0]


def _funnel(work: _Work, denominator: Denominator | None, span: MonthSpan) -> Funnel:
    sized = _sizes(work, denominator)
    codes = [code for code, _ in sized]
    return funnel(codes, work.counts.each(codes, span), [size for _, size in sized], batches=work.batches)


def _concentration(work: _Work, denominator: Denominator | None, span: MonthSpan) -> Concentration:
    sized = _sizes(work, denominator)
    observed = work.counts.each([code for code, _ in sized], span)
    return concentration(observed, [size for _, size in sized], seed=work.seed, batches=work.batches)


def _small_area_rows(
    work: _Work, denominator: Denominator | None, period: MonthSpan, span: MonthSpan, tested: Funnel | None
) -> tuple[AreaRow, ...]:
    """All small areas, the highest rate first (the highest count where there is no rate)."""
    points = {point.code: point for point in tested.points} if tested else {}
    in_rate, in_all = work.counts.each(work.small_areas, span), work.counts.each(work.small_areas, period)
    rows = []
    for code, count, total in zip(work.small_areas, in_rate, in_all, strict=True):
        area = work.geography.areas.get(code) or Area(code, code, AreaLevel.SMALL_AREA)
        ward = work.geography.areas.get(work.geography.parents[code].get(AreaLevel.WARD, ""))
        size = denominator.by_small_area.get(code) if denominator else None
        rows.append(
            AreaRow(
                area,
                count,
                total,
                size,
                _row_rate(count, size, denominator),
                ward.name if ward else None,
                points.get(code),
            )
        )
    return _ranked(rows)


def _ward_rows(work: _Work, denominator: Denominator | None, period: MonthSpan, span: MonthSpan) -> tuple[AreaRow, ...]:
    """The wards the place is made of; none for a ward or a small area itself."""
    if work.area.level in (AreaLevel.WARD, AreaLevel.SMALL_AREA, AreaLevel.PRIORITY_NEIGHBOURHOOD):
        return ()
    mine = set(work.small_areas)
    rows = []
    for code, small in places.small_areas_by(work.geography, AreaLevel.WARD).items():
        inside = [area for area in small if area in mine]
        if not inside or code not in work.geography.areas:
            continue
        size = denominator.total(inside) if denominator else None
        count, total = work.counts.of(inside, span), work.counts.of(inside, period)
        rows.append(AreaRow(work.geography.areas[code], count, total, size, _row_rate(count, size, denominator)))
    return _ranked(rows)


def _row_rate(count: int, size: int | None, denominator: Denominator | None) -> Rate | None:
    return crude_rate(count, size, edition=denominator.edition) if denominator and size else None


def _ranked(rows: list[AreaRow]) -> tuple[AreaRow, ...]:
    return tuple(sorted(rows, key=lambda row: (-(row.rate.value if row.rate else -1), -row.count, row.area.code)))


def _expected(work: _Work, period: MonthSpan) -> ExpectedRange:
    """Learned from all months at hand, shown for the period."""
    history = _all_months(work)
    span = MonthSpan(min(history.first, period.first), max(history.last, period.last))
    values = work.counts.by_month(work.small_areas, span)
    series = [
        value if work.complete(MonthSpan(month, month)) else None for month, value in zip(span, values, strict=True)
    ]
    learned = expected_range(list(span), series, batches=work.batches)
    published = dict(zip(span, values, strict=True))
    shown = tuple(
        replace(month, count=published[month.month] if month.month in work.present else None)
        for month in learned.months
        if month.month in period
    )
    return replace(learned, months=shown)


def _comparison(work: _Work, denominator: Denominator | None, span: MonthSpan) -> Comparison:
    if work.area.level not in places.WHOLE_OF:
        kind = (
            "a whole police force"
            if work.area.level is AreaLevel.FORCE
            else "a small area, compared on its district's map"
        )
        raise CannotCompute(f"{work.area.name} is {kind}.")
    container = places.whole_of(work.area, work.geography, work.small_areas)
    if container is None:
        raise CannotCompute(f"The boundaries at hand do not say what larger area {work.area.name} is part of.")
    if denominator is None:
        raise CannotCompute("Without a denominator places of different size cannot be compared.")
    groups = {
        code: small
        for code, small in places.small_areas_by(work.geography, work.area.level).items()
        if code in work.geography.areas
        and all(container.code in work.geography.parents[area].values() for area in small)
    }
    counted = []
    for code, small in groups.items():
        size = denominator.total(small)
        if size:
            counted.append(PeerCount(work.geography.areas[code], work.counts.of(small, span), size))
    held = {peer.area.code: groups[peer.area.code] for peer in counted}
    similar, similar_by = _similar(work, held)
    return comparison(
        work.area,
        container,
        counted,
        edition=denominator.edition,
        similar=similar,
        similar_by=similar_by,
        neighbours=places.neighbours_of(work.area.code, held, work.geography.outlines)
        if work.area.code in held
        else None,
        batches=work.batches,
    )


def _similar(work: _Work, groups: Mapping[str, Sequence[str]]) -> tuple[list[str], list[str]]:
    if work.area.level not in (AreaLevel.DISTRICT, AreaLevel.PARTNERSHIP):
        return [], []
    traits = places.traits_of(groups, work.geography)
    try:
        similar = most_similar(traits, work.area.code)
    except CannotCompute as reason:
        work.refused["similar"] = reason.args[0]
        return [], []
    return similar, sorted(set.intersection(*(set(known) for known in traits.values())))


def _change(work: _Work, span: MonthSpan) -> Change:
    before = span.year_earlier() if len(span) <= YEAR else span.before()
    if not work.complete(before):
        raise CannotCompute("The same months a year earlier are not all in the data, so no change is given.")
    return change(work.counts.of(work.small_areas, span), span, work.counts.of(work.small_areas, before), before)


def _before_lockdowns(work: _Work, span: MonthSpan) -> RateRatio:
    """The months of the rate period against the same calendar months of the last year before the lockdowns, per day."""
    if span.first <= LOCKDOWNS.last:
        raise CannotCompute("The period is not after the lockdowns.")
    pairs = []
    for month in span:
        earlier = month - YEAR * (1 + (month.number - LOCKDOWNS.first.number) // YEAR)
        if work.complete(MonthSpan(earlier, earlier)) and month not in work.doubtful:
            pairs.append((month, earlier))
    if len(pairs) < 3:
        raise CannotCompute("Fewer than three months before the lockdowns are at hand.")
    now = sum(work.counts.of(work.small_areas, MonthSpan(month, month)) for month, _ in pairs)
    then = sum(work.counts.of(work.small_areas, MonthSpan(month, month)) for _, month in pairs)
    return rate_ratio(now, sum(month.days for month, _ in pairs), then, sum(month.days for _, month in pairs))


def _doubts(
    work: _Work,
    period: MonthSpan,
    span: MonthSpan,
    crime_type: CrimeType,
    source: str,
    balance: Balance,
    denominator: Denominator | None,
    wards: bool,
    tested: Funnel | None,
) -> list[Doubt]:
    """What to doubt about the picture as a whole."""
    doubts = _source_doubts(source, crime_type)
    if touches_lockdowns(period):
        doubts.append(
            Doubt(
                DoubtKind.COVID_PERIOD,
                Phrase(
                    "From {first} to {last} recorded crime moved with the lockdowns, "
                    "not with what police or partners did.",
                    first=LOCKDOWNS.first,
                    last=LOCKDOWNS.last,
                ),
            )
        )
    missing = tuple(month for month in period if month not in work.present)
    if missing:
        doubts.append(
            Doubt(
                DoubtKind.MISSING_MONTHS,
                Phrase("These months are missing, which is not nought: {months}.", months=missing),
            )
        )
    doubtful = tuple(month for month in period if month in work.doubtful)
    if doubtful:
        doubts.append(
            Doubt(
                DoubtKind.ROWS_WITHOUT_PLACE,
                Phrase(
                    "In {months} nearly none was placed in {area}, while {count} {events} in the files have no place: "
                    "most likely its own are among them. The count stands as published and other months are not judged "
                    "by it.",
                    months=doubtful,
                    area=work.area.name,
                    count=whole(sum(work.counts.unplaced(MonthSpan(month, month)) for month in doubtful)),
                    events=Phrase(crime_type.plural),
                ),
            )
        )
    if len(span) < YEAR:
        doubts.append(
            Doubt(
                DoubtKind.SHORT_HISTORY,
                Phrase(
                    "Only {count} months in a row are at hand, so rates are for {period} and are not rates for a year.",
                    count=whole(len(span)),
                    period=span,
                ),
            )
        )
    if "expected" in work.refused:
        doubts.append(
            Doubt(
                DoubtKind.SHORT_HISTORY, Phrase("No expected range is shown. {reason}", reason=work.refused["expected"])
            )
        )
    unplaced = work.counts.unplaced(period)
    if unplaced:
        doubts.append(
            Doubt(
                DoubtKind.ROWS_WITHOUT_PLACE,
                Phrase(
                    "{count} {events} in the files have no place and are in no area's count.",
                    count=whole(unplaced),
                    events=Phrase(crime_type.plural),
                ),
            )
        )
    if balance.quarantined:
        doubts.append(
            Doubt(
                DoubtKind.ROWS_IN_QUARANTINE,
                Phrase("{count} rows could not be used and wait in quarantine.", count=whole(balance.quarantined)),
            )
        )
    if denominator is not None and (age := _age(denominator, span)) >= OLD_DENOMINATOR:
        doubts.append(_old_denominator(work, denominator, span, age))
    if wards and AreaLevel.WARD in work.geography.best_fit_levels:
        doubts.append(
            Doubt(
                DoubtKind.BEST_FIT_AREAS,
                Phrase(
                    "Wards are made of whole small areas, by best fit; a ward that cuts through one is approximate."
                ),
            )
        )
    if tested and tested.standing_out():
        doubts.append(
            Doubt(
                DoubtKind.CHOSEN_FOR_BEING_HIGH,
                Phrase("Areas picked out for being high tend to be less high the next year, whatever anyone does."),
            )
        )
    return doubts


def _old_denominator(work: _Work, denominator: Denominator, span: MonthSpan, age: int) -> Doubt:
    """How old it is, and what the rate would be by the latest edition that covers the place, where there is one."""
    unit = denominator.edition.unit
    values = {"unit": Phrase(unit.value), "label": denominator.edition.label, "age": whole(age)}
    others = [other for other in work.geography.denominators.values() if other.edition.unit is unit]
    latest = max(others, key=lambda other: (other.edition.label, other.edition.key))
    total = latest.total(work.small_areas)
    if latest.edition.label <= denominator.edition.label or not total:
        return Doubt(
            DoubtKind.DENOMINATOR_AGE,
            Phrase("The number of {unit} is that of the {label}, {age} years before these counts.", **values),
        )
    rate = crude_rate(work.counts.of(work.small_areas, span), total)
    return Doubt(
        DoubtKind.DENOMINATOR_AGE,
        Phrase(
            "The number of {unit} is that of the {label}, {age} years before these counts. "
            "By the {latest} ({total}) the rate would be {rate}.",
            **values,
            latest=latest.edition.label,
            total=whole(total),
            rate=decimal(rate.value),
        ),
    )


def _source_doubts(source: str, crime_type: CrimeType) -> list[Doubt]:
    if not source.startswith(POLICE_UK):
        return []
    doubts = [
        Doubt(DoubtKind.MONTH_PRECISION, Phrase("Police.uk publishes the month, not the day or the hour.")),
        Doubt(
            DoubtKind.SNAP_POINTS,
            Phrase(
                "Police.uk publishes a point on or near the street, not the address: "
                "near an edge it can be the next area's."
            ),
        ),
    ]
    if crime_type is CrimeType.BURGLARY:
        doubts.append(
            Doubt(DoubtKind.MIXED_BURGLARY, Phrase("Burglary here mixes homes with sheds, shops and offices."))
        )
    return doubts


def _age(denominator: Denominator, span: MonthSpan) -> int:
    """Years between the year named in the edition's key (0 when it names none) and the end of ``span``."""
    years = [int(part) for part in denominator.edition.key.split("-") if part.isdigit() and len(part) == 4]
    return span.last.year - years[0] if years else 0
