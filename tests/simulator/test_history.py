"""What happens in Aldercombe is believable, and the truth about it can be found again."""

import math
from collections import Counter

import numpy as np
from scipy.spatial import cKDTree

from frankpledge.sources.simulator import Parameters, SimulatedPartnership, clock, simulate_history, truth_of
from frankpledge.sources.simulator.burglary import Origin
from frankpledge.sources.simulator.offences import ALL_OFFENCES
from frankpledge.sources.simulator.parameters import PERIOD
from frankpledge.vocabulary.crime_types import POLICE_UK_TYPES


def burglary_points(partnership: SimulatedPartnership) -> tuple[np.ndarray, np.ndarray]:
    """Places (n, 2) in metres and days of the burglaries of homes that happened."""
    burglaries, town = partnership.burglaries, partnership.place.town
    premises = burglaries.premises[burglaries.happened]
    return np.column_stack([town.easting[premises], town.northing[premises]]), burglaries.day[burglaries.happened]


def knox_ratio(places: np.ndarray, days: np.ndarray, near: tuple[float, float], within_days: int) -> float:
    """Pairs ``near`` (from, below; metres) and within days, against what distance and time alone would give."""
    tree = cKDTree(places)
    pairs = tree.query_pairs(near[1], output_type="ndarray")
    apart = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T)
    pairs = pairs[apart >= near[0]]
    close_in_time = np.abs(days[pairs[:, 0]] - days[pairs[:, 1]]) <= within_days
    all_gaps = np.abs(days[:, None] - days[None, :])[np.triu_indices(len(days), 1)]
    expected = len(pairs) * (all_gaps <= within_days).mean()
    return float(close_in_time.sum() / expected)


def test_burglary_is_about_twelve_for_a_thousand_households_a_year(partnership: SimulatedPartnership) -> None:
    """A believable shire district."""
    burglary = [number for number, offence in enumerate(ALL_OFFENCES) if offence.police_uk_type == "Burglary"]
    here = partnership.police.take(partnership.extract)
    count = int(np.isin(here.kind, burglary).sum())
    small_areas = partnership.geography.small_areas_in(partnership.district_code)
    households = partnership.geography.denominators["made-up-2021"].total(small_areas)
    assert households is not None
    assert 10 < 1000 * count / households / 3 < 15


def test_every_police_uk_type_is_there_in_every_district(partnership: SimulatedPartnership) -> None:
    """All thirteen crime types and anti-social behaviour."""
    types = {offence.police_uk_type for offence in ALL_OFFENCES}
    assert types == {word for word in types if word in POLICE_UK_TYPES}
    district = np.array([area.district for area in partnership.place.land.small_areas])[partnership.police.small_area]
    for number in range(5):
        kinds = Counter(ALL_OFFENCES[kind].police_uk_type for kind in partnership.police.kind[district == number])
        assert len(kinds) == 14
        assert min(kinds.values()) > 10


def test_repeat_burglary_is_there(partnership: SimulatedPartnership) -> None:
    """The same home again within four weeks, far more often than chance."""
    places, days = burglary_points(partnership)
    assert knox_ratio(places, days, (0, 1), 28) > 3


def test_near_repeat_is_there_close_by_and_not_far_off(partnership: SimulatedPartnership) -> None:
    """Neighbours follow within a week; homes half a mile away do not."""
    places, days = burglary_points(partnership)
    close = knox_ratio(places, days, (1, 150), 7)
    far = knox_ratio(places, days, (600, 1_000), 7)
    assert close > 2
    assert abs(far - 1) < 0.3
    assert close > 2 * far


def test_repeats_wait_as_long_as_the_truth_says(partnership: SimulatedPartnership) -> None:
    """Half of the repeats fall within the half-life, over many histories."""
    parameters = Parameters()
    waits: dict[Origin, list[int]] = {Origin.REPEAT: [], Origin.NEAR_REPEAT: []}
    for seed in range(11, 19):
        _, burglaries = simulate_history(seed)
        for origin, found in waits.items():
            # The period ends, so those whose wait would outlast it are missing: leave out what began late.
            rows = (burglaries.origin == origin) & (burglaries.parent >= 0)
            rows &= burglaries.day[burglaries.parent] < burglaries.day.max() - 120
            found += (burglaries.day[rows] - burglaries.day[burglaries.parent[rows]]).tolist()
    for origin, half_life in (
        (Origin.REPEAT, parameters.repeat_half_life_days),
        (Origin.NEAR_REPEAT, parameters.near_repeat_half_life_days),
    ):
        n = len(waits[origin])
        within = np.mean(np.array(waits[origin]) <= half_life)
        assert n > 150
        assert abs(within - 0.5) < 3.5 * math.sqrt(0.25 / n)


