"""A scheme of alley gates from its proposal to its first inspection, as those who run it and others see it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from frankpledge.delivery.area_schemes.models import AlleyConsent, AlleyScheme
from frankpledge.delivery.area_schemes.services import gates as services
from frankpledge.delivery.area_schemes.services.money import set_pot
from frankpledge.delivery.area_schemes.vocabulary import ConsentState, PotKind, SaidBy
from frankpledge.foundation.audit import selectors as audit
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.homes.asking_town import load_street, uprn
from tests.pages.html import check_page
from tests.people import signed_in

pytestmark = pytest.mark.django_db
BY = Actor.system("tests")
FIRST = "/deliver/schemes/gates/"


def scheme(homes: int = 4, **more: Any) -> AlleyScheme:
    made = services.propose(name="Foundry Street", place="behind numbers 27 to 33", **more, by=BY)
    services.add_homes(made, uprns=[uprn(n) for n in range(27, 27 + homes)], by=BY)
    return made


def answer(made: AlleyScheme, *states: ConsentState) -> None:
    for home, state in zip(made.consents.all(), states, strict=False):
        services.note_consent(home, state=state, on=timezone.localdate(), said_by=SaidBy.OWNER, by=BY)


def test_a_scheme_is_proposed_agreed_built_and_looked_after() -> None:
    load_street()
    client, today = signed_in(Role.COORDINATOR), timezone.localdate().isoformat()
    told = {"name": "Foundry Street", "place": "behind 27 to 33", "gates": "2", "needed_percent": "75"}
    there = client.post(f"{FIRST}add/", told).headers["Location"]
    page = check_page(client.get(f"{there}homes/?q=quarry lane").content.decode())
    assert "27 Quarry Lane" in page.html and "45 Quarry Lane" not in page.html, "a shop is no home"
    client.post(f"{there}homes/?q=quarry lane", {"uprns": [uprn(27), uprn(28)], "pasted": f"{uprn(29)}\n{uprn(30)}"})
    made = AlleyScheme.objects.get()
    assert made.consents.count() == 4
    for home in made.consents.all()[:3]:
        said = {"state": "agrees", "said_by": "the owner", "on": today, "closed_off": "on"}
        assert client.post(f"{there}homes/{home.pk}/", said).headers["Location"] == there
    client.post(f"{there}costs/", {"what": "Two gates", "estimate": "5200", "spent": ""})
    client.post(f"{there}costs/", {"what": "Locks and keys", "estimate": "", "spent": ""})
    page = check_page(client.get(there).content.decode())
    assert "3 of 4 homes agree (75 %)" in page.html and "at least £5,200" in page.html
    client.post(f"{there}agree/", {"on": today})
    assert client.post(f"{there}build/", {"on": today}).status_code == 422, "no legal order"
    client.post(f"{there}change/", {"gates": 2, "needed_percent": 75, "legal_order": "PSPO 4", "legal_order_on": today})
    client.post(f"{there}build/", {"on": today})
    made.refresh_from_db()
    assert (made.state, made.inspect_on) == ("built", timezone.localdate() + timedelta(days=365))
    later = (timezone.localdate() + timedelta(days=200)).isoformat()
    client.post(f"{there}inspected/", {"on": today, "is_sound": "no", "found": "A hinge hangs", "inspect_on": later})
    assert "A hinge hangs" in check_page(client.get(there).content.decode()).html
    assert "1 scheme: 1 built" in check_page(client.get(FIRST).content.decode()).html


def test_addresses_are_seen_by_those_who_ask_them_and_every_look_is_recorded() -> None:
    load_street()
    made = scheme()
    there = f"{FIRST}{made.pk}/"
    looks = audit.entries().filter(what__startswith="looked at the homes of an alley")
    page = check_page(signed_in(Role.MANAGER).get(there).content.decode())
    assert "Quarry Lane" not in page.html and "Not asked yet" in page.html and not looks.exists()
    assert "27 Quarry Lane" in signed_in(Role.COORDINATOR).get(there).content.decode()
    assert looks.count() == 1
    answer(made, ConsentState.REFUSED)
    told = audit.entries().filter(what__startswith="wrote down what a home says").get().details
    assert uprn(27) not in str(told), "who reads the trail is not told which address refused"
    searched = audit.entries().filter(what__startswith="looked addresses up")
    refused = signed_in(Role.COORDINATOR).post(f"{there}homes/?q=quarry lane", {"pasted": "12345"})
    assert refused.status_code == 422 and "27 Quarry Lane" in refused.content.decode() and searched.count() == 1


def test_all_homes_of_a_postcode_are_taken_with_one_tick() -> None:
    load_street()
    made = services.propose(name="A", place="b", by=BY)
    signed_in(Role.COORDINATOR).post(f"{FIRST}{made.pk}/homes/?q=xa11aa", {"all_shown": "on"})
    assert made.consents.count() == 23, "every home of the street, the shop not"


def test_one_unknown_home_adds_none() -> None:
    load_street()
    made = services.propose(name="A", place="b", by=BY)
    with pytest.raises(DataProblem, match="not in the address list: 12345"):
        services.add_homes(made, uprns=[uprn(27), "12345"], by=BY)
    assert not made.consents.exists()
    assert services.add_homes(made, uprns=[uprn(27), uprn(27)], by=BY) == 1
    assert services.add_homes(made, uprns=[uprn(27), uprn(28)], by=BY) == 1, "one is there already"


def test_a_refusal_of_a_home_closed_off_must_be_met_with_words() -> None:
    load_street()
    made = scheme()
    answer(made, ConsentState.GIVEN, ConsentState.GIVEN, ConsentState.GIVEN, ConsentState.REFUSED)
    there, today = f"{FIRST}{made.pk}/", timezone.localdate().isoformat()
    client = signed_in(Role.COORDINATOR)
    refused = client.post(f"{there}agree/", {"on": today})
    assert refused.status_code == 422 and "objection was considered" in check_page(refused.content.decode()).html
    client.post(f"{there}agree/", {"on": today, "despite": "It keeps a key to the side gate."})
    made.refresh_from_db()
    assert (made.state, made.agreed_despite) == ("agreed", "It keeps a key to the side gate.")
    with pytest.raises(RuleBroken, match="fixed when"):
        services.change(made, gates=1, needed_percent=50, legal_order="", legal_order_on=None, by=BY)


def test_what_was_said_is_kept_and_a_home_never_asked_can_be_taken_out() -> None:
    load_street()
    made = scheme(homes=2)
    first, second = made.consents.all()
    services.note_consent(first, state=ConsentState.ASKED, on=timezone.localdate(), by=BY)
    with pytest.raises(RuleBroken, match="kept"):
        services.take_out(first, by=BY)
    services.take_out(second, by=BY)
    assert AlleyConsent.objects.count() == 1
    with pytest.raises(DataProblem, match="who spoke"):
        services.note_consent(first, state=ConsentState.GIVEN, on=timezone.localdate(), by=BY)
    with pytest.raises(DataProblem, match="lies ahead"):
        services.note_consent(first, state=ConsentState.ASKED, on=timezone.localdate() + timedelta(days=1), by=BY)


def test_the_page_costs_the_same_however_many_schemes(django_assert_max_num_queries: Any) -> None:
    load_street()
    client = signed_in(Role.MANAGER)
    counts = []
    for number in range(3):
        made = services.propose(name=f"Alley {number}", place="x", by=BY)
        services.add_homes(made, uprns=[uprn(27 + number)], by=BY)
        services.set_cost(made, what="Gates", estimate=Decimal(900), by=BY)
        client.get(FIRST)
        with django_assert_max_num_queries(60) as asked:
            client.get(FIRST)
        counts.append(len(asked))
    assert counts[0] == counts[2]


def test_the_budget_is_held_against_what_is_estimated_and_paid(client: Client) -> None:
    load_street()
    made = scheme()
    services.set_cost(made, what="Gates", estimate=Decimal(9_000), spent=Decimal("8740.50"), by=BY)
    services.set_cost(made, what="Keys", estimate=None, by=BY)
    ends = timezone.localdate() + timedelta(days=90)
    set_pot(PotKind.GATES, funder="Communities Against Drugs", amount=Decimal(30_000), ends_on=ends, by=BY)
    page = check_page(signed_in(Role.REPRESENTATIVE).get(FIRST).content.decode())
    assert "At least £8,740.50 of the budget of £30,000" in page.html
    assert "at most £21,259.50" in page.html and "Funding is needed beyond" in page.html


def test_nobody_without_the_role_writes(client: Client) -> None:
    made = services.propose(name="A", place="b", by=BY)
    for role in (Role.MANAGER, Role.ANALYST):
        assert signed_in(role).post(f"{FIRST}{made.pk}/drop/", {}).status_code == 404
    assert signed_in(Role.SCRUTINY).get(FIRST).status_code == 404
