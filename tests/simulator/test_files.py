"""The files are those the partners would send: same seed same bytes, read back to the row, every fault known."""

import csv
import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pytest

from frankpledge.sources.headers import STREET_COLUMNS
from frankpledge.sources.profiles import shipped
from frankpledge.sources.registry import read_any
from frankpledge.sources.simulator import (
    RECORDS_FOLDER,
    SimulatedPartnership,
    draw_place,
    offences,
    simulate,
    truth_of,
    write_files,
)
from frankpledge.vocabulary.deliveries import Delivery, RowFault


def digest(partnership: SimulatedPartnership) -> str:
    """SHA-256 over every file's name and bytes, and of the truth."""
    total = hashlib.sha256()
    for file in partnership.record_files:
        total.update(file.path.encode() + b"\0" + file.text.encode())
    total.update(repr(truth_of(partnership)).encode())
    return total.hexdigest()


@pytest.fixture(scope="module")
def deliveries(folder: Path) -> list[Delivery]:
    """Every record file as the sources read it."""
    found = list(read_any(folder / RECORDS_FOLDER))
    assert all(isinstance(delivery, Delivery) for delivery in found)
    return [delivery for delivery in found if isinstance(delivery, Delivery)]


def test_the_same_seed_gives_the_same_bytes_in_another_process(partnership: SimulatedPartnership) -> None:
    """Nothing depends on the order of a set, the clock or what ran before."""
    code = (
        "import hashlib\n"
        "from frankpledge.sources.simulator import simulate, truth_of\n"
        "p = simulate(1); d = hashlib.sha256()\n"
        "for f in p.record_files: d.update(f.path.encode() + b'\\0' + f.text.encode())\n"
        "d.update(repr(truth_of(p)).encode()); print(d.hexdigest())\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == digest(partnership)


def test_another_seed_gives_another_history_in_the_same_place(partnership: SimulatedPartnership) -> None:
    """Two hundred histories can be drawn without drawing the town again."""
    other = simulate(seed=2)
    assert other.geography is partnership.geography
    assert other.premises is partnership.premises
    assert digest(other) != digest(partnership)


def test_writing_twice_gives_the_same_files(partnership: SimulatedPartnership, folder: Path, tmp_path: Path) -> None:
    """And the list is in the order to import: a month sent again comes after its first edition."""
    written = write_files(partnership, tmp_path)
    for path in written:
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes()
    assert (tmp_path / "truth.json").read_bytes() == (folder / "truth.json").read_bytes()
    assert written[-1].parent.name == "sent-again"
    assert [path.name for path in written].count(written[-1].name) == 2


def test_work_is_bounded(partnership: SimulatedPartnership) -> None:
    """What makes it quick: the place is drawn once in a process, and there are as many rows as the demo needs."""
    assert draw_place() is partnership.place
    rows = sum(file.rows for file in partnership.record_files)
    assert 80_000 < rows < 150_000
    assert sum(len(file.text) for file in partnership.record_files) < 40_000_000
    assert len(partnership.burglaries.day) < 2_000


def test_police_files_have_exactly_the_publishers_columns(folder: Path) -> None:
    """Thirty-six months, named as data.police.uk names them."""
    files = sorted((folder / RECORDS_FOLDER / "police-uk").iterdir())
    assert [file.name for file in files][:: len(files) - 1] == [
        "2023-10-brackenshire-street.csv",
        "2026-09-brackenshire-street.csv",
    ]
    assert len(files) == 36
    for file in files:
        with file.open(newline="") as text:
            rows = csv.reader(text)
            assert tuple(next(rows)) == STREET_COLUMNS
            assert all(len(row) == len(STREET_COLUMNS) for row in rows)


def test_the_words_are_the_agreed_ones() -> None:
    """Offences, categories and fires are those the sources know."""
    assert {offence.title for offence in offences.ALL_OFFENCES} <= set(shipped()["police-extract"].codes or ())
    assert {category for category, *_ in offences.COUNCIL_CATEGORIES} <= set(shipped()["council-asb"].codes or ())
    assert {kind for kind, *_ in offences.FIRE_TYPES} <= set(shipped()["fire-incidents"].codes or ())


def test_each_file_reads_back_to_the_row(partnership: SimulatedPartnership, deliveries: list[Delivery]) -> None:
    """Rows read, stored, quarantined and repeated are exactly those of the truth, with line and fault."""
    truth = {file["file"]: file for file in truth_of(partnership)["files"]}
    assert {delivery.file for delivery in deliveries} == set(truth)
    for delivery in deliveries:
        known = truth[delivery.file]
        found = [{"line": row.line, "fault": row.fault.value} for row in delivery.rejected]
        assert found == known["quarantined"], delivery.file
        assert delivery.balance.read == known["rows"]
        assert delivery.balance.stored == known["stored"]
        assert delivery.duplicates == known["duplicates"]
        assert delivery.balance.holds


def test_police_files_are_clean_and_the_partners_are_not_quite(deliveries: list[Delivery]) -> None:
    """Quarantine has something to show: many kinds of fault, half a per cent to two in the months that have any."""
    faults = Counter(row.fault for delivery in deliveries for row in delivery.rejected)
    assert {RowFault.ENDS_BEFORE_IT_STARTS, RowFault.NO_SUCH_HOUR, RowFault.POSITION_IN_THE_SEA} <= set(faults)
    assert len(faults) >= 8
    for delivery in deliveries:
        if delivery.source == "police-uk-street":
            assert delivery.balance.quarantined == 0
        elif delivery.source != "fire-incidents":
            assert delivery.balance.quarantined <= 0.03 * delivery.balance.read


def test_one_month_is_missing_and_one_was_sent_again(deliveries: list[Delivery]) -> None:
    """The evidence page has a gap and a newer edition to show."""
    months = {(delivery.source, str(delivery.period.first)) for delivery in deliveries}
    assert ("council-asb", "2026-02") not in months
    assert len([key for key in months if key[0] == "council-asb"]) == 35
    twice = [d for d in deliveries if d.source == "police-extract" and str(d.period.first) == "2026-08"]
    first, again = sorted(twice, key=lambda delivery: delivery.file)
    assert first.content_sha256 != again.content_sha256
    references = [set(delivery.events["reference"].to_pylist()) for delivery in (first, again)]
    assert references[1] - references[0]
    assert references[0] - references[1]


def test_police_uk_and_the_extract_tell_of_the_same_burglaries(
    partnership: SimulatedPartnership, deliveries: list[Delivery]
) -> None:
    """Month by month they differ only by what was recorded too late, is in quarantine or has no place."""
    here = set(partnership.geography.small_areas_in(partnership.district_code))
    street: Counter[str] = Counter()
    extract: Counter[str] = Counter()
    for delivery in deliveries:
        events = delivery.events
        if delivery.source == "police-uk-street":
            rows = events.filter(pc.equal(events["crime_type"], "burglary"))
            street[str(delivery.period.first)] += sum(code in here for code in rows["small_area"].to_pylist())
        elif delivery.source == "police-extract" and "sent-again" not in delivery.file:
            extract[str(delivery.period.first)] += int(pc.sum(pc.equal(events["crime_type"], "burglary")).as_py())
    assert set(street) == set(extract)
    for month in street:
        assert abs(street[month] - extract[month]) <= 0.3 * street[month] + 3
    assert abs(sum(street.values()) - sum(extract.values())) < 0.06 * sum(street.values())


def test_some_police_rows_have_no_position(deliveries: list[Delivery]) -> None:
    """As with the real publisher: about one row in eighty."""
    placed = [pc.is_valid(d.events["easting"]) for d in deliveries if d.source == "police-uk-street"]
    share = 1 - np.mean(np.concatenate([part.to_numpy(zero_copy_only=False) for part in placed]))
    assert 0.005 < share < 0.03


def test_no_file_names_a_person(folder: Path) -> None:
    """Victims are opaque references, and the same home has the same one."""
    path = folder / RECORDS_FOLDER / "police-extract" / "police-extract-brackenshire-2026-01.csv"
    with path.open(newline="") as text:
        rows = list(csv.DictReader(text))
    assert all(row["victim_ref"] == "" or row["victim_ref"][0] == "V" for row in rows)
    by_home: dict[str, set[str]] = {}
    for row in rows:
        if row["uprn"] and row["victim_ref"]:
            by_home.setdefault(row["uprn"], set()).add(row["victim_ref"])
    assert by_home
    assert all(len(references) == 1 for references in by_home.values())
