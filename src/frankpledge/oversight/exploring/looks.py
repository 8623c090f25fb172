"""A look: one view of a question, as finding, picture, tables, doubts and how it was worked out. Here those by area.

Each function takes what was ``Asked`` and the translator of the page's language and gives a ``Look``; CannotCompute
says in one sentence why there is none. No look needs compiled loops: the web process draws them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from markupsafe import Markup

from frankpledge.analysis import places
from frankpledge.analysis.area_changes import area_changes
from frankpledge.analysis.change import touches_lockdowns
from frankpledge.analysis.concentration import lorenz
from frankpledge.analysis.expected_range import ExpectedRange
from frankpledge.analysis.funnel import Standing, count_range, funnel
from frankpledge.analysis.journey import journey
from frankpledge.analysis.picture_material import YEAR, PictureMaterial, month_counts, rate_period_of
from frankpledge.analysis.picture_parts import (
    area_change,
    area_comparison,
    area_concentration,
    area_expected,
    area_funnel,
    area_rate,
    small_area_rows,
)
from frankpledge.analysis.picture_results import AreaRow, MonthCount
from frankpledge.analysis.rates import Rate
from frankpledge.analysis.results import Table
from frankpledge.oversight.exploring.asked import Asked
from frankpledge.reports import explorer_charts as charts
from frankpledge.reports import svg
from frankpledge.reports.scales import classes_for, edge_labels
from frankpledge.reports.words import interval_words, month_short
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.geography import Area, Denominator
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.questions import Measure
from frankpledge.vocabulary.wording import Phrase, Translate, decimal, ordinary, said, share, whole

MOST_ROWS = 12  # in a chart; the table has all
MOST_NUMBERED = 8
LOCKDOWN_WORDS = Phrase("The months compared include lockdowns, which moved recorded crime of themselves.")


class View(StrEnum):
    """The tabs. The value stands in the address."""

    MAP = "map"
    TREND = "trend"
    WEEK = "week"
    REPEATS = "repeats"
    NEAR = "near-repeats"
    CONCENTRATION = "concentration"
    COMPARE = "compare"
    CHANGE = "change"
    JOURNEY = "journey"
    EVENTS = "events"


class Style(StrEnum):
    """How the map shows it."""

    AREAS = "areas"
    HEXAGONS = "hexagons"
    DENSITY = "density"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class LookTable:
    """One table: the first of a look is also its download. ``numeric`` says which columns are figures, ``beside`` which
    stand beside the picture; none where the picture itself says every number.
    """

    caption: Phrase
    table: Table
    numeric: tuple[bool, ...]
    beside: tuple[int, ...] = ()


@dataclass(frozen=True)
class Look:
    """One view. ``finding`` comes first; ``how`` are the lines of *how this was worked out*; ``measure`` is the figure
    that can be saved from it, None where it is no single number.
    """

    finding: Phrase
    caption: Phrase
    picture: Markup | None
    tables: tuple[LookTable, ...]
    n: int
    how: tuple[Phrase, ...]
    doubts: tuple[Doubt, ...] = ()
    legend: tuple[tuple[int, str], ...] = ()
    key: tuple[Phrase, ...] = ()
    measure: Measure | None = None
    seed: int | None = None
    named: dict[str, int] = field(default_factory=dict)  # numbers on the map, by code


@dataclass(frozen=True)
class Ground:
    """What the looks by area share: material, rate period and denominator."""

    asked: Asked
    material: PictureMaterial
    span: MonthSpan
    denominator: Denominator | None
    exposure: int | None

    def name_of(self, code: str) -> str:
        area = self.asked.geography.areas.get(code)
        return area.name if area else code


def ground_of(asked: Asked) -> Ground:
    """Raises CannotCompute where the period holds no data, DataProblem for an edition that is not at hand."""
    material = asked.material()
    if not material.small_areas:
        raise CannotCompute(Phrase("The boundaries at hand hold no small area of {area}.", area=asked.area.name))
    month_counts(material, asked.period)
    span = rate_period_of(material, asked.period)
    edition = asked.geography.denominators.get(asked.question.edition or "")
    wanted = asked.question.edition if edition is None or edition.edition.unit is asked.unit else None
    chosen = places.choose_denominator(asked.geography, asked.unit, material.small_areas, wanted)
    return Ground(asked, material, span, *(chosen or (None, None)))


def method_lines(asked: Asked, *lines: Phrase | str) -> tuple[Phrase, ...]:
    """What every look says of its making: the method's own lines, the source, and what was left out by the filters."""
    first, last = asked.period.first, asked.period.last
    source = Phrase(
        "Source: {source}, {first} to {last}; {batches} batches.",
        source=Phrase(asked.source.label.replace("{", "{{")), first=first, last=last, batches=whole(len(asked.entries)),
    )  # fmt: skip
    timed = (
        (Phrase("An event known only from a window of time counts at the middle of it, on London’s clocks."),)
        if asked.question.needs_days
        else ()
    )
    return (*(line if isinstance(line, Phrase) else Phrase(line) for line in lines), source, *timed)


