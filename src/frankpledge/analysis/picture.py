"""The picture of one area: everything its page, file and JSON say, worked out once from counts by small area and month.

Periods, said plainly: ``months``, ``counts`` and ``total`` cover the whole chosen period. The rate, the map, the
tables of areas, the concentration and the comparison are for ``rate_period``: the latest twelve months of it that are
all present. A period of fewer months gives a rate for just those months, and nothing is scaled up to a year.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from frankpledge.analysis import findings, places
from frankpledge.analysis.change import Change, change
from frankpledge.analysis.comparison import Comparison, PeerCount, comparison, most_similar
from frankpledge.analysis.concentration import WORST, Concentration, concentration
from frankpledge.analysis.counts import area_month_counts
from frankpledge.analysis.expected_range import ExpectedRange, expected_range
from frankpledge.analysis.funnel import Funnel, funnel
from frankpledge.analysis.picture_doubts import picture_doubts
from frankpledge.analysis.picture_material import (
    YEAR,
    PictureMaterial,
    all_months,
    month_counts,
    months_delivered,
    rate_period_of,
)
from frankpledge.analysis.picture_results import AreaPicture, AreaRow
from frankpledge.analysis.rates import Rate, RateRatio, crude_rate, rate_ratio
from frankpledge.vocabulary.areas import AreaLevel, DenominatorUnit
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import Balance
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.geography import Area, Denominator, Geography
from frankpledge.vocabulary.periods import LOCKDOWNS, Month, MonthSpan
from frankpledge.vocabulary.wording import Phrase, whole, word


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
    material = PictureMaterial(
        counts=area_month_counts(counts),
        geography=geography,
        area=area,
        small_areas=geography.small_areas_in(area.code),
        present=months_delivered(months_present, geography, area),
        batches=tuple(batches),
        seed=seed,
    )
    if not material.small_areas:
        raise CannotCompute(Phrase("The boundaries at hand hold no small area of {area}.", area=area.name))
    period = period or all_months(material)
    months = month_counts(material, period)
    rate_period = rate_period_of(material, period)
    unit = DenominatorUnit.HOUSEHOLDS if crime_type.per_household else DenominatorUnit.RESIDENTS
    chosen = places.choose_denominator(geography, unit, material.small_areas, edition)
    homes = places.choose_denominator(
        geography,
        DenominatorUnit.HOUSEHOLDS,
        material.small_areas,
        edition if chosen and unit is DenominatorUnit.HOUSEHOLDS else None,
    )
    denominator, exposure = chosen or (None, None)
    rate = material.attempt("rate", lambda: _rate(material, denominator, exposure, rate_period, unit))
    tested = material.attempt("funnel", lambda: _funnel(material, denominator, rate_period))
    rows = _small_area_rows(material, denominator, period, rate_period, tested)
    wards = _ward_rows(material, denominator, period, rate_period)
    expected = material.attempt("expected", lambda: _expected(material, period))
    gathered = material.attempt("concentration", lambda: _concentration(material, denominator, rate_period))
    compared = material.attempt("comparison", lambda: _comparison(material, denominator, rate_period))
    changed = material.attempt("change", lambda: _change(material, rate_period))
    before = material.attempt("before_lockdowns", lambda: _before_lockdowns(material, rate_period))
    doubts = picture_doubts(
        material, period, rate_period, crime_type, source, balance, denominator, bool(wards), tested
    )
    for result in (rate, expected, tested, gathered, changed):
        doubts += [doubt for doubt in (result.doubts if result else ()) if doubt not in doubts]
    total = sum(month.count or 0 for month in months)
    picture = AreaPicture(
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
        rate_count=material.counts.of(material.small_areas, rate_period),
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
        headline=Phrase(""),
        refused=dict(material.refused),
    )
    return replace(picture, headline=findings.headline(picture))


def _rate(
    material: PictureMaterial,
    denominator: Denominator | None,
    exposure: int | None,
    span: MonthSpan,
    unit: DenominatorUnit,
) -> Rate:
    if denominator is None:
        raise CannotCompute(
            f"There is no edition of {unit.value} that covers every small area here, so no rate is given: "
            "a rate without its denominator would be made up."
        )
    return crude_rate(
        material.counts.of(material.small_areas, span), exposure, edition=denominator.edition, batches=material.batches
    )


def _sizes(material: PictureMaterial, denominator: Denominator | None) -> list[tuple[str, int]]:
    """Small areas of the place with a denominator above nought, and it."""
    if denominator is None:
        raise CannotCompute("Without a denominator small areas cannot be told apart from large ones.")
    sized = ((code, denominator.by_small_area.get(code, 0)) for code in material.small_areas)
    return [(code, size) for code, size in sized if size > 0]


def _funnel(material: PictureMaterial, denominator: Denominator | None, span: MonthSpan) -> Funnel:
    sized = _sizes(material, denominator)
    codes = [code for code, _ in sized]
    return funnel(codes, material.counts.each(codes, span), [size for _, size in sized], batches=material.batches)


def _concentration(material: PictureMaterial, denominator: Denominator | None, span: MonthSpan) -> Concentration:
    sized = _sizes(material, denominator)
    if len(sized) * WORST < 1:
        raise CannotCompute(
            Phrase("There are only {count} small areas: the worst 5 % would be a part of one.", count=whole(len(sized)))
        )
    observed = material.counts.each([code for code, _ in sized], span)
    return concentration(observed, [size for _, size in sized], seed=material.seed, batches=material.batches)


def _small_area_rows(
    material: PictureMaterial,
    denominator: Denominator | None,
    period: MonthSpan,
    span: MonthSpan,
    tested: Funnel | None,
) -> tuple[AreaRow, ...]:
    """All small areas, the highest rate first (the highest count where there is no rate)."""
    points = {point.code: point for point in tested.points} if tested else {}
    in_rate, in_all = (
        material.counts.each(material.small_areas, span),
        material.counts.each(material.small_areas, period),
    )
    rows = []
    for code, count, total in zip(material.small_areas, in_rate, in_all, strict=True):
        area = material.geography.areas.get(code) or Area(code, code, AreaLevel.SMALL_AREA)
        ward = material.geography.areas.get(material.geography.parents[code].get(AreaLevel.WARD, ""))
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


def _ward_rows(
    material: PictureMaterial, denominator: Denominator | None, period: MonthSpan, span: MonthSpan
) -> tuple[AreaRow, ...]:
    """The wards the place is made of; none for a ward or a small area itself."""
    if material.area.level in (AreaLevel.WARD, AreaLevel.SMALL_AREA, AreaLevel.PRIORITY_NEIGHBOURHOOD):
        return ()
    mine = set(material.small_areas)
    rows = []
    for code, small in places.small_areas_by(material.geography, AreaLevel.WARD).items():
        inside = [area for area in small if area in mine]
        if not inside or code not in material.geography.areas:
            continue
        size = denominator.total(inside) if denominator else None
        count, total = material.counts.of(inside, span), material.counts.of(inside, period)
        rows.append(AreaRow(material.geography.areas[code], count, total, size, _row_rate(count, size, denominator)))
    return _ranked(rows)


def _row_rate(count: int, size: int | None, denominator: Denominator | None) -> Rate | None:
    return crude_rate(count, size, edition=denominator.edition) if denominator and size else None


def _ranked(rows: list[AreaRow]) -> tuple[AreaRow, ...]:
    return tuple(sorted(rows, key=lambda row: (-(row.rate.value if row.rate else -1), -row.count, row.area.code)))


def _expected(material: PictureMaterial, period: MonthSpan) -> ExpectedRange:
    """Learned from all months at hand, shown for the period."""
    history = all_months(material)
    span = MonthSpan(min(history.first, period.first), max(history.last, period.last))
    values = material.counts.by_month(material.small_areas, span)
    series = [
        value if material.complete(MonthSpan(month, month)) else None for month, value in zip(span, values, strict=True)
    ]
    learned = expected_range(list(span), series, batches=material.batches)
    published = dict(zip(span, values, strict=True))
    shown = tuple(
        replace(month, count=published[month.month] if month.month in material.present else None)
        for month in learned.months
        if month.month in period
    )
    return replace(learned, months=shown)


def _comparison(material: PictureMaterial, denominator: Denominator | None, span: MonthSpan) -> Comparison:
    if material.area.level not in places.WHOLE_OF:
        kind = (
            "a whole police force"
            if material.area.level is AreaLevel.FORCE
            else "a small area, compared on its district's map"
        )
        raise CannotCompute(f"{material.area.name} is {kind}.")
    container = places.whole_of(material.area, material.geography, material.small_areas)
    if container is None:
        raise CannotCompute(f"The boundaries at hand do not say what larger area {material.area.name} is part of.")
    if denominator is None:
        raise CannotCompute("Without a denominator places of different size cannot be compared.")
    groups = {
        code: small
        for code, small in places.small_areas_by(material.geography, material.area.level).items()
        if code in material.geography.areas
        and all(container.code in material.geography.parents[area].values() for area in small)
    }
    counted = []
    for code, small in groups.items():
        size = denominator.total(small)
        if size:
            counted.append(PeerCount(material.geography.areas[code], material.counts.of(small, span), size))
    elsewhere = [peer.count for peer in counted if peer.area.code != material.area.code]
    if elsewhere and not any(elsewhere):
        # A partnership's own extract covers its own area: nought elsewhere is not a low rate but no file.
        raise CannotCompute(
            Phrase(
                "These files hold none outside {area}, so there is nothing to compare it with.", area=material.area.name
            )
        )
    held = {peer.area.code: groups[peer.area.code] for peer in counted}
    similar, similar_by = _similar(material, held)
    return comparison(
        material.area,
        container,
        counted,
        edition=denominator.edition,
        similar=similar,
        similar_by=[word(trait) for trait in similar_by],
        neighbours=places.neighbours_of(material.area.code, held, material.geography.outlines)
        if material.area.code in held
        else None,
        batches=material.batches,
    )


def _similar(material: PictureMaterial, groups: Mapping[str, Sequence[str]]) -> tuple[list[str], list[str]]:
    if material.area.level not in (AreaLevel.DISTRICT, AreaLevel.PARTNERSHIP):
        return [], []
    traits = places.traits_of(groups, material.geography)
    try:
        similar = most_similar(traits, material.area.code)
    except CannotCompute as reason:
        material.refused["similar"] = word(reason.sentence)
        return [], []
    return similar, sorted(set.intersection(*(set(known) for known in traits.values())))


def _change(material: PictureMaterial, span: MonthSpan) -> Change:
    before = span.year_earlier() if len(span) <= YEAR else span.before()
    if not material.complete(before):
        raise CannotCompute("The same months a year earlier are not all in the data, so no change is given.")
    return change(
        material.counts.of(material.small_areas, span), span, material.counts.of(material.small_areas, before), before
    )


def _before_lockdowns(material: PictureMaterial, span: MonthSpan) -> RateRatio:
    """The months of the rate period against the same calendar months of the last year before the lockdowns, per day."""
    if span.first <= LOCKDOWNS.last:
        raise CannotCompute("The period is not after the lockdowns.")
    pairs = []
    for month in span:
        earlier = month - YEAR * (1 + (month.number - LOCKDOWNS.first.number) // YEAR)
        if material.complete(MonthSpan(earlier, earlier)) and month not in material.doubtful:
            pairs.append((month, earlier))
    if len(pairs) < 3:
        raise CannotCompute("Fewer than three months before the lockdowns are at hand.")
    now = sum(material.counts.of(material.small_areas, MonthSpan(month, month)) for month, _ in pairs)
    then = sum(material.counts.of(material.small_areas, MonthSpan(month, month)) for _, month in pairs)
    return rate_ratio(now, sum(month.days for month, _ in pairs), then, sum(month.days for _, month in pairs))
