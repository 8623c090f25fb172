"""The expected range covers what it says, finds a planted month, and refuses short histories."""

import numpy as np
import pytest

from frankpledge.analysis.expected_range import MonthStanding, expected_range
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import LOCKDOWNS, Month, MonthSpan

FOUR_YEARS = list(MonthSpan(Month(2022, 1), Month(2025, 12)))


def season(months: list[Month], level: float = 40.0) -> np.ndarray:
    """Expected counts that peak in winter by a fifth, longer months counting more."""
    return np.array([level * (1 + 0.2 * np.cos(2 * np.pi * (m.month - 1) / 12)) * m.days / 30.4 for m in months])


def test_about_nineteen_months_in_twenty_lie_inside() -> None:
    random = np.random.default_rng(3)
    inside = total = 0
    for _ in range(40):
        found = expected_range(FOUR_YEARS, random.poisson(season(FOUR_YEARS)).tolist())
        inside += sum(month.standing is MonthStanding.WITHIN for month in found.months)
        total += len(found.months)
    assert 0.93 <= inside / total <= 0.985


def test_a_month_with_twice_the_usual_is_found_and_does_not_widen_the_others() -> None:
    counts = np.rint(season(FOUR_YEARS)).astype(int)
    quiet = expected_range(FOUR_YEARS, counts.tolist())
    counts[20] *= 2
    loud = expected_range(FOUR_YEARS, counts.tolist())
    assert [month.month for month in loud.exceptional()] == [FOUR_YEARS[20]]
    assert loud.months[5].upper <= quiet.months[5].upper + 6


def test_the_season_is_learned() -> None:
    found = expected_range(FOUR_YEARS, np.rint(season(FOUR_YEARS)).astype(int).tolist())
    january, july = found.months[12], found.months[18]
    assert january.expected == pytest.approx(season([january.month])[0], rel=0.05)
    assert january.expected > 1.3 * july.expected


def test_a_trend_is_followed_only_where_it_shows() -> None:
    flat = expected_range(FOUR_YEARS, np.rint(season(FOUR_YEARS)).astype(int).tolist())
    rising = np.rint(season(FOUR_YEARS) * np.linspace(0.6, 1.6, 48)).astype(int).tolist()
    assert not flat.trend
    assert expected_range(FOUR_YEARS, rising).trend


def test_lockdown_months_teach_nothing_and_are_not_called_exceptional() -> None:
    months = list(MonthSpan(Month(2018, 1), Month(2023, 12)))
    normal = np.rint(season(months)).astype(int)
    locked = [5 if month in LOCKDOWNS else int(count) for month, count in zip(months, normal, strict=True)]
    found = expected_range(months, locked)
    assert found.n == len(months) - len(LOCKDOWNS)
    assert found.exceptional() == ()
    april = next(month for month in found.months if month.month == Month(2020, 6))
    assert april.lockdown and april.standing is MonthStanding.LOW
    assert april.expected == pytest.approx(season([april.month])[0], rel=0.1)


def test_a_missing_month_is_not_a_nought() -> None:
    counts: list[int | None] = np.rint(season(FOUR_YEARS)).astype(int).tolist()
    counts[7] = None
    found = expected_range(FOUR_YEARS, counts)
    assert found.months[7].standing is MonthStanding.NOT_KNOWN
    assert found.months[8].expected == pytest.approx(season(FOUR_YEARS)[8], rel=0.05)


def test_short_histories_are_refused_and_middling_ones_flagged() -> None:
    with pytest.raises(CannotCompute):
        expected_range(FOUR_YEARS[:17], [40] * 17)
    assert [doubt.kind for doubt in expected_range(FOUR_YEARS[:20], [40] * 20).doubts] == [DoubtKind.SHORT_HISTORY]


def test_months_that_miss_half_the_year_are_refused() -> None:
    months = [month for month in MonthSpan(Month(2022, 1), Month(2027, 12)) if month.month <= 5]
    with pytest.raises(CannotCompute):
        expected_range(months, [30] * len(months))


def test_no_crime_at_all_is_a_range_too() -> None:
    found = expected_range(FOUR_YEARS, [0] * 48)
    assert {month.standing for month in found.months} == {MonthStanding.WITHIN}


def test_names_of_months_shifted_by_whole_years_change_nothing() -> None:
    """Four years later the same series has the same ranges (both stretches hold their leap February in one place)."""
    counts = np.random.default_rng(5).poisson(season(FOUR_YEARS)).tolist()
    later = [month + 48 for month in FOUR_YEARS]
    one, other = expected_range(FOUR_YEARS, counts), expected_range(later, counts)
    assert [(m.lower, m.upper) for m in one.months] == [(m.lower, m.upper) for m in other.months]


def test_months_that_vary_more_than_poisson_luck_are_not_called_exceptional_more_often() -> None:
    """Counts of variance twice their mean: about one month in twenty still lies outside, not one in six."""
    random = np.random.Generator(np.random.PCG64(12))
    outside = total = 0
    for _ in range(40):
        mean = season(FOUR_YEARS)
        counts = random.negative_binomial(mean, 0.5).tolist()
        found = expected_range(FOUR_YEARS, counts)
        outside += len(found.exceptional())
        total += len(found.months)
    assert 0.02 <= outside / total <= 0.075
