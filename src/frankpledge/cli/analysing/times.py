"""`frankpledge analyse aoristic`, `day-by-hour`, `season`, `change`, `cusum`, `change-point`: when, and since when."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from frankpledge.cli.analysing.reading import Where, file_options, read_rows, values_of, whole_counts
from frankpledge.cli.analysing.showing import FINITE, check_places, output_options, seed_option, show
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.periods import Month

if TYPE_CHECKING:
    from frankpledge.analysis.aoristic import Aoristic
    from frankpledge.analysis.results import Table
    from frankpledge.analysis.time_of_day import DayByHour

Command = TypeVar("Command", bound=Callable[..., Any])
_MONTH = re.compile(r"\d{4}-\d{2}(-01)?", re.ASCII)


def series_options(command: Command) -> Command:
    """The columns of a series of counts."""
    command = click.option("--count", required=True, metavar="COLUMN", help="The count; rows of one period are added.")(
        command
    )
    return click.option("--period", required=True, metavar="COLUMN", help="The period: 2026-04, or any label.")(command)


@click.command()
@file_options
@click.option(
    "--from", "start", required=True, metavar="COLUMN", help="The earliest it can have been; DATE+TIME joins two."
)
@click.option("--to", "end", required=True, metavar="COLUMN", help="The latest; empty where the moment is known.")
@click.option("--timezone", default="Europe/London", show_default=True, help="Whose clock, for moments with a zone.")
@output_options()
def aoristic(
    files: tuple[Path, ...], where: Where, start: str, end: str, timezone: str, json_file: str | None, plot: Path | None
) -> None:
    """When in the week: each event spread over the hours in which it can have happened."""
    check_places(json_file, plot)
    columns = read_rows(files, [start, end], where=where, as_text=[start, end]).columns
    from frankpledge.analysis.aoristic import aoristic as weigh
    from frankpledge.reports import result_plots

    result = weigh(values_of(columns.column(start)), values_of(columns.column(end)), timezone=timezone)
    show(
        result,
        json_file=json_file,
        plot=plot,
        draw=lambda: result_plots.week(result, "Events, each spread over the hours in which it can have happened."),
        tables=[("Events by hour and day", _hours_down(result))],
    )


def _hours_down(result: "Aoristic | DayByHour") -> "Table":
    from frankpledge.analysis.results import Table

    table = result.table()
    days = tuple(str(row[0]) for row in table.rows)
    rows = tuple((hour, *(row[1 + i] for row in table.rows)) for i, hour in enumerate(table.columns[1:]))
    return Table(("hour", *days), rows)


@click.command("day-by-hour")
@file_options
@click.option("--time", "moment", required=True, metavar="COLUMN", help="When it happened; DATE+TIME joins two.")
@click.option("--timezone", default="Europe/London", show_default=True, help="Whose clock, for moments with a zone.")
@seed_option
@output_options()
def day_by_hour(
    files: tuple[Path, ...], where: Where, moment: str, timezone: str, seed: int, json_file: str | None,
    plot: Path | None,
) -> None:  # fmt: skip
    """Counts by day and hour of moments that are known, and whether the days differ beyond chance."""
    check_places(json_file, plot)
    columns = read_rows(files, [moment], where=where, as_text=[moment]).columns
    from frankpledge.analysis.time_of_day import day_by_hour as counted
    from frankpledge.reports import result_plots

    result = counted(values_of(columns.column(moment)), timezone=timezone, seed=seed)
    show(
        result,
        json_file=json_file,
        plot=plot,
        draw=lambda: result_plots.week(result, "Events by hour and day."),
        tables=[("Events by hour and day", _hours_down(result))],
    )


@click.command()
@file_options
@series_options
@click.option("--against", metavar="PERIOD", help="The period to compare with. [default: the one before]")
@click.option("--current", metavar="PERIOD", help="The period compared. [default: the last]")
@output_options()
def change(
    files: tuple[Path, ...], where: Where, period: str, count: str, against: str | None, current: str | None,
    json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """One period against another: difference, E-test, Poisson z, and a percentage where the base bears one.

    Months are compared per day. No percentage is given on a base under 20.
    """
    check_places(json_file, plot)
    labels, counts = read_series(files, period, count, where)
    now = _place_of(labels, current) if current else len(labels) - 1
    before = _place_of(labels, against) if against else now - 1
    if before < 0 or before == now:
        raise DataProblem("A change needs two periods.", remedy="Name them with --current and --against.")
    months = months_of(labels)
    from frankpledge.analysis.change import compare_counts, poisson_z
    from frankpledge.reports import result_plots

    result = compare_counts(
        counts[now],
        counts[before],
        current_days=months[now].days if months else 1.0,
        previous_days=months[before].days if months else 1.0,
        current_label=labels[now],
        previous_label=labels[before],
        per_day=True,
    )
    steps = [None, *(poisson_z(b, a) for a, b in zip(counts[:-1], counts[1:], strict=True))]
    also = {"periods": labels, "counts": counts, "z_from_the_one_before": steps}
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.series(result, labels, counts), also=also)


@click.command()
@file_options
@series_options
@output_options()
def season(
    files: tuple[Path, ...], where: Where, period: str, count: str, json_file: str | None, plot: Path | None
) -> None:
    """The shape of the year: each month against the average day of the year, from months such as 2026-04."""
    check_places(json_file, plot)
    labels, counts = read_series(files, period, count, where)
    months = months_of(labels)
    if not months:
        raise DataProblem("A season needs months.", remedy="Write periods as 2026-04.")
    from frankpledge.analysis.season import season as shape
    from frankpledge.reports import result_plots

    result = shape(months, counts)
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.season(result))


@click.command()
@file_options
@series_options
@click.option("--expected", type=FINITE, help="The usual count of a period. [default: the mean of the first --base]")
@click.option("--base", type=click.IntRange(min=1), default=12, show_default=True, help="Periods taken as usual.")
@click.option("--ratio", type=FINITE, default=1.5, show_default=True, help="The shift looked for, times the usual.")
@click.option(
    "--false-alarm-every",
    type=FINITE,
    default=120.0,
    show_default=True,
    help="Periods, on average, when nothing changed.",
)
@output_options()
def cusum(
    files: tuple[Path, ...], where: Where, period: str, count: str, expected: float | None, base: int, ratio: float,
    false_alarm_every: float, json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """Has the level shifted, a little but for long? A cumulative sum chart for counts."""
    check_places(json_file, plot)
    labels, counts = read_series(files, period, count, where)
    if expected is None and len(counts) <= base:
        raise DataProblem(
            f"There are {len(counts)} periods, and the first {base} are to say what is usual.",
            remedy="Give --expected, or a smaller --base.",
        )
    from frankpledge.analysis.cusum import poisson_cusum
    from frankpledge.reports import result_plots

    usual = sum(counts[:base]) / base if expected is None else expected
    result = poisson_cusum(counts, usual, ratio=ratio, false_alarm_every=false_alarm_every, labels=labels)
    show(result, json_file=json_file, plot=plot, draw=lambda: result_plots.cusum(result), also={"expected": usual})


@click.command("change-point")
@file_options
@series_options
@click.option(
    "--permutations", type=click.IntRange(1, 1_000_000), default=999, show_default=True, help="For the p value."
)
@seed_option
@output_options()
def change_point(
    files: tuple[Path, ...], where: Where, period: str, count: str, permutations: int, seed: int,
    json_file: str | None, plot: Path | None,
) -> None:  # fmt: skip
    """When did the level change, if it did? One change point of a series of counts, and how sure."""
    check_places(json_file, plot)
    labels, counts = read_series(files, period, count, where)
    months = months_of(labels)
    from frankpledge.analysis.change_point import change_point as best_split
    from frankpledge.reports import result_plots

    result = best_split(
        counts,
        exposure=[month.days for month in months] if months else None,
        labels=labels,
        permutations=permutations,
        seed=seed,
    )
    show(
        result,
        json_file=json_file,
        plot=plot,
        draw=lambda: result_plots.series(result, labels, counts, change_after=result.after),
    )


def read_series(files: Sequence[Path], period: str, count: str, where: Where = ()) -> tuple[list[str], list[int]]:
    """Labels and counts of the periods, in the order of months where they are months, of the file where not."""
    columns = read_rows(files, [period, count], where=where, as_text=[period]).columns
    totals: dict[str, int] = {}
    labels = [str(label).strip() for label in columns.column(period).to_pylist()]
    for label, number in zip(labels, whole_counts(columns.column(count), count), strict=True):
        if not label or label == "None":
            raise DataProblem(f"A row has no period in column “{period}”.")
        totals[label] = totals.get(label, 0) + number
    order = list(totals)
    if months := months_of(order):
        order = [label for _, label in sorted(zip(months, order, strict=True))]
        _refuse_gaps([Month.parse(label[:7]) for label in order])
    return order, [totals[label] for label in order]


def months_of(labels: Sequence[str]) -> list[Month] | None:
    """The months, where every label is one (``2026-04``, or its first day ``2026-04-01``); else None."""
    if not all(_MONTH.fullmatch(label) for label in labels):
        return None
    return [Month.parse(label[:7]) for label in labels]


def _refuse_gaps(months: Sequence[Month]) -> None:
    for earlier, later in zip(months[:-1], months[1:], strict=True):
        if later != earlier + 1:
            raise DataProblem(
                f"There is no row for {(earlier + 1).label}.", remedy="A missing month is not nought: give every month."
            )


def _place_of(labels: Sequence[str], label: str) -> int:
    if label not in labels:
        raise DataProblem(f"There is no period “{label}”. The first is {labels[0]} and the last {labels[-1]}.")
    return labels.index(label)
