"""Spreadsheets (XLSX, ODS): looked over within limits before any library opens them, then read as rows of text.

A workbook is a ZIP archive of XML. Every member is unpacked here first, counted as it comes out, and thrown away: what
unpacks to too much, holds entities, or claims cells by the million in a few bytes is refused before it costs memory.
Nothing is written to disk, formulas are not worked out (the value last saved counts), macros are never run.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from frankpledge.sources.sheets import (
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
MOST_CELLS = 5_000_000  # of the rectangle a sheet spans, empty ones too: the library lays them all out
PIECE = 1 * MEGABYTE
FIRST_ROWS = 40
BATCH = 10_000

_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\b[^>]{0,400}?\br="(\d{1,9})"')
_WIDE_CELL = re.compile(rb'\br="([A-Z]{2,3})\d')
_CONTROL = re.compile(r"[\r\n\t]+")


class UnusableBook(Exception):
    """Why a spreadsheet cannot be opened, as the part of a sentence after its name."""


@dataclass(frozen=True)
class BookTable:
    """One sheet that is not hidden. ``rows`` are all its rows as text, the first being row ``first_line``."""

    name: str
    first_line: int
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]

    def first_rows(self) -> list[tuple[int, tuple[str, ...]]]:
        """(index, cells) of the first rows that are not blank."""
        filled = ((index, row) for index, row in enumerate(self.rows[:200]) if any(cell.strip() for cell in row))
        return [pair for pair, _ in zip(filled, range(FIRST_ROWS), strict=False)]

    def sheet(self, file: str, header_at: int, *, private: Sequence[str] = ()) -> Sheet:
        """The rows below the one at index ``header_at``, which names the columns. May raise UnusableSheet."""
        width = max((place for place, cell in enumerate(self.rows[header_at], 1) if cell.strip()), default=0)
        header = column_names(self.rows[header_at][:width])
        if twice := sorted({name for name in header if header.count(name) > 1}):
            raise UnusableSheet(f"has the column “{twice[0]}” twice; leave one of them out.")
        rows: list[tuple[str, ...]] = []
        lines: list[int] = []
        rejected: list[RejectedRow] = []
        keep_text = not set(private) & set(header)
        for index in range(header_at + 1, len(self.rows)):
            cells, line = self.rows[index], self.first_line + index
            if not any(cells):
                continue
            if why := _no_row(cells, width):
                raw = ",".join(cells)[:RAW_LIMIT] if keep_text else ""
                rejected.append(RejectedRow(file, line, None, why[0], why[1], raw))
                if len(rejected) > MOST_REJECTED:
                    raise UnusableSheet(f"has more than {MOST_REJECTED:,} rows that cannot be used; export it again.")
                continue
            rows.append(cells)
            lines.append(line)
        columns = tuple(pa.array([row[place] for row in rows], pa.string()) for place in range(width))
        return Sheet(file, header, columns, np.array(lines, dtype=np.int32), rejected, typed=True)


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
    tables = [table for table in tables if table.rows]
    if not tables:
        only_hidden = " that is not hidden" if hidden else ""
        raise UnusableBook(f"is a spreadsheet without a filled sheet{only_hidden}; check what was sent.")
    return tables


def _is_shown(meta: Any) -> bool:
    return meta.typ is SheetTypeEnum.WorkSheet and meta.visible is SheetVisibleEnum.Visible


def _table(sheet: CalamineSheet, hidden: Sequence[str]) -> BookTable:
    start = sheet.start or (0, 0)
    rows = [tuple(_text(cell) for cell in row) for row in sheet.iter_rows()]
    notes = []
    if hidden:
        names = ", ".join(f"“{name[:40]}”" for name in hidden[:5])
        notes.append(
            f"Hidden sheets were not read: {names}." if len(hidden) > 1 else f"The hidden sheet {names} was not read."
        )
    if filled := _fill_merged(sheet, rows, start):
        told = "1 cell that was merged with another was given its value." if filled == 1 else ""
        notes.append(told or f"{filled:,} cells that were merged with others were given their value.")
    return BookTable(sheet.name, start[0] + 1, tuple(rows), tuple(notes))


def _fill_merged(sheet: CalamineSheet, rows: list[tuple[str, ...]], start: tuple[int, int]) -> int:
    """Gives every cell of a merged range the one value it shows; returns how many cells were filled."""
    filled = 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        first, last = top - start[0], min(bottom - start[0], len(rows) - 1)
        from_place, to_place = left - start[1], right - start[1]
        if first < 0 or from_place < 0 or first >= len(rows) or from_place >= len(rows[first]):
            continue
        if to_place > from_place:  # a heading over several columns: to fill it sideways would invent column names
            continue
        value = rows[first][from_place]
        for index in range(first + 1, last + 1):
            if value and not rows[index][from_place]:
                row = rows[index]
                rows[index] = (*row[:from_place], value, *row[from_place + 1 :])
                filled += 1
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


def _no_row(cells: tuple[str, ...], width: int) -> tuple[RowFault, str] | None:
    if has_control_character("".join(cells)):
        return (
            RowFault.UNREADABLE_CHARACTERS,
            "The row holds a control character that no text has; type the cell again.",
        )
    if any(cells[width:]):
        return RowFault.WRONG_NUMBER_OF_COLUMNS, "The row has a cell to the right of the last column that has a name."
    if any(len(cell) > LARGEST_CELL for cell in cells):
        return RowFault.OVERSIZED_CELL, "A cell holds more than a million characters; no field is that long."
    return None


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
        raise UnusableBook("is a damaged spreadsheet; open it, save it again as XLSX and send that.") from None


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
    if not name.lower().endswith((".xml", ".rels")):
        return
    if member.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<!DOCTYPE" in member or b"<!ENTITY" in member:
        raise UnusableBook(
            "holds XML with definitions of its own, as no spreadsheet program writes; it was not opened."
        )
    if name.startswith("xl/worksheets/"):
        rows = max((int(number) for number in _ROW_NUMBER.findall(member)), default=0)
        wide = max(set(_WIDE_CELL.findall(member)), key=lambda letters: (len(letters), letters), default=b"Z")
        _refuse_vast(rows, _column_number(wide.decode()))
    elif name == "content.xml":
        _refuse_vast(*_extent_of_ods(member))


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


def _extent_of_ods(content: bytes) -> tuple[int, int]:
    """Rows and columns of the largest rectangle of filled cells, with every repetition counted."""
    extent = _OdsExtent()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = extent.begin
    parser.EndElementHandler = extent.end
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise UnusableBook("is a damaged spreadsheet; open it, save it again as ODS and send that.") from None
    return extent.most_rows, extent.most_columns


class _OdsExtent:
    """Walks the cells of an ODS file and keeps how far the filled ones reach."""

    _TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
    _VALUE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 value-type"

    def __init__(self) -> None:
        self.most_rows = self.most_columns = 0
        self._row = self._column = 0
        self._filled_to = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._TABLE + "table":
            self._row = 0
        elif name == self._TABLE + "table-row":
            self._row += _repeated(attributes.get(self._TABLE + "number-rows-repeated"))
            self._column = self._filled_to = 0
        elif name in (self._TABLE + "table-cell", self._TABLE + "covered-table-cell"):
            self._column += _repeated(attributes.get(self._TABLE + "number-columns-repeated"))
            if self._VALUE in attributes:
                self._filled_to = self._column

    def end(self, name: str) -> None:
        if name == self._TABLE + "table-row" and self._filled_to:
            self.most_rows = max(self.most_rows, self._row)
            self.most_columns = max(self.most_columns, self._filled_to)


def _repeated(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 12 else 1
