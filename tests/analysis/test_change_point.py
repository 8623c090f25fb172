"""The change point is found where it was published to be, is none in a constant series, and rarely found in noise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankpledge.analysis.change_point import Model, change_point
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle

# British coal-mining disasters, 1851 to 1962 (Jarrett 1979, Biometrika 66:191-193): the change follows 1891.
COAL = [int(digit) for digit in
        "4541043406334026335453144155342522342132211113001011003103220111010100021000110233112111124200014000100000100101"
        ]  # fmt: skip


def test_the_nile_changed_after_1898() -> None:
    published = oracle("changepoint-nile")
    volume, wanted = published["inputs"]["volume"], published["expected"]
    years = [str(published["inputs"]["first_year"] + i) for i in range(len(volume))]
    for model in (Model.LEAST_SQUARES, Model.ENERGY):
        found = change_point(volume, model=model, labels=years)
        assert found.after == wanted["break_after_index"]
        assert found.labels[found.after - 1] == str(wanted["break_after_year"])
        assert found.mean_before == pytest.approx(wanted["mean_before"])
        assert found.mean_after == pytest.approx(wanted["mean_after"], abs=1e-6)
        assert found.p == pytest.approx(0.001)
    energy = change_point(volume, model=Model.ENERGY)
    assert energy.statistic == pytest.approx(published["recomputed_here"]["e_divisive_Q"], rel=1e-9)


def test_coal_mining_became_safer_after_1891() -> None:
    """Carlin, Gelfand and Smith (1992): the posterior mode is 1891, levels about 3.1 and 0.9 a year."""
    assert (len(COAL), sum(COAL)) == (112, 191)
    found = change_point(COAL, labels=[str(1851 + i) for i in range(112)])
    assert found.after is not None and found.labels[found.after - 1] == "1891"
    assert (round(found.mean_before or 0, 1), round(found.mean_after or 0, 1)) == (3.1, 0.9)
    assert found.likely is not None
    low, high = (1850 + after for after in found.likely)
    assert 1885 <= low <= 1891 <= high <= 1896
    assert "likely between" in str(found.sentence())


@pytest.mark.parametrize("model", list(Model))
def test_a_constant_series_has_no_change_point(model: Model) -> None:
    found = change_point([5] * 20, model=model)
    assert found.after is None and found.p is None and not found.beyond_chance
    assert found.as_dict()["after"] is None
    assert str(found.sentence()) == "The series never changes, so it has no change point."


def energy_by_hand(values: list[float], split: int) -> float:
    left, right = values[:split], values[split:]

    def within(side: list[float]) -> float:
        pairs = [abs(a - b) for i, a in enumerate(side) for b in side[i + 1 :]]
        return sum(pairs) / len(pairs)

    across = sum(abs(a - b) for a in left for b in right) / (len(left) * len(right))
    m, n = len(left), len(right)
    return m * n / (m + n) * (2 * across - within(left) - within(right))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=8, max_size=20), st.floats(0.5, 20))
def test_every_model_agrees_with_its_plain_loop_and_reversing_mirrors_it(values: list[int], unit: float) -> None:
    if len(set(values)) == 1:
        return
    n = len(values)
    energy = change_point(values, model=Model.ENERGY, permutations=1)
    assert energy.statistic == pytest.approx(
        max(energy_by_hand([float(v) for v in values], split) for split in range(2, n - 1))
    )
    squares = change_point([unit * v for v in values], model=Model.LEAST_SQUARES, permutations=1)
    total = np.var(values) * n
    left_over = min(np.var(values[:k]) * k + np.var(values[k:]) * (n - k) for k in range(1, n))
    assert squares.statistic == pytest.approx(unit**2 * (total - left_over), rel=1e-6, abs=1e-6)
    mirrored = change_point(values[::-1], permutations=1)
    assert mirrored.statistic == pytest.approx(change_point(values, permutations=1).statistic)


def test_noise_has_a_change_point_one_time_in_twenty() -> None:
    random = np.random.Generator(np.random.PCG64(9))
    alarms = sum(change_point(random.poisson(12, 36).tolist(), permutations=99).beyond_chance for _ in range(400))
    assert alarms <= 400 * 0.05 + 3 * np.sqrt(400 * 0.05 * 0.95)


def test_the_likely_span_holds_the_change_nineteen_times_in_twenty() -> None:
    random = np.random.Generator(np.random.PCG64(10))
    held = 0
    for _ in range(400):
        split = int(random.integers(1, 40))
        counts = [*random.poisson(14, split).tolist(), *random.poisson(8, 40 - split).tolist()]
        likely = change_point(counts, permutations=1).likely
        assert likely is not None
        held += likely[0] <= split <= likely[1]
    assert held >= 400 * 0.95 - 3 * np.sqrt(400 * 0.05 * 0.95)


def test_longer_months_are_no_change() -> None:
    days = [31.0] * 10 + [28.0] * 10
    counts = [310] * 10 + [280] * 10
    assert change_point(counts, exposure=days).after is None  # ten a day throughout
    assert change_point(counts).beyond_chance


def test_the_same_seed_gives_the_same_p_value() -> None:
    one = change_point(COAL[:60], permutations=49, seed=5)
    assert one.p == change_point(COAL[:60], permutations=49, seed=5).p
    assert one.seed == 5


def test_what_has_no_change_point_is_refused() -> None:
    assert change_point([3, 4, 3, 9, 8, 9]).doubts[0].kind is DoubtKind.SHORT_HISTORY
    for values in ([1, 2, 3], [1, 2, 3, 4, 5, -6], [1, 2, 3, 4, 5, 6.5], [1, 2, 3, 4, 5, float("nan")]):
        with pytest.raises(CannotCompute):
            change_point(values)
    with pytest.raises(CannotCompute):
        change_point([1, 2, 3, 4, 5, 6], exposure=[1, 1, 1, 1, 1, 0])
    with pytest.raises(CannotCompute):
        change_point([1.0] * 6, model=Model.LEAST_SQUARES, exposure=[1.0] * 6)
