"""The worked examples of docs/methods are what the code says today."""

from pathlib import Path

import numpy as np
import pytest

from frankpledge.analysis.aoristic import aoristic
from frankpledge.analysis.change import compare_counts
from frankpledge.analysis.change_point import Model, change_point
from frankpledge.analysis.concentration import lorenz
from frankpledge.analysis.cusum import poisson_cusum
from frankpledge.analysis.funnel import funnel
from frankpledge.analysis.location_quotient import location_quotients
from frankpledge.analysis.overlap import problem_triangle
from frankpledge.analysis.rates import rate_difference
from frankpledge.analysis.results import Result
from frankpledge.analysis.season import season
from frankpledge.analysis.standardised_rates import directly_standardised_rate, indirectly_standardised_rate
from frankpledge.analysis.time_of_day import weekday_test
from frankpledge.vocabulary.periods import Month, MonthSpan

from .oracles import oracle

PAGES = Path(__file__).resolve().parents[2] / "docs" / "methods"
SHAPE = (1.2, 1.15, 1.1, 1.0, 0.9, 0.85, 0.8, 0.85, 0.9, 1.0, 1.1, 1.15)
FOUR_YEARS = list(MonthSpan(Month(2021, 7), Month(2025, 6)))
WEEKS = [7, 9, 8, 6, 10, 8, 12, 13, 11, 14, 12, 13]
TRIANGLE = (
    ["p1"] * 5 + ["p2"] * 3 + [None],
    ["v1", "v1", "v2", "v3", "v4", "v5", "v6", "v6", "v1"],
    ["o1", "o1", "o2", "o3", "o4", "o1", "o5", "o6", "o1"],
)


def said(page: str) -> str:
    return " ".join((PAGES / f"{page}.md").read_text(encoding="utf-8").split())


EXAMPLES: list[tuple[str, Result]] = [
    ("rates", rate_difference(369, 34_898, 2_100, 250_000)),
    ("standardised-rates", directly_standardised_rate([10, 40], [1_000, 2_000], [30, 10], per=1_000)),
    (
        "standardised-rates",
        indirectly_standardised_rate([10, 40], [1_000, 2_000], [500, 900], [40_000, 60_000], per=1_000),
    ),
    ("cusum", poisson_cusum(WEEKS, 8.0, labels=[f"week {i + 1}" for i in range(12)])),
    ("season", season(FOUR_YEARS, [round(40 * m.days / 30.4 * SHAPE[m.month - 1]) for m in FOUR_YEARS])),
    ("time-of-day", weekday_test([5, 0, 0, 0, 0, 0, 1])),
    ("overlap", problem_triangle(*TRIANGLE)),
    ("location-quotient", location_quotients(["A", "B", "C", "D"], [30, 5, 12, 0], [100, 100, 80, 40])),
]


@pytest.mark.parametrize(("page", "result"), EXAMPLES, ids=[f"{page} {i}" for i, (page, _) in enumerate(EXAMPLES)])
def test_the_sentence_of_a_worked_example_stands_on_its_page(page: str, result: Result) -> None:
    assert str(result.sentence()).rstrip(".") in said(page)


def test_the_figures_of_the_other_examples_stand_on_their_pages() -> None:
    found = compare_counts(65, 106)
    assert (round(found.percent or 0), round(found.p or 0, 4)) == (-39, 0.0017)
    assert found.ratio is not None and str(found.ratio.sentence()).split(":")[0] in said("change")
    curve = lorenz([12, 9, 5, 3, 2, 1, 1, *[0] * 13])
    assert (curve.n, curve.quarter, curve.half, round(curve.gini, 2)) == (33, 1, 2, 0.81)
    few = lorenz([2, 1, 1, *[0] * 17])
    assert f"{few.gini_plain:.2f} as it stands and {few.gini:.2f} corrected" in said("concentration")
    own = np.random.default_rng(5).gamma(16, 1 / 16, 60)
    counts = np.random.default_rng(6).poisson(80 * own).tolist()
    codes = [f"X{i}" for i in range(60)]
    assert str(funnel(codes, counts, [1_000] * 60).sentence()) == (
        "Of 60 areas 11 are above the average beyond chance and 10 below."
    )
    assert "11 above and 10 below without, none with" in said("funnel")
    assert not funnel(codes, counts, [1_000] * 60, widen=True).standing_out()


def test_the_published_examples_stand_on_their_pages() -> None:
    nile = oracle("changepoint-nile")["inputs"]
    years = [str(nile["first_year"] + i) for i in range(len(nile["volume"]))]
    found = change_point(nile["volume"], model=Model.LEAST_SQUARES, labels=years)
    assert str(found.sentence()) in said("change-point")
    washington = aoristic(*zip(*oracle("aoristic")["events"], strict=True))
    assert str(washington.sentence()).removeprefix("Of 1,025 events ").rstrip(".") in said("aoristic")
