"""`frankpledge picture`: from files to a page and its numbers, and one clear sentence for every mistake."""

import csv
import gzip
import io
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from frankpledge.cli.main import run

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
REAL = pytest.mark.skipif(not SHARED.is_dir(), reason="the real files of ../shared/data are not here")

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)


def square(code: str, name: str, west: float) -> dict[str, Any]:
    """A small area of about a kilometre near Brackenfield, degrees WGS84."""
    ring = [[west, 52.6], [west + 0.01, 52.6], [west + 0.01, 52.61], [west, 52.61], [west, 52.6]]
    return {
        "type": "Feature",
        "properties": {"LSOA11CD": code, "LSOA11NM": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three months of a force, six small areas of one district, and their households."""
    boundaries = tmp_path / "boundaries" / "lsoa2011_by_district"
    boundaries.mkdir(parents=True)
    codes = [f"E0102577{n}" for n in range(6)]
    features = [square(code, f"Harborough 002{'ABCDEF'[n]}", -1.0 + 0.01 * n) for n, code in enumerate(codes)]
    (boundaries / "E07000131.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    denominators = tmp_path / "denominators"
    denominators.mkdir()
    rows = "".join(f"{code},{500 + 100 * n}\n" for n, code in enumerate(codes))
    (denominators / "households.csv").write_text(f"lsoa11_code,households\n{rows}")
    police = tmp_path / "police"
    police.mkdir()
    for month in ("2022-01", "2022-02", "2022-03"):
        lines = [HEADER]
        for n, code in enumerate(codes):
            for event in range(n + 1):
                key = f"{month[-2:]}{n}{event}".ljust(64, "a")
                lines.append(
                    f"{key},{month},Leicestershire Police,Leicestershire Police,-0.995,52.605,On or near Oak Road,"
                    f"{code},Harborough 002A,Burglary,Under investigation,"
                )
        lines.append(
            f",{month},Leicestershire Police,Leicestershire Police,-0.995,52.605,On or near Oak Road,"
            f"{codes[0]},Harborough 002A,Anti-social behaviour,,"
        )
        (police / f"{month}-leicestershire-street.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def ask(folder: Path, *more: str, area: str = "Harborough", police: str = "police") -> int:
    return run(
        [
            "picture",
            str(folder / police),
            "--area",
            area,
            "--areas",
            str(folder / "boundaries"),
            "--denominators",
            str(folder / "denominators"),
            *more,
        ]
    )


def test_the_numbers_stand_alone_on_standard_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(folder, "--json", "-", "--out", str(folder / "h.html")) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["months"] == ["2022-01", "2022-02", "2022-03"]
    assert told["counts"] == [21, 21, 21]
    assert told["total"] == 63
    assert told["households"] == sum(500 + 100 * n for n in range(6))
    assert told["denominator"]["edition"] == "census-2011"
    assert told["rate_per_1000_households"] == pytest.approx(1_000 * 63 / told["households"], abs=1e-5)
    assert told["rate_period"] == ["2022-01", "2022-03"]
    assert [area["name"] for area in told["areas"]][0].startswith("Harborough 002")
    assert {area["code"]: area["count"] for area in told["areas"]}["E01025775"] == 18
    assert told["rows"] == {"read": 66, "stored": 66, "quarantined": 0, "duplicates": 0}
    assert "2022-02-leicestershire-street.csv" in said.err
    assert "Burglary in Harborough" in (folder / "h.html").read_text(encoding="utf-8")


def test_the_order_and_packing_of_files_change_no_number(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(folder, "--json", "-", "--quiet") == 0
    plain = json.loads(capsys.readouterr().out)
    packed = folder / "packed" / "deeper"
    packed.mkdir(parents=True)
    for number, file in enumerate(sorted((folder / "police").iterdir(), reverse=True)):
        lines = file.read_text().splitlines()
        with gzip.open(packed / f"{number}-{file.name}.gz", "wt", newline="") as out:
            out.write("\r\n".join([lines[0], *reversed(lines[1:])]) + "\r\n")
    assert ask(folder, "--json", "-", "--quiet", police="packed") == 0
    assert json.loads(capsys.readouterr().out) == plain


def test_a_copy_of_a_file_is_counted_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(folder / "police" / "2022-01-leicestershire-street.csv", folder / "police" / "copy-2022-01.csv")
    assert ask(folder, "--json", "-") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == [21, 21, 21]
    assert told["rows"] == {"read": 88, "stored": 66, "quarantined": 0, "duplicates": 22}


def test_rows_that_cannot_be_used_are_in_the_balance(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "police" / "2022-03-leicestershire-street.csv"
    file.write_text(file.read_text().replace(",Burglary,", ",Witchcraft,", 2))
    assert ask(folder, "--json", "-", "--quiet") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == [21, 21, 19]
    assert told["rows"] == {"read": 66, "stored": 64, "quarantined": 2, "duplicates": 0}
    assert any(doubt["kind"] == "rows in quarantine" for doubt in told["doubts"])


def test_a_file_that_is_no_police_data_does_not_stop_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "police" / "0-error.csv").write_text("<html><body>503 Service Unavailable</body></html>")
    assert ask(folder, "--json", "-", "--quiet") == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["total"] == 63
    assert "0-error.csv" in said.err and len(said.err.strip().splitlines()) == 1


def test_another_type_and_period(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(folder, "--json", "-", "--quiet", "--type", "Anti-social behaviour", "--from", "2022-02") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == [1, 1]
    assert told["rate_per_1000_households"] is None  # reports of nuisance are counted against residents
    assert "residents" in told["refused"]["rate"]


MISTAKES = {
    "an unknown area": (["--area", "Harboro", "--json", "-"], "Did you mean Harborough"),
    "no area at all": (["--area", " ", "--json", "-"], "No area was named"),
    "a month that is none": (["--from", "2022-13", "--json", "-"], "is not a month"),
    "a period the wrong way round": (["--from", "2022-03", "--to", "2022-01", "--json", "-"], "Swap the two"),
    "a period without data": (["--from", "2025-01", "--json", "-"], "2022"),
    "an unknown type": (["--type", "burgalry", "--json", "-"], "Did you mean burglary"),
    "an unknown edition": (["--edition", "census-1801", "--json", "-"], "census-2011"),
    "nothing to make": ([], "--out"),
    "a folder that is not there": (["--out", "nowhere/at/all/h.html"], "no folder"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_ends_in_one_sentence(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more, told = MISTAKES[name]
    assert ask(folder, "--quiet", *more) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1


def test_a_path_that_is_not_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(folder, "--json", "-", police="nowhere") == 2
    assert "There is no file or folder" in capsys.readouterr().err


def test_only_rubbish_ends_in_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rubbish = folder / "rubbish"
    rubbish.mkdir()
    (rubbish / "a.csv").write_bytes("Month,Crime\n".encode("utf-16"))
    assert ask(folder, "--json", "-", police="rubbish") == 2
    assert "Nothing could be read" in capsys.readouterr().err


def real(force: str, area: str, tmp_path: Path) -> dict[str, Any]:
    asked = ["picture", str(SHARED / "police_uk" / force), "--area", area, "--areas", str(SHARED / "boundaries")]
    asked += ["--denominators", str(SHARED / "denominators"), "--out", str(tmp_path / "p.html")]
    asked += ["--json", str(tmp_path / "p.json"), "--quiet"]
    assert run(asked) == 0
    told = json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))
    assert isinstance(told, dict)
    return told


def by_hand(force: str, name: str) -> dict[str, int]:
    """Burglaries by month of the district called ``name``, with nothing but the csv module."""
    counts: dict[str, int] = {}
    for file in sorted((SHARED / "police_uk" / force).glob("*-street.csv.gz")):
        with gzip.open(file) as raw:
            for row in csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8", newline="")):
                counts.setdefault(row["Month"], 0)
                if row["Crime type"] == "Burglary" and row["LSOA name"].rsplit(" ", 1)[0] == name:
                    counts[row["Month"]] += 1
    return counts


@REAL
def test_harborough_from_the_real_files(tmp_path: Path) -> None:
    told = real("leicestershire", "Harborough", tmp_path)
    assert dict(zip(told["months"], told["counts"], strict=True)) == by_hand("leicestershire", "Harborough")
    assert told["rows"]["read"] == 301_838
    assert told["rows"]["read"] == sum(told["rows"][part] for part in ("stored", "quarantined", "duplicates"))
    assert (told["total"], told["rate_count"], told["households"], len(told["areas"])) == (846, 369, 34_898, 47)
    assert told["rate_per_1000_households"] == pytest.approx(10.6, abs=0.05)
    assert told["interval"] == [pytest.approx(9.5, abs=0.05), pytest.approx(11.7, abs=0.05)]
    # In March 2020 the district lost its positions: a nought in the file, and not a month without burglary.
    assert told["counts"][told["months"].index("2020-03")] == 0
    assert told["doubtful_months"] == ["2020-03"]
    assert told["comparison"]["against_rest"]["verdict"] == "lower, beyond chance"
    assert not told["change"]["like_for_like"]
    assert {area["name"] for area in told["areas"] if area["standing"] == "above, beyond chance"} >= {"Harborough 008D"}


@REAL
def test_mansfield_from_five_months_pretends_no_year(tmp_path: Path) -> None:
    told = real("nottinghamshire", "Mansfield", tmp_path)
    assert dict(zip(told["months"], told["counts"], strict=True)) == by_hand("nottinghamshire", "Mansfield")
    assert told["rows"]["read"] == 56_032
    assert told["expected"] is None and "18 months" in told["refused"]["expected"]
    assert told["rate_period"] == ["2018-10", "2019-02"]
    assert told["rate_per_1000_households"] == pytest.approx(1_000 * told["total"] / told["households"], abs=1e-5)
    assert any(doubt["kind"] == "short history" for doubt in told["doubts"])


@REAL
def test_the_real_command_is_quick_and_carries_nothing_heavy(tmp_path: Path) -> None:
    """As a process of its own, as people start it; the time is generous for a busy machine."""
    started = time.monotonic()
    code = (
        "import sys; from frankpledge.cli.main import run; code = run(sys.argv[1:]); "
        "heavy = {'pandas', 'numba', 'scipy.stats', 'statsmodels', 'django'} & set(sys.modules); "
        "print(sorted(heavy), file=sys.stderr); sys.exit(code or len(heavy))"
    )
    asked = ["picture", str(SHARED / "police_uk" / "leicestershire"), "--area", "Harborough", "--quiet"]
    asked += ["--areas", str(SHARED / "boundaries"), "--denominators", str(SHARED / "denominators")]
    asked += ["--out", str(tmp_path / "h.html")]
    done = subprocess.run([sys.executable, "-c", code, *asked], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == "[]"
    assert time.monotonic() - started < 30
