"""What the pages of watches show."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.delivery.area_schemes import permissions
from frankpledge.delivery.area_schemes.models import HotSpot, HotSpotLook, Watch
from frankpledge.delivery.area_schemes.rules import watches as rules
from frankpledge.delivery.area_schemes.rules.watches import Watching
from frankpledge.delivery.area_schemes.selectors import watches as selectors
from frankpledge.delivery.area_schemes.selectors import where
from frankpledge.delivery.area_schemes.vocabulary import WatchKind, WatchState
from frankpledge.vocabulary.wording import decimal, whole

KINDS = {
    WatchKind.HOME: gettext_lazy("home watch"),
    WatchKind.NEIGHBOURHOOD: gettext_lazy("neighbourhood watch"),
    WatchKind.BUSINESS: gettext_lazy("business watch"),
}
STATES = {
    WatchState.FORMING: ("warning", gettext_lazy("forming")),
    WatchState.ACTIVE: ("good", gettext_lazy("active")),
    WatchState.RESTING: ("plain", gettext_lazy("resting")),
    WatchState.ENDED: ("none", gettext_lazy("ended")),
}


def watches_page(person: Any) -> dict[str, Any]:
    """Hot spots with and without a watch, and every watch. A fixed number of queries."""
    today = timezone.localdate()
    held, look = list(selectors.watches()), selectors.hot_spots(person)
    called = where.names()
    spots = spot_rows(look, [selectors.as_watching(one) for one in held])
    return {
        "lead": lead(spots, held),
        "look": look,
        "method": method_words(look) if look else "",
        "spots": spots,
        "rows": [
            {
                "watch": one,
                "kind": KINDS[WatchKind(one.kind)],
                "state": STATES[WatchState(one.state)],
                "areas": area_words(one, look, called),
                "old": rules.is_old(one.counted_on, today),
            }
            for one in sorted(held, key=lambda one: (list(WatchState).index(WatchState(one.state)) == 3, one.name))
        ],
        "may_edit": permissions.can_edit(person),
    }


def spot_rows(look: HotSpotLook | None, held: Sequence[Watching]) -> list[dict[str, Any]]:
    """Hot spots in their order, each with the watches that count for it. No query if they were read with the look."""
    spots = list(look.spots.all()) if look else []
    found = rules.watched_by([(spot.code, spot.ward) for spot in spots], held)
    return [
        {
            "spot": spot,
            "name": spot_name(spot),
            "rate": decimal(spot.rate),
            "interval": interval_words(spot),
            "watches": [one.name for one in watching],
        }
        for spot, watching in zip(spots, found, strict=True)
    ]


def spot_name(spot: HotSpot) -> str:
    """``Quarry Hill (Aldercombe 012B)``: what people call it, and which small area it is."""
    return f"{spot.place} ({spot.name})" if spot.place and spot.place != spot.name else spot.name


def interval_words(spot: HotSpot) -> str:
    """``9.1 to 16.4``."""
    low = decimal(spot.low) if spot.low is not None else "0"
    return gettext("{low} to {high}").format(low=low, high=decimal(spot.high))


def lead(spots: Sequence[dict[str, Any]], held: Sequence[Watch]) -> str:
    """The finding: how many hot spots have a watch, and which have none."""
    active = [one for one in held if one.state == WatchState.ACTIVE]
    if not spots:
        return ngettext("{n} watch is active.", "{n} watches are active.", len(active)).format(n=len(active))
    without = [row["name"] for row in spots if not row["watches"]]
    text = gettext("{n} of {all} hot spots have a watch").format(n=len(spots) - len(without), all=len(spots))
    if not without:
        return text + "."
    named = "; ".join(without)
    return (
        text
        + "; "
        + ngettext("this one does not: {named}.", "these {n} do not: {named}.", len(without)).format(
            n=len(without), named=named
        )
    )


def method_words(look: HotSpotLook) -> str:
    """How hot spots were found, with what it rests on."""
    text = gettext(
        "Hot spot: one of the {spots} small areas of {areas} with the most recorded burglary for each household, "
        "{period}, {source}: {n} burglaries. Households: {edition}."
    ).format(
        spots=len(look.spots.all()), areas=whole(look.areas), period=look.period, source=look.source_label,
        n=whole(look.n), edition=look.edition,
    )  # fmt: skip
    if look.without_place:
        text += " " + ngettext(
            "{n} more could be put in no small area.", "{n} more could be put in no small area.", look.without_place
        ).format(n=whole(look.without_place))
    return text


def area_words(one: Watch, look: HotSpotLook | None, called: dict[str, str]) -> str:
    """The areas of a watch as people call them."""
    known = {spot.code: spot_name(spot) for spot in look.spots.all()} if look else {}
    return ", ".join(called.get(area.code) or known.get(area.code) or area.code for area in one.areas.all())


def watch_form_arguments(person: Any) -> dict[str, list[tuple[str, str]]]:
    """The areas a form offers: hot spots as they were last found, for who may see them, and wards."""
    look = selectors.hot_spots(person)
    spots = [(spot.code, spot_name(spot)) for spot in look.spots.all()] if look else []
    return {"spots": spots, "wards": where.wards()}


def watch_initial(one: Watch | None, offered: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    """A watch as its form shows it; a new one is a home watch that forms."""
    if one is None:
        return {"kind": WatchKind.HOME.value, "state": WatchState.FORMING.value}
    codes = [area.code for area in one.areas.all()]
    shown = {name: {code for code, _ in choices} for name, choices in offered.items()}
    others = [code for code in codes if code not in shown["spots"] | shown["wards"]]
    names = ("name", "kind", "state", "members", "counted_on", "coordinator", "contact")
    return {name: getattr(one, name) for name in names} | {
        "spots": [code for code in codes if code in shown["spots"]],
        "wards": [code for code in codes if code in shown["wards"]],
        "others": "\n".join(others),
    }
