"""Spreadsheets (XLSX, ODS): looked over within limits before any library opens them, then read as rows of text.

A workbook is a ZIP archive of XML. Every member is unpacked here first, counted as it comes out, and thrown away: what
unpacks to too much, holds entities, or claims cells by the million in a few bytes is refused before it costs memory.
Nothing is written to disk, formulas are not worked out (the value last saved counts), macros are never run.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from xml.parsers import expat

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from frankpledge.sources.sheets import (
    CONTROL_PATTERN,
    LARGEST_CELL,
    MOST_REJECTED,
    Sheet,
    UnusableSheet,
    column_names,
    has_control_character,
)
from frankpledge.vocabulary.deliveries import RAW_LIMIT, RejectedRow, RowFault

MEGABYTE = 1_000_000
LARGEST_MEMBER = 128 * MEGABYTE  # unpacked; 100,000 rows of 15 columns are about 60 MB
LARGEST_BOOK = 192 * MEGABYTE
GREATEST_RATIO = 200  # unpacked to packed
FREE_SIZE = 1 * MEGABYTE
MOST_MEMBERS = 2_000
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # what a spreadsheet program can hold
MOST_CELLS = 5_000_000  # of the rectangle a sheet spans, empty ones too: the library lays them all out
PIECE = 1 * MEGABYTE
FIRST_ROWS = 40  # that may name the columns
HEAD = 200  # rows among which those are looked for
HEADS = 100_000  # bytes of a list of texts in which its first tag must stand
BATCH = 10_000  # rows

_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ANY_CELL = re.compile(rb"<(?:[^\s<>:/]+:)?c[\s/>]")
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})([1-9]\d{0,6})"')
_STRINGS = re.compile(rb"<(?:[^\s<>:/]+:)?sst[\s/>]")
_HOW_MANY = re.compile(rb"""[cC]ount\s*=\s*["']([^"']*)["']""")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_CONTROL = re.compile(r"[\r\n\t]+")


BoolArray = np.ndarray[tuple[int], np.dtype[np.bool_]]
IndexArray = np.ndarray[tuple[int], np.dtype[np.int64]]


_OWN_DEFINITIONS = "holds XML with definitions of its own, as no spreadsheet program writes; it was not opened."
_DAMAGED = "is a damaged spreadsheet; open it, save it again as XLSX and send that."


class UnusableBook(Exception):
    """Why a spreadsheet cannot be opened, as the part of a sentence after its name."""


@dataclass(frozen=True)
class BookTable:
    """One sheet that is not hidden, as columns of text; index 0 is the first row of the spreadsheet, blank or not."""

    name: str
    columns: tuple[pa.StringArray, ...]
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def first_rows(self) -> list[tuple[int, tuple[str, ...]]]:
        """(index, cells) of the first rows that are not blank."""
        head = zip(*(column.slice(0, HEAD).to_pylist() for column in self.columns), strict=True)
        filled = ((index, row) for index, row in enumerate(head) if any(cell.strip() for cell in row))
        return [pair for pair, _ in zip(filled, range(FIRST_ROWS), strict=False)]

    def sheet(self, file: str, header_at: int, *, private: Sequence[str] = ()) -> Sheet:
        """The rows below the one at index ``header_at``, which names the columns. May raise UnusableSheet."""
        named = [column[header_at].as_py() for column in self.columns]
        width = max((place for place, cell in enumerate(named, 1) if cell.strip()), default=0)
        header = column_names(named[:width])
        if twice := sorted({name for name in header if header.count(name) > 1}):
            raise UnusableSheet(f"has the column “{twice[0]}” twice; leave one of them out.")
        below = [column.slice(header_at + 1) for column in self.columns]
        filled = _any(below, lambda column: pc.not_equal(column, ""))
        faulty = self._faulty(below, width) & filled
        rejected = self._rejected(file, header_at, below, width, np.flatnonzero(faulty), not set(private) & set(header))
        sound = np.flatnonzero(filled & ~faulty)
        lines = (sound + header_at + 2).astype(np.int32)
        rows = pa.array(sound)
        return Sheet(file, header, tuple(column.take(rows) for column in below[:width]), lines, rejected, typed=True)

    @staticmethod
    def _faulty(below: Sequence[pa.StringArray], width: int) -> BoolArray:
        odd = _any(below, lambda column: pc.match_substring_regex(column, CONTROL_PATTERN))
        vast = _any(below, lambda column: pc.greater(pc.utf8_length(column), LARGEST_CELL))
        aside = _any(below[width:], lambda column: pc.not_equal(column, "")) if below[width:] else np.zeros_like(odd)
        return odd | vast | aside

    def _rejected(
        self,
        file: str,
        header_at: int,
        below: Sequence[pa.StringArray],
        width: int,
        rows: IndexArray,
        keep_text: bool,
    ) -> list[RejectedRow]:
        if len(rows) > MOST_REJECTED:
            raise UnusableSheet(f"has more than {MOST_REJECTED:,} rows that cannot be used; export it again.")
        rejected = []
        for row in rows.tolist():
            cells = tuple(column[row].as_py() for column in below)
            fault, sentence = _no_row(cells, width)
            raw = ",".join(cells)[:RAW_LIMIT] if keep_text else ""
            rejected.append(RejectedRow(file, row + header_at + 2, None, fault, sentence, raw))
        return rejected


def _any(columns: Sequence[pa.StringArray], test: Callable[[pa.StringArray], pa.BooleanArray]) -> BoolArray:
    """Per row, whether any of its cells passes ``test``."""
    passed = np.zeros(len(columns[0]), dtype=bool)
    for column in columns:
        passed |= test(column).to_numpy(zero_copy_only=False)
    return passed


def is_book(data: bytes) -> bool:
    """Whether these bytes are a spreadsheet we read: XLSX or ODS, whatever the file is called."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if {"[Content_Types].xml", "xl/workbook.xml"} <= names:
                return True
            if {"mimetype", "content.xml"} <= names and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").strip().startswith(_ODS)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError, OSError):
        return False
    return False


