"""What the first page of area schemes shows: each part with its finding."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from frankpledge.delivery.area_schemes.pages import gates, shops, volunteers, watches
from frankpledge.delivery.area_schemes.pages.money import left_words
from frankpledge.delivery.area_schemes.rules import gates as gate_rules
from frankpledge.delivery.area_schemes.rules import volunteers as volunteer_rules
from frankpledge.delivery.area_schemes.selectors import gates as gate_reads
from frankpledge.delivery.area_schemes.selectors import shops as shop_reads
from frankpledge.delivery.area_schemes.selectors import volunteers as volunteer_reads
from frankpledge.delivery.area_schemes.selectors import watches as watch_reads
from frankpledge.delivery.area_schemes.vocabulary import PotKind, SchemeState
from frankpledge.ui.wording import spelled

Part = dict[str, str]


def first_page(person: Any) -> dict[str, Any]:
    """The four parts at a glance. A fixed number of queries, however much there is."""
    parts = [_gates(), _watches(person), _shops(), _volunteers(person)]
    calling = [part for part in parts if part["kind"] in ("bad", "warning")]
    return {"parts": parts, "lead": _lead(calling)}


def _lead(calling: list[Part]) -> str:
    if not calling:
        return gettext("Nothing here is late or missing.")
    named = "; ".join(f"{part['title'].lower()}, {part['word'][0].lower()}{part['word'][1:]}" for part in calling)
    return ngettext("{n} thing needs somebody: {named}.", "{n} things need somebody: {named}.", len(calling)).format(
        n=spelled(len(calling)).capitalize(), named=named
    )


def _part(route: str, title: str, finding: str, more: str = "", kind: str = "", word: str = "") -> Part:
    return {
        "url": reverse(route), "title": title, "finding": finding, "more": more, "kind": kind, "word": str(word),
    }  # fmt: skip


def _gates() -> Part:
    title, today = gettext("Alley gates"), timezone.localdate()
    found, pot = list(gate_reads.schemes()), gate_reads.pot(PotKind.GATES)
    if not found:
        return _part("area_schemes:gates", title, gettext("No scheme is proposed yet"))
    ledger = gate_reads.gates_ledger(found, pot)
    built = sum(one.state == SchemeState.BUILT for one in found)
    finding = ngettext("{built} of {n} scheme is built", "{built} of {n} schemes are built", len(found))
    late = sum(gate_rules.inspection_word(one.inspect_on, today) == "late" for one in found)
    blocked = sum(
        gate_reads.standing_of(one).blocked for one in found if SchemeState(one.state) is SchemeState.PROPOSED
    )
    kind, word = "", ""
    if late:
        kind, word = "bad", ngettext("{n} inspection overdue", "{n} inspections overdue", late).format(n=late)
    elif ledger.is_over:
        kind, word = "bad", gettext("over budget")
    elif blocked:
        kind = "warning"
        word = ngettext("{n} refusal to weigh", "{n} refusals to weigh", blocked).format(n=blocked)
    return _part(
        "area_schemes:gates", title, finding.format(built=built, n=len(found)), gates.money_words(pot, ledger), kind,
        word,
    )  # fmt: skip


def _watches(person: Any) -> Part:
    title = gettext("Watches")
    held, look = list(watch_reads.watches()), watch_reads.hot_spots(person)
    spots = watches.spot_rows(look, [watch_reads.as_watching(one) for one in held])
    without = [row["name"] for row in spots if not row["watches"]]
    if not spots:
        return _part("area_schemes:watches", title, watches.lead(spots, held))
    finding = gettext("{n} of {all} hot spots have a watch").format(n=len(spots) - len(without), all=len(spots))
    if not without:
        return _part("area_schemes:watches", title, finding)
    word = ngettext("{n} without a watch", "{n} without a watch", len(without)).format(n=len(without))
    more = gettext("Without: {named}.").format(named="; ".join(without))
    return _part("area_schemes:watches", title, finding, more, "bad", word)


def _shops() -> Part:
    title, today = gettext("Business security"), timezone.localdate()
    held, pot = list(shop_reads.businesses()), gate_reads.pot(PotKind.BUSINESS)
    if not held:
        return _part("area_schemes:shops", title, gettext("No business is listed yet"))
    grants = [one for business in held for one in business.grants.all()]
    ledger = shop_reads.ledger(grants, pot)
    warning = shops.funding_warning(pot, today).rstrip(".")
    finding = (
        gettext("{left} of the pot is left").format(left=left_words(ledger).capitalize())
        if ledger.left is not None
        else gettext("The pot is to be confirmed")
    )
    kind = "bad" if ledger.is_over else "warning" if warning else ""
    word = gettext("over the pot") if ledger.is_over else warning
    return _part("area_schemes:shops", title, finding, shops.lead(held, grants, ledger, None, today), kind, word)


def _volunteers(person: Any) -> Part:
    title, today = gettext("Volunteers placed"), timezone.localdate()
    found = volunteer_reads.week(person)
    week = volunteer_reads.next_week(list(volunteer_reads.planned(today)), today)
    given, late = volunteer_reads.given(today), volunteer_reads.to_report(today).count()
    lead = volunteers.lead(week, found, given)
    kind, word = "", ""
    if late:
        kind, word = "warning", ngettext("{n} shift to report", "{n} shifts to report", late).format(n=late)
    if not week or found is None:
        finding, _, more = lead.partition(". ")
        return _part("area_schemes:volunteers", title, finding.rstrip("."), more, kind, word)
    reached = volunteer_rules.cover(found[1], map(volunteer_reads.as_placed, week))
    finding = gettext("Planned shifts stand where {share} of crime and disorder falls").format(
        share=volunteers.percent(reached.share)
    )
    return _part("area_schemes:volunteers", title, finding, lead, kind, word)
