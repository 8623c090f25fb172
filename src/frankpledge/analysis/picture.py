"""The picture of one area: everything its page, file and JSON say, worked out once from counts by small area and month.

Periods, said plainly: ``months``, ``counts`` and ``total`` cover the whole chosen period. The rate, the map, the
tables of areas, the concentration and the comparison are for ``rate_period``: the latest twelve months of it that are
all present. A period of fewer months gives a rate for just those months, and nothing is scaled up to a year.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from frankpledge.analysis import findings, places
from frankpledge.analysis.counts import area_month_counts
from frankpledge.analysis.picture_doubts import picture_doubts
from frankpledge.analysis.picture_material import (
    YEAR,
    PictureMaterial,
    all_months,
    month_counts,
    months_delivered,
    rate_period_of,
)
from frankpledge.analysis.picture_parts import (
    area_change,
    area_comparison,
    area_concentration,
    area_expected,
    area_funnel,
    area_rate,
    small_area_rows,
    ward_rows,
)
from frankpledge.analysis.picture_results import AreaPicture
from frankpledge.analysis.rates import RateRatio, rate_ratio
from frankpledge.vocabulary.areas import DenominatorUnit
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import Balance
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.geography import Area, Geography
from frankpledge.vocabulary.periods import LOCKDOWNS, Month, MonthSpan
from frankpledge.vocabulary.wording import Phrase


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
    everything: pa.Table | None = None,
) -> AreaPicture:
    """Work out the picture of ``area`` from counts of ``crime_type`` by small area and month.

    ``counts`` has columns small_area (null: without a place), month, n, in any order, for all months at hand: the
    history before ``period`` makes the expected range and the year before. ``months_present`` (by publisher, or for
    all) tells a month without such a crime from a month nobody delivered. ``everything`` is the same for all types of
    these files together: it shows a month that lost its positions where a rare type alone cannot. Raises CannotCompute
    when the period holds no data at all, DataProblem for an unknown ``edition``.
    """
    material = PictureMaterial(
        counts=area_month_counts(counts),
        geography=geography,
        area=area,
        small_areas=geography.small_areas_in(area.code),
        present=months_delivered(months_present, geography, area),
        batches=tuple(batches),
        seed=seed,
        everything=None if everything is None else area_month_counts(everything),
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
    rate = material.attempt("rate", lambda: area_rate(material, denominator, exposure, rate_period, unit))
    tested = material.attempt("funnel", lambda: area_funnel(material, denominator, rate_period))
    rows = small_area_rows(material, denominator, period, rate_period, tested)
    wards = ward_rows(material, denominator, period, rate_period)
    expected = material.attempt("expected", lambda: area_expected(material, period))
    gathered = material.attempt("concentration", lambda: area_concentration(material, denominator, rate_period))
    compared = material.attempt("comparison", lambda: area_comparison(material, denominator, rate_period))
    changed = material.attempt("change", lambda: area_change(material, rate_period))
    pairs = _pairs_before_lockdowns(material, rate_period)
    before = material.attempt("before_lockdowns", lambda: _before_lockdowns(material, pairs))
    doubts = picture_doubts(
        material, period, rate_period, crime_type, source, balance, denominator, bool(wards), tested
    )
    if before is not None and len(pairs) < len(rate_period):
        doubts.append(_short_before(pairs))
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


def _pairs_before_lockdowns(material: PictureMaterial, span: MonthSpan) -> list[tuple[Month, Month]]:
    """Months of ``span``, after the lockdowns, each with the same calendar month of the last year before them."""
    if span.first <= LOCKDOWNS.last:
        return []
    pairs = []
    for month in span:
        earlier = month - YEAR * (1 + (month.number - LOCKDOWNS.first.number) // YEAR)
        if material.complete(MonthSpan(earlier, earlier)) and month not in material.doubtful:
            pairs.append((month, earlier))
    return pairs


def _before_lockdowns(material: PictureMaterial, pairs: Sequence[tuple[Month, Month]]) -> RateRatio:
    """The months of the rate period against the same calendar months of the last year before the lockdowns, per day."""
    if len(pairs) < 3:
        raise CannotCompute("Fewer than three months before the lockdowns are at hand.")
    now = sum(material.counts.of(material.small_areas, MonthSpan(month, month)) for month, _ in pairs)
    then = sum(material.counts.of(material.small_areas, MonthSpan(month, month)) for _, month in pairs)
    return rate_ratio(now, sum(month.days for month, _ in pairs), then, sum(month.days for _, month in pairs))


def _short_before(pairs: Sequence[tuple[Month, Month]]) -> Doubt:
    """Few months of the year have their like before the lockdowns: the comparison is of those alone."""
    return Doubt(
        DoubtKind.SHORT_HISTORY,
        Phrase(
            "With the time before the lockdowns only these months can be compared: {months}.",
            months=tuple(month for month, _ in pairs),
        ),
    )
