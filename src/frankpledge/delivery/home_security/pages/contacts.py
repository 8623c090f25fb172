"""What the page of contacts says: what each way of reaching homes cost and brought, and how people heard of it."""

from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.analysis.rates import wilson_limits
from frankpledge.analysis.value import pounds
from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.rules import contacts as rules
from frankpledge.delivery.home_security.rules.contacts import Comparison, Price, Source, Way
from frankpledge.delivery.home_security.selectors import knowing
from frankpledge.delivery.home_security.vocabulary import ContactKind, HeardFrom
from frankpledge.vocabulary.wording import decimal, whole

WAYS = {
    ContactKind.LEAFLET.value: gettext_lazy("Leaflet"),
    ContactKind.LETTER.value: gettext_lazy("Letter"),
    ContactKind.EMAIL.value: gettext_lazy("E-mail"),
    ContactKind.TEXT.value: gettext_lazy("Text"),
    ContactKind.TELEPHONE.value: gettext_lazy("Telephone"),
    ContactKind.DOORSTEP.value: gettext_lazy("Doorstep call"),
    ContactKind.STREET_CANVASS.value: gettext_lazy("Street canvass"),
}
HEARD = {
    HeardFrom.NOT_SAID.value: gettext_lazy("Not said"),
    HeardFrom.LEAFLET.value: gettext_lazy("A leaflet"),
    HeardFrom.WORD_OF_MOUTH.value: gettext_lazy("Family, a friend or a neighbour"),
    HeardFrom.STREET_CANVASS.value: gettext_lazy("Somebody at the door"),
    HeardFrom.POLICE.value: gettext_lazy("The police"),
    HeardFrom.FIRE_SERVICE.value: gettext_lazy("The fire service"),
    HeardFrom.LANDLORD.value: gettext_lazy("Their landlord"),
    HeardFrom.NEWS.value: gettext_lazy("Newspaper, radio or internet"),
    HeardFrom.OTHER.value: gettext_lazy("Somewhere else"),
}


def contacts_page(person: Any) -> dict[str, Any]:
    """Everything on the page. A fixed number of queries, however many contacts and requests."""
    tried, asked = knowing.contacts_made(), knowing.requests_heard()
    ways, found = rules.ways(tried, asked), rules.sources(asked)
    total = sum(one.requests for one in found)
    return {
        "may_edit": permissions.can_edit(person),
        "lead": _lead(ways, found, total),
        "ways": [_way(one) for one in ways],
        "arranging": [_arranging(one) for one in rules.arranging(tried)],
        "sources": [_source(one, total) for one in found],
        "total": whole(total),
        "comparison": _comparison(rules.compared(tried, asked)) if ways else None,
        "weeks": rules.FOLLOWS.days // 7,
        "few": rules.FEW,
    }


def _lead(ways: list[Way], found: list[Source], total: int) -> str:
    if not total:
        return gettext("Nobody has asked yet, so nothing is known of how people hear of it.")
    said = []
    named = [one for one in found if one.heard_from != HeardFrom.NOT_SAID]
    if named:
        said.append(
            gettext("Most often named: %(source)s, in %(n)s of %(total)s requests (%(percent)s %%).")
            % {
                "source": str(HEARD[named[0].heard_from]).lower(),
                "n": whole(named[0].requests),
                "total": whole(total),
                "percent": decimal(100 * named[0].requests / total, 0),
            }
        )
    priced = sorted((one for one in ways if one.requests and one.cost), key=lambda one: one.per_request.value or 0.0)
    said += [
        gettext("A request cost %(pounds)s by %(way)s.")
        % {"pounds": pounds(one.per_request.value or 0.0, pence=True), "way": str(WAYS[one.kind]).lower()}
        for one in (priced[:1] + priced[-1:] if len(priced) > 1 else priced)
    ]
    return " ".join(said)


def _way(one: Way) -> dict[str, Any]:
    return {
        "name": WAYS[one.kind],
        "homes": whole(one.homes),
        "spoken": whole(one.spoken) if one.spoken else "–",
        "cost": pounds(float(one.cost)),
        "requests": whole(one.requests),
        "fitted": whole(one.fitted),
        "per_contact": _price(one.per_contact),
        "per_request": _price(one.per_request),
        "per_install": _price(one.per_install),
    }


