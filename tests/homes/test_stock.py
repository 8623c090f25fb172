"""Stock is never below nought, and a shortage is known before it bites."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from frankpledge.delivery.home_security.models import StockItem, StockLevel, StockMove, StockPlace
from frankpledge.delivery.home_security.rules.stock import load_for, outlook
from frankpledge.delivery.home_security.services import stock as services
from frankpledge.delivery.home_security.vocabulary import MoveReason
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.homes.asking_town import BY
from tests.people import signed_in

WEDNESDAY = date(2026, 9, 30)


def days(counts: list[int], first: date = WEDNESDAY) -> list[tuple[date, int]]:
    """One booking a working day, from the first on."""
    found, day = [], first
    for count in counts:
        while day.weekday() >= 5:
            day += timedelta(days=1)
        found.append((day, count))
        day += timedelta(days=1)
    return found


class TestOutlook:
    def test_ninety_kits_at_eighteen_a_day_run_out_on_the_sixth_working_day(self) -> None:
        """The mockup's card: 90 left, 18 a day, six working days to deliver."""
        look = outlook(held=90, wanted=days([18] * 8), coming=[], usual_a_day=18, lead_days=6, order_size=20,
                       today=WEDNESDAY)  # fmt: skip
        assert look.runs_out_on == date(2026, 10, 7)
        assert look.comes_on == date(2026, 10, 8)
        assert look.is_short(WEDNESDAY) and look.visits_without == 1
        assert look.suggested % 20 == 0 and look.suggested >= 18 * 10

    def test_enough_is_enough(self) -> None:
        look = outlook(held=90, wanted=days([5, 5]), coming=[], usual_a_day=0, lead_days=6, order_size=20,
                       today=WEDNESDAY)  # fmt: skip
        assert (look.runs_out_on, look.order_by, look.suggested, look.visits_without) == (None, None, 0, 0)

    def test_what_is_on_its_way_counts_from_the_day_it_is_due(self) -> None:
        late = outlook(held=3, wanted=days([2, 2, 2]), coming=[(date(2026, 10, 2), 10)], usual_a_day=0, lead_days=1,
                       order_size=1, today=WEDNESDAY)  # fmt: skip
        assert late.runs_out_on == date(2026, 10, 1)
        soon = outlook(held=3, wanted=days([2, 2, 2]), coming=[(date(2026, 10, 1), 10)], usual_a_day=0, lead_days=1,
                       order_size=1, today=WEDNESDAY)  # fmt: skip
        assert soon.runs_out_on is None

    @pytest.mark.parametrize("seed", range(30))
    def test_the_day_it_runs_out_equals_counting_on_one_s_fingers(self, seed: int) -> None:
        draw = random.Random(seed)
        wanted = [
            (WEDNESDAY + timedelta(days=draw.randrange(20)), draw.randint(1, 4)) for _ in range(draw.randint(0, 25))
        ]
        held = draw.randint(0, 40)
        look = outlook(held=held, wanted=wanted, coming=[], usual_a_day=0, lead_days=3, order_size=5, today=WEDNESDAY)
        left, expected = held, None
        for day, count in sorted(wanted):
            left -= count
            if left < 0:
                expected = day
                break
        assert look.runs_out_on == expected
        assert (look.suggested > 0) == (expected is not None)

    def test_a_van_is_loaded_with_what_it_lacks(self) -> None:
        assert load_for({"lock": 5, "alarm": 1}, {"lock": 2, "alarm": 3}) == {"lock": 3}


@pytest.fixture
def lock(db: None) -> StockItem:
    """An item, ten of it in the store, and a second place."""
    item = StockItem.objects.create(key="lock", name="Deadlock", price=Decimal("17.80"), order_size=10, lead_days=4)
    store = StockPlace.objects.create(kind="store", name="Store", easting=1.0, northing=1.0)
    services.move(item, 10, to_place=store, why=MoveReason.COUNTED, by=BY)
    return item


def store() -> StockPlace:
    return StockPlace.objects.get(name="Store")


def level() -> int:
    return StockLevel.objects.get(place=store()).count


