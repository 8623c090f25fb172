"""`frankpledge analyse`: the keys other programs read, the table a reader sees, and one sentence for every mistake."""

import datetime as dt
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from frankpledge.cli.analyse import command
from tests.analysis.oracles import ORACLES, peer_oracle
from tests.cli.files import DATED, PLACED, Call, Told, near_repeat_events, write

CLOSE = ["--distance-bands", 3, "--time-bands", 2]
SOURCE = Path(__file__).resolve().parents[2] / "src"


# --- the contract of each method


def test_knox(call: Call, events: Path) -> None:
    """Distance down with the same place first, time across; p needs permutations, the rest does not."""
    told = call("analyse", "knox", events, *DATED, *CLOSE, "--permutations", 99, "--seed", 1, "--json", "-").json
    assert told["n"] == 300
    assert told["distance_bands"] == ["same place", "over 0 to 100 m", "over 100 to 200 m", "over 200 to 300 m"]
    assert told["time_bands"] == ["days 0 to 6", "days 7 to 13"]
    assert (told["distance_edges_m"], told["time_edges_days"]) == ([0, 100, 200, 300], [0, 7, 14])
    for name in ("observed", "expected", "sd", "ratio", "z", "p"):
        assert [len(row) for row in told[name]] == [2] * 4
    assert told["ratio"][1][0] > 5 and told["p"][1][0] == 0.01 and told["z"][1][0] > 5
    again = call("analyse", "knox", events, *DATED, *CLOSE, "--permutations", 99, "--seed", 1, "--json", "-").json
    assert again == told
    bare = call("analyse", "knox", events, *DATED, *CLOSE, "--permutations", 0, "--no-same-place", "--json", "-").json
    assert bare["p"] is None and len(bare["observed"]) == 3 and bare["expected"][1] == told["expected"][2]


def test_the_near_repeat_calculators_own_bands(call: Call, events: Path) -> None:
    """Under their true names: its *0 to 100 m* is 1 to under 100 m."""
    told = call(
        "analyse", "knox", events, *DATED, *CLOSE, "--permutations", 0, "--calculator-bands", "--json", "-"
    ).json
    assert told["distance_bands"][:2] == ["0 to under 1 m", "1 to under 100 m"]
    assert told["distance_edges_m"] == [0, 1, 100, 200, 300]


def test_knox_reproduces_what_peers_computed(call: Call) -> None:
    """../shared/oracles/peers/knox_synthetic.json, 1,000 events: every observed count, and the exact mean and sd."""
    peers = peer_oracle("knox_synthetic")["sets"]["1000"]
    file = ORACLES.parent / "peers" / "nr_1000.csv"
    told = call(
        "analyse", "knox", file, *PLACED, "--date", "day", "--distance-band", 100, "--distance-bands", 10,
        "--time-band", 7, "--time-bands", 8, "--permutations", 0, "--json", "-",
    ).json  # fmt: skip
    assert told["observed"] == peers["observed"]
    for row, expected in zip(told["expected"], peers["expected_exact"], strict=True):
        assert row == pytest.approx(expected, abs=1e-6)
    for row, expected in zip(told["sd"], peers["sd_exact"], strict=True):
        assert row == pytest.approx(expected, abs=1e-6)


