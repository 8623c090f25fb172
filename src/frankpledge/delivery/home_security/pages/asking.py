"""What the pages of requests, priority and cocoons show."""

from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import Cocoon, CocoonOffer, HomeRequest
from frankpledge.delivery.home_security.rules import asking as rules
from frankpledge.delivery.home_security.rules.asking import Points, Standing
from frankpledge.delivery.home_security.selectors import asking as selectors
from frankpledge.delivery.home_security.selectors import choosing
from frankpledge.delivery.home_security.vocabulary import OfferPart, OfferState, Reason, RequestState
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.premises import Tenure

ON_A_PAGE = 50
FEW = 10  # below so many in a group its share says little
COCOONS_SHOWN = 50

TENURES = {
    Tenure.OWNER.value: gettext_lazy("owner"),
    Tenure.PRIVATE_TENANT.value: gettext_lazy("private tenant"),
    Tenure.COUNCIL_TENANT.value: gettext_lazy("council tenant"),
    Tenure.HOUSING_ASSOCIATION_TENANT.value: gettext_lazy("housing association tenant"),
    "": gettext_lazy("not known"),
}
REASONS = {
    Reason.JUST_BURGLED: gettext_lazy("Burgled in the last weeks"),
    Reason.BURGLED_TWICE: gettext_lazy("Burgled twice in a year"),
    Reason.BURGLED: gettext_lazy("Burgled in the last 12 months"),
    Reason.NEAR_BURGLARY: gettext_lazy("Next to a burglary of the last weeks"),
    Reason.NEIGHBOUR_SAID: gettext_lazy("Says a home nearby was burgled"),
    Reason.AGED: gettext_lazy("Aged 75 or over"),
    Reason.DISABLED: gettext_lazy("Disability or long illness"),
    Reason.ALONE: gettext_lazy("Lives alone"),
    Reason.CHILDREN: gettext_lazy("Children under 5"),
    Reason.FEAR: gettext_lazy("Afraid at home"),
    Reason.THREATENED: gettext_lazy("Threatened or targeted"),
    Reason.AREA: gettext_lazy("In a priority neighbourhood"),
    Reason.REFERRED: gettext_lazy("Referred by a partner"),
    Reason.MISSED: gettext_lazy("We missed a visit"),
    Reason.WAITING: gettext_lazy("Waiting, for each full week"),
}


def list_page(person: Any, query: Any) -> dict[str, Any]:
    """Homes that wait, in order, fifty to a page. A fixed number of queries however many wait."""
    today = timezone.localdate()
    standings = selectors.priority_list(today)
    shown = Paginator(standings, ON_A_PAGE).get_page(query.get("page"))
    held = selectors.requests([one.key for one in shown])
    names = area_names()
    sent = choosing.unanswered_of([one.key for one in shown])
    rows = [
        row(one, held[one.key], names, (today - one.asked_on).days) | {"invitation": sent.get(one.key)}
        for one in shown
        if one.key in held
    ]
    counts = selectors.request_counts()
    return {
        "rows": rows,
        "pages": shown,
        "total": len(standings),
        "lead": _lead(standings, counts),
        "unsettled": selectors.unsettled().count(),
        "may_offer": bool(rows) and permissions.can_edit(person),
        "comparison": comparison(standings, query),
        "asked": query,
        "may_edit": permissions.can_edit(person),
    }


def row(one: Standing, request: HomeRequest, names: dict[str, str], days: int) -> dict[str, Any]:
    """A line of the list: the home, why it stands where it stands, how long it has waited."""
    return {
        "place": one.place,
        "points": one.points,
        "request": request,
        "area": names.get(request.neighbourhood) or names.get(request.ward, ""),
        "tenure": TENURES[request.tenure],
        "reasons": chips(one.reasons),
        "days": days,
    }


def chips(points: Points) -> list[dict[str, Any]]:
    """Reasons as people read them, with their points."""
    return [{"word": str(REASONS[reason]), "points": n} for reason, n in points]


