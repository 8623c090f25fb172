"""Claims for damage: settled once, paid for a reason, and a rate that names its jobs."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from frankpledge.delivery.home_security.models import DamageClaim, Visit
from frankpledge.delivery.home_security.pages.damage import rate_words
from frankpledge.delivery.home_security.rules import damage as rules
from frankpledge.delivery.home_security.selectors import damage as selectors
from frankpledge.delivery.home_security.services import damage as services
from frankpledge.delivery.home_security.vocabulary import ClaimOutcome
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.vocabulary.errors import DataProblem, NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.homes.asking_town import BY
from tests.homes.beside import done_visit
from tests.pages.html import check_page
from tests.people import make_person, signed_in

PAID, DECLINED = ClaimOutcome.PAID, ClaimOutcome.DECLINED


class TestRules:
    def test_mansfields_rate_names_claims_and_jobs(self) -> None:
        """Register A08: 0.25 % of 2,383 jobs are six."""
        rate = rules.claim_rate(6, 2_383)
        assert rate is not None and rate_words(rate) == "6 of 2,383 jobs, 0.25 % (0.12 to 0.55 %)"
        assert rules.claim_rate(0, 0) is None
        none = rules.claim_rate(0, 40)
        assert none is not None and none.low == 0 and none.high > 5

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"has_begun": False}, "Nobody worked"),
            ({"claimed_on": date(2026, 4, 30)}, "before the visit of 01/05/2026"),
            ({"claimed_on": date(2026, 6, 2)}, "lies ahead"),
            ({"amount": Decimal(0)}, "Enter a sum"),
            ({"amount": Decimal("1.005")}, "pounds and pence"),
            ({"amount": Decimal("NaN")}, "Enter a sum"),
        ],
    )
    def test_an_impossible_claim_gets_one_sentence(self, change: dict[str, object], words: str) -> None:
        claim: dict[str, object] = {
            "visited_on": date(2026, 5, 1), "has_begun": True, "claimed_on": date(2026, 5, 1),
            "amount": Decimal(80), "today": date(2026, 6, 1),
        }  # fmt: skip
        rules.check_claim(**claim)  # type: ignore[arg-type]
        with pytest.raises(DataProblem, match=words):
            rules.check_claim(**(claim | change))  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("outcome", "paid", "because", "on", "words"),
        [
            (PAID, "80.01", "", 0, "more than the £80.00 asked for"),
            (PAID, None, "", 0, "how much is paid"),
            (PAID, "0", "", 0, "Enter a sum"),
            (DECLINED, None, "", 0, "why it is declined"),
            (DECLINED, "5", "wear", 0, "not paid"),
            (PAID, "80", "", -1, "on that day or later"),
            (PAID, "80", "", 400, "not in days to come"),
            (ClaimOutcome.OPEN, "80", "", 0, "paid or declined"),
        ],
    )
    def test_an_impossible_settlement_too(
        self, outcome: ClaimOutcome, paid: str | None, because: str, on: int, words: str
    ) -> None:
        with pytest.raises(DataProblem, match=words):
            rules.check_settlement(
                outcome=outcome, asked=Decimal(80), paid=Decimal(paid) if paid else None, because=because,
                claimed_on=date(2026, 5, 1), settled_on=date(2026, 5, 1) + timedelta(days=on), today=date(2026, 6, 1),
            )  # fmt: skip

    def test_more_than_asked_is_paid_with_a_reason_and_less_without(self) -> None:
        for paid, because in (("95", "a new lock cost more"), ("40", "")):
            rules.check_settlement(
                outcome=PAID, asked=Decimal(80), paid=Decimal(paid), because=because, claimed_on=date(2026, 5, 1),
                settled_on=date(2026, 5, 9), today=date(2026, 6, 1),
            )  # fmt: skip

    def test_years_begin_in_april(self) -> None:
        assert rules.financial_year(date(2026, 3, 31)) == 2025 and rules.year_name(2025) == "2025/26"
        assert rules.financial_year(date(2026, 4, 1)) == 2026 and rules.year_name(2099) == "2099/00"


def claim_of(visit: Visit, amount: str = "80") -> DamageClaim:
    return services.raise_claim(visit, claimed_on=visit.day, what="door frame", amount=Decimal(amount), by=BY)


@pytest.mark.django_db
class TestServices:
    def test_a_claim_is_settled_once_and_says_by_whom(self) -> None:
        claim = claim_of(done_visit(1))
        held = services.settle_claim(claim, outcome=PAID, paid=Decimal(70), by=BY)
        assert (held.outcome, held.paid, held.settled_by_name) == (PAID, Decimal(70), BY.name)
        with pytest.raises(RuleBroken, match="not settled twice"):
            services.settle_claim(claim, outcome=DECLINED, because="wear", by=BY)

    def test_a_visit_at_which_nobody_worked_can_have_damaged_nothing(self) -> None:
        visit = done_visit(1)
        Visit.objects.filter(pk=visit.pk).update(started_at=None, state="no answer")
        visit.refresh_from_db()
        with pytest.raises(DataProblem, match="Nobody worked"):
            claim_of(visit)

    def test_a_job_counts_once_and_money_in_the_year_it_was_paid(self) -> None:
        visit, other = done_visit(1), done_visit(2)
        for claim in (claim_of(visit), claim_of(visit, "20"), claim_of(other)):
            services.settle_claim(claim, outcome=PAID, paid=claim.amount, by=BY)
        claim_of(other)
        today = timezone.localdate()
        services.set_budget(year=rules.financial_year(today), amount=Decimal(500), by=BY)
        years = selectors.years(today)
        assert sum(one.jobs for one in years) == 2
        assert (sum(one.paid_jobs for one in years), sum(one.claimed for one in years)) == (2, 2)
        assert years[0].paid == Decimal(180) and years[0].budget == Decimal(500)

    def test_a_claim_sent_twice_is_one(self) -> None:
        visit = done_visit(1)
        assert claim_of(visit) == claim_of(visit)
        assert claim_of(visit, "20") != claim_of(visit) and DamageClaim.objects.count() == 2

    def test_who_may_not_is_refused(self) -> None:
        visit = done_visit(1)
        with pytest.raises(NotPermitted):
            services.raise_claim(
                visit, claimed_on=visit.day, what="x", amount=Decimal(1), by=make_person(Role.MANAGER).actor
            )


@pytest.mark.django_db
class TestPages:
    def test_found_raised_settled_and_held_against_the_budget(self) -> None:
        browser = signed_in(Role.COORDINATOR)
        assert "No visit is done yet" in check_page(browser.get("/deliver/homes/damage/").content.decode()).html
        visit = done_visit(31)
        done_visit(32)
        find = "/deliver/homes/damage/find/"
        assert "31 Quarry" not in browser.get(f"{find}?find=31+quarry").content.decode(), (
            "addresses stay out of histories"
        )
        page = browser.post(find, {"find": "31 quarry"}).content.decode()
        assert f"/deliver/homes/damage/visits/{visit.pk}/" in check_page(page).html and "32 Quarry" not in page
        assert AuditEntry.objects.filter(act="consultation", subject="homes:visits").count() == 1
        assert visit.request is not None
        written = visit.request.reference.lower().replace("-", " ")
        assert "31 Quarry" in browser.post(find, {"find": written}).content.decode()
        assert "matches" in browser.post(find, {"find": "nowhere"}).content.decode()
        assert browser.post(find, {"find": ""}).status_code == 422
        there = f"/deliver/homes/damage/visits/{visit.pk}/"
        check_page(browser.get(there).content.decode())
        assert AuditEntry.objects.filter(act="consultation", subject=f"homes:visit {visit.pk}").count() == 1
        before = (visit.day - timedelta(days=1)).isoformat()
        answer = browser.post(there, {"what": "door", "amount": "80", "claimed_on": before})
        assert answer.status_code == 422 and "before the visit" in answer.content.decode()
        browser.post(there, {"what": "door", "amount": "80", "claimed_on": visit.day.isoformat()})
        claim = DamageClaim.objects.get()
        here, today = f"/deliver/homes/damage/{claim.pk}/", timezone.localdate().isoformat()
        check_page(browser.get(here).content.decode())
        answer = browser.post(here, {"outcome": "paid", "paid": "90", "settled_on": today})
        assert answer.status_code == 422 and "Say why" in answer.content.decode()
        browser.post(here, {"outcome": "declined", "paid": "80", "because": "old crack", "settled_on": today})
        claim.refresh_from_db()
        assert (claim.outcome, claim.paid) == (DECLINED, None)
        services.settle_claim(claim_of(visit), outcome=PAID, paid=Decimal(120), because="dearer", by=BY)
        assert browser.post("/deliver/homes/damage/budget/", {"amount": "much"}).status_code == 422
        browser.post("/deliver/homes/damage/budget/", {"amount": "100"})
        page = check_page(browser.get("/deliver/homes/damage/").content.decode()).html
        assert "1 of 2 jobs ended in a payment for damage: 50.00 %" in page
        assert "£120.00 paid" in page and "£20.00 too much" in page

    def test_a_manager_reads_no_addresses(self) -> None:
        claim_of(done_visit(31))
        browser = signed_in(Role.MANAGER)
        page = browser.get("/deliver/homes/damage/").content.decode()
        assert "door frame" in page and "Quarry Lane" not in page
