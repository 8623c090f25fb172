"""Where an indicator stands: the word is right, its reason is given, and its chances come true as often as they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankpledge.analysis.indicator_models import Aim, Reading, Series
from frankpledge.analysis.rates import Verdict
from frankpledge.analysis.status import amount, chance_words, needed, standing
from frankpledge.analysis.targets import Polarity, Status
from frankpledge.vocabulary.figures import Aggregation, Calendar
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.units import Unit

FIRST = Month(2021, 4)
NOW = {"year": 2026, "quarter": 2}


def series(values, unit=Unit.COUNT, polarity=Polarity.LESS_IS_GOOD, aggregation=Aggregation.SUM, months=3, base=None):
    """One reading for each value from April 2021; ``base`` makes shares and rates of counts."""
    readings = []
    for i, value in enumerate(values):
        first = FIRST + months * i if months != 12 else FIRST + 3 * i - 9
        span = MonthSpan(first, first + months - 1)
        if base is None:
            readings.append(Reading(span, value, value if unit is Unit.COUNT else None))
        else:
            readings.append(Reading(span, (100 if unit is Unit.PERCENT else 1000) * value / base, value, base))
    return Series(name="Thefts", unit=unit, polarity=polarity, aggregation=aggregation, readings=tuple(readings))


def steady(mean=140, quarters=22, seed=1):
    draw = np.random.default_rng(seed)
    return [int(value) for value in draw.poisson(mean, quarters)]


def test_a_year_that_cannot_meet_its_target_is_at_risk_and_says_what_it_would_take():
    found = standing(series(steady()), Aim(450, True), **NOW)
    assert found.status is Status.AT_RISK and found.ahead.chance < 0.01
    assert "the target is 450 or less" in found.sentence()
    words = needed(series(steady()), Aim(450, True), **NOW)
    assert words.startswith("Meeting the target would need") and "six months left" in words


def test_the_comparison_is_named_exactly():
    found = standing(series(steady()), None, **NOW)
    assert " in the quarter to September 2026 against " in found.comparison()
    assert found.comparison().endswith("in the quarter to September 2025.")


def test_a_quarter_is_not_said_to_have_moved_against_one_of_the_lockdowns():
    """The spring of 2022 against that of 2021: twice as many burglaries, and one of them had the country indoors."""
    found = standing(series([40, 40, 90, 100, 96]), None, year=2022, quarter=1)
    assert found.before.span.label == "quarter to June 2021" and not found.like_for_like
    assert found.direction is Verdict.NOT_CLEAR and "not like for like" in found.reason
    assert "not like for like" in found.finding() and any("lockdowns" in d.sentence for d in found.doubts)
    later = standing(series([40, 40, 40, 40, 96, 90, 96, 97]), None, year=2022, quarter=2)
    assert later.like_for_like and later.direction is Verdict.HIGHER


def test_figures_after_the_quarter_asked_for_are_not_looked_at():
    values = steady(quarters=22)
    early = standing(series(values), Aim(600, True), year=2025, quarter=2)
    assert early.as_dict() == standing(series(values[:18]), Aim(600, True), year=2025, quarter=2).as_dict()


def test_more_reporting_is_never_a_failing():
    values = [100] * 20 + [180, 200]
    found = standing(series(values, polarity=Polarity.MORE_IS_GOOD), None, **NOW)
    assert found.status is Status.NO_TARGET and found.better is True
    assert "never shown as failure" in found.reason
    context = standing(series(values, polarity=Polarity.CONTEXT_ONLY), Aim(10, True), **NOW)
    assert context.status is Status.NO_TARGET and context.better is None and context.ahead.chance is None


def test_few_cases_and_short_histories_are_not_judged():
    assert standing(series([1, 0, 2, 1] * 5 + [1, 2]), Aim(6, True), **NOW).status is Status.TOO_FEW
    assert standing(series([100, 90]), Aim(400, True), year=2021, quarter=2).status is Status.TOO_FEW
    nothing = standing(series([]), Aim(400, True), **NOW)
    assert nothing.status is Status.TOO_FEW and nothing.comparison() == "No figure has come yet."


def test_a_finished_year_is_met_or_missed():
    values = [100] * 20
    assert standing(series(values), Aim(400, True), year=2025, quarter=4).status is Status.MET
    assert standing(series(values), Aim(399, True), year=2025, quarter=4).status is Status.MISSED
    early = standing(series([*values, 150, 300]), Aim(400, True), **NOW)
    assert early.status is Status.MISSED and "with the year not over" in early.reason


def test_a_rate_is_judged_by_its_counts_and_shown_as_a_rate():
    counts = standing(series(steady()), Aim(560, True), **NOW)
    rates = standing(series(steady(), unit=Unit.PER_1000_HOUSEHOLDS, base=40_000), Aim(14, True), **NOW)
    assert rates.ahead.chance == pytest.approx(counts.ahead.chance)
    assert rates.ahead.expected == pytest.approx(counts.ahead.expected / 40)


def test_a_share_says_of_how_many_and_is_clear_only_beyond_chance():
    good = [(93 + i % 3) for i in range(21)]
    found = standing(
        series([*good, 70], Unit.PERCENT, Polarity.MORE_IS_GOOD, Aggregation.MEAN, base=100), Aim(93, False), **NOW
    )
    assert found.status is Status.AT_RISK and found.direction is Verdict.LOWER and found.outside
    assert "70 % (70 of 100) in the quarter to September 2026" in found.comparison()
    same = standing(series([*good, 93], Unit.PERCENT, base=100, aggregation=Aggregation.MEAN), None, **NOW)
    assert same.direction is Verdict.NOT_CLEAR


def test_values_and_rolling_years_have_chances_too():
    days = [12 + 0.5 * (i % 3) for i in range(22)]
    found = standing(series(days, Unit.DAYS, aggregation=Aggregation.MEAN), Aim(20, True), **NOW)
    assert found.status is Status.ON_COURSE and found.ahead.chance > 0.99
    years = [560 - 4 * i for i in range(22)]
    rolling = standing(series(years, aggregation=Aggregation.ROLLING_YEAR, months=12), Aim(600, True), **NOW)
    assert rolling.status is Status.ON_COURSE and "year to September 2026" in rolling.comparison()


def test_months_are_added_to_quarters_and_an_incomplete_quarter_waits():
    monthly = series([10] * 60 + [12, 12, 12, 11, 11], months=1)
    found = standing(monthly, Aim(120, True), **NOW)
    assert found.latest.span.label == "quarter to June 2026" and found.latest.value == 36


def test_a_calendar_year_ends_in_december():
    made = series([50] * 23)
    found = standing(
        Series(**{name: getattr(made, name) for name in ("name", "unit", "polarity", "aggregation", "readings")},
               calendar=Calendar.CALENDAR),
        Aim(200, True), year=2026, quarter=4,
    )  # fmt: skip
    assert found.status is Status.MET and found.reason.startswith("The year came to 200")


def test_words():
    assert [chance_words(p) for p in (0.0, 0.004, 0.75, 0.999)] == [
        "fewer than 1 in 100", "fewer than 1 in 100", "75 in 100", "more than 99 in 100",
    ]  # fmt: skip
    assert amount(171, Unit.COUNT) == "171" and amount(10.873, Unit.PER_1000_HOUSEHOLDS) == "10.9"
    assert amount(86.04, Unit.PERCENT) == "86 %"


@pytest.mark.parametrize("kind", ["counts", "overdispersed", "shares", "values"])
def test_of_targets_given_30_in_100_about_30_are_met(kind):
    """Calibration: chances between 20 and 40 in 100 come true about as often as they say; so do those at 60 to 80."""
    draw = np.random.default_rng(5)
    told, met = [], []
    for _ in range(500):
        if kind == "shares":
            counts = draw.binomial(80, 0.8, 24)
            made = [series(counts[:n].tolist(), Unit.PERCENT, Polarity.MORE_IS_GOOD, Aggregation.MEAN, base=80)
                    for n in (22, 24)]  # fmt: skip
            aim = Aim(80 + draw.normal(0, 2.5), False)
        elif kind == "values":
            values = draw.normal(12, 1, 24)
            made = [series(values[:n].tolist(), Unit.DAYS, aggregation=Aggregation.MEAN) for n in (22, 24)]
            aim = Aim(12 + draw.normal(0, 0.5), True)
        else:
            spread = draw.gamma(25, 1 / 25, 24) if kind == "overdispersed" else np.ones(24)
            counts = draw.poisson(100 * spread)
            made = [series(counts[:n].tolist()) for n in (22, 24)]
            aim = Aim(round(400 + draw.normal(0, 25)), True)
        before = standing(made[0], aim, **NOW)
        if before.ahead is None or before.ahead.chance is None:
            continue
        told.append(before.ahead.chance)
        met.append(standing(made[1], aim, year=2026, quarter=4).status is Status.MET)
    chances, came = np.array(told), np.array(met)
    for low, high in ((0.1, 0.4), (0.6, 0.9)):
        chosen = (chances >= low) & (chances < high)
        assert chosen.sum() >= 40
        expected, seen = chances[chosen].mean(), came[chosen].mean()
        assert abs(expected - seen) < 3.2 * np.sqrt(expected * (1 - expected) / chosen.sum()) + 0.04, (kind, low)


def test_the_band_holds_about_95_of_100_ordinary_quarters():
    draw = np.random.default_rng(7)
    inside = []
    for _ in range(40):
        found = standing(series(draw.poisson(60, 22).tolist()), None, **NOW)
        inside += [not (q.above or q.below) for q in found.quarters if q.lower is not None and q.value is not None]
    assert 0.93 < np.mean(inside) <= 0.99


def rolling_shares(counts, base):
    """The year to each quarter, from quarterly ``counts`` of ``base`` each."""
    years = [sum(counts[i : i + 4]) for i in range(len(counts) - 3)]
    return series(years, Unit.PERCENT, aggregation=Aggregation.ROLLING_YEAR, months=12, base=4 * base)


def test_years_that_overlap_are_not_counted_four_times():
    """The year to each quarter shares three quarters with the one before: its last is the year, and no more certain."""
    draw = np.random.default_rng(3)
    held, inside = [], []
    for _ in range(150):
        counts = draw.binomial(60, 0.2, 27).tolist()
        for known in (25, 26):  # the year to June, and to September, 2026; the aim is for the year to March 2027
            found = standing(rolling_shares(counts[:known], 60), Aim(20, True), year=2026, quarter=known - 24)
            held.append(found.ahead.lower <= 100 * sum(counts[-4:]) / 240 <= found.ahead.upper)
            inside += [not (q.above or q.below) for q in found.quarters if q.lower is not None and q.value is not None]
    assert 0.93 <= np.mean(held) <= 1 and 0.94 <= np.mean(inside) <= 0.995
    over = standing(rolling_shares([10] * 20 + [40, 20, 10, 10], 100), Aim(25, True), year=2025, quarter=4)
    assert over.status is Status.MET and "The year came to 20 %" in over.reason


def test_a_year_lacking_a_quarter_is_not_called_finished():
    made = series([90] * 21 + [50, 50, 50], Unit.PERCENT, aggregation=Aggregation.MEAN, base=100)
    gap = Series(**{name: getattr(made, name) for name in ("name", "unit", "polarity", "aggregation", "calendar")},
                 readings=(*made.readings[:20], *made.readings[21:]))  # fmt: skip
    found = standing(gap, Aim(60, True), year=2026, quarter=4)
    assert "came to" not in found.reason


@pytest.mark.parametrize("aggregation", [Aggregation.SUM, Aggregation.MEAN])
def test_the_doubt_about_a_level_is_shared_by_all_quarters_to_come(aggregation):
    draw = np.random.default_rng(4)
    held = []
    for _ in range(300):
        values = draw.normal(100, 10, 40)
        found = standing(series(values[:37].tolist(), Unit.DAYS, aggregation=aggregation), None, year=2030, quarter=1)
        year = values[36:].sum() if aggregation is Aggregation.SUM else values[36:].mean()
        held.append(found.ahead.lower <= year <= found.ahead.upper)
    assert np.mean(held) > 0.925


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 400), max_size=26),
    st.sampled_from([Unit.COUNT, Unit.PERCENT, Unit.DAYS, Unit.PER_1000_RESIDENTS]),
    st.sampled_from(list(Polarity)),
    st.sampled_from(list(Aggregation)),
    st.booleans(),
    st.floats(0, 500),
)
def test_every_standing_is_sound(values, unit, polarity, aggregation, at_most, value):
    base = 400 if unit in (Unit.PERCENT, Unit.PER_1000_RESIDENTS) else None
    found = standing(series(values, unit, polarity, aggregation, base=base), Aim(value, at_most), **NOW)
    assert found.reason and found.finding() and found.comparison() and found.table().rows is not None
    if found.ahead is not None and found.ahead.chance is not None:
        assert 0 <= found.ahead.chance_low <= found.ahead.chance <= found.ahead.chance_high <= 1
        assert found.ahead.lower <= found.ahead.upper
