"""Reading whatever a path holds with a set of sources: each file goes to the source whose columns it has."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from frankpledge.sources.headers import likeness, missing_columns, not_a_table, other_file
from frankpledge.sources.judging import quoted
from frankpledge.sources.opening import Candidate, Table, open_tables
from frankpledge.sources.parcels import Parcel, unpack
from frankpledge.sources.sheets import UnusableSheet, read_header
from frankpledge.vocabulary.deliveries import Delivery, Refusal

SPREADSHEET = b"PK\x03\x04"  # both kinds are ZIP archives; no other archive comes this far
MOST_NAMED = 6  # sources that a sentence lists by name
LIKELY = 0.7  # share of a source's columns from which a table may be meant for it


@dataclass(frozen=True)
class Source:
    """One kind of record file: the columns it cannot do without, and what reads it.

    A reader made for one file (``read``) takes plain CSV with its header on the first line. Any other source says which
    row of a table is its header (``finds``) and reads that table (``read_table``), whatever the file is written in.
    ``plain`` forces the line-by-line way of reading text.
    """

    name: str
    label: str  # "a street-level crime file of data.police.uk"
    columns: tuple[str, ...]
    read: Callable[[Parcel, bool], Iterator[Delivery]] | None = None
    finds: Callable[[Table], Candidate | None] | None = None
    read_table: Callable[[Parcel, Table, Candidate, bool], Iterator[Delivery]] | None = None
    covers: Callable[[Sequence[str]], int] | None = None  # how many of these names it knows
    file_names: tuple[str, ...] = ()  # patterns, where the columns alone do not tell two sources apart


def read_path(
    path: Path, sources: Sequence[Source], progress: Callable[[str], None] | None = None
) -> Iterator[Delivery | Refusal]:
    """Every delivery in ``path``, file by file; a Refusal for each file that cannot be used, and the others go on."""
    for parcel in unpack(path):
        if isinstance(parcel, Refusal):
            yield parcel
            continue
        if progress:
            progress(f"Reading {parcel.name}")
        yield from read_parcel(parcel, sources)


def read_parcel(parcel: Parcel, sources: Sequence[Source], *, plain: bool = False) -> Iterator[Delivery | Refusal]:
    """The deliveries of one file, or one Refusal: never some of the rows and then a refusal.

    A reader judges a whole table before it hands over its first delivery, so what it refuses, it refuses then. Each
    sheet of a workbook is a table of its own.
    """
    try:
        readings = list(_readings(parcel, sources))
    except UnusableSheet as why:
        yield Refusal(parcel.name, f"{parcel.name} {why}")
        return
    for source, table, header in readings:
        name = table.file if table else parcel.name
        try:
            if table and header and source.read_table:
                yield from source.read_table(parcel, table, header, plain)
            elif source.read:
                yield from source.read(parcel, plain)
        except UnusableSheet as why:
            yield Refusal(name, f"{name} {why}")


Reading = tuple[Source, Table | None, Candidate | None]


def source_of(parcel: Parcel, sources: Sequence[Source]) -> Source:
    """The source whose columns the file has; raises UnusableSheet saying what the file looks like instead."""
    return next(_readings(parcel, sources))[0]


def _readings(parcel: Parcel, sources: Sequence[Source]) -> Iterator[Reading]:
    """Which source reads the file, or each table in it. Raises UnusableSheet when none does."""
    header = None
    if not parcel.data.startswith(SPREADSHEET):
        if why := not_a_table(parcel.data):
            raise UnusableSheet(why)
        header = read_header(parcel.data)
    for source in sources:
        if source.read and header is not None and not missing_columns(header, source.columns):
            yield source, None, None
            return
    found = False
    book = False
    for table in open_tables(parcel):
        book = book or table.book is not None
        if best := _best(parcel, table, sources):
            found = True
            yield best[0], table, best[1]
            if not book:  # a text has one table; the others are the same text cut in another way
                return
    if found:
        return
    if book:
        raise UnusableSheet(_no_sheet_known(sources))
    if header is None:
        raise UnusableSheet("has a first line that cannot be read as CSV in UTF-8; export it again as “CSV UTF-8”.")
    raise UnusableSheet(_looks_like(header, sources))


def _best(parcel: Parcel, table: Table, sources: Sequence[Source]) -> tuple[Source, Candidate] | None:
    """The source most of whose columns the table has. Raises UnusableSheet when only its name does not fit."""
    fits = [(source, row) for source in sources if source.finds and (row := source.finds(table))]
    if not fits:
        return None
    own_name = parcel.own_name.lower()
    named = [
        (source, row)
        for source, row in fits
        if not source.file_names or any(fnmatchcase(own_name, pattern) for pattern in source.file_names)
    ]
    if not named:
        labels = [source.label for source, _ in fits]
        told = labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} or {labels[-1]}"
        raise UnusableSheet(
            f"has the columns of {told}, but its name does not say so; rename it or choose its profile."
        )
    best = max(named, key=lambda pair: (bool(pair[0].file_names), _known(pair[0], pair[1].names)))
    _refuse_a_worse_fit(*best, sources)
    return best


def _known(source: Source, names: Sequence[str]) -> int:
    return source.covers(names) if source.covers else 0


def _refuse_a_worse_fit(source: Source, row: Candidate, sources: Sequence[Source]) -> None:
    """A police extract that lost its reference still has all that a list of addresses needs: it must not pass."""
    known = _known(source, row.names)
    for other in sources:
        missing = missing_columns(row.names, other.columns)
        if missing and _known(other, row.names) > known and likeness(row.names, other.columns) >= LIKELY:
            raise UnusableSheet(_lacking(other, missing))


def _lacking(source: Source, missing: Sequence[str]) -> str:
    named = ", ".join(f"“{name}”" for name in missing)
    word = "the column" if len(missing) == 1 else "the columns"
    return f"looks like {source.label} but lacks {word} {named}; export it again with all its columns."


def _no_sheet_known(sources: Sequence[Source]) -> str:
    return f"has no sheet with the columns of {_either(sources)}; check the file, or make a profile for it."


def _looks_like(header: tuple[str, ...], sources: Sequence[Source]) -> str:
    nearest = max(sources, key=lambda source: likeness(header, source.columns))
    if likeness(header, nearest.columns) >= 0.5:
        missing = missing_columns(header, nearest.columns)
        if missing:
            return _lacking(nearest, missing)
    if words := other_file(header):
        return f"looks like {words}, not {_either(sources)}; check that it is the right file."
    return f"is not {_either(sources)}: {_first_line(header)}; check that it is the right file."


def _first_line(header: tuple[str, ...]) -> str:
    """What to say of a first line nobody knows. One with a digit in it is a record more likely than column names, and a
    record may be about a person: this sentence stands in logs and reports.
    """
    text = ",".join(header)
    if any(character.isdigit() for character in text):
        return "its first line does not name columns that are known"
    return f"its first line begins {quoted(text)}"


def _either(sources: Sequence[Source]) -> str:
    labels = [source.label for source in sources]
    if len(labels) > MOST_NAMED:
        return f"{labels[0]} or any other file there is a profile for"
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} or {labels[-1]}"
