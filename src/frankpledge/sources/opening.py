"""The tables in one delivered file, before it is known whose they are: a text, or the sheets of a book."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from frankpledge.sources.headers import not_a_table
from frankpledge.sources.parcels import Parcel
from frankpledge.sources.sheets import Sheet, UnusableSheet, column_names, first_lines, read_sheet
from frankpledge.sources.workbooks import FIRST_ROWS, BookTable, UnusableBook, is_book, read_book

DELIMITERS = ",;\t|"
_UNUSED_IN_WINDOWS_1252 = b"\x81\x8d\x8f\x90\x9d"
_DELIMITER_WORDS = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True)
class Candidate:
    """One row of a table that may name its columns. ``at``: byte offset in a text, index in a book's rows."""

    at: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table of a file. ``file`` is the name for reports: the file's, and the sheet's where it has several."""

    file: str
    notes: tuple[str, ...]
    data: bytes = b""
    delimiter: str = ","
    book: BookTable | None = None

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """The first rows, as the names they would give the columns."""
        if self.book:
            rows = self.book.first_rows()
        else:
            lines = first_lines(self.data, FIRST_ROWS, self.delimiter)
            rows = [(at, cells) for at, cells in lines if cells is not None]
        return tuple(Candidate(at, column_names(cells)) for at, cells in rows)

    def sheet(self, header: Candidate, *, plain: bool = False, private: Sequence[str] = ()) -> Sheet:
        """All rows below ``header``. Raises UnusableSheet when there is no reading it."""
        if self.book:
            return self.book.sheet(self.file, header.at, private=private)
        above = self.data[: header.at]
        first_line = above.count(b"\n") + above.count(b"\r") - above.count(b"\r\n") + 1
        return read_sheet(
            self.file,
            self.data[header.at :],
            plain=plain,
            private=private,
            delimiter=self.delimiter,
            first_line=first_line,
            name_columns=True,
        )


def open_tables(parcel: Parcel) -> Iterator[Table]:
    """Every table of the file, a text once for each delimiter it may be written with.

    Raises UnusableSheet, with why, for what is no table at all.
    """
    if parcel.data.startswith(b"PK\x03\x04") and is_book(parcel.data):
        yield from _of_book(parcel)
        return
    if why := not_a_table(parcel.data):
        raise UnusableSheet(why)
    data, notes = _as_utf8(parcel.data)
    head = data[:20_000].decode(errors="replace")
    for delimiter in DELIMITERS:
        if delimiter in head or delimiter == ",":
            told = _DELIMITER_WORDS.get(delimiter)
            said = (f"Its cells are separated by {told}.",) if told else ()
            yield Table(parcel.name, (*notes, *said), data, delimiter)


def _of_book(parcel: Parcel) -> Iterator[Table]:
    try:
        tables = read_book(parcel.data)
    except UnusableBook as why:
        raise UnusableSheet(str(why)) from None
    for table in tables:
        name = parcel.name if len(tables) == 1 else f"{parcel.name}/{table.name}"
        yield Table(name, table.notes, book=table)


def _as_utf8(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The text in UTF-8. Bytes that are not UTF-8 anywhere, and can all be Windows-1252, are taken as that.

    A text that is UTF-8 in places is UTF-8 with damaged lines, and stays as it is: those lines are set aside.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        pass
    else:
        return data, ()
    if data.translate(None, _UNUSED_IN_WINDOWS_1252) != data or _has_utf8(data):
        return data, ()
    return data.decode("cp1252").encode(), ("The file is written in Windows-1252 and was read as such.",)


def _has_utf8(data: bytes) -> bool:
    """Whether any character of several bytes in ``data`` is whole UTF-8."""
    return any(ord(character) > 127 for character in data.decode(errors="ignore"))
