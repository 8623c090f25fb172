"""The public form as a resident finds it, and the pages of those who run it."""

import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from frankpledge.delivery.home_security.models import Cocoon, HomeRequest, Message
from frankpledge.delivery.home_security.vocabulary import Burgled, Channel, OfferState, RequestState
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows.near_repeat_response import respond
from tests.homes.asking_town import BY, POSTCODE, ask, load_street, uprn
from tests.homes.test_asking import alert
from tests.pages.html import check_page
from tests.people import signed_in

pytestmark = pytest.mark.django_db
ASK = "/deliver/homes/ask/"
CONTACT = {"name": "Mrs K", "reach_by": "text", "telephone": "07700 900417", "email": ""}


@pytest.fixture(autouse=True)
def town(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    cache.clear()
    load_street()


def send(client: Client, step: str, **answers: Any) -> Any:
    return client.post(f"{ASK}{step}/", answers)


def fill(client: Client, address: str = "31 Quarry Lane", postcode: str = POSTCODE) -> None:
    send(client, "address", address=address, postcode=postcode)
    send(client, "tenure", answer="private tenant")
    send(client, "burgled", answer="a home near mine")
    send(client, "needs", answer=["lives alone"])
    send(client, "contact", **CONTACT)
    send(client, "heard", answer="leaflet")


def test_a_resident_asks_page_by_page_and_gets_a_reference() -> None:
    client = Client()
    check_page(client.get(ASK).content.decode())
    for step in ("address", "tenure", "burgled", "needs", "contact", "heard"):
        if step != "address":
            check_page(client.get(f"{ASK}{step}/").content.decode())
        else:
            fill(client)
    page = check_page(client.get(f"{ASK}check/").content.decode())
    assert "31 Quarry Lane" in page.html
    assert send(client, "check").status_code == 422, "without consent nothing is kept"
    assert not HomeRequest.objects.exists()
    assert send(client, "check", consent_contact="on").headers["Location"] == f"{ASK}done/"
    made = HomeRequest.objects.get()
    assert (made.uprn, made.channel, made.tenure, made.burgled) == (
        uprn(31), Channel.FORM, "private tenant", Burgled.NEAR,
    )  # fmt: skip
    page = check_page(client.get(f"{ASK}done/").content.decode())
    assert made.reference in page.html and made.password in page.html
    assert "ending <strong>417</strong>" in page.html
    assert Message.objects.get().language == "en-gb"
    assert "homes_answers" not in client.session, "of the answers nothing stays in the browser's session"


def test_the_form_is_there_in_welsh_and_remembers_the_language() -> None:
    client = Client(headers={"accept-language": "cy"})
    assert 'lang="cy"' in client.get(ASK).content.decode()
    fill(client)
    send(client, "check", consent_contact="on")
    assert HomeRequest.objects.get().language == "cy"


def test_the_form_never_tells_whether_a_home_asked_before() -> None:
    pages = []
    for number in (1, 2):
        client = Client()
        fill(client)
        send(client, "check", consent_contact="on")
        made = HomeRequest.objects.order_by("-pk")[0]
        html = client.get(f"{ASK}done/").content.decode().split("<main")[1]
        pages.append(html.replace(made.reference, "R").replace(made.password, "P"))
        assert HomeRequest.objects.count() == number
    assert pages[0] == pages[1]
    assert {one.state for one in HomeRequest.objects.all()} == {RequestState.WAITING, RequestState.JOINED}


@pytest.mark.parametrize(
    ("address", "postcode", "words"),
    [
        ("999 Nowhere Road", POSTCODE, "could not find that address"),
        ("10 Downing Street", "SW1A 2AA", "not in our district"),
    ],
)
def test_an_address_that_is_not_there_loses_nothing(address: str, postcode: str, words: str) -> None:
    client = Client()
    fill(client, address, postcode)
    assert words in client.get(f"{ASK}check/").content.decode()
    send(client, "check", consent_contact="on")
    made = HomeRequest.objects.get()
    assert (made.uprn, made.address, made.state) == ("", address, RequestState.WAITING)


def test_an_address_of_several_homes_is_asked_about() -> None:
    client = Client()
    answer = send(client, "address", address="Quarry Lane", postcode=POSTCODE)
    assert answer.headers["Location"] in (f"{ASK}home/", f"{ASK}tenure/")
    answer = send(client, "address", address="31 Quary Road", postcode=POSTCODE)
    if answer.headers["Location"] == f"{ASK}home/":
        page = check_page(client.get(f"{ASK}home/").content.decode())
        assert "31 Quarry Lane" in page.html
        send(client, "home", answer=uprn(31))
        assert client.session["homes_answers"]["answers"]["address"]["uprn"] == uprn(31)


def test_a_wrong_answer_is_said_beside_the_question_and_the_rest_is_kept() -> None:
    client = Client()
    answer = send(client, "address", address="", postcode="nonsense")
    assert answer.status_code == 422
    assert "Enter a full postcode" in answer.content.decode()
    fill(client)
    assert send(client, "burgled").status_code == 422
    assert send(client, "burgled", answer="everybody").status_code == 422
    assert send(client, "contact", **(CONTACT | {"telephone": "12"})).status_code == 422
    assert send(client, "contact", **(CONTACT | {"reach_by": "e-mail"})).status_code == 422
    assert client.get(f"{ASK}check/").status_code == 200


def test_after_an_hour_it_begins_again_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    fill(client)
    later = time.time() + 61 * 60
    monkeypatch.setattr("frankpledge.delivery.home_security.views.public.time.time", lambda: later)
    assert client.get(f"{ASK}check/").headers["Location"] == f"{ASK}?over=1"
    assert "60 minutes" in client.get(f"{ASK}?over=1").content.decode()


def test_a_resident_reads_what_becomes_of_the_answers(settings: Any) -> None:
    page = Client().get(ASK).content.decode()
    assert f"{ASK}privacy/" in page
    told = Client().get(f"{ASK}privacy/").content.decode()
    check_page(told)
    assert "erase your name" in told and "privacy notice" not in told
    settings.PRIVACY_NOTICE = "https://homes.example.org/privacy"
    assert 'href="https://homes.example.org/privacy"' in Client().get(f"{ASK}privacy/").content.decode()


def test_pages_that_are_none_of_the_form_lead_to_its_beginning() -> None:
    for step in ("nothing", "done"):
        assert Client().get(f"{ASK}{step}/").headers["Location"] == ASK


def test_too_many_tries_are_put_off_with_the_answers_kept() -> None:
    client = Client()
    for _ in range(60):
        assert send(client, "address", address="31 Quarry Lane", postcode=POSTCODE).status_code == 302
    answer = send(client, "address", address="31 Quarry Lane", postcode=POSTCODE)
    assert answer.status_code == 429
    check_page(answer.content.decode())
    assert "address" in client.session["homes_answers"]["answers"]


def test_a_visit_is_called_off_with_reference_and_postcode_and_with_nothing_less() -> None:
    made = ask(31, name="Mrs K")
    for reference, postcode in ((made.reference, "XA9 9ZZ"), ("H-222222", POSTCODE), (made.reference, "")):
        assert send(Client(), "change", reference=reference, postcode=postcode).status_code == 422
    check_page(Client().get(f"{ASK}change/").content.decode())
    answer = send(Client(), "change", reference=made.reference.lower(), postcode="xa11aa")
    assert "called off" in check_page(answer.content.decode()).html
    made.refresh_from_db()
    assert made.state == RequestState.WITHDRAWN


def test_a_finished_request_is_erased_with_reference_and_postcode() -> None:
    made = ask(31, name="Mrs K")
    HomeRequest.objects.update(state=RequestState.DONE)
    assert send(Client(), "change", reference=made.reference, postcode="XA9 9ZZ").status_code == 422
    for _ in range(2):
        answer = send(Client(), "change", reference=made.reference, postcode=POSTCODE)
        assert "contact details are erased" in check_page(answer.content.decode()).html
    made.refresh_from_db()
    assert (made.state, made.name) == (RequestState.DONE, "")
    assert AuditEntry.objects.filter(act="erasure").count() == 1


# -- those who run it -------------------------------------------------------------------------------------------------

PAGES = ("requests/", "requests/first/", "cocoons/")
FORMS = ("requests/take/", "requests/points/", "requests/to-find/")


@pytest.mark.parametrize(("role", "may_edit"), [(Role.COORDINATOR, True), (Role.MANAGER, False)])
def test_pages_stand_empty_and_filled(role: Role, may_edit: bool) -> None:
    client = signed_in(role)
    for _ in range(2):
        for page in PAGES:
            check_page(client.get(f"/deliver/homes/{page}").content.decode())
        for page in FORMS:
            answer = client.get(f"/deliver/homes/{page}")
            assert answer.status_code == (200 if may_edit else 404)
        ask(31, name="Mrs K", burgled=Burgled.MY_HOME)
        ask(33, uprn="", address="33 Quary Lane")
        alert(39)
        respond(by=BY)
    html = client.get("/deliver/homes/requests/?first=1&second=2").content.decode()
    assert "Burgled in the last weeks <strong>+60</strong>" in html
    assert "Why 1 stands before 2" in html
    assert ("31 Quarry Lane" in html) is may_edit, "a manager sees the reasons, not who lives where"


def test_a_telephone_request_a_referral_and_a_home_that_asked_already() -> None:
    client = signed_in(Role.COORDINATOR)
    told = {
        "channel": "telephone", "address": "31 Quarry Ln", "postcode": POSTCODE, "reach_by": "letter",
        "language": "en-gb", "burgled": "no", "heard_from": "leaflet",
    }  # fmt: skip
    client.post("/deliver/homes/requests/take/", told)
    made = HomeRequest.objects.get()
    assert (made.uprn, made.heard_from) == (uprn(31), "leaflet")
    answer = client.post("/deliver/homes/requests/take/", told | {"channel": "fire safety visit"})
    assert answer.status_code == 422
    assert "only with the resident’s consent" in answer.content.decode()
    answer = client.post(
        "/deliver/homes/requests/take/",
        told | {"channel": "fire safety visit", "referred_by": "Fire service, Station 4", "consent_contact": "on"},
        follow=True,
    )
    assert "joined to its first request" in check_page(answer.content.decode()).html


def test_a_request_is_settled_noted_and_closed_on_its_pages() -> None:
    client = signed_in(Role.COORDINATOR)
    made = ask(33, uprn="", address="33 Quary Lane", name="Mr Q")
    here = f"/deliver/homes/requests/{made.reference}/"
    check_page(client.get(here).content.decode())
    check_page(client.get(f"{here}home/").content.decode())
    assert AuditEntry.objects.filter(act="consultation", subject=f"homes:{made.reference}").count() == 2
    client.post(f"{here}home/", {"uprn": uprn(33)})
    client.post(f"{here}contact/", {"kind": "telephone", "outcome": "no answer", "cost": "0.40", "note": "rang twice"})
    assert "rang twice" in client.get(here).content.decode()
    assert client.post(f"{here}contact/", {"kind": "pigeon"}).status_code == 422
    check_page(client.get(f"{here}close/").content.decode())
    assert client.post(f"{here}close/", {"because": "?"}).status_code == 422
    client.post(f"{here}close/", {"state": "refused", "because": "moving out"})
    made.refresh_from_db()
    assert (made.uprn, made.state) == (uprn(33), RequestState.REFUSED)
    assert client.post(f"{here}close/", {"state": "refused"}).status_code == 422
    assert client.get("/deliver/homes/requests/H-222222/").status_code == 404


def test_points_are_tried_before_they_are_saved() -> None:
    client = signed_in(Role.COORDINATOR)
    ask(31, needs=[])
    names = list(client.get("/deliver/homes/requests/points/").context["form"].fields)
    told = dict.fromkeys(names, "7")
    page = check_page(client.post("/deliver/homes/requests/points/", told | {"try": "1"}).content.decode())
    assert "With your points" in page.html
    assert client.post("/deliver/homes/requests/points/", told | {names[0]: "101", "save": "1"}).status_code == 422
    client.post("/deliver/homes/requests/points/", told | {"save": "1"})
    form = client.get("/deliver/homes/requests/points/").context["form"]
    assert {field.initial for field in form.fields.values()} == {7}


def test_a_cocoon_is_approved_and_each_offer_noted() -> None:
    client = signed_in(Role.COORDINATOR)
    alert(39)
    respond(by=BY)
    cocoon = Cocoon.objects.get()
    here = f"/deliver/homes/cocoons/{cocoon.pk}/"
    assert "9 homes are still to be offered" in check_page(client.get(here).content.decode()).html
    left_out = cocoon.offers.get(uprn=uprn(37))
    chosen = [offer.pk for offer in cocoon.offers.exclude(pk=left_out.pk)]
    assert "Choose at least one home" in client.post(f"{here}approve/", follow=True).content.decode()
    client.post(f"{here}approve/", {"offer": chosen, "visit": "1"})
    client.post(f"{here}approve/", {"offer": chosen, "visit": "1"})
    assert Message.objects.count() == 8
    left_out.refresh_from_db()
    assert left_out.state == OfferState.TO_OFFER and "left out" in left_out.note
    offer = cocoon.offers.get(uprn=uprn(41))
    client.post(f"/deliver/homes/offers/{offer.pk}/", {"state": "accepted"})
    client.post(f"/deliver/homes/offers/{offer.pk}/", {"state": ""})
    offer.refresh_from_db()
    assert offer.state == OfferState.ACCEPTED
    assert offer.request is not None
    check_page(client.get(here).content.decode())
    assert client.get("/deliver/homes/cocoons/99999/").status_code == 404


def test_pages_ask_the_same_number_of_queries_however_many_wait(django_assert_max_num_queries: Any) -> None:
    client = signed_in(Role.COORDINATOR)
    for number in (29, 31, 33, 35, 37, 41, 43):
        ask(number)
    with django_assert_max_num_queries(24):
        client.get("/deliver/homes/requests/")


def test_the_coordinator_erases_a_finished_request_and_says_why() -> None:
    made, client = ask(31, name="Mrs K"), signed_in(Role.COORDINATOR)
    page, erase = f"/deliver/homes/requests/{made.reference}/", f"/deliver/homes/requests/{made.reference}/erase/"
    assert erase not in client.get(page).content.decode(), "a live one is withdrawn instead"
    assert client.post(erase, {"because": "kept long enough"}).headers["Location"] == page
    HomeRequest.objects.update(state=RequestState.DONE)
    assert erase in client.get(page).content.decode()
    assert "cannot be undone" in check_page(client.get(erase).content.decode()).html
    assert client.post(erase, {"because": ""}).status_code == 422
    assert "Mrs K" in client.get(page).content.decode()
    client.post(erase, {"because": "kept long enough"})
    html = check_page(client.get(page).content.decode()).html
    assert "Mrs K" not in html and "were erased on" in html and erase not in html
    assert signed_in(Role.MANAGER).get(erase).status_code == 404
