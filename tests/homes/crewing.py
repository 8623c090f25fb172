"""A crew with a van, three visits on its day and a phone in its hands."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.utils import timezone
from PIL import Image

from frankpledge.delivery.home_security.models import (
    Crew,
    CrewMember,
    HomeRequest,
    Measure,
    Shift,
    StockItem,
    StockLevel,
    StockPlace,
    Van,
    Visit,
)
from frankpledge.delivery.home_security.rules.crew import Part, Told
from frankpledge.delivery.home_security.vocabulary import MeasureKind, VisitState

ADDRESSES = ("14 Willow Bank", "3 Lark Close", "27 Rowan Street")
MEASURES = (
    ("alarm", "Alarm with two detectors", MeasureKind.ALARM, True),
    ("deadlock", "Deadlock on a door", MeasureKind.DOOR_LOCK, False),
    ("window-lock", "Window lock", MeasureKind.WINDOW_LOCK, False),
    ("marking-kit", "Property-marking kit", MeasureKind.MARKING, False),
)


@dataclass
class CrewDay:
    """What a day consists of."""

    crew: Crew
    visits: list[Visit]
    measures: dict[str, Measure]
    levels: dict[str, StockLevel]


def make_day(
    *, person_id: int | None, names: tuple[str, str] = ("Dee Fitter", "Ola Fitter"), crew: str = "D"
) -> CrewDay:
    """A crew whose first member is ``person_id``, with today's visits and a van that holds two of everything."""
    made = Crew.objects.create(name=crew)
    CrewMember.objects.create(crew=made, person_id=person_id, name=names[0])
    CrewMember.objects.create(crew=made, name=names[1])
    today = timezone.localdate()
    Shift.objects.create(crew=made, day=today, starts=time(0, 1), ends=time(23, 59), names=list(names))
    van = Van.objects.create(name=f"Van {crew}", crew=made)
    place = StockPlace.objects.create(kind="van", name=f"Van {crew}", van=van)
    measures, levels = {}, {}
    for order, (key, name, kind, serial) in enumerate(MEASURES):
        item, _ = StockItem.objects.get_or_create(key=key, defaults={"name": name, "price": Decimal(5)})
        levels[key] = StockLevel.objects.create(place=place, item=item, count=2)
        measures[key], _ = Measure.objects.get_or_create(
            key=key,
            defaults={
                "name": name,
                "kind": kind,
                "funder": "Safe homes programme",
                "price": Decimal(9),
                "minutes": 10,
                "stock_item": item,
                "needs_serial": serial,
                "order": order,
            },
        )
    visits = [_visit(made, number, address, today) for number, address in enumerate(ADDRESSES, start=1)]
    return CrewDay(made, visits, measures, levels)


def _visit(crew: Crew, number: int, address: str, today: date) -> Visit:
    uprn = f"9000000{crew.pk:03d}{number:03d}"[-13:]
    request = HomeRequest.objects.create(
        reference=f"H-{uuid4().hex[:6].upper()}",
        password="no",
        uprn=uprn,
        address=address,
        postcode="AL1 2AB",
        name=f"Mr and Mrs {chr(64 + number)}.",
        channel="public form",
        vulnerability=["aged 75 or over"] if number == 1 else [],
        state="booked",
        consent_contact=True,
        asked_at=timezone.now() - timedelta(days=9),
    )
    start = timezone.make_aware(datetime.combine(today, time(8 + number, 30)))
    return Visit.objects.create(
        request=request,
        uprn=uprn,
        day=today,
        crew=crew,
        order=number,
        planned_start=start,
        window_from=time(8 + number, 0),
        window_until=time(10 + number, 0),
        plan=[{"measure": "alarm", "quantity": 1}, {"measure": "window-lock", "quantity": 2}],
    )


def told(**changes: Any) -> Told:
    """A visit that was done without anything odd."""
    usual: dict[str, Any] = {
        "outcome": VisitState.DONE,
        "day": timezone.localdate(),
        "began": time(0, 1),
        "ended": time(0, 2),
        "names": ("Dee Fitter", "Ola Fitter"),
        "checks": {"front door": {"found": "weak", "note": "one lock"}},
        "parts": (Part("alarm", 1, ("AK26018447",)), Part("window-lock", 2)),
        "alarm_set": True,
        "signed_by": "Mrs A.",
        "signature": "M10 10 L20 20",
    }
    return Told(**{**usual, **changes})


def photo(*, place: bool = True, form: str = "JPEG") -> bytes:
    """A picture that says where it was taken."""
    image = Image.new("RGB", (64, 48), (30, 120, 80))
    exif = Image.Exif()
    exif[0x010F] = "Phone of Dee"
    if place:
        exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 8.0, 44.0), 3: "W", 4: (1.0, 11.0, 50.0)})
    out = BytesIO()
    image.save(out, form, exif=exif)
    return out.getvalue()
