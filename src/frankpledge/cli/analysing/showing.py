"""How every method's answer leaves: a table and a sentence for a reader, JSON for a machine, a picture for a report."""

import json
import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from frankpledge.vocabulary.errors import DataProblem

if TYPE_CHECKING:
    from frankpledge.analysis.results import Result, Table

Command = TypeVar("Command", bound=Callable[..., Any])

MOST_ROWS = 40
NOTHING = "–"
MIXED = 10_000  # a column whose largest figure is so many times its smallest
PICTURE_ENDINGS = (".svg", ".png")
PROGRESS_SECONDS = 2.0


class MethodGroup(click.Group):
    """A group whose methods stand in ``--help`` in the order given, each with a line that fits."""

    def __init__(self, *args: Any, methods: Sequence[tuple[click.Command, str]], **settings: Any) -> None:
        super().__init__(*args, **settings)
        for method, summary in methods:
            method.short_help = summary
            self.add_command(method)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order given, not of the alphabet."""
        return list(self.commands)


def output_options(plot: bool = True) -> Callable[[Command], Command]:
    """``--json`` and, where the method has a picture, ``--plot``."""

    def decorate(command: Command) -> Command:
        if plot:
            command = click.option(
                "--plot", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.svg|.png", help="Draw it."
            )(command)
        return click.option(
            "--json", "json_file", metavar="FILE|-", help="Write all numbers to FILE, or to standard output alone."
        )(command)

    return decorate


class _Finite(click.ParamType):
    """A number; not one of the words that Python also takes for numbers (nan, inf)."""

    name = "NUMBER"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; anything else is click's own error."""
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


FINITE = _Finite()

seed_option = click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of chance.")
confidence_option = click.option(
    "--confidence",
    type=click.FloatRange(0.5, 1, max_open=True),
    default=0.95,
    show_default=True,
    help="Of the intervals.",
)


def show(
    result: "Result",
    *,
    json_file: str | None,
    plot: Path | None = None,
    draw: Callable[[], str] | None = None,
    tables: "Sequence[tuple[str, Table]] | None" = None,
    also: Mapping[str, Any] | None = None,
) -> None:
    """Print ``tables`` (the result's own without), its sentence and doubts; or the JSON alone where it goes to ``-``.

    ``also`` adds keys to the JSON. ``draw`` makes the SVG.
    """
    if json_file is not None:
        text = as_json({**result.as_dict(), **(also or {})})
        if json_file == "-":
            sys.stdout.write(text)
        else:
            write(Path(json_file), text.encode())
    if plot is not None and draw is not None:
        write(plot, _picture(plot, draw))
    if json_file != "-":
        click.echo(said(result, tables or [("", result.table())]))


def check_places(json_file: str | None, plot: Path | None = None) -> None:
    """Before any long work: refuse an output that could not be written. DataProblem says which."""
    if plot is not None and plot.suffix.lower() not in PICTURE_ENDINGS:
        raise DataProblem(f"A picture is .svg or .png; {plot.name} is neither.")
    for file in (plot, None if json_file in (None, "-") else Path(str(json_file))):
        if file is not None and not file.resolve().parent.is_dir():
            raise DataProblem(f"There is no folder {file.parent} to write {file.name} into.")


def write(file: Path, content: bytes) -> None:
    """Write a file and say so on standard error."""
    check_places(str(file))
    file.write_bytes(content)
    tell(f"Wrote {file}.")


def tell(line: str) -> None:
    """One line to the person waiting, on standard error."""
    click.echo(line, err=True)


def progress(what: str) -> Callable[[int, int], None]:
    """Tells how far long work is, every two seconds at most; quick work passes without a word."""
    last = time.monotonic()

    def report(done: int, of: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= PROGRESS_SECONDS:
            last = now
            tell(f"{what}: {done:,} of {of:,}.")

    return report


def as_json(values: Mapping[str, Any]) -> str:
    """JSON on one line for each key, without a number that is none: those are null."""
    lines = (f"  {json.dumps(key)}: {_json(value)}" for key, value in values.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    except ValueError:
        return json.dumps(_without_nan(value), ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    """NumPy's numbers and arrays as Python's."""
    return value.tolist()


def _without_nan(value: Any) -> Any:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return value


def _picture(file: Path, draw: Callable[[], str]) -> bytes:
    from frankpledge.reports.plots import as_png

    svg = draw()
    return as_png(svg) if file.suffix.lower() == ".png" else svg.encode()


# --- words for a reader


def said(result: "Result", tables: "Sequence[tuple[str, Table]]") -> str:
    """The sentence, the tables, the doubts and how it was worked out."""
    parts = [str(result.sentence())]
    for heading, table in tables:
        parts.append(f"{heading}\n{aligned(table)}" if heading else aligned(table))
    if result.doubts:
        parts.append("\n".join(["Doubts", *(f"- {doubt.kind.value}: {doubt.sentence}" for doubt in result.doubts)]))
    worked = f"Method: {result.method}; n {result.n:,}"
    parts.append(worked + (f"; seed {result.seed}." if result.seed is not None else "."))
    return "\n\n".join(parts)


def aligned(table: "Table") -> str:
    """Columns of equal width: figures to the right with commas for thousands, words to the left, – for nothing."""
    shown = table.rows[:MOST_ROWS]
    cells = [[str(name) for name in table.columns]]
    numeric = [_is_numeric([row[j] for row in table.rows]) for j in range(len(table.columns))]
    styles = [_style([row[j] for row in table.rows]) for j in range(len(table.columns))]
    cells += [[styles[j](value) for j, value in enumerate(row)] for row in shown]
    widths = [max(len(row[j]) for row in cells) for j in range(len(table.columns))]
    lines = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in cells
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    if len(table.rows) > MOST_ROWS:
        lines.append(f"... and {len(table.rows) - MOST_ROWS:,} more rows; --json gives all numbers.")
    return "\n".join(lines)


def _is_numeric(values: Sequence[Any]) -> bool:
    return all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values)


def _style(values: Sequence[Any]) -> Callable[[Any], str]:
    """One way of writing for a whole column, so that its decimals stand under each other; each value's own where the
    column holds sums of money beside ratios.
    """
    sizes = [abs(float(value)) for value in values if _is_figure(value) and value]
    fractional = any(float(value) != int(value) for value in values if _is_figure(value))
    mixed = bool(sizes) and max(sizes) > MIXED * min(sizes)
    places = _places(max(sizes)) if fractional else 0

    def written(value: Any) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if not _is_figure(value):
            return str(value) if isinstance(value, str) else NOTHING
        own = _places(abs(value)) if fractional and mixed else places
        if value and own and abs(value) < 0.5 * 10**-own:
            return f"{value:.1e}"
        return f"{value:,.{own}f}"

    return written


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _places(largest: float) -> int:
    """Decimals that keep about four figures of the largest."""
    return 1 if largest >= 1000 else 2 if largest >= 10 else 3