def test_surfaces_and_chains_reproduce_what_peers_computed(call: Call) -> None:
    """grid_summaries.json (scikit-learn, esda, spdep) and near_strings.json (ptools), both on the same 1,000 events."""
    grids, strings = peer_oracle("grid_summaries"), peer_oracle("near_strings")
    file = ORACLES.parent / "peers" / "nr_1000.csv"
    squares = [file, *PLACED, "--cell", 200, "--extent", 400_000, 300_000, 420_000, 320_000, "--json", "-"]
    kde, peers = call("analyse", "kde", *squares, "--bandwidth", 500).json, grids["kde_gauss500_n1000_cell200"]
    assert kde["mass"] == pytest.approx(peers["sum_times_cell_area"], rel=1e-9)
    assert 1e6 * kde["max"] == pytest.approx(peers["max_per_km2"], rel=1e-9)
    hot, peers = call("analyse", "gistar", *squares).json, grids["gistar_n1000_cell200"]
    assert (hot["max"], hot["min"]) == pytest.approx((peers["max_z"], peers["min_z"]), rel=1e-9)
    assert hot["significant"] == peers["n_two_sided_p_below_05"]
    for strict, rule in ((["--strict"], "strict_lt_200m_lt_14d"), ([], "le_200m_le_14d")):
        told = call("analyse", "chains", file, *PLACED, "--date", "day", *strict, "--json", "-").json
        assert (told["chains"], told["sizes"]) == (
            strings[rule]["n1000"]["components"],
            strings[rule]["n1000"]["sizes"],
        )


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%Y-%m-%dT%H:%M:%S"])
def test_dates_in_any_form_give_the_same_as_day_numbers(call: Call, events: Path, tmp_path: Path, form: str) -> None:
    rows = [
        f"{x},{y},{(dt.datetime(2024, 1, 1, 8) + dt.timedelta(day)).strftime(form)}"
        for x, y, day in near_repeat_events()
    ]
    dated = write(tmp_path / "dated.csv", "x,y,date", rows)
    options = [*DATED, *CLOSE, "--permutations", 0, "--json", "-"]
    assert call("analyse", "knox", dated, *options).json == call("analyse", "knox", events, *options).json


def test_gzip_parquet_and_several_files_are_the_same_rows(call: Call, events: Path, tmp_path: Path) -> None:
    options = [*DATED, "--json", "-"]
    plain = call("analyse", "chains", events, *options).json
    zipped = tmp_path / "events.csv.gz"
    zipped.write_bytes(gzip.compress(events.read_bytes()))
    table = arrow_csv.read_csv(events)
    parquet.write_table(table, tmp_path / "events.parquet")
    lines = events.read_text().splitlines()
    parts = [write(tmp_path / f"{n}.csv", lines[0], lines[1:][n::2]) for n in (0, 1)]
    assert call("analyse", "chains", zipped, *options).json == plain
    assert call("analyse", "chains", tmp_path / "events.parquet", *options).json == plain
    together = call("analyse", "chains", *parts, *options).json
    assert (together["chains"], together["sizes"]) == (plain["chains"], plain["sizes"])


def test_chains(call: Call, events: Path) -> None:
    told = call("analyse", "chains", events, *DATED, "--within-m", 200, "--within-days", 14, "--json", "-").json
    assert told["longest"] == max(int(size) for size in told["sizes"])
    assert sum(int(size) * count for size, count in told["sizes"].items()) == told["n"] == 300
    assert sum(told["sizes"].values()) == told["chains"]
    strict = call("analyse", "chains", events, *DATED, "--strict", "--json", "-").json
    assert strict["chains"] >= told["chains"]


def test_kde_keeps_the_mass(call: Call, events: Path) -> None:
    extent = ["--extent", 440_000, 250_000, 463_000, 273_000]
    for kernel in ("gaussian", "quartic"):
        told = call(
            "analyse", "kde", events, *PLACED, "--cell", 250, "--bandwidth", 500, "--kernel", kernel, *extent,
            "--json", "-",
        ).json  # fmt: skip
        assert (told["shape"], told["cell"], told["origin"]) == ([92, 92], 250, [440_000, 250_000])
        assert told["mass"] == pytest.approx(300, rel=1e-3)
        assert told["max"] == max(max(row) for row in told["density"])
        assert sum(map(sum, told["density"])) * 250**2 == pytest.approx(told["mass"])


def test_gistar(call: Call, events: Path) -> None:
    told = call("analyse", "gistar", events, *PLACED, "--cell", 500, "--json", "-").json
    assert [len(told["z"]), len(told["z"][0])] == told["shape"]
    assert told["max"] == pytest.approx(max(max(row) for row in told["z"]))
    assert told["min"] == pytest.approx(min(min(row) for row in told["z"]))
    assert isinstance(told["significant"], int)


