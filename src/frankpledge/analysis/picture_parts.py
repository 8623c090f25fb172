"""The parts of a picture, each worked out alone: rate, areas, wards, expected range, concentration, comparison, change.

The picture puts all of them together; the explorer asks for one at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from frankpledge.analysis import places
from frankpledge.analysis.change import Change, change
from frankpledge.analysis.comparison import Comparison, PeerCount, comparison, most_similar
from frankpledge.analysis.concentration import WORST, Concentration, concentration
from frankpledge.analysis.expected_range import ExpectedRange, expected_range
from frankpledge.analysis.funnel import Funnel, funnel
from frankpledge.analysis.picture_material import YEAR, PictureMaterial, all_months
from frankpledge.analysis.picture_results import AreaRow
from frankpledge.analysis.rates import Rate, crude_rate
from frankpledge.vocabulary.areas import AreaLevel, DenominatorUnit
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.geography import Area, Denominator
from frankpledge.vocabulary.periods import MonthSpan
from frankpledge.vocabulary.wording import Phrase, whole, word


def area_rate(
    material: PictureMaterial,
    denominator: Denominator | None,
    exposure: int | None,
    span: MonthSpan,
    unit: DenominatorUnit,
) -> Rate:
    """The rate of the whole place. Raises CannotCompute without a denominator."""
    if denominator is None:
        raise CannotCompute(
            f"There is no edition of {unit.value} that covers every small area here, so no rate is given: "
            "a rate without its denominator would be made up."
        )
    return crude_rate(
        material.counts.of(material.small_areas, span), exposure, edition=denominator.edition, batches=material.batches
    )


def sized_areas(material: PictureMaterial, denominator: Denominator | None) -> list[tuple[str, int]]:
    """Small areas of the place with a denominator above nought, and it."""
    if denominator is None:
        raise CannotCompute("Without a denominator small areas cannot be told apart from large ones.")
    sized = ((code, denominator.by_small_area.get(code, 0)) for code in material.small_areas)
    return [(code, size) for code, size in sized if size > 0]


def area_funnel(material: PictureMaterial, denominator: Denominator | None, span: MonthSpan) -> Funnel:
    """Every small area of the place against the rate of the whole."""
    sized = sized_areas(material, denominator)
    codes = [code for code, _ in sized]
    return funnel(codes, material.counts.each(codes, span), [size for _, size in sized], batches=material.batches)


def area_concentration(material: PictureMaterial, denominator: Denominator | None, span: MonthSpan) -> Concentration:
    """How much lies in the worst 5 % of the small areas. Raises CannotCompute for fewer than twenty."""
    sized = sized_areas(material, denominator)
    if len(sized) * WORST < 1:
        raise CannotCompute(
            Phrase("There are only {count} small areas: the worst 5 % would be a part of one.", count=whole(len(sized)))
        )
    observed = material.counts.each([code for code, _ in sized], span)
    return concentration(observed, [size for _, size in sized], seed=material.seed, batches=material.batches)


def small_area_rows(
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


def ward_rows(
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


def area_expected(material: PictureMaterial, period: MonthSpan) -> ExpectedRange:
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


def area_comparison(material: PictureMaterial, denominator: Denominator | None, span: MonthSpan) -> Comparison:
    """The place among those of its kind in the larger one. Raises CannotCompute where nothing is comparable."""
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


def area_change(material: PictureMaterial, span: MonthSpan) -> Change:
    """The span against the same months a year earlier (or the span before, when longer than a year)."""
    before = span.year_earlier() if len(span) <= YEAR else span.before()
    if not material.complete(before):
        raise CannotCompute("The same months a year earlier are not all in the data, so no change is given.")
    return change(
        material.counts.of(material.small_areas, span), span, material.counts.of(material.small_areas, before), before
    )
