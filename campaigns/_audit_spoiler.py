"""What somebody who owns the database could do to the audit trail. Run as a script: N SEED, prints the misses as JSON.

Each trial spoils a sound trail in one way inside a transaction, checks it, and rolls back. The triggers are lifted for
it, as only the owner of the tables can.
"""

import json
import random
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

ENTRIES = 60
LENGTH = 200  # characters of the longest indexed field


def trials(n: int, seed: int) -> list[str]:
    """Spoil the trail ``n`` times; one line for each spoiling that was not found or was blamed on the wrong entry."""
    from django.db import connection, transaction

    from frankpledge.foundation.audit import selectors, triggers

    chance = random.Random(seed)
    misses = []
    with transaction.atomic():
        _write_trail(chance)
        witness = selectors.head()
        assert witness is not None and selectors.verify(witnesses=[witness]).unbroken
        triggers.remove(connection)
        for _ in range(n):
            spoil = chance.choice(WAYS)
            mark = transaction.savepoint()
            blamed = spoil(chance)
            found = selectors.verify(witnesses=[witness])
            transaction.savepoint_rollback(mark)
            if found.unbroken or found.first_bad not in blamed:
                misses.append(f"{spoil.__name__}: wanted {sorted(blamed)}, got {found}")
        assert selectors.verify(witnesses=[witness]).unbroken
        transaction.set_rollback(True)
    return misses


def _write_trail(chance: random.Random) -> None:
    from frankpledge.foundation.audit.services import record
    from frankpledge.foundation.audit.vocabulary import Act
    from frankpledge.vocabulary.actors import Actor

    people = [Actor.person(key, f"Person {key}") for key in range(1, 9)] + [Actor.system("import"), Actor.visitor()]
    for number in range(ENTRIES):
        act = chance.choice(list(Act))
        record(
            act=act,
            what=f"Did thing number {number}.",
            subject=f"incidents:batch {chance.randrange(20)}",
            by=chance.choice(people),
            purpose=chance.choice([None, "", "asked for"]),
            recipient="Brackenshire Constabulary" if act is Act.DISCLOSURE else None,
            details={"numbers": [chance.random(), chance.randrange(10**9)]},
        )


def _entries() -> Any:
    from frankpledge.foundation.audit.models import AuditEntry

    return AuditEntry.objects


def _last() -> int:
    return int(_entries().order_by("-sequence").values_list("sequence", flat=True)[0])


def _first() -> int:
    return int(_entries().order_by("sequence").values_list("sequence", flat=True)[0])


def _any(chance: random.Random) -> int:
    return chance.randint(_first(), _last())


def _other(chance: random.Random, column: str, value: Any) -> Any:
    """A value of the right kind that is not ``value``."""
    if column == "at":
        return value + timedelta(microseconds=chance.choice([-1, 1]) * chance.randrange(1, 10**9))
    if column == "actor_key":
        return chance.randrange(100, 10**6) if value is None or chance.random() < 0.8 else None
    if column in ("purpose", "recipient"):
        return chance.choice([v for v in (None, "", "another") if v != value])
    if column == "act":
        return chance.choice([word for word in ("collection", "alteration", "erasure") if word != value])
    if column == "actor_kind":
        return chance.choice([word for word in ("person", "system", "visitor") if word != value])
    if column in ("previous_hash", "entry_hash"):
        place = chance.randrange(64)
        return value[:place] + chance.choice([c for c in "0123456789abcdef" if c != value[place]]) + value[place + 1 :]
    return chance.choice([value + " ", value[:-1], value.replace(" ", "  ", 1), value + "\u200b"])[:LENGTH] or "x"


COLUMNS = (
    "at",
    "act",
    "what",
    "subject",
    "actor_kind",
    "actor_key",
    "actor_name",
    "purpose",
    "recipient",
    "written_details",
    "previous_hash",
    "entry_hash",
)


def alter_a_column(chance: random.Random) -> set[int]:
    """One value of one entry."""
    number = _any(chance)
    entry = _entries().get(pk=number)
    column = chance.choice([c for c in COLUMNS if not (c in ("act", "recipient") and entry.act == "disclosure")])
    changed = _other(chance, column, getattr(entry, column))
    while changed == getattr(entry, column):
        changed = _other(chance, column, getattr(entry, column))
    _entries().filter(pk=number).update(**{column: changed})
    return {number}


def alter_and_seal_again(chance: random.Random) -> set[int]:
    """One value, and the entry's own hash made to fit."""
    number = _any(chance)
    entry = _entries().get(pk=number)
    entry.what += " Or so it says."
    _entries().filter(pk=number).update(what=entry.what, entry_hash=_sealed(entry))
    return {number}


