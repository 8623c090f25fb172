"""Words of the assessment: the value stored is the word on the page."""

from dataclasses import dataclass
from enum import StrEnum


class Chapter(StrEnum):
    """The chapters, in their order."""

    CONTEXT = "context"
    THEMES = "themes"
    PLACES = "places"
    VICTIMS = "victims"
    OFFENDING = "offending"
    VOICE = "voice"
    DELIVERY = "delivery"
    HORIZON = "horizon"
    PRIORITIES = "priorities"

    @property
    def label(self) -> str:
        """The heading of the chapter."""
        return _LABELS[self]


_LABELS = {
    Chapter.CONTEXT: "The place and its people",
    Chapter.THEMES: "What is recorded",
    Chapter.PLACES: "Places most affected",
    Chapter.VICTIMS: "Who is most likely to be a victim",
    Chapter.OFFENDING: "Who offends, and what predicts it",
    Chapter.VOICE: "What people say",
    Chapter.DELIVERY: "How far the last plan was delivered",
    Chapter.HORIZON: "What is coming",
    Chapter.PRIORITIES: "Recommended priorities",
}

ORDER = tuple(Chapter)


class CheckState(StrEnum):
    """Where one duty of the checklist stands."""

    THERE = "there"
    PARTLY = "partly there"
    MISSING = "missing"


class Mark(StrEnum):
    """How sure the duty's wording is. What was not verified against the text of the law is checked locally."""

    LAW = "named in the law"
    CHECK_LOCALLY = "check locally"


class RequestKind(StrEnum):
    """What somebody asks for."""

    GROUP = "a new group"
    SERVICE = "a new service"
    FUNDING = "money for something that runs already"
    OTHER = "something else"


class ScanState(StrEnum):
    """A scan is open until its scores are recorded as a decision."""

    OPEN = "open"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a problem profile: ``group`` four factors or triangle; ``ask`` is what the analyst writes about."""

    key: str
    group: str
    label: str
    ask: str


FOUR_FACTORS, TRIANGLE, RESPONSE = "four factors", "triangle", "response"

PROFILE_PARTS = (
    Part("victim", FOUR_FACTORS, "Victim", "Who or what is harmed, and what makes them more likely to be?"),
    Part("offender", FOUR_FACTORS, "Offender", "Who does it, as far as anybody knows, and why here?"),
    Part("location", FOUR_FACTORS, "Location", "What is it about these places?"),
    Part("time", FOUR_FACTORS, "Time", "What is it about these times?"),
    Part("guardians", TRIANGLE, "Guardians of the victim", "Who protects them now, or could?"),
    Part("handlers", TRIANGLE, "Handlers of the offender", "Whose opinion counts with them?"),
    Part("managers", TRIANGLE, "Managers of the place", "Who decides what the place is like?"),
    Part("tried", RESPONSE, "What has been tried", "Here and elsewhere, and how far to trust it?"),
    Part("proposed", RESPONSE, "What is proposed", "Which side of the triangle does each action press on?"),
    Part("success", RESPONSE, "How we shall know", "Which figure should move, by how much, and by when?"),
)