def read_book(data: bytes) -> list[BookTable]:
    """Every sheet that is not hidden. Raises UnusableBook, one sentence, for what is unsafe, damaged or empty."""
    look_over(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [meta.name for meta in book.sheets_metadata if _is_shown(meta)]
        hidden = [
            meta.name for meta in book.sheets_metadata if not _is_shown(meta) and meta.typ is SheetTypeEnum.WorkSheet
        ]
        tables = [_table(book.get_sheet_by_name(name), hidden) for name in shown]
    except (CalamineError, ValueError, OSError) as why:
        raise UnusableBook("cannot be opened as a spreadsheet; open it, save it again as XLSX and send that.") from why
    tables = [table for table in tables if len(table)]
    if not tables:
        only_hidden = " that is not hidden" if hidden else ""
        raise UnusableBook(f"is a spreadsheet without a filled sheet{only_hidden}; check what was sent.")
    return tables


def _is_shown(meta: Any) -> bool:
    return meta.typ is SheetTypeEnum.WorkSheet and meta.visible is SheetVisibleEnum.Visible


def _table(sheet: CalamineSheet, hidden: Sequence[str]) -> BookTable:
    columns = _columns(sheet)
    notes = []
    if hidden:
        names = ", ".join(f"“{name[:40]}”" for name in hidden[:5])
        one = len(hidden) == 1
        notes.append(f"The hidden sheet {names} was not read." if one else f"Hidden sheets were not read: {names}.")
    if filled := _fill_merged(sheet, columns):
        told = "1 cell that was merged with another was given its value." if filled == 1 else ""
        notes.append(told or f"{filled:,} cells that were merged with others were given their value.")
    return BookTable(sheet.name, tuple(columns), tuple(notes))


def _columns(sheet: CalamineSheet) -> list[pa.StringArray]:
    """The cells of a sheet as text, column by column; a batch of rows at a time, so that few are held as objects."""
    batches: list[list[pa.StringArray]] = []
    rows = sheet.iter_rows()
    while batch := list(islice(rows, BATCH)):
        batches.append([pa.array([_text(cell) for cell in cells], pa.string()) for cells in zip(*batch, strict=True)])
    return [pa.concat_arrays(parts) for parts in zip(*batches, strict=True)]


def _fill_merged(sheet: CalamineSheet, columns: list[pa.StringArray]) -> int:
    """Gives every cell of a merged range the one value it shows; returns how many cells were filled.

    Only downwards: a heading over several columns, filled sideways, would invent names of columns.
    """
    filled = 0
    first_column = (sheet.start or (0, 0))[1]  # the library leaves out blank columns before the first, but no rows
    changed: dict[int, list[str]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        place = left - first_column
        if right > left or bottom <= top or not 0 <= place < len(columns) or top >= len(columns[place]):
            continue
        if place not in changed:
            changed[place] = columns[place].to_pylist()
        cells = changed[place]
        last = min(bottom, len(cells) - 1)
        for row in range(top + 1, last + 1):
            if cells[top] and not cells[row]:
                cells[row] = cells[top]
                filled += 1
    for place, cells in changed.items():
        columns[place] = pa.array(cells, pa.string())
    return filled


def _text(cell: object) -> str:
    """A cell as text: dates as 2025-03-14, times as 22:15, whole numbers without a decimal point."""
    if isinstance(cell, str):
        return _CONTROL.sub(" ", cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        moment = (cell + timedelta(milliseconds=500)).replace(microsecond=0)  # day fractions are not quite exact
        if moment.time() == time():
            return moment.date().isoformat()
        return moment.isoformat(sep=" ", timespec="minutes" if not moment.second else "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes" if not cell.second else "seconds")
    if isinstance(cell, timedelta):
        return (
            (datetime.min + cell).time().isoformat(timespec="minutes")
            if timedelta() <= cell < timedelta(1)
            else str(cell)
        )
    return str(cell)


def _no_row(cells: tuple[str, ...], width: int) -> tuple[RowFault, str]:
    if has_control_character("".join(cells)):
        return (
            RowFault.UNREADABLE_CHARACTERS,
            "The row holds a control character that no text has; retype the cell.",
        )
    if any(cells[width:]):
        return RowFault.WRONG_NUMBER_OF_COLUMNS, "The row has a cell to the right of the last column that has a name."
    return RowFault.OVERSIZED_CELL, "A cell holds more than a million characters; no field is that long."


# Looking a book over before it is opened


def look_over(data: bytes) -> None:
    """Unpacks every member once, counting, and raises UnusableBook for whatever could cost memory or leak."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_MEMBERS:
                raise UnusableBook(f"is a spreadsheet of more than {MOST_MEMBERS:,} parts, as no real one has.")
            total = 0
            for entry in entries:
                member = _unpacked(archive, entry)
                total += len(member)
                if total > LARGEST_BOOK:
                    raise UnusableBook(f"unpacks to more than {LARGEST_BOOK // MEGABYTE} MB; split it by month.")
                _look_at(entry.filename, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError, OSError):
        raise UnusableBook(_DAMAGED) from None


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.flag_bits & 0x1:
        raise UnusableBook("is protected by a password; send the spreadsheet without one.")
    limit = min(LARGEST_MEMBER, max(FREE_SIZE, GREATEST_RATIO * entry.compress_size))
    pieces: list[bytes] = []
    size = 0
    with archive.open(entry) as stream:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > limit:
                told = (
                    f"has a sheet of more than {LARGEST_MEMBER // MEGABYTE} MB; split it by month."
                    if size > LARGEST_MEMBER
                    else f"unpacks to more than {GREATEST_RATIO} times its size, as no real file does."
                )
                raise UnusableBook(told)
            pieces.append(piece)
    return b"".join(pieces)


def _look_at(name: str, member: bytes) -> None:
    """Refuses a part by what is in it: a workbook may keep its sheets and texts under any name."""
    if member.startswith((b"\xff\xfe", b"\xfe\xff")) and name.lower().endswith((".xml", ".rels")):
        raise UnusableBook(_OWN_DEFINITIONS)
    if not member[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return  # a picture, or something else that is no XML
    if b"<!DOCTYPE" in member or b"<!ENTITY" in member:
        raise UnusableBook(_OWN_DEFINITIONS)
    if _STRINGS.search(member[:HEADS]) and _claims_too_many(member):
        raise UnusableBook(_DAMAGED)
    if b"sheetData" in member:
        _refuse_vast(*_extent_of_xlsx(member))
    elif name == "content.xml":
        _refuse_vast(*_extent_of_ods(member))


def _claims_too_many(texts: bytes) -> bool:
    """Whether a list of texts says it holds more than it can: the library makes room for them before it reads one."""
    return any(not many.isdigit() or int(many) > len(texts) for many in _HOW_MANY.findall(texts[:HEADS]))


def _refuse_vast(rows: int, width: int) -> None:
    if rows * width > MOST_CELLS:
        raise UnusableBook(
            f"has a sheet {rows:,} rows long and {width:,} columns wide; delete the empty rows and columns."
        )


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _extent_of_xlsx(sheet: bytes) -> tuple[int, int]:
    """Rows and columns of the rectangle the cells of a sheet span, by what each cell says of its own place."""
    widest, last, plain = b"", b"", 0
    for match in _PLAIN_CELL.finditer(sheet):
        letters, number = match.groups()
        widest = max(widest, letters, key=_by_length)
        last = max(last, number, key=_by_length)
        plain += 1
    if plain == sum(1 for _ in _ANY_CELL.finditer(sheet)):  # every cell is written as all programs write it
        return int(last or 0), _column_number(widest.decode())
    extent = _XlsxExtent()
    _walk(sheet, extent.begin, None)
    return extent.most_rows, extent.most_columns


def _by_length(text: bytes) -> tuple[int, bytes]:
    return len(text), text


class _XlsxExtent:
    """Walks the cells of a sheet that is written in an unusual way, and keeps how far they reach."""

    def __init__(self) -> None:
        self.most_rows = self.most_columns = 0
        self._row = self._column = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        kind = _local(name)
        if kind == "row":
            self._row = self._row + 1 if place is None else _number(place)
            self._column = 0
        elif kind == "c":
            self._column += 1
            if place is not None:
                match = _REFERENCE.fullmatch(place)
                if match is None:
                    raise UnusableBook(_DAMAGED)
                self._column, self._row = _column_number(match[1]), int(match[2])
            self.most_rows = max(self.most_rows, self._row)
            self.most_columns = max(self.most_columns, self._column)


def _extent_of_ods(content: bytes) -> tuple[int, int]:
    """Rows and columns of the largest rectangle of filled cells, with every repetition counted."""
    extent = _OdsExtent()
    _walk(content, extent.begin, extent.end)
    return extent.most_rows, extent.most_columns


_Begin = Callable[[str, dict[str, str]], None]


def _walk(xml: bytes, begin: _Begin, end: Callable[[str], None] | None) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    if end:
        parser.EndElementHandler = end
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise UnusableBook(_DAMAGED) from None


def _local(name: str) -> str:
    """A name without its prefix: the library looks no further than that either."""
    return name.rsplit(":", 1)[-1]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise UnusableBook(_DAMAGED)
    return int(text)


class _OdsExtent:
    """Walks the cells of an ODS file and keeps how far the filled ones reach."""

    def __init__(self) -> None:
        self.most_rows = self.most_columns = 0
        self._row = self._column = 0
        self._filled_to = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        kind = _local(name)
        if kind == "table":
            self._row = 0
        elif kind == "table-row":
            self._row += _repeated(attributes, "number-rows-repeated", MOST_ROWS)
            self._column = self._filled_to = 0
        elif kind in ("table-cell", "covered-table-cell"):
            self._column += _repeated(attributes, "number-columns-repeated", MOST_COLUMNS)
            if any(_local(attribute) == "value-type" for attribute in attributes):
                self._filled_to = self._column

    def end(self, name: str) -> None:
        if _local(name) == "table-row" and self._filled_to:
            self.most_rows = max(self.most_rows, self._row)
            self.most_columns = max(self.most_columns, self._filled_to)


def _repeated(attributes: dict[str, str], name: str, most: int) -> int:
    text = next((value for attribute, value in attributes.items() if _local(attribute) == name), "1")
    times = _number(text)
    if times > most:
        raise UnusableBook(_DAMAGED)
    return times
