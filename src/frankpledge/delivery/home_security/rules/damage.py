"""Claims for damage: what can be claimed and settled, and how often a job ends in a payment."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from frankpledge.analysis.rates import wilson_limits
from frankpledge.delivery.home_security.vocabulary import ClaimOutcome
from frankpledge.vocabulary.errors import DataProblem

MOST_POUNDS = Decimal("99999.99")
APRIL = 4


def financial_year(day: date) -> int:
    """The year in which a day's financial year began: it runs from April to March."""
    return day.year if day.month >= APRIL else day.year - 1


def year_name(year: int) -> str:
    """``2026/27``."""
    return f"{year}/{(year + 1) % 100:02d}"


def pounds(amount: Decimal) -> str:
    """``£1,250.00``."""
    return f"£{amount:,.2f}"


def check_sum(amount: Decimal, *, least: Decimal = Decimal("0.01")) -> None:
    """Raise DataProblem for a sum that is none."""
    if not amount.is_finite() or not least <= amount <= MOST_POUNDS or amount != round(amount, 2):
        raise DataProblem(f"Enter a sum from {pounds(least)} to {pounds(MOST_POUNDS)}, in pounds and pence.")


def check_claim(*, visited_on: date, has_begun: bool, claimed_on: date, amount: Decimal, today: date) -> None:
    """Raise DataProblem for a claim that cannot be: of a visit that was not, before it, or of a day to come."""
    if not has_begun:
        raise DataProblem(
            "Nobody worked at this visit, so it can have damaged nothing. Choose the visit that was done."
        )
    if claimed_on < visited_on:
        raise DataProblem(
            f"The claim would come before the visit of {visited_on:%d/%m/%Y}. Change the day of the claim."
        )
    if claimed_on > today:
        raise DataProblem("The day of the claim lies ahead.")
    check_sum(amount)


def check_settlement(
    *,
    outcome: ClaimOutcome,
    asked: Decimal,
    paid: Decimal | None,
    because: str,
    claimed_on: date,
    settled_on: date,
    today: date,
) -> None:
    """Raise DataProblem for a settlement that cannot be, or that lacks its reason."""
    if not claimed_on <= settled_on <= today:
        raise DataProblem(f"A claim of {claimed_on:%d/%m/%Y} is settled on that day or later, and not in days to come.")
    if outcome is ClaimOutcome.OPEN:
        raise DataProblem("Say whether it is paid or declined.")
    if outcome is ClaimOutcome.DECLINED:
        if paid:
            raise DataProblem("A declined claim is not paid. Clear the sum, or choose “paid”.")
        if not because:
            raise DataProblem("Say why it is declined: the resident is told.")
        return
    if paid is None:
        raise DataProblem("Enter how much is paid.")
    check_sum(paid)
    if paid > asked and not because:
        raise DataProblem(f"{pounds(paid)} is more than the {pounds(asked)} asked for. Say why.")


@dataclass(frozen=True, slots=True)
class ClaimRate:
    """Jobs with a claim of a kind, of all jobs: never one without the other. ``low`` and ``high``: 95 %, Wilson."""

    claims: int
    jobs: int
    low: float
    high: float

    @property
    def percent(self) -> float:
        """Of a hundred jobs."""
        return 100 * self.claims / self.jobs


def claim_rate(claims: int, jobs: int) -> ClaimRate | None:
    """The rate with its interval; None before the first job. ``claims`` counts jobs, so it is never above ``jobs``."""
    if jobs == 0:
        return None
    limits = wilson_limits(claims, jobs)
    return ClaimRate(claims, jobs, 100 * (limits.lower or 0.0), 100 * limits.upper)
