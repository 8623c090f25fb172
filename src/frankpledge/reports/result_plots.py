"""The picture of each result: which chart of `plots` it is, and what is written on it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from frankpledge.reports.plots import (
    Measured,
    bar_chart,
    heat_table,
    interval_chart,
    line_chart,
    surface_map,
)

if TYPE_CHECKING:
    from frankpledge.analysis.aoristic import Aoristic
    from frankpledge.analysis.before_after import RelativeEffectSize
    from frankpledge.analysis.change import CountChange
    from frankpledge.analysis.change_point import ChangePoint
    from frankpledge.analysis.concentration import Lorenz
    from frankpledge.analysis.cusum import Cusum
    from frankpledge.analysis.difference_in_differences import DifferenceInDifferences, EventStudy
    from frankpledge.analysis.displacement import WeightedDisplacementDifference
    from frankpledge.analysis.exposure import ProtectionEffect
    from frankpledge.analysis.forecast_back_test import BackTest
    from frankpledge.analysis.getis_ord import HotCells
    from frankpledge.analysis.harm import HarmScore
    from frankpledge.analysis.interrupted_series import InterruptedSeries
    from frankpledge.analysis.kernel_density import KernelDensity
    from frankpledge.analysis.near_repeat import KnoxTest
    from frankpledge.analysis.near_repeat_chains import NearRepeatChains
    from frankpledge.analysis.near_repeat_decay import NearRepeatDecay
    from frankpledge.analysis.rates import Rate
    from frankpledge.analysis.repeat_victimisation import RepeatVictimisation
    from frankpledge.analysis.results import Interval, Result
    from frankpledge.analysis.season import Season
    from frankpledge.analysis.survey import SurveyShare
    from frankpledge.analysis.synthetic_control import SyntheticControl
    from frankpledge.analysis.time_of_day import DayByHour

MOST_BARS = 25
SIGNIFICANT = 0.05
RATIO_EDGES = (0.8, 1.2, 1.5, 2.0)  # a fifth fewer, a fifth more than chance, and so on
Z_EDGES = (1.96, 2.58, 3.29)  # two-sided 5 %, 1 %, 0.1 %


def knox(result: "KnoxTest") -> str:
    """Ratios, distance down and time across; a star where chance gives as many once in twenty or less."""
    marked = [] if result.p is None else [(int(i), int(j)) for i, j in np.argwhere(result.p <= SIGNIFICANT)]
    return heat_table(
        result.distance_bands,
        result.time_bands,
        [[None if np.isnan(value) else float(value) for value in row] for row in result.ratio],
        title=str(result.sentence()),
        description="Pairs observed over pairs expected by chance, distance down and time across.",
        note="Times as many pairs as chance gives." + (" * p of 0.05 or less, one cell at a time." if marked else ""),
        marked=marked,
        edges=RATIO_EDGES,
    )


def chains(result: "NearRepeatChains") -> str:
    """How many chains there are of each size from two up."""
    sizes = {size: count for size, count in result.size_counts().items() if size > 1}
    return bar_chart(
        [f"{size} events" for size in sizes] or ["no chains"],
        [float(count) for count in sizes.values()] or [0.0],
        title=str(result.sentence()),
        description="Number of chains by how many events they have.",
        note=f"Linked within {result.within_m:g} m and {result.within_days} days.",
    )


def decay(result: "NearRepeatDecay") -> str:
    """The excess risk by days since an event, with the half-life marked."""
    last = int(min(result.within_days, max(5 * result.days.half, 7)))
    days = range(last + 1)
    return line_chart(
        [str(day) for day in days],
        [100 * 0.5 ** (day / result.days.half) for day in days],
        lower=[100 * 0.5 ** (day / (result.days.interval.lower or 1e-9)) for day in days],
        upper=[100 * 0.5 ** (day / result.days.interval.upper) for day in days],
        reference=50.0,
        title=str(result.sentence()),
        description="Raised risk nearby, as a percentage of its start, by days since the event.",
        note="Days since an event; raised risk nearby as a percentage of its start. Dotted: half.",
    )


def repeats(result: "RepeatVictimisation") -> str:
    """Incidents by how often their place was hit."""
    rows = [row for row in result.table().rows if row[3]]  # places never hit have no incidents
    return bar_chart(
        [str(row[0]) + (" time" if str(row[0]) == "1" else " times") for row in rows],
        [float(row[3]) for row in rows],
        title=str(result.sentence()),
        description="Number of incidents by how often their place was hit.",
        note="Incidents at places hit so often.",
    )


def lorenz(result: "Lorenz") -> str:
    """The Lorenz curve, worst places first."""
    shares = np.linspace(0, 1, 101)
    curve = np.interp(shares, result.places, result.events)
    return line_chart(
        [f"{100 * share:.0f} %" for share in shares],
        [100 * float(value) for value in curve],
        second=[100 * float(share) for share in shares],
        second_label="all places alike",
        title=str(result.sentence()),
        description="Percentage of events in each percentage of places, worst first.",
        note="Across: share of the places, worst first. Up: percentage of the events.",
    )


def density(result: "KernelDensity") -> str:
    """The surface in events per square kilometre."""
    return surface_map(
        result.density * 1e6,
        west=result.grid.west,
        south=result.grid.south,
        cell_m=result.grid.cell_m,
        title=str(result.sentence()),
        description="Map of the density of events.",
        unit="events per square kilometre",
        note=f"{result.kernel.value.capitalize()} kernel, {result.bandwidth_m:g} m.",
    )


def hot_cells(result: "HotCells") -> str:
    """z of Gi* in the cells that stand out."""
    from frankpledge.analysis.grids import SquareGrid

    assert isinstance(result.grid, SquareGrid)  # the command counts on squares
    return surface_map(
        np.where(result.hot | result.cold, result.z, 0.0),
        west=result.grid.west,
        south=result.grid.south,
        cell_m=result.grid.cell_m,
        title=str(result.sentence()),
        description="Map of the z values of Gi*.",
        unit="z of Gi*",
        edges=Z_EDGES,
        note="Only cells that stand out when allowing for how many are tested.",
    )


def back_test(result: "BackTest") -> str:
    """Hit rates of the forecast and of counts per cell."""
    rows = []
    for place, area in enumerate(result.area_shares):
        for name, found in (("forecast", result.model[place]), ("counts per cell", result.counts[place])):
            rows.append(_measured(f"{name}, {100 * area:g} % of area", found.hit_rate, found.hit_rate_interval, 100))
    return interval_chart(
        rows,
        title=str(result.sentence()),
        description="Hit rates with intervals, for the forecast and for counts per cell.",
        note="Percentage of the events of the test that fell in the flagged cells.",
    )


def week(result: "Aoristic | DayByHour", note: str) -> str:
    """Hours down, days across."""
    table = result.table()
    return heat_table(
        table.columns[1:],
        [str(row[0]) for row in table.rows],
        [[float(row[hour]) for row in table.rows] for hour in range(1, 25)],
        title=str(result.sentence()),
        description="Events by hour of the day and day of the week.",
        note=note,
    )


def harm(result: "HarmScore") -> str:
    """The harm of each kind of offence, most first."""
    lines = result.lines[:MOST_BARS]
    return bar_chart(
        [line.offence for line in lines],
        [line.harm for line in lines],
        title=str(result.sentence()),
        description="Harm by kind of offence.",
        note=f"Weights: {result.weights.label()}.",
    )


def season(result: "Season") -> str:
    """The index of each month with its interval."""
    return interval_chart(
        [_measured(month.name, month.index, month.interval) for month in result.months],
        reference=1.0,
        title=str(result.sentence()),
        description="Index of each month with its interval.",
        note="Times the average day of the year. Dotted: the average.",
    )


def series(
    result: "CountChange | ChangePoint", labels: Sequence[str], counts: Sequence[int], change_after: int | None = None
) -> str:
    """The counts as a line, the change marked."""
    return line_chart(
        labels,
        [float(count) for count in counts],
        change_after=change_after,
        title=str(result.sentence()),
        description="Counts by period.",
    )


def cusum(result: "Cusum") -> str:
    """The upper sum against its limit."""
    return line_chart(
        result.labels,
        [float(value) for value in result.upper],
        second=[-float(value) for value in result.lower],
        second_label="the lower sum, downward",
        reference=result.upper_limit,
        title=str(result.sentence()),
        description="Cumulative sums by period, against their limit.",
        note="Dotted: the upper limit.",
    )


def rate(result: "Rate") -> str:
    """One dot with its interval."""
    return interval_chart(
        [_measured("rate", result.value, result.interval)],
        title=str(result.sentence()),
        description="The rate with its interval.",
    )


def survey(result: "SurveyShare") -> str:
    """One dot with its interval, in percent."""
    return interval_chart(
        [_measured("share", result.value, result.interval, 100)],
        title=str(result.sentence()),
        description="The percentage with its interval.",
        note=f"{result.n:,} answers; worth {result.effective_n:,.0f} unweighted ones.",
    )


def displacement(result: "WeightedDisplacementDifference") -> str:
    """The target, the displacement and the total, each with 1.96 standard errors."""
    parts = [("target", result.local), ("displacement", result.displacement)] if result.buffers else []
    rows = [
        Measured(name, part.value, part.value - 1.96 * part.standard_error, part.value + 1.96 * part.standard_error)
        for name, part in parts
    ]
    return interval_chart(
        [*rows, _measured("total", result.total.value, result.interval)],
        reference=0.0,
        title=str(result.sentence()),
        description="Weighted displacement difference and its parts with intervals.",
        note=f"In {result.unit}; below nought: fewer than the comparison leads one to expect.",
    )


def effect_size(result: "RelativeEffectSize") -> str:
    """One dot with its interval against 1."""
    return interval_chart(
        [_measured("relative effect size", result.value, result.interval)],
        reference=1.0,
        title=str(result.sentence()),
        description="Relative effect size with its interval.",
        note="Above 1 favours the scheme.",
    )


def panel(results: "Mapping[str, Result]") -> str:
    """The event study where there is one, else the synthetic control's two lines, else the one ratio."""
    from frankpledge.analysis.difference_in_differences import DifferenceInDifferences, EventStudy
    from frankpledge.analysis.synthetic_control import SyntheticControl

    found = list(results.values())
    for result in found:
        if isinstance(result, EventStudy):
            return event_study(result)
    for result in found:
        if isinstance(result, SyntheticControl):
            return synthetic(result)
    assert isinstance(found[0], DifferenceInDifferences)  # the only one left
    return differences(found[0])


