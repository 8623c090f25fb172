"""`frankpledge evaluate panel`, `series` and `exposure`: effects from many areas, from one long series, from homes."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from frankpledge.cli.analysing.reading import Where, file_options, read_rows, values_of, whole_counts
from frankpledge.cli.analysing.showing import (
    as_json,
    check_places,
    confidence_option,
    output_options,
    said,
    seed_option,
    show,
    write,
)
from frankpledge.cli.analysing.times import months_of, read_series, series_options
from frankpledge.vocabulary.errors import CannotCompute, DataProblem

if TYPE_CHECKING:
    from frankpledge.analysis.count_panel import CountPanel
    from frankpledge.analysis.results import Result

METHODS = ("difference-in-differences", "event-study", "synthetic-control")


@click.command()
@file_options
@click.option("--area", required=True, metavar="COLUMN", help="The area of each row.")
@click.option("--period", required=True, metavar="COLUMN", help="The period, such as 2026-04.")
@click.option("--count", required=True, metavar="COLUMN", help="The count in it.")
@click.option("--treated", required=True, metavar="COLUMN", help="1 in periods when the area was treated, else 0.")
@click.option("--exposure", metavar="COLUMN", help="Homes, or homes times days.")
@click.option("--method", "methods", type=click.Choice(METHODS), multiple=True, help="[default: all three]")
@click.option("--negative-binomial", is_flag=True, help="For counts that vary much more than chance.")
@click.option("--span-periods", type=click.IntRange(min=1), default=1, show_default=True, help="Of the event study.")
@seed_option
@confidence_option
@output_options()
def panel(
    files: tuple[Path, ...], where: Where, area: str, period: str, count: str, treated: str, exposure: str | None,
    methods: tuple[str, ...], negative_binomial: bool, span_periods: int, seed: int, confidence: float,
    json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Counts by area and period: difference-in-differences, event study with a test before, synthetic control.

    One row for each area and period. A method that cannot honestly be used on these says why.
    """
    check_places(json_file, plot)
    data = _read_panel(files, where, area, period, count, treated, exposure)
    from frankpledge.analysis.count_models import CountFamily
    from frankpledge.analysis.difference_in_differences import difference_in_differences, event_study
    from frankpledge.analysis.synthetic_control import synthetic_control

    family = CountFamily.NEGATIVE_BINOMIAL if negative_binomial else CountFamily.POISSON
    ways: dict[str, Callable[[], Result]] = {
        METHODS[0]: lambda: difference_in_differences(data, family=family, confidence=confidence, seed=seed),
        METHODS[1]: lambda: event_study(data, span_periods=span_periods, family=family, confidence=confidence),
        METHODS[2]: lambda: synthetic_control(data, confidence=confidence),
    }
    results: dict[str, Result] = {}
    refused: dict[str, str] = {}
    for name in methods or METHODS:
        try:
            results[name] = ways[name]()
        except CannotCompute as reason:
            refused[name] = str(reason)
    if not results:
        raise CannotCompute(" ".join(dict.fromkeys(refused.values())))
    _show_all(results, refused, json_file, plot)


def _show_all(results: "dict[str, Result]", refused: dict[str, str], json_file: str | None, plot: Path | None) -> None:
    values: dict[str, Any] = {name.replace("-", "_"): result.as_dict() for name, result in results.items()}
    values["refused"] = {name.replace("-", "_"): reason for name, reason in refused.items()}
    if json_file == "-":
        sys.stdout.write(as_json(values))
    elif json_file is not None:
        write(Path(json_file), as_json(values).encode())
    if plot is not None:
        from frankpledge.reports import result_plots
        from frankpledge.reports.plots import as_png

        svg = result_plots.panel(results)
        write(plot, as_png(svg) if plot.suffix.lower() == ".png" else svg.encode())
    if json_file != "-":
        parts = [f"{name.upper()}\n{said(result, [('', result.table())])}" for name, result in results.items()]
        parts += [f"{name.upper()}\nNot used: {reason}" for name, reason in refused.items()]
        click.echo("\n\n\n".join(parts))


