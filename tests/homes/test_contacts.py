"""What each way of reaching homes cost and brought: who gets the credit, what is divided by what, few said as few."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from frankpledge.delivery.home_security.models import Contact
from frankpledge.delivery.home_security.rules import contacts as rules
from frankpledge.delivery.home_security.rules.contacts import Asked, Price, Tried
from frankpledge.delivery.home_security.selectors import knowing
from frankpledge.delivery.home_security.services import asking, contacts, taking_over
from frankpledge.delivery.home_security.services.taking_over import Install, NewCrew
from frankpledge.delivery.home_security.vocabulary import Channel, ContactKind, ContactOutcome, HeardFrom
from frankpledge.vocabulary.errors import DataProblem, NotPermitted
from frankpledge.vocabulary.permissions import Role
from tests.homes.asking_town import BY, ask, load_street, uprn
from tests.people import make_person, signed_in

NOW = datetime(2026, 6, 1, 12, tzinfo=ZoneInfo("Europe/London"))
ADDRESS = "/deliver/homes/contacts/"


def tried(
    kind: ContactKind, homes: int = 1, cost: int = 0, *,
    days: int = 7, outcome: ContactOutcome = ContactOutcome.SENT, uprn: str = "", about_request: bool = False,
) -> Tried:  # fmt: skip
    at = NOW - timedelta(days=days)
    return Tried(kind.value, outcome.value, homes, Decimal(cost), at, uprn=uprn, about_request=about_request)


def asked(
    home: str = "1", heard: HeardFrom = HeardFrom.NOT_SAID, fitted: bool = False, channel: Channel = Channel.FORM
):
    return Asked(home, heard.value, channel.value, NOW, fitted)


def test_a_request_is_credited_to_what_the_resident_names_else_to_the_last_contact_before() -> None:
    at_home = [
        tried(ContactKind.LETTER, days=20, uprn="1"), tried(ContactKind.DOORSTEP, days=3, uprn="1"),
        tried(ContactKind.LETTER, days=60, uprn="2"), tried(ContactKind.LETTER, days=-1, uprn="3"),
        tried(ContactKind.TELEPHONE, days=1, uprn="4", about_request=True),
    ]  # fmt: skip
    homes = [asked("1"), asked("1", HeardFrom.LEAFLET), asked("2"), asked("3"), asked("4"), asked("9")]
    assert rules.credited(homes, at_home) == ["doorstep call", "leaflet", "", "", "", ""]


def test_each_price_says_what_is_divided_by_what_and_what_chance_could_make_of_it() -> None:
    rounds = [
        tried(ContactKind.LEAFLET, 5_460, 612),
        tried(ContactKind.STREET_CANVASS, 61, 1_340, outcome=ContactOutcome.REACHED),
        tried(ContactKind.STREET_CANVASS, 87, 0, outcome=ContactOutcome.NO_ANSWER),
        tried(ContactKind.TELEPHONE, 1, 2, uprn="1", about_request=True),
    ]
    homes = [asked(str(n), HeardFrom.LEAFLET, n < 10) for n in range(40)]
    homes += [asked(str(n), HeardFrom.STREET_CANVASS, n < 2) for n in range(4)]
    leaflet, canvass = rules.ways(rounds, homes)
    assert (leaflet.homes, leaflet.spoken, leaflet.requests, leaflet.fitted) == (5_460, 0, 40, 10)
    assert (canvass.homes, canvass.spoken, canvass.requests, canvass.fitted) == (148, 61, 4, 2)
    assert round(leaflet.per_contact.value, 3) == 0.112
    assert leaflet.per_request == Price(Decimal(612), 40) and leaflet.per_request.value == 15.3
    low, high = leaflet.per_request.limits
    assert 11 < low < 15.3 < high < 22
    assert canvass.per_install.few and canvass.per_install.value == 670 and not leaflet.per_request.few
    assert Price(Decimal(5), 0).value is None and Price(Decimal(5), 0).limits is None
    assert [(one.kind, one.contacts) for one in rules.arranging(rounds)] == [("telephone", 1)]
    assert [(one.heard_from, one.requests, one.fitted) for one in rules.sources(homes)] == [
        ("leaflet", 40, 10), ("somebody at the door", 4, 2),
    ]  # fmt: skip


def test_doors_are_compared_with_what_was_asked_for_and_with_nothing_else() -> None:
    rounds = [tried(ContactKind.LEAFLET, 1_000, 100), tried(ContactKind.STREET_CANVASS, 100, 1_000)]
    homes = [asked(str(n), HeardFrom.WORD_OF_MOUTH, True, Channel.OTHER) for n in range(10)]
    homes += [asked(str(n), HeardFrom.NOT_SAID, True) for n in range(20)]
    homes += [asked(str(n), HeardFrom.STREET_CANVASS, True, Channel.TELEPHONE) for n in range(30)]
    homes += [asked(str(n), HeardFrom.FIRE_SERVICE, True, Channel.FIRE_VISIT) for n in range(500)]
    found = rules.compared(rounds, homes)
    assert (found.canvass.fitted, found.demand.fitted) == (30, 30)
    assert found.value == pytest.approx(0.1) and found.ratio.upper < 1
    assert rules.compared([], homes).ratio is None


@pytest.mark.django_db
def test_the_page_counts_from_the_records_and_takes_a_round(django_assert_num_queries) -> None:
    load_street()
    client = signed_in(Role.COORDINATOR)
    assert "No contact written down yet" in client.get(ADDRESS).content.decode()
    told = {"kind": "street canvass", "on": "2026-03-02", "homes": "40", "spoke": "11", "cost": "320", "note": ""}
    wrong = client.post(f"{ADDRESS}add/", {**told, "spoke": "41"})
    assert wrong.status_code == 422 and "No more homes can have spoken" in wrong.content.decode()
    ahead = client.post(f"{ADDRESS}add/", {**told, "on": "2999-01-01"})
    assert ahead.status_code == 422 and "lies ahead" in ahead.content.decode()
    assert client.post(f"{ADDRESS}add/", told).status_code == 302
    assert list(Contact.objects.order_by("pk").values_list("homes", "cost")) == [(11, 320), (29, 0)]
    for number in (31, 33, 35):
        ask(number, heard_from=HeardFrom.STREET_CANVASS)
    asking.note_contact(
        ask(37, heard_from=HeardFrom.NEWS), kind=ContactKind.TELEPHONE, outcome=ContactOutcome.REACHED,
        cost=Decimal(2), by=BY,
    )  # fmt: skip
    page = client.get(ADDRESS).content.decode()
    assert "£320 ÷ 3" in page and "£320 ÷ 40" in page and "too few to say" in page
    assert "Most often named: somebody at the door, in 3 of 4 requests (75 %)." in page
    assert "Contacts to arrange visits" in page and "Quarry Lane" not in page
    with django_assert_num_queries(3):
        knowing.contacts_made(), knowing.requests_heard()
    assert "Write down a round" not in signed_in(Role.MANAGER).get(ADDRESS).content.decode()


@pytest.mark.django_db
def test_fitted_means_fitted_since_the_home_asked() -> None:
    load_street()
    taking_over.lay_out_catalogue(by=BY)
    taking_over.add_crew(NewCrew("A", "All", "FP26 AAA", (("Ade", None),)), by=BY)
    start = timezone.now() - timedelta(days=30)
    taking_over.take_over_installs(
        [Install(uprn=uprn(n), asked_at=start, started_at=start, minutes=30, crew="A", fitted=[("deadlock", 1, "")],
                 heard_from=HeardFrom.LEAFLET) for n in (31, 33)], by=BY,
    )  # fmt: skip
    ask(33)  # again, after it was fitted
    assert [one.fitted for one in knowing.requests_heard()] == [True, True, False]


@pytest.mark.django_db
def test_a_round_is_refused_in_a_sentence_and_to_whoever_may_not() -> None:
    told = {"kind": ContactKind.LEAFLET, "on": date(2026, 3, 2), "homes": 10, "cost": Decimal(5)}
    for more, words in (({"kind": ContactKind.TEXT}, "belong to a request"), ({"homes": 0}, "one home or more"),
                        ({"spoke": 11}, "no more homes"), ({"cost": Decimal(-1)}, "nothing or more")):  # fmt: skip
        with pytest.raises(DataProblem, match=words):
            contacts.add_round(**{**told, **more}, by=BY)
    with pytest.raises(NotPermitted):
        contacts.add_round(**told, by=make_person(Role.MANAGER).actor)
    assert [one.homes for one in contacts.add_round(**told, by=BY)] == [10]