class TestNeverBelowNought:
    def test_more_than_there_is_cannot_leave(self, lock: StockItem) -> None:
        with pytest.raises(RuleBroken, match="Store holds 10 of Deadlock, so 11 cannot leave it"):
            services.move(lock, 11, from_place=store(), why=MoveReason.DAMAGED, by=BY)
        assert level() == 10 and StockMove.objects.count() == 1

    @pytest.mark.parametrize("count", [0, -3, 100_001])
    def test_a_number_that_is_none_is_refused(self, lock: StockItem, count: int) -> None:
        with pytest.raises(DataProblem):
            services.move(lock, count, to_place=store(), why=MoveReason.DELIVERY, by=BY)

    def test_from_nowhere_to_nowhere_is_refused(self, lock: StockItem) -> None:
        with pytest.raises(DataProblem, match="two different places"):
            services.move(lock, 1, from_place=store(), to_place=store(), why=MoveReason.LOADED, by=BY)

    def test_counting_again_leaves_a_move_for_the_difference(self, lock: StockItem) -> None:
        services.count_again(lock, store(), count=7, note="shelf counted", by=BY)
        move = StockMove.objects.first()
        assert move is not None and (move.count, move.from_place, move.to_place) == (3, store(), None)
        assert services.count_again(lock, store(), count=7, by=BY) is None
        with pytest.raises(DataProblem):
            services.count_again(lock, store(), count=-1, by=BY)

    def test_levels_are_the_sum_of_their_moves(self, lock: StockItem) -> None:
        van = StockPlace.objects.create(kind="store", name="Garage")
        draw = random.Random(1)
        for _ in range(40):
            here, there = draw.sample([store(), van], 2)
            try:
                services.move(lock, draw.randint(1, 6), from_place=here, to_place=there, why=MoveReason.LOADED, by=BY)
            except RuleBroken:
                continue
        for place in (store(), van):
            came = sum(move.count for move in StockMove.objects.filter(to_place=place))
            went = sum(move.count for move in StockMove.objects.filter(from_place=place))
            assert StockLevel.objects.get(place=place, item=lock).count == came - went >= 0


class TestOrders:
    def test_an_order_is_due_after_its_lead_time_and_lies_in_the_store_when_it_came(self, lock: StockItem) -> None:
        order = services.place_order(lock, count=20, today=date(2026, 10, 2), because="a test", by=BY)
        assert (order.due_on, order.cost) == (date(2026, 10, 8), Decimal("356.00"))
        services.take_delivery(order, count=18, by=BY)
        assert level() == 28
        with pytest.raises(RuleBroken, match="delivered already"):
            services.take_delivery(order, count=18, by=BY)

    def test_boxes_are_not_broken(self, lock: StockItem) -> None:
        with pytest.raises(DataProblem, match="boxes of 10"):
            services.place_order(lock, count=15, by=BY)


def test_the_page_orders_takes_in_and_counts(lock: StockItem) -> None:
    browser = signed_in(Role.COORDINATOR)
    browser.post(f"/deliver/homes/stock/{lock.pk}/order/", {"count": "20", "other": "Locksmith", "because": "no list"})
    order = lock.orders.get()
    assert "Deadlock" in browser.get("/deliver/homes/stock/").content.decode()
    StockItem.objects.create(key="kit", name="Marking kit", price=Decimal(9))
    browser.post(f"/deliver/homes/stock/orders/{order.pk}/delivered/", {"count": "20"})
    assert level() == 30
    browser.post("/deliver/homes/stock/count/", {"item": lock.pk, "place": store().pk, "count": "29"})
    assert level() == 29
    answer = browser.post(
        "/deliver/homes/stock/count/", {"item": lock.pk, "place": store().pk, "count": "-1"}, follow=True
    )
    assert "never below nought" in answer.content.decode() and level() == 29


def test_a_manager_reads_and_changes_nothing(lock: StockItem) -> None:
    browser = signed_in(Role.MANAGER)
    text = browser.get("/deliver/homes/stock/").content.decode()
    assert "Deadlock" in text and "<form" not in text.split('id="main-content"')[-1]
    assert browser.post(f"/deliver/homes/stock/{lock.pk}/order/", {"count": "20"}).status_code == 404
