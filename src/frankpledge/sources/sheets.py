"""From the bytes of a CSV file to columns of text, with every line that is no row set aside and named.

Two ways lead there and agree on every file (a property test says so). The fast way hands clean files to Arrow whole.
The plain way takes any file line by line, so that one broken line spoils nothing but itself. A quoted cell may run over
a few lines; a quotation mark that is never closed costs only the line it stands in. Blank lines are not rows.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from frankpledge.sources.headers import not_a_table
from frankpledge.vocabulary.deliveries import RAW_LIMIT, RejectedRow, RowFault

LARGEST_CELL = 1_000_000  # characters
MOST_LINES = 5_000_000
MOST_REJECTED = 100_000  # beyond this the file itself is wrong, not its rows
LONGEST_TIDY_LINE = 10_000  # bytes
LONGEST_RECORD = 20  # lines a quoted cell may run over

_BOM = b"\xef\xbb\xbf"
# Characters that no publisher's text holds; tab is allowed, line ends are dealt with before.
_CONTROL = bytes(c for c in range(32) if c not in b"\t\r\n") + b"\x7f"
_CONTROL_TEXT = re.compile(f"[{re.escape(_CONTROL.decode())}]")
CONTROL_PATTERN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"  # the same, for Arrow
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")


@cache
def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    return re.compile(rf'(?:"([^"]*(?:""[^"]*)*)"|((?!")[^{re.escape(delimiter)}]*))({re.escape(delimiter)}|\Z)')


@cache
def _tidy_pattern(delimiter: str) -> re.Pattern[bytes]:
    mark = re.escape(delimiter.encode())
    cell = rb'(?:"(?:[^"]|"")*"|[^"' + mark + rb"]*)"
    return re.compile(cell + rb"(?:" + mark + cell + rb")*")


IntArray = np.ndarray[tuple[int], np.dtype[np.int32]]


class UnusableSheet(Exception):
    """Why no row of a file can be used, as the part of a sentence after the file's name."""


@dataclass
class Sheet:
    """The rows of one file as text. ``columns`` are plain string arrays of equal length, one per header cell."""

    file: str
    header: tuple[str, ...]
    columns: tuple[pa.StringArray, ...]
    lines: IntArray  # line of each row, the first line of the file being 1
    rejected: list[RejectedRow]  # lines that are no rows
    typed: bool = False  # out of a spreadsheet: dates were dates and numbers numbers before they became text

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, name: str) -> pa.StringArray:
        return self.columns[self.header.index(name)]

    def cells(self, row: int) -> tuple[str, ...]:
        return tuple(column[row].as_py() for column in self.columns)


def read_header(data: bytes, delimiter: str = ",") -> tuple[str, ...] | None:
    """Cells of the first line that is not blank; None when it cannot be read as UTF-8 CSV."""
    for _, cells in first_lines(data, 1, delimiter):
        return cells
    return None


def first_lines(data: bytes, most: int, delimiter: str = ",") -> list[tuple[int, tuple[str, ...] | None]]:
    """(offset in bytes, cells) of the first lines that are not blank; None for one that cannot be read as UTF-8 CSV."""
    found: list[tuple[int, tuple[str, ...] | None]] = []
    start = len(_BOM) if data.startswith(_BOM) else 0
    for line in _LINE.finditer(data[start : start + 100_000]):
        if line[0].strip():
            try:
                found.append((start + line.start(), _split(line[0].rstrip(b"\r\n").decode(), delimiter)))
            except (UnicodeDecodeError, _Unfinished, ValueError):
                found.append((start + line.start(), None))
        if len(found) == most:
            break
    return found


