"""`frankpledge audit verify` and `frankpledge people`, as somebody at the command line meets them."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
PERSON = ("--email", "ann@aldercombe.example", "--name", "Ann Administrator", "--role", "administrator")
AGENCY = ("--agency", "Aldercombe District Council", "--kind", "council")

pytestmark = pytest.mark.slow


def frankpledge(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FRANKPLEDGE_", "DJANGO_"))}
    environment = {**kept, "PYTHONPATH": str(SOURCE), "DATABASE_URL": "", "FRANKPLEDGE_DATA": str(data)}
    command = [sys.executable, "-m", "frankpledge.cli.main", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one administrator, made once."""
    folder = tmp_path_factory.mktemp("installed")
    added = frankpledge(folder, "people", "add", *PERSON, *AGENCY)
    assert added.returncode == 0, added.stderr
    assert "Ann Administrator is added as administrator for Aldercombe District Council." in added.stdout
    assert "/account/password/new/" in added.stdout
    return folder


@pytest.fixture
def data(installed: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(installed, tmp_path / "data")


def test_people_are_added_once_and_listed(data: Path) -> None:
    again = frankpledge(data, "people", "add", *PERSON, *AGENCY)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == "There is already an account for ann@aldercombe.example.\n"
    listed = frankpledge(data, "people", "list").stdout
    assert listed == "ann@aldercombe.example  Ann Administrator  administrator, Aldercombe District Council\n"


def test_a_kind_of_agency_that_is_none_is_refused_in_words(data: Path) -> None:
    refused = frankpledge(data, "people", "add", *PERSON, "--agency", "Another", "--kind", "bakery")
    assert refused.returncode == 2
    assert "bakery is not a kind of agency: use one of police, council" in refused.stderr


def test_a_sound_trail_is_said_to_be_and_leaves_a_witness(data: Path) -> None:
    said = frankpledge(data, "audit", "verify")
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("4 entries, unbroken, head ")
    result = json.loads(frankpledge(data, "audit", "verify", "--json").stdout)
    assert (result["entries"], result["problem"]) == (4, None)
    witnesses = (data / "audit-witness.jsonl").read_text().splitlines()
    assert [json.loads(line)["entry_hash"] for line in witnesses] == [result["head"]]


def test_an_altered_trail_is_named_and_the_exit_code_says_so(data: Path) -> None:
    with sqlite3.connect(data / "frankpledge.sqlite3") as database:
        database.execute("DROP TRIGGER audit_entry_not_changed")
        database.execute("UPDATE audit_auditentry SET what = 'Nothing.' WHERE sequence = 3")
    said = frankpledge(data, "audit", "verify")
    assert (said.returncode, said.stdout) == (1, "Entry 3 of the audit trail was altered.\n")


def test_a_trail_set_back_to_an_earlier_day_is_noticed_by_the_witness(data: Path) -> None:
    earlier = (data / "frankpledge.sqlite3").read_bytes()
    frankpledge(data, "people", "list")
    assert frankpledge(data, "audit", "verify").returncode == 0
    (data / "frankpledge.sqlite3").write_bytes(earlier)
    said = frankpledge(data, "audit", "verify")
    assert said.returncode == 1
    assert "once reached entry 5 and was cut short" in said.stdout
