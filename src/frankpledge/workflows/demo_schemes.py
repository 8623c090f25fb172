"""The demo's area schemes: alley gates at every stage, watches against hot spots, grants to shops, volunteers placed.

Hot spots and the week come from the demo's own records, streets and homes from its address list; everything else is
made up here. It looks at what is there, so it may be run again.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.area_schemes.rules.volunteers import Placed, Proposal, next_day, propose
from frankpledge.delivery.area_schemes.selectors import gates as gate_reads
from frankpledge.delivery.area_schemes.selectors import shops as shop_reads
from frankpledge.delivery.area_schemes.selectors import volunteers as volunteer_reads
from frankpledge.delivery.area_schemes.selectors import watches as watch_reads
from frankpledge.delivery.area_schemes.selectors import where
from frankpledge.delivery.area_schemes.services import gates, money, shops, volunteers, watches
from frankpledge.delivery.area_schemes.vocabulary import (
    ConsentState,
    GrantState,
    PotKind,
    Risk,
    SaidBy,
    Trade,
    WatchKind,
    WatchState,
)
from frankpledge.foundation.places import selectors as places
from frankpledge.foundation.places.selectors import HomePoint
from frankpledge.vocabulary.actors import Actor
from frankpledge.workflows.find_hot_spots import find_hot_spots

if TYPE_CHECKING:
    from frankpledge.delivery.area_schemes.models import AlleyScheme, VolunteerShift

FEWEST, MOST = 10, 20  # homes of a street that makes a scheme
YES, NO, ASKED, SILENT = ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.ASKED, ConsentState.NOT_ASKED
# Hot spots, by rank, that a watch names; the others are the gap.
WATCHED = (1, 2, 4, 5, 7)
WATCHES = (
    ("{place} Home Watch", WatchKind.HOME, 46, 120, "the watch’s secretary"),
    ("{place} Neighbourhood Watch", WatchKind.NEIGHBOURHOOD, 112, 45, "J. Marsh"),
    ("Streets round {place}", WatchKind.HOME, 23, 400, "P. Adeyemi"),
    ("{place} Lane Watch", WatchKind.HOME, 31, 80, "R. Holt"),
    ("{place} Residents’ Watch", WatchKind.NEIGHBOURHOOD, 64, 210, "S. Iqbal"),
)
SHOPS = (
    ("Tannery News", "4 Tannery Row", Trade.SMALL_RETAILER, Risk.HIGH, "No shutter; the till stands in the window. "
     "Advised: roller shutter, till away from the door.", 700),
    ("Bright’s Pharmacy", "21 Market Place", Trade.SMALL_RETAILER, Risk.MEDIUM, "Good door, weak rear window. Advised: "
     "laminated glass and a fog alarm.", 400),
    ("Aldercombe Cycles", "3 Station Approach", Trade.SMALL_RETAILER, Risk.HIGH, "Broken into twice through the roof "
     "light. Advised: bars, alarm with response.", 260),
    ("The Dyers’ Arms", "1 Bridge Street", Trade.FOOD_AND_DRINK, Risk.LOW, "Locks and lights in order.", None),
    ("Hill Top Stores", "88 Quarry Hill", Trade.SMALL_RETAILER, Risk.MEDIUM, "Shutter works; nobody holds keys at "
     "night. Advised: key-holding scheme.", 90),
    ("Orchard Joinery", "Unit 6, Mill Yard", Trade.WORKSHOP, None, "", None),
)  # fmt: skip


def load(*, by: Actor) -> None:
    """Make what is missing of the demo's area schemes."""
    today = timezone.localdate()
    if watch_reads.newest_hot_spots() is None:
        find_hot_spots(by=by)
    with transaction.atomic():
        if not gate_reads.schemes().exists():
            _gates(today, by)
        if not watch_reads.watches().exists():
            _watches(today, by)
        if not shop_reads.businesses().exists():
            _shops(today, by)
        if not volunteer_reads.done().exists():
            _volunteers(today, by)


def _next_march(today: date) -> date:
    """The end of the financial year that today lies in."""
    return date(today.year + (today.month > 3), 3, 31)


# -- alley gates ------------------------------------------------------------------------------------------------------


