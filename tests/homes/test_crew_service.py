"""A report reaches the server once, whatever is odd about it, and nothing of it is lost."""

import json
import re
from datetime import time, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

import frankpledge.ui
from frankpledge.delivery.home_security.models import (
    Fitted,
    HomeRequest,
    MarkingKit,
    Referral,
    SentVisit,
    Visit,
    VisitPhoto,
)
from frankpledge.delivery.home_security.pages.crew import _how_late
from frankpledge.delivery.home_security.rules import crew as rules
from frankpledge.delivery.home_security.rules.crew import Part
from frankpledge.delivery.home_security.services import asking, crew, passing_on, photos
from frankpledge.delivery.home_security.vocabulary import (
    ConflictChoice,
    CrewDoubt,
    ErasedBecause,
    OfferAnswer,
    ReferralTo,
    SentState,
    VisitState,
)
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.vocabulary.errors import DataProblem, NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.homes import crewing
from tests.homes.asking_town import BY, load_street, uprn

pytestmark = pytest.mark.django_db
CODE = "SD7441390" + rules.check_letter("SD7441390")


@pytest.fixture
def dee(person_with):
    return person_with(Role.CREW)


@pytest.fixture
def day(dee):
    return crewing.make_day(person_id=dee.pk)


def send(crewday, dee, number=0, *, key=None, version=1, **changes):
    visit = crewday.visits[number]
    told = crewing.told(**changes)
    return crew.report_visit(visit.pk, client_key=key or uuid4(), version=version, told=told, by=dee.actor)


def doubts(answer):
    return {CrewDoubt(kind) for kind, _ in answer.sent.doubts}


def test_a_visit_that_was_done_leaves_what_it_left(day, dee):
    answer = send(day, dee, kit_code=CODE, onward=("fire service",))
    visit = day.visits[0]
    visit.refresh_from_db()
    assert (answer.state, visit.state, visit.version) == (SentState.TAKEN, "done", 2)
    assert doubts(answer) == set()
    assert {(f.measure.key, f.quantity, f.serial) for f in Fitted.objects.all()} == {
        ("alarm", 1, "AK26018447"),
        ("window-lock", 2, ""),
    }
    assert MarkingKit.objects.get().uprn == visit.uprn
    assert Referral.objects.get().to == "fire service"
    assert HomeRequest.objects.get(pk=visit.request_id).state == "done"
    day.levels["window-lock"].refresh_from_db()
    assert day.levels["window-lock"].count == 0


def test_the_same_report_again_gets_the_same_answer_and_changes_nothing(day, dee):
    key = uuid4()
    first, second = send(day, dee, key=key), send(day, dee, key=key)
    assert (first.again, second.again, first.sent.pk) == (False, True, second.sent.pk)
    assert Fitted.objects.count() == 2 and SentVisit.objects.count() == 1


def test_two_crews_with_one_job_are_shown_to_a_person_and_never_merged(day, dee, person_with):
    coordinator = person_with(Role.COORDINATOR)
    send(day, dee)
    second = send(day, dee, parts=(Part("deadlock", 1),), signed_by="Mr A.")
    assert second.state is SentState.BESIDE
    assert not Fitted.objects.filter(measure__key="deadlock").exists()
    with pytest.raises(NotPermitted):
        crew.settle_conflict(second.sent.pk, choice=ConflictChoice.BOTH, by=dee.actor)
    crew.settle_conflict(second.sent.pk, choice=ConflictChoice.BOTH, by=coordinator.actor)
    assert Fitted.objects.filter(measure__key="deadlock").count() == 1
    with pytest.raises(RuleBroken, match="already"):
        crew.settle_conflict(second.sent.pk, choice=ConflictChoice.FIRST, by=coordinator.actor)
    assert SentVisit.objects.get(pk=second.sent.pk).told["signed_by"] == "Mr A."


def test_a_done_report_after_no_answer_can_be_taken_over(day, dee, person_with):
    send(day, dee, outcome=VisitState.NO_ANSWER, parts=(), signed_by="")
    second = send(day, dee)
    crew.settle_conflict(second.sent.pk, choice=ConflictChoice.BOTH, by=person_with(Role.COORDINATOR).actor)
    day.visits[0].refresh_from_db()
    assert day.visits[0].state == "done" and Fitted.objects.count() == 2


