"""What the folder of events promises: whole or absent, once, and nothing swept from under a writer."""

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from frankpledge.evidence.store import PASSING_PREFIX, EvidenceStore
from frankpledge.vocabulary.periods import Month
from tests.evidence.events import made_up_events

CONTENT = "ab" * 32
KEY = "police-uk-street.aldershire.2022-10.ababab"
EVENTS = made_up_events(500, month=Month(2022, 10))


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence")


def write(store: EvidenceStore, content: str = CONTENT):
    with store.writing():
        return store.write(EVENTS, content_sha256=content, batch=KEY)


def test_every_row_comes_back_with_its_batch_in_front(store):
    stored = write(store)
    table = pq.read_table(store.path(stored.name))
    assert table.column("batch").unique().to_pylist() == [KEY]
    assert table.drop(["batch"]).sort_by("line").equals(EVENTS.replace_schema_metadata(table.schema.metadata))
    assert stored.rows == 500
    assert stored.bytes_ == store.path(stored.name).stat().st_size


def test_rows_lie_in_order_of_place_then_month(store):
    areas = pq.read_table(store.path(write(store).name)).column("small_area").to_pylist()
    known = [area for area in areas if area is not None]
    assert known == sorted(known)


def test_the_same_content_again_writes_nothing_and_says_the_same(store):
    first = write(store)
    before = store.path(first.name).stat().st_ino
    assert write(store) == first
    assert store.path(first.name).stat().st_ino == before


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-200], lambda b: b"", lambda b: b[:600] + bytes([b[600] ^ 1]) + b[601:]]
)
def test_a_file_damaged_on_disk_is_noticed_and_written_again(store, damage):
    first = write(store)
    path = store.path(first.name)
    path.write_bytes(damage(path.read_bytes()))
    assert not store.verify(first.name, first.sha256)
    assert write(store) == first
    assert store.verify(first.name, first.sha256)


def test_a_write_that_fails_leaves_nothing(store, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(store)
    assert not list(store.root.glob("*.parquet"))


def test_a_sweep_removes_what_no_catalogue_row_names(store):
    kept, orphan = write(store), write(store, "cd" * 32)
    passing = store.root / f"{PASSING_PREFIX}killed.parquet"
    passing.write_bytes(b"half a file")
    assert store.sweep(lambda: {kept.name}) == sorted([orphan.name, passing.name])
    assert store.verify(kept.name, kept.sha256)


def test_nothing_is_swept_while_somebody_writes(store):
    with store.writing():
        stored = store.write(EVENTS, content_sha256=CONTENT, batch=KEY)
        assert EvidenceStore(store.root).sweep(set) == []
    assert store.sweep(set) == [stored.name]


def test_a_missing_file_does_not_verify(store):
    assert not store.verify("nothing.parquet", "00")


@pytest.mark.parametrize("name", ["../secret.parquet", "/etc/passwd", "a/b.parquet", "lock", ""])
def test_only_names_of_the_store_have_a_path(store, name):
    with pytest.raises(ValueError, match="not the name of a file"):
        store.path(name)