def areas_map(asked: Asked, translate: Translate) -> Look:
    """Small areas shaded by rate, the ones above the whole beyond chance numbered."""
    ground = ground_of(asked)
    material, span = ground.material, ground.span
    tested = material.attempt("funnel", lambda: area_funnel(material, ground.denominator, span))
    rows = small_area_rows(material, ground.denominator, asked.period, span, tested)
    above = [row for row in rows if row.stands_out and row.rate]
    numbered = {row.area.code: number for number, row in enumerate(above[:MOST_NUMBERED], start=1)}
    classes = classes_for([row.rate.value for row in rows if row.rate])
    finding = _level_words(ground, tested is not None, above)
    unit = Phrase(asked.unit.value)
    picture = svg.choropleth(
        rows,
        asked.geography.outlines,
        classes,
        numbered=numbered,
        prefix="fp-explore",
        title=said(finding, translate),
        description=translate("Map of small areas shaded by rate. The table below gives the same numbers."),
        hover={row.area.code: svg.rate_words(row, translate) for row in rows},
    )
    columns = ("small area", "ward", "count", "per 1,000", "lower", "upper", "standing")
    table = Table(columns, tuple(_area_row(row, translate) for row in rows))
    rate = material.attempt("rate", lambda: _rate(ground))
    doubts = tuple(tested.doubts if tested else ()) + tuple(rate.doubts if rate else ())
    return Look(
        finding=finding,
        caption=Phrase("Per 1,000 {unit}, {period}, by small area.", unit=unit, period=span),
        picture=picture,
        tables=(
            LookTable(Phrase("All small areas"), table, (False, False, True, True, True, True, False), (0, 1, 2, 3)),
        ),
        n=sum(row.count for row in rows),
        how=method_lines(
            asked,
            *([Phrase("Areas that stand out: {method}.", method=Phrase(tested.method))] if tested else []),
            *_edition_line(ground),
        ),
        doubts=_once(doubts),
        legend=tuple(
            (1 + round(i * 4 / max(len(classes) - 1, 1)), svg.legend_words(low, high, translate))
            for i, (low, high) in enumerate(edge_labels(classes))
        )
        if len(classes) > 1
        else (),
        key=(Phrase("Numbered areas are above the rate of {area} beyond chance.", area=asked.area.name),)
        if numbered
        else (),
        measure=rate_measure(ground),
        named=numbered,
    )


def _area_row(row: AreaRow, translate: Translate) -> tuple[object, ...]:
    interval = row.rate.interval if row.rate else None
    return (
        row.area.name,
        row.ward or "",
        row.count,
        round(row.rate.value, 1) if row.rate else None,
        round(interval.lower, 1) if interval and interval.lower is not None else None,
        round(interval.upper, 1) if interval else None,
        translate(row.point.standing.value) if row.point else "",
    )


