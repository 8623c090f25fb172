"""A place among its peers through time: counted by hand, and not called high for being the highest."""

import numpy as np
import pytest

from frankpledge.analysis.funnel import count_range
from frankpledge.analysis.journey import journey
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import Month

MONTHS = [Month(2024, 1) + i for i in range(14)]
COUNTS = {"a": [3] * 13 + [9], "b": [2] * 14, "c": [1] * 14}
SIZES = {"a": 1_000.0, "b": 1_000.0, "c": 500.0}


def test_rates_ranks_and_ranges_are_those_counted_by_hand():
    found = journey("a", "Quarry", COUNTS, SIZES, MONTHS)
    assert [step.count for step in found.steps] == [36, 36, 42]
    assert [step.rate for step in found.steps] == [36, 36, 42]
    assert [step.rank for step in found.steps] == [1, 1, 1]
    assert journey("c", "Mill", COUNTS, SIZES, MONTHS).steps[0].rank == 2  # 24 per 1,000, as b: ties share the rank
    last = found.steps[-1]
    overall = (42 + 24 + 12) / 2_500
    low, high = count_range(overall * 1_000, 1 - 0.05 / 3)
    assert (last.overall, last.lower, last.upper) == pytest.approx((1_000 * overall, low, high))


def test_the_worst_of_equal_wards_is_seldom_called_above():
    draw = np.random.default_rng(2)
    above = 0
    for _ in range(60):
        counts = {str(i): draw.poisson(6, 12).tolist() for i in range(25)}
        worst = max(counts, key=lambda code: sum(counts[code]))
        above += journey(worst, worst, counts, dict.fromkeys(counts, 900.0), MONTHS[:12]).steps[-1].standing == "above"
    assert above <= 5


def test_too_little_is_refused():
    for counts, months in ((COUNTS, MONTHS[:11]), ({"a": [1] * 14, "b": [2] * 14}, MONTHS)):
        with pytest.raises(CannotCompute):
            journey("a", "Quarry", counts, {code: SIZES[code] for code in counts}, months)
    with pytest.raises(CannotCompute):
        journey("z", "Nowhere", COUNTS, SIZES, MONTHS)
