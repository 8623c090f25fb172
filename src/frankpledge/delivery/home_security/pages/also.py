"""What else waits for the coordinator, beside the visits: one line of today's page."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from frankpledge.delivery.home_security.rules import doing as day_rules
from frankpledge.delivery.home_security.rules import passing_on as passing_rules
from frankpledge.delivery.home_security.rules import suppliers as supplier_rules
from frankpledge.delivery.home_security.selectors import damage, kits, passing_on, quality, suppliers

# One that has ended stands on the exception list of its page once somebody orders; this one can still be renewed.
SOON = supplier_rules.Standing.ENDS_SOON


def also_waiting(now: datetime) -> list[dict[str, Any]]:
    """Words and address of each kind of work that waits on a page of its own, none that is empty. Eleven queries."""
    today = now.astimezone(day_rules.LONDON).date()
    to_tell, complaints, claims = passing_on.to_tell().count(), quality.complaints().count(), damage.to_settle()
    ending = sum(one.standing is SOON for one in suppliers.lines(today))
    unregistered = kits.register().unregistered
    agreed = sum(any(due.is_agreed for due in passing_rules.due(home)) for home in passing_on.known_homes())
    overdue = sum(one.is_overdue(now) for one in passing_on.all_passed())
    passed_on = reverse("home_security:passed_on")
    found = [
        (to_tell, ngettext("{n} service to be told to stop", "{n} services to be told to stop", to_tell), passed_on),
        (complaints, ngettext("{n} complaint", "{n} complaints", complaints), reverse("home_security:quality")),
        (
            claims,
            ngettext("{n} claim for damage to settle", "{n} claims for damage to settle", claims),
            reverse("home_security:damage"),
        ),
        (
            ending,
            ngettext("{n} supplier’s approval that ends soon", "{n} suppliers’ approvals that end soon", ending),
            reverse("home_security:suppliers"),
        ),
        (
            unregistered,
            ngettext("{n} marking kit not registered", "{n} marking kits not registered", unregistered),
            reverse("home_security:kits"),
        ),
        (agreed, ngettext("{n} home to pass on", "{n} homes to pass on", agreed), f"{passed_on}#to-pass"),
        (overdue, ngettext("{n} referral to chase", "{n} referrals to chase", overdue), f"{passed_on}#passed"),
    ]
    return [{"words": words.format(n=f"{n:,}"), "url": url} for n, words, url in found if n]
