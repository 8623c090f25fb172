"""`frankpledge evaluate`: published answers through the real command, and one sentence for what cannot be said."""

import json
from pathlib import Path

import pytest

from tests.cli.files import Call, write

TREATED, CONTROL = ["--treated", 207, 110], ["--control", 308, 318]
BUFFERS = ["--treated-buffer", 178, 157, "--control-buffer", 150, 140]
VALUE = ["--burglaries-before", 106, "--burglaries-after", 65, "--cost", 1_000_000, "--period-months", 6]


def test_wdd_of_the_paper(call: Call) -> None:
    """Wheeler and Ratcliffe (2018) Crime Science 7:11: -118, standard error √1568, z -2.98."""
    told = call("evaluate", "wdd", *TREATED, *CONTROL, *BUFFERS, "--json", "-").json
    assert told["estimate"] == -118
    assert told["standard_error"] == pytest.approx(1568**0.5)
    assert told["z"] == pytest.approx(-2.98, abs=0.005)
    assert told["interval"]["lower"] < told["interval"]["upper"] < 0
    alone = call("evaluate", "wdd", *TREATED, *CONTROL, "--json", "-").json
    assert alone["estimate"] == -107 and alone["displacement"] is None


def test_wdd_with_weights(call: Call) -> None:
    """Areas twice as large halve the difference; periods twice as long halve it again; harm multiplies it."""
    half = call("evaluate", "wdd", *TREATED, *CONTROL, "--weights", 2, 2, 1, 1, "--json", "-").json
    assert half["estimate"] == -53.5
    quarter = call(
        "evaluate", "wdd", *TREATED, *CONTROL, "--weights", 2, 2, 1, 1, "--time-weights", 2, 2, "--json", "-"
    )
    assert quarter.json["estimate"] == -26.75
    assert call("evaluate", "wdd", *TREATED, *CONTROL, "--harm", 3, "--json", "-").json["estimate"] == -321


def test_wdq(call: Call) -> None:
    told = call("evaluate", "wdq", *TREATED, "--treated-buffer", 178, 157, *CONTROL, "--json", "-").json
    assert told["wdq"] == pytest.approx((157 / 318 - 178 / 308) / (110 / 318 - 207 / 308))


def test_odds_ratio(call: Call) -> None:
    told = call("evaluate", "odds-ratio", *TREATED, *CONTROL, "--json", "-").json
    assert told["relative_effect_size"] == pytest.approx(207 * 318 / (110 * 308))
    assert told["interval"]["lower"] > 1
    nought = ["--treated", 20, 0, *CONTROL]
    assert call("evaluate", "odds-ratio", *nought, "--json", "-").json["half_added"]
    assert call("evaluate", "odds-ratio", *nought, "--refuse-zero", "--json", "-").code == 2


def test_before_after(call: Call) -> None:
    told = call("evaluate", "before-after", "--before", 106, "--after", 65, "--json", "-").json
    assert told["percent"] == pytest.approx(-38.679245)
    assert told["doubts"][0]["kind"] == "no comparison"


def test_value(call: Call) -> None:
    """Hansard's £2,300 a burglary (2000 prices), saved 41 times."""
    told = call("evaluate", "value", *VALUE, "--unit-cost-edition", "hors217", "--json", "-").json
    assert (told["avoided"], told["saving"], told["saving_per_year"]) == (41, 94_300, 188_600)
    assert told["break_even_years"] == pytest.approx(1_000_000 / 188_600, abs=1e-6)
    assert told["saving_to"] == "society" and told["cash"] is None
    cash = ["--cash-per-crime", 100, "--cash-budget", "the council", "--start", "2026-04"]
    told = call("evaluate", "value", *VALUE, "--unit-cost-edition", "hors217", *cash, "--json", "-").json
    assert told["cash"]["saving"] == 4_100 and told["break_even_month"] == "2031-07"
    given = ["--avoided", 41, "--avoided-interval", 15, 68, "--cost", 1_000_000, "--period-months", 6]
    told = call("evaluate", "value", *given, "--unit-cost-edition", "hors217", "--json", "-").json
    assert told["saving"] == 94_300 and told["saving_interval"]["lower"] == 34_500


def panel_file(folder: Path, effect: float = 0.5, areas: int = 12) -> Path:
    rows = []
    for area in range(areas):
        for month in range(24):
            treated = int(area in (1, 2, 3) and month >= 12)
            count = round((30 + 3 * area + month * area % 7) * (effect if treated else 1))
            rows.append(f"A{area:02d},{2024 + month // 12}-{month % 12 + 1:02d},{count},{treated}")
    return write(folder / "panel.csv", "area,month,n,treated", rows)


PANEL = ["--area", "area", "--period", "month", "--count", "n", "--treated", "treated"]


def test_panel(call: Call, tmp_path: Path) -> None:
    file = panel_file(tmp_path)
    told = call(
        "evaluate", "panel", file, *PANEL, "--span-periods", 6, "--plot", tmp_path / "p.svg", "--json", "-"
    ).json
    assert told["difference_in_differences"]["rate_ratio"] == pytest.approx(0.5, abs=0.02)
    assert told["synthetic_control"]["ratio"] == pytest.approx(0.5, abs=0.05)
    assert len(told["event_study"]["rate_ratio"]) == 3
    assert told["refused"] == {} and (tmp_path / "p.svg").is_file()
    one = call("evaluate", "panel", file, *PANEL, "--method", "difference-in-differences", "--json", "-").json
    assert set(one) == {"difference_in_differences", "refused"}


