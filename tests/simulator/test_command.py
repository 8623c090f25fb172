"""`frankpledge simulate`, and that what is told about the demo is so."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from frankpledge.cli.main import run
from frankpledge.sources.simulator import SimulatedPartnership, truth_of

STORY = Path(__file__).resolve().parents[2] / "docs" / "demo.md"


def test_the_command_writes_the_files_and_says_what_is_in_them(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same bytes as the library, and the totals on the screen."""
    out = tmp_path / "demo"
    assert run(["simulate", "--out", str(out), "--seed", "1"]) == 0
    assert (out / "truth.json").read_bytes() == (folder / "truth.json").read_bytes()
    printed = capsys.readouterr().out
    assert "144 files of Safer Aldercombe" in printed
    assert "24,049  homes" in printed


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, and nothing written."""
    (tmp_path / "mine.txt").write_text("mine")
    assert run(["simulate", "--out", str(tmp_path)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_simulator_needs_no_django() -> None:
    """It belongs to the analysis half."""
    code = "import sys, frankpledge.sources.simulator as s; s.draw_place(); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_story_of_the_demo_gives_its_true_numbers(partnership: SimulatedPartnership) -> None:
    """Whoever changes the simulator changes docs/demo.md."""
    story = re.sub(r"\s+", " ", STORY.read_text(encoding="utf-8"))
    truth, parameters = truth_of(partnership), partnership.parameters
    totals = truth["totals"]
    rows: Counter[str] = Counter()
    for file in truth["files"]:
        rows[file["file"].split("/")[0]] += file["rows"]
    faults = [len(file["quarantined"]) for file in truth["files"] if file["quarantined"]]
    told = [
        f"{totals['homes']:,} homes",
        *(f"| `{folder}` | {number} | {rows[folder]:,} |" for folder, number in files_in(truth).items()),
        f"{sum(faults)} rows in {['', '', '', '', '', '', '', 'seven', 'eight', 'nine', 'ten'][len(faults)]} files",
        f"{totals['burglaries of homes']} burglaries of homes",
        f"{totals['burglaries of homes, background']} background",
        f"{totals['burglaries of homes, repeat']} repeats",
        f"{totals['burglaries of homes, near repeat']} near repeats",
        f"{totals['burglaries of protected homes']} happened",
        f"probability **{parameters.protected_hazard_ratio}**",
        f"{parameters.residential_per_1000_homes_a_year} per 1,000 homes a year",
        f"half-life {parameters.repeat_half_life_days:.0f} days",
        f"half-life {parameters.near_repeat_half_life_days:.0f} days, within {parameters.near_repeat_range_m:.0f} m",
        *truth["hot_small_areas"],
        *(f"{wave.starts_on.day} {wave.starts_on:%B %Y} | {wave.homes_protected} of" for wave in parameters.programme),
    ]
    assert [words for words in told if words not in story] == []


def files_in(truth: dict) -> Counter[str]:
    """How many files each folder holds."""
    return Counter(file["file"].split("/")[0] for file in truth["files"])


def test_the_truth_is_plain_json(folder: Path) -> None:
    """For tools that are not ours."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert truth["parameters"]["programme"][0]["neighbourhood"] == "Bellfield"
    assert truth["parameters"]["series_month"] == "2026-01"
