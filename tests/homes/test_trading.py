"""The stall's account: what is sold leaves the store, the balance is the sum of its lines, mistakes are taken back."""

import csv
import io
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from frankpledge.delivery.home_security.models import StockMove, TradeLine
from frankpledge.delivery.home_security.rules.trading import Line, balance, quarter_of, statement
from frankpledge.delivery.home_security.selectors import trading as selectors
from frankpledge.delivery.home_security.services import stock, suppliers
from frankpledge.delivery.home_security.services import trading as services
from frankpledge.delivery.home_security.vocabulary import MoveReason, TradeKind
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.homes.asking_town import BY
from tests.homes.beside import in_store, stocked
from tests.pages.html import check_page
from tests.people import signed_in


class TestStatement:
    def test_worked_by_hand(self) -> None:
        lines = [
            Line(date(2026, 2, 3), TradeKind.GIVEN, Decimal(100)),
            Line(date(2026, 3, 31), TradeKind.SOLD, Decimal("28.50")),
            Line(date(2026, 8, 1), TradeKind.REINVESTED, Decimal(60)),
            Line(date(2026, 8, 2), TradeKind.INCOME_BACK, Decimal("9.50"), TradeKind.SOLD),
            Line(date(2026, 9, 30), TradeKind.SPENT, Decimal(12)),
            Line(date(2026, 10, 1), TradeKind.COST_BACK, Decimal(12), TradeKind.SPENT),
        ]
        rows = statement(lines, date(2026, 11, 21))
        assert [(one.first, one.last) for one in rows][0] == (date(2026, 1, 1), date(2026, 3, 31))
        assert [one.closing for one in rows] == [Decimal("128.50"), Decimal("128.50"), Decimal(47), Decimal(59)]
        assert (rows[2].sold, rows[2].reinvested, rows[2].spent) == (Decimal("-9.50"), Decimal(-60), Decimal(-12))
        assert rows[3].spent == 12

    @pytest.mark.parametrize("seed", range(20))
    def test_the_last_closing_is_the_balance_and_quarters_join(self, seed: int) -> None:
        draw = random.Random(seed)
        kinds = [kind for kind in TradeKind if "back" not in kind]
        lines = [
            Line(date(2024, 1, 1) + timedelta(days=draw.randrange(900)), draw.choice(kinds),
                 Decimal(draw.randint(1, 9_999)) / 100)
            for _ in range(draw.randint(1, 60))
        ]  # fmt: skip
        rows = statement(lines, date(2026, 7, 1))
        assert rows[-1].closing == balance(lines) and rows[0].opening == 0
        for before, after in zip(rows, rows[1:], strict=False):
            assert after.opening == before.closing and after.first == before.last + timedelta(days=1)

    def test_quarters(self) -> None:
        assert quarter_of(date(2026, 12, 31)) == (date(2026, 10, 1), date(2026, 12, 31))
        assert statement([], date(2026, 1, 1)) == []


def today() -> date:
    return timezone.localdate()


