"""What the pages of requests, priority and cocoons show."""

from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import HomeRequest
from frankpledge.delivery.home_security.rules.asking import Points, Standing
from frankpledge.delivery.home_security.selectors import asking as selectors
from frankpledge.delivery.home_security.vocabulary import Reason, RequestState
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.premises import Tenure

ON_A_PAGE = 50

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
    rows = [row(one, held[one.key], names, (today - one.asked_on).days) for one in shown if one.key in held]
    counts = selectors.request_counts()
    return {
        "rows": rows,
        "pages": shown,
        "total": len(standings),
        "lead": _lead(standings, counts),
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
