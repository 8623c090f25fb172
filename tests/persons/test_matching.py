"""Proposals find people spelt differently, say why, and never decide."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from frankpledge.records.people.matching import PROPOSE, Told, compare, plain, proposals

FORENAMES = [
    "Oliver",
    "Amelia",
    "George",
    "Isla",
    "Noah",
    "Ava",
    "Arthur",
    "Siân",
    "Agnieszka",
    "Piotr",
    "Wei",
    "Aaliyah",
    "Dafydd",
    "Muhammad",
    "伟",
    "Олена",
]
SURNAMES = (
    "Smith",
    "Jones",
    "Khan",
    "O'Neill",
    "Llewellyn",
    "Kowalski",
    "Nowak",
    "Begum",
    "Price",
    "Ward",
    "Hughes",
    "Ahmed",
    "Ng",
    "Taylor",
    "Brown",
    "Wilson",
    "Davies",
    "Patel",
    "Wright",
    "Evans",
    "Walker",
    "White",
    "Hall",
    "Wood",
    "Clarke",
    "Singh",
    "Kaur",
    "Morgan",
    "Hill",
    "Moore",
    "Cooper",
    "Bell",
)
ONE = Told(1, "Siân", "O'Neill", date(1980, 4, 3), "XA1 1AA", "9990000000001")


def words(one: Told, other: Told) -> set[str]:
    return {str(reason.words) for reason in compare(one, other).reasons}


def test_accents_hyphens_and_capitals_do_not_matter() -> None:
    assert plain("O’Neill-SMITH") == plain("o'neillsmith")
    assert plain("Siân") == plain("SIAN")
    other = Told(2, "SIAN", "ONEILL", date(1980, 4, 3))
    assert {"same surname", "same forename", "born on the same day"} == words(ONE, other)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Told(2, "Sian", "O'Neil", date(1980, 4, 3)), "the surname is spelt differently"),
        (Told(2, "S", "O'Neill", date(1980, 4, 3)), "the forename is spelt differently"),
        (Told(2, "O'Neill", "Siân", date(1980, 4, 3)), "the names are the same, the other way round"),
        (Told(2, "Siân", "O'Neill", date(1980, 3, 4)), "day and month of birth are swapped"),
        (Told(2, "Siân", "O'Neill", date(1981, 4, 3)), "dates of birth differ in one figure"),
        (Told(2, "Siân", "O'Neill", None, "", "9990000000001"), "same home"),
        (Told(2, "Siân", "O'Neill", None, "XA1 1AA"), "same postcode"),
    ],
)
def test_each_likeness_has_its_words(other: Told, expected: str) -> None:
    assert expected in words(ONE, other)
    assert compare(ONE, other) == compare(other, ONE)


def test_what_a_record_does_not_say_weighs_nothing() -> None:
    assert compare(ONE, Told(2, "", "", None)).bits == 0
    assert proposals([ONE, Told(2)]) == []


def test_twins_are_told_apart_by_their_forename() -> None:
    """Brothers at one home are still proposed, since spellings vary, but the page must be able to say what differs."""
    twin = Told(2, "Rhys", "O'Neill", ONE.born_on, ONE.postcode, ONE.premises)
    assert "another forename" in words(ONE, twin)


def test_neighbours_of_one_surname_are_not_proposed() -> None:
    neighbour = Told(2, "Gwen", "O'Neill", date(1951, 9, 30), "XA1 1AA", "9990000000002")
    assert compare(ONE, neighbour).bits < PROPOSE


def test_order_changes_nothing() -> None:
    people = made_up(300)[0]
    turned = list(people)
    random.Random(1).shuffle(turned)
    assert proposals(people) == proposals(turned)


def made_up(persons: int, seed: int = 3) -> tuple[list[Told], dict[int, int]]:
    """Records of ``persons``, a third told of twice with the usual slips, some with twins; and who each truly is."""
    dice = random.Random(seed)
    told: list[Told] = []
    who: dict[int, int] = {}
    for person in range(persons):
        forename = dice.choice(FORENAMES)
        surname = dice.choice(SURNAMES) + dice.choice(["", "", "son", "-" + dice.choice(SURNAMES)])
        born, home = date(1940, 1, 1) + timedelta(days=dice.randrange(27_000)), str(dice.randrange(20_000))
        for again in range(2 if dice.random() < 0.3 else 1):
            one = slipped(dice, forename, surname, born, home) if again else (forename, surname, born, home)
            told.append(Told(len(told) + 1, one[0], one[1], one[2], f"XA{int(home) % 9} {int(home) % 97}", one[3]))
            who[len(told)] = person
        if dice.random() < 0.01:
            told.append(
                Told(len(told) + 1, dice.choice(FORENAMES), surname, born, f"XA{int(home) % 9} {int(home) % 97}", home)
            )
            who[len(told)] = -person - 1
    return told, who


def slipped(
    dice: random.Random, forename: str, surname: str, born: date | None, home: str
) -> tuple[str, str, date | None, str]:
    if dice.random() < 0.1 and len(surname) > 2:
        at = dice.randrange(1, len(surname))
        surname = surname[:at] + surname[at + 1 :]
    if dice.random() < 0.05:
        forename = forename[0]
    if dice.random() < 0.03:
        forename, surname = surname, forename
    if born and dice.random() < 0.05 and born.day <= 12:
        born = date(born.year, born.day, born.month)
    if dice.random() < 0.1:
        born = None
    if dice.random() < 0.3:
        home = str(dice.randrange(20_000))
    return forename, surname, born, home


def test_precision_and_recall_on_made_up_people() -> None:
    """Stated in docs/people.md. Nothing is joined by itself: precision is how much of people's time is not wasted."""
    told, who = made_up(4_000)
    found = proposals(told)
    right = sum(who[pair.first] == who[pair.second] for pair in found)
    pairs = sum(n * (n - 1) // 2 for n in Counter(who.values()).values())
    assert right / len(found) >= 0.80
    assert right / pairs >= 0.93
    sure = [pair for pair in found if pair.bits >= 18]
    assert sum(who[pair.first] == who[pair.second] for pair in sure) / len(sure) >= right / len(found)
