"""Source profiles: how each partner's file becomes events, counts, premises or answers.

``shipped()`` are the profiles that come with this version; a partnership's own are made with ``Profile.from_dict``.
``recognise`` says which profile fits a file, ``read_with`` reads it, ``preview`` shows its first rows, and
``need_to_know`` hands what is private to the one room it may go to.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

from frankpledge.sources import police_uk
from frankpledge.sources.opening import Candidate, Table, open_tables
from frankpledge.sources.parcels import Parcel, unpack, unpack_bytes
from frankpledge.sources.profiles.profile import Column, Format, PeriodRule, Profile, Rename, Role, Room
from frankpledge.sources.profiles.reading import Given, header_of, known_names, private_table, read_table
from frankpledge.sources.reading import Source, read_parcel, source_of
from frankpledge.sources.sheets import UnusableSheet
from frankpledge.vocabulary.deliveries import Balance, Delivery, Refusal, RejectedRow

__all__ = [
    "Column",
    "Format",
    "Given",
    "PeriodRule",
    "Preview",
    "Profile",
    "Rename",
    "Role",
    "Room",
    "need_to_know",
    "preview",
    "read_with",
    "recognise",
    "shipped",
    "sources",
]

PREVIEW_ROWS = 20


@cache
def shipped() -> Mapping[str, Profile]:
    """The profiles that come with this version, by name."""
    found = [
        Profile.from_dict(json.loads(entry.read_text(encoding="utf-8")))
        for entry in files(__package__).iterdir()
        if entry.name.endswith(".json")
    ]
    return {profile.name: profile for profile in sorted(found, key=lambda profile: profile.name)}


def sources(profiles: Iterable[Profile], *, given: Given | None = None) -> tuple[Source, ...]:
    """Each profile as a source of records, but those that a reader of its own serves."""
    return tuple(_source(profile, given) for profile in profiles if not profile.reader)


def _source(profile: Profile, given: Given | None = None, *, by_name: bool = True) -> Source:
    def read(parcel: Parcel, table: Table, header: Candidate, plain: bool) -> Iterator[Delivery]:
        return read_table(profile, parcel, table, header, plain=plain, given=given)

    return Source(
        profile.name,
        profile.label,
        tuple(column.name for column in profile.required),
        finds=partial(header_of, profile),
        read_table=read,
        covers=partial(known_names, profile),
        file_names=profile.file_names if by_name else (),
    )


def read_with(
    profile: Profile, data: Path | bytes, name: str = "", *, given: Given | None = None
) -> Iterator[Delivery | Refusal]:
    """The deliveries of a file (a path, or bytes with the file's ``name``) read with this profile and no other.

    A Refusal says in one sentence why nothing of a file was used. ``given``: publisher and month, where
    they are not said in the file or its name.
    """
    serving: tuple[Source, ...]
    if profile.reader:
        serving = tuple(source for source in police_uk.SOURCES if source.name == profile.reader)
    else:
        serving = (_source(profile, given, by_name=False),)
    for parcel in _parcels(data, name):
        if isinstance(parcel, Refusal):
            yield parcel
        else:
            yield from read_parcel(parcel, serving)


def _parcels(data: Path | bytes, name: str) -> Iterator[Parcel | Refusal]:
    return unpack_bytes(name, data) if isinstance(data, bytes) else unpack(data)


def recognise(path: Path, saved: Sequence[Profile] = ()) -> Profile | None:
    """The profile that fits the first file in ``path``; None when none does, or the file is no table."""
    parcel = next(unpack(path), None)
    return None if parcel is None or isinstance(parcel, Refusal) else recognise_parcel(parcel, saved)


def recognise_parcel(parcel: Parcel, saved: Sequence[Profile] = ()) -> Profile | None:
    """The same for a file that is already open."""
    known = {profile.name: profile for profile in [*shipped().values(), *saved]}
    try:
        found = source_of(parcel, (*police_uk.SOURCES, *sources([*saved, *shipped().values()])))
    except UnusableSheet:
        return None
    return known.get(found.name)


@dataclass(frozen=True)
class Preview:
    """What a profile would make of a file: its first rows as they would be stored, and what would be set aside."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    rejected: tuple[RejectedRow, ...]  # the first of them
    balance: Balance
    periods: tuple[str, ...]  # "April 2025"
    notes: tuple[str, ...]
    refusals: tuple[str, ...]  # sentences; when there are any and no rows, nothing would be stored


def preview(
    profile: Profile, data: Path | bytes, rows: int = PREVIEW_ROWS, *, name: str = "", given: Given | None = None
) -> Preview:
    """The first ``rows`` rows as they would be stored, the first that would be set aside, and the sums of the whole."""
    deliveries: list[Delivery] = []
    refusals: list[str] = []
    for found in read_with(profile, data, name, given=given):
        if isinstance(found, Refusal):
            refusals.append(found.sentence)
        else:
            deliveries.append(found)
    tables = [delivery.events.slice(0, rows) for delivery in deliveries]
    first = pa.concat_tables(tables).sort_by("line").slice(0, rows) if tables else None
    notes = list(dict.fromkeys(note for delivery in deliveries for note in delivery.notes))
    aside = sorted((row for delivery in deliveries for row in delivery.rejected), key=lambda row: row.line)
    return Preview(
        columns=tuple(first.column_names) if first else (),
        rows=tuple(tuple(row.values()) for row in first.to_pylist()) if first else (),
        rejected=tuple(aside[:rows]),
        balance=sum((delivery.balance for delivery in deliveries), Balance()),
        periods=tuple(delivery.period.label for delivery in deliveries),
        notes=tuple(notes),
        refusals=tuple(refusals),
    )


def need_to_know(profile: Profile, data: Path | bytes, room: Room, name: str = "") -> Iterator[pa.Table]:
    """What of a file is private and may go to ``room``: ``line``, ``reference`` and the columns sent there.

    One table for each table of the file. Nothing else of the file is in it, and events hold nothing of this.
    """
    if room is Room.NOWHERE:
        return
    for parcel in _parcels(data, name):
        if isinstance(parcel, Refusal):
            continue
        try:
            for table in open_tables(parcel):
                if header := header_of(profile, table):
                    yield private_table(profile, table, header, room)
                    if table.book is None:
                        break
        except UnusableSheet:
            continue
