"""Approved suppliers: who was approved on a day, whose approval ends soon, and orders that went elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from frankpledge.vocabulary.errors import DataProblem

WARN_DAYS = 60
LONGEST_YEARS = 5


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """An approval: from a day until a day, both included."""

    approved_on: date
    expires_on: date

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.approved_on <= day <= self.expires_on


class Standing(StrEnum):
    """Where a supplier stands on a day."""

    APPROVED = "approved"
    ENDS_SOON = "ends soon"
    ENDED = "ended"
    TO_COME = "begins later"


def standing(spans: Sequence[Span], today: date) -> Standing:
    """Where a supplier with these approvals stands. One that is renewed already does not end soon."""
    now = [span for span in spans if span.holds_on(today)]
    if not now:
        return Standing.TO_COME if any(span.approved_on > today for span in spans) else Standing.ENDED
    end = max(span.expires_on for span in now)
    for span in sorted(spans):
        if span.approved_on <= end + timedelta(days=1):
            end = max(end, span.expires_on)
    return Standing.ENDS_SOON if end <= today + timedelta(days=WARN_DAYS) else Standing.APPROVED


def is_approved(spans: Iterable[Span], day: date) -> bool:
    """Whether any of these approvals is in force on a day."""
    return any(span.holds_on(day) for span in spans)


def same_name(name: str) -> str:
    """A name as it is compared: capital letters and spaces make no other supplier."""
    return " ".join(name.split()).casefold()


class Why(StrEnum):
    """Why an order stands on the exception list."""

    NOBODY = "no supplier named"
    NOT_LISTED = "not on the list"
    ENDED = "approval had ended"
    NOT_YET = "not approved yet"


def why_not_approved(name: str, day: date, known: Mapping[str, Sequence[Span]]) -> Why | None:
    """Why an order of a day is an exception; None for an approved supplier. ``known``: by ``same_name``."""
    if not name.strip():
        return Why.NOBODY
    spans = known.get(same_name(name))
    if spans is None:
        return Why.NOT_LISTED
    if is_approved(spans, day):
        return None
    return Why.ENDED if any(span.expires_on < day for span in spans) else Why.NOT_YET


def warning(name: str, why: Why) -> str:
    """What is said before an order goes to somebody who is not approved."""
    said = {
        Why.NOBODY: "No supplier is named.",
        Why.NOT_LISTED: f"{name} is not on the list of approved suppliers.",
        Why.ENDED: f"The approval of {name} has ended.",
        Why.NOT_YET: f"{name} is not approved yet.",
    }[why]
    return f"{said} Choose an approved one, or say why this order goes elsewhere: it will stand on the exception list."


def check_span(span: Span, earlier: Iterable[Span] = ()) -> None:
    """Raise DataProblem for an approval that ends before it begins, is too long, or adds nothing to ``earlier``."""
    if span.expires_on < span.approved_on:
        raise DataProblem("The approval would end before it begins. Change one of the two days.")
    if span.expires_on > span.approved_on + timedelta(days=366 * LONGEST_YEARS):
        raise DataProblem(f"An approval lasts {LONGEST_YEARS} years at most. Enter an earlier last day.")
    latest = max((one.expires_on for one in earlier), default=None)
    if latest is not None and span.expires_on <= latest:
        raise DataProblem(f"It is approved until {latest:%d/%m/%Y} already. A renewal ends later than that.")
