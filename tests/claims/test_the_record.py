"""113 claims of five published documents, against the verdicts an independent reader recorded."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from frankpledge.analysis.claims.across import check_claims
from frankpledge.analysis.claims.claims import Checked, Verdict
from frankpledge.analysis.claims.reading import claims_from_list
from frankpledge.cli.claims import EXIT_CONFLICTS, command

RECORD = Path(__file__).resolve().parents[3] / "shared" / "domain" / "claims.json"
VERDICTS = {
    "agrees": Verdict.AGREES,
    "rounding": Verdict.ROUNDING,
    "derived (no figure stated)": Verdict.DERIVED,
    "cannot be checked": Verdict.CANNOT,
    # a named doubt: what is said is unlikely, and nothing printed proves it
    "implausible": Verdict.CANNOT,
}
# M09 has a value on record (1.0) and its own formula gives 0.852: no rounding of 1.0 reaches it.
# "Derived" is kept for claims without a stated value. With the value taken away it is derived, as the record says.
ARGUED = {"M09": Verdict.CONFLICT}


@pytest.fixture(scope="module")
def record() -> list[dict[str, Any]]:
    if not RECORD.is_file():
        pytest.skip("the recorded claims, ../shared/domain/claims.json, are not here")
    return json.loads(RECORD.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def checked(record: list[dict[str, Any]]) -> dict[str, Checked]:
    # The record's own verdicts and values are taken away first: nothing can be looked up.
    bare = [{name: item[name] for name in ("id", "seed", "quote", "inputs", "formula", "expected")} for item in record]
    return {one.claim.key: one for one in check_claims(claims_from_list(bare))}


def test_every_claim_gets_its_recorded_verdict(record: list[dict[str, Any]], checked: dict[str, Checked]) -> None:
    expected = {item["id"]: VERDICTS.get(item["verdict"], Verdict.CONFLICT) for item in record} | ARGUED
    assert len(expected) == 113
    assert {key: one.verdict for key, one in checked.items()} == expected


def test_the_verdict_does_not_hang_on_the_name(record: list[dict[str, Any]], checked: dict[str, Checked]) -> None:
    renamed = [{**item, "id": f"X{i}"} for i, item in enumerate(record)]
    again = check_claims(claims_from_list(renamed))
    assert [one.verdict for one in again] == [checked[item["id"]].verdict for item in record]


def test_the_argued_one_is_derived_without_its_value(record: list[dict[str, Any]]) -> None:
    bare = [{**item, "expected": None} for item in record if item["id"] in ARGUED]
    assert [one.verdict for one in check_claims(claims_from_list(bare))] == [Verdict.DERIVED]


def test_the_values_are_those_of_the_record(record: list[dict[str, Any]], checked: dict[str, Checked]) -> None:
    compared = 0
    for item in record:
        wanted, found = item["computed"], checked[item["id"]].results
        if not isinstance(wanted, int | float) or not found or not hasattr(found[0].value, "numerator"):
            continue
        value = float(found[0].value)
        scale = 100 if abs(value) < 1.2 < abs(wanted) else 1  # the record writes some shares as per cent
        assert value * scale == pytest.approx(wanted, rel=0.006, abs=0.006), item["id"]
        compared += 1
    assert compared > 80


def test_the_doubtful_one_names_its_doubt(checked: dict[str, Checked]) -> None:
    assert checked["B16"].doubts


def test_the_command_says_so_and_its_exit_code_too(tmp_path: Path, record: list[dict[str, Any]]) -> None:
    ran = CliRunner().invoke(command, ["check", str(RECORD), "--json", "-"], standalone_mode=False)
    assert ran.return_value == EXIT_CONFLICTS
    assert len(json.loads(ran.output)["claims"]) == 113
    good = tmp_path / "good.json"
    good.write_text(
        json.dumps([{"id": "a", "quote": "5", "inputs": {"x": 2, "y": 3}, "formula": "x+y", "expected": 5}])
    )
    ran = CliRunner().invoke(command, ["check", str(good)], standalone_mode=False)
    assert ran.return_value == 0
    assert "1 agrees" in ran.output
