"""Whoever owns the database can lift the triggers. The chain tells on them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaigns import audit_tampering
from campaigns._audit_spoiler import trials
from frankpledge.foundation.audit import selectors
from frankpledge.foundation.audit.rules import GENESIS, Head, Verification, Written, entry_hash, verify_chain

Row = tuple[object, ...]


def chain(count: int) -> list[Row]:
    """A sound trail as rows: the fields of Written, then the hash."""
    rows: list[Row] = []
    previous = GENESIS
    for number in range(1, count + 1):
        at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=number)
        written = Written(
            number, at, "consultation", "Looked.", "tests:1", "person", 7, "Tess", None, None, "{}", previous
        )
        previous = entry_hash(written)
        rows.append((*(getattr(written, name) for name in Written.__slots__), previous))
    return rows


def head_of(rows: list[Row]) -> Head:
    return Head(int(rows[-1][0]), str(rows[-1][-1]))  # type: ignore[call-overload]


@pytest.mark.django_db
def test_random_tampering_is_found_and_rightly_blamed() -> None:
    """The campaign `audit-tampering`, in its short form, on the database of this run."""
    assert trials(audit_tampering.SHORT, seed=2) == []


def test_a_sound_trail_says_how_long_it_is_and_where_it_ends() -> None:
    rows = chain(12_034)
    result = verify_chain(rows, head=head_of(rows))
    assert result.sentence() == f"12,034 entries, unbroken, head {head_of(rows).entry_hash[:12]}…"
    assert verify_chain(chain(1), head=head_of(chain(1))).sentence().startswith("1 entry, unbroken")


def test_the_first_bad_entry_is_named_even_if_later_ones_are_bad_too() -> None:
    rows = chain(20)
    for bad in (6, 11, 17):
        rows[bad] = (*rows[bad][:3], "Looked at nothing.", *rows[bad][4:])
    result = verify_chain(rows, head=head_of(rows))
    assert (result.first_bad, result.problem) == (7, "Entry 7 of the audit trail was altered.")


def test_a_deleted_entry_is_named() -> None:
    rows = chain(20)
    last = head_of(rows)
    del rows[8:11]
    assert verify_chain(rows, head=last).problem == "Entry 9 is missing from the audit trail."


def test_a_cut_off_end_is_noticed_by_the_note_of_the_head() -> None:
    rows = chain(20)
    result = verify_chain(rows[:15], head=head_of(rows))
    assert result.problem == "Entry 16 is missing: the audit trail once reached entry 20 and was cut short."


def test_a_trail_rewritten_from_end_to_end_is_noticed_by_an_earlier_check() -> None:
    earlier = head_of(chain(10))
    rewritten: list[Row] = []
    previous = GENESIS
    for row in chain(20):
        written = Written(*row[:-2], previous)  # type: ignore[arg-type]
        forged = Written(*(*row[:3], "Looked at nothing.", *row[4:-2], previous))  # type: ignore[arg-type]
        assert written.sequence == forged.sequence
        previous = entry_hash(forged)
        rewritten.append((*row[:3], "Looked at nothing.", *row[4:-2], forged.previous_hash, previous))
    assert verify_chain(rewritten, head=head_of(rewritten)).unbroken
    result = verify_chain(rewritten, head=head_of(rewritten), witnesses=[earlier])
    assert result.first_bad == 10
    assert "rewritten" in str(result.problem)


def test_the_latest_entries_can_be_checked_alone() -> None:
    rows = chain(50)
    start = Head(40, str(rows[39][-1]))
    assert verify_chain(rows[40:], head=head_of(rows), start=start).unbroken
    assert verify_chain(rows[41:], head=head_of(rows), start=start).first_bad == 41


def test_the_witness_file_keeps_the_heads_of_sound_trails_only(tmp_path: Path) -> None:
    file = tmp_path / "witness.jsonl"
    assert selectors.read_witnesses(file) == []
    selectors.add_witness(file, Verification(7, "a" * 64))
    selectors.add_witness(file, Verification(8, "b" * 64, "Entry 8 of the audit trail was altered.", 8))
    assert selectors.read_witnesses(file) == [Head(7, "a" * 64)]
