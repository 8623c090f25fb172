"""Requests are taken once a home, weighed, and withdrawn without loss; burglaries are answered once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from frankpledge.delivery.home_security.models import (
    Cocoon,
    CocoonOffer,
    Contact,
    HomeRequest,
    Message,
    SentVisit,
    Visit,
    VisitPhoto,
)
from frankpledge.delivery.home_security.rules.crew import Told
from frankpledge.delivery.home_security.selectors import asking as selectors
from frankpledge.delivery.home_security.services import asking as services
from frankpledge.delivery.home_security.services import messages, taking_over
from frankpledge.delivery.home_security.services.asking import Asked
from frankpledge.delivery.home_security.services.taking_over import Install, NewCrew
from frankpledge.delivery.home_security.vocabulary import (
    Burgled,
    Channel,
    ContactKind,
    ContactOutcome,
    ErasedBecause,
    MessageState,
    Need,
    OfferState,
    Reason,
    RequestState,
    VisitState,
)
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.records.alerts import services as alerts
from frankpledge.records.alerts.rules import NewAlert
from frankpledge.records.alerts.vocabulary import AlertKind
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import DataProblem, NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows.near_repeat_response import respond
from tests.homes.asking_town import BY, ask, load_street, uprn
from tests.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    load_street()


def alert(number: int, kind: AlertKind = AlertKind.NEAR_REPEAT, days: int = 9, **facts: Any) -> None:
    """A burglary of yesterday at a house of the street, and the alert it gave."""
    today = timezone.localdate()
    new = NewAlert(
        kind=kind,
        fingerprint=f"{kind}|{number}",
        crime_type=CrimeType.BURGLARY,
        source="police-extract",
        area_code="X01000001",
        area_name="Quarry Hill",
        as_of=today,
        alive_until=today + timedelta(days=days),
        strength=4.1,
        method="test",
        batches=["b"],
        easting=450_000.0,
        northing=300_133.0,
        radius_m=15.0,
        premises=uprn(number) if number else "",
        facts={"happened_on": str(today - timedelta(days=1)), "decay": "It halves every 6 days.", **facts},
    )
    alerts.raise_alerts([new], by=BY)


# -- asking -----------------------------------------------------------------------------------------------------------


def test_a_request_knows_its_home_and_has_a_reference_and_a_password() -> None:
    made = ask(31)
    assert (made.address, made.postcode, made.ward, made.neighbourhood) == (
        "31 Quarry Lane", "XA1 1AA", "X05000001", "X16000001",
    )  # fmt: skip
    assert made.state == RequestState.WAITING
    assert selectors.request(made.reference.lower()) == made
    assert len(made.password.split()) == 2


def test_a_second_request_from_a_home_is_joined_and_nothing_it_says_is_lost() -> None:
    first = ask(31, channel=Channel.VICTIM_SUPPORT, needs=[Need.ALONE])
    second = ask(31, needs=[Need.AGED], burgled=Burgled.MY_HOME, name="Mrs K", telephone="01632 960 001")
    first.refresh_from_db()
    assert (second.state, second.joined_to) == (RequestState.JOINED, first)
    assert first.vulnerability == [Need.AGED.value, Need.ALONE.value]
    assert (first.burgled, first.name) == (Burgled.MY_HOME, "Mrs K")
    assert second.password != first.password, "whoever asks again must not learn what the crew says at the door"
    assert len(selectors.priority_list(timezone.localdate())) == 1


def test_one_home_cannot_have_two_live_requests_even_by_mistake() -> None:
    first = ask(31)
    with pytest.raises(IntegrityError), transaction.atomic():
        HomeRequest.objects.create(
            reference="H-222222", password="x y", uprn=first.uprn, address="31", channel=Channel.FORM,
            asked_at=timezone.now(),
        )  # fmt: skip


def test_what_cannot_be_taken_is_refused_in_a_sentence() -> None:
    for more, words in (
        ({"uprn": "", "address": " "}, "Enter the address"),
        ({"telephone": "x"}, "telephone number"),
        ({"email": "a@b"}, "e-mail address"),
        ({"uprn": uprn(999)}, "not in the address list"),
        ({"uprn": uprn(45)}, "shop or workplace"),
        ({"note": "x" * 2_001}, "may have 2,000"),
    ):
        with pytest.raises(DataProblem, match=words):
            ask(31, **more)
    assert not HomeRequest.objects.exists()


def test_a_visitor_may_use_the_public_form_only_and_an_officer_takes_no_requests() -> None:
    asked = Asked(address="31 Quarry Lane")
    assert services.ask(asked, channel=Channel.FORM, by=Actor.visitor()).state == RequestState.WAITING
    for by in (Actor.visitor(), make_person(Role.OFFICER).actor):
        with pytest.raises(NotPermitted):
            services.ask(asked, channel=Channel.TELEPHONE, by=by)


def test_a_home_found_later_joins_the_request_it_has() -> None:
    first = ask(31)
    loose = ask(31, uprn="", address="31a Quarry Lane", name="Mr Q")
    assert list(selectors.unsettled()) == [loose]
    settled = services.settle_home(loose, uprn=uprn(31), by=BY)
    assert (settled.state, settled.joined_to) == (RequestState.JOINED, first)
    other = ask(33, uprn="", address="33 Quary Lane")
    assert services.settle_home(other, uprn=uprn(33), by=BY).address == "33 Quarry Lane"


def test_withdrawing_stops_messages_calls_off_visits_and_erases_who_asked() -> None:
    made = ask(31, name="Mrs K", telephone="01632 960 001", reach_by=ContactKind.TEXT, consent_contact=True)
    visit = Visit.objects.create(request=made, uprn=made.uprn, day=timezone.localdate())
    services.withdraw(made, by=Actor.visitor())
    made.refresh_from_db()
    visit.refresh_from_db()
    message = Message.objects.get()
    assert (made.state, made.name, made.telephone, made.consent_contact) == (RequestState.WITHDRAWN, "", "", False)
    assert made.address, "kept, so that nobody calls on the home again"
    assert visit.state == VisitState.CANCELLED
    assert (message.state, message.to, message.body) == (MessageState.STOPPED, "", "")
    assert selectors.said_no([uprn(31)]) == {uprn(31)}
    with pytest.raises(RuleBroken, match="already"):
        services.withdraw(made, by=BY)


def test_withdrawing_erases_what_others_wrote_of_the_resident() -> None:
    made = ask(31, name="Mrs K")
    services.note_contact(made, kind=ContactKind.TELEPHONE, outcome=ContactOutcome.NO_ANSWER, note="in hospital", by=BY)
    visit = Visit.objects.create(
        request=made, uprn=made.uprn, day=timezone.localdate(), state=VisitState.NOT_FINISHED, note="frail",
        signed_by="Mrs K", signature="M0 0", audit_sheet={"checks": {"door": {"found": "weak", "note": "her son"}}},
    )  # fmt: skip
    told = Told(VisitState.NOT_FINISHED, timezone.localdate(), signed_by="Mrs K", note="frail")
    SentVisit.objects.create(
        client_key=uuid4(), visit=visit, version_seen=1, state="taken", told=told.as_dict(),
        received_at=timezone.now(), by_id=1, by_name="Dee",
    )  # fmt: skip
    VisitPhoto.objects.create(
        visit=visit, client_key=uuid4(), image=b"x", sha256="", width=1, height=1, added_at=timezone.now()
    )
    services.withdraw(made, by=Actor.visitor())
    rows = [row for model in (Contact, Visit, SentVisit, HomeRequest) for row in model.objects.values()]
    assert not [word for word in ("hospital", "frail", "Mrs K", "M0 0", "her son") if word in str(rows)]
    assert not VisitPhoto.objects.exists()
    assert Visit.objects.get().audit_sheet["checks"]["door"]["found"] == "weak"


@pytest.mark.parametrize("state", [RequestState.DONE, RequestState.REFUSED, RequestState.UNANSWERED])
def test_a_finished_request_is_erased_and_stays_finished(state: RequestState) -> None:
    made = ask(31, name="Mrs K", telephone="01632 960 001", consent_contact=True, consent_onward=True)
    joined = ask(31, name="Her son", note="hard of hearing")
    Visit.objects.create(
        request=made, uprn=made.uprn, day=timezone.localdate(), state=VisitState.NOT_FINISHED, note="frail"
    )
    HomeRequest.objects.filter(pk=made.pk).update(state=state, closed_because="at her son's")
    held = services.erase(made, because=ErasedBecause.KEPT_LONG_ENOUGH, by=BY)
    assert (held.state, held.address, held.consent_contact) == (state, "31 Quarry Lane", False)
    joined.refresh_from_db()
    assert (joined.state, joined.name) == (RequestState.JOINED, "")
    rows = [row for model in (Visit, HomeRequest, Message) for row in model.objects.values()]
    assert not [word for word in ("Mrs K", "960 001", "er son", "hearing", "frail") if word in str(rows)]
    entry = AuditEntry.objects.filter(act="erasure", subject=f"homes:{made.reference}").get()
    assert entry.details["because"] == "kept long enough"
    assert services.erase(held, because=ErasedBecause.ASKED, by=BY).erased_at == held.erased_at, "once"


def test_a_request_still_open_is_not_erased_this_way_and_only_those_who_run_it_or_the_resident_may() -> None:
    made = ask(31, name="Mrs K")
    with pytest.raises(RuleBroken, match="not finished"):
        services.erase(made, because=ErasedBecause.ASKED, by=BY)
    with pytest.raises(NotPermitted):
        services.erase(made, because=ErasedBecause.ASKED, by=make_person(Role.MANAGER).actor)


def test_erasing_one_request_leaves_a_later_one_of_the_home_alone() -> None:
    first = ask(31, name="Mrs K")
    services.close(first, state=RequestState.REFUSED, because="", by=BY)
    later = ask(31, name="Mr L", consent_contact=True, consent_onward=True)
    services.erase(selectors.request(first.reference) or first, because=ErasedBecause.ASKED, by=Actor.visitor())
    later.refresh_from_db()
    assert (later.name, later.consent_contact, later.consent_onward) == ("Mr L", True, True)


def test_whoever_asked_second_cannot_call_off_the_first_ones_visit() -> None:
    first = ask(31, name="Mrs K")
    second = ask(31, name="Stranger")
    services.withdraw(second, by=Actor.visitor())
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.name, second.state, second.name) == (
        RequestState.WAITING, "Mrs K", RequestState.WITHDRAWN, "",
    )  # fmt: skip
    assert "ask before the visit" in first.note


# -- messages ---------------------------------------------------------------------------------------------------------


def test_a_message_is_a_file_once_however_often_it_is_handed_over(settings: Any) -> None:
    made = ask(31, telephone="01632 960 417", reach_by=ContactKind.TEXT, consent_contact=True)
    assert messages.send_waiting(by=BY) == (1, 0)
    assert messages.send_waiting(by=BY) == (0, 0)
    Message.objects.update(state=MessageState.WAITING)  # as after a crash between sending and noting it
    assert messages.send_waiting(by=BY) == (1, 0)
    [file] = (settings.DATA_DIR / "outbox" / "residents").iterdir()
    assert made.reference in file.read_text(encoding="utf-8")
    assert "01632 960 417" in file.read_text(encoding="utf-8")


def test_a_sender_that_fails_is_tried_again_and_given_up_in_the_end(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    settings.DATA_DIR = tmp_path / "file"
    ask(31, consent_contact=True)
    assert [messages.send_waiting(by=BY) for _ in range(6)] == [(0, 1)] * 5 + [(0, 0)]
    assert Message.objects.get().state == MessageState.FAILED


def test_without_consent_nothing_is_sent() -> None:
    ask(31, name="Mrs K", channel=Channel.VICTIM_SUPPORT)
    assert not Message.objects.exists()


# -- who first --------------------------------------------------------------------------------------------------------


def test_the_list_puts_need_first_and_of_equals_the_one_that_asked_earlier() -> None:
    now = timezone.now()
    ask(41, asked_at=now - timedelta(days=3))
    ask(43, asked_at=now - timedelta(days=4))
    ask(47, burgled=Burgled.MY_HOME)
    listed = selectors.priority_list(timezone.localdate())
    held = selectors.requests([one.key for one in listed])
    assert [held[one.key].address[:2] for one in listed] == ["47", "43", "41"]
    assert listed[0].reasons == ((Reason.BURGLED, 25),)


def test_points_may_be_changed_within_bounds_and_the_list_follows() -> None:
    ask(41, needs=[Need.CHILDREN])
    ask(43, needs=[Need.AGED])
    services.set_weights({Reason.CHILDREN: 30}, by=BY)
    assert selectors.priority_list(timezone.localdate())[0].points == 30
    with pytest.raises(DataProblem, match="0 to 100"):
        services.set_weights({Reason.CHILDREN: 101}, by=BY)
    with pytest.raises(NotPermitted):
        services.set_weights({Reason.CHILDREN: 1}, by=make_person(Role.MANAGER).actor)


def test_the_list_asks_three_queries_however_long() -> None:
    for number in (29, 31, 33, 35):
        ask(number)
    with CaptureQueriesContext(connection) as asked:
        selectors.priority_list(timezone.localdate())
    assert len(asked) == 3


# -- after a burglary -------------------------------------------------------------------------------------------------


def test_a_burglary_makes_the_victims_request_and_eight_offers_once() -> None:
    alert(39)
    assert (respond(by=BY).cocoons, respond(by=BY).cocoons) == (1, 0)
    cocoon = Cocoon.objects.get()
    assert sorted(one.doors for one in cocoon.offers.all()) == [-4, -3, -2, -1, 0, 1, 2, 3, 4]
    request = HomeRequest.objects.get()
    assert (request.uprn, request.channel, request.consent_contact) == (uprn(39), Channel.VICTIM, False)
    assert selectors.priority_list(timezone.localdate())[0].reasons[0] == (Reason.JUST_BURGLED, 60)
    assert not Message.objects.exists(), "letters go once somebody approved them"


def test_homes_that_have_it_or_said_no_are_counted_and_not_offered() -> None:
    taking_over.lay_out_catalogue(by=BY)
    taking_over.add_crew(NewCrew("A", "Quarry Hill", "FP26 AAA", [("Ade", None), ("Rhys", None)]), by=BY)
    start = timezone.now() - timedelta(days=30)
    install = Install(uprn(37), start - timedelta(days=5), start, 45, "A", [("deadlock", 1, "")])
    assert taking_over.take_over_installs([install], by=BY) == 1
    assert taking_over.take_over_installs([install], by=BY) == 0
    services.close(ask(41), state=RequestState.REFUSED, because="not now", by=BY)
    alert(39)
    respond(by=BY)
    states = {one.uprn: one.state for one in CocoonOffer.objects.all()}
    assert (states[uprn(37)], states[uprn(41)]) == (OfferState.HAS_IT, OfferState.REFUSED)
    assert services.approve_cocoon(Cocoon.objects.get(), by=BY) == 7
    assert CocoonOffer.objects.filter(state=OfferState.ATTEMPTED.value).count() == 7
    assert Message.objects.filter(kind=ContactKind.LETTER.value).count() == 7
    with pytest.raises(RuleBroken, match="approved"):
        services.approve_cocoon(Cocoon.objects.get(), by=BY)
    dose = selectors.dosage()
    assert (dose.homes, dose.reached) == (8, 2)


def test_a_neighbour_who_accepts_is_on_the_list_beside_the_burglary() -> None:
    alert(39)
    respond(by=BY)
    services.note_offer(CocoonOffer.objects.get(uprn=uprn(43)), state=OfferState.ACCEPTED, by=BY)
    request = HomeRequest.objects.get(uprn=uprn(43))
    assert request.channel == Channel.COCOON
    listed = {one.key: one.reasons for one in selectors.priority_list(timezone.localdate())}
    assert listed[request.pk][0] == (Reason.NEAR_BURGLARY, 40)


def test_every_repeat_victim_is_put_on_the_list_and_a_home_that_asked_learns_of_it() -> None:
    asked = ask(31)
    alert(31, types={CrimeType.BURGLARY.label: 2})
    alert(39, AlertKind.HIT_AGAIN, types={CrimeType.BURGLARY.label: 2}, times=2, by_agency={"police": 2})
    alert(45, AlertKind.HIT_AGAIN, types={CrimeType.BURGLARY.label: 3}, times=3, by_agency={"police": 3})
    alert(
        49, AlertKind.HIT_AGAIN, types={CrimeType.CRIMINAL_DAMAGE_AND_ARSON.label: 2}, times=2, by_agency={"police": 2}
    )
    made = respond(by=BY)
    assert (made.cocoons, made.repeat_victims) == (1, 1)
    victim = HomeRequest.objects.get(uprn=uprn(39))
    assert (victim.channel, victim.burgled_times) == (Channel.REPEAT_VICTIM, 2)
    asked.refresh_from_db()
    assert asked.burgled == Burgled.MY_HOME
    assert respond(by=BY).repeat_victims == 0


def test_an_alert_whose_time_is_over_or_without_a_home_or_at_a_shop() -> None:
    alert(31, days=0)
    assert respond(by=BY, today=timezone.localdate() + timedelta(days=1)).cocoons == 0
    alert(45)
    alert(0)
    made = respond(by=BY)
    assert made.cocoons == 2, "the one of today, and the one of which only the place is known"
    place = Cocoon.objects.get(uprn="")
    assert place.way == "within 15 m"
    assert place.offers.count() == 5


def test_the_measured_range_may_be_offered_instead() -> None:
    alert(39)
    respond(by=BY, way="zone")
    assert Cocoon.objects.get().offers.count() == 5


# -- installs taken over ----------------------------------------------------------------------------------------------


def test_an_install_of_an_unknown_home_measure_or_crew_brings_nothing_in() -> None:
    taking_over.lay_out_catalogue(by=BY)
    assert taking_over.lay_out_catalogue(by=BY) == 0
    taking_over.add_crew(NewCrew("A", "Quarry Hill", "FP26 AAA", [("Ade", None)]), by=BY)
    good = Install(uprn(31), timezone.now(), timezone.now(), 45, "A", [("deadlock", 1, "")])
    for bad in (replace(good, uprn=uprn(999)), replace(good, uprn=uprn(33), crew="Z"),
                replace(good, uprn=uprn(33), fitted=[("moat", 1, "")])):  # fmt: skip
        with pytest.raises(DataProblem):
            taking_over.take_over_installs([good, bad], by=BY)
    assert not Visit.objects.exists()


def test_waits_are_told_only_with_enough_visits() -> None:
    assert selectors.waits(timezone.now()) is None
    now = timezone.now()
    HomeRequest.objects.bulk_create(
        HomeRequest(
            reference=f"H-{n:06d}", password="a b", address=f"{n}", channel=Channel.FORM, state=RequestState.DONE,
            asked_at=now - timedelta(days=n), closed_at=now,
        )
        for n in range(20)
    )  # fmt: skip
    found = selectors.waits(now)
    assert found is not None
    assert (found.half_days, found.most_days, found.n) == (11, 18, 20)
