"""Passing residents on: never without consent, never more than the service needs, and nobody is forgotten."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from frankpledge.delivery.home_security.models import HomeRequest, Referral
from frankpledge.delivery.home_security.rules import crew as crew_rules
from frankpledge.delivery.home_security.rules import passing_on as rules
from frankpledge.delivery.home_security.rules.passing_on import Known, Passed
from frankpledge.delivery.home_security.selectors import passing_on as selectors
from frankpledge.delivery.home_security.services import asking
from frankpledge.delivery.home_security.services import crew as reports
from frankpledge.delivery.home_security.services import passing_on as services
from frankpledge.delivery.home_security.vocabulary import (
    Burgled,
    ContactKind,
    CrewDoubt,
    Need,
    OfferAnswer,
    ReferralState,
    ReferralTo,
    RequestState,
)
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.homes import crewing
from tests.homes.asking_town import BY, ask, load_street
from tests.pages.html import check_page
from tests.people import signed_in

HANDY, FIRE, VICTIMS = ReferralTo.HANDY_PERSON, ReferralTo.FIRE_SERVICE, ReferralTo.VICTIM_SUPPORT
OLD = frozenset({Need.AGED})
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def known(**more: object) -> Known:
    usual = {"request": 1, "reference": "H-1", "name": "", "address": "", "asked_on": date(2026, 11, 1)}
    return Known(**(usual | more))  # type: ignore[arg-type]


def test_consent_covers_what_was_said_and_nothing_else():
    assert rules.agreed(False, ["handy-person service"]) == frozenset()
    assert rules.agreed(True, []) == {FIRE}, "the form names the fire service"
    assert rules.agreed(True, ["handy-person service"]) == {HANDY}
    assert rules.agree(False, ["fire service"], [HANDY.value]) == [HANDY.value], "an old consent that was taken back"
    assert rules.agree(True, [], [HANDY.value]) == [HANDY.value, FIRE.value]


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        (known(needs=OLD), []),
        (known(is_victim=True), []),
        (known(is_victim=True, needs=OLD), [(HANDY, False)]),
        (known(is_victim=True, needs=frozenset({Need.DISABLED}), answers={HANDY: OfferAnswer.NO}), []),
        (known(is_victim=True, needs=OLD, answers={HANDY: OfferAnswer.NOT_REACHED}), [(HANDY, False)]),
        (known(is_victim=True, needs=OLD, passed=frozenset({HANDY})), []),
        (known(weak=("back door",), needs=OLD), [(HANDY, False)]),
        (known(is_victim=True, needs=frozenset({Need.FEAR})), [(VICTIMS, False)]),
        (known(agreed=frozenset({FIRE})), [(FIRE, True)]),
        (known(agreed=frozenset({FIRE}), passed=frozenset({FIRE})), []),
        (known(agreed=frozenset({ReferralTo.ENERGY})), [(ReferralTo.ENERGY, True)]),
    ],
)  # fmt: skip
def test_who_is_to_be_offered_or_passed_on(home, expected):
    assert [(one.to, one.is_agreed) for one in rules.due(home)] == expected


def test_every_elderly_victim_is_measured_against_all_that_are_known():
    homes = [
        known(is_victim=True, needs=OLD, passed=frozenset({HANDY})),
        known(is_victim=True, needs=OLD, answers={HANDY: OfferAnswer.NO}),
        known(is_victim=True, needs=OLD, answers={HANDY: OfferAnswer.NOT_REACHED}),
        known(is_victim=True, needs=OLD),
        known(needs=OLD),
        known(is_victim=True),
    ]
    found = rules.offered_to_victims(homes, Need.AGED)
    assert (found.known, found.offered, found.left, found.tried) == (4, 2, 2, 1)


def test_rates_add_up_and_an_answer_is_overdue_after_28_days():
    def passed(state: ReferralState, days: int, gone: bool = False) -> Passed:
        return Passed(HANDY, state, NOW - timedelta(days=days), gone)

    sent, up, no = ReferralState.SENT, ReferralState.TAKEN_UP, ReferralState.DECLINED
    (rate,) = rules.rates(
        [passed(sent, 28), passed(sent, 29), passed(sent, 90, True), passed(up, 90, True), passed(no, 3)], NOW
    )
    assert (rate.passed, rate.taken_up, rate.declined, rate.waiting, rate.overdue, rate.stopped) == (5, 1, 1, 1, 1, 1)
    assert rate.answered == 2


# -- with a street of homes -------------------------------------------------------------------------------------------


@pytest.fixture
def street(db):
    load_street()


@pytest.fixture
def victim(street) -> HomeRequest:
    return ask(
        27, burgled=Burgled.MY_HOME, needs=[Need.AGED, Need.CHILDREN, Need.FEAR], name="Mrs Kaur",
        telephone="07700 900417", email="kaur@example.org", reach_by=ContactKind.TEXT, note="dog",
        consent_contact=True,
    )  # fmt: skip


def test_nobody_is_passed_on_without_consent(victim, person_with):
    with pytest.raises(RuleBroken, match="not consented"):
        services.pass_on(victim, to=HANDY, by=BY)
    victim.consent_onward = True  # on the form: the fire service alone
    victim.save()
    with pytest.raises(RuleBroken, match="not consented"):
        services.pass_on(victim, to=HANDY, by=BY)
    services.pass_on(victim, to=FIRE, by=BY)
    with pytest.raises(RuleBroken, match="passed on to the fire service"):
        services.pass_on(victim, to=FIRE, by=BY)
    with pytest.raises(NotPermitted):
        services.pass_on(victim, to=FIRE, by=person_with(Role.MANAGER).actor)
    assert Referral.objects.count() == 1


def test_a_yes_passes_on_and_a_no_is_remembered(victim):
    services.offer(victim, to=VICTIMS, answer=OfferAnswer.NO, by=BY)
    services.offer(victim, to=HANDY, answer=OfferAnswer.YES, by=BY)
    victim.refresh_from_db()
    assert (victim.consent_onward, victim.consent_for) == (True, [HANDY.value])
    (home,) = selectors.known_homes()
    assert (home.passed, rules.due(home)) == ({HANDY}, [])


def test_the_service_gets_what_it_needs_and_not_more(victim):
    services.offer(victim, to=HANDY, answer=OfferAnswer.YES, by=BY)
    told = services.hand_over(Referral.objects.get(), by=BY)
    assert (told.name, told.address, told.reach_by) == ("Mrs Kaur", "27 Quarry Lane", "text 07700 900417")
    assert told.needs == (Need.AGED.value,), "neither children nor fear are a handy-person's business"
    assert "kaur@example.org" not in str(told) and "dog" not in str(told) and victim.password not in str(told)
    assert AuditEntry.objects.get(act="disclosure").recipient == HANDY.value


def test_consent_taken_back_stops_it_and_the_service_is_to_be_told(victim):
    services.offer(victim, to=HANDY, answer=OfferAnswer.YES, by=BY)
    asking.withdraw(victim, by=BY)
    referral = Referral.objects.get()
    assert referral.withdrawn_at and selectors.to_tell().get() == referral
    for act in (services.hand_over, services.note_chased):
        with pytest.raises(RuleBroken, match="took the consent back"):
            act(referral, by=BY)
    victim.refresh_from_db()
    with pytest.raises(RuleBroken, match="not consented"):
        services.pass_on(victim, to=HANDY, by=BY)
    services.note_told(referral, by=BY)
    assert not selectors.to_tell().exists() and selectors.known_homes() == []


def test_nothing_goes_even_to_a_service_that_declined_once_the_consent_is_taken_back(victim):
    services.offer(victim, to=HANDY, answer=OfferAnswer.YES, by=BY)
    referral = Referral.objects.get()
    services.note_answer(referral, state=ReferralState.DECLINED, by=BY)
    assert services.withdraw_consent(victim, by=BY) == 0, "it said no itself, so it need not be told"
    assert not selectors.to_tell().exists()
    assert AuditEntry.objects.filter(what="noted that consent to be passed on was taken back").exists()
    for act in (services.look_at, services.hand_over):
        with pytest.raises(RuleBroken, match="took the consent back"):
            act(referral, by=BY)
    file = reverse("home_security:referral_file", args=[referral.pk])
    html = signed_in(Role.COORDINATOR).post(file, follow=True).content.decode()
    assert "took the consent back" in check_page(html).html and "Mrs Kaur" not in html


def test_consent_given_with_an_earlier_request_ends_with_the_home_that_wants_nothing_more(victim):
    services.offer(victim, to=HANDY, answer=OfferAnswer.YES, by=BY)
    HomeRequest.objects.update(state=RequestState.DONE, closed_at=timezone.now())
    again = ask(27, consent_onward=True)
    asking.withdraw(again, by=Actor.visitor())
    victim.refresh_from_db()
    assert (victim.consent_onward, victim.consent_for) == (False, [])
    assert selectors.known_homes() == [], "nobody calls on this home again"
    assert services.pass_on_all(FIRE, by=BY) == 0 and Referral.objects.get().withdrawn_at
    with pytest.raises(RuleBroken, match="not consented"):
        services.pass_on(victim, to=HANDY, by=BY)


def test_a_crews_consent_is_for_the_services_it_names(db, person_with):
    dee = person_with(Role.CREW)
    day = crewing.make_day(person_id=dee.pk)
    visit = day.visits[0]
    told = crewing.told(onward=(HANDY.value,), parts=())
    reports.report_visit(visit.pk, client_key=uuid4(), version=1, told=told, by=dee.actor)
    request = HomeRequest.objects.get(pk=visit.request_id)
    assert (request.consent_onward, request.consent_for) == (True, [HANDY.value])
    with pytest.raises(RuleBroken, match="not consented"):
        services.pass_on(request, to=FIRE, by=BY)
    assert services.look_at(Referral.objects.get(), by=BY).weak == ("front door",)


@pytest.mark.parametrize("taken_back_at", ["before the visit", "after the visit", "after the visit, for the home"])
def test_a_late_report_does_not_bring_back_consent_taken_back_since_its_visit(db, person_with, taken_back_at):
    dee = person_with(Role.CREW)
    visit = crewing.make_day(person_id=dee.pk).visits[0]
    yesterday = timezone.localdate() - timedelta(days=1)
    told = crewing.told(day=yesterday, began=time(10), ended=time(10, 30), onward=(FIRE.value,), parts=())
    if taken_back_at.endswith("the home"):
        HomeRequest.objects.create(
            reference="H-999999", uprn=visit.uprn, address="1", channel="telephone", state="done", asked_at=NOW
        )
    services.withdraw_consent(HomeRequest.objects.filter(uprn=visit.uprn).latest("pk"), by=BY)
    if taken_back_at == "before the visit":
        HomeRequest.objects.update(onward_ended_at=timezone.now() - timedelta(days=3))
    answer = reports.report_visit(visit.pk, client_key=uuid4(), version=1, told=told, by=dee.actor)
    request, counts = HomeRequest.objects.get(pk=visit.request_id), taken_back_at == "before the visit"
    visit.refresh_from_db()
    assert (request.consent_onward, Referral.objects.exists(), visit.consent_onward) == (counts, counts, counts)
    assert ([CrewDoubt.NOT_PASSED_ON, ""] in answer.sent.doubts) is not counts
    assert bool(answer.sent.told["onward"]) is counts


def test_without_a_time_consent_may_have_been_given_at_any_hour_of_the_day():
    told = crewing.told(day=date(2026, 11, 20), began=None, ended=time(15))
    times = crew_rules.believed_times(told, NOW)
    assert crew_rules.agreed_from(told, times) == datetime(2026, 11, 20, tzinfo=UTC)


def test_the_page_reads_a_fixed_number_of_times(victim, django_assert_num_queries):
    client, address = signed_in(Role.MANAGER), reverse("home_security:passed_on")
    services.offer(victim, to=HANDY, answer=OfferAnswer.YES, by=BY)
    client.get(address)  # what is read once for each load is read now
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    for number in (28, 29, 30):
        more = ask(number, burgled=Burgled.MY_HOME, needs=[Need.AGED])
        services.offer(more, to=FIRE, answer=OfferAnswer.YES, by=BY)
    with django_assert_num_queries(len(asked)):
        client.get(address)


def test_the_coordinator_offers_passes_on_and_hears_the_answer(victim):
    client, address = signed_in(Role.COORDINATOR), reverse("home_security:passed_on")
    page = check_page(client.get(address).content.decode())
    assert "0 were offered" in page.html or "0 was offered" in page.html
    assert "Mrs Kaur" in page.html and AuditEntry.objects.filter(what__contains="who is passed on").count() == 1
    request_page = reverse("home_security:request", args=[victim.reference])
    check_page(client.get(request_page).content.decode())
    offer = reverse("home_security:offer_service", args=[victim.reference])
    assert "Choose the service" in client.post(offer, {"to": HANDY.value}, follow=True).content.decode()
    said = client.post(offer, {"to": HANDY.value, "answer": "yes"}, follow=True).content.decode()
    assert "They are passed on." in check_page(said).html
    referral = Referral.objects.get()
    read = check_page(client.get(reverse("home_security:referral", args=[referral.pk])).content.decode())
    assert "Mrs Kaur" in read.html and "07700 900417" in read.html and "Afraid" not in read.html
    file = client.post(reverse("home_security:referral_file", args=[referral.pk]))
    assert file["Content-Type"].startswith("text/csv") and "27 Quarry Lane" in file.content.decode()
    done = reverse("home_security:referral_done", args=[referral.pk])
    assert "It is noted." in client.post(done, {"done": "taken up"}, follow=True).content.decode()
    again = client.post(done, {"done": "declined"}, follow=True).content.decode()
    assert "answered already" in check_page(again).html and "1 of 1 answered" in again


def test_consent_is_taken_back_on_the_request_page(victim):
    client = signed_in(Role.COORDINATOR)
    services.offer(victim, to=HANDY, answer=OfferAnswer.YES, by=BY)
    back = reverse("home_security:withdraw_consent", args=[victim.reference])
    assert "1 service is to be told" in client.post(back, follow=True).content.decode()
    page = check_page(client.get(reverse("home_security:passed_on")).content.decode())
    assert "Tell the service to stop." in page.html
    referral = check_page(
        client.get(reverse("home_security:referral", args=[Referral.objects.get().pk])).content.decode()
    )
    assert "took the consent back" in referral.html and "Mrs Kaur" not in referral.html


def test_all_that_agreed_are_passed_on_at_once(street):
    for number in (27, 28, 29):
        ask(number, consent_onward=number != 29)
    client = signed_in(Role.COORDINATOR)
    said = client.post(reverse("home_security:pass_on_all"), {"to": FIRE.value}, follow=True).content.decode()
    assert "2 homes are passed on." in check_page(said).html and Referral.objects.count() == 2


def test_of_two_who_pass_all_on_at_once_the_second_finds_it_done(street, monkeypatch):
    first, second = ask(27, consent_onward=True), ask(28, consent_onward=True)
    as_both_read_it = selectors.known_homes()
    monkeypatch.setattr(selectors, "known_homes", lambda: as_both_read_it)
    services.withdraw_consent(second, by=BY)
    assert services.pass_on_all(FIRE, by=BY) == 1, "the other took the consent back meanwhile"
    assert services.pass_on_all(FIRE, by=BY) == 0
    assert Referral.objects.get().request == first


def test_repeat_victims_are_counted_by_where_they_stand(street):
    closed = ask(27, burgled_times=2)
    asking.close(closed, state=RequestState.REFUSED, because="", by=BY)
    ask(28, burgled_times=3)
    ask(29, burgled_times=1)
    found = selectors.repeat_victims()
    assert (found.known, found.visited, found.waiting, found.said_no, found.unanswered) == (2, 0, 1, 1, 0)


def test_a_manager_sees_numbers_and_references_but_nobodys_name(victim):
    services.offer(victim, to=FIRE, answer=OfferAnswer.YES, by=BY)
    services.withdraw_consent(victim, by=BY)
    html = check_page(signed_in(Role.MANAGER).get(reverse("home_security:passed_on")).content.decode()).html
    assert victim.reference in html and "Mrs Kaur" not in html and "Quarry Lane" not in html
    assert "Tell the service to stop" in html and "Which referral" not in html, "a page they may not open"


def test_before_anybody_is_known_the_page_says_who_would_stand_there(db):
    html = check_page(signed_in(Role.MANAGER).get(reverse("home_security:passed_on")).content.decode()).html
    assert "Nobody was passed on yet" in html and "No burgled home is known" in html
