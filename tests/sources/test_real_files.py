"""The real files, with every quirk they are known for. Skipped where the shared folder is not there."""

import collections
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from frankpledge.sources import police_uk
from frankpledge.vocabulary.deliveries import Balance, Delivery, RowFault


def _read(folder: Path) -> list[Delivery]:
    outcomes = list(police_uk.read(folder))
    assert all(isinstance(outcome, Delivery) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, Delivery)]


def _events(deliveries: list[Delivery]) -> pa.Table:
    return pa.concat_tables([delivery.events for delivery in deliveries])


def _sum(deliveries: list[Delivery]) -> Balance:
    return sum((delivery.balance for delivery in deliveries), Balance())


def test_leicestershire(shared: Path) -> None:
    deliveries = _read(shared / "data/police_uk/leicestershire")
    events = _events(deliveries)
    assert len(deliveries) == len({delivery.period for delivery in deliveries}) == 35
    assert _sum(deliveries) == Balance(301_838, 301_838, 0, 0)
    assert {delivery.publisher for delivery in deliveries} == {"leicestershire"}
    types = dict(zip(*pc.value_counts(events["crime_type"]).flatten(), strict=True))
    counts = {kind.as_py(): count.as_py() for kind, count in types.items()}
    assert counts["burglary"] == 13_708
    assert counts["anti-social-behaviour"] == 33_364
    nameless = events.filter(pc.is_null(events["reference"]))
    assert nameless.num_rows == 33_364
    assert pc.unique(nameless["crime_type"]).to_pylist() == ["anti-social-behaviour"]
    assert nameless["outcome"].null_count == nameless.num_rows
    assert events["easting"].null_count == events["northing"].null_count == 7_463
    assert pc.unique(events["precision"]).to_pylist() == ["month"]
    assert set(pc.unique(events["place_precision"]).to_pylist()) == {"snap", "none"}


@pytest.mark.parametrize(
    ("folder", "rows", "burglaries", "repeated_ids"),
    [
        ("leicestershire", 301_838, 13_708, 10),
        ("nottinghamshire", 56_032, 3_303, 87),
        ("derbyshire", 39_616, 2_470, 161),
        ("northamptonshire", 32_207, 2_672, 55),
        ("gwent", 24_030, 1_009, 0),
        ("merseyside", 14_018, 630, 0),
    ],
)
def test_rows_with_an_id_that_comes_again_are_kept_unless_equal_throughout(
    shared: Path, folder: str, rows: int, burglaries: int, repeated_ids: int
) -> None:
    deliveries = _read(shared / "data/police_uk" / folder)
    balance, events = _sum(deliveries), _events(deliveries)
    assert (balance.read, balance.quarantined) == (rows, 0)
    references = events["reference"].drop_null()
    assert len(references) - len(references.unique()) == repeated_ids - balance.duplicates
    stored = pc.sum(pc.equal(events["crime_type"], "burglary")).as_py()
    assert burglaries - balance.duplicates <= stored <= burglaries


@pytest.mark.slow
def test_every_street_file_and_the_three_rows_that_really_are_in_the_north_sea(shared: Path) -> None:
    folders = [folder for folder in sorted((shared / "data/police_uk").iterdir()) if folder.name != "stop_and_search"]
    deliveries = [delivery for folder in folders for delivery in _read(folder)]
    assert _sum(deliveries) == Balance(1_238_370, 1_238_308, 3, 59)
    rejected = [row for delivery in deliveries for row in delivery.rejected]
    # Kensington Olympia and How Wood stations are published 30 and 80 km off the coast
    assert {row.fault for row in rejected} == {RowFault.POSITION_IN_THE_SEA}
    assert all("btp" in row.file and "(Station)" in row.raw for row in rejected)
    irish = _events([delivery for delivery in deliveries if delivery.publisher == "northern-ireland"])
    assert irish["small_area"].null_count == irish.num_rows
    assert irish["easting"].null_count < irish.num_rows / 2


def test_stop_and_search(shared: Path) -> None:
    deliveries = _read(shared / "data/police_uk/stop_and_search")
    events = _events(deliveries)
    assert _sum(deliveries) == Balance(25_557, 25_557, 0, 0)
    rows = collections.Counter()
    for delivery in deliveries:
        rows[delivery.publisher] += delivery.events.num_rows
    assert rows == {"leicestershire": 11_888, "nottinghamshire": 13_669}
    assert events["easting"].null_count == 10_470
    assert pc.unique(events["precision"]).to_pylist() == ["minute"]
