"""What an alert says, from the facts it was raised on. Pure functions over plain values; no Django, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from frankpledge.foundation.agencies.rules import Ground
from frankpledge.records.alerts.vocabulary import AlertKind, AlertState, Outcome
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.wording import Phrase, decimal, whole

REASON_LENGTH = 1_000


@dataclass(frozen=True, kw_only=True)
class NewAlert:
    """An alert about to be raised.

    ``fingerprint`` is the same whenever the same evidence is looked at again, so nothing is raised twice. ``strength``
    orders alerts of one kind (times usual, or incidents). ``facts`` are what the sentences are made of, as plain JSON;
    they hold no name and no address. ``grounds`` says whose records of which class it rests on, published ones apart.
    """

    kind: AlertKind
    fingerprint: str
    crime_type: CrimeType
    source: str
    area_code: str
    area_name: str
    as_of: date
    alive_until: date
    strength: float
    method: str
    batches: Sequence[str]
    grounds: Iterable[Ground] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    easting: float | None = None
    northing: float | None = None
    radius_m: float | None = None
    premises: str = ""


def check_reason(reason: str) -> str:
    """The reason for dismissing an alert, tidied. Raises RuleBroken without one, or for a very long one."""
    tidy = " ".join(reason.split())
    if not tidy:
        raise RuleBroken("Say why the alert is dismissed.")
    if len(tidy) > REASON_LENGTH:
        raise RuleBroken(f"Say why in at most {REASON_LENGTH:,} characters.")
    return tidy


def check_open(state: str) -> None:
    """Raise RuleBroken unless an alert in this state can still be dismissed."""
    if state != AlertState.OPEN:
        raise RuleBroken(f"This alert is {state} already.")


def is_alive(state: str, alive_until: date, today: date) -> bool:
    """Whether there is still something to do about an alert today."""
    return state == AlertState.OPEN and today <= alive_until


def headline(kind: AlertKind, crime_type: CrimeType, facts: Mapping[str, Any], area_name: str) -> Phrase:
    """What happened and where, in one sentence."""
    return _HEADLINES[kind](crime_type, facts, area_name)


def _near_repeat(crime_type: CrimeType, facts: Mapping[str, Any], area_name: str) -> Phrase:
    return Phrase(
        "After a burglary in {area}, homes within {radius} m have {times} times their usual risk",
        area=area_name,
        radius=whole(facts["radius_m"]),
        times=decimal(facts["times_usual"]),
    )


def _hit_again(crime_type: CrimeType, facts: Mapping[str, Any], area_name: str) -> Phrase:
    numbers = {"area": area_name, "times": whole(facts["times"]), "agencies": whole(len(facts["by_agency"]))}
    if len(facts["by_agency"]) > 1:
        return Phrase(
            "One address in {area} has been reported {times} times in twelve months, to {agencies} agencies", **numbers
        )
    if facts["times"] == 2:
        return Phrase("One address in {area} has been hit twice in twelve months", **numbers)
    return Phrase("One address in {area} has been hit {times} times in twelve months", **numbers)


def _exceptional(crime_type: CrimeType, facts: Mapping[str, Any], area_name: str) -> Phrase:
    return Phrase(
        "{type} in {area}: {count} in {month}, where {low} to {high} were to be expected",
        type=Phrase(crime_type.label),
        area=area_name,
        count=whole(facts["count"]),
        month=facts["month_label"],
        low=whole(facts["lower"]),
        high=whole(facts["upper"]),
    )


def _new_hot_spot(crime_type: CrimeType, facts: Mapping[str, Any], area_name: str) -> Phrase:
    if facts["course"] == "new":
        return Phrase(
            "A new hot spot of {type} in {area}: hot in the latest {days} days and never before",
            type=Phrase(crime_type.label.lower()),
            area=area_name,
            days=whole(facts["slice_days"]),
        )
    return Phrase(
        "A growing hot spot of {type} in {area}: hot in {times} of {slices} stretches of {days} days, and rising",
        type=Phrase(crime_type.label.lower()),
        area=area_name,
        times=whole(facts["times_hot"]),
        slices=whole(facts["slices"]),
        days=whole(facts["slice_days"]),
    )


_HEADLINES = {
    AlertKind.NEAR_REPEAT: _near_repeat,
    AlertKind.HIT_AGAIN: _hit_again,
    AlertKind.EXCEPTIONAL_MONTH: _exceptional,
    AlertKind.NEW_HOT_SPOT: _new_hot_spot,
}


def how_sure(kind: AlertKind, facts: Mapping[str, Any]) -> Phrase:
    """How far to trust it, in one or two sentences."""
    if kind is AlertKind.NEAR_REPEAT:
        tested = facts.get("tested")
        measured = Phrase("Distance and time are measured on this place’s own record: {decay}", decay=facts["decay"])
        return Phrase("{measured} {tested}", measured=measured, tested=tested) if tested else measured
    if kind is AlertKind.EXCEPTIONAL_MONTH:
        return Phrase(
            "By chance alone about one month in forty is so high; {looked} series were looked at.",
            looked=whole(facts["looked_at"]),
        )
    if kind is AlertKind.NEW_HOT_SPOT:
        return Phrase(
            "Of all squares named hot, about one in twenty is so by chance (Gi* on squares of {side} m, corrected for "
            "their number).",
            side=whole(facts["side_m"]),
        )
    return Phrase("Counted, not estimated: the same property reference number in the records of each agency.")


def life(kind: AlertKind, facts: Mapping[str, Any], alive_until: date) -> Phrase:
    """How long there is reason to act, and why so long."""
    day = f"{alive_until.day} {alive_until:%B %Y}"
    if kind is AlertKind.NEAR_REPEAT:
        return Phrase(
            "Until {day}: the raised risk near a burglary here halves every {days} days.",
            day=day,
            days=decimal(facts["half_life_days"]),
        )
    if kind is AlertKind.HIT_AGAIN and facts.get("same_place_half_life_days"):
        return Phrase(
            "Until {day}: at a home that was hit, the raised risk here halves every {days} days.",
            day=day,
            days=decimal(facts["same_place_half_life_days"]),
        )
    if kind is AlertKind.HIT_AGAIN:
        return Phrase(
            "Until {day}, three months after the latest report. How fast the risk fades here is not known.", day=day
        )
    return Phrase("Until {day}, when the next month’s records show whether it went on.", day=day)


def what_helped(kind: AlertKind) -> tuple[Phrase, ...]:
    """What has helped elsewhere, each with its source, failures included (register rows S24 and rules 4.6)."""
    if kind is AlertKind.NEAR_REPEAT:
        return (
            Phrase(
                "Visiting the victim and about four homes on either side within days. Trafford drew zones like these: "
                "61 % of 752 earlier burglaries had fallen inside, and burglary was 26.6 % lower after a year (no "
                "comparison area)."
            ),
            Phrase(
                "Locks on doors and windows with outside lights protect far better together than an alarm alone "
                "(Tseloni and others, 2017)."
            ),
        )
    if kind is AlertKind.HIT_AGAIN:
        return (
            Phrase(
                "Passing every repeat victim to the home-security team at once, as Salford’s plan asked from June 2002."
            ),
            Phrase(
                "Asking all agencies what they know of the address before the visit: one report often hides others."
            ),
        )
    if kind is AlertKind.NEW_HOT_SPOT:
        return (
            Phrase(
                "Working out why here with the people who manage the place (the problem-analysis triangle) before "
                "choosing a tactic. What patrols bring tends to fade when they stop."
            ),
        )
    return (
        Phrase(
            "Checking first whether recording changed: a new code or a late file makes a rise that nobody suffered."
        ),
        Phrase("Looking for the few streets and days that make the rise before planning for the whole district."),
    )


def outcome_sentence(kind: AlertKind, outcome: str, facts: Mapping[str, Any]) -> Phrase:
    """What became of it, once its time was over."""
    came_true = outcome == Outcome.CAME_TRUE
    if kind is AlertKind.NEAR_REPEAT:
        if came_true:
            return Phrase("Came true: {n} more within the zone while it was alive.", n=whole(facts["after"]))
        return Phrase("Did not come true: no other burglary in the zone while it was alive.")
    if kind is AlertKind.HIT_AGAIN:
        if came_true:
            return Phrase("Came true: the address was hit again.")
        return Phrase("Did not come true: the address was not hit again while the alert was alive.")
    if came_true:
        return Phrase("Came true: {n} in the next stretch, above what was usual.", n=whole(facts["after"]))
    return Phrase("Did not last: {n} in the next stretch, no more than usual.", n=whole(facts["after"]))
