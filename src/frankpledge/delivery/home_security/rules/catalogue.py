"""The catalogue of measures as installed: what may be fitted, who pays, how long it takes, what is known of it."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from frankpledge.delivery.home_security.vocabulary import MeasureKind
from frankpledge.vocabulary.wording import Phrase

PROGRAMME, FIRE, ENERGY = "Safe homes programme", "Fire and rescue service", "Energy scheme"

COMBINATIONS = (
    "Combinations protect, single devices do little: door and window locks with outside lights or chains went with at "
    "least twenty times fewer break-ins than no security (Tseloni and others, 2017; how far this is cause is argued in "
    "Tilley and others, 2015)."
)
ALARM_ALONE = (
    "Fitted alone it goes with more break-ins than no security at all (Tseloni and others, 2017). Fit it with locks "
    "and lights, and see that it is set: of 12 burglaries in protected homes in Mansfield one had its alarm set."
)


@dataclass(frozen=True, slots=True)
class StockLine:
    """A thing to keep in stock; ``lead_days`` working days, ``box`` how many come together, price in pounds each."""

    key: str
    name: str
    lead_days: int
    box: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A measure: ``price`` what the funder pays for one, ``pays`` what the resident pays for the part, in pounds."""

    key: str
    name: str
    kind: MeasureKind
    funder: str
    price: Decimal
    minutes: int
    stock: str = ""
    pays: Decimal = Decimal(0)
    skill: str = ""
    serial: bool = False
    evidence: str = COMBINATIONS


def _pounds(text: str) -> Decimal:
    return Decimal(text)


STOCK = (
    StockLine("alarm-kit", "Alarm with two detectors", 6, 20, _pounds("38.50")),
    StockLine("detector", "Extra detector", 6, 20, _pounds("11.00")),
    StockLine("deadlock", "Five-lever deadlock", 4, 10, _pounds("17.80")),
    StockLine("window-lock", "Window lock", 3, 50, _pounds("2.60")),
    StockLine("door-chain", "Door chain", 3, 25, _pounds("4.20")),
    StockLine("timer-light", "Timer for an inside light", 3, 25, _pounds("6.40")),
    StockLine("outside-light", "Outside light with sensor", 5, 10, _pounds("21.50")),
    StockLine("smoke-alarm", "Smoke alarm", 4, 20, _pounds("8.90")),
    StockLine("cylinder-jacket", "Hot-water cylinder jacket", 8, 10, _pounds("12.00")),
    StockLine("bulb", "Low-energy bulb", 3, 50, _pounds("1.80")),
    StockLine("marking-kit", "Property-marking kit", 10, 50, _pounds("9.50")),
)
MEASURES = (
    Line("alarm", "Alarm with two detectors", MeasureKind.ALARM, PROGRAMME, _pounds("96.00"), 35, "alarm-kit",
         skill="electrical", serial=True, evidence=ALARM_ALONE),
    Line("extra-detector", "Extra detector", MeasureKind.ALARM, PROGRAMME, _pounds("0.00"), 8, "detector",
         pays=_pounds("11.00"), skill="electrical", evidence=ALARM_ALONE),
    Line("deadlock", "Deadlock on a door", MeasureKind.DOOR_LOCK, PROGRAMME, _pounds("42.00"), 25, "deadlock"),
    Line("window-lock", "Window lock", MeasureKind.WINDOW_LOCK, PROGRAMME, _pounds("7.00"), 6, "window-lock"),
    Line("door-chain", "Door chain", MeasureKind.CHAIN, PROGRAMME, _pounds("9.00"), 8, "door-chain"),
    Line("timer-light", "Inside light on a timer", MeasureKind.INSIDE_LIGHT, PROGRAMME, _pounds("8.00"), 3,
         "timer-light"),
    Line("outside-light", "Outside light with sensor", MeasureKind.OUTSIDE_LIGHT, PROGRAMME, _pounds("48.00"), 30,
         "outside-light", skill="electrical"),
    Line("smoke-alarm", "Smoke alarm", MeasureKind.FIRE, FIRE, _pounds("14.00"), 6, "smoke-alarm",
         evidence="Of homes with a fire, those with a working smoke alarm lose fewer lives. No effect on burglary."),
    Line("cylinder-jacket", "Hot-water cylinder jacket", MeasureKind.ENERGY, ENERGY, _pounds("19.00"), 15,
         "cylinder-jacket", evidence="Saves energy. No effect on burglary."),
    Line("insulation", "Loft or wall insulation, surveyed", MeasureKind.ENERGY, ENERGY, _pounds("25.00"), 15,
         evidence="Saves energy. No effect on burglary."),
    Line("bulbs", "Low-energy bulb", MeasureKind.ENERGY, ENERGY, _pounds("2.50"), 1, "bulb",
         evidence="Saves energy. No effect on burglary."),
    Line("marking-kit", "Property-marking kit", MeasureKind.MARKING, PROGRAMME, _pounds("12.00"), 5, "marking-kit",
         evidence="Worth something only once its code is registered. London’s first 129,780 kits went with 27.5 % less "
         "burglary against 5.7 % less elsewhere (evaluated by the supplier’s partners)."),
    Line("advice", "Advice on habits", MeasureKind.ADVICE, PROGRAMME, _pounds("0.00"), 10,
         evidence="In Mansfield 30 % of burglaries came through open windows or unlocked doors."),
)  # fmt: skip

# The WIDE set: Windows, Inside lights on a timer, Double or deadlocks, External lights.
WIDE = frozenset({MeasureKind.WINDOW_LOCK, MeasureKind.INSIDE_LIGHT, MeasureKind.DOOR_LOCK, MeasureKind.OUTSIDE_LIGHT})


def package(kinds: Collection[MeasureKind]) -> Phrase:
    """What a home has, as evaluations tell homes apart: the WIDE set, locks and lights, locks, an alarm alone, ..."""
    held = set(kinds)
    locks = {MeasureKind.DOOR_LOCK, MeasureKind.WINDOW_LOCK} & held
    alarm = MeasureKind.ALARM in held
    if held >= WIDE:
        return Phrase("WIDE set with an alarm") if alarm else Phrase("WIDE set")
    if locks:
        return Phrase("locks with an alarm") if alarm else Phrase("locks")
    if alarm:
        return Phrase("alarm without locks")
    return Phrase("other security") if any(kind.is_security for kind in held) else Phrase("no security")
