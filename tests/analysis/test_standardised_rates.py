"""Standardised rates agree with UKHSA's test data, fall back to crude rates where they must, and cover the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.rates import Verdict, byar_limits
from frankpledge.analysis.standardised_rates import directly_standardised_rate, indirectly_standardised_rate
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle

groups = st.lists(st.tuples(st.integers(0, 60), st.integers(100, 900), st.integers(1, 50)), min_size=1, max_size=12)


def test_indirectly_standardised_rates_are_those_of_ukhsa() -> None:
    published = oracle("standardisation")
    counts = [band["count"] for band in published["reference"]]
    people = [band["pop"] for band in published["reference"]]
    for area in published["areas"]:
        wanted, rate = area["expected"], area["rate_per_100000"]
        for confidence, name in ((0.95, "95"), (0.998, "998")):
            found = indirectly_standardised_rate(
                area["counts"], area["pops"], counts, people, confidence=confidence, missing_as_nought=True
            )
            assert found.n == wanted["observed"]
            assert found.expected == pytest.approx(wanted["expected_events"], rel=1e-9)
            assert found.ratio == pytest.approx(wanted["ratio"], rel=1e-9)
            assert found.ratio_interval.lower == pytest.approx(wanted[f"lower{name}"], rel=1e-9)
            assert found.ratio_interval.upper == pytest.approx(wanted[f"upper{name}"], rel=1e-9)
        found = indirectly_standardised_rate(area["counts"], area["pops"], counts, people, missing_as_nought=True)
        assert found.reference_rate == pytest.approx(rate["ref_rate"], rel=1e-9)
        assert found.value == pytest.approx(rate["value"], rel=1e-9)
        assert found.interval.lower == pytest.approx(rate["lower95"], rel=1e-9)
        assert found.interval.upper == pytest.approx(rate["upper95"], rel=1e-9)


def test_the_largest_of_ukhsas_areas_typed_in() -> None:
    """895 observed against 835.88 expected: 1.0707 (1.0017 to 1.1432), PHEindicatormethods' testdata_big."""
    found = indirectly_standardised_rate([895], [1], [835.8835612311743], [1])  # type: ignore[list-item]
    assert found.ratio == pytest.approx(1.0707232939, rel=1e-9)
    assert found.ratio_interval.lower == pytest.approx(1.0017147713, rel=1e-9)
    assert found.ratio_interval.upper == pytest.approx(1.1432332873, rel=1e-9)
    assert found.verdict is Verdict.HIGHER
    assert str(found.sentence()) == (
        "1.07 times what a place of this make-up would have (1.00 to 1.14): higher, beyond chance"
    )


def test_a_missing_group_is_not_a_nought_unless_asked_and_then_said() -> None:
    for counts in ([5, None, 9], [5, None, 30]):
        with pytest.raises(CannotCompute, match="missing count"):
            indirectly_standardised_rate(counts, [100] * 3, [10] * 3, [100] * 3)
        with pytest.raises(CannotCompute, match="missing count"):
            directly_standardised_rate(counts, [100] * 3, [1] * 3)
    found = directly_standardised_rate([5, None, 30], [100] * 3, [1] * 3, missing_as_nought=True)
    assert [doubt.kind for doubt in found.doubts] == [DoubtKind.MISSING_COUNTS]


def test_a_direct_rate_by_hand() -> None:
    found = directly_standardised_rate([10, 40], [1_000, 2_000], [30, 10], per=1_000)
    assert found.value == pytest.approx(0.75 * 10 + 0.25 * 20)
    assert found.crude == pytest.approx(1_000 * 50 / 3_000)
    variance = 0.75**2 * 10 / 1_000**2 + 0.25**2 * 40 / 2_000**2
    assert found.interval.upper == pytest.approx(
        found.value + 1_000 * np.sqrt(variance / 50) * (byar_limits(50).upper - 50)
    )


def test_a_direct_rate_under_ten_events_is_withheld() -> None:
    with pytest.raises(CannotCompute, match="ten"):
        directly_standardised_rate([4, 5], [100, 100], [1, 1])


@given(groups)
def test_the_standard_that_is_the_place_itself_gives_the_crude_rate(rows: list[tuple[int, int, int]]) -> None:
    counts, people, _ = (list(column) for column in zip(*rows, strict=True))
    if sum(counts) < 10:
        return
    found = directly_standardised_rate(counts, people, people)
    assert found.value == pytest.approx(found.crude)
    itself = indirectly_standardised_rate(counts, people, counts, people)
    assert itself.ratio == pytest.approx(1)


@given(groups)
def test_the_order_of_groups_and_the_unit_of_the_standard_change_nothing(rows: list[tuple[int, int, int]]) -> None:
    if sum(count for count, _, _ in rows) < 10:
        return
    turned = rows[::-1]
    one = directly_standardised_rate(*(list(column) for column in zip(*rows, strict=True)))
    counts, people, standard = (list(column) for column in zip(*turned, strict=True))
    other = directly_standardised_rate(counts, people, [1_000 * weight for weight in standard])
    assert other.value == pytest.approx(one.value)
    assert other.interval.upper == pytest.approx(one.interval.upper)


def test_intervals_cover_the_truth() -> None:
    random = np.random.Generator(np.random.PCG64(8))
    people, weight = np.array([900, 2_500, 1_200, 400]), np.array([5, 3, 2, 6])
    rate = np.array([0.02, 0.01, 0.03, 0.05])
    truth = 100_000 * float(weight @ rate) / weight.sum()
    drawn = random.poisson(rate * people, (2_000, 4))
    covered = 0
    for counts in drawn.tolist():
        limits = directly_standardised_rate(counts, people.tolist(), weight.tolist()).interval
        covered += limits.lower is not None and limits.lower <= truth <= limits.upper
    assert 0.935 <= covered / 2_000 <= 0.97


@pytest.mark.parametrize(
    ("counts", "people", "standard"),
    [([20], [0], [1]), ([20], [5], [0]), ([20, 3], [5], [1, 1]), ([-4, 30], [9, 9], [1, 1]), ([], [], [])],
)
def test_what_cannot_be_standardised_is_refused(counts: list[int], people: list[float], standard: list[float]) -> None:
    with pytest.raises(CannotCompute):
        directly_standardised_rate(counts, people, standard)
