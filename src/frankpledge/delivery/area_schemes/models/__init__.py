"""Tables of area schemes: alley gates, watches, businesses and volunteers, and what the records said of each place."""

from frankpledge.delivery.area_schemes.models.gates import AlleyConsent, AlleyCost, AlleyScheme, GateInspection
from frankpledge.delivery.area_schemes.models.looks import HotSpot, HotSpotLook, WeekLook, WeekPattern
from frankpledge.delivery.area_schemes.models.money import Pot
from frankpledge.delivery.area_schemes.models.shops import Business, Grant, RiskVisit
from frankpledge.delivery.area_schemes.models.volunteers import VolunteerShift
from frankpledge.delivery.area_schemes.models.watches import Watch, WatchedArea

__all__ = [
    "AlleyConsent",
    "AlleyCost",
    "AlleyScheme",
    "Business",
    "GateInspection",
    "Grant",
    "HotSpot",
    "HotSpotLook",
    "Pot",
    "RiskVisit",
    "VolunteerShift",
    "Watch",
    "WatchedArea",
    "WeekLook",
    "WeekPattern",
]