def test_forecast(call: Call, tmp_path: Path) -> None:
    rows = [f"{x},{y},{day}" for x, y, day in near_repeat_events(900)]
    file = write(tmp_path / "many.csv", "x,y,date", rows)
    told = call("analyse", "forecast", file, *DATED, "--cell", 200, "--test-days", 30, "--json", "-").json
    for measure in ("hit_rate", "pai"):
        for method in ("model", "counts_per_cell"):
            for share in ("1%", "5%"):
                found = told[measure][method][share]
                assert found["lower"] <= found["value"] <= found["upper"]


def test_aoristic_joins_date_and_time(call: Call, tmp_path: Path) -> None:
    rows = ["04/03/2024,22:00,05/03/2024,02:00", "04/03/2024,22:30,,"]
    file = write(tmp_path / "windows.csv", "fd,ft,td,tt", rows)
    told = call("analyse", "aoristic", file, "--from", "fd+ft", "--to", "td+tt", "--json", "-").json
    assert told["total"] == 2 and [len(row) for row in told["weights"]] == [24] * 7
    assert told["weights"][0][22:] == [1.25, 0.25] and told["weights"][1][:2] == [0.25, 0.25]


def test_day_by_hour(call: Call, tmp_path: Path) -> None:
    file = write(tmp_path / "moments.csv", "at", ["04/03/2024 22:15", "2024-03-05 02:00", "2024-03-11T22:59:00"])
    told = call("analyse", "day-by-hour", file, "--time", "at", "--json", "-").json
    assert told["n"] == 3 and told["counts"][0][22] == 2 and told["counts"][1][2] == 1


def test_harm_needs_a_weight_for_every_offence(call: Call, tmp_path: Path) -> None:
    file = write(tmp_path / "offences.csv", "kind", ["burglary", "burglary", "robbery"])
    table = write(tmp_path / "weights.csv", "name,weight", ["burglary,438", "robbery,746"])
    loaded = [
        "--weights", table, "--weights-offence", "name", "--weights-weight", "weight", "--weights-name", "Score",
        "--weights-version", "2016", "--json", "-",
    ]  # fmt: skip
    told = call("analyse", "harm", file, "--offence", "kind", *loaded).json
    assert told["harm"] == 2 * 438 + 746
    assert call("analyse", "harm", file, "--offence", "kind", "--population", 100, *loaded).json["value"] == 16.22
    write(tmp_path / "weights.csv", "name,weight", ["burglary,438"])
    refused(call("analyse", "harm", file, "--offence", "kind", *loaded), "robbery")
    write(tmp_path / "weights.csv", "name,weight", ["burglary,438", "robbery,none"])
    refused(call("analyse", "harm", file, "--offence", "kind", *loaded), "no number")


def test_repeats_are_incidents_minus_victims(call: Call, tmp_path: Path) -> None:
    rows = [
        f"{place},{day}/01/2024" for day, place in enumerate(("0071", "007", "a", "a", "a", "b", "b", "c"), start=1)
    ]
    file = write(tmp_path / "repeats.csv", "place,date", rows)
    told = call("analyse", "repeats", file, "--place", "place", "--date", "date", "--places", 100, "--json", "-").json
    assert (told["incidents"], told["victims"], told["repeats"]) == (8, 5, 3)
    numbers = write(tmp_path / "numbers.csv", "place,date", ["007,1", "7,2", "07,3"])
    told = call("analyse", "repeats", numbers, "--place", "place", "--date", "date", "--json", "-").json
    assert told["victims"] == 3  # a key is text: 007 is not 7


def months(first: int, counts: list[int]) -> list[str]:
    return [f"{first + n // 12}-{n % 12 + 1:02d},{count}" for n, count in enumerate(counts)]


def test_change(call: Call, tmp_path: Path) -> None:
    file = write(tmp_path / "years.csv", "year,n", ["2023,106", "2024,65"])
    told = call("analyse", "change", file, "--period", "year", "--count", "n", "--json", "-").json
    assert (told["current"], told["previous"], told["percent"]) == (65, 106, pytest.approx(-38.679245))
    assert told["p"] < 0.01 and told["counts"] == [106, 65]
    small = write(tmp_path / "small.csv", "year,n", ["2023,12", "2024,24"])
    told = call("analyse", "change", small, "--period", "year", "--count", "n", "--json", "-").json
    assert told["percent"] is None  # on a base under twenty
    other = ["--current", "2023", "--against", "2024"]
    named = call("analyse", "change", file, "--period", "year", "--count", "n", *other, "--json", "-").json
    assert named["current"] == 106