def area_names() -> dict[str, str]:
    """Code -> name of wards and priority neighbourhoods."""
    return {area.code: area.name for areas in places.area_choices().values() for area in areas}


def _lead(standings: list[Standing], counts: dict[RequestState, int]) -> str:
    if not standings:
        return gettext("No home waits.")
    longest = max((timezone.localdate() - one.asked_on).days for one in standings)
    return gettext(
        "{n} homes wait; the longest for {days} days. {booked} visits are booked and {done} are done."
    ).format(
        n=f"{len(standings):,}",
        days=longest,
        booked=f"{counts.get(RequestState.BOOKED, 0):,}",
        done=f"{counts.get(RequestState.DONE, 0):,}",
    )


# -- the list ---------------------------------------------------------------------------------------------------------


def comparison(standings: list[Standing], query: Any) -> dict[str, Any] | None:
    """Why one home stands before another, for the two places asked about; None unless both are in the list."""
    asked = [str(query.get(name) or "") for name in ("first", "second")]
    if not all(one.isdigit() and 1 <= int(one) <= len(standings) for one in asked) or asked[0] == asked[1]:
        return None
    first, second = sorted((standings[int(one) - 1] for one in asked), key=lambda one: one.place)
    rows = [
        {"word": str(REASONS[reason]), "first": one, "second": other}
        for reason, one, other in rules.differences(first.reasons, second.reasons)
    ]
    return {"first": first, "second": second, "rows": rows, "sentence": _compared(first, second)}


def _compared(first: Standing, second: Standing) -> str:
    if first.points == second.points:
        return gettext("Both have {points} points. Place {first} asked earlier.").format(
            points=first.points, first=first.place
        )
    return gettext("Place {first} has {one} points and place {second} has {other}.").format(
        first=first.place, one=first.points, second=second.place, other=second.points
    )


