"""Columns of any file of rows, by name: CSV (plain or gzip), Parquet; several files of one kind as one table.

For an analyst's own files, whose columns no register knows. Numbers stay numbers where every value is one; everything
else stays text as written, so that the method that reads it can say which values it could not use. Lines with more or
fewer values than the header are left out and counted, never bent into shape.
"""

import codecs
import csv
import difflib
import gzip
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from frankpledge.vocabulary.errors import DataProblem

PARQUET_ENDINGS = (".parquet", ".pq")
SPREADSHEET_ENDINGS = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")
DELIMITERS = ",;\t|"
LONGEST_HEADER = 1_000_000  # characters
JOIN = "+"  # "from_date+from_time": two columns read as one, with a space between


@dataclass(frozen=True)
class FileRows:
    """Columns in the order asked for, and how many lines had more or fewer values than the header."""

    columns: pa.Table
    broken_lines: int = 0


def read_columns(
    paths: Sequence[Path], names: Iterable[str], *, where: Sequence[tuple[str, str]] = (), as_text: Sequence[str] = ()
) -> FileRows:
    """The columns of these names of all files, one under the other.

    ``names`` may join two columns (``date+time``). ``where``: rows are kept whose column has that very text. Columns
    ``as_text`` stay as written (``007`` is not ``7``). Raises DataProblem, naming the file, for one that is missing,
    empty, no table, or without such a column.
    """
    wanted = list(dict.fromkeys(names))
    tests = list(where)
    parts = [_read(path, wanted, tests) for path in paths]
    if not parts:
        raise DataProblem("No file was given.")
    columns = {name: _one_kind([part.columns.column(name) for part in parts]) for name in wanted}
    columns = {name: column if name in as_text else _as_numbers(column) for name, column in columns.items()}
    return FileRows(pa.table(columns), sum(part.broken_lines for part in parts))


def _read(path: Path, wanted: list[str], where: Sequence[tuple[str, str]]) -> FileRows:
    _refuse_what_is_no_table(path)
    single = list(
        dict.fromkeys([*(part for name in wanted for part in name.split(JOIN)), *(test for test, _ in where)])
    )
    if path.suffix.lower() in PARQUET_ENDINGS:
        rows = _read_parquet(path, wanted, single)
    else:
        rows = _read_csv(path, wanted, single)
    table = rows.columns
    if not table.num_rows:
        raise DataProblem("the file has a header and no rows.", file=str(path))
    for name, value in where:
        table = table.filter(pc.fill_null(pc.equal(_as_text(table.column(name)), value), False))
    return FileRows(pa.table({name: _column(table, name) for name in wanted}), rows.broken_lines)


def _refuse_what_is_no_table(path: Path) -> None:
    if path.is_dir():
        raise DataProblem("this is a folder.", file=str(path), remedy="Name the files in it.")
    if not path.exists():
        raise DataProblem(f"There is no file called {path}.")
    if path.suffix.lower() in SPREADSHEET_ENDINGS:
        raise DataProblem("this is a spreadsheet.", file=str(path), remedy="Save it as CSV and give that file.")
    if not path.stat().st_size:
        raise DataProblem("the file is empty.", file=str(path))


def _read_parquet(path: Path, wanted: list[str], single: list[str]) -> FileRows:
    try:
        held = parquet.read_schema(path).names
        names = _found(path, held, wanted, single)
        return FileRows(parquet.read_table(path, columns=names))
    except pa.ArrowInvalid as error:
        raise DataProblem("this is no Parquet file, or a damaged one.", file=str(path)) from error


def _read_csv(path: Path, wanted: list[str], single: list[str]) -> FileRows:
    header, delimiter = _header(path)
    names = _found(path, header, wanted, single)
    broken = 0

    def count(_row: arrow_csv.InvalidRow) -> str:
        nonlocal broken
        broken += 1
        return "skip"

    try:
        table = arrow_csv.read_csv(
            str(path),
            read_options=arrow_csv.ReadOptions(use_threads=False),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=count
            ),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=names, column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, OSError) as error:
        raise DataProblem("the file cannot be read as CSV to its end: it is damaged.", file=str(path)) from error
    return FileRows(table, broken)


def _header(path: Path) -> tuple[list[str], str]:
    """The names in the first line, and what stands between them."""
    try:
        with gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb") as file:
            head = file.readline(LONGEST_HEADER)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataProblem("this is no gzip file, or a damaged one.", file=str(path)) from error
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataProblem("the file is written in UTF-16.", file=str(path), remedy="Save it as CSV in UTF-8.")
    if b"\0" in head:
        raise DataProblem("this is no CSV file.", file=str(path), remedy="Give CSV, gzip of CSV, or Parquet.")
    try:
        line = head.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise DataProblem(
            "the file is not written in UTF-8.", file=str(path), remedy="Save it as CSV in UTF-8."
        ) from error
    delimiter = max(DELIMITERS, key=line.count)
    return next(csv.reader([line], delimiter=delimiter), []), delimiter


def _found(path: Path, held: Sequence[str], wanted: list[str], single: list[str]) -> list[str]:
    """The columns to read; DataProblem names those there are. A name with a plus in it may be a column itself."""
    names = []
    for name in single:
        if name in held:
            names.append(name)
        elif not any(name in whole.split(JOIN) for whole in wanted if whole in held):
            near = difflib.get_close_matches(name, held, n=1, cutoff=0.6) or [
                column for column in held if column.casefold() == name.casefold()
            ]
            there = f"The columns are: {', '.join(held)}."
            raise DataProblem(
                f"there is no column “{name}”.",
                file=str(path),
                remedy=f"Did you mean “{near[0]}”? {there}" if near else there,
            )
    names += [whole for whole in wanted if whole in held]
    names = list(dict.fromkeys(names))
    twice = [name for name in names if list(held).count(name) > 1]
    if twice:
        raise DataProblem(f"there are two columns called “{twice[0]}”.", file=str(path), remedy="Rename one of them.")
    return names


def _column(table: pa.Table, name: str) -> pa.ChunkedArray:
    if name in table.column_names:
        return table.column(name)
    first, *others = (_as_text(table.column(part)) for part in name.split(JOIN))
    for other in others:
        first = pc.utf8_trim_whitespace(pc.binary_join_element_wise(first, other, " ", null_handling="skip"))
    return first


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def _as_numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text as whole or decimal numbers where every value is one or nothing; else as it is."""
    if not pa.types.is_string(column.type):
        return column
    tidy = pc.utf8_trim_whitespace(column)
    tidy = pc.if_else(pc.equal(tidy, ""), None, tidy)
    for kind in (pa.int64(), pa.float64()):
        try:
            return tidy.cast(kind)
        except pa.ArrowInvalid:
            continue
    return column


def _one_kind(parts: list[pa.ChunkedArray]) -> pa.ChunkedArray:
    """The same column of several files as one, as text where they differ in kind."""
    kinds = {part.type for part in parts}
    if len(kinds) > 1:
        numbers = all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds)
        parts = [part.cast(pa.float64() if numbers else pa.string()) for part in parts]
    return pa.chunked_array([chunk for part in parts for chunk in part.chunks], type=parts[0].type)