def _read_panel(
    files: Sequence[Path], where: Where, area: str, period: str, count: str, treated: str, exposure: str | None
) -> "CountPanel":
    names = [area, period, count, treated, *([exposure] if exposure else [])]
    columns = read_rows(files, names, where=where, as_text=[area, period]).columns
    marks = whole_counts(columns.column(treated), treated)
    if set(marks) - {0, 1}:
        raise DataProblem(f"Column “{treated}” must hold 1 for treated and 0 for not; it holds {max(marks)}.")
    from frankpledge.analysis.count_panel import count_panel

    return count_panel(
        area=values_of(columns.column(area)).astype(str),
        period=values_of(columns.column(period)).astype(str),
        count=whole_counts(columns.column(count), count),
        treated=marks,
        exposure=None if exposure is None else values_of(columns.column(exposure)),
    )


@click.command()
@file_options
@series_options
@click.option("--start", required=True, metavar="PERIOD", help="The first period after the change.")
@click.option("--periods-per-year", type=click.IntRange(min=1), default=12, show_default=True, help="For the season.")
@confidence_option
@output_options()
def series(
    files: tuple[Path, ...], where: Where, period: str, count: str, start: str, periods_per_year: int,
    confidence: float, json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Interrupted time series: what came after against where the path before was leading."""
    check_places(json_file, plot)
    labels, counts = read_series(files, period, count, where)
    if start not in labels:
        raise DataProblem(f"There is no period “{start}”. The first is {labels[0]} and the last {labels[-1]}.")
    months = months_of(labels)
    from frankpledge.analysis.interrupted_series import interrupted_series
    from frankpledge.reports import result_plots

    result = interrupted_series(
        counts,
        start=labels.index(start),
        exposure=[month.days for month in months] if months else None,
        periods_per_year=periods_per_year,
        confidence=confidence,
    )
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.interrupted(result, labels))


@click.command()
@click.option("--homes", type=click.Path(path_type=Path), required=True, metavar="FILE", help="One row for each home.")
@click.option("--home", required=True, metavar="COLUMN", help="The home's key, in both files.")
@click.option("--area", required=True, metavar="COLUMN", help="Its area, in the file of homes.")
@click.option("--protected-from", required=True, metavar="COLUMN", help="The day it was protected; empty if never.")
@click.option(
    "--events", type=click.Path(path_type=Path), required=True, metavar="FILE", help="One row for each burglary."
)
@click.option("--date", required=True, metavar="COLUMN", help="Its date, in the file of events.")
@click.option("--first-day", required=True, metavar="DATE", help="First day counted.")
@click.option("--last-day", required=True, metavar="DATE", help="Last day counted.")
@click.option(
    "--resamples", type=click.IntRange(0, 100_000), default=0, show_default=True, help="Bootstrap over homes."
)
@seed_option
@confidence_option
@output_options()
def exposure(
    homes: Path, home: str, area: str, protected_from: str, events: Path, date: str, first_day: str, last_day: str,
    resamples: int, seed: int, confidence: float, json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Burglary of protected homes by property-days: each home counts as protected from its own day on.

    Compared within the same area and month, so that neither hides in the effect.
    """
    check_places(json_file, plot)
    held = read_rows([homes], [home, area, protected_from], as_text=[home, area, protected_from]).columns
    burglaries = read_rows([events], [home, date], as_text=[home, date]).columns
    from frankpledge.analysis.exposure import protection_history, stratified_exposure
    from frankpledge.reports import result_plots

    _check_dates(values_of(held.column(protected_from)), protected_from)
    history = protection_history(
        home=values_of(held.column(home)),
        area=values_of(held.column(area)),
        protected_from=values_of(held.column(protected_from)),
        event_home=values_of(burglaries.column(home)),
        event_day=values_of(burglaries.column(date)),
        first_day=_day(first_day),
        end_day=_day(last_day) + 1,
    )
    result = stratified_exposure(history, resamples=resamples, confidence=confidence, seed=seed)
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.protection(result))


def _check_dates(values: Any, name: str) -> None:
    """A home whose date of protection cannot be read must not pass for one that was never protected."""
    from frankpledge.analysis.events import whole_days

    _, known = whole_days(values)
    unread = [value for value, read in zip(values, known, strict=True) if not read and str(value or "").strip()]
    if unread:
        raise DataProblem(f"{len(unread):,} homes have no date that can be read in “{name}”, such as “{unread[0]}”.")


def _day(text: str) -> int:
    from frankpledge.analysis.events import whole_days

    days, known = whole_days([text])
    if not known[0]:
        raise DataProblem(f"“{text}” is not a date.", remedy="Write 2026-04-30 or 30/04/2026.")
    return int(days[0])
