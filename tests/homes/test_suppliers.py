"""Approved suppliers: an order is judged by its own day, an approval's end is seen coming, nothing is forbidden."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from frankpledge.delivery.home_security.models import StockOrder, Supplier
from frankpledge.delivery.home_security.rules.suppliers import (
    Span,
    Standing,
    Why,
    check_span,
    standing,
    why_not_approved,
)
from frankpledge.delivery.home_security.selectors import suppliers as selectors
from frankpledge.delivery.home_security.services import stock
from frankpledge.delivery.home_security.services import suppliers as services
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.homes.asking_town import BY
from tests.homes.beside import stocked
from tests.pages.html import check_page
from tests.people import signed_in

DAY = date(2026, 6, 1)


def span(first: int, last: int) -> Span:
    """From so many days after DAY until so many."""
    return Span(DAY + timedelta(days=first), DAY + timedelta(days=last))


class TestRules:
    @pytest.mark.parametrize(
        ("spans", "expected"),
        [
            ([span(-100, 61)], Standing.APPROVED),
            ([span(-100, 60)], Standing.ENDS_SOON),
            ([span(-100, 0)], Standing.ENDS_SOON),
            ([span(-100, -1)], Standing.ENDED),
            ([span(1, 100)], Standing.TO_COME),
            ([span(-100, 10), span(11, 400)], Standing.APPROVED),  # renewed without a gap
            ([span(-100, 10), span(12, 400)], Standing.ENDS_SOON),  # a day without approval
        ],
    )
    def test_where_a_supplier_stands(self, spans: list[Span], expected: Standing) -> None:
        assert standing(spans, DAY) is expected

    def test_an_order_is_judged_by_its_own_day(self) -> None:
        known = {"acme locks": [span(-10, 10), span(40, 80)]}
        asked = [(-11, Why.NOT_YET), (-10, None), (10, None), (11, Why.ENDED), (40, None), (81, Why.ENDED)]
        for days, why in asked:
            assert why_not_approved(" ACME  Locks", DAY + timedelta(days=days), known) is why, days
        assert why_not_approved("", DAY, known) is Why.NOBODY
        assert why_not_approved("Corner shop", DAY, known) is Why.NOT_LISTED

    @pytest.mark.parametrize(
        ("new", "words"), [(span(5, 4), "before it begins"), (span(0, 3_000), "5 years"), (span(0, 10), "later")]
    )
    def test_an_approval_that_cannot_be(self, new: Span, words: str) -> None:
        with pytest.raises(DataProblem, match=words):
            check_span(new, [span(-10, 10)])


@pytest.mark.django_db
class TestOrders:
    def test_elsewhere_needs_a_reason_and_stands_on_the_list(self) -> None:
        item, today = stocked(), timezone.localdate()
        services.add_supplier(name="Acme", service="kits", approved_on=today, expires_on=today, by=BY)
        stock.place_order(item, count=10, supplier_name="acme", by=BY)
        with pytest.raises(RuleBroken, match="Corner shop is not on the list"):
            stock.place_order(item, count=10, supplier_name="Corner shop", by=BY)
        stock.place_order(item, count=10, supplier_name="Corner shop", because="Acme is out of kits", by=BY)
        found = selectors.judged_orders(today)
        assert found.orders == 2
        assert [(order.supplier_name, order.because, why) for order, why in found.exceptions] == [
            ("Corner shop", "Acme is out of kits", Why.NOT_LISTED)
        ]
        item.refresh_from_db()
        assert item.supplier_name == "acme", "whoever is approved is offered first next time"

    def test_one_name_is_one_supplier(self) -> None:
        services.add_supplier(name="Acme", service="kits", approved_on=DAY, expires_on=DAY, by=BY)
        with pytest.raises(RuleBroken, match="on the list already"):
            services.add_supplier(name=" ACME ", service="locks", approved_on=DAY, expires_on=DAY, by=BY)

    def test_a_renewal_leaves_the_gap_as_it_was(self) -> None:
        made = services.add_supplier(name="Acme", service="kits", approved_on=DAY, expires_on=DAY, by=BY)
        services.renew(made, approved_on=DAY + timedelta(days=5), expires_on=DAY + timedelta(days=9), by=BY)
        assert selectors.why_not_approved("Acme", DAY + timedelta(days=2)) is Why.ENDED
        assert selectors.why_not_approved("Acme", DAY + timedelta(days=7)) is None


@pytest.mark.django_db
class TestPages:
    def test_listed_warned_renewed(self) -> None:
        browser, today = signed_in(Role.COORDINATOR), timezone.localdate()
        assert (
            "No supplier is on the list yet"
            in check_page(browser.get("/deliver/homes/suppliers/").content.decode()).html
        )
        check_page(browser.get("/deliver/homes/suppliers/add/").content.decode())
        new = {"name": "Acme", "service": "kits", "ground": "tender", "approved_on": today.isoformat()}
        add = "/deliver/homes/suppliers/add/"
        assert browser.post(add, new | {"expires_on": "2020-01-01"}).status_code == 422
        browser.post(add, new | {"expires_on": (today + timedelta(days=20)).isoformat()})
        page = check_page(browser.get("/deliver/homes/suppliers/").content.decode()).html
        assert "The approval of Acme ends on" in page and "20 days left" in page
        there = f"/deliver/homes/suppliers/{Supplier.objects.get().pk}/renew/"
        check_page(browser.get(there).content.decode())
        answer = browser.post(there, {"approved_on": today.isoformat(), "expires_on": today.isoformat()})
        assert answer.status_code == 422 and "later than that" in answer.content.decode()
        later = (today + timedelta(days=300)).isoformat()
        browser.post(there, {"approved_on": today.isoformat(), "expires_on": later})
        page = browser.get("/deliver/homes/suppliers/").content.decode()
        assert "approved until" in page and "days left" not in page

    def test_ordering_offers_the_approved_and_asks_why_not(self) -> None:
        browser, today, item = signed_in(Role.COORDINATOR), timezone.localdate(), stocked()
        services.add_supplier(name="Acme", service="kits", approved_on=today, expires_on=today, by=BY)
        there = f"/deliver/homes/stock/{item.pk}/order/"
        page = check_page(browser.get(f"{there}?count=30").content.decode()).html
        assert ">Acme: kits</option>" in page and 'value="30"' in page
        answer = browser.post(there, {"count": "10", "supplier": "", "other": "Corner shop"})
        assert answer.status_code == 422 and "say why" in answer.content.decode()
        assert browser.post(there, {"count": "7", "supplier": "Acme"}).status_code == 422
        browser.post(there, {"count": "10", "supplier": "", "other": "Corner shop", "because": "sold out"})
        browser.post(there, {"count": "20", "supplier": "Acme"})
        assert StockOrder.objects.count() == 2
        page = check_page(browser.get("/deliver/homes/suppliers/").content.decode()).html
        assert "1 of 2 orders of the last twelve months went to nobody on the approved list." in page
        assert "1 order, £100.00" in page, "what each supplier had"
        assert "sold out" in page and signed_in(Role.MANAGER).get("/deliver/homes/suppliers/").status_code == 200
