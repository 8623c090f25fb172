"""What the pages of passing residents on show."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.forms.passing_on import SERVICES
from frankpledge.delivery.home_security.models import Referral
from frankpledge.delivery.home_security.pages.asking import REASONS, TENURES
from frankpledge.delivery.home_security.rules import passing_on as rules
from frankpledge.delivery.home_security.rules.passing_on import Due, Offered, Passed, Rate
from frankpledge.delivery.home_security.selectors import passing_on as selectors
from frankpledge.delivery.home_security.services.passing_on import Particulars
from frankpledge.delivery.home_security.vocabulary import Need, OfferAnswer, Reason, ReferralState, ReferralTo
from frankpledge.reports.spreadsheets import Sheet
from frankpledge.vocabulary.wording import share

ON_A_PAGE = 25
OFFERS_SHOWN, AGREED_SHOWN = 40, 8  # those who agreed are passed on together, as a rule
NAMES = {
    ReferralTo.HANDY_PERSON: gettext_lazy("Handy-person service"),
    ReferralTo.FIRE_SERVICE: gettext_lazy("Fire service"),
    ReferralTo.ENERGY: gettext_lazy("Energy scheme"),
    ReferralTo.VICTIM_SUPPORT: gettext_lazy("Victim support"),
}
OTHER_WHY = {rules.BURGLED: gettext_lazy("Burgled"), rules.ASKED_FOR_IT: gettext_lazy("Agreed")}


def passed_on_page(person: Any, query: Any, now: datetime) -> dict[str, Any]:
    """Who is to be offered what, who is to be passed on, and what became of those who were. Eight queries."""
    may_edit = permissions.can_edit(person)
    homes = selectors.known_homes()
    due = [one for home in homes for one in rules.due(home)]
    due.sort(key=lambda one: (not one.home.is_victim, one.home.asked_on, one.home.request))
    aged = rules.offered_to_victims(homes, Need.AGED)
    to_offer, to_pass = [one for one in due if not one.is_agreed], [one for one in due if one.is_agreed]
    burgled, unknown = selectors.burgled_without_needs()
    shown = Paginator(selectors.referrals(), ON_A_PAGE).get_page(query.get("page"))
    return {
        "lead": _lead(aged),
        "aged": aged,
        "disabled": rules.offered_to_victims(homes, Need.DISABLED),
        "burgled": burgled,
        "repeat": selectors.repeat_victims(),
        "unknown": unknown,
        "to_offer": [_due(one, may_edit) for one in to_offer[:OFFERS_SHOWN]],
        "offer_more": max(len(to_offer) - OFFERS_SHOWN, 0),
        "to_pass": [_due(one, may_edit) for one in to_pass[:AGREED_SHOWN]],
        "pass_more": max(len(to_pass) - AGREED_SHOWN, 0),
        "services": _services(to_pass),
        "rates": [_rate(rate) for rate in rules.rates(selectors.all_passed(), now)],
        "to_tell": [_tell(one) for one in selectors.to_tell()],
        "rows": [_row(one, now) for one in shown],
        "pages": shown,
        "chase_days": rules.CHASE_DAYS,
        "may_edit": may_edit,
    }


def _lead(aged: Offered) -> str:
    if not aged.known:
        return gettext("No burgled home is known to have somebody aged 75 or over.")
    words = ngettext(
        "Of {known} burgled home known to have somebody aged 75 or over, {n} was offered the handy-person service",
        "Of {known} burgled homes known to have somebody aged 75 or over, {n} were offered the handy-person service",
        aged.known,
    )
    rest = gettext("; {left} not yet.").format(left=aged.left) if aged.left else gettext(": every one of them.")
    return words.format(known=f"{aged.known:,}", n=f"{aged.offered:,}") + rest


def _due(one: Due, may_edit: bool) -> dict[str, Any]:
    """A home that is due. Only who acts on it sees which home it is."""
    return {
        "reference": one.home.reference,
        "who": (one.home.name or gettext("name not known")) if may_edit else "",
        "address": one.home.address if may_edit else "",
        "to": one.to.value,
        "service": NAMES[one.to],
        "why": [_why(word) for word in one.why],
        "tried": one.home.answers.get(one.to) is OfferAnswer.NOT_REACHED,
        "asked_on": one.home.asked_on,
    }


def _why(word: str) -> str:
    if word in OTHER_WHY:
        return str(OTHER_WHY[word])
    if word.startswith(rules.WEAK):
        return gettext("Weak at the visit:") + word.removeprefix(f"{rules.WEAK}:")
    return str(REASONS[Reason(word)])


def _services(to_pass: list[Due]) -> list[dict[str, Any]]:
    """A button for each service that more than one home is to be passed on to."""
    counts = {to: sum(one.to is to for one in to_pass) for to in ReferralTo}
    return [{"to": to.value, "name": SERVICES[to], "n": n} for to, n in counts.items() if n > 1]


def _rate(rate: Rate) -> dict[str, Any]:
    up = share(rate.taken_up / rate.answered) if rate.answered else "–"
    said = gettext("{n} of {all} answered").format(n=rate.taken_up, all=rate.answered)
    return {"rate": rate, "name": NAMES[rate.to], "share": up, "of": said if rate.answered else ""}


def _tell(one: Referral) -> dict[str, Any]:
    return {"key": one.pk, "service": NAMES[ReferralTo(one.to)], "on": one.withdrawn_at, "made": one.made_at}


def _row(one: Referral, now: datetime) -> dict[str, Any]:
    """Somebody passed on: reference and days, no name."""
    passed = Passed(ReferralTo(one.to), ReferralState(one.state), one.made_at, one.withdrawn_at is not None)
    return {
        "referral": one,
        "reference": one.request.reference if one.request else gettext("visit without a request"),
        "service": NAMES[passed.to],
        "days": (now - one.made_at).days,
        "standing": _standing(passed, now),
        "waits": passed.state is ReferralState.SENT and not passed.is_withdrawn,
        "overdue": passed.is_overdue(now),
    }


def _standing(one: Passed, now: datetime) -> tuple[str, str]:
    if one.is_withdrawn:
        return "none", gettext("stopped")
    if one.state is ReferralState.TAKEN_UP:
        return "good", gettext("taken up")
    if one.state is ReferralState.DECLINED:
        return "plain", gettext("declined")
    return ("bad", gettext("chase")) if one.is_overdue(now) else ("busy", gettext("passed on"))


# -- one of them ------------------------------------------------------------------------------------------------------


def referral_page(referral: Referral, told: Particulars | None, now: datetime) -> dict[str, Any]:
    """One referral, with all its service gets; without it once the consent was taken back."""
    return {
        **_row(referral, now),
        "lines": lines(told) if told else [],
        "is_withdrawn": referral.withdrawn_at is not None,
        "to_service": SERVICES[ReferralTo(referral.to)],
    }


def lines(told: Particulars) -> list[tuple[str, str]]:
    """What the service gets, line by line; lines it has no need of are left out."""
    said = [
        (gettext("Our reference"), told.reference),
        (gettext("Passed on"), f"{told.passed_on:%-d %B %Y}"),
        (gettext("Name"), told.name or gettext("not known: ask at the door")),
        (gettext("Home"), ", ".join(part for part in (told.address, told.postcode) if part)),
        (gettext("Reach them by"), told.reach_by),
        (gettext("Language"), told.language if told.language not in ("", "en", "en-gb") else ""),
        (gettext("Needs"), "; ".join(str(REASONS[Reason(need)]) for need in told.needs)),
        (gettext("Weak at our visit"), ", ".join(told.weak)),
        (gettext("Tenure"), str(TENURES.get(told.tenure, told.tenure)) if told.tenure else ""),
    ]
    return [(label, text) for label, text in said if text]


def sheet(told: Particulars) -> Sheet:
    """The same as a file: one line of headings, one of what the service gets."""
    said = lines(told)
    return Sheet("referral", tuple(label for label, _ in said), (tuple(text for _, text in said),))