def test_no_answer_puts_the_home_back_on_the_list(day, dee):
    send(day, dee, outcome=VisitState.NO_ANSWER, parts=(), signed_by="")
    assert HomeRequest.objects.get(pk=day.visits[0].request_id).state == "waiting"


def test_more_than_the_van_held_is_taken_and_the_count_stops_at_nought(day, dee):
    answer = send(day, dee, parts=(Part("window-lock", 5),))
    day.levels["window-lock"].refresh_from_db()
    assert day.levels["window-lock"].count == 0
    assert Fitted.objects.get().quantity == 5
    assert doubts(answer) == {CrewDoubt.STOCK}


def test_the_same_code_on_two_homes_stays_with_the_first(day, dee):
    send(day, dee, 0, kit_code=CODE)
    answer = send(day, dee, 1, kit_code=CODE)
    assert doubts(answer) >= {CrewDoubt.CODE_ELSEWHERE}
    assert MarkingKit.objects.get().uprn == day.visits[0].uprn
    assert doubts(send(day, dee, 2, kit_code="SD7441390Q", parts=())) == {CrewDoubt.CODE_WRONG}


def test_a_phone_two_days_late_counts_on_the_day_it_was_done(day, dee):
    done_on = timezone.localdate() - timedelta(days=2)
    answer = send(day, dee, day=done_on)
    assert CrewDoubt.LATE in doubts(answer)
    assert {f.fitted_on for f in Fitted.objects.all()} == {done_on}


def test_odd_reports_are_taken_with_what_is_odd(day, dee):
    assert CrewDoubt.ALONE in doubts(send(day, dee, 0, names=("Dee Fitter",)))
    answer = send(day, dee, 1, began=time(0, 2), ended=time(0, 1), parts=(Part("gone", 1),))
    assert doubts(answer) == {CrewDoubt.BACKWARDS, CrewDoubt.GONE}


def test_who_withdrew_meanwhile_leaves_no_name_and_the_work_stays(day, dee):
    request = day.visits[0].request
    HomeRequest.objects.filter(pk=request.pk).update(state="withdrawn")
    day.visits[0].__class__.objects.filter(pk=day.visits[0].pk).update(state="cancelled", version=2)
    answer = send(day, dee)
    assert answer.state is SentState.TAKEN and CrewDoubt.WITHDRAWN in doubts(answer)
    assert "Mrs A." not in json.dumps(answer.sent.told)
    assert Fitted.objects.count() == 2
    kept = photos.add_photo(day.visits[0].pk, client_key=uuid4(), content=crewing.photo(), by=dee.actor)
    assert kept is None and not VisitPhoto.objects.exists()


def test_who_was_erased_meanwhile_does_not_come_back_with_a_late_report(day, dee):
    send(day, dee)
    request = HomeRequest.objects.get(pk=day.visits[0].request_id)
    asking.erase(request, because=ErasedBecause.ASKED, by=BY)
    again = send(day, dee, onward=("fire service",))
    assert again.state is SentState.BESIDE and "Mrs A." not in json.dumps(again.sent.told)
    assert photos.add_photo(day.visits[0].pk, client_key=uuid4(), content=crewing.photo(), by=dee.actor) is None
    with pytest.raises(RuleBroken, match="erased"):
        passing_on.offer(request, to=ReferralTo.FIRE_SERVICE, answer=OfferAnswer.YES, by=BY)


def test_a_visit_that_is_not_there_and_a_key_of_another_are_refused_in_one_sentence(day, dee):
    with pytest.raises(DataProblem, match="not there"):
        crew.report_visit(999_999, client_key=uuid4(), version=1, told=crewing.told(), by=dee.actor)
    key = uuid4()
    send(day, dee, 0, key=key)
    with pytest.raises(DataProblem, match="another visit"):
        send(day, dee, 1, key=key)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_where_a_photo_was_taken_is_kept(day, dee, form):
    key, content = uuid4(), crewing.photo(form=form)
    with Image.open(BytesIO(content)) as before:
        assert before.getexif()
    kept = photos.add_photo(day.visits[0].pk, client_key=key, content=content, by=dee.actor)
    again = photos.add_photo(day.visits[0].pk, client_key=key, content=content, by=dee.actor)
    assert kept is not None and again is not None and kept.pk == again.pk
    with Image.open(BytesIO(bytes(kept.image))) as after:
        assert after.format == "JPEG" and not after.getexif() and "exif" not in after.info
    assert b"Phone of Dee" not in bytes(kept.image)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"GIF89a" + b"\0" * 40, b"%PDF-1.7", crewing.photo()[:200]])
