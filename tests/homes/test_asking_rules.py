"""Who comes first, who lives round a burgled home, and references people can read out."""

import random
from datetime import date

import pytest

from frankpledge.delivery.home_security.rules import asking as rules
from frankpledge.delivery.home_security.rules.asking import POINTS, Facts, Standing
from frankpledge.delivery.home_security.rules.catalogue import MEASURES, STOCK, package
from frankpledge.delivery.home_security.vocabulary import Burgled, Channel, MeasureKind, Need, Reason
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.premises import PremisesKind
from tests.homes.asking_town import home, street


def points(**facts: object) -> dict[Reason, int]:
    return dict(rules.reasons(Facts(**facts), POINTS))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, {}),
        ({"days": 6}, {}),
        ({"days": 7}, {Reason.WAITING: 3}),
        ({"days": 44}, {Reason.WAITING: 18}),
        ({"days": 700}, {Reason.WAITING: 36}),
        ({"burgled": Burgled.MY_HOME}, {Reason.BURGLED: 25}),
        ({"burgled": Burgled.NEAR}, {Reason.NEIGHBOUR_SAID: 15}),
        ({"times": 1}, {Reason.BURGLED: 25}),
        ({"times": 2}, {Reason.BURGLED_TWICE: 45}),
        ({"times": 2, "just_burgled": True}, {Reason.JUST_BURGLED: 60, Reason.BURGLED_TWICE: 45}),
        ({"just_burgled": True, "burgled": Burgled.MY_HOME}, {Reason.JUST_BURGLED: 60}),
        ({"near_burglary": True, "burgled": Burgled.NEAR}, {Reason.NEAR_BURGLARY: 40}),
        ({"near_burglary": True, "burgled": Burgled.MY_HOME}, {Reason.BURGLED: 25}),
        ({"needs": [Need.AGED, Need.ALONE]}, {Reason.AGED: 10, Reason.ALONE: 5}),
        ({"channel": Channel.FIRE_VISIT}, {Reason.REFERRED: 20}),
        ({"channel": Channel.COCOON}, {}),
        ({"channel": Channel.VICTIM, "times": 1}, {Reason.BURGLED: 25}),
        ({"in_priority_area": True, "missed": 2}, {Reason.AREA: 5, Reason.MISSED: 10}),
    ],
)
def test_each_reason_counts_once_and_of_the_same_kind_only_the_stronger(facts: dict, expected: dict) -> None:
    assert points(**facts) == expected


def test_a_reason_of_no_points_is_not_shown() -> None:
    assert rules.reasons(Facts(in_priority_area=True), {**POINTS, Reason.AREA: 0}) == ()


def test_points_of_a_home_are_the_sum_over_its_parts() -> None:
    """What lets 20,000 homes be weighed by their parts: whatever is known of one part, the others count the same."""
    draw, needs = random.Random(1), list(Need)
    for _ in range(300):
        burglary = (draw.choice(list(Burgled)).value, draw.randrange(3), draw.random() < 0.2, draw.random() < 0.2)
        chosen, channel = draw.sample(needs, draw.randrange(4)), draw.choice(list(Channel)).value
        inside, missed, days = draw.random() < 0.5, draw.randrange(3), draw.randrange(120)
        whole = Facts(*burglary, chosen, channel, inside, missed, days)
        parts = (Facts(*burglary), Facts(needs=chosen), Facts(channel=channel), Facts(in_priority_area=inside),
                 Facts(missed=missed), Facts(days=days))  # fmt: skip
        scale = rules.PartPoints(POINTS, lambda part: part)
        hashable = [part._replace(needs=tuple(part.needs)) for part in parts]
        assert sum(points for _, points in rules.reasons(whole, POINTS)) == sum(scale[part] for part in hashable)


def test_a_place_in_the_list_knows_the_day_it_asked_by_the_clock_on_the_wall() -> None:
    place = Standing(1, 1, 3, Facts(days=7), POINTS, "2026-06-30 23:30:00", "", "", "")
    assert place.asked_on == date(2026, 7, 1) and place.reasons == ((Reason.WAITING, 3),)
    assert place._replace(asked="2026-06-30 23:30:00.5+01").asked_on == date(2026, 6, 30)


