"""Names in a partner's file go to the people room, under the agency that sent them, and nowhere else."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from frankpledge.records.people import services as people
from frankpledge.records.people.rules import PersonTold
from frankpledge.records.people.services import TakenIn
from frankpledge.records.people.vocabulary import Part
from frankpledge.sources.profiles import Profile, Role, Room, need_to_know
from frankpledge.vocabulary.actors import Actor

_WANTED = (Role.VICTIM, Role.SUSPECT, Role.FORENAME, Role.SURNAME, Role.BORN_ON, Role.ADDRESS, Role.POSTCODE)
_DATES = ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d-%m-%Y")


def tells_names(profile: Profile | None) -> bool:
    """Whether this profile sends names of persons to the people room."""
    return profile is not None and any(
        column.goes_to is Room.PEOPLE and column.role in (Role.SURNAME, Role.BORN_ON) for column in profile.columns
    )


def tell_people(
    path: Path, profile: Profile, *, agency_id: int, agency_name: str, homes: Mapping[int, str], by: Actor
) -> TakenIn:
    """Take in the persons a file names. ``homes``: line -> property number, where the record's home is the person's.

    A row without the sender's own number for the person, or without a name or birthday, tells of nobody.
    """
    told = {one.reference: one for one in _persons(path, profile, homes)}
    return people.take_in(list(told.values()), agency_id=agency_id, agency_name=agency_name, by=by)


def _persons(path: Path, profile: Profile, homes: Mapping[int, str]) -> Iterator[PersonTold]:
    names: dict[Role | None, str] = {
        column.role: column.name for column in profile.columns if column.private and column.role in _WANTED
    }
    for table, places in zip(
        need_to_know(profile, path, Room.PEOPLE), need_to_know(profile, path, Room.PLACES), strict=True
    ):
        rows, addresses = table.to_pylist(), places.to_pylist()
        for row, address in zip(rows, addresses, strict=True):
            if (found := _person({**address, **row}, names, homes)) is not None:
                yield found


def _person(row: Mapping[str, Any], names: Mapping[Role | None, str], homes: Mapping[int, str]) -> PersonTold | None:
    def cell(role: Role) -> str:
        return str(row.get(names.get(role, ""), "") or "").strip()

    part = Part.SUSPECT if not cell(Role.VICTIM) and cell(Role.SUSPECT) else Part.VICTIM
    reference = cell(Role.SUSPECT if part is Part.SUSPECT else Role.VICTIM)
    born_on = _date(cell(Role.BORN_ON))
    if not reference or not (cell(Role.SURNAME) or born_on):
        return None
    return PersonTold(
        reference=reference,
        part=part,
        forename=cell(Role.FORENAME),
        surname=cell(Role.SURNAME),
        born_on=born_on,
        address=cell(Role.ADDRESS),
        postcode=cell(Role.POSTCODE),
        premises=homes.get(row["line"], ""),
    )


def _date(text: str) -> date | None:
    """A date of birth; None for what is none: what cannot be read is not guessed."""
    for pattern in _DATES:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None
