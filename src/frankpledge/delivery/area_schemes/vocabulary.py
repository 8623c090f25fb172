"""Words of area schemes. The value stored is the word on the page."""

from enum import StrEnum


class SchemeState(StrEnum):
    """Where an alley-gating scheme stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    BUILT = "built"
    DROPPED = "dropped"

    @property
    def is_open(self) -> bool:
        """Whether homes are still asked and costs still estimated."""
        return self in (SchemeState.PROPOSED, SchemeState.AGREED)


class ConsentState(StrEnum):
    """What the household or owner of a property says to an alley gate."""

    NOT_ASKED = "not asked yet"
    ASKED = "asked, no answer yet"
    GIVEN = "agrees"
    REFUSED = "refuses"

    @property
    def is_answer(self) -> bool:
        """Whether somebody there has said yes or no."""
        return self in (ConsentState.GIVEN, ConsentState.REFUSED)


class SaidBy(StrEnum):
    """Who spoke for a home."""

    OCCUPIER = "the occupier"
    OWNER = "the owner"
    LANDLORD = "the landlord"
    NOT_SAID = "not said"


class PotKind(StrEnum):
    """What a pot of money is for."""

    GATES = "alley gates"
    BUSINESS = "business security grants"


class WatchKind(StrEnum):
    """Whose watch it is."""

    HOME = "home watch"
    NEIGHBOURHOOD = "neighbourhood watch"
    BUSINESS = "business watch"

    @property
    def is_of_homes(self) -> bool:
        """Whether it watches homes, and so counts against burglary of homes."""
        return self is not WatchKind.BUSINESS


class WatchState(StrEnum):
    """Whether a watch watches."""

    FORMING = "forming"
    ACTIVE = "active"
    RESTING = "resting"
    ENDED = "ended"


class Trade(StrEnum):
    """What kind of business it is."""

    SMALL_RETAILER = "small retailer"
    LARGER_SHOP = "larger shop"
    FOOD_AND_DRINK = "pub, café or restaurant"
    WORKSHOP = "workshop or office"
    OTHER = "another business"


class Risk(StrEnum):
    """What a risk assessment found."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class GrantState(StrEnum):
    """Where a grant stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    PAID = "paid"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def is_committed(self) -> bool:
        """Promised, and not paid yet."""
        return self in (GrantState.OFFERED, GrantState.ACCEPTED)


class ShiftState(StrEnum):
    """Where a volunteers' shift stands."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"
