"""Two phones that send at the same moment, each twice: a real database, real connections."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from frankpledge.delivery.home_security.models import Fitted, SentVisit
from frankpledge.delivery.home_security.services import crew
from frankpledge.vocabulary.permissions import Role
from tests.homes import crewing
from tests.people import make_person


@pytest.mark.django_db(transaction=True)
def test_of_two_phones_at_the_same_moment_one_report_is_taken_and_none_is_lost():
    dee = make_person(Role.CREW)
    day = crewing.make_day(person_id=dee.pk)

    def send(visit, key):
        try:
            told = crewing.told()
            return crew.report_visit(visit.pk, client_key=key, version=1, told=told, by=dee.actor).state
        finally:
            connection.close()

    for visit in day.visits:
        first, second = uuid4(), uuid4()
        with ThreadPoolExecutor(4) as phones:
            answers = list(phones.map(lambda key: send(visit, key), (first, second, first, second)))  # noqa: B023
        assert answers[:2] == answers[2:] and sorted(answers[:2]) == ["kept beside", "taken"]
        assert SentVisit.objects.filter(visit=visit).count() == 2
        assert Fitted.objects.filter(visit=visit).count() == 2