def test_near_repeats_stay_in_range(partnership: SimulatedPartnership) -> None:
    """No near repeat is farther than the truth allows, and none is at the same home."""
    burglaries, town = partnership.burglaries, partnership.place.town
    rows = np.flatnonzero((burglaries.origin == Origin.NEAR_REPEAT) & (burglaries.parent >= 0))
    homes, parents = burglaries.premises[rows], burglaries.premises[burglaries.parent[rows]]
    apart = np.hypot(town.easting[homes] - town.easting[parents], town.northing[homes] - town.northing[parents])
    assert (homes != parents).all()
    assert apart.max() <= partnership.parameters.near_repeat_range_m
    assert np.median(apart) < 100


def test_winter_has_more_burglary_than_summer(partnership: SimulatedPartnership) -> None:
    """Season, over several histories so that chance does not hide it."""
    months = np.concatenate([clock.month_numbers(simulate_history(seed)[1].day) % 12 for seed in (1, 11, 12)])
    winter, summer = np.isin(months, [10, 11, 0]).sum(), np.isin(months, [4, 5, 6]).sum()
    assert winter > 1.2 * summer


def test_the_short_way_gives_the_same_history(partnership: SimulatedPartnership) -> None:
    """What later methods are tried on is what the demo shows."""
    programme, burglaries = simulate_history(1)
    assert (programme.since == partnership.programme.since).all()
    assert (burglaries.moment == partnership.burglaries.moment).all()
    assert (burglaries.happened == partnership.burglaries.happened).all()


def test_the_programme_prevents_what_the_truth_says(partnership: SimulatedPartnership) -> None:
    """Of burglaries that would have hit protected homes the known share happened; no other home was spared."""
    parameters = Parameters()
    happened = total = 0
    for seed in range(11, 19):
        _, burglaries = simulate_history(seed)
        # What a prevented burglary would have brought on is not the home's own protection: leave it out.
        spared = np.where(burglaries.parent >= 0, ~burglaries.happened[burglaries.parent], False)
        faced = burglaries.protected & ~spared
        happened += int((faced & burglaries.happened).sum())
        total += int(faced.sum())
        assert (burglaries.happened | burglaries.protected | spared).all()
    share = happened / total
    error = math.sqrt(parameters.protected_hazard_ratio * (1 - parameters.protected_hazard_ratio) / total)
    assert total > 150
    assert abs(share - parameters.protected_hazard_ratio) < 3 * error


def test_a_programme_without_effect_prevents_nothing() -> None:
    """The false start an evaluation must not call a success."""
    burglaries = simulate_history(1, Parameters(protected_hazard_ratio=1.0))[1]
    assert burglaries.happened.all()
    assert burglaries.protected.any()


def test_homes_are_protected_on_working_days_after_the_start(partnership: SimulatedPartnership) -> None:
    """The list of protected homes is one a crew could have made: 2,383 homes in five waves."""
    programme, premises = partnership.programme, partnership.premises
    assert len(programme.premises) == 2_383
    assert (clock.weekdays(programme.since) < 5).all()
    names = {code: area.name for code, area in partnership.geography.areas.items()}
    starts = {wave.neighbourhood: clock.day_number(wave.starts_on) for wave in partnership.parameters.programme}
    for home, since in zip(programme.premises.tolist(), programme.since.tolist(), strict=True):
        assert premises[home].kind.is_home
        assert since >= starts[names[premises[home].neighbourhood or ""]]


def test_the_true_moment_lies_between_from_and_to(partnership: SimulatedPartnership) -> None:
    """A record's interval never excludes what happened."""
    police, burglaries = partnership.police, partnership.burglaries
    rows = police.burglary >= 0
    moment = burglaries.moment[police.burglary[rows]]
    assert (police.began[rows] <= moment).all()
    assert (moment <= police.ended[rows]).all()
    assert (police.recorded > police.ended).all()
    assert rows.sum() == burglaries.happened.sum()


def test_a_busy_month_stands_out(partnership: SimulatedPartnership) -> None:
    """January 2026 has one offender's series in one small area."""
    burglaries = partnership.burglaries
    series = burglaries.origin == Origin.SERIES
    months = set(clock.month_numbers(burglaries.day[series]).tolist())
    assert series.sum() == partnership.parameters.series_burglaries
    assert months == {partnership.parameters.series_month.number}


def test_the_truth_is_complete(partnership: SimulatedPartnership) -> None:
    """Every burglary with its cause, every protected home, and totals that add up."""
    truth = truth_of(partnership)
    listed = truth["burglaries_of_homes"]
    happened = [one for one in listed if not one["prevented"]]
    assert len(happened) == truth["totals"]["burglaries of homes"]
    assert all(one["crime_ref"] for one in happened)
    assert all(one["crime_ref"] is None for one in listed if one["prevented"])
    assert sum(truth["totals"][f"burglaries of homes, {origin.word}"] for origin in Origin) == len(happened)
    assert len(truth["protected_homes"]) == 2_383
    assert truth["period"] == {"first": str(PERIOD.first), "last": str(PERIOD.last)}
    by_number = {one["number"]: one for one in listed}
    for one in listed:
        if one["origin"] == "repeat" and one["brought_on_by"] is not None:
            assert by_number[one["brought_on_by"]]["uprn"] == one["uprn"]
