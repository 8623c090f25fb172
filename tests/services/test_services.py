"""Agreements with voluntary bodies: what is late or under stands first, nothing is counted twice, nothing is lost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from frankpledge.delivery.commissioning import selectors, services
from frankpledge.delivery.commissioning.models import Agreement
from frankpledge.delivery.commissioning.rules import Quarter, Told
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows import demo_services
from tests.pages.html import check_page
from tests.people import make_person

BY = Actor.system("tests")
TODAY = timezone.localdate()
LAST = Quarter.of(Quarter.of(TODAY).first_day - timedelta(days=1))
BEFORE = Quarter.of(LAST.first_day - timedelta(days=1))


def make(**changes) -> Agreement:
    said = {
        "provider": "Aldercombe Handy Help",
        "title": "Locks for people over 70",
        "purpose": "fitting security",
        "what": "Fits locks and chains.",
        "first_on": BEFORE.first_day,
        "last_on": TODAY + timedelta(days=200),
        "amount": Decimal(12_000),
        "paid_how": "each quarter in advance",
    }
    made = services.add_agreement(**(said | changes), by=BY)
    services.add_output(made, name="Homes secured", unit="homes", target=Decimal(40), by=BY)
    services.add_output(made, name="People who feel safer", unit="people", counted="a share", target=Decimal(80), by=BY)
    return found(made)


def found(of: Agreement) -> Agreement:
    return selectors.agreement(of.pk)


def tell(of: Agreement, quarter: Quarter, homes, safer=(8, 10), seen: int = 0):
    first, second = of.outputs.all()
    told = {first.pk: Told(homes), second.pk: Told(Decimal(safer[0]), Decimal(safer[1]))}
    return services.keep_return(of, quarter=quarter, told=told, received_on=TODAY, seen=seen, by=BY)


def test_a_late_return_and_too_little_delivered_are_said_and_stand_first(as_role, partnership):
    make(title="In order", first_on=TODAY, last_on=TODAY + timedelta(days=300))
    poor = make()
    tell(poor, BEFORE, Decimal(25))
    look = selectors.look(found(poor), TODAY)
    assert [one.output.name for one in look.under] == ["Homes secured"]
    late = (TODAY - LAST.last_day).days > 20
    assert bool(look.late) == late
    browser = as_role(Role.MANAGER)
    page = check_page(browser.get("/deliver/services/").content.decode())
    assert page.html.index("Locks for people over 70") < page.html.index("In order")
    assert "Homes secured: 25, agreed 40" in page.html
    assert "/deliver/services/add/" not in page.html
    one = check_page(browser.get(f"/deliver/services/{poor.pk}/").content.decode())
    assert "80 % (8/10)" in one.html and "Write it down" not in one.html


def test_the_list_takes_as_many_queries_for_many_as_for_one(as_role, partnership, django_assert_max_num_queries):
    browser = as_role(Role.COORDINATOR)
    for _ in range(4):
        tell(make(), BEFORE, None)
    with django_assert_max_num_queries(16):
        browser.get("/deliver/services/")


def test_to_be_confirmed_is_shown_as_such_and_corrected_later(partnership):
    held = make()
    first = tell(held, BEFORE, None)
    look = selectors.look(found(held), TODAY)
    assert look.outputs[0].delivered.value is None and look.outputs[0].delivered.unknown == 1
    assert not look.under
    with pytest.raises(services.ChangedMeanwhile):
        tell(held, BEFORE, Decimal(44))
    tell(held, BEFORE, Decimal(44), seen=first.version)
    assert selectors.look(found(held), TODAY).outputs[0].delivered.value == 44


def test_the_cost_of_one_names_both_parts(as_role, partnership):
    held = make()
    tell(held, BEFORE, Decimal(40))
    due = held.instalments.first()
    services.pay(due, paid=due.amount, paid_on=TODAY, by=BY)
    page = as_role(Role.SCRUTINY).get(f"/deliver/services/{held.pk}/").content.decode()
    cost = selectors.look(found(held), TODAY).outputs[0].cost
    assert cost.each == (due.amount / 40).quantize(Decimal("0.01"))
    assert "paid for the time to" in page and "over 40 homes" in page


def test_the_plan_keeps_the_only_ledger(partnership):
    line = selectors.LineOfPlan(
        "Locks", 2026, Decimal(20_000), selectors.Certainty.COMPLETE, Decimal(4_000), 2, Decimal(21_000), Decimal(5_000)
    )
    assert line.is_over and line.is_short
    held = make(money_line="No such line")
    assert selectors.line_of_plan(held.money_line, 2026, [held]) is None


def test_a_payment_is_written_down_once_and_another_sum_needs_a_reason(partnership):
    held = make()
    due = held.instalments.first()
    with pytest.raises(RuleBroken, match="was due"):
        services.pay(due, paid=due.amount - 1, paid_on=TODAY, by=BY)
    services.pay(due, paid=due.amount, paid_on=TODAY, by=BY)
    with pytest.raises(RuleBroken, match="counted twice"):
        services.pay(due, paid=due.amount, paid_on=TODAY, by=BY)
    with pytest.raises(RuleBroken, match="cannot lie ahead"):
        services.pay(held.instalments.last(), paid=Decimal(1), paid_on=TODAY + timedelta(days=1), by=BY)
    services.take_back_payment(due, because="Paid to another agreement.", by=BY)
    assert selectors.look(found(held), TODAY).paid == 0


def test_terms_that_change_leave_payments_that_were_made(partnership):
    held = make()
    due = held.instalments.first()
    services.pay(due, paid=due.amount, paid_on=TODAY, by=BY)
    changed = services.change_agreement(held, version=held.version, amount=Decimal(15_000), by=BY)
    assert sum(one.paid or one.amount for one in changed.instalments.all()) == 15_000
    with pytest.raises(services.ChangedMeanwhile):
        services.change_agreement(held, version=held.version, title="Mine", by=BY)
    tell(found(held), BEFORE, Decimal(1))
    with pytest.raises(RuleBroken, match="A return is in"):
        services.change_agreement(changed, version=changed.version, first_on=LAST.first_day, by=BY)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"last_on": date(2000, 1, 1)}, "ends before it begins"),
        ({"amount": Decimal(-5)}, "nought or more"),
        ({"what": " "}, "what the provider is to do"),
        ({"title": "x" * 201}, "200 characters"),
        ({"return_days": 100}, "92 days"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused(partnership, wrong, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        make(**wrong)
    assert not Agreement.objects.exists()


def test_a_return_of_a_quarter_that_is_not_over_is_refused(partnership):
    held = make()
    with pytest.raises(RuleBroken, match="not over yet"):
        tell(held, Quarter.of(TODAY), Decimal(1))
    with pytest.raises(RuleBroken, match="does not run"):
        tell(held, Quarter(1999, 1), Decimal(1))


def test_only_those_who_may_write(partnership):
    with pytest.raises(NotPermitted):
        services.add_output(make(), name="A", unit="b", target=None, by=make_person(Role.MANAGER).actor)


def test_the_form_goes_out_and_comes_back_by_the_page(as_role, partnership):
    held, browser = make(), as_role(Role.COORDINATOR)
    there = f"/deliver/services/{held.pk}/returns/{BEFORE.key}/"
    check_page(browser.get(f"{there}form/").content.decode())
    blank = browser.get(f"{there}form.csv").content.decode("utf-8-sig")
    filled = blank.replace("Homes secured,homes,40,,,", "Homes secured,homes,40,37,,") + "Tea,cups,,4,,\r\n"
    sent = {
        "file": SimpleUploadedFile("return.csv", ("\ufeff" + filled).encode()),
        "received_on": TODAY.isoformat(),
        "seen": "0",
    }
    answer = browser.post(f"{there}read/", sent, follow=True)
    page = check_page(answer.content.decode())
    assert "Rows in the form: 3 = 1 stored + 2 refused." in page.html
    assert "no output of this agreement" in page.html and "Tea, cups" in page.html
    assert found(held).returns.first().lines.get().delivered == 37
    first, second = held.outputs.all()
    said = {
        "received_on": TODAY.isoformat(), "seen": "0",
        f"delivered-{first.pk}": "38", f"delivered-{second.pk}": "8", f"of-{second.pk}": "10",
    }  # fmt: skip
    late = browser.post(there, said)
    assert late.status_code == 422 and "What stands now" in late.content.decode()
    assert browser.post(there, said | {"seen": "1"}).status_code == 302
    assert browser.post(there, said | {"seen": "2", f"delivered-{first.pk}": ""}).status_code == 422
    assert browser.post(f"{there}read/", {"received_on": TODAY.isoformat(), "seen": "2"}).status_code == 422


def test_an_agreement_is_written_changed_and_paid_by_the_pages(as_role, partnership):
    browser = as_role(Role.COORDINATOR)
    assert "No agreement is written down yet" in browser.get("/deliver/services/").content.decode()
    said = {
        "provider": "Victim Care", "title": "Support after burglary", "purpose": "supporting victims",
        "what": "Calls and visits.", "first_on": BEFORE.first_day.isoformat(),
        "last_on": (TODAY + timedelta(days=30)).isoformat(), "amount": "£9,000",
        "paid_how": "each quarter in arrears", "return_days": "20", "money_line": "",
    }  # fmt: skip
    answer = browser.post("/deliver/services/add/", said)
    assert answer.status_code == 302
    there = answer["Location"]
    page = check_page(browser.get(there).content.decode())
    assert "Ends in 30 days" in page.html and "£9,000" in page.html
    output = {"name": "People supported", "unit": "people", "counted": "a number", "target": "t.b.c.",
              "polarity": "more is good"}  # fmt: skip
    assert browser.post(f"{there}outputs/add/", output).status_code == 302
    held = Agreement.objects.get()
    check_page(browser.get(f"{there}change/").content.decode())
    changed = said | {"title": "Support", "version": str(held.version)}
    assert browser.post(f"{there}change/", changed).status_code == 302
    clash = browser.post(f"{there}change/", changed | {"title": "Other"})
    assert clash.status_code == 422 and "What stands now" in clash.content.decode()
    check_page(browser.get(f"/deliver/services/outputs/{held.outputs.get().pk}/").content.decode())
    due = held.instalments.first()
    check_page(browser.get(f"/deliver/services/payments/{due.pk}/").content.decode())
    paid = {"paid": str(due.amount), "paid_on": TODAY.isoformat(), "note": ""}
    assert browser.post(f"/deliver/services/payments/{due.pk}/", paid).status_code == 302
    check_page(browser.get(f"/deliver/services/payments/{due.pk}/take-back/").content.decode())
    assert browser.post(f"/deliver/services/payments/{due.pk}/take-back/", {"because": ""}).status_code == 422
    assert browser.get(f"{there}returns/2026-05/").status_code == 404


def test_the_demo_has_one_of_each_and_loads_once(as_role, partnership):
    for _ in range(2):
        demo_services.load(by=BY)
    assert Agreement.objects.count() == 3
    page = as_role(Role.REPRESENTATIVE).get("/deliver/services/").content.decode()
    assert "Three agreements are in force." in page and "ends within 90 days" in page
    looks = [selectors.look(one, TODAY) for one in selectors.agreements()]
    assert sum(bool(one.under) for one in looks) == 1 and any(one.late for one in looks)
    late = next(one for one in looks if one.late)
    there = f"/deliver/services/{late.agreement.pk}/"
    writes = f"{there}returns/{late.late[0].quarter.key}/"
    browser = as_role(Role.COORDINATOR)
    page = browser.get(there).content.decode()
    assert page.index(writes) < page.index('id="outputs"'), "what is late is one click from the top"
    named = browser.post(writes, {"received_on": TODAY.isoformat(), "seen": "0"}).content.decode()
    assert f"{late.outputs[0].output.name}: write a number, 0 for none" in named
