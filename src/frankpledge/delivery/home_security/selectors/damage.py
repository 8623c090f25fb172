"""Named reads of claims for damage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet

from frankpledge.delivery.home_security.models import ClaimsBudget, DamageClaim, Visit
from frankpledge.delivery.home_security.rules import asking as asking_rules
from frankpledge.delivery.home_security.rules.damage import financial_year
from frankpledge.delivery.home_security.vocabulary import ClaimOutcome, VisitState

MOST_FOUND = 20
WORKED = (VisitState.DONE.value, VisitState.NOT_FINISHED.value)


def claims() -> QuerySet[DamageClaim]:
    """Every claim, those to settle first, then the newest, with visit and request. Lazy."""
    rows = DamageClaim.objects.select_related("visit__request", "visit__crew")
    return rows.order_by(F("settled_on").desc(nulls_first=True), "-claimed_on", "-pk")


def to_settle() -> int:
    """How many claims wait to be settled. One query."""
    return DamageClaim.objects.filter(outcome=ClaimOutcome.OPEN.value).count()


def claim(number: int) -> DamageClaim | None:
    """One claim with its visit and request. One query."""
    return DamageClaim.objects.select_related("visit__request", "visit__crew").filter(pk=number).first()


def visit(number: int) -> Visit | None:
    """A visit at which somebody worked, with its request. One query."""
    return Visit.objects.select_related("request", "crew").filter(pk=number, started_at__isnull=False).first()


def visits_matching(words: str) -> list[Visit]:
    """Visits at which somebody worked, of the request with this reference or of homes whose address holds the words.

    The newest first, twenty at most. One query.
    """
    tidy = " ".join(words.split())
    if not tidy:
        return []
    about = Q(request__address__icontains=tidy) | Q(uprn=tidy)
    reference = asking_rules.tidy_reference(words)
    if reference:
        about |= Q(request__reference=reference)
    rows = Visit.objects.filter(about, state__in=WORKED, started_at__isnull=False)
    return list(rows.select_related("request", "crew").order_by("-day", "-pk")[:MOST_FOUND])


@dataclass(frozen=True, slots=True)
class ClaimsYear:
    """A financial year: jobs done in it, jobs of it that ended in a claim and in a payment, and what was paid in it."""

    year: int
    jobs: int
    claimed: int
    paid_jobs: int
    paid: Decimal
    budget: Decimal | None


def years(today: date) -> list[ClaimsYear]:
    """Every financial year with a job, a payment or a budget, and today's, the newest first. Three queries.

    A claim belongs to the year of its job for the rate, its payment to the year in which it was made for the money.
    """
    jobs: dict[int, int] = {}
    done = Visit.objects.filter(state=VisitState.DONE.value).order_by().values_list("day")
    for day, n in done.annotate(n=Count("pk")):
        jobs[financial_year(day)] = jobs.get(financial_year(day), 0) + n
    claimed: dict[int, set[int]] = {}
    paid_jobs: dict[int, set[int]] = {}
    paid: dict[int, Decimal] = {}
    rows = DamageClaim.objects.order_by().values_list(
        "visit_id", "visit__day", "visit__state", "outcome", "paid", "settled_on"
    )
    for key, day, state, outcome, amount, settled_on in rows:
        if state == VisitState.DONE:  # the rate is of finished jobs, so its numerator is too
            claimed.setdefault(financial_year(day), set()).add(key)
            if outcome == ClaimOutcome.PAID:
                paid_jobs.setdefault(financial_year(day), set()).add(key)
        if outcome == ClaimOutcome.PAID and settled_on:
            paid[financial_year(settled_on)] = paid.get(financial_year(settled_on), Decimal(0)) + (amount or 0)
    budgets: Mapping[int, Decimal] = dict(ClaimsBudget.objects.values_list("year", "amount"))
    return [
        ClaimsYear(
            year,
            jobs.get(year, 0),
            len(claimed.get(year, ())),
            len(paid_jobs.get(year, ())),
            paid.get(year, Decimal(0)),
            budgets.get(year),
        )
        for year in sorted({financial_year(today), *jobs, *paid, *budgets}, reverse=True)
    ]
