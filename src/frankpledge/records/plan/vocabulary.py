"""Words of the plan: what is stored is the word on the form."""

from enum import StrEnum

QUARTERS = (1, 2, 3, 4)
WHOLE_YEAR = 0  # the "quarter" of a cell that holds a whole year


class PlanState(StrEnum):
    """One version of a plan is current; drafts wait, older ones stay to be compared."""

    DRAFT = "draft"
    CURRENT = "current"
    SUPERSEDED = "superseded"


class Aim(StrEnum):
    """Which way an objective wants its subject to go."""

    MORE = "more"
    FEWER = "fewer"
    NEITHER = "neither"


class TargetSense(StrEnum):
    """How the value of a target is to be read."""

    AT_MOST = "at most"
    AT_LEAST = "at least"


class MilestoneState(StrEnum):
    """What a milestone is, as stored."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class MilestoneStanding(StrEnum):
    """Where a milestone stands today."""

    DONE = "done"
    LATE = "late"
    DUE = "due"
    LATER = "later"
    ONGOING = "ongoing"
    DROPPED = "dropped"
    UNDATED = "no date"


class Kind(StrEnum):
    """Money that buys things that last, and money that is used up."""

    CAPITAL = "capital"
    REVENUE = "revenue"


class Side(StrEnum):
    """Where money comes from, and what it goes to."""

    FUNDING = "funding"
    EXPENDITURE = "expenditure"


class VirementState(StrEnum):
    """A move of money is asked for, then decided; an approved one can be put back."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    REVERSED = "reversed"


class ReviewOutcome(StrEnum):
    """What the yearly review decided about a target."""

    KEEP = "keep"
    CHANGE = "change"
    DROP = "drop"


class LinkWay(StrEnum):
    """Whose aim helps whose in the priorities matrix."""

    WE_HELP = "our objective helps their aim"
    THEY_HELP = "their aim helps our objective"
    BOTH = "both ways"
