"""`frankpledge analyse knox`, `chains` and `decay`: does crime follow crime nearby, and for how long?"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from frankpledge.cli.analysing.reading import Where, date_option, file_options, place_options, read_events
from frankpledge.cli.analysing.showing import FINITE, check_places, output_options, progress, seed_option, show, tell

if TYPE_CHECKING:
    from frankpledge.analysis.near_repeat import KnoxTest
    from frankpledge.analysis.results import Table

METRICS = click.Choice(["euclidean", "manhattan"])
metric_option = click.option("--metric", type=METRICS, default="euclidean", show_default=True, help="How far is far.")


@click.command()
@file_options
@place_options
@date_option
@click.option("--distance-band", type=FINITE, default=100, show_default=True, help="Width of a band in metres.")
@click.option("--distance-bands", type=int, default=10, show_default=True, help="How many.")
@click.option("--time-band", type=int, default=7, show_default=True, help="Width of a band in days.")
@click.option("--time-bands", type=int, default=8, show_default=True, help="How many.")
@click.option("--same-place/--no-same-place", default=True, show_default=True, help="A band of its own for distance 0.")
@metric_option
@click.option(
    "--calculator-bands",
    is_flag=True,
    help="Bands cut as the Near Repeat Calculator cuts them, under their true names.",
)
@click.option("--permutations", type=int, default=999, show_default=True, help="For the p values; 0 for none.")
@seed_option
@output_options()
def knox(
    files: tuple[Path, ...], where: Where, x: str, y: str, date: str, distance_band: float, distance_bands: int,
    time_band: int, time_bands: int, same_place: bool, metric: str, calculator_bands: bool, permutations: int,
    seed: int, json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Near repeats: are more pairs of events close in both space and time than chance gives?

    Bands are the same place, over 0 to 100 m, over 100 to 200 m ... and days 0 to 6, 7 to 13 ... Expected counts and
    their standard deviations are exact over all relabellings of the days; permutations give the p values alone.
    """
    check_places(json_file, plot)
    events = read_events(files, x=x, y=y, date=date, where=where)
    from frankpledge.analysis.kernels import say_if_compiling
    from frankpledge.analysis.near_repeat import BandRule, knox_test

    say_if_compiling(tell)
    result = knox_test(
        events,
        distance_band_m=distance_band,
        distance_bands=distance_bands,
        time_band_days=time_band,
        time_bands=time_bands,
        same_place=same_place,
        metric=metric,
        rule=BandRule.NEAR_REPEAT_CALCULATOR if calculator_bands else BandRule.CLOSED,
        permutations=permutations,
        seed=seed,
        progress=progress("Permutations"),
    )
    near = [1.0] if calculator_bands else []  # the calculator's first band ends one metre off
    edges = {
        "distance_edges_m": [0.0, *near, *(round(distance_band * k, 9) for k in range(1, distance_bands + 1))],
        "time_edges_days": [time_band * k for k in range(time_bands + 1)],
    }
    from frankpledge.reports import result_plots

    show(
        result,
        json_file=json_file,
        plot=plot,
        draw=lambda: result_plots.knox(result),
        tables=_knox_tables(result),
        also=edges,
    )


def _knox_tables(result: "KnoxTest") -> "list[tuple[str, Table]]":
    """Distance down, time across: pairs, how many times chance, and p."""
    from frankpledge.analysis.results import Table

    columns = ("distance", *result.time_bands)

    def matrix(values: object) -> Table:
        rows = zip(result.distance_bands, values.tolist(), strict=True)  # type: ignore[attr-defined]
        return Table(columns, tuple((name, *row) for name, row in rows))

    tables = [("Pairs observed", matrix(result.observed)), ("Times as many as chance gives", matrix(result.ratio))]
    if result.p is not None:
        tables.append(("p: how often chance gives as many or more", matrix(result.p)))
    return tables


@click.command()
@file_options
@place_options
@date_option
@click.option("--within-m", type=FINITE, default=200, show_default=True, help="Linked within so many metres,")
@click.option("--within-days", type=int, default=14, show_default=True, help="and so many days.")
@click.option("--strict", is_flag=True, help="Less than both, not up to.")
@metric_option
@output_options()
def chains(
    files: tuple[Path, ...], where: Where, x: str, y: str, date: str, within_m: float, within_days: int, strict: bool,
    metric: str, json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Chains of near repeats: which events hang together, however many neighbours each has."""
    check_places(json_file, plot)
    events = read_events(files, x=x, y=y, date=date, where=where)
    from frankpledge.analysis.kernels import say_if_compiling
    from frankpledge.analysis.near_repeat_chains import near_repeat_chains
    from frankpledge.reports import result_plots

    say_if_compiling(tell)
    result = near_repeat_chains(events, within_m=within_m, within_days=within_days, strict=strict, metric=metric)
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.chains(result))


@click.command()
@file_options
@place_options
@date_option
@click.option("--within-m", type=FINITE, default=1000, show_default=True, help="Metres looked at.")
@click.option("--distance-band", type=FINITE, default=50, show_default=True, help="Width of a band in metres.")
@click.option("--within-days", type=int, default=56, show_default=True, help="Days looked at.")
@click.option("--time-band", type=int, default=1, show_default=True, help="Width of a band in days.")
@metric_option
@output_options()
def decay(
    files: tuple[Path, ...], where: Where, x: str, y: str, date: str, within_m: float, distance_band: float,
    within_days: int, time_band: int, metric: str, json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Half-distance and half-life: how fast the raised risk near an event fades."""
    check_places(json_file, plot)
    events = read_events(files, x=x, y=y, date=date, where=where)
    from frankpledge.analysis.kernels import say_if_compiling
    from frankpledge.analysis.near_repeat_decay import near_repeat_decay
    from frankpledge.reports import result_plots

    say_if_compiling(tell)
    result = near_repeat_decay(
        events,
        within_m=within_m,
        distance_band_m=distance_band,
        within_days=within_days,
        time_band_days=time_band,
        metric=metric,
    )
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.decay(result))
