"""Looks at events themselves: where on the ground, when in the week, at the same place again, near in space and time.

What the data cannot bear is refused with the reason: a month is no day, a snap point no address. Points are never shown
of domestic or sexual offences; cells of fewer than five events of a partner's own file say only that they are few.
"""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from frankpledge.analysis.aoristic import DAYS, aoristic
from frankpledge.analysis.events import Events
from frankpledge.analysis.grids import hexagon_grid, square_grid
from frankpledge.analysis.kernel_density import KM2, kernel_density
from frankpledge.analysis.places import choose_denominator
from frankpledge.analysis.repeat_victimisation import repeat_victimisation
from frankpledge.analysis.results import Table, rows_left_out
from frankpledge.analysis.wall_clock import wall_clock
from frankpledge.evidence import queries
from frankpledge.oversight.exploring.asked import Asked
from frankpledge.oversight.exploring.looks import Look, LookTable, method_lines
from frankpledge.reports import explorer_charts as charts
from frankpledge.reports import maps, svg
from frankpledge.reports.scales import Classes, classes_for, edge_labels
from frankpledge.reports.words import places_for
from frankpledge.vocabulary.areas import DenominatorUnit
from frankpledge.vocabulary.columns import PlacePrecision, Precision
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.geography import Outline
from frankpledge.vocabulary.questions import Measure
from frankpledge.vocabulary.wording import Phrase, Translate, decimal, said, share, whole

FEWEST_SHOWN = 5  # below it a cell of a partner's own file says only that there are few
MOST_POINTS = 4_000  # places on one map
FEWEST_NEAR = 30  # events, below which pairs are too few to judge
HEXAGONS_ACROSS, CELLS_ACROSS = 26, 120
STEPS_M = (250, 500, 1_000, 2_000, 5_000, 10_000)
DENSITY_SHARES = (0.08, 0.18, 0.36, 0.65)  # of the peak: the edges between the shades
NEAR_M, NEAR_DAYS = 200, 13
PLACE_WORDS = {
    PlacePrecision.ADDRESS.value: Phrase("at the address"),
    PlacePrecision.STREET.value: Phrase("on the street"),
    PlacePrecision.SNAP.value: Phrase("at the publisher’s nearest map point, not where it happened"),
    PlacePrecision.AREA.value: Phrase("in the middle of an area"),
    PlacePrecision.NONE.value: Phrase("nowhere that is known"),
}


def days_left_out(asked: Asked) -> tuple[Doubt, ...]:
    """What a filter of weekdays or hours leaves out. CannotCompute when no event's day (or hour) is known."""
    if not asked.question.needs_days:
        return ()
    exact = (Precision.MINUTE.value,) if asked.question.hours else queries.EXACT_DAYS
    table = asked.run(queries.precisions(asked.selection().timeless()))
    known, rest = _split(table, exact)
    if not known:
        raise CannotCompute(_cannot_time(asked, "days and hours"))
    if not rest:
        return ()
    return (Doubt(DoubtKind.ROWS_LEFT_OUT, rows_left_out(rest, "the time is not known so exactly")),)


def _split(table: pa.Table, exact: tuple[str, ...]) -> tuple[int, int]:
    """Events of these precisions, and all others."""
    counted: Counter[bool] = Counter()
    for precision, n in zip(table["precision"].to_pylist(), table["n"].to_pylist(), strict=True):
        counted[precision in exact] += n
    return counted[True], counted[False]


def _cannot_time(asked: Asked, what: str) -> Phrase:
    return Phrase(
        "{source} gives only the month of each event, so {what} cannot be shown. A police extract with dates and times "
        "can show them.",
        source=Phrase(asked.source.label), what=Phrase(what),
    )  # fmt: skip


def _place_line(asked: Asked) -> Phrase:
    """How exactly the places are known, the commonest first."""
    table = asked.run(queries.precisions(asked.selection()))
    counted: Counter[str] = Counter()
    for precision, n in zip(table["place_precision"].to_pylist(), table["n"].to_pylist(), strict=True):
        counted[precision] += n
    parts = tuple(
        Phrase("{share} {words}", share=share(n / counted.total()), words=PLACE_WORDS[precision])
        for precision, n in counted.most_common()
    )
    return Phrase("Places are known: {parts}.", parts=parts)


def _land(asked: Asked) -> tuple[maps.Sheet, list[Outline]]:
    outlines = [asked.geography.outlines[code] for code in asked.small_areas if code in asked.geography.outlines]
    sheet = maps.sheet_of(outlines)
    if sheet is None:
        raise CannotCompute("There are no outlines of these areas, so no map can be drawn.")
    return sheet, outlines


