"""Finished visits and a store, as the work beside the visits finds them."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from frankpledge.delivery.home_security.models import (
    Crew,
    Fitted,
    HomeRequest,
    Measure,
    StockItem,
    StockLevel,
    StockPlace,
    Visit,
)
from frankpledge.delivery.home_security.rules import asking as rules
from frankpledge.delivery.home_security.services import stock
from frankpledge.delivery.home_security.vocabulary import MeasureKind, MoveReason, VisitState
from tests.homes.asking_town import BY, POSTCODE, uprn


def done_visit(number: int, days_ago: int = 30, *, alarm: bool = True, ward: str = "X05000001") -> Visit:
    """A visit finished so many days ago at a house on Quarry Lane."""
    day = timezone.localdate() - timedelta(days=days_ago)
    start = timezone.make_aware(datetime.combine(day, time(9, 30)))
    asked = HomeRequest.objects.create(
        reference=_reference(number), password="quiet otter", uprn=uprn(number), address=f"{number} Quarry Lane",
        postcode=POSTCODE, ward=ward, name="Mrs Kaur", telephone="07700 900417", consent_contact=True, state="done",
        channel="telephone", asked_at=start - timedelta(days=9),
    )  # fmt: skip
    crew, _ = Crew.objects.get_or_create(name="A")
    visit = Visit.objects.create(
        request=asked, uprn=uprn(number), day=day, crew=crew, state=VisitState.DONE, started_at=start,
        finished_at=start + timedelta(minutes=50),
    )  # fmt: skip
    if alarm:
        measure, _ = Measure.objects.get_or_create(
            key="alarm",
            defaults={"name": "Alarm", "kind": MeasureKind.ALARM, "funder": "us", "price": 80, "minutes": 9},
        )
        Fitted.objects.create(visit=visit, uprn=visit.uprn, measure=measure, funder="us", fitted_on=day)
    return visit


def _reference(number: int) -> str:
    letters = [rules.ALPHABET[number // len(rules.ALPHABET) ** place % len(rules.ALPHABET)] for place in range(6)]
    return f"H-{''.join(reversed(letters))}"


def stocked(count: int = 10, *, key: str = "marking-kit", box: int = 10) -> StockItem:
    """An item at £5.00, of which so many lie in the store."""
    item = StockItem.objects.create(key=key, name="Marking kit", price=Decimal("5.00"), order_size=box, lead_days=4)
    store, _ = StockPlace.objects.get_or_create(name="Store", defaults={"kind": "store"})
    stock.move(item, count, to_place=store, why=MoveReason.COUNTED, by=BY)
    return item


def in_store(item: StockItem) -> int:
    """How many lie in the store."""
    return StockLevel.objects.get(item=item, place__name="Store").count
