"""`frankpledge profiles`: what an analyst reads on the terminal."""

import json
from pathlib import Path

import pytest

from frankpledge.cli.main import run

VOIDS = "property_ref,uprn,void_from,void_to\nV1,100000000123,01/04/2025,14/05/2025\nV2,,31/04/2025,\n"


def test_the_list_names_every_profile_and_show_says_what_is_private(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profiles", "list"]) == 0
    assert "void-homes" in capsys.readouterr().out
    assert run(["profiles", "show", "police-extract"]) == 0
    shown = capsys.readouterr().out
    assert "victim_ref                       private; goes to people" in shown
    assert "Covered by: the partnership's information sharing agreement with the police" in shown


def test_an_unknown_name_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profiles", "show", "nonsense"]) == 2
    assert "There is no profile called nonsense." in capsys.readouterr().err


def test_export_as_profile_and_as_table_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profiles", "export", "void-homes"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "void-homes"
    assert run(["profiles", "export", "void-homes", "--table-schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["fields"][0]["constraints"] == {"required": True}


def test_check_prints_the_sum_the_rows_and_what_would_be_set_aside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "void-homes-mercia-homes.csv").write_text(VOIDS)
    assert run(["profiles", "check", str(tmp_path / "void-homes-mercia-homes.csv")]) == 0
    shown = capsys.readouterr().out
    assert "read 2 = stored 1 + quarantined 1 + duplicates 0" in shown
    assert "line 3 would be set aside: The date 31/04/2025 does not exist." in shown


def test_check_needs_whose_file_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "list.csv").write_text(VOIDS)
    assert run(["profiles", "check", str(tmp_path / "list.csv")]) == 2
    assert "call it void-homes-PUBLISHER.csv" in capsys.readouterr().err
    assert run(["profiles", "check", str(tmp_path / "list.csv"), "--publisher", "mercia-homes"]) == 0


def test_check_proposes_for_a_file_nobody_knows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "new.csv").write_text(
        "Case Ref,Incident Type,Date Reported,Caller Name\nA1,Noise nuisance,01/04/2025,Mr A Smith\n"
    )
    assert run(["profiles", "check", str(tmp_path / "new.csv")]) == 0
    shown = capsys.readouterr().out
    assert "“Noise nuisance”: anti-social behaviour" in shown
    assert "Caller Name: private; goes to people" in shown