def _points(asked: Asked, *, showable: bool = False) -> tuple[np.ndarray[Any, Any], ...]:
    """x, y (metres) and n of each place with events. CannotCompute when no event has a position."""
    table = asked.run(queries.points(asked.selection(), showable=showable))
    if not table.num_rows:
        raise CannotCompute(Phrase("None of these {what} has a position that can be shown.", what=asked.what))
    x, y, n = (table[name].to_numpy().astype(np.float64) for name in ("easting", "northing", "n"))
    return x, y, n


def _step(sheet: maps.Sheet, across: int) -> int:
    """The smallest round number of metres of which at most ``across`` cover the sheet."""
    longest = max(sheet.east - sheet.west, sheet.north - sheet.south)
    return next((step for step in STEPS_M if longest / step <= across), STEPS_M[-1])


def _is_open(asked: Asked) -> bool:
    """Whether every place is a publisher's own map point: what everybody can download needs no guarding of few."""
    table = asked.run(queries.precisions(asked.selection()))
    return set(table["place_precision"].to_pylist()) <= {PlacePrecision.SNAP.value, PlacePrecision.NONE.value}


def _sensitive(asked: Asked) -> int:
    """How many are violent, sexual or domestic offences, of which no point is ever shown."""
    return int(asked.run(queries.sensitive_count(asked.selection()))["n"][0].as_py())


def _not_shown(hidden: int) -> tuple[Phrase, ...]:
    words = "Not shown: {count} violent, sexual or domestic offences, whose points may be somebody’s home."
    return (Phrase(words, count=whole(hidden)),) if hidden else ()


def hexagons(asked: Asked, translate: Translate) -> Look:
    """Counts in hexagons of a round number of metres."""
    sheet, outlines = _land(asked)
    x, y, n = _points(asked)
    is_open = _is_open(asked)
    hidden = 0 if is_open else _sensitive(asked)
    width = _step(sheet, HEXAGONS_ACROSS)
    grid = hexagon_grid(width_m=width, extent=(sheet.west, sheet.south, sheet.east, sheet.north))
    cells = grid.cell_of(x, y)
    inside = cells >= 0
    counts = np.bincount(cells[inside], weights=n[inside], minlength=grid.cells).astype(int)
    centre_x, centre_y = (values.ravel() for values in grid.centres)
    least = 1 if is_open else FEWEST_SHOWN
    held = np.flatnonzero(counts >= (least if hidden else 1))
    if not len(held):
        raise CannotCompute(Phrase("No hexagon has {least} of these {what} or more, and fewer are not shown as places.",
                                   least=least, what=asked.what))  # fmt: skip
    total = int(counts[held].sum()) if hidden else int(n.sum())
    classes = classes_for([float(max(count, least)) for count in counts[held]])
    few = Phrase("under {least}", least=least).said(translate)

    def words(count: int) -> str:
        return whole(count) if count >= least else few

    drawn = [
        (float(centre_x[i]), float(centre_y[i]), float(max(counts[i], least)), words(int(counts[i]))) for i in held
    ]
    ordered = sorted(held.tolist(), key=lambda i: (-counts[i], i))
    top = int(counts[ordered[0]])
    rows = tuple((round(float(centre_x[i])), round(float(centre_y[i])), words(int(counts[i]))) for i in ordered)
    finding = Phrase(
        "{shown} {what} lie in {cells} hexagons of {width} m; the fullest has {top}.",
        shown=whole(total), what=asked.what, cells=whole(len(held)), width=whole(width), top=words(top),
    )  # fmt: skip
    guarded = [Phrase("Cells of fewer than five say only that they are few.")] if least > 1 and not hidden else []
    if hidden:
        guarded = [Phrase("Cells of fewer than five are left out: violent, sexual or domestic offences are among "
                          "these, and a cell may be somebody’s home.")]  # fmt: skip
    return Look(
        finding=finding,
        caption=Phrase("Counts in hexagons {width} m from side to side, {period}.", width=whole(width),
                       period=asked.period),
        picture=maps.hexagon_map(
            sheet, outlines, drawn, width_m=width, classes=classes, prefix="fp-explore", title=said(finding, translate),
            description=translate("Map of counts in hexagons. The table below gives the same numbers."),
        ),
        tables=(LookTable(Phrase("Hexagons, the fullest first"), Table(("easting", "northing", "count"), rows),
                          (True, True, True), (0, 1, 2)),),
        n=total,
        how=method_lines(asked, Phrase("Counts in hexagons (Birch et al. 2007)."), _place_line(asked), *guarded),
        legend=_legend(classes, translate),
        measure=Measure.COUNT,
    )  # fmt: skip