def test_what_is_no_photo_is_refused_in_one_sentence(day, dee, content):
    with pytest.raises(DataProblem) as refused:
        photos.add_photo(day.visits[0].pk, client_key=uuid4(), content=content, by=dee.actor)
    assert refused.value.sentence.count(".") == 1


def test_a_photo_of_forty_megabytes_is_refused_in_words(day, dee):
    with pytest.raises(DataProblem, match="40 MB"):
        photos.add_photo(day.visits[0].pk, client_key=uuid4(), content=b"\0" * (40 * 2**20), by=dee.actor)


# -- the pages --------------------------------------------------------------------------------------------------------


@pytest.fixture
def phone(dee):
    client = Client()
    client.force_login(dee)
    return client


def form_of(visit, **changes):
    usual = {
        "client_key": str(uuid4()),
        "version": "1",
        "day": timezone.localdate().isoformat(),
        "outcome": "done",
        "began": "00:01",
        "ended": "00:02",
        "names": ["Dee Fitter", "Ola Fitter"],
        "found_0": "weak",
        "fitted_alarm": "1",
        "serial_alarm": "AK1",
        "signed_by": "Mrs A.",
    }
    return {**usual, **changes}


def test_today_is_only_my_crews_day_and_every_look_is_recorded(day, dee, phone):
    other = crewing.make_day(person_id=None, crew="E", names=("Al", "Bo"))
    answer = phone.get(reverse("home_security:crew"))
    assert answer["Cache-Control"].count("no-store") == 1
    page = answer.content.decode()
    assert page.count("data-version=") == 3 and "0 of 3 done" in page
    assert phone.get(reverse("home_security:crew_visit", args=[other.visits[0].pk])).status_code == 404
    assert phone.get(reverse("home_security:crew_visit", args=[day.visits[0].pk])).status_code == 200
    looks = [entry.subject for entry in AuditEntry.objects.filter(act="consultation")]
    assert sorted(looks, reverse=True) == ["homes:visits of a day", f"homes:visit {day.visits[0].pk}"]


def test_pages_ask_the_same_number_of_questions_however_many_visits(day, phone):
    phone.get(reverse("home_security:crew"))  # what is read once for each load is read now
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            phone.get(reverse("home_security:crew"))
        counts.append(len(asked))
        day.visits[0].pk, day.visits[0].order = None, 9
        day.visits[0].save()
    assert counts[0] == counts[1]


def test_a_phone_is_heard_once_a_minute_at_most(day, phone):
    other = crewing.make_day(person_id=None, crew="E", names=("Al", "Bo"))

    def heard(crewday):
        return crewday.crew.shifts.get().last_heard_at

    assert heard(day) is None
    phone.get(reverse("home_security:crew_signal"))
    first = heard(day)
    assert first is not None and heard(other) is None
    phone.get(reverse("home_security:crew"))
    assert heard(day) == first
    day.crew.shifts.update(last_heard_at=first - timedelta(minutes=1))
    phone.get(reverse("home_security:crew_visit", args=[day.visits[0].pk]))
    assert heard(day) >= first


def test_a_visit_to_come_shows_the_way_there_and_hands_only_its_place_to_the_satnav(day, phone):
    load_street()
    for number, visit in enumerate(day.visits[:2], 30):
        Visit.objects.filter(pk=visit.pk).update(uprn=uprn(number))
    page = phone.get(reverse("home_security:crew")).content.decode()
    places = re.findall(r'href="geo:(-?[\d.]+),(-?[\d.]+)\?q=\1,\2"', page)
    assert len(places) == 2 and len(set(places)) == 2
    assert all(49 < float(north) < 61 and -9 < float(east) < 2 for north, east in places)
    assert page.count("fc-map__pin") == 2 and page.count("fc-map__way") == 1  # the first has no visit before it
    assert "1 minute’s drive" in page


def test_without_scripts_it_is_a_plain_form(day, phone):
    address = reverse("home_security:crew_visit", args=[day.visits[0].pk])
    lacking = phone.post(address, form_of(day.visits[0], signed_by="", advice="Keep the keys away"))
    assert lacking.status_code == 422 and "Keep the keys away" in lacking.content.decode()
    pictures = [BytesIO(crewing.photo()), BytesIO(b"no picture")]
    for number, picture in enumerate(pictures):
        picture.name = f"{number}.jpg"
    said = phone.post(address, form_of(day.visits[0], photos=pictures), follow=True)
    page = said.content.decode()
    assert "The visit is sent." in page and "not a photo we can read" in page and "1 of 3 done" in page
    assert VisitPhoto.objects.count() == 1