def event_study(result: "EventStudy") -> str:
    """Rate ratios by time since the start."""
    spans = [
        Measured(f"{since:+d}", float(ratio), float(low), float(high))
        for since, ratio, low, high in zip(result.since, result.rate_ratio, result.lower, result.upper, strict=True)
    ]
    return interval_chart(
        spans,
        reference=1.0,
        title=str(result.sentence()),
        description="Rate ratios by periods since the start, with intervals.",
        note="Periods since the start; rate ratio against the last before. Dotted: no difference.",
    )


def synthetic(result: "SyntheticControl") -> str:
    """What was observed, and what the mixture of untreated areas had."""
    return line_chart(
        [str(i + 1) for i in range(len(result.observed))],
        [float(value) for value in result.observed],
        second=[float(value) for value in result.synthetic],
        second_label="synthetic control",
        change_after=result.start,
        title=str(result.sentence()),
        description="Events by period, observed and synthetic.",
    )


def differences(result: "DifferenceInDifferences") -> str:
    """One dot with its interval against 1."""
    return interval_chart(
        [_measured("rate ratio", result.rate_ratio, result.interval)],
        reference=1.0,
        title=str(result.sentence()),
        description="Rate ratio with its interval.",
    )


def interrupted(result: "InterruptedSeries", labels: Sequence[str]) -> str:
    """What was observed, and where the path before was leading."""
    return line_chart(
        labels,
        [float(value) for value in result.observed],
        second=[float(value) for value in result.expected],
        second_label="expected without the change",
        change_after=result.start,
        title=str(result.sentence()),
        description="Events by period, observed and expected.",
    )


def protection(result: "ProtectionEffect") -> str:
    """One dot with its interval against 1."""
    return interval_chart(
        [_measured("rate ratio", result.rate_ratio, result.interval)],
        reference=1.0,
        title=str(result.sentence()),
        description="Burglary of protected homes against unprotected ones.",
        note="Below 1: protected homes are burgled less.",
    )


def _measured(label: str, value: float, interval: "Interval", scale: float = 1.0) -> Measured:
    upper = scale * interval.upper
    lower = None if interval.lower is None else scale * interval.lower
    return Measured(label, scale * value, lower, upper if np.isfinite(upper) else None)
