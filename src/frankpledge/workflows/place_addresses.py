"""Addresses in a partner's file become homes: before it is accepted where one home fits, later where somebody says.

The address itself is read by the profile that sends it to the places room; the events never hold it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from frankpledge.foundation.jobs.registry import JobContext
from frankpledge.foundation.places import selectors as places
from frankpledge.foundation.places import services as place_services
from frankpledge.foundation.places.matching import Decision, Gazetteer
from frankpledge.foundation.places.services import UnclearAddress
from frankpledge.records.incidents import belonging, placing
from frankpledge.records.incidents import selectors as incidents
from frankpledge.records.incidents.placing import Home
from frankpledge.sources.profiles import Profile, Role, Room, need_to_know
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.columns import Shape
from frankpledge.vocabulary.deliveries import Delivery


@dataclass(frozen=True)
class Placed:
    """A delivery with the homes its addresses mean, and the addresses that somebody must settle."""

    delivery: Delivery
    unclear: tuple[UnclearAddress, ...] = ()
    matched: int = 0


def placed(delivery: Delivery, path: Path, profile: Profile | None) -> Placed:
    """``delivery`` with homes beside the records whose address fits one clearly.

    ``path`` is the single file it was read from. A profile that sends no address to the places room, a file whose
    records all name their home, and an installation without a gazetteer leave it as it is.
    """
    if profile is None or delivery.shape is not Shape.EVENTS or not _sends_addresses(profile):
        return Placed(delivery)
    lines, homes = delivery.events["line"].to_pylist(), delivery.events["premises"].to_pylist()
    without = {line for line, home in zip(lines, homes, strict=True) if not home}
    gazetteer = places.gazetteer() if without else None
    if gazetteer is None or not gazetteer.known:
        return Placed(delivery)
    found, unclear = _looked_up(gazetteer, path, profile, without)
    where = places.positions_of(found.values())
    beside = {line: Home(uprn, *where[uprn]) for line, uprn in found.items() if uprn in where}
    if not beside:
        return Placed(delivery, tuple(unclear))
    events = placing.with_homes(delivery.events, beside)
    return Placed(replace(delivery, events=events), tuple(unclear), len(beside))


def ask_about(result: Placed, *, batch_key: str, by: Actor) -> int:
    """Put the unclear addresses of an accepted delivery to whoever knows the place; returns how many are new."""
    if not result.unclear:
        return 0
    owner_id, data_class = belonging.grounds_of([batch_key]).get(batch_key, (None, ""))
    return place_services.ask_about(
        result.unclear, batch_key=batch_key, owner_id=owner_id, data_class=data_class, by=by
    )


def place_addresses_job(context: JobContext, *, batch_key: str) -> dict[str, Any]:
    """The job: write the homes somebody settled beside the records of a batch. Doing it again changes nothing."""
    batch = incidents.find_batch(batch_key)
    settled = places.settled_homes(batch_key)
    if batch is None or not batch.is_current or not settled:
        return {"placed": 0}
    where = places.positions_of(settled.values())
    homes = {line: Home(uprn, *where[uprn]) for line, uprn in settled.items() if uprn in where}
    return {"placed": placing.place_rows(batch, homes, by=context.by)}


def _sends_addresses(profile: Profile) -> bool:
    return any(column.goes_to is Room.PLACES and column.role is Role.ADDRESS for column in profile.columns)


def _looked_up(
    gazetteer: Gazetteer, path: Path, profile: Profile, without: set[int]
) -> tuple[dict[int, str], list[UnclearAddress]]:
    found: dict[int, str] = {}
    unclear: list[UnclearAddress] = []
    for line, reference, address, postcode in _addresses(path, profile):
        if line not in without or not address:
            continue
        match = gazetteer.match(address, postcode)
        if match.decision is Decision.MATCHED:
            found[line] = match.uprn
        elif match.decision is Decision.ASK:
            unclear.append(UnclearAddress(line, reference, address, postcode, match))
    return found, unclear


def _addresses(path: Path, profile: Profile) -> Iterator[tuple[int, str, str, str]]:
    """Line, reference, address and postcode of each row, from the part of the file that only this room may read."""
    names = {column.role: column.name for column in profile.columns if column.goes_to is Room.PLACES}
    for table in need_to_know(profile, path, Room.PLACES):
        columns = table.to_pydict()
        blank = [None] * table.num_rows
        rows = zip(
            columns["line"],
            columns.get("reference", blank),
            columns.get(names.get(Role.ADDRESS, ""), blank),
            columns.get(names.get(Role.POSTCODE, ""), blank),
            strict=True,
        )
        yield from ((line, reference or "", address or "", code or "") for line, reference, address, code in rows)