@pytest.mark.parametrize("method", ["season", "cusum", "change-point"])
def test_series(call: Call, tmp_path: Path, method: str) -> None:
    counts = [20 + n % 5 for n in range(24)] + [40 + n % 5 for n in range(12)]
    file = write(tmp_path / "months.csv", "month,n", reversed_rows(months(2022, counts)))
    told = call("analyse", method, file, "--period", "month", "--count", "n", "--json", "-").json
    if method == "change-point":
        assert told["last_before"] == "2023-12"
    elif method == "cusum":
        assert told["shift"]["upward"] and told["labels"][0] == "2022-01"  # put in order of time
    else:
        assert len(told["months"]) == 12


def reversed_rows(rows: list[str]) -> list[str]:
    return rows[::-1]


@pytest.mark.parametrize(
    ("method", "lower", "upper"),
    [("byar", 50.157, 82.851), ("exact", 50.165, 82.848), ("wilson", 51.0, 82.7)],
)
def test_rate(call: Call, method: str, lower: float, upper: float) -> None:
    """65 of 1,000, per 1,000: the limits of the count itself."""
    told = call(
        "analyse", "rate", "--count", 65, "--population", 1000, "--per", 1000, "--method", method, "--json", "-"
    ).json
    assert told["value"] == 65
    assert told["interval"]["lower"] == pytest.approx(lower, rel=0.01)
    assert told["interval"]["upper"] == pytest.approx(upper, rel=0.01)


def test_survey_and_percentages(call: Call, tmp_path: Path) -> None:
    file = write(tmp_path / "answers.csv", "safe,w", ["yes,1", "no,2", "yes,1", ",1"])
    told = call("analyse", "survey", file, "--answer", "safe", "--yes", "yes", "--weight", "w", "--json", "-").json
    assert told["value"] == 0.5 and told["n"] == 3
    assert not call("analyse", "percentages", 37, 41, "--n", 11, "--json", "-").json["possible"]
    assert "There are" not in call("analyse", "percentages", 50, "--n", 2).err


def test_concentration_and_decay(call: Call, events: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "areas.csv", "n,homes", [f"{n % 7 * n % 11},{100 + n}" for n in range(60)])
    told = call("analyse", "concentration", file, "--count", "n", "--exposure", "homes", "--json", "-").json
    assert 0 < told["share"] < 1
    told = call("analyse", "decay", events, *DATED, "--json", "-").json
    assert told["half_distance_m"] > 0


# --- what a reader sees


def test_a_reader_sees_sentence_table_doubts_and_method(call: Call, events: Path) -> None:
    told = call("analyse", "knox", events, *DATED, *CLOSE, "--permutations", 99)
    assert told.code == 0
    lines = told.out.splitlines()
    assert lines[0].endswith("n 300).")
    heading = lines.index("Times as many as chance gives")
    widths = {len(line) for line in lines[heading + 1 : heading + 7]}
    assert len(widths) == 1, "columns stand under each other"
    assert "Doubts" in lines
    assert lines[-1].startswith("Method: Knox test") and lines[-1].endswith("seed 1.")
    assert "nan" not in told.out.lower()


def test_rows_that_cannot_be_used_are_counted_and_named(call: Call, tmp_path: Path) -> None:
    rows = [f"{x},{y},{day}" for x, y, day in near_repeat_events()]
    rows += ["451000,261000,31/02/2024", "451000,261000,", ",261000,3", "here,261000,3", "451000,261000,3,extra"]
    file = write(tmp_path / "dirty.csv", "x,y,date", rows)
    told = call("analyse", "chains", file, *DATED, "--json", "-").json
    assert told["n"] == 300
    said = [doubt["sentence"] for doubt in told["doubts"]]
    for rows_left, reason in (
        (2, "no date that can be read"),
        (2, "no position that can be read"),
        (1, "more or fewer values than the header has columns"),
    ):
        assert any(reason in sentence and str(rows_left) in sentence for sentence in said)