def _gates(today: date, by: Actor) -> None:
    money.set_pot(
        PotKind.GATES, funder="Brackenshire Community Safety Fund", amount=Decimal(30_000), ends_on=_next_march(today),
        by=by,
    )  # fmt: skip
    streets = _streets()
    if len(streets) < 4:
        return
    built, agreed, asking, dropped = streets[:: max(len(streets) // 4, 1)][:4]
    _built(built, today, by)
    _agreed(agreed, today, by)
    _asking(asking, today, by)
    _dropped(dropped, today, by)


def _streets() -> list[tuple[str, list[HomePoint]]]:
    """Streets of priority neighbourhoods with enough homes for a scheme and not too many, by name."""
    by_street: dict[tuple[str, str], list[HomePoint]] = defaultdict(list)
    for home in places.homes_in(in_neighbourhood=True):
        by_street[home.street, home.small_area].append(home)
    return [(street, homes) for (street, _), homes in sorted(by_street.items()) if FEWEST <= len(homes) <= MOST]


def _scheme(
    found: tuple[str, list[HomePoint]], on: date, count: int, answers: Sequence[ConsentState], by: Actor
) -> "AlleyScheme":
    """A scheme behind a street, its homes answering in the order of ``answers``, the rest agreeing."""
    street, homes = found
    made = gates.propose(
        name=f"{street}, back alley", place=f"behind {street}", ward=homes[0].ward, gates=count, proposed_on=on, by=by
    )
    gates.add_homes(made, uprns=[home.uprn for home in homes], by=by)
    said = [*answers, *[YES] * len(homes)]
    for number, (home, state) in enumerate(zip(made.consents.all(), said, strict=False)):
        if state is not SILENT:
            speaker = SaidBy.NOT_SAID if state is ASKED else SaidBy.OWNER if number % 3 else SaidBy.LANDLORD
            reason = "needs the alley for the bins" if state is NO else ""
            gates.note_consent(
                home, state=state, on=on + timedelta(days=10 + number), said_by=speaker, because=reason, by=by
            )
    return made


def _built(found: tuple[str, list[HomePoint]], today: date, by: Actor) -> None:
    made = _scheme(found, today - timedelta(days=620), 2, [ASKED], by)
    for what, estimate, spent in (("Two gates with frames", 7_200, 7_340), ("Locks and 40 keys", 900, 861)):
        gates.set_cost(made, what=what, estimate=Decimal(estimate), spent=Decimal(spent), by=by)
    gates.change(
        made, gates=2, needed_percent=75, legal_order="Public Spaces Protection Order, Alleys no. 2",
        legal_order_on=today - timedelta(days=470), by=by,
    )  # fmt: skip
    gates.agree(made, on=today - timedelta(days=540), by=by)
    gates.build(made, on=today - timedelta(days=430), inspect_on=today - timedelta(days=250), by=by)
    gates.inspect(
        made, on=today - timedelta(days=248), is_sound=False, found="The north gate’s closer was worn; replaced.",
        inspect_on=today - timedelta(days=9), by=by,
    )  # fmt: skip


def _agreed(found: tuple[str, list[HomePoint]], today: date, by: Actor) -> None:
    made = _scheme(found, today - timedelta(days=190), 3, [NO, ASKED], by)
    gates.set_cost(made, what="Three gates with frames", estimate=Decimal(10_800), by=by)
    gates.set_cost(made, what="Lighting of the alley", estimate=None, by=by)
    gates.agree(
        made, on=today - timedelta(days=75), by=by,
        despite="The bins are collected from the front from now on; the refuse service has agreed in writing.",
    )  # fmt: skip


def _asking(found: tuple[str, list[HomePoint]], today: date, by: Actor) -> None:
    made = _scheme(found, today - timedelta(days=48), 2, [NO, ASKED, ASKED, ASKED, SILENT, SILENT], by)
    gates.set_cost(made, what="Two gates with frames", estimate=Decimal(7_400), by=by)


def _dropped(found: tuple[str, list[HomePoint]], today: date, by: Actor) -> None:
    made = _scheme(found, today - timedelta(days=300), 1, [NO, NO, NO, NO, NO], by)
    because = "Too many homes use the alley to reach their garages."
    gates.drop(made, on=today - timedelta(days=200), because=because, by=by)


# -- watches ----------------------------------------------------------------------------------------------------------


def _watches(today: date, by: Actor) -> None:
    look = watch_reads.newest_hot_spots()
    spots = [spot for spot in look.spots.all() if spot.rank in WATCHED] if look else []
    for (name, kind, members, ago, who), spot in zip(WATCHES, spots, strict=False):
        title = name.format(place=spot.place or spot.name)
        watches.set_watch(
            name=f"{title}, {spot.name}", kind=kind, state=WatchState.ACTIVE, areas=[spot.code], members=members,
            counted_on=today - timedelta(days=ago), coordinator=who, contact=f"watch{spot.rank}@aldercombe.example",
            by=by,
        )  # fmt: skip
    wards = where.wards()
    if wards:
        code, name = wards[0]
        watches.set_watch(
            name=f"{name} Traders’ Watch", kind=WatchKind.BUSINESS, state=WatchState.ACTIVE, areas=[code], members=19,
            counted_on=today - timedelta(days=30), coordinator="the town centre manager", by=by,
        )  # fmt: skip
        code, name = wards[-1]
        watches.set_watch(name=f"{name} Home Watch", kind=WatchKind.HOME, state=WatchState.FORMING, areas=[code], by=by)


# -- business security ------------------------------------------------------------------------------------------------


def _shops(today: date, by: Actor) -> None:
    money.set_pot(
        PotKind.BUSINESS, funder="Town Centre Regeneration Fund", amount=Decimal(12_000), ends_on=_next_march(today),
        cap=Decimal(1_500), match_percent=50, by=by,
    )  # fmt: skip
    wards = where.wards()
    made = []
    for number, (name, address, trade, risk, found, keys) in enumerate(SHOPS):
        business = shops.set_business(
            name=name, address=address, trade=trade, ward=wards[number % len(wards)][0] if wards else "",
            keyholding_since=today - timedelta(days=keys) if keys else None, by=by,
        )  # fmt: skip
        made.append(business)
        if risk is not None:
            shops.note_visit(business, on=today - timedelta(days=150 - 20 * number), risk=risk, found=found, by=by)
    for number, what, cost, amount, ago, states in (
        (0, "Roller shutter", 2_900, 1_450, 140, (GrantState.ACCEPTED, GrantState.PAID)),
        (1, "Laminated glass and fog alarm", 2_240, 1_120, 120, (GrantState.ACCEPTED, GrantState.PAID)),
        (2, "Bars to the roof light", 1_180, 590, 100, (GrantState.ACCEPTED,)),
        (2, "Alarm with response", None, None, 60, ()),
        (4, "Outside lights", 640, 320, 40, (GrantState.DECLINED,)),
    ):
        cost_, amount_ = (None if value is None else Decimal(value) for value in (cost, amount))
        on = today - timedelta(days=ago)
        grant = shops.offer(made[number], what=what, cost=cost_, amount=amount_, offered_on=on, by=by)
        for state in states:
            paid_on = on + timedelta(days=35) if state is GrantState.PAID else None
            shops.move_grant(grant, state=state, cost=cost_, amount=amount_, paid_on=paid_on, by=by)


# -- volunteers -------------------------------------------------------------------------------------------------------


def _volunteers(today: date, by: Actor) -> None:
    proposed = _proposed()
    if not proposed:
        return
    best = [one.placed for one in proposed]
    usual = best[0].ward
    for week in range(1, 11):
        for placed, people in ((Placed(usual, 4, 21, 5), 6), (Placed(usual, 5, 21, 5), 8)):
            day = next_day(placed.weekday, today) - timedelta(weeks=week)
            shift = _shift(placed, day, people, by)
            if week > 1 or placed.weekday == 4:  # last Saturday's is not reported yet
                came = people - (week % 3 == 0)
                volunteers.report(shift, came=came, contacts=20 + 3 * week + 5 * people, by=by)
    for placed in (Placed(usual, 4, 21, 5), *best[:3]):
        _shift(placed, next_day(placed.weekday, today), 6, by)


def _proposed() -> list[Proposal]:
    patterns = volunteer_reads.newest_patterns()
    return propose(patterns, shifts=5, hours=4)


def _shift(placed: Placed, day: date, people: int, by: Actor) -> "VolunteerShift":
    return volunteers.plan(
        group="Aldercombe Street Pastors", day=day, starts=placed.starts, hours=placed.hours, ward=placed.ward,
        people=people, by=by,
    )  # fmt: skip
