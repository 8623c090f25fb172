"""The register of marking kits: every code is known, confirmed or asked about, and a look-up is never unseen."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from frankpledge.delivery.home_security.models import KitQuestion, MarkingKit
from frankpledge.delivery.home_security.rules import crew as codes
from frankpledge.delivery.home_security.rules import kits as rules
from frankpledge.delivery.home_security.rules.kits import Held, WhyNotOurs
from frankpledge.delivery.home_security.selectors import kits as selectors
from frankpledge.delivery.home_security.services import crew as reports
from frankpledge.delivery.home_security.services import kits as services
from frankpledge.delivery.home_security.services.kits import Found, KnownKit
from frankpledge.delivery.home_security.vocabulary import KitAnswer, KitFate
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.vocabulary.errors import DataProblem, NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.homes import crewing
from tests.homes.asking_town import BY, load_street, uprn
from tests.pages.html import check_page
from tests.people import signed_in


def code(number: int) -> str:
    """A code as it is printed."""
    body = f"SD7{number:06d}"
    return codes.spaced_code(body + codes.check_letter(body))


def test_rows_of_a_paste_and_of_a_table_are_read_alike():
    assert rules.rows_of("SD7 1\n\n  SD7 2 \n") == ["SD7 1", "SD7 2"]
    assert rules.rows_of("\ufeffowner;Kit code\nA;SD7 1\nB;SD7 2\n") == ["SD7 1", "SD7 2"]
    assert rules.rows_of("code\nSD7 1") == ["SD7 1"]
    assert rules.rows_of('code,who\n"SD7 1,A\nSD7 2,B\n' + "x," * 100_000)[1:2] == ["SD7 2"], "no line swallows others"
    with pytest.raises(DataProblem, match="no code"):
        rules.rows_of(" \n\n")


def test_every_row_of_a_confirmation_is_told_apart():
    held = {codes.plain_code(code(n)): Held(n != 3, n == 2, n == 4) for n in range(1, 5)}
    rows = [code(1).lower().replace("0", "O"), code(1), code(2), code(3), code(4), code(9), "rubbish", ""]
    found = rules.confirmation(rows, held)
    assert found.confirmed == (codes.plain_code(code(1)),)
    assert found.already == (codes.plain_code(code(1)), codes.plain_code(code(2)))
    assert [why for _, why in found.not_ours] == [
        WhyNotOurs.NO_HOME, WhyNotOurs.GONE, WhyNotOurs.UNKNOWN, WhyNotOurs.NOT_A_CODE, WhyNotOurs.NOT_A_CODE,
    ]  # fmt: skip
    assert found.read == len(rows)


@pytest.mark.parametrize("reason", ["", "  ", "-----", "abc"])
def test_a_look_up_without_a_reason_is_refused(reason):
    with pytest.raises(DataProblem, match="Say why"):
        rules.check_reason(reason)


# -- with a street of homes -------------------------------------------------------------------------------------------


@pytest.fixture
def street(db):
    cache.clear()
    load_street()
    today = timezone.localdate()
    services.take_over_kits(
        [
            KnownKit(code(1), uprn(27), today - timedelta(days=60), 12),
            KnownKit(code(2), uprn(28), today - timedelta(days=40), None, was_sent=True),
            KnownKit(code(3), uprn(29), today - timedelta(days=3), None),
        ],
        by=BY,
    )


def test_the_register_says_what_is_worth_nothing_yet(street):
    stands = selectors.register()
    assert (stands.given_out, stands.registered, stands.unregistered, stands.sent) == (3, 1, 2, 1)
    assert [kit.uprn for kit in selectors.unregistered()] == [uprn(28), uprn(29)]


def test_an_export_says_what_it_sends_again(street):
    first = services.export_unregistered(by=BY)
    assert [(row.code, row.address, row.sent_before) for row in first] == [(code(3), "29 Quarry Lane", None)]
    with pytest.raises(RuleBroken, match="No code waits"):
        services.export_unregistered(by=BY)
    again = services.export_unregistered(again=True, by=BY)
    assert len(again) == 2 and all(row.sent_before for row in again)
    sent = AuditEntry.objects.filter(act="disclosure")
    assert sent.count() == 2 and all(entry.recipient for entry in sent)


def test_a_confirmation_registers_and_a_second_one_changes_nothing(street):
    on = timezone.localdate()
    found = services.confirm(f"{code(2)}\n{code(3)}\n{code(77)}", on=on, by=BY)
    assert (len(found.confirmed), len(found.already), len(found.not_ours)) == (2, 0, 1)
    again = services.confirm(f"{code(2)}\n{code(3)}", on=on, by=BY)
    assert (len(again.confirmed), len(again.already)) == (0, 2)
    assert selectors.register().unregistered == 0
    with pytest.raises(DataProblem, match="lies ahead"):
        services.confirm(code(2), on=on + timedelta(days=1), by=BY)


def test_a_lost_kit_leads_to_nobody(street):
    services.take_out(code(1), because=KitFate.LOST, by=BY)
    assert services.look_up(code(1), reason="crime 44/1234", by=BY).found is Found.GONE
    assert selectors.register().given_out == 2
    with pytest.raises(RuleBroken, match="out of use since"):
        services.take_out(code(1), because=KitFate.DAMAGED, by=BY)
    with pytest.raises(DataProblem, match="No kit of ours"):
        services.take_out(code(50), because=KitFate.LOST, by=BY)


# -- look-ups ---------------------------------------------------------------------------------------------------------


def test_a_look_up_bears_slips_of_the_pen_but_offers_nothing_that_is_only_near(street):
    answer = services.look_up(f" {code(1).lower().replace('0', 'o')} ", reason="crime 44/1234", by=BY)
    assert (answer.found, answer.address) == (Found.HOME, "27 Quarry Lane")
    wrong = code(1)[:-1] + ("A" if code(1)[-1] != "A" else "B")
    assert services.look_up(wrong, reason="crime 44/1234", by=BY).found is Found.NOT_A_CODE
    assert services.look_up(code(4), reason="crime 44/1234", by=BY).found is Found.UNKNOWN


def test_every_look_up_is_recorded_with_its_reason_found_or_not(street, person_with):
    officer = person_with(Role.OFFICER).actor
    for wanted in (code(1), code(4)):
        services.look_up(wanted, reason="crime 44/1234", by=officer)
    entries = AuditEntry.objects.filter(act="consultation", purpose="crime 44/1234").order_by("sequence")
    assert [entry.details["found"] for entry in entries] == ["a home has it", "no kit of ours"]
    with pytest.raises(NotPermitted):
        services.look_up(code(1), reason="crime 44/1234", by=person_with(Role.MANAGER).actor)


def test_the_register_cannot_be_walked(street, person_with):
    officer, other = person_with(Role.OFFICER).actor, person_with(Role.OFFICER).actor
    for number in range(rules.LOOK_UPS_AN_HOUR):
        services.look_up(code(100 + number), reason="crime 44/1234", by=officer)
    with pytest.raises(RuleBroken, match="Try again in an hour"):
        services.look_up(code(1), reason="crime 44/1234", by=officer)
    assert AuditEntry.objects.filter(what__contains="asked to wait").count() == 1
    assert services.look_up(code(1), reason="crime 44/1234", by=other).found is Found.HOME


def test_an_officer_finds_the_page_and_sees_no_more_than_the_home(street, person_with):
    officer = Client()
    officer.force_login(person_with(Role.OFFICER))
    address = reverse("home_security:look_up_kit")
    page = check_page(officer.get(address).content.decode())
    assert "Quarry Lane" not in page.html
    assert officer.get(reverse("home_security:kits")).status_code == 404
    lacking = officer.post(address, {"code": code(1), "reason": ""})
    assert lacking.status_code == 422 and not AuditEntry.objects.filter(purpose__isnull=False).exists()
    found = check_page(officer.post(address, {"code": code(1), "reason": "crime 44/1234"}).content.decode())
    assert (
        "27 Quarry Lane" in found.html and "Reach the coordinator" in found.html or "Nobody coordinates" in found.html
    )


# -- a code on two homes ----------------------------------------------------------------------------------------------


@pytest.fixture
def two_homes(db, person_with):
    cache.clear()
    dee = person_with(Role.CREW)
    day = crewing.make_day(person_id=dee.pk)
    for number, written in enumerate((code(1), code(1), "SD7441390Q")):
        told = crewing.told(kit_code=written, parts=())
        visit = day.visits[number]
        reports.report_visit(visit.pk, client_key=uuid4(), version=1, told=told, by=dee.actor)
    return day


def test_a_code_on_two_homes_is_a_question_and_names_neither_meanwhile(two_homes):
    elsewhere, wrong = selectors.open_questions()
    assert (elsewhere.kit is not None, wrong.written) == (True, "SD7441390Q")
    assert services.look_up(code(1), reason="crime 44/1234", by=BY).found is Found.IN_DOUBT
    services.settle(elsewhere, answer=KitAnswer.FIRST, by=BY)
    answer = services.look_up(code(1), reason="crime 44/1234", by=BY)
    assert (answer.found, answer.address) == (Found.HOME, crewing.ADDRESSES[0])
    with pytest.raises(RuleBroken, match="already"):
        services.settle(elsewhere, answer=KitAnswer.SECOND, by=BY)


def test_a_code_may_belong_to_the_second_home_and_is_registered_anew(two_homes):
    services.confirm(code(1), on=timezone.localdate(), by=BY)
    services.settle(selectors.open_questions()[0], answer=KitAnswer.SECOND, by=BY)
    kit = MarkingKit.objects.get()
    assert (kit.uprn, kit.registered_on) == (two_homes.visits[1].uprn, None)


def test_a_code_nobody_could_read_is_read_again(two_homes):
    wrong = selectors.open_questions()[1]
    with pytest.raises(DataProblem, match="Another home"):
        services.settle(wrong, answer=KitAnswer.READ, code=code(1), by=BY)
    with pytest.raises(RuleBroken, match="fit this code"):
        services.settle(wrong, answer=KitAnswer.FIRST, by=BY)
    services.settle(wrong, answer=KitAnswer.READ, code=code(8), by=BY)
    assert MarkingKit.objects.get(code=codes.plain_code(code(8))).uprn == two_homes.visits[2].uprn


# -- the pages --------------------------------------------------------------------------------------------------------


def test_the_coordinator_walks_the_register(street, two_homes_client):
    client = two_homes_client
    page = check_page(client.get(reverse("home_security:kits")).content.decode())
    assert "2 of 3 kits homes have are not registered" in page.html and "Quarry Lane" not in page.html
    sent = client.post(reverse("home_security:export_kits"))
    assert sent["Content-Type"].startswith("text/csv") and "29 Quarry Lane" in sent.content.decode()
    assert "1 code was written" in client.get(reverse("home_security:kits")).content.decode()
    confirm = reverse("home_security:confirm_kits")
    check_page(client.get(confirm).content.decode())
    day = date.today().isoformat()
    said = client.post(confirm, {"codes": f"{code(2)}\nrubbish", "on": day}).content.decode()
    assert "2 rows came in: 1 confirmed, 0 confirmed already, 1 not ours." in check_page(said).html
    assert client.post(confirm, {"codes": "", "on": day}).status_code == 422
    out = reverse("home_security:kit_out_of_use")
    assert client.post(out, {"code": code(60), "because": "lost"}).status_code == 422
    assert client.post(out, {"code": code(3), "because": "lost"}).status_code == 302


@pytest.fixture
def two_homes_client(person_with):
    client = Client()
    client.force_login(person_with(Role.COORDINATOR))
    return client


def test_a_question_is_settled_on_its_page_and_the_look_is_recorded(two_homes, two_homes_client):
    question = KitQuestion.objects.filter(kit__isnull=False).get()
    address = reverse("home_security:kit_question", args=[question.pk])
    page = check_page(two_homes_client.get(address).content.decode())
    assert crewing.ADDRESSES[1] in page.html
    assert AuditEntry.objects.filter(act="consultation", what__contains="homes of a kit").exists()
    assert two_homes_client.post(address, {"answer": KitAnswer.NEITHER.value}).status_code == 302
    assert MarkingKit.objects.get().gone_because == KitFate.TWO_HOMES
    assert two_homes_client.get(address).status_code == 404


def test_an_empty_register_says_where_codes_come_from(db):
    page = check_page(signed_in(Role.MANAGER).get(reverse("home_security:kits")).content.decode())
    assert "No kit is in the register yet" in page.html
