"""How far the worst area falls with nothing done: predicted from one year, seen in the next."""

import math

import numpy as np
import pytest

from frankpledge.analysis.count_panel import panel_from_matrix
from frankpledge.analysis.regression_to_the_mean import chosen_high_doubt, regression_to_the_mean
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute


def test_the_worst_area_falls_as_predicted_with_nothing_done() -> None:
    rng = np.random.Generator(np.random.PCG64(17))
    predicted = happened = chosen_on = 0.0
    covered, runs = 0, 600
    for _ in range(runs):
        homes = rng.integers(400, 900, 40)
        rate = rng.gamma(5, 0.03 / 5, 40)
        year, next_year = rng.poisson(rate * homes), rng.poisson(rate * homes)
        worst = int(np.argmax(year / homes))
        found = regression_to_the_mean(year, chosen=worst, exposure=homes)
        predicted += found.expected
        happened += next_year[worst]
        chosen_on += year[worst]
        assert found.interval.lower is not None
        covered += found.interval.lower <= next_year[worst] <= found.interval.upper
    assert happened / chosen_on < 0.9  # the fall that a plain before and after calls success
    assert predicted == pytest.approx(happened, rel=0.03)
    assert covered / runs > 0.95 - 3 * math.sqrt(0.95 * 0.05 / runs)


def test_areas_alike_but_for_luck_go_all_the_way_back() -> None:
    found = regression_to_the_mean([10, 11, 9, 12, 18, 10, 9, 11], chosen=4)
    assert found.reliability < 0.3 and found.expected < 14
    alike = regression_to_the_mean([10, 10, 10, 10, 11], chosen=4)
    assert alike.reliability == 0 and alike.expected == pytest.approx(10.2)
    assert "by chance alone" in alike.sentence()


def test_a_panel_whose_treated_area_was_the_worst_says_so() -> None:
    rng = np.random.Generator(np.random.PCG64(2))
    counts = rng.poisson(5, (12, 24))
    status = np.zeros((12, 24), bool)
    status[int(counts[:, :12].sum(axis=1).argmax()), 12:] = True
    doubts = chosen_high_doubt(panel_from_matrix(counts, treated=status))
    assert [doubt.kind for doubt in doubts] == [DoubtKind.CHOSEN_FOR_BEING_HIGH]
    lowest = np.zeros((12, 24), bool)
    lowest[int(counts[:, :12].sum(axis=1).argmin()), 12:] = True
    assert chosen_high_doubt(panel_from_matrix(counts, treated=lowest)) == ()


def test_too_few_areas_or_an_empty_one_are_refused() -> None:
    with pytest.raises(CannotCompute, match="at least 5"):
        regression_to_the_mean([3, 4, 5], chosen=0)
    with pytest.raises(CannotCompute, match="at least one event"):
        regression_to_the_mean([0, 4, 5, 6, 7], chosen=0)
    with pytest.raises(CannotCompute):
        regression_to_the_mean([3, 4, 5, 6, -7], chosen=0)
