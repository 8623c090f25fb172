"""Damaged files, property-based: the short form of the campaign of the same name."""

import csv
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns import mutated_partner_files
from campaigns.mutated_police_files import BASES, SHORT, damaged_file, objections, run
from frankpledge.sources.registry import read_any
from frankpledge.sources.sheets import read_sheet
from frankpledge.vocabulary.deliveries import Delivery
from tests.sources.reading import STREET


@settings(max_examples=SHORT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_no_damage_crashes_the_reader_or_loses_a_row(tmp_path: Path, chance: random.Random) -> None:
    name, data = damaged_file(chance)
    path = tmp_path / name
    path.write_bytes(data)
    assert objections(path) == []


cells = st.text(st.sampled_from('ab, "\té\n\r\0\x1f🚓'), max_size=4)


@settings(max_examples=SHORT, deadline=None)
@given(
    rows=st.lists(st.lists(cells, min_size=1, max_size=4), max_size=8), end=st.sampled_from(["\n", "\r\n", "\r", ""])
)
def test_the_fast_and_the_plain_way_read_the_same_rows(rows: list[list[str]], end: str) -> None:
    data = ("one,two,three" + "\n" + "".join(",".join(row) + end for row in rows)).encode()
    fast, plain = read_sheet("f.csv", data), read_sheet("f.csv", data, plain=True)
    assert fast.columns == plain.columns
    assert fast.lines.tolist() == plain.lines.tolist()
    assert fast.rejected == plain.rejected


@pytest.mark.parametrize("name", BASES)
def test_an_undamaged_file_is_read_without_objection(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BASES[name](random.Random(1)))
    assert objections(tmp_path / name) == []


def test_the_campaign_reports_how_many_files_it_tried() -> None:
    result = run(20, seed=5)
    assert (result.n, result.failures) == (20, 0)
    assert "rows stored" in result.notes


def test_a_clean_file_takes_the_fast_way_even_with_quoted_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("frankpledge.sources.sheets._plain", None)  # would be called for anything it is unsure of
    data = f'{STREET}\r\na,b,c,d,e,f,"On or near Asda, Thurmaston",g,h,"say ""x""",j,k\r\n'.encode()
    sheet = read_sheet("f.csv", data)
    assert sheet.cells(0)[6] == "On or near Asda, Thurmaston"
    assert sheet.cells(0)[9] == 'say "x"'


def test_damaged_partner_files_of_every_shape_and_kind() -> None:
    result = mutated_partner_files.run(mutated_partner_files.SHORT, seed=7)
    assert (result.n, result.failures) == (mutated_partner_files.SHORT, 0)


@pytest.mark.parametrize("name", mutated_partner_files.BASES)
def test_an_undamaged_partner_file_goes_in_whole(tmp_path: Path, name: str) -> None:
    grid = mutated_partner_files.BASES[name](random.Random(1))
    path = tmp_path / f"{name}.csv"
    with path.open("w", newline="") as text:
        csv.writer(text).writerows(grid)
    deliveries = [outcome for outcome in read_any(path) if isinstance(outcome, Delivery)]
    assert deliveries and sum(len(delivery.rejected) for delivery in deliveries) == 0
