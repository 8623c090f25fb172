"""What stands round every page: whose platform this is, the doors a person may open, language and sign-out."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext_lazy

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies.selectors import partnership
from frankpledge.foundation.agencies.vocabulary import COLOUR, HOUSE_COLOUR
from frankpledge.records.actions import selectors as actions
from frankpledge.vocabulary.permissions import Permission


@dataclass(frozen=True, slots=True)
class Door:
    """One of the ways in: the first page behind it, and where its addresses begin."""

    name: str
    url: str
    here: bool
    apart: bool = False


# The beginnings of the Account door's addresses. Signing in has the rest of /account/.
ACCOUNT = ("/account/performance/", "/account/homes/", "/account/claims/", "/account/thread/")

# (word, name of the first page, beginning of its addresses, what one must hold, stands apart at the end of the row)
DOORS = (
    (gettext_lazy("Assess"), "assessment:assess", "/assess/", Permission.VIEW_PICTURE, False),
    (gettext_lazy("Plan"), "plan:plan", "/plan/", Permission.VIEW_PLAN, False),
    (gettext_lazy("Task"), "actions:actions", "/task/", Permission.VIEW_ACTIONS, False),
    (gettext_lazy("Deliver"), "home_security:today", "/deliver/", Permission.VIEW_HOMES, False),
    # Crews have their own pages behind this door: today's visits on a phone.
    (gettext_lazy("Deliver"), "home_security:crew", "/deliver/", Permission.DO_VISITS, False),
    (gettext_lazy("Deliver"), "area_schemes:schemes", "/deliver/", Permission.VIEW_SCHEMES, False),
    (gettext_lazy("Deliver"), "commissioning:services", "/deliver/", Permission.VIEW_SERVICES, False),
    # Police officers look up whose a recovered kit is; of homes they see nothing else.
    (gettext_lazy("Deliver"), "home_security:look_up_kit", "/deliver/", Permission.LOOK_UP_KITS, False),
    (gettext_lazy("Account"), "performance:quarter", ACCOUNT, Permission.VIEW_PERFORMANCE, False),
    (gettext_lazy("Administration"), "agencies:people", "/administration/", Permission.MANAGE_PEOPLE, True),
    # For those who may enter administration by this page only; of two doors to one place the first is shown.
    (gettext_lazy("Sharing agreements"), "agencies:agreements", "/administration/", Permission.MANAGE_AGREEMENTS, True),
)


# Behind one door several rooms: (word, name of the room's first page, what one must hold), by where the door's
# addresses begin. The Assess door has a page of its own that shows its rooms.
ROOMS: dict[str | tuple[str, ...], tuple[tuple[Any, str, Permission], ...]] = {
    "/plan/": (
        (gettext_lazy("The plan"), "plan:plan", Permission.VIEW_PLAN),
        (gettext_lazy("Indicators"), "indicators:indicators", Permission.VIEW_PLAN),
        (gettext_lazy("Milestones"), "plan:milestones", Permission.VIEW_PLAN),
        (gettext_lazy("Money"), "plan:money", Permission.VIEW_PLAN),
    ),
    "/task/": (
        (gettext_lazy("All actions"), "actions:actions", Permission.VIEW_ACTIONS),
        (gettext_lazy("My actions"), "actions:mine", Permission.VIEW_ACTIONS),
        (gettext_lazy("Decisions"), "meetings:decisions", Permission.VIEW_ACTIONS),
    ),
    "/deliver/": (
        (gettext_lazy("Safe homes"), "home_security:today", Permission.VIEW_HOMES),
        (gettext_lazy("Area schemes"), "area_schemes:schemes", Permission.VIEW_SCHEMES),
        (gettext_lazy("Bought services"), "commissioning:services", Permission.VIEW_SERVICES),
        (gettext_lazy("Recovered kit"), "home_security:look_up_kit", Permission.LOOK_UP_KITS),
    ),
    ACCOUNT: (
        (gettext_lazy("Performance"), "performance:quarter", Permission.VIEW_PERFORMANCE),
        (gettext_lazy("Did it work?"), "evaluation:did_it_work", Permission.VIEW_EVALUATION),
        (gettext_lazy("Claims, checked"), "claims:documents", Permission.VIEW_CLAIMS),
        (gettext_lazy("The golden thread"), "golden_thread:thread", Permission.VIEW_PERFORMANCE),
    ),
}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Lazy: a page drawn without the frame asks the database nothing."""
    return {"frame": SimpleLazyObject(lambda: _frame(request)), "demo": getattr(settings, "DEMO", False)}


def _frame(request: HttpRequest) -> dict[str, Any]:
    person = getattr(request, "user", None)
    known = person if person is not None and person.is_authenticated else None
    # Asked here and not taken from the request: an address that is not there must look like one that is refused.
    held = policy.permissions_of(known)
    ours = partnership()
    colour = ours.colour if ours and COLOUR.fullmatch(ours.colour) else HOUSE_COLOUR
    return {
        "partnership_name": _name(ours),
        "colour": colour,
        "stylesheet": "" if colour == HOUSE_COLOUR else reverse("overview:colours", args=[colour[1:].lower()]),
        "languages": settings.LANGUAGES,
        "language_url": _address("set_language"),
        "person_name": str(known) if known else "",
        "account_url": _address("agencies:my_account") if known else "",
        "sign_out_url": _address("account_logout") if known else "",
        "doors": doors(known, request.path, held) if known else [],
        "rooms": rooms(request.path, held),
        "my_actions": my_actions(known, held),
    }


def my_actions(person: Any, held: frozenset[Permission]) -> dict[str, Any] | None:
    """How many open actions this person has, for those who may see the register. None for others. One query."""
    if Permission.VIEW_ACTIONS not in held:
        return None
    return {"count": actions.open_count(person.pk), "url": _address("actions:mine")}


def doors(person: Any, path: str, held: frozenset[Permission] | None = None) -> list[Door]:
    """The doors that have pages now and that this person, who holds ``held``, may open."""
    held = policy.permissions_of(person) if held is None else held
    found: dict[str | tuple[str, ...], Door] = {}
    for name, route, start, permission, apart in DOORS:
        if permission in held and _address(route):
            found.setdefault(start, Door(str(name), _address(route), path.startswith(start), apart))
    return list(found.values())


def rooms(path: str, held: frozenset[Permission]) -> list[Door]:
    """The rooms behind the door that ``path`` lies behind, for somebody who holds ``held``; none if there is only one.

    A page belongs to the room whose address begins it; the longest beginning wins.
    """
    for start, behind in ROOMS.items():
        if path.startswith(start):
            known = [(name, _address(first)) for name, first, needed in behind if needed in held]
            if Permission.VIEW_HOMES in held:  # they have it among the pages of safe homes, beside the kits
                known = [(name, url) for name, url in known if url != _address("home_security:look_up_kit")]
            known = [(name, url) for name, url in known if url]
            here = max((url for _, url in known if path.startswith(url)), key=len, default="")
            return [Door(str(name), url, url == here) for name, url in known] if len(known) > 1 else []
    return []


def text_on(colour: str) -> str:
    """White or ink, whichever stands out more on ``colour`` (``#rrggbb``), by WCAG's relative luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.053 else "#0b0c0c"


def _name(ours: Any) -> str:
    if ours is None:
        return ""
    return (ours.welsh_name if get_language() == "cy" else "") or ours.name


def _address(route: str) -> str:
    """The address of a route, or nothing where this installation does not serve it."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