def _arranging(one: Way) -> dict[str, Any]:
    return {
        "name": WAYS[one.kind],
        "contacts": whole(one.contacts),
        "spoken": whole(one.spoken),
        "cost": pounds(float(one.cost)),
        "per_contact": _price(one.per_contact),
    }


def _price(price: Price) -> dict[str, Any]:
    """A price with the division it is, the range that chance alone could make, and whether it rests on few."""
    if price.value is None:
        return {"value": gettext("none"), "sum": "", "range": "", "few": False}
    if not price.pounds:
        return {"value": gettext("no cost noted"), "sum": "", "range": "", "few": False}
    low, high = price.limits or (price.value, price.value)
    return {
        "value": pounds(price.value, pence=True),
        "sum": f"{pounds(float(price.pounds))} ÷ {whole(price.count)}",
        "range": gettext("%(low)s to %(high)s") % {"low": pounds(low, pence=True), "high": pounds(high, pence=True)},
        "few": price.few,
    }


def _source(one: Source, total: int) -> dict[str, Any]:
    limits = wilson_limits(one.requests, total)
    return {
        "name": HEARD[one.heard_from],
        "requests": one.requests,
        "percent": f"{decimal(100 * one.requests / total)} %",
        "range": gettext("%(low)s to %(high)s %%")
        % {"low": decimal(100 * (limits.lower or 0.0)), "high": decimal(100 * limits.upper)},
        "fitted": whole(one.fitted),
        "share": f"{decimal(100 * one.fitted / one.requests, 0)} %" if one.requests >= rules.FEW else "–",
    }


def _comparison(found: Comparison) -> dict[str, Any]:
    rows = [(gettext("Knocking at every door"), found.canvass), (gettext("Waiting to be asked"), found.demand)]
    return {"rows": [{**_way_alone(one), "name": name} for name, one in rows], "sentence": _compared(found)}


def _way_alone(one: Way) -> dict[str, Any]:
    return {
        "homes": whole(one.homes),
        "cost": pounds(float(one.cost)),
        "requests": whole(one.requests),
        "fitted": whole(one.fitted),
        "per_request": _price(one.per_request),
        "per_install": _price(one.per_install),
    }


def _compared(found: Comparison) -> str:
    canvass, demand, ratio = found.canvass, found.demand, found.ratio
    if ratio is None:
        return gettext("Too little is noted to compare: it takes a cost and a fitted home on both sides.")
    fewest = min(canvass.fitted, demand.fitted)
    if fewest < rules.FEW:
        return ngettext(
            "Too few to say: only %(n)s home was fitted on one side.",
            "Too few to say: only %(n)s homes were fitted on one side.",
            fewest,
        ) % {"n": whole(fewest)}
    value, low, high = found.value or 0.0, ratio.lower or 0.0, ratio.upper
    if high < 1 and value and low:  # said of the side that fits more, so that the number is one people can picture
        return gettext(
            "A pound spent waiting to be asked fits %(ratio)s times as many homes as one spent knocking at doors "
            "(%(low)s to %(high)s)."
        ) % _times(1 / value, 1 / high, 1 / low)
    if low > 1:
        return gettext(
            "A pound spent knocking at doors fits %(ratio)s times as many homes as one spent waiting to be asked "
            "(%(low)s to %(high)s)."
        ) % _times(value, low, high)
    return gettext(
        "No clear difference: a pound spent knocking at doors fits %(ratio)s times as many homes as one spent waiting "
        "to be asked (%(low)s to %(high)s)."
    ) % _times(value, low, high)


def _times(value: float, low: float, high: float) -> dict[str, str]:
    """How many times as many, and its 95 % limits: whole numbers from ten, two figures after the point below two."""
    places = 0 if value >= 10 else 1 if value >= 2 else 2
    return {"ratio": decimal(value, places), "low": decimal(low, places), "high": decimal(high, places)}
