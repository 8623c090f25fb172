"""What the commands read: the columns an analyst names, as events or as they stand, with what could not be used."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from frankpledge.cli.analysing.showing import FINITE, tell
from frankpledge.vocabulary.errors import DataProblem

if TYPE_CHECKING:
    import pyarrow as pa

    from frankpledge.analysis.events import Events
    from frankpledge.sources.tables import FileRows

Command = TypeVar("Command", bound=Callable[..., Any])
Where = tuple[tuple[str, str], ...]
Extent = tuple[float, float, float, float]


class _Condition(click.ParamType):
    """``COLUMN=VALUE``."""

    name = "COLUMN=VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The column and the value; a word without = ends in one sentence."""
        if isinstance(value, tuple):
            return value
        column, equals, wanted = str(value).partition("=")
        if not equals:
            raise DataProblem(f"“{value}” is no condition.", remedy="Write COLUMN=VALUE.")
        return column, wanted


def file_options(command: Command) -> Command:
    """The files and which rows of them."""
    command = click.option(
        "--where", type=_Condition(), multiple=True, help="Only rows whose COLUMN is VALUE. May be given again."
    )(command)
    return click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")(command)


def place_options(command: Command) -> Command:
    """The columns of a position in metres."""
    command = click.option("--y", required=True, metavar="COLUMN", help="Northing in metres.")(command)
    return click.option("--x", required=True, metavar="COLUMN", help="Easting in metres.")(command)


date_option = click.option(
    "--date", required=True, metavar="COLUMN", help="ISO date, day/month/year, or whole day numbers."
)
extent_option = click.option(
    "--extent",
    type=FINITE,
    nargs=4,
    metavar="X0 Y0 X1 Y1",
    help="South-west and north-east corner. [default: the events]",
)


def read_events(files: Sequence[Path], *, x: str, y: str, date: str | None = None, where: Where = ()) -> "Events":
    """The events of the files. What could not be used is counted and named in them; none at all is a DataProblem."""
    from frankpledge.analysis.events import LeftOut, events_from_table

    names = [x, y] if date is None else [x, y, date]
    rows = _rows(files, names, where=where, as_text=[] if date is None else [date])
    columns = {name: rows.columns.column(name) for name in names}
    if date is not None:
        columns[date] = _days(columns[date])
    events = events_from_table(columns, x=x, y=y, date=date)
    if rows.broken_lines:
        broken = LeftOut("more or fewer values than the header has columns", rows.broken_lines)
        events = replace(events, left_out=(*events.left_out, broken))
    if not len(events):
        reasons = " ".join(str(left.sentence) for left in events.left_out)
        raise DataProblem(f"No row can be used. {reasons}".strip())
    return events


def read_rows(
    files: Sequence[Path], names: Iterable[str], *, where: Where = (), as_text: Sequence[str] = ()
) -> "FileRows":
    """The columns of these names. DataProblem when no row is left; broken lines are told on standard error."""
    rows = _rows(files, names, where=where, as_text=as_text)
    if rows.broken_lines:
        tell(f"{rows.broken_lines:,} lines left out: more or fewer values than the header has columns.")
    return rows


def _rows(files: Sequence[Path], names: Iterable[str], *, where: Where, as_text: Sequence[str]) -> "FileRows":
    from frankpledge.sources.tables import read_columns

    rows = read_columns(files, names, where=where, as_text=as_text)
    if not rows.columns.num_rows:
        conditions = " and ".join(f"{column}={value}" for column, value in where)
        raise DataProblem(f"No row has {conditions}." if where else "No row can be used.")
    return rows


def values_of(column: "pa.ChunkedArray") -> Any:
    """A column as the methods take it: a NumPy array."""
    return column.to_numpy()


def whole_counts(column: "pa.ChunkedArray", name: str) -> list[int]:
    """A column of counts. DataProblem for a value that is missing, below nought or no whole number."""
    counts = []
    for value in column.to_pylist():
        try:
            count = float(str(value).replace(",", ""))
        except ValueError:
            count = float("nan")
        if count != count or count != int(count):
            raise DataProblem(
                f"Column “{name}” holds “{'' if value is None else value}”, which is no whole number.",
                remedy="A missing count is not nought: leave its row out.",
            )
        if count < 0:
            raise DataProblem(f"Column “{name}” holds {int(count)}: a count cannot be below nought.")
        counts.append(int(count))
    return counts


def _days(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """Day numbers as numbers where every value is a small one or nothing; else the text, ``20240131`` among it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from frankpledge.analysis.events import LATEST_DAY

    if not pa.types.is_string(column.type):
        return column
    tidy = pc.utf8_trim_whitespace(column)
    try:
        numbers = pc.if_else(pc.equal(tidy, ""), None, tidy).cast(pa.float64())
    except pa.ArrowInvalid:
        return column
    largest = pc.max(pc.abs(numbers)).as_py()
    return numbers if largest is not None and largest < LATEST_DAY else column