def head_of(total: int) -> int:
    """How many homes at the head of the list are compared with the whole: a quarter of them, at most fifty."""
    return min(50, max(1, total // 4)) if total else 0


def fairness_tables(standings: list[Standing]) -> list[dict[str, Any]]:
    """Who is at the head of the list against who is in it, by tenure and by neighbourhood."""
    names, today = area_names(), timezone.localdate()
    tables = (
        (gettext("By tenure"), lambda one: str(TENURES[one.tenure])),
        (gettext("By neighbourhood"), lambda one: names.get(one.neighbourhood) or gettext("elsewhere")),
    )
    return [
        {
            "title": title,
            "rows": [_share(share) for share in rules.fairness(standings, group, head_of(len(standings)), today)],
        }
        for title, group in tables
    ]


def _share(share: rules.Share) -> dict[str, Any]:
    return {
        "group": share.group,
        "listed": share.listed,
        "first": share.first,
        "listed_share": f"{100 * share.listed_share:.0f} %",
        "first_share": f"{100 * share.first_share:.0f} %",
        "few": share.listed < FEW,
        "days": f"{share.median_days:.0f}",
    }


def points_page(entered: dict[Reason, int] | None = None) -> dict[str, Any]:
    """The points in force, who is first with them, and who would be with others that were entered."""
    today = timezone.localdate()
    now = selectors.priority_list(today)
    tables = fairness_tables(now)
    if entered is not None:
        for table, other in zip(tables, fairness_tables(selectors.priority_list(today, entered)), strict=True):
            then = {row["group"]: row["first_share"] for row in other["rows"]}
            for one in table["rows"]:
                one["then"] = then[one["group"]]
    return {"tables": tables, "head": head_of(len(now)), "total": len(now), "tried": entered is not None}


# -- one request ------------------------------------------------------------------------------------------------------


def request_page(request: HomeRequest, person: Any) -> dict[str, Any]:
    """All that is known of a request, and what may be done about it."""
    today = timezone.localdate()
    place = next((one for one in selectors.priority_list(today) if one.key == request.pk), None)
    names = area_names()
    return {
        "request": request,
        "place": place,
        "reasons": chips(place.reasons) if place else [],
        "area": names.get(request.neighbourhood) or names.get(request.ward, ""),
        "tenure": TENURES[request.tenure],
        "needs": [str(REASONS[Reason(need)]) for need in request.vulnerability],
        "days": (today - timezone.localdate(request.asked_at)).days,
        "contacts": list(request.contacts.all()),
        "messages": list(request.messages.all()),
        "joined": list(request.joined.all()),
        "visits": list(request.visits.select_related("crew")),
        "invitations": choosing.of_request(request.pk),
        "may_edit": permissions.can_edit(person),
        "may_erase": permissions.can_edit(person) and not request.is_live and not request.is_forgotten,
    }


def homes_for(request: HomeRequest) -> list[tuple[str, str]]:
    """Homes a request without one may be about: UPRN and address, the likeliest first."""
    match = places.gazetteer().match(request.address, request.postcode)
    return [(one.uprn, one.address) for one in match.candidates]


# -- cocoons ----------------------------------------------------------------------------------------------------------

OFFERS = {
    OfferState.TO_OFFER: gettext_lazy("to offer"),
    OfferState.ATTEMPTED: gettext_lazy("tried"),
    OfferState.MADE: gettext_lazy("offered"),
    OfferState.ACCEPTED: gettext_lazy("wants a visit"),
    OfferState.REFUSED: gettext_lazy("said no"),
    OfferState.UNANSWERED: gettext_lazy("no answer"),
    OfferState.HAS_IT: gettext_lazy("has it"),
}


def cocoons_page() -> dict[str, Any]:
    """All cocoons and how much of what was meant was delivered. A fixed number of queries."""
    dose = selectors.dosage()
    share = f"{100 * dose.reached / dose.homes:.0f} %" if dose.homes else "–"
    lines = [_cocoon_line(one) for one in selectors.cocoons()[:COCOONS_SHOWN]]
    return {
        "cocoons": lines,
        "to_approve": sum(line["alive"] and line["cocoon"].approved_at is None for line in lines),
        "dose": dose,
        "share": share,
        "states": [(str(OFFERS[state]), dose.by_state.get(state, 0)) for state in OfferState],
    }


def _cocoon_line(cocoon: Cocoon) -> dict[str, Any]:
    offers = [one for one in cocoon.offers.all() if one.part == OfferPart.NEIGHBOUR]
    settled = sum(one.state not in (OfferState.TO_OFFER, OfferState.ATTEMPTED) for one in offers)
    return {
        "cocoon": cocoon,
        "homes": len(offers),
        "settled": settled,
        "alive": cocoon.alive_until >= timezone.localdate(),
    }


def cocoon_page(cocoon: Cocoon, person: Any) -> dict[str, Any]:
    """The homes of a cocoon in the order of the street, with what became of each offer."""
    offers = list(cocoon.offers.all())
    homes = places.premises_of(one.uprn for one in offers)
    rows = [_offer_row(one, homes.get(one.uprn)) for one in offers]
    left = sum(one.state == OfferState.TO_OFFER for one in offers)
    return {
        "cocoon": cocoon,
        "rows": rows,
        "left": left,
        "alive": cocoon.alive_until >= timezone.localdate(),
        "may_edit": permissions.can_edit(person),
        "may_approve": permissions.can_edit(person) and cocoon.approved_at is None and left > 0,
    }


def _offer_row(offer: CocoonOffer, home: Any) -> dict[str, Any]:
    victim = offer.part == OfferPart.VICTIM
    looks = {OfferState.HAS_IT.value: "fp-cocoon__has", OfferState.REFUSED.value: "fp-cocoon__no"}
    return {
        "offer": offer,
        "victim": victim,
        "may_send": offer.state == OfferState.TO_OFFER and home is not None,
        "address": home.address if home else gettext("not in the address list any more"),
        "number": (home.address if home else "").split(" ")[0],
        "word": gettext("visit") if victim else str(OFFERS[OfferState(offer.state)]),
        "state": str(OFFERS[OfferState(offer.state)]),
        "look": "fp-cocoon__victim" if victim else looks.get(offer.state, ""),
    }
