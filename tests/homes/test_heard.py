"""When a crew's phone was last heard is for safety on the day, and for nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from frankpledge.delivery.home_security.models import Shift
from frankpledge.delivery.home_security.services.crew import note_heard
from tests.homes import crewing


@pytest.mark.django_db
def test_it_is_forgotten_the_day_after() -> None:
    day, now = crewing.make_day(person_id=7), timezone.now()
    today = Shift.objects.get()
    before = Shift.objects.create(
        crew=day.crew, day=today.day - timedelta(days=1), starts=today.starts, ends=today.ends,
        last_heard_at=now - timedelta(days=1),
    )  # fmt: skip
    note_heard(7, now)
    before.refresh_from_db()
    today.refresh_from_db()
    assert (before.last_heard_at, today.last_heard_at) == (None, now)
