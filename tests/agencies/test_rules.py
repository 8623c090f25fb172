"""When agencies may share: every combination of what an agreement may say and what is asked."""

from datetime import date, timedelta
from itertools import product

import pytest

from frankpledge.foundation.agencies.rules import (
    Party,
    Terms,
    check_somebody_administers,
    check_terms,
    why_not_shared,
)
from frankpledge.foundation.agencies.vocabulary import AgreementState, DataClass, Purpose
from frankpledge.vocabulary.errors import RuleBroken

POLICE, COUNCIL, CHARITY = 1, 2, 3
FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)


def terms(**changed: object) -> Terms:
    """Police give crime records to the council, for reducing crime, for a year."""
    usual = {
        "parties": (Party(POLICE, gives=True, receives=False), Party(COUNCIL, gives=False, receives=True)),
        "data_classes": frozenset({DataClass.CRIME}),
        "purposes": frozenset({Purpose.CRIME_REDUCTION}),
        "starts_on": FIRST,
        "ends_on": LAST,
        "state": AgreementState.IN_FORCE,
    }
    return Terms(**{**usual, **changed})  # type: ignore[arg-type]


def test_only_what_is_written_may_be_shared() -> None:
    """State x day x giver x receiver x class x purpose: one combination in all is allowed on each day in force."""
    days = (FIRST - timedelta(1), FIRST, date(2026, 9, 9), LAST, LAST + timedelta(1))
    agencies = (POLICE, COUNCIL, CHARITY)
    asked = list(product(AgreementState, days, agencies, agencies, DataClass, Purpose))
    allowed = [
        (state, day, giver, receiver, data_class, purpose)
        for state, day, giver, receiver, data_class, purpose in asked
        if why_not_shared(
            terms(state=state), giver=giver, receiver=receiver, data_class=data_class, purpose=purpose, today=day
        )
        is None
    ]
    assert len(asked) == 4 * 5 * 9 * 8 * 6
    assert allowed == [
        (AgreementState.IN_FORCE, day, POLICE, COUNCIL, DataClass.CRIME, Purpose.CRIME_REDUCTION) for day in days[1:4]
    ]


@pytest.mark.parametrize(
    ("changed", "asked", "sentence"),
    [
        ({"state": AgreementState.SUSPENDED}, {}, "The agreement is suspended."),
        ({"state": AgreementState.DRAFT}, {}, "The agreement is draft."),
        ({}, {"today": date(2026, 3, 31)}, "The agreement begins on 1 April 2026."),
        ({}, {"today": date(2027, 4, 1)}, "The agreement ended on 31 March 2027."),
        ({}, {"giver": COUNCIL, "receiver": POLICE}, "The agreement does not let this agency give."),
        ({}, {"receiver": CHARITY}, "The agreement does not let that agency receive."),
        ({}, {"data_class": DataClass.HEALTH}, "The agreement does not cover health records."),
        ({}, {"purpose": Purpose.SAFEGUARDING}, "The agreement is not for safeguarding."),
    ],
)
def test_a_refusal_says_why(changed: dict[str, object], asked: dict[str, object], sentence: str) -> None:
    usual = {
        "giver": POLICE,
        "receiver": COUNCIL,
        "data_class": DataClass.CRIME,
        "purpose": Purpose.CRIME_REDUCTION,
        "today": FIRST,
    }
    assert why_not_shared(terms(**changed), **{**usual, **asked}) == sentence  # type: ignore[arg-type]


def test_nobody_shares_with_themselves_under_an_agreement() -> None:
    both = (Party(POLICE, gives=True, receives=True), Party(COUNCIL, gives=True, receives=True))
    for agency in (POLICE, COUNCIL):
        why_not = why_not_shared(
            terms(parties=both),
            giver=agency,
            receiver=agency,
            data_class=DataClass.CRIME,
            purpose=Purpose.CRIME_REDUCTION,
            today=FIRST,
        )
        assert why_not


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ends_on": FIRST - timedelta(1)}, "ends before it begins"),
        ({"parties": (Party(POLICE, gives=True, receives=True),)}, "at least two agencies"),
        ({"parties": (Party(POLICE, True, False), Party(COUNCIL, True, False))}, "another that receives"),
        ({"data_classes": frozenset()}, "what may be shared"),
        ({"purposes": frozenset()}, "what it is for"),
    ],
)
def test_an_agreement_under_which_nothing_could_be_shared_is_refused(changed: dict[str, object], sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        check_terms(terms(**changed))


def test_a_sound_agreement_passes() -> None:
    check_terms(terms())


def test_somebody_must_be_left_to_administer() -> None:
    check_somebody_administers([7])
    with pytest.raises(RuleBroken, match="last administrator"):
        check_somebody_administers([])