def test_only_the_rows_wanted(call: Call, tmp_path: Path) -> None:
    rows = [f"{x},{y},{day},{'home' if n % 2 else 'shop'}" for n, (x, y, day) in enumerate(near_repeat_events())]
    file = write(tmp_path / "kinds.csv", "x,y,date,kind", rows)
    assert call("analyse", "chains", file, *DATED, "--where", "kind=home", "--json", "-").json["n"] == 150
    told = call("analyse", "chains", file, *DATED, "--where", "kind=church")
    assert (told.code, told.err) == (2, "No row has kind=church.\n")


def test_pictures_and_files(call: Call, events: Path, tmp_path: Path) -> None:
    options = [*DATED, *CLOSE, "--permutations", 0]
    for name in ("knox.svg", "knox.png"):
        told = call("analyse", "knox", events, *options, "--plot", tmp_path / name, "--json", tmp_path / "knox.json")
        assert told.code == 0 and f"Wrote {tmp_path / name}." in told.err and told.out
    assert (tmp_path / "knox.svg").read_text().startswith("<svg ")
    assert (tmp_path / "knox.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((tmp_path / "knox.json").read_text())["n"] == 300


def test_help_of_the_groups_is_light() -> None:
    """Nor does naming a method load what it needs."""
    code = (
        "import sys\nfrom frankpledge.cli.main import run\n"
        "for words in (['analyse', '--help'], ['evaluate', '--help'], ['analyse', 'knox', '--help']): run(words)\n"
        "print([name for name in ('numpy', 'scipy', 'pyarrow', 'numba') if name in sys.modules], file=sys.stderr)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, text=True
    )
    assert told.stderr.strip() == "[]"


def test_every_method_fits_its_line_of_help(call: Call) -> None:
    told = call("analyse", "--help")
    lines = [line for line in told.out.split("Commands:")[1].splitlines() if line]
    assert [line.split()[0] for line in lines] == list(command.commands)


def test_the_first_call_says_that_it_compiles(
    call: Call,
    events: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from frankpledge.analysis import kernels

    monkeypatch.setattr(kernels, "is_compiled", lambda: False)
    assert "once on a machine" in call("analyse", "knox", events, *DATED, *CLOSE, "--permutations", 0).err


# --- mistakes: one sentence on standard error, exit code 2, nothing on standard output


def refused(told: Told, *words: str) -> None:
    assert told.code == 2, told.out
    assert told.out == ""
    assert "Traceback" not in told.err
    for word in words:
        assert word in told.err


@pytest.mark.parametrize(
    ("rows", "method", "options", "words"),
    [
        ([], "knox", DATED, "header and no rows"),
        (["451000,261000,1"], "knox", DATED, "at least three events"),
        (["451000,261000,1"], "gistar", [*PLACED, "--cell", 100], "cell"),
        (["451000,261000,1"], "forecast", [*DATED, "--cell", 100], "days"),
        (["451000,261000,1"], "decay", DATED, "three events"),
        ([f"451000,261000,{n}" for n in range(50)], "knox", DATED, "one place"),
        ([f"451000,261000,{n}" for n in range(50)], "gistar", [*PLACED, "--cell", 100], "cell"),
        ([f"{-1.2 - n / 999},{52.1 + n / 999},{n}" for n in range(50)], "knox", DATED, "longitude and latitude"),
        ([f"{-1.2 - n / 999},{52.1 + n / 999},{n}" for n in range(9)], "kde",
         [*PLACED, "--cell", 100, "--bandwidth", 500], "longitude and latitude"),
        (["451000,261000,soon", "451500,261500,"], "knox", DATED, "no date that can be read"),
        (["a,b,1", ",,2"], "chains", DATED, "no position that can be read"),
    ],
)  # fmt: skip
def test_events_that_cannot_be_used(
    call: Call, tmp_path: Path, rows: list[str], method: str, options: list[object], words: str
) -> None:
    file = write(tmp_path / "few.csv", "x,y,date", rows)
    refused(call("analyse", method, file, *options, "--json", "-"), words)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["kde", "--cell", 500, "--bandwidth", 100], "smaller than a cell"),
        (["kde", "--cell", 0.05, "--bandwidth", 500], "cells"),
        (["gistar", "--cell", 0.05], "the most is"),
        (["kde", "--cell", 0, "--bandwidth", 500], "above 0"),
        (["kde", "--cell", -5, "--bandwidth", 500], "above 0"),
        (["kde", "--cell", "nan", "--bandwidth", 500], "is not a number"),
        (["kde", "--cell", 100, "--bandwidth", 500, "--extent", 5, 5, 1, 1], "lowest first"),
        (["kde", "--cell", 100, "--bandwidth", 500, "--plot", "kde.pdf"], ".svg or .png"),
        (["kde", "--cell", 100, "--bandwidth", 500, "--plot", "nowhere/kde.svg"], "There is no folder nowhere"),
        (["knox", "--date", "date", "--permutations", 10_000_000], "between 0 and 1,000,000"),
        (["knox", "--date", "date", "--permutations", 1_000_000, "--distance-bands", 50, "--time-bands", 50], "memory"),
        (["knox", "--date", "date", "--distance-band", 0], "wider than nought"),
        (["knox", "--date", "when"], "there is no column “when”. The columns are: x, y, date."),
        (["knox", "--date", "dat"], "Did you mean “date”?"),
        (["chains", "--date", "date", "--within-m", -1], "neither below nought"),
        (["forecast", "--date", "date", "--cell", 200, "--test-days", 0], "at least one horizon"),
        (["forecast", "--date", "date", "--cell", 200, "--test-days", 9999], "Use fewer test days"),
    ],
)
def test_settings_that_cannot_be_used(call: Call, events: Path, options: list[object], words: str) -> None:
    method, *rest = options
    refused(call("analyse", method, events, *PLACED, *rest, "--json", "-"), words)


