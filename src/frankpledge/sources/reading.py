"""Reading whatever a path holds with a set of sources: each file goes to the source whose columns it has."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from frankpledge.sources.headers import likeness, missing_columns, not_a_table, other_file
from frankpledge.sources.judging import quoted
from frankpledge.sources.parcels import Parcel, unpack
from frankpledge.sources.sheets import UnusableSheet, read_header
from frankpledge.vocabulary.deliveries import Delivery, Refusal


@dataclass(frozen=True)
class Source:
    """One kind of record file: the columns it cannot do without, and what reads it.

    ``read(parcel, plain)`` yields deliveries and raises UnusableSheet; ``plain`` forces the line-by-line way.
    """

    name: str
    label: str  # "a street-level crime file of data.police.uk"
    columns: tuple[str, ...]
    read: Callable[[Parcel, bool], Iterator[Delivery]]


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

    A reader judges the whole file before it hands over its first delivery, so what it refuses, it refuses then.
    """
    try:
        yield from source_of(parcel, sources).read(parcel, plain)
    except UnusableSheet as why:
        yield Refusal(parcel.name, f"{parcel.name} {why}")


def source_of(parcel: Parcel, sources: Sequence[Source]) -> Source:
    """The source whose columns the file has; raises UnusableSheet saying what the file looks like instead."""
    if why := not_a_table(parcel.data):
        raise UnusableSheet(why)
    header = read_header(parcel.data)
    if header is None:
        raise UnusableSheet("has a first line that cannot be read as CSV in UTF-8; export it again as “CSV UTF-8”.")
    for source in sources:
        if not missing_columns(header, source.columns):
            return source
    raise UnusableSheet(_looks_like(header, sources))


def _looks_like(header: tuple[str, ...], sources: Sequence[Source]) -> str:
    nearest = max(sources, key=lambda source: likeness(header, source.columns))
    if likeness(header, nearest.columns) >= 0.5:
        missing = missing_columns(header, nearest.columns)
        named = ", ".join(f"“{name}”" for name in missing)
        word = "the column" if len(missing) == 1 else "the columns"
        return f"looks like {nearest.label} but lacks {word} {named}; export it again with all its columns."
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
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} or {labels[-1]}"