def _level_words(ground: Ground, tested: bool, above: Sequence[AreaRow]) -> Phrase:
    asked = ground.asked
    count = ground.material.counts.of(ground.material.small_areas, ground.span)
    values = {"count": whole(count), "what": asked.what, "area": asked.area.name, "period": ground.span}
    rate = ground.material.attempt("rate", lambda: _rate(ground))
    level = Phrase("{count} {what} in {area}, {period}", **values)
    if rate is not None:
        level = Phrase(
            "{level}: {rate} per 1,000 {unit} ({interval})", level=level, rate=decimal(rate.value),
            unit=Phrase(asked.unit.value), interval=interval_words(rate.interval),
        )  # fmt: skip
    if not tested:
        return Phrase("{level}.", level=level)
    if not above:
        return Phrase("{level}. No small area stands out beyond chance.", level=level)
    held = share(sum(row.count for row in above) / count)
    if len(above) == 1:
        return Phrase("{level}. One small area stands out beyond chance, with {share} of it.", level=level, share=held)
    return Phrase(
        "{level}. {number} small areas stand out beyond chance, together with {share} of it.",
        level=level, number=Phrase(ordinary(len(above)).capitalize()), share=held,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Series:
    """What ``svg.trend`` draws."""

    months: tuple[MonthCount, ...]
    expected: ExpectedRange | None


def trend(asked: Asked, translate: Translate) -> Look:
    """Counts by month in the range season and history lead one to expect, beside a named comparison."""
    ground = ground_of(asked)
    material = ground.material
    months = month_counts(material, asked.period)
    expected = material.attempt("expected", lambda: area_expected(material, asked.period))
    changed = material.attempt("change", lambda: area_change(material, ground.span))
    whole_area, compared = _compared(ground, months)
    finding = _trend_words(asked, expected, months)
    if changed is not None:
        finding = Phrase(
            "{finding} {now} in the {period} against {then} a year earlier: {verdict}.",
            finding=finding, now=whole(changed.current), then=whole(changed.previous), period=changed.period,
            verdict=Phrase(changed.verdict.value),
        )  # fmt: skip
    picture = svg.trend(
        _Series(months, expected),
        prefix="fp-explore",
        title=said(finding, translate),
        description=translate("Line of counts by month. The table below gives the same numbers."),
        translate=translate,
        compared=compared,
    )
    ranges = {month.month: month for month in expected.months} if expected else {}
    rows = []
    for place, month in enumerate(months):
        found = ranges.get(month.month)
        rows.append(
            (
                said(month.month, translate),
                month.count,
                *((found.lower, found.upper, translate(found.standing.value)) if found else (None, None, "")),
                round(compared[place], 1) if compared else None,
            )
        )
    name = whole_area.name if whole_area else ""
    columns = ("month", "count", "expected from", "expected to", "standing", name or "comparison")
    key = [Phrase("The band is what season and history lead one to expect.")] if expected else []
    if compared:
        key.append(Phrase("Dashed: the rest of {whole}, brought to the same total.", whole=name))
    reasons = [Phrase("{reason}", reason=reason) for reason in material.refused.values()]
    doubts = (*(expected.doubts if expected else ()), *(changed.doubts if changed else ()))
    return Look(
        finding=finding,
        caption=Phrase("Each month, {what} in {area}.", what=asked.what, area=asked.area.name),
        picture=picture,
        tables=(
            LookTable(
                Phrase("All months"),
                Table(columns, tuple(reversed(rows))),
                (False, True, True, True, False, True),
                (0, 1, 2, 3),
            ),
        ),
        n=sum(month.count or 0 for month in months),
        how=method_lines(
            asked,
            *(
                [
                    Phrase(
                        "Expected range: {method}. Learned from {n} months.",
                        method=Phrase(expected.method),
                        n=expected.n,
                    )
                ]
                if expected
                else []
            ),
            *reasons,
        ),  # fmt: skip
        doubts=_once(doubts),
        key=tuple(key),
        measure=Measure.COUNT,
    )


def _compared(ground: Ground, months: Sequence[MonthCount]) -> tuple[Area | None, list[float] | None]:
    """The rest of the larger area month by month, brought to this place's total; None where nothing lies outside."""
    material, asked = ground.material, ground.asked
    if asked.area.level not in places.WHOLE_OF:
        return None, None
    container = places.whole_of(asked.area, asked.geography, material.small_areas)
    if container is None:
        return None, None
    mine = set(material.small_areas)
    rest = [code for code in asked.geography.small_areas_in(container.code) if code not in mine]
    values = material.counts.by_month(rest, asked.period)
    here = sum(month.count or 0 for month in months)
    if not sum(values) or not here:
        return None, None
    return container, [value * here / sum(values) for value in values]


def _trend_words(asked: Asked, expected: ExpectedRange | None, months: Sequence[MonthCount]) -> Phrase:
    if expected is None:
        known = [month.count for month in months if month.count is not None]
        return Phrase(
            "There were from {low} to {high} {what} a month.",
            what=asked.what, low=whole(min(known)), high=whole(max(known)),
        )  # fmt: skip
    outside = [month for month in expected.exceptional() if not month.lockdown]
    if not outside:
        return Phrase("Every month had its usual number of {what}.", what=asked.what)
    named = tuple(month.month for month in outside[-3:])
    if len(outside) <= len(named):
        return Phrase("The number of {what} kept to its usual range but for {months}.", what=asked.what, months=named)
    return Phrase(
        "The number of {what} left its usual range in {count} months, last in {last}.",
        what=asked.what, count=Phrase(ordinary(len(outside))), last=named[-1],
    )  # fmt: skip


def concentration_look(asked: Asked, translate: Translate) -> Look:
    """How much lies in how few of the small areas, beside what chance gives."""
    ground = ground_of(asked)
    gathered = area_concentration(ground.material, ground.denominator, ground.span)
    codes = ground.material.small_areas
    counts = ground.material.counts.each(codes, ground.span)
    curve = lorenz(counts, batches=asked.batches)
    finding = gathered.sentence()
    ordered = sorted(zip(codes, counts, strict=True), key=lambda pair: (-pair[1], pair[0]))
    total, running, rows = max(sum(counts), 1), 0, []
    for place, (code, count) in enumerate(ordered, start=1):
        running += count
        rows.append((place, ground.name_of(code), count, round(100 * running / total, 1)))
    return Look(
        finding=finding,
        caption=Phrase("Small areas from the worst, {period}.", period=ground.span),
        picture=charts.lorenz_curve(
            list(zip(curve.places.tolist(), curve.events.tolist(), strict=True)),
            across=translate("Share of the small areas, worst first"),
            up=translate("Share of the events"),
            prefix="fp-explore",
            title=said(finding, translate),
            description=translate("Share of the events in each share of the areas. The table below has every area."),
        ),
        tables=(
            LookTable(
                Phrase("Small areas, worst first"),
                Table(("rank", "small area", "count", "running share, %"), tuple(rows)),
                (True, False, True, True),
                (0, 1, 2, 3),
            ),
        ),
        n=gathered.n,
        how=method_lines(
            asked,
            Phrase("Method: {method}; seed {seed}.", method=Phrase(gathered.method), seed=gathered.seed),
            Phrase("Gini coefficient {gini}.", gini=decimal(gathered.gini, 2)),
        ),
        doubts=_once((*gathered.doubts, *curve.doubts)),
        key=(Phrase("Dashed: all areas alike."),),
        measure=Measure.CONCENTRATION,
        seed=gathered.seed,
    )


def compare(asked: Asked, translate: Translate) -> Look:
    """The place among those of its kind, similar ones named, in a funnel that knows how much chance does."""
    ground = ground_of(asked)
    found = area_comparison(ground.material, ground.denominator, ground.span)
    peers = found.peers
    tested = ground.material.attempt(
        "funnel",
        lambda: funnel(
            [peer.area.code for peer in peers],
            [peer.rate.count for peer in peers],
            [peer.rate.exposure for peer in peers],
            widen=True,
            batches=asked.batches,
        ),
    )
    standing = {point.code: point.standing for point in tested.points} if tested else {}
    similar = [peer.area.name for peer in peers if peer.similar]
    finding = found.sentence()
    if similar:
        finding = Phrase("{finding} Most like it: {similar}.", finding=finding, similar=tuple(similar))
    dots = [
        charts.FunnelDot(
            peer.area.name,
            peer.rate.exposure,
            peer.rate.value,
            peer.area.code == asked.area.code,
            peer.similar or len(peers) <= MOST_ROWS,
            standing.get(peer.area.code, Standing.WITHIN) is not Standing.WITHIN,
        )
        for peer in peers
    ]
    overall = found.whole_rate.value
    picture = charts.funnel_plot(
        dots,
        _limits(overall, max(dot.size for dot in dots)),
        overall,
        across=translate(asked.unit.value).capitalize(),
        prefix="fp-explore",
        title=said(finding, translate),
        description=translate("Rates of places against their size. The table below gives the same numbers."),
    )
    rows = tuple(
        (
            peer.area.name,
            peer.rate.count,
            peer.rate.exposure,
            round(peer.rate.value, 1),
            None if peer.rate.interval.lower is None else round(peer.rate.interval.lower, 1),
            round(peer.rate.interval.upper, 1),
            translate(standing[peer.area.code].value) if peer.area.code in standing else "",
            translate("similar") if peer.similar else translate("neighbour") if peer.neighbour else "",
        )
        for peer in peers
    )
    columns = ("area", "count", asked.unit.value, "per 1,000", "lower", "upper", "standing", "why compared")
    kinds = (Phrase("Similar by {traits}.", traits=tuple(Phrase(trait) for trait in found.similar_by)),)
    return Look(
        finding=finding,
        caption=Phrase(
            "Per 1,000 {unit}, {period}, in {whole}.",
            unit=Phrase(asked.unit.value),
            period=ground.span,
            whole=found.whole.name,
        ),  # fmt: skip
        picture=picture,
        tables=(
            LookTable(
                Phrase("All places"),
                Table(columns, rows),
                (False, True, True, True, True, True, False, False),
                (0, 1, 3),
            ),
        ),
        n=found.n,
        how=method_lines(
            asked,
            Phrase("Method: {method}.", method=Phrase(found.method)),
            *([Phrase("Standing: {method}.", method=Phrase(tested.method))] if tested else []),
            *(kinds if found.similar_by else ()),
            *_edition_line(ground),
        ),
        doubts=_once((*found.doubts, *(tested.doubts if tested else ()))),
        key=(Phrase("The band: where chance puts 95 of 100 places that have the rate of all together."),),
        measure=Measure.RATE_RATIO,
    )


def _limits(overall: float, largest: float) -> list[tuple[float, float, float]]:
    """Exact Poisson limits of a rate per 1,000 by size, for the band of a funnel."""
    sizes = [largest * 1.03 * step / 60 for step in range(2, 61)]
    limits = [(size, count_range(overall * size / 1000, 0.95)) for size in sizes]
    return [(size, 1000 * low / size, 1000 * high / size) for size, (low, high) in limits]


def change_look(asked: Asked, translate: Translate) -> Look:
    """Every small area against the same months a year earlier, with control for looking at many."""
    ground = ground_of(asked)
    material, span = ground.material, ground.span
    before = span.year_earlier() if len(span) <= YEAR else span.before()
    if not material.complete(before):
        raise CannotCompute(
            Phrase("{before} is not all in the data, so nothing can be compared with it.", before=before)
        )
    codes = material.small_areas
    found = area_changes(
        codes,
        material.counts.each(codes, span),
        material.counts.each(codes, before),
        days=sum(month.days for month in span),
        previous_days=sum(month.days for month in before),
        batches=asked.batches,
    )
    shown = [area for area in found.areas if area.ratio is not None][:MOST_ROWS]
    rows = [
        charts.RatioRow(
            ground.name_of(area.code),
            area.ratio.value if area.ratio else None,
            area.ratio.interval.lower if area.ratio else None,
            area.ratio.interval.upper if area.ratio else float("inf"),
            f"{area.previous:,} → {area.current:,}",
            area.standing,
        )
        for area in shown
    ]
    overall = material.attempt("change", lambda: area_change(material, span))
    finding = found.sentence()
    if overall is not None:
        finding = Phrase("{all}: {verdict}. {finding}", all=overall.sentence(), verdict=Phrase(overall.verdict.value),
                         finding=finding)  # fmt: skip
    words = {"up": translate("rose beyond chance"), "down": translate("fell beyond chance"), "": translate("not clear")}
    table = Table(
        ("small area", "count", "a year earlier", "times", "lower", "upper", "change"),
        tuple(
            (
                ground.name_of(area.code),
                area.current,
                area.previous,
                round(area.ratio.value, 2) if area.ratio and area.ratio.value is not None else None,
                round(area.ratio.interval.lower, 2) if area.ratio and area.ratio.interval.lower is not None else None,
                round(area.ratio.interval.upper, 2) if area.ratio and area.ratio.interval.upper < 1e6 else None,
                words[area.standing],
            )
            for area in found.areas
        ),
    )
    doubts = tuple(overall.doubts if overall else ())
    if not doubts and (touches_lockdowns(span) or touches_lockdowns(before)):
        doubts = (Doubt(DoubtKind.COVID_PERIOD, LOCKDOWN_WORDS),)
    return Look(
        finding=finding,
        caption=Phrase(
            "The {count} least likely changes, {period} against {before}.", period=span, before=before, count=len(rows)
        ),  # fmt: skip
        picture=charts.ratio_rows(
            rows,
            prefix="fp-explore",
            title=said(finding, translate),
            description=translate("Ratio of the two periods for each area. The table below has every area."),
        )
        if rows
        else None,
        tables=(
            LookTable(Phrase("All small areas"), table, (False, True, True, True, True, True, False), (0, 2, 1, 6)),
        ),
        n=found.n,
        how=method_lines(asked, Phrase("Method: {method}.", method=Phrase(found.method))),
        doubts=_once(doubts),
        key=(Phrase("Triangles: beyond chance. The line is the interval of the ratio; upright: no change."),),
        measure=Measure.CHANGE_ON_YEAR_BEFORE,
    )


def journey_look(asked: Asked, translate: Translate) -> Look:
    """A place's rate and rank through time among those of its kind, against what chance gives one of its size."""
    ground = ground_of(asked)
    if ground.denominator is None:
        raise CannotCompute("Without a denominator places of different size cannot be ranked.")
    place, groups = _travellers(ground)
    sized = {code: ground.denominator.total(small) for code, small in groups.items()}
    exposure = {code: float(size) for code, size in sized.items() if size}
    span = _unbroken(ground)
    months = list(span)
    counts = {code: ground.material.counts.by_month(groups[code], span) for code in exposure}
    found = journey(place.code, place.name, counts, exposure, months, batches=asked.batches)
    ranks = [translate("%s of %s") % (step.rank, found.places) for step in found.steps]
    labels = [f"{month_short(step.last, translate)} {step.last.year}" for step in found.steps]
    rows = tuple(
        (
            said(step.last, translate),
            step.count,
            round(step.rate, 1),
            step.rank,
            round(step.lower, 1),
            round(step.upper, 1),
        )
        for step in reversed(found.steps)
    )
    columns = ("year to", "count", "per 1,000", "rank", "range from", "range to")
    return Look(
        finding=found.sentence(),
        caption=Phrase(
            "Per 1,000 {unit} in the year to each month, {place}.", unit=Phrase(asked.unit.value), place=place.name
        ),
        picture=charts.journey(
            labels,
            [step.rate for step in found.steps],
            [(step.lower, step.upper) for step in found.steps],
            ranks=ranks,
            up=translate("per 1,000, and its rank (1 is the highest)"),
            prefix="fp-explore",
            title=said(found.sentence(), translate),
            description=translate("Rate through time with its rank. The table below gives the same numbers."),
        ),
        tables=(
            LookTable(Phrase("Every year"), Table(columns, rows), (False, True, True, True, True, True), (0, 1, 2, 3)),
        ),
        n=found.n,
        how=method_lines(asked, Phrase("Method: {method}.", method=Phrase(found.method)), *_edition_line(ground)),
        doubts=(),
        key=(Phrase("The band: where chance puts a place of this size that has the rate of all together."),),
        measure=rate_measure(ground),
    )


def _travellers(ground: Ground) -> tuple[Area, dict[str, list[str]]]:
    """Whose journey, and among whom: a ward among its district's wards; of a district the ward with the most."""
    asked = ground.asked
    geography, material = asked.geography, ground.material
    level = (
        asked.area.level if asked.area.level in (AreaLevel.WARD, AreaLevel.PRIORITY_NEIGHBOURHOOD) else AreaLevel.WARD
    )
    mine = {geography.parents[code].get(AreaLevel.DISTRICT) for code in material.small_areas}
    inside = {
        code: [small for small in areas if geography.parents[small].get(AreaLevel.DISTRICT) in mine]
        for code, areas in places.small_areas_by(geography, level).items()
        if code in geography.areas
    }
    groups = {code: areas for code, areas in inside.items() if areas}
    if asked.area.code in groups:
        return asked.area, groups
    if not groups:
        raise CannotCompute(Phrase("The boundaries at hand hold no wards of {area}.", area=asked.area.name))
    worst = max(sorted(groups), key=lambda code: material.counts.of(groups[code], ground.span))
    return geography.areas[worst], groups


def _unbroken(ground: Ground) -> MonthSpan:
    """The latest run of months of the period that are all present: a year with a gap is no year."""
    last = max(month for month in ground.material.present if month in ground.asked.period)
    first: Month = last
    while first - 1 in ground.material.present and first - 1 in ground.asked.period:
        first = first - 1
    return MonthSpan(first, last)


def rate_measure(ground: Ground) -> Measure:
    """The rate this question has: per household or resident; a count where no denominator covers the place."""
    if ground.denominator is None:
        return Measure.COUNT
    per_household = ground.asked.unit.value == "households"
    return Measure.RATE_PER_1000_HOUSEHOLDS if per_household else Measure.RATE_PER_1000_RESIDENTS


def _rate(ground: Ground) -> Rate:
    return area_rate(ground.material, ground.denominator, ground.exposure, ground.span, ground.asked.unit)


def _edition_line(ground: Ground) -> tuple[Phrase, ...]:
    if ground.denominator is None:
        return (Phrase("No count of {unit} covers every small area here, so no rate is given.",
                       unit=Phrase(ground.asked.unit.value)),)  # fmt: skip
    edition = ground.denominator.edition
    return (
        Phrase(
            "Rates are per 1,000 {unit} of the {edition}. Interval: Byar from ten, exact Poisson below.",
            unit=Phrase(edition.unit.value),
            edition=Phrase(edition.label),
        ),  # fmt: skip
    )


def _once(doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    return tuple(dict.fromkeys(doubts))
