"""Residents who press at the same moment: a real database, real connections, one place left."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from frankpledge.delivery.home_security.models import Invitation, Shift, Visit
from frankpledge.delivery.home_security.rules.choosing import Slot
from frankpledge.delivery.home_security.services import choosing as services
from frankpledge.delivery.home_security.vocabulary import InvitationState, VisitState
from tests.homes.test_choosing import NOW, VISITOR, first_of, offered
from tests.homes.test_doing import make_town


@pytest.mark.django_db(transaction=True)
def test_of_four_residents_who_press_at_once_one_gets_the_last_place(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    make_town()
    Shift.objects.filter(crew__name="B").delete()
    Shift.objects.update(starts=time(8, 30), ends=time(9, 50), break_from=None, break_minutes=0)
    made = [offered(number) for number in (31, 33, 35, 37)]
    slot = first_of(made[0])

    def press(invitation: Invitation, wanted: Slot = slot) -> str:
        try:
            services.choose(invitation, wanted, now=NOW, by=VISITOR)
            return "booked"
        except services.TimeTaken:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as residents:
        answers = list(residents.map(press, made))
    assert sorted(answers) == ["booked", "told", "told", "told"]
    assert Visit.objects.filter(state=VisitState.PLANNED).count() == 1
    assert Invitation.objects.filter(state=InvitationState.CHOSEN).count() == 1