def test_files_that_are_no_tables(call: Call, tmp_path: Path) -> None:
    made = {
        "empty.csv": (b"", "the file is empty"),
        "wide.csv": ("x,y\n1,2\n".encode("utf-16"), "UTF-16"),
        "latin.csv": ("x,y,d\xe9but\n1,2,3\n".encode("latin-1"), "not written in UTF-8"),
        "torn.csv.gz": (gzip.compress(b"x,y\n" + b"1,2\n" * 9999)[:60], "damaged"),
        "fake.csv.gz": (b"x,y\n1,2\n", "no gzip file"),
        "fake.parquet": (b"x,y\n1,2\n", "no Parquet file"),
        "sheet.xlsx": (b"PK\x03\x04", "a spreadsheet"),
        "binary.csv": (b"\x00\x01\x02\n", "no CSV file"),
    }
    for name, (content, words) in made.items():
        (tmp_path / name).write_bytes(content)
        refused(call("analyse", "gistar", tmp_path / name, *PLACED, "--cell", 100), name, words)
    refused(call("analyse", "gistar", tmp_path, *PLACED, "--cell", 100), "folder")
    refused(call("analyse", "gistar", tmp_path / "none.csv", *PLACED, "--cell", 100), "There is no file called")
    twice = write(tmp_path / "twice.csv", "x,y,x", ["1,2,3"])
    refused(call("analyse", "gistar", twice, *PLACED, "--cell", 100), "two columns called “x”")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--count", 5, "--population", 0], "no denominator"),
        (["--count", 5, "--population", -3], "no denominator"),
        (["--count", -5, "--population", 100], "below nought"),
        (["--count", -5, "--population", 100, "--method", "exact"], "below nought"),
        (["--count", 5, "--population", 3, "--method", "wilson"], "more in its numerator"),
        (["--count", 5, "--population", "nan"], "is not a number"),
        (["--count", 5, "--population", 100, "--per", 0], "above nought"),
    ],
)
def test_rates_that_cannot_be_given(call: Call, options: list[object], words: str) -> None:
    refused(call("analyse", "rate", *options, "--json", "-"), words)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["2023,-4", "2024,5"], "below nought"),
        (["2023,4.5", "2024,5"], "no whole number"),
        (["2023,", "2024,5"], "A missing count is not nought"),
        (["2024,5"], "two periods"),
        (["2024-01,5", "2024-03,5"], "There is no row for February 2024."),
        (["2024-13,5", "2024-14,5"], "is not a month"),
    ],
)
def test_series_that_cannot_be_compared(call: Call, tmp_path: Path, rows: list[str], words: str) -> None:
    file = write(tmp_path / "series.csv", "period,n", rows)
    refused(call("analyse", "change", file, "--period", "period", "--count", "n", "--json", "-"), words)