def read_sheet(
    file: str,
    data: bytes,
    *,
    plain: bool = False,
    private: Sequence[str] = (),
    delimiter: str = ",",
    first_line: int = 1,
    name_columns: bool = False,
) -> Sheet:
    """Columns and rows of ``data``; raises UnusableSheet when there are none.

    ``plain`` forces the line-by-line way. With ``private`` columns in the file, the text of a rejected line is not
    kept, since a broken line does not say which of its cells are the private ones. ``first_line``: which line of the
    file ``data`` begins with. ``name_columns``: trim column names, and call a column without a name by its place.
    """
    if why := not_a_table(data):
        raise UnusableSheet(why)
    header = read_header(data, delimiter)
    if header is not None and name_columns:
        header = column_names(header)
    if header is None or any("\0" in cell for cell in header):
        raise UnusableSheet("has a first line that cannot be read as CSV in UTF-8; export it again as “CSV UTF-8”.")
    twice = sorted({cell for cell in header if header.count(cell) > 1})
    if twice:
        raise UnusableSheet(f"has the column “{twice[0]}” twice; leave one of them out.")
    body = data.removeprefix(_BOM)
    if body.count(b"\n") + body.count(b"\r") > 2 * MOST_LINES:
        raise UnusableSheet(f"has more than {MOST_LINES:,} lines; split it by month.")
    sheet = None if plain else _fast(file, header, body, delimiter)
    if sheet is None:
        sheet = _plain(file, header, body, delimiter, keep_text=not set(private) & set(header))
    if first_line > 1:
        sheet.lines = sheet.lines + np.int32(first_line - 1)
        sheet.rejected = [replace(row, line=row.line + first_line - 1) for row in sheet.rejected]
    return sheet


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells of a header as names: trimmed, and a column without a name called by its place: ``column 4``."""
    return tuple(" ".join(cell.split()) or f"column {place}" for place, cell in enumerate(cells, start=1))


def has_control_character(text: str) -> bool:
    """Whether a text holds a character that no publisher's text has."""
    return bool(_CONTROL_TEXT.search(text))


def _fast(file: str, header: tuple[str, ...], body: bytes, delimiter: str) -> Sheet | None:
    """Arrow's reader, for files of which it is certain to read every line as the plain way would; else None."""
    if len(header) < 2 or body[:1] in (b"\r", b"\n", b"\t", b" "):
        return None
    if len(body.translate(None, _CONTROL)) != len(body) or body.count(b"\r") != body.count(b"\r\n"):
        return None
    if b"\n\n" in body or b"\n\r\n" in body:  # Arrow would make a row of a blank line
        return None
    if not _tidy_quotes(body, delimiter):
        return None
    try:
        table = csv.read_csv(
            pa.BufferReader(body),
            read_options=csv.ReadOptions(
                column_names=list(header), skip_rows=1, block_size=len(body) + 16, use_threads=False
            ),
            parse_options=csv.ParseOptions(
                delimiter=delimiter, quote_char='"' if b'"' in body else False, ignore_empty_lines=False
            ),
            convert_options=csv.ConvertOptions(column_types={name: pa.string() for name in header}),
        )
    except pa.ArrowInvalid:  # ragged, blank or undecodable lines: the plain way names them
        return None
    columns = tuple(_whole(table.column(name)) for name in header)
    if len(body) > LARGEST_CELL and any((pc.max(pc.binary_length(c)).as_py() or 0) > LARGEST_CELL for c in columns):
        return None
    lines = np.arange(2, table.num_rows + 2, dtype=np.int32)
    return Sheet(file, header, columns, lines, [])


def _tidy_quotes(body: bytes, delimiter: str) -> bool:
    """Whether each line with quotation marks is plain quoted CSV by itself, which every reader takes alike."""
    at = body.find(b'"')
    while at >= 0:
        start = body.rfind(b"\n", 0, at) + 1
        end = body.find(b"\n", at)
        end = len(body) if end < 0 else end
        if end - start > LONGEST_TIDY_LINE or not _tidy_pattern(delimiter).fullmatch(body[start:end].rstrip(b"\r")):
            return False
        at = body.find(b'"', end)
    return True


def _whole(column: pa.ChunkedArray) -> pa.StringArray:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], pa.string())])


class _Unfinished(Exception):
    """A quotation mark is opened and not closed on this line."""


