"""Location quotients by hand, their intervals by simulation, their p values by definition."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.funnel import Standing
from frankpledge.analysis.location_quotient import hypergeometric_mid_p, location_quotients, quotient_limits
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

places = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 60)), min_size=2, max_size=20)


def test_a_quotient_by_hand() -> None:
    """Thirty of a hundred crimes here are burglaries, forty-seven of three hundred and twenty in all."""
    found = location_quotients(["A", "B", "C", "D"], [30, 5, 12, 0], [100, 100, 80, 40])
    assert found.of("A").value == pytest.approx((30 / 100) / (47 / 320))
    assert found.of("A").standing is Standing.ABOVE and found.of("C").standing is Standing.WITHIN
    assert found.of("D").value == 0 and found.of("D").interval.lower == 0
    assert [quotient.code for quotient in found.quotients] == ["A", "C", "B", "D"]


@given(places)
def test_quotients_average_one_over_all_crimes_in_any_order(rows: list[tuple[int, int]]) -> None:
    counts, others = (list(column) for column in zip(*rows, strict=True))
    of = [count + other for count, other in rows]
    if sum(counts) == 0 or sum(size > 0 for size in of) < 2:
        return
    codes = [f"X{i}" for i in range(len(rows))]
    found = location_quotients(codes, counts, of)
    everything = sum(of)
    assert sum(q.value * q.of for q in found.quotients) / everything == pytest.approx(1)
    for quotient in found.quotients:
        assert quotient.interval.lower is not None
        assert quotient.interval.lower <= quotient.value + 1e-9
        assert quotient.value <= quotient.interval.upper + 1e-9 <= everything / quotient.of + 1e-6
    assert location_quotients(codes[::-1], counts[::-1], of[::-1]) == found


@pytest.mark.parametrize(("here", "share"), [(60, 0.2), (40, 0.05), (300, 0.1)])
def test_intervals_cover_the_truth(here: int, share: float) -> None:
    random = np.random.Generator(np.random.PCG64(20))
    mine, rest = random.binomial(here, share, 2_000), random.binomial(600, 0.1, 2_000)
    truth = share / ((here * share + 60) / (here + 600))
    covered = 0
    for a, b in zip(mine.tolist(), rest.tolist(), strict=True):
        limits = quotient_limits(a, here, a + b, here + 600)
        covered += limits.lower is not None and limits.lower <= truth <= limits.upper
    assert 0.94 <= covered / 2_000 <= 0.975


def test_the_p_value_is_its_definition() -> None:
    def chance(k: int) -> float:
        return math.comb(9, k) * math.comb(21, 10 - k) / math.comb(30, 10)

    above = sum(chance(k) for k in range(7, 10)) + chance(6) / 2
    assert hypergeometric_mid_p(6, 10, 9, 30) == pytest.approx(2 * above)
    assert hypergeometric_mid_p(3, 10, 9, 30) <= 1


def test_where_the_mix_is_the_same_everywhere_about_no_place_is_named() -> None:
    random = np.random.Generator(np.random.PCG64(21))
    of = random.integers(40, 200, 25).tolist()
    codes = [f"X{i}" for i in range(25)]
    alarms = sum(
        any(
            q.standing is not Standing.WITHIN
            for q in location_quotients(codes, [int(random.binomial(n, 0.15)) for n in of], of).quotients
        )
        for _ in range(150)
    )
    assert alarms <= 150 * 0.05 + 3 * math.sqrt(150 * 0.05 * 0.95)


def test_places_without_crime_are_said_and_nonsense_refused() -> None:
    found = location_quotients(["A", "B", "C"], [3, 4, 0], [10, 20, 0])
    assert {doubt.kind for doubt in found.doubts} == {DoubtKind.ROWS_LEFT_OUT, DoubtKind.SMALL_NUMBERS}
    with pytest.raises(KeyError):
        found.of("C")
    for counts, of in (([3, 4], [2, 9]), ([0, 0], [5, 5]), ([3, 0], [5, 0]), ([-1, 4], [5, 5])):
        with pytest.raises(CannotCompute):
            location_quotients(["A", "B"], counts, of)
