"""Returns to funders: a home counts once for each measure, and what was sent stays what it was."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from frankpledge.delivery.home_security.models import Fitted, FunderReturn, Measure
from frankpledge.delivery.home_security.pages import returns as pages
from frankpledge.delivery.home_security.rules import returns as rules
from frankpledge.delivery.home_security.rules.catalogue import FIRE
from frankpledge.delivery.home_security.rules.returns import Part
from frankpledge.delivery.home_security.services import returns as services
from frankpledge.delivery.home_security.services import taking_over
from frankpledge.delivery.home_security.vocabulary import ReturnColumn as Column
from frankpledge.foundation.audit.models import AuditEntry
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.permissions import Role
from tests.homes.asking_town import BY, load_street, uprn
from tests.pages.html import check_page
from tests.people import signed_in

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)


def part(home: str, day: date, measure: str = "smoke-alarm", **more: object) -> Part:
    return Part(**({"uprn": home, "measure": measure, "quantity": 1, "fitted_on": day, "visit": None} | more))


def test_one_home_counts_once_for_each_measure():
    july, august = date(2026, 7, 4), date(2026, 8, 4)
    counted = rules.count(
        [
            part("a", july, visit=1),
            part("a", august, visit=2, quantity=2),  # fitted twice: counted once, three things
            part("a", july, "bulbs", quantity=6, visit=1),  # another measure of the same home counts
            part("b", july, visit=3),
            part("b", july, visit=3),  # two with serial numbers at one visit are one occasion
            part("c", date(2026, 5, 2)),
            part("c", august),  # counted in an earlier period
            part("d", july, removed_on=august),  # fitted and taken out again
            part("e", july, removed_on=date(2026, 10, 1)),  # there on the last day
            part("f", date(2026, 10, 1)),  # after the period
            part("g", date(2026, 5, 2), removed_on=date(2026, 6, 1)),
            part("g", july),  # the earlier one was gone before the period
        ],
        FIRST,
        LAST,
    )
    assert (counted.homes, counted.quantity, counted.twice, counted.before, counted.removed) == (5, 14, 1, 1, 1)
    assert {(line.uprn, line.measure) for line in counted.lines if line.counts} == {
        ("a", "smoke-alarm"), ("a", "bulbs"), ("b", "smoke-alarm"), ("e", "smoke-alarm"), ("g", "smoke-alarm"),
    }  # fmt: skip


def test_the_order_of_what_was_fitted_does_not_matter():
    parts = [part(home, FIRST + timedelta(days=n), visit=n) for n, home in enumerate("abacab")]
    assert rules.count(parts, FIRST, LAST) == rules.count(parts[::-1], FIRST, LAST)


def test_a_file_has_a_line_for_each_combination_asked_for():
    lines = rules.count([part("a", FIRST, price=Decimal(14)), part("b", FIRST, quantity=2)], FIRST, LAST).lines
    columns = (Column.MEASURE, Column.HOMES, Column.QUANTITY, Column.POUNDS)
    assert rules.rows_of(lines, columns, lambda line, _: line.measure) == [("smoke-alarm", 2, 3, Decimal(14))]


@pytest.mark.parametrize(
    ("columns", "because", "says"),
    [
        ([Column.HOMES], "", "which measure"),
        ([Column.MEASURE, Column.WARD], "", "at least one number"),
        ([Column.MEASURE, Column.ADDRESS, Column.QUANTITY], " ", "Say why"),
    ],
)
def test_columns_that_cannot_be_a_return_are_refused_in_words(columns, because, says):
    with pytest.raises(DataProblem, match=says):
        rules.check_columns(columns, because)


def test_what_changed_since_a_return_was_sent_is_told():
    sent = rules.count([part("a", FIRST), part("b", FIRST), part("c", FIRST)], FIRST, LAST)
    kept = [line.as_kept() for line in sent.lines]
    assert not rules.changed(kept, sent.lines)
    late = [part("a", FIRST, quantity=2), part("b", FIRST, removed_on=LAST), part("c", FIRST), part("d", LAST)]
    assert rules.changed(kept, rules.count(late, FIRST, LAST).lines) == rules.Changed(1, 1, 1)


def test_sectors_and_quarters():
    assert [rules.sector(text) for text in ("al1  2ab", "M1 1AA", "")] == ["AL1 2", "M1 1", "not known"]
    assert rules.last_quarter(date(2026, 11, 21)) == (FIRST, LAST)
    assert rules.last_quarter(date(2026, 2, 1)) == (date(2025, 10, 1), date(2025, 12, 31))


# -- with a street of homes -------------------------------------------------------------------------------------------


@pytest.fixture
def fitted(db):
    load_street()
    taking_over.lay_out_catalogue(by=BY)
    first, _ = rules.last_quarter(timezone.localdate())
    alarm = Measure.objects.get(key="smoke-alarm")
    for number, at in ((27, 0), (27, 20), (29, 3), (31, 4)):
        Fitted.objects.create(
            uprn=uprn(number), measure=alarm, quantity=1, funder=FIRE, fitted_on=first + timedelta(days=at)
        )
    return alarm


def draft() -> services.Draft:
    return pages.draft(FIRE, *rules.last_quarter(timezone.localdate()))


def test_a_return_says_n_period_method_and_names_no_home(fitted):
    made = draft()
    assert made.rows == [("Smoke alarm", "XA1 1", 3, 4)]
    assert "n = 3 homes and measures" in made.statement and "1 was fitted twice, counted once." in made.statement
    assert "Method:" in made.statement and "Made on" in made.statement and not made.names_homes


def test_a_kept_return_does_not_change_when_the_count_does(fitted):
    kept = services.keep_sent(draft(), sent_to="returns@fire.example", by=BY)
    assert rules.checksum(kept.written) == kept.sha256
    Fitted.objects.filter(uprn=uprn(29)).update(removed_on=kept.last_on)
    assert pages.sent_page(kept)["changed"] == ["1 does not count any more"]
    assert FunderReturn.objects.get().homes == 3
    assert AuditEntry.objects.get(act="disclosure").recipient == FIRE


def test_homes_are_named_only_for_a_reason_and_taking_the_file_is_recorded(fitted):
    columns = [Column.MEASURE, Column.ADDRESS, Column.QUANTITY]
    with pytest.raises(DataProblem):
        services.set_format(FIRE, columns=columns, by=BY)
    services.set_format(FIRE, columns=columns, named_because="agreement FP/3", by=BY)
    made = draft()
    assert made.names_homes and ("Smoke alarm", "27 Quarry Lane", 2) in made.rows
    client = signed_in(Role.COORDINATOR)
    page = check_page(client.get(reverse("home_security:returns"), {"funder": FIRE}).content.decode())
    assert "Quarry Lane" not in page.html and "agreement FP/3" in page.html
    client.get(reverse("home_security:return_file", args=["csv"]), {"funder": FIRE})
    assert AuditEntry.objects.filter(act="consultation", purpose="agreement FP/3").count() == 1
    assert services.keep_sent(made, sent_to="the station", by=BY).written == ""


def test_the_coordinator_counts_downloads_sends_and_looks_again(fitted, django_assert_max_num_queries):
    client, address = signed_in(Role.COORDINATOR), reverse("home_security:returns")
    check_page(client.get(address).content.decode())
    with django_assert_max_num_queries(25):
        page = check_page(client.get(address, {"funder": FIRE}).content.decode())
    assert ": 3 homes and measures, 4 things fitted." in page.html
    first, last = rules.last_quarter(timezone.localdate())
    asked = {"funder": FIRE, "first": first.isoformat(), "last": last.isoformat()}
    csv = client.get(reverse("home_security:return_file", args=["csv"]), asked).content.decode()
    assert csv.startswith("measure,postcode sector,homes,quantity\r\n") and "n = 3" in csv
    ods = client.get(reverse("home_security:return_file", args=["ods"]), asked)
    assert ods.content.startswith(b"PK")
    keep = reverse("home_security:keep_return")
    assert client.post(keep, asked).status_code == 422
    kept = client.post(keep, asked | {"sent_to": "returns@fire.example"}, follow=True).content.decode()
    assert "still counts as it was sent" in check_page(kept).html
    sent = FunderReturn.objects.get()
    rows = client.get(reverse("home_security:sent_return_file", args=[sent.pk])).content.decode()
    assert rules.checksum(rows) == sent.sha256


@pytest.mark.parametrize(
    "first, last", [("2026-09-30", "2026-07-01"), ("2026-07-01", "2999-01-01"), ("x", "2026-07-01")]
)
def test_a_period_that_cannot_be_is_refused_in_words(fitted, first, last):
    answer = signed_in(Role.MANAGER).get(reverse("home_security:returns"), {"first": first, "last": last})
    assert answer.status_code == 422
    check_page(answer.content.decode())


def test_columns_are_chosen_on_their_page(fitted):
    client = signed_in(Role.COORDINATOR)
    address = reverse("home_security:return_format") + "?funder=" + FIRE.replace(" ", "+")
    check_page(client.get(address).content.decode())
    assert client.post(address, {"columns": ["address"]}).status_code == 422
    assert client.post(address, {"columns": ["measure", "month", "homes"]}).status_code == 302
    assert draft().columns == (Column.MEASURE, Column.MONTH, Column.HOMES)


def test_without_a_catalogue_the_page_says_what_to_do(db):
    client: Client = signed_in(Role.MANAGER)
    answer = client.get("/deliver/homes/returns/")
    assert answer.status_code == 200 and "Nobody pays for a measure yet" in check_page(answer.content.decode()).html