def _plain(file: str, header: tuple[str, ...], body: bytes, delimiter: str, *, keep_text: bool) -> Sheet:
    rejected: list[RejectedRow] = []
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    records = _records(body, len(header), delimiter)
    next(records)  # the header, already read
    for line, text, outcome in records:
        if isinstance(outcome, tuple):
            rows.append(outcome)
            lines.append(line)
            continue
        if len(rejected) >= MOST_REJECTED:
            raise UnusableSheet(
                f"has more than {MOST_REJECTED:,} lines that cannot be used (the first is line {rejected[0].line}: "
                f"{rejected[0].sentence}); export it again."
            )
        fault, sentence = outcome.fault, outcome.sentence
        rejected.append(RejectedRow(file, line, None, fault, sentence, text[:RAW_LIMIT] if keep_text else ""))
    columns = tuple(pa.array([row[i] for row in rows], pa.string()) for i in range(len(header)))
    return Sheet(file, header, columns, np.array(lines, dtype=np.int32), rejected)


@dataclass(frozen=True, slots=True)
class _NoRow:
    fault: RowFault
    sentence: str


def _records(body: bytes, width: int, delimiter: str) -> Iterator[tuple[int, str, tuple[str, ...] | _NoRow]]:
    """(line, text, cells or why there are none) for every line that is not blank, joining lines that a quote spans."""
    pending = _lines(body)
    held: list[tuple[int, bytes]] = []  # lines looked at for the end of a quote and put back
    while line := (held.pop(0) if held else next(pending, None)):
        number, raw = line
        if not raw.strip():
            continue
        outcome = _row(raw, width, delimiter)
        if isinstance(outcome, _NoRow) and outcome.fault is RowFault.UNFINISHED_QUOTE:
            while len(held) < LONGEST_RECORD and (following := next(pending, None)):
                held.append(following)
            for count, (_, text) in enumerate(held, start=1):
                if b'"' not in text:
                    continue
                joined = b"\n".join([raw, *(later for _, later in held[:count])])
                longer = _row(joined, width, delimiter)
                if isinstance(longer, tuple):
                    outcome, raw, held = longer, joined, held[count:]
                    break
                if longer.fault is not RowFault.UNFINISHED_QUOTE:
                    break
        yield number, raw.decode(errors="replace"), outcome


def _lines(body: bytes) -> Iterator[tuple[int, bytes]]:
    for number, match in enumerate(_LINE.finditer(body), start=1):
        if match[0]:
            yield number, match[0].rstrip(b"\r\n")


def _row(raw: bytes, width: int, delimiter: str) -> tuple[str, ...] | _NoRow:
    try:
        text = raw.decode()
    except UnicodeDecodeError as why:
        return _NoRow(
            RowFault.UNREADABLE_CHARACTERS,
            f"The line holds a byte (0x{raw[why.start]:02x}) that is not UTF-8; save the file as “CSV UTF-8”.",
        )
    if odd := _CONTROL_TEXT.search(text):
        return _NoRow(
            RowFault.UNREADABLE_CHARACTERS,
            f"The line holds a control character (code {ord(odd[0])}) that no text has; the file is damaged here.",
        )
    try:
        cells = _split(text, delimiter)
    except _Unfinished:
        return _NoRow(RowFault.UNFINISHED_QUOTE, "A quotation mark is opened and never closed; close or remove it.")
    except ValueError:
        return _NoRow(
            RowFault.UNFINISHED_QUOTE, "Text stands after a closing quotation mark; double the mark or remove it."
        )
    if len(text) > LARGEST_CELL and any(len(cell) > LARGEST_CELL for cell in cells):
        return _NoRow(RowFault.OVERSIZED_CELL, "A cell holds more than a million characters; no field is that long.")
    if len(cells) != width:
        return _NoRow(
            RowFault.WRONG_NUMBER_OF_COLUMNS,
            f"The row has {len(cells)} {'cell' if len(cells) == 1 else 'cells'} where the header has {width}; "
            "a comma is missing or one too many.",
        )
    return cells


def _split(text: str, delimiter: str = ",") -> tuple[str, ...]:
    """Cells of one record. Raises _Unfinished for an open quote, ValueError for text after a closed one."""
    if '"' not in text:
        return tuple(text.split(delimiter))
    pattern = _cell_pattern(delimiter)
    cells: list[str] = []
    at = 0
    while True:
        match = pattern.match(text, at)
        if not match:
            if text.count('"', at) % 2:
                raise _Unfinished
            raise ValueError("text after a closing quotation mark")
        cells.append(match[1].replace('""', '"') if match[1] is not None else match[2])
        at = match.end()
        if not match[3]:
            return tuple(cells)