def density(asked: Asked, translate: Translate) -> Look:
    """A smooth surface of events per square kilometre."""
    sheet, outlines = _land(asked)
    # A smooth surface shows where a single event lay; of what is no published map point the sensitive are left out.
    hidden = 0 if _is_open(asked) else _sensitive(asked)
    x, y, n = _points(asked, showable=hidden > 0)
    cell = max(50.0, math.ceil(max(sheet.east - sheet.west, sheet.north - sheet.south) / CELLS_ACROSS / 50) * 50.0)
    bandwidth = max(250.0, 2.5 * cell)
    grid = square_grid(cell_m=cell, extent=(sheet.west, sheet.south, sheet.east, sheet.north))
    found = kernel_density(
        Events(x=x, y=y), grid=grid, bandwidth_m=bandwidth, weights=n, batches=asked.batches, compiled=False
    )
    peak = found.highest * KM2
    classes = Classes(tuple(float(f"{peak * part:.2g}") for part in DENSITY_SHARES))
    east, north = found.peak
    finding = Phrase(
        "Densest near {east}, {north}: {peak} {what} per square kilometre over {period}.",
        east=f"{east:.0f}", north=f"{north:.0f}", peak=decimal(peak, places_for([peak])), what=asked.what,
        period=asked.period,
    )  # fmt: skip
    order = np.argsort(found.density, axis=None)[::-1][:200]
    rows = tuple(
        (round(float(grid.centres_x[i % grid.columns])), round(float(grid.centres_y[i // grid.columns])),
         round(float(found.density.flat[i]) * KM2, 1))
        for i in order.tolist()
    )  # fmt: skip
    return Look(
        finding=finding,
        caption=Phrase("Events per square kilometre, smoothed over {metres} m.", metres=whole(bandwidth)),
        picture=maps.surface(
            sheet, outlines, found.density * KM2, west=grid.west, south=grid.south, cell_m=cell, classes=classes,
            prefix="fp-explore", title=said(finding, translate),
            description=translate("Map of the density of events. The table below gives its densest cells."),
        ),
        tables=(LookTable(Phrase("The densest cells"), Table(("easting", "northing", "per square kilometre"), rows),
                          (True, True, True), (0, 1, 2)),),
        n=int(n.sum()),
        how=method_lines(
            asked, Phrase("Method: {method}, cells of {cell} m.", method=Phrase(found.method), cell=whole(cell)),
            _place_line(asked), *_not_shown(hidden),
        ),
        doubts=found.doubts,
        legend=_legend(classes, translate)[1:],
    )  # fmt: skip


def points(asked: Asked, translate: Translate) -> Look:
    """A mark at each place with events, for those who may see events; never of domestic or sexual offences."""
    sheet, outlines = _land(asked)
    hidden = _sensitive(asked)
    x, y, n = _points(asked, showable=True)
    if len(x) > MOST_POINTS:
        raise CannotCompute(
            Phrase("There are {count} places, too many to tell apart on one map. Choose a smaller area, fewer types or "
                   "a shorter time, or look at the density.", count=whole(len(x)))
        )  # fmt: skip
    finding = Phrase(
        "{count} {what} at {places} places; the one with the most has {most}.",
        count=whole(int(n.sum())), what=asked.what, places=whole(len(x)), most=whole(int(n.max())),
    )  # fmt: skip
    order = np.argsort(-n, kind="stable")
    rows = tuple((round(float(x[i])), round(float(y[i])), int(n[i])) for i in order.tolist())
    left_out = _not_shown(hidden)
    marks = [(float(x[i]), float(y[i]), int(n[i])) for i in order.tolist()]
    return Look(
        finding=finding,
        caption=Phrase("Each place with events, {period}; the larger the more.", period=asked.period),
        picture=maps.point_map(
            sheet, outlines, marks, prefix="fp-explore", title=said(finding, translate),
            description=translate("Map of the places of events. The table below gives the same numbers."),
        ),
        tables=(LookTable(Phrase("Places, the fullest first"), Table(("easting", "northing", "count"), rows),
                          (True, True, True), (0, 1, 2)),),
        n=int(n.sum()),
        how=method_lines(asked, _place_line(asked), *left_out),
        key=left_out,
    )  # fmt: skip


def week(asked: Asked, translate: Translate) -> Look:
    """Day by hour: each event spread over the hours in which it can have happened."""
    known, rest = _split(asked.run(queries.precisions(asked.selection())), (Precision.MINUTE.value,))
    if not known:
        raise CannotCompute(_cannot_time(asked, "the day and hour"))
    table = asked.run(queries.windows(asked.selection()))
    found = aoristic(table["occurred_from"], table["occurred_to"])
    finding = found.sentence()
    days = [translate(day)[:3] for day in DAYS]
    hours = [f"{hour:02d}–{(hour + 1) % 24:02d}" for hour in range(24)]
    weights = found.weights
    rows = tuple((hours[hour], *(round(float(weights[day, hour]), 1) for day in range(7))) for hour in range(24))
    left = (Doubt(DoubtKind.ROWS_LEFT_OUT, rows_left_out(rest, "no time of day")),) if rest else ()
    return Look(
        finding=finding,
        caption=Phrase("Expected number of {what} in each hour of the week, {period}.", what=asked.what,
                       period=asked.period),
        picture=charts.heat(
            hours, days, [[float(weights[day, hour]) for day in range(7)] for hour in range(24)], places=1,
            prefix="fp-explore", title=said(finding, translate),
            description=translate("Hours of the day down, days of the week across. The table has the same numbers."),
        ),
        tables=(LookTable(Phrase("Hours of the week"), Table(("hour", *(translate(day) for day in DAYS)), rows),
                          (False, *(True,) * 7)),),
        n=found.n,
        how=method_lines(asked, Phrase("Method: {method} (Ratcliffe 2002).", method=Phrase(found.method))),
        doubts=(*found.doubts, *left),
    )  # fmt: skip


def repeats(asked: Asked, translate: Translate) -> Look:
    """The same home or building again."""
    table = asked.run(queries.premises_days(asked.selection()))
    if not table.num_rows:
        raise CannotCompute(
            Phrase("{source} does not say at which home or building, or on which day, so repeats cannot be counted. A "
                   "police extract with addresses can show them.", source=Phrase(asked.source.label))
        )  # fmt: skip
    homes = _homes(asked)
    places = premises_numbers(table)
    hit = int(places.max()) + 1
    found = repeat_victimisation(
        places,
        wall_clock(table["occurred_from"])[0].astype("datetime64[D]"),
        number_of_places=homes if homes and homes >= hit else None,
    )
    finding = found.sentence()
    rows = [
        (_times(row.times, translate), float(row.places),
         f"{row.places:,} ({share(row.incidents / found.n)} {translate('of events')})")
        for row in found.times if row.times and row.places
    ]  # fmt: skip
    course = tuple(
        (f"{lapse.first}–{lapse.last}", lapse.repeats, lapse.place_days,
         None if lapse.rate is None else round(lapse.rate, 3), round(100 * lapse.by_then, 1))
        for lapse in found.time_course
    )  # fmt: skip
    times = tuple(
        (_times(row.times, translate), row.places, row.incidents,
         None if row.by_chance is None else round(row.by_chance, 1))
        for row in found.times if row.times
    )  # fmt: skip
    total, _ = _split(asked.run(queries.precisions(asked.selection())), tuple(item.value for item in Precision))
    left = total - table.num_rows
    doubts = (Doubt(DoubtKind.ROWS_LEFT_OUT, rows_left_out(left, "no home or building, or no day")),) if left else ()
    return Look(
        finding=finding,
        caption=Phrase("Homes and buildings by how often they were hit, {period}.", period=asked.period),
        picture=charts.bars(
            rows, prefix="fp-explore", title=said(finding, translate),
            description=translate("Number of places by how often they were hit. The table gives the same numbers."),
        ) if rows else None,
        tables=(
            LookTable(Phrase("By how often they were hit"),
                      Table(("hit", "places", "events", "places by chance"), times), (False, True, True, True),
                      (0, 1, 2, 3)),
            LookTable(Phrase("How soon the next came"),
                      Table(("days since the last", "repeats", "place-days watched", "per 1,000 place-days",
                             "hit again by then, %"), course), (False, True, True, True, True)),
        ),
        n=found.n,
        how=method_lines(asked, Phrase("Method: {method}.", method=Phrase(found.method))),
        doubts=(*found.doubts, *doubts),
        measure=Measure.REPEAT_SHARE,
    )  # fmt: skip


def premises_numbers(table: pa.Table) -> np.ndarray[Any, Any]:
    """The homes and buildings of ``premises_days`` as numbers from nought, the same number for the same one."""
    encoded = table["premises"].combine_chunks().dictionary_encode()
    return np.asarray(encoded.indices.to_numpy(zero_copy_only=False))


def _times(times: int, translate: Translate) -> str:
    return translate("once") if times == 1 else translate("%s times") % times


def _homes(asked: Asked) -> int | None:
    """How many homes could have been hit, for what is counted per household."""
    if asked.unit is not DenominatorUnit.HOUSEHOLDS:
        return None
    found = choose_denominator(asked.geography, DenominatorUnit.HOUSEHOLDS, list(asked.small_areas), None)
    return found[1] if found else None


def can_be_near(asked: Asked) -> int:
    """How many events have a day and a position. CannotCompute, with the reason, where too few have."""
    table = asked.run(queries.precisions(asked.selection()))
    exact = [
        n
        for precision, place, n in zip(
            table["precision"].to_pylist(), table["place_precision"].to_pylist(), table["with_point"].to_pylist(),
            strict=True,
        )
        if precision in queries.EXACT_DAYS and place in (PlacePrecision.ADDRESS.value, PlacePrecision.STREET.value)
    ]  # fmt: skip
    known = sum(exact)
    if not known:
        raise CannotCompute(
            Phrase("{source} gives no exact day and place together, so near repeats cannot be found. A police extract "
                   "with dates and addresses can show them.", source=Phrase(asked.source.label))
        )  # fmt: skip
    if known < FEWEST_NEAR:
        raise CannotCompute(
            Phrase("Only {count} of these {what} have an exact day and place: too few to tell a pattern from chance.",
                   count=whole(known), what=asked.what)
        )  # fmt: skip
    return known


def near_repeats(asked: Asked, worked_out: Mapping[str, Any], translate: Translate) -> Look:
    """What the job found: pairs near in space and time over those that chance gives."""
    ratio = [[None if value is None else float(value) for value in row] for row in worked_out["ratio"]]
    marked = frozenset(
        (i, j) for i, row in enumerate(worked_out["p"]) for j, p in enumerate(row) if p is not None and p <= 0.05
    )
    finding = Phrase(
        "{share} of {n} {what} came less than {days} days after another within {metres} m. Pairs so close are {times} "
        "times what chance gives.",
        share=share(worked_out["near"] / worked_out["n"]), n=whole(worked_out["n"]), what=asked.what,
        days=NEAR_DAYS + 1, metres=NEAR_M, times=decimal(worked_out["close_ratio"], 2),
    )  # fmt: skip
    rows = tuple(
        (band, time, worked_out["observed"][i][j], round(worked_out["expected"][i][j], 1),
         None if ratio[i][j] is None else round(ratio[i][j] or 0.0, 2), worked_out["p"][i][j])
        for i, band in enumerate(worked_out["distance_bands"]) for j, time in enumerate(worked_out["time_bands"])
    )  # fmt: skip
    return Look(
        finding=finding,
        caption=Phrase("Pairs of events over what chance gives, by distance (down) and time between (across)."),
        picture=charts.heat(
            worked_out["distance_bands"], worked_out["time_bands"], ratio, places=2, prefix="fp-explore", marked=marked,
            title=said(finding, translate),
            description=translate("Distance down, time across. The table below gives the same numbers."),
        ),
        tables=(LookTable(Phrase("All bands"), Table(("distance", "time", "pairs", "by chance", "times", "p"), rows),
                          (False, False, True, True, True, True)),),
        n=worked_out["n"],
        how=method_lines(
            asked,
            Phrase("Method: {method}; {permutations} permutations, seed {seed}.", method=Phrase(worked_out["method"]),
                   permutations=whole(worked_out["permutations"]), seed=worked_out["seed"]),
        ),
        key=(Phrase("* as many or more by chance once in twenty or less."),) if marked else (),
        measure=Measure.NEAR_REPEAT_SHARE,
        seed=worked_out["seed"],
    )  # fmt: skip


def _legend(classes: Classes, translate: Translate) -> tuple[tuple[int, str], ...]:
    if len(classes) < 2:
        return ()
    return tuple(
        (1 + round(i * 4 / (len(classes) - 1)), svg.legend_words(low, high, translate))
        for i, (low, high) in enumerate(edge_labels(classes))
    )
