"""Homes and other buildings: the shape in which an address list reaches the places room.

A home is known by its unique property reference number (UPRN), of at most twelve digits as councils and Ordnance Survey
issue it. A number of thirteen digits is made up, for the demo partnership and tests.
"""

from dataclasses import dataclass
from enum import StrEnum


class PremisesKind(StrEnum):
    """What stands there. The value is the word on the page."""

    DETACHED = "detached house"
    SEMI_DETACHED = "semi-detached house"
    TERRACED = "terraced house"
    BUNGALOW = "bungalow"
    FLAT = "flat"
    SHOP = "shop"
    WORKPLACE = "workplace"

    @property
    def is_home(self) -> bool:
        """Whether people live there: what a burglary of a home is counted against."""
        return self not in (PremisesKind.SHOP, PremisesKind.WORKPLACE)


class Tenure(StrEnum):
    """How a home is held, as a housing service says it. A shop or workplace has none."""

    OWNER = "owner"
    PRIVATE_TENANT = "private tenant"
    COUNCIL_TENANT = "council tenant"
    HOUSING_ASSOCIATION_TENANT = "housing association tenant"


@dataclass(frozen=True, slots=True)
class Premises:
    """One home or building with its place (whole metres, British National Grid) and the areas it lies in."""

    uprn: str
    address: str  # house and street: "39 Quarry Lane"
    postcode: str
    easting: int
    northing: int
    small_area: str  # code
    ward: str  # code
    neighbourhood: str | None  # code of a priority neighbourhood, when it lies in one
    kind: PremisesKind
    tenure: Tenure | None
