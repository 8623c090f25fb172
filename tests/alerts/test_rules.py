"""What an alert says."""

from datetime import date

import pytest

from frankpledge.records.alerts import rules
from frankpledge.records.alerts.vocabulary import AlertKind, AlertState, Outcome
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import RuleBroken

NEAR = {"radius_m": 49.0, "times_usual": 9.72, "half_life_days": 5.9, "decay": "Halves.", "tested": "Tested."}


def test_a_near_repeat_says_how_far_and_how_strong() -> None:
    said = str(rules.headline(AlertKind.NEAR_REPEAT, CrimeType.BURGLARY, NEAR, "Larkhill"))
    assert said == "After a burglary in Larkhill, homes within 49 m have 9.7 times their usual risk"
    assert "Halves." in str(rules.how_sure(AlertKind.NEAR_REPEAT, NEAR))
    assert "Tested." in str(rules.how_sure(AlertKind.NEAR_REPEAT, NEAR))
    assert "5 October 2026" in str(rules.life(AlertKind.NEAR_REPEAT, NEAR, date(2026, 10, 5)))


@pytest.mark.parametrize(
    ("times", "agencies", "words"),
    [
        (2, {"Police": 2}, "hit twice in twelve months"),
        (3, {"Police": 3}, "hit 3 times in twelve months"),
        (3, {"Police": 2, "Fire": 1}, "reported 3 times in twelve months, to 2 agencies"),
    ],
)
def test_an_address_hit_again_says_how_often_and_by_whom(times: int, agencies: dict[str, int], words: str) -> None:
    facts = {"times": times, "by_agency": agencies}
    assert words in str(rules.headline(AlertKind.HIT_AGAIN, CrimeType.BURGLARY, facts, "Larkhill"))


def test_an_exceptional_month_says_how_many_series_were_looked_at() -> None:
    """One month in forty is so high by chance: who looks at forty series will find one."""
    facts = {"count": 7, "lower": 0, "upper": 6, "month_label": "September 2026", "looked_at": 41}
    said = str(rules.headline(AlertKind.EXCEPTIONAL_MONTH, CrimeType.ROBBERY, facts, "Aldercombe"))
    assert said == "Robbery in Aldercombe: 7 in September 2026, where 0 to 6 were to be expected"
    assert "41 series" in str(rules.how_sure(AlertKind.EXCEPTIONAL_MONTH, facts))


@pytest.mark.parametrize("kind", list(AlertKind))
def test_every_kind_knows_what_has_helped_and_how_it_ended(kind: AlertKind) -> None:
    assert rules.what_helped(kind)
    facts = {"after": 2}
    assert str(rules.outcome_sentence(kind, Outcome.CAME_TRUE, facts)) != str(
        rules.outcome_sentence(kind, Outcome.DID_NOT, facts)
    )


def test_dismissing_needs_a_reason_and_an_open_alert() -> None:
    assert rules.check_reason("  visited \n already ") == "visited already"
    with pytest.raises(RuleBroken, match="Say why"):
        rules.check_reason("   ")
    with pytest.raises(RuleBroken, match="at most"):
        rules.check_reason("x" * 2_000)
    with pytest.raises(RuleBroken, match="dismissed already"):
        rules.check_open(AlertState.DISMISSED)


def test_an_alert_lives_to_its_last_day() -> None:
    last = date(2026, 10, 5)
    assert rules.is_alive(AlertState.OPEN, last, last)
    assert not rules.is_alive(AlertState.OPEN, last, date(2026, 10, 6))
    assert not rules.is_alive(AlertState.DISMISSED, last, last)