def test_two_homes_are_compared_by_what_differs() -> None:
    first = ((Reason.BURGLED_TWICE, 45), (Reason.AGED, 10))
    second = ((Reason.AGED, 10), (Reason.WAITING, 18))
    assert rules.differences(first, second) == [(Reason.BURGLED_TWICE, 45, 0), (Reason.WAITING, 0, 18)]


def test_fairness_sets_the_head_of_the_list_beside_the_whole() -> None:
    today = date(2026, 9, 30)
    listed = [
        Standing(n, n, 100 - n, Facts(), POINTS, f"2026-09-{1 + n:02d} 09:00", "owner" if n % 4 else "council tenant",
                 "", "")
        for n in range(1, 9)
    ]  # fmt: skip
    shares = {one.group: one for one in rules.fairness(listed, lambda one: one.tenure, 4, today)}
    assert (shares["owner"].listed, shares["owner"].first) == (6, 3)
    assert shares["council tenant"].first_share == 0.25
    assert shares["council tenant"].median_days == 23
    assert rules.fairness([], lambda one: one.tenure, 4, today) == []


def test_four_homes_either_side_on_the_same_side_of_the_road_and_no_shop() -> None:
    found = rules.neighbours(home(39), street())
    assert [(one.home.address, one.doors) for one in found] == [
        ("31 Quarry Lane", -4),
        ("33 Quarry Lane", -3),
        ("35 Quarry Lane", -2),
        ("37 Quarry Lane", -1),
        ("41 Quarry Lane", 1),
        ("43 Quarry Lane", 2),
        ("47 Quarry Lane", 3),
        ("49 Quarry Lane", 4),
    ]


def test_at_the_end_of_the_street_there_are_fewer_and_other_streets_are_left_out() -> None:
    others = [home(n, street="Tannery Row") for n in range(27, 51)]
    assert [one.home.address for one in rules.neighbours(home(49), [*street(), *others], 2)] == [
        "43 Quarry Lane",
        "47 Quarry Lane",
    ]
    assert rules.neighbours(home(49, street="Nowhere"), street()) == []


def test_where_numbers_run_on_both_neighbours_are_next_door() -> None:
    close = [
        type(home(1))(f"97{n:011d}", f"{n} The Close", "XA1 1AB", 450_000 + 9 * n, 300_000, "", "", None,
                      PremisesKind.SEMI_DETACHED, None)
        for n in range(1, 9)
    ]  # fmt: skip
    assert [one.home.address for one in rules.neighbours(close[3], close, 1)] == ["3 The Close", "5 The Close"]


def test_the_measured_zone_takes_homes_by_distance() -> None:
    found = rules.within(home(39), 450_000, 300_000 + 7 * 19, street(), 15)
    assert {one.home.address for one in found} == {
        "35 Quarry Lane",
        "37 Quarry Lane",
        "41 Quarry Lane",
        "43 Quarry Lane",
    }


def test_references_are_read_as_people_write_them() -> None:
    reference = rules.new_reference(random.Random(1).randrange)
    assert rules.tidy_reference(reference.lower().replace("-", " ")) == reference
    assert rules.tidy_reference(f"  {reference[2:]} ") == reference
    assert rules.tidy_reference("H-0000") == ""
    assert len({rules.new_reference(random.Random(n).randrange) for n in range(500)}) == 500


@pytest.mark.parametrize("written", ["abc", "12", "0" * 40, "01632; drop"])
def test_what_is_no_telephone_number_is_refused(written: str) -> None:
    with pytest.raises(DataProblem, match="telephone number"):
        rules.check_phone(written)


def test_the_catalogue_holds_together_and_says_what_alarms_alone_do() -> None:
    assert {line.stock for line in MEASURES} - {""} == {line.key for line in STOCK}
    alarm = next(line for line in MEASURES if line.key == "alarm")
    assert "more break-ins than no security" in alarm.evidence
    assert str(package([MeasureKind.ALARM, MeasureKind.MARKING])) == "alarm without locks"
    assert str(package([MeasureKind.DOOR_LOCK])) == "locks"
    assert str(package([kind for kind in MeasureKind if kind is not MeasureKind.ALARM])) == "WIDE set"
    assert str(package([MeasureKind.FIRE, MeasureKind.ADVICE])) == "no security"