@pytest.mark.django_db
class TestServices:
    def test_what_is_sold_leaves_the_store_and_never_more_than_is_there(self) -> None:
        item = stocked(10)
        services.sell(item, count=4, price=Decimal("7.50"), on=today(), where="Market", by=BY)
        assert in_store(item) == 6 and selectors.balance() == 30
        assert StockMove.objects.first().why == MoveReason.SOLD  # type: ignore[union-attr]
        with pytest.raises(RuleBroken, match="Store holds 6"):
            services.sell(item, count=7, price=Decimal("7.50"), on=today(), by=BY)
        assert in_store(item) == 6 and TradeLine.objects.count() == 1

    @pytest.mark.parametrize(("price", "days"), [("0", 0), ("-1", 0), ("7.555", 0), ("7.50", 1)])
    def test_no_price_and_no_day_to_come(self, price: str, days: int) -> None:
        item = stocked(10)
        with pytest.raises(DataProblem):
            services.sell(item, count=1, price=Decimal(price), on=today() + timedelta(days=days), by=BY)
        assert in_store(item) == 10 and not TradeLine.objects.exists()

    def test_only_what_is_there_is_spent(self) -> None:
        item = stocked(10)
        suppliers.add_supplier(name="Brand", service="kits", approved_on=today(), expires_on=today(), by=BY)
        services.take_in(amount=Decimal(60), on=today(), note="grant", by=BY)
        services.reinvest(item, count=10, supplier_name="Brand", by=BY)
        assert selectors.balance() == 10
        with pytest.raises(RuleBroken, match="holds £10.00, so £50.00 cannot be spent"):
            services.reinvest(item, count=10, supplier_name="Brand", by=BY)
        with pytest.raises(RuleBroken, match="cannot be spent"):
            services.spend(amount=Decimal("10.01"), on=today(), note="stall", by=BY)
        assert item.orders.count() == 1

    def test_a_sale_taken_back_returns_the_kits_once(self) -> None:
        item = stocked(10)
        line = services.sell(item, count=4, price=Decimal(5), on=today(), by=BY)
        services.take_back(line, because="counted twice", by=BY)
        assert in_store(item) == 10 and selectors.balance() == 0
        with pytest.raises(RuleBroken, match="taken back already"):
            services.take_back(line, because="again", by=BY)

    def test_an_order_taken_back_is_called_off_unless_it_came(self) -> None:
        item = stocked(10)
        services.take_in(amount=Decimal(200), on=today(), note="grant", by=BY)
        first = services.reinvest(item, count=10, because="nobody is listed", by=BY)
        services.take_back(first, because="wrong item", by=BY)
        assert item.orders.get().state == "cancelled" and selectors.balance() == 200
        second = services.reinvest(item, count=10, because="nobody is listed", by=BY)
        assert second.order is not None
        stock.take_delivery(second.order, count=10, by=BY)
        with pytest.raises(RuleBroken, match="delivered already"):
            services.take_back(second, because="too late", by=BY)
        assert selectors.balance() == 150


@pytest.mark.django_db
class TestPages:
    def test_a_stall_from_sale_to_statement(self) -> None:
        browser = signed_in(Role.COORDINATOR)
        assert "The account is empty" in check_page(browser.get("/deliver/homes/sales/").content.decode()).html
        item, day = stocked(10), today().isoformat()
        sale: dict[str, Any] = {"item": item.pk, "count": "3", "price": "7.50", "on": day, "where": "=Market"}
        check_page(browser.get("/deliver/homes/sales/sell/").content.decode())
        assert browser.post("/deliver/homes/sales/sell/", sale | {"count": "0"}).status_code == 422
        answer = browser.post("/deliver/homes/sales/sell/", sale | {"count": "11"})
        assert answer.status_code == 422 and "Store holds 10" in answer.content.decode()
        browser.post("/deliver/homes/sales/sell/", sale)
        other = {"way": "out", "amount": "2.50", "on": day, "note": "table"}
        check_page(browser.get("/deliver/homes/sales/other/").content.decode())
        browser.post("/deliver/homes/sales/other/", other)
        browser.post("/deliver/homes/sales/other/", other | {"way": "in", "amount": "100", "note": "grant"})
        order = {"item": item.pk, "count": "10", "supplier": "", "other": "Corner shop"}
        check_page(browser.get("/deliver/homes/sales/order/").content.decode())
        assert browser.post("/deliver/homes/sales/order/", order).status_code == 422
        browser.post("/deliver/homes/sales/order/", order | {"because": "only they had it"})
        page = check_page(browser.get("/deliver/homes/sales/").content.decode()).html
        assert "The account holds £70.00: £22.50 sold and £100.00 given, £50.00 spent" in page
        line = TradeLine.objects.get(kind=TradeKind.SOLD)
        check_page(browser.get(f"/deliver/homes/sales/{line.pk}/back/").content.decode())
        assert browser.post(f"/deliver/homes/sales/{line.pk}/back/", {"because": ""}).status_code == 422
        browser.post(f"/deliver/homes/sales/{line.pk}/back/", {"because": "counted twice"})
        assert "£47.50" in browser.get("/deliver/homes/sales/").content.decode()

    def test_the_statement_as_a_file(self) -> None:
        item = stocked(10)
        services.sell(item, count=2, price=Decimal(5), on=today(), where="=1+1", by=BY)
        browser = signed_in(Role.MANAGER)
        rows = list(csv.reader(io.StringIO(browser.get("/deliver/homes/sales/statement.csv").content.decode())))
        assert rows[0][-1] == "closing" and rows[1][-1] == "10.00"
        answer = browser.get("/deliver/homes/sales/statement.ods")
        assert answer.content[:2] == b"PK" and b"trading-account.ods" in answer["Content-Disposition"].encode()
        assert browser.get("/deliver/homes/sales/statement.pdf").status_code == 404