def test_a_phone_gets_the_same_answer_twice(day, phone):
    address, form = reverse("home_security:crew_visit", args=[day.visits[0].pk]), form_of(day.visits[0])
    form["kit_code"] = CODE
    first, again = (phone.post(address, form, headers={"accept": "application/json"}).json() for _ in range(2))
    assert (first["state"], first["again"]) == ("taken", False)
    assert again == {**first, "again": True}
    kit = Fitted.objects.get(measure__key="marking-kit")
    assert (kit.quantity, kit.serial) == (1, CODE)


def test_a_report_that_cannot_be_kept_says_why_and_stays_on_the_phone(day, phone):
    address = reverse("home_security:crew_visit", args=[day.visits[0].pk])
    bad = form_of(day.visits[0], signature="<script>")
    answer = phone.post(address, bad, headers={"accept": "application/json"})
    assert answer.status_code == 422 and "sign again" in answer.json()["problem"]
    assert not SentVisit.objects.exists()


def test_the_coordinator_sees_and_settles(day, dee, phone, person_with):
    client = Client()
    client.force_login(person_with(Role.COORDINATOR))
    assert "Nothing waits" in client.get(reverse("home_security:reports")).content.decode()
    send(day, dee)
    second = send(day, dee, parts=(Part("deadlock", 1),)).sent
    assert "14 Willow Bank" in client.get(reverse("home_security:reports")).content.decode()
    address = reverse("home_security:report", args=[second.pk])
    assert "Deadlock on a door" in client.get(address).content.decode()
    assert client.post(address, {"choice": ConflictChoice.FIRST.value}).status_code == 302
    assert "Nothing waits" in client.get(reverse("home_security:reports")).content.decode()


def test_whoever_sees_somebodys_home_is_recorded(day, dee, phone, person_with):
    looks = AuditEntry.objects.filter(act="consultation")
    kept = photos.add_photo(day.visits[0].pk, client_key=uuid4(), content=crewing.photo(), by=dee.actor)
    client = Client()
    client.force_login(person_with(Role.COORDINATOR))
    assert client.get(reverse("home_security:report_photo", args=[kept.pk]))["Content-Type"] == "image/jpeg"
    assert looks.get().what == "looked at a photo of a visit"
    refused = phone.post(reverse("home_security:crew_visit", args=[day.visits[1].pk]), {"outcome": "nonsense"})
    assert refused.status_code == 422 and looks.filter(what="looked at a visit of today").count() == 1


def test_my_work_begins_with_the_visits_that_are_left(day, phone):
    text = phone.get("/").content.decode()
    assert "3 visits wait for you." in text and "3 of 3 visits are left" in text and "/deliver/homes/crew/" in text
    Visit.objects.update(state="done", started_at=timezone.now(), finished_at=timezone.now())
    text = phone.get("/").content.decode()
    assert "All visits are done" in text and "Nothing waits for you." in text
    Visit.objects.update(day=timezone.localdate() - timedelta(days=1))
    assert "All visits are done" not in phone.get("/").content.decode()


def test_how_late_is_said_in_hours_where_minutes_mean_nothing():
    assert _how_late(0) == "" and _how_late(20) == "20 minutes late."
    assert _how_late(222) == "3 h 42 min late."


def test_the_worker_may_answer_for_the_crews_pages_only(phone):
    answer = phone.get(reverse("home_security:crew_worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == reverse("home_security:crew") == "/deliver/homes/crew/"
    assert "Mr and Mrs" not in phone.get(reverse("home_security:crew_shell")).content.decode()
    assert phone.get(reverse("home_security:crew_manifest")).json()["scope"] == "/deliver/homes/crew/"


def test_the_first_page_is_light(day, phone):
    page = phone.get(reverse("home_security:crew")).content.decode()
    built = Path(frankpledge.ui.__file__).parent / "static"
    files = re.findall(r'(?:src|href)="/static/([^"]+\.(?:js|css))"', page)
    assert len(files) == 2
    if (built / files[0]).is_file():
        assert sum((built / file).stat().st_size for file in files) + len(page) < 150_000