def test_a_panel_says_which_methods_it_cannot_bear(call: Call, tmp_path: Path) -> None:
    """Too few donors for a synthetic control: the others go on."""
    file = panel_file(tmp_path, areas=5)
    told = call("evaluate", "panel", file, *PANEL, "--json", tmp_path / "panel.json")
    assert told.code == 0 and "SYNTHETIC-CONTROL\nNot used: " in told.out
    assert json.loads((tmp_path / "panel.json").read_text())["refused"]["synthetic_control"]


def test_counts_without_scatter_bear_no_error(call: Call, tmp_path: Path) -> None:
    """Every area the same but for the treated half: an error of nought would be a lie."""
    rows = [f"A{a},{m},{10 if a < 2 and m > 3 else 20},{int(a < 2 and m > 3)}" for a in range(6) for m in range(8)]
    file = write(tmp_path / "flat.csv", "area,month,n,treated", rows)
    told = call("evaluate", "panel", file, *PANEL, "--method", "difference-in-differences", "--json", "-")
    assert told.code == 2 and "without any scatter" in told.err


def test_series(call: Call, tmp_path: Path) -> None:
    counts = [40 + n % 3 for n in range(24)] + [20 + n % 3 for n in range(12)]
    rows = [f"{2023 + n // 12}-{n % 12 + 1:02d},{count}" for n, count in enumerate(counts)]
    file = write(tmp_path / "series.csv", "month,n", rows)
    options = ["--period", "month", "--count", "n", "--json", "-"]
    told = call("evaluate", "series", file, *options, "--start", "2025-01").json
    assert told["overall"]["value"] == pytest.approx(0.5, abs=0.1)
    assert call("evaluate", "series", file, *options, "--start", "2031-01").code == 2


def homes_and_events(folder: Path, since: str = "2024-07-01") -> list[object]:
    homes = [f"{home},{'N' if home < 100 else 'S'},{since if home % 2 else ''}" for home in range(200)]
    burgled = [(home, day) for home in range(0, 200, 2) for day in ("03/02/2024", "05/09/2024")]
    burgled += [(home, day) for home in range(1, 200, 2) for day in ("03/02/2024",)]
    burgled += [(home, "05/09/2024") for home in range(1, 200, 4)]
    events = [f"{home},{day}" for home, day in burgled]
    return [
        "--homes", write(folder / "homes.csv", "uprn,area,since", homes), "--home", "uprn", "--area", "area",
        "--protected-from", "since", "--events", write(folder / "events.csv", "uprn,date", events), "--date", "date",
        "--first-day", "2024-01-01", "--last-day", "31/12/2024", "--json", "-",
    ]  # fmt: skip


def test_exposure(call: Call, tmp_path: Path) -> None:
    """Half of the protected homes are burgled where all of the others are."""
    told = call("evaluate", "exposure", *homes_and_events(tmp_path)).json
    assert told["rate_ratio"] == pytest.approx(0.5)
    assert told["protected_events"] == 50
    refused = call("evaluate", "exposure", *homes_and_events(tmp_path, since="last July"))
    assert refused.code == 2 and "100 homes have no date that can be read" in refused.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["wdd", "--treated", -1, 5, *CONTROL], "below nought"),
        (["wdd", *TREATED, *CONTROL, "--treated-buffer", 1, 2], "two buffers"),
        (["wdd", "--treated", 0, 0, "--control", 0, 0], "nothing to compare"),
        (["wdd", "--treated", "inf", 5, *CONTROL], "is not a number"),
        (["wdd", *CONTROL, "--treated", 5], "--treated"),
        (["wdq", "--treated", 110, 207, "--treated-buffer", 178, 157, *CONTROL], "."),
        (["odds-ratio", "--treated", -1, 5, *CONTROL], "below nought"),
        (["before-after", "--before", 0, "--after", 0], "."),
        (["value", *VALUE, "--unit-cost-edition", "guess"], "There is no unit-cost edition “guess”"),
        (["value", "--cost", 5, "--period-months", 6, "--unit-cost-edition", "hors217"], "nothing to value"),
        (["value", *VALUE, "--unit-cost-edition", "hors217", "--cash-per-crime", 5], "whose money"),
        (["value", *VALUE, "--unit-cost-edition", "hors217", "--offence", "piracy"], "piracy"),
    ],
)
def test_what_cannot_be_said_is_one_sentence(call: Call, options: list[object], words: str) -> None:
    told = call("evaluate", *options, "--json", "-")
    assert (told.code, told.out) == (2, "")
    assert words in told.err and "Traceback" not in told.err


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["A,2024-01,5,0", "A,2024-02,5,1"], "two areas"),
        (["A,2024-01,5,0", "A,2024-02,5,1", "B,2024-01,5,0"], "row"),
        (["A,2024-01,-5,0", "A,2024-02,5,1", "B,2024-01,5,0", "B,2024-02,5,0"], "below nought"),
        (["A,2024-01,5,0", "A,2024-02,5,7", "B,2024-01,5,0", "B,2024-02,5,0"], "must hold 1 for treated"),
        (["A,2024-01,5,0", "A,2024-02,5,0", "B,2024-01,5,0", "B,2024-02,5,0"], "treated"),
    ],
)
def test_panels_that_cannot_be_used(call: Call, tmp_path: Path, rows: list[str], words: str) -> None:
    file = write(tmp_path / "panel.csv", "area,month,n,treated", rows)
    told = call("evaluate", "panel", file, *PANEL, "--json", "-")
    assert (told.code, told.out) == (2, "")
    assert words in told.err
