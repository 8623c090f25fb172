"""The truth: every number that later methods should find again. Written beside the files as ``truth.json``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from frankpledge.vocabulary.periods import Month, MonthSpan

PERIOD = MonthSpan(Month(2023, 10), Month(2026, 9))
WARM_UP_DAYS = 150  # before the first month, so that repeats of earlier burglaries are already under way


@dataclass(frozen=True, slots=True)
class ProgrammeWave:
    """Safe homes in one priority neighbourhood: from when, and how many homes by the end of the period."""

    neighbourhood: str
    starts_on: date
    homes_protected: int


@dataclass(frozen=True, slots=True)
class Parameters:
    """How burglary of homes comes about, and what the home-security programme does to it.

    Hazards are relative to a home's own background. A burglary adds ``repeat_expected`` burglaries of the same home and
    ``near_repeat_expected`` of homes nearby, on average; each follows after a delay that is exponential with the given
    half-life and rounded up to whole days, and near repeats fall off with distance by a factor e every
    ``near_repeat_decay_m`` up to ``near_repeat_range_m``. From the day a home is protected, every burglary that would
    have happened there (background, repeat or near repeat) happens with probability ``protected_hazard_ratio``; what is
    prevented starts no repeats.
    """

    residential_per_1000_homes_a_year: float = 10.6  # without the programme, repeats included
    business_a_year: float = 50.0
    yearly_trend: float = 0.97  # each year's background against the year before, everywhere
    repeat_expected: float = 0.10
    repeat_half_life_days: float = 14.0
    near_repeat_expected: float = 0.22
    near_repeat_half_life_days: float = 4.0
    near_repeat_range_m: float = 200.0
    near_repeat_decay_m: float = 60.0
    hardship_hazard_ratio: float = 9.0  # the hardest-up small area against the most comfortable
    hot_small_area_ratio: float = 1.9
    hot_small_areas: tuple[int, ...] = (4, 13, 25)  # places in the plan
    home_spread: float = 0.45  # standard deviation of the logarithm of a home's own background
    series_month: Month = Month(2026, 1)  # one busy offender
    series_small_area: int = 9
    series_burglaries: int = 10
    protected_hazard_ratio: float = 0.6
    programme: tuple[ProgrammeWave, ...] = (
        ProgrammeWave("Bellfield", date(2024, 10, 1), 686),
        ProgrammeWave("Quarry Hill", date(2025, 1, 6), 638),
        ProgrammeWave("Old Station", date(2025, 4, 1), 424),
        ProgrammeWave("Northgate", date(2025, 10, 1), 384),
        ProgrammeWave("Meadow Rise", date(2026, 4, 1), 251),
    )
    # January to December, mean 1: dark afternoons
    season: tuple[float, ...] = (1.22, 1.12, 1.04, 0.92, 0.86, 0.80, 0.82, 0.86, 0.92, 1.06, 1.20, 1.18)
    # Monday to Sunday, mean 1
    weekday: tuple[float, ...] = (0.98, 0.94, 0.95, 0.98, 1.16, 1.13, 0.86)


# Shares of the day by hour, for homes on working days, homes at weekends, businesses, and the evening economy.
# fmt: off
HOURS: dict[str, tuple[int, ...]] = {
    "home working day": (22, 22, 22, 20, 14, 8, 8, 14, 28, 46, 58, 62, 58, 60, 62, 52, 46, 50, 60, 58, 48, 40, 34, 28),
    "home weekend": (36, 38, 38, 32, 22, 12, 8, 8, 12, 20, 28, 32, 34, 34, 34, 34, 38, 48, 62, 68, 62, 54, 46, 40),
    "business": (60, 80, 95, 90, 70, 40, 20, 8, 6, 6, 8, 8, 8, 8, 8, 8, 10, 14, 20, 24, 28, 34, 42, 50),
    "day": (8, 5, 3, 2, 2, 4, 8, 20, 40, 50, 58, 64, 68, 66, 66, 66, 62, 58, 48, 40, 30, 24, 18, 12),
    "shop": (1, 0, 0, 0, 0, 0, 2, 12, 24, 44, 66, 80, 84, 84, 82, 82, 76, 66, 52, 42, 30, 18, 6, 2),
    "evening": (60, 48, 38, 24, 10, 6, 6, 10, 16, 20, 24, 28, 32, 34, 38, 44, 46, 48, 52, 56, 60, 64, 68, 68),
    "night": (60, 58, 50, 40, 30, 20, 16, 18, 20, 18, 16, 16, 18, 18, 20, 22, 28, 36, 44, 50, 54, 58, 60, 62),
}
# fmt: on