def test_infinite_ratios_are_null(call: Call, tmp_path: Path) -> None:
    file = write(tmp_path / "none.csv", "year,n", ["2023,0", "2024,5"])
    told = call("analyse", "change", file, "--period", "year", "--count", "n", "--json", "-").json
    assert told["ratio"]["value"] is None and told["ratio"]["interval"]["upper"] is None


def test_parquet_keeps_kinds(call: Call, tmp_path: Path) -> None:
    """Dates as dates, positions with nulls."""
    days = [dt.date(2024, 1, 1) + dt.timedelta(day) for _, _, day in near_repeat_events()]
    x = [None if n == 7 else place[0] for n, place in enumerate(near_repeat_events())]
    y = [place[1] for place in near_repeat_events()]
    parquet.write_table(pa.table({"x": x, "y": y, "date": days}), tmp_path / "kinds.parquet")
    told = call("analyse", "chains", tmp_path / "kinds.parquet", *DATED, "--json", "-").json
    assert told["n"] == 299 and "no position that can be read" in told["doubts"][0]["sentence"]


@pytest.mark.parametrize(("number", "says"), [(1, "There is one event"), (9, "All 9 events lie in one place")])
@pytest.mark.parametrize("method", [["kde", "--cell", 100, "--bandwidth", 500], ["gistar", "--cell", 500]])
def test_one_place_is_no_surface(call: Call, tmp_path: Path, method: list[object], number: int, says: str) -> None:
    file = tmp_path / "one-place.csv"
    file.write_text("x,y\n" + "400000,300000\n" * number)
    told = call("analyse", method[0], file, *PLACED, *method[1:], "--json", "-")
    assert told.code == 2
    assert says in told.err


AREAS = ["A,9,100,40", "B,11,100,60", "C,10,100,50", "D,60,100,90"]


def test_areas_that_stand_out(call: Call, tmp_path: Path) -> None:
    file = write(tmp_path / "areas.csv", "area,burglaries,homes,crimes", AREAS)
    chosen = ["--area", "area", "--count", "burglaries"]
    told = call("analyse", "funnel", file, *chosen, "--population", "homes", "--json", "-").json
    assert told["n"] == 90 and told["overall"] == 0.225
    assert [point["standing"] for point in told["points"]][3] == "above, beyond chance"
    widened = call("analyse", "funnel", file, *chosen, "--population", "homes", "--widen", "--json", "-").json
    assert widened["between_areas"] > 0
    told = call("analyse", "location-quotient", file, *chosen, "--all-crimes", "crimes", "--json", "-").json
    assert told["quotients"][0]["code"] == "D"
    assert told["quotients"][0]["value"] == pytest.approx((60 / 90) / (90 / 240), abs=1e-6)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([*AREAS, "D,1,2,3"], "“D” has more than one row"),
        ([*AREAS, ",1,2,3"], "names no area"),
        ([*AREAS, "E,-1,2,3"], "below nought"),
        ([*AREAS, "E,1,0,3"], "denominator above nought"),
        (AREAS[:2], "fewer than three areas"),
    ],
)
def test_areas_that_cannot_be_compared(call: Call, tmp_path: Path, rows: list[str], says: str) -> None:
    file = write(tmp_path / "areas.csv", "area,burglaries,homes,crimes", rows)
    told = call("analyse", "funnel", file, "--area", "area", "--count", "burglaries", "--population", "homes")
    assert told.code == 2 and says in told.err


def test_an_extent_without_events_is_named(call: Call, events: Path) -> None:
    told = call("analyse", "gistar", events, *PLACED, "--cell", 500, "--extent", 0, 0, 5000, 5000)
    assert told.code == 2 and "None of the 300 events lies in the extent" in told.err