def join_elsewhere(chance: random.Random) -> set[int]:
    """An entry's link to the one before, with its own hash made to fit: which of the two was touched cannot be told."""
    number = _any(chance)
    entry = _entries().get(pk=number)
    entry.previous_hash = _other(chance, "previous_hash", entry.previous_hash)
    _entries().filter(pk=number).update(previous_hash=entry.previous_hash, entry_hash=_sealed(entry))
    return {max(number - 1, 1), number}


def renumber(chance: random.Random) -> set[int]:
    """An entry moved to the end by its number."""
    number = _any(chance)
    _entries().filter(pk=number).update(sequence=_last() + chance.randrange(2, 10))
    return {number}


def delete_some(chance: random.Random) -> set[int]:
    """A run of entries from somewhere."""
    number = _any(chance)
    _entries().filter(pk__gte=number, pk__lt=number + chance.randrange(1, 6)).delete()
    return {number}


def cut_off_the_end(chance: random.Random) -> set[int]:
    """The latest entries."""
    number = _any(chance)
    _entries().filter(pk__gte=number).delete()
    return {number}


def cut_off_the_end_and_the_note(chance: random.Random) -> set[int]:
    """The latest entries, with the note of the last one set back to fit."""
    number = chance.randint(_first() + 1, _last())
    _entries().filter(pk__gte=number).delete()
    _note(number - 1)
    return {number}


def empty(_chance: random.Random) -> set[int]:
    """Everything, the note too."""
    from frankpledge.foundation.audit.models import AuditHead

    first = _first()
    _entries().all().delete()
    AuditHead.objects.all().delete()
    return {first}


def swap(chance: random.Random) -> set[int]:
    """Two entries change places."""
    one, two = sorted(chance.sample(range(_first(), _last() + 1), 2))
    away = _last() + 100
    for old, new in ((one, away), (two, one), (away, two)):
        _entries().filter(pk=old).update(sequence=new)
    return {one}


def slip_one_in(chance: random.Random) -> set[int]:
    """A made-up entry in the middle, the later ones numbered on."""
    number = _any(chance)
    for later in range(_last(), number - 1, -1):
        _entries().filter(pk=later).update(sequence=later + 1)
    made_up = _entries().get(pk=number + 1)
    made_up.pk, made_up.what = number, "Looked at nothing."
    made_up.previous_hash = _hash_before(number)
    made_up.entry_hash = _sealed(made_up)
    made_up.save(force_insert=True)
    return {number, number + 1}


def add_one_at_the_end(_chance: random.Random) -> set[int]:
    """A made-up entry after the last, sealed and joined as it should be."""
    last = _entries().get(pk=_last())
    number, before = last.pk + 1, last.entry_hash
    last.pk, last.previous_hash = number, before
    last.entry_hash = _sealed(last)
    last.save(force_insert=True)
    return {number}


def rewrite_from_somewhere(chance: random.Random) -> set[int]:
    """An entry altered and everything after it sealed again, the note too."""
    number = _any(chance)
    before = _hash_before(number)
    for entry in _entries().filter(pk__gte=number).order_by("sequence"):
        entry.what = "Looked at nothing." if entry.pk == number else entry.what
        entry.previous_hash = before
        entry.entry_hash = before = _sealed(entry)
        entry.save()
    _note(_last())
    return {_last()}


def spoil_the_note(chance: random.Random) -> set[int]:
    """The note of the last entry: its number, its hash, or all of it."""
    from frankpledge.foundation.audit.models import AuditHead

    last = _last()
    way = chance.randrange(3)
    if way == 0:
        shift = chance.choice([-3, -1, 1, 4])
        AuditHead.objects.update(sequence=last + shift)
        return {last + min(shift, 0) + 1}
    if way == 1:
        AuditHead.objects.update(entry_hash=_other(chance, "entry_hash", AuditHead.objects.get().entry_hash))
    else:
        AuditHead.objects.all().delete()
    return {last}


WAYS: tuple[Callable[[random.Random], set[int]], ...] = (
    alter_a_column,
    alter_a_column,
    alter_a_column,
    alter_and_seal_again,
    join_elsewhere,
    renumber,
    delete_some,
    cut_off_the_end,
    cut_off_the_end_and_the_note,
    empty,
    swap,
    slip_one_in,
    add_one_at_the_end,
    rewrite_from_somewhere,
    spoil_the_note,
)


def _sealed(entry: Any) -> str:
    from frankpledge.foundation.audit.rules import WRITTEN_FIELDS, Written, entry_hash

    return entry_hash(Written(**{name: getattr(entry, name) for name in WRITTEN_FIELDS}))


def _hash_before(number: int) -> str:
    from frankpledge.foundation.audit.rules import GENESIS

    before = _entries().filter(pk=number - 1).values_list("entry_hash", flat=True).first()
    return before or GENESIS


def _note(number: int) -> None:
    from frankpledge.foundation.audit.models import AuditHead

    AuditHead.objects.update(sequence=number, entry_hash=_hash_before(number + 1))


if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    json.dump(trials(int(sys.argv[1]), int(sys.argv[2])), sys.stdout)
