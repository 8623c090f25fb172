"""The shape of the year is recovered, covered by its intervals, and not seen where there is none."""

import numpy as np
import pytest

from frankpledge.analysis.season import season
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import Month, MonthSpan

FOUR_YEARS = list(MonthSpan(Month(2021, 7), Month(2025, 6)))
SHAPE = np.array([1.2, 1.15, 1.1, 1.0, 0.9, 0.85, 0.8, 0.85, 0.9, 1.0, 1.1, 1.15])
DAYS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
TRUTH = SHAPE / (SHAPE @ DAYS / DAYS.sum())


def means(level: float, growth: float = 1.0) -> np.ndarray:
    return np.array([level * growth ** (i / 12) * m.days / 30.4 * SHAPE[m.month - 1] for i, m in enumerate(FOUR_YEARS)])


def test_the_shape_is_recovered_whatever_the_length_of_months_and_the_trend() -> None:
    for growth in (1.0, 1.4):
        steps = np.repeat([growth**k for k in range(4)], 12)
        counts = np.rint(means(1_000) * steps).astype(int).tolist()
        found = season(FOUR_YEARS, counts)
        assert [month.index for month in found.months] == pytest.approx(TRUTH, rel=0.01)


def test_equal_days_of_unequal_months_have_no_season() -> None:
    found = season(FOUR_YEARS, [10 * month.days for month in FOUR_YEARS])
    assert [month.index for month in found.months] == pytest.approx([1] * 12)
    assert not found.beyond_chance
    assert str(found.sentence()).startswith("No season beyond chance in 48 months")


def test_intervals_cover_the_truth_also_when_counts_vary_more_than_poisson() -> None:
    random = np.random.Generator(np.random.PCG64(15))
    covered = 0
    for _ in range(200):
        own = random.gamma(20, 1 / 20, 48)
        found = season(FOUR_YEARS, random.poisson(means(40) * own).tolist())
        for month, truth in zip(found.months, TRUTH, strict=True):
            assert month.interval.lower is not None
            covered += month.interval.lower <= truth <= month.interval.upper
    assert 0.93 <= covered / 2_400 <= 0.97


def test_noise_has_a_season_one_time_in_twenty() -> None:
    random = np.random.Generator(np.random.PCG64(16))
    days = np.array([month.days for month in FOUR_YEARS])
    for more_than_poisson in (False, True):
        alarms = sum(
            season(
                FOUR_YEARS, random.poisson(random.gamma(20, days / 20) if more_than_poisson else days).tolist()
            ).beyond_chance
            for _ in range(400)
        )
        assert abs(alarms - 400 * 0.05) <= 3 * np.sqrt(400 * 0.05 * 0.95)


def test_a_missing_month_leaves_no_hole_and_the_order_changes_nothing() -> None:
    counts: list[int | None] = np.rint(means(500)).astype(int).tolist()
    counts[5] = None
    found = season(FOUR_YEARS, counts)
    assert found.n == 47
    assert [month.index for month in found.months] == pytest.approx(TRUTH, rel=0.02)
    turned = season(FOUR_YEARS[::-1], counts[::-1])
    assert [month.index for month in turned.months] == pytest.approx([month.index for month in found.months])
    assert DoubtKind.MISSING_MONTHS in {doubt.kind for doubt in found.doubts}


def test_the_indices_average_one_over_the_days_of_the_year() -> None:
    counts = np.random.Generator(np.random.PCG64(17)).poisson(means(60)).tolist()
    index = np.array([month.index for month in season(FOUR_YEARS, counts).months])
    assert index @ DAYS / DAYS.sum() == pytest.approx(1, abs=1e-9)


def test_lockdown_months_are_left_out_unless_asked_for() -> None:
    months = list(MonthSpan(Month(2018, 1), Month(2023, 12)))
    counts = [50] * len(months)
    assert season(months, counts).n == 72 - 15
    assert season(months, counts, lockdowns=True).n == 72


def test_too_little_is_refused_and_little_is_flagged() -> None:
    assert DoubtKind.SHORT_HISTORY in {d.kind for d in season(FOUR_YEARS[:24], [40] * 24).doubts}
    january = [0 if month.month == 1 else 40 for month in FOUR_YEARS]
    empty_year = [0] * 12 + [40] * 36
    for months, counts in (
        (FOUR_YEARS[:23], [40] * 23),
        (FOUR_YEARS, january),
        (FOUR_YEARS, empty_year),
        (FOUR_YEARS, [-1] * 48),
        ([*FOUR_YEARS[:47], FOUR_YEARS[0]], [40] * 48),
    ):
        with pytest.raises(CannotCompute):
            season(months, counts)
