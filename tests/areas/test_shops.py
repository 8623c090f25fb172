"""Business security: a visit before any grant, the pot that holds, the funding that ends."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from frankpledge.delivery.area_schemes.models import Business, Grant
from frankpledge.delivery.area_schemes.services import shops as services
from frankpledge.delivery.area_schemes.services.money import set_pot
from frankpledge.delivery.area_schemes.vocabulary import GrantState, PotKind, Risk, Trade
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.pages.html import check_page
from tests.people import signed_in

pytestmark = pytest.mark.django_db
BY = Actor.system("tests")
FIRST = "/deliver/schemes/shops/"


def business(name: str = "Tannery News", *, seen: bool = True) -> Business:
    made = services.set_business(name=name, address="4 Tannery Row", trade=Trade.SMALL_RETAILER, by=BY)
    if seen:
        services.note_visit(made, on=timezone.localdate(), risk=Risk.HIGH, found="The back door is thin.", by=BY)
    return made


def pot(amount: int | None = 2_000, ends_on: date | None = None) -> None:
    set_pot(
        PotKind.BUSINESS, funder="SRB5", amount=None if amount is None else Decimal(amount), ends_on=ends_on,
        cap=Decimal(750), match_percent=50, by=BY,
    )  # fmt: skip


def offer(made: Business, cost: int | None, amount: int | None) -> Grant:
    pounds = [None if value is None else Decimal(value) for value in (cost, amount)]
    return services.offer(
        made, what="Roller shutter", cost=pounds[0], amount=pounds[1], offered_on=timezone.localdate(), by=BY
    )


def move(grant: Grant, state: GrantState, **more: Any) -> Grant:
    return services.move_grant(grant, state=state, **({"cost": grant.cost, "amount": grant.amount} | more), by=BY)


def test_a_business_is_visited_offered_a_grant_and_paid() -> None:
    pot(ends_on=timezone.localdate() + timedelta(days=100))
    client, today = signed_in(Role.COORDINATOR), timezone.localdate().isoformat()
    told = {"name": "Tannery News", "address": "4 Tannery Row", "trade": "small retailer", "keyholding_since": today}
    assert client.post(f"{FIRST}add/", told).headers["Location"] == FIRST
    there = f"{FIRST}{Business.objects.get().pk}/"
    shutter = {"what": "Roller shutter", "cost": "1200", "amount": "600", "offered_on": today}
    early = client.post(f"{there}grants/", shutter)
    assert early.status_code == 422 and "risk assessment" in check_page(early.content.decode()).html
    client.post(
        f"{there}visited/", {"on": today, "risk": "high", "found": "No shutter; the till stands in the window."}
    )
    client.post(f"{there}grants/", shutter)
    grant = Grant.objects.get()
    page = check_page(client.get(FIRST).content.decode())
    assert "Of £2,000 for grants £1,400 is left. Funding is needed beyond" in page.html
    accepted = {"state": "accepted", "cost": "1200", "amount": "600"}
    assert client.post(f"{there}grants/{grant.pk}/", accepted).status_code == 302
    unpaid = client.post(f"{there}grants/{grant.pk}/", accepted | {"state": "paid"})
    assert unpaid.status_code == 422 and "the day it was paid" in unpaid.content.decode()
    client.post(f"{there}grants/{grant.pk}/", accepted | {"state": "paid", "paid_on": today})
    page = check_page(client.get(there).content.decode())
    assert "In the key-holding scheme since" in page.html and "£600" in page.html
    assert "1 grant is paid" in check_page(signed_in(Role.MANAGER).get(FIRST).content.decode()).html


def test_a_grant_keeps_to_the_cap_the_match_and_the_pot() -> None:
    pot()
    made = business()
    with pytest.raises(DataProblem, match="at most £750.00"):
        offer(made, 4_000, 751)
    with pytest.raises(DataProblem, match="at most £400.00"):
        offer(made, 800, 401)
    offer(made, 1_500, 750)
    offer(made, 1_500, 750)
    with pytest.raises(RuleBroken, match="£500.00 is left"):
        offer(made, 1_500, 750)
    assert Grant.objects.count() == 2


def test_an_amount_to_be_confirmed_is_promised_but_not_guessed() -> None:
    pot()
    made = business()
    unknown = offer(made, None, None)
    page = check_page(signed_in(Role.MANAGER).get(FIRST).content.decode())
    assert "at most £2,000 is left" in page.html and "t.b.c." in page.html
    move(unknown, GrantState.ACCEPTED)
    with pytest.raises(DataProblem, match="how much was paid"):
        move(unknown, GrantState.PAID, paid_on=timezone.localdate())
    assert move(unknown, GrantState.PAID, amount=Decimal(300), paid_on=timezone.localdate()).amount == 300


def test_a_grant_that_grows_is_held_against_the_pot_without_itself() -> None:
    pot(amount=700)
    grant = offer(business(), 1_500, 600)
    assert move(grant, GrantState.ACCEPTED, amount=Decimal(700)).amount == 700
    with pytest.raises(RuleBroken, match="left of the pot"):
        move(grant, GrantState.ACCEPTED, amount=Decimal(701))


def test_what_is_closed_stays_closed() -> None:
    grant = offer(business(), 1_000, 400)
    with pytest.raises(RuleBroken, match="cannot become paid"):
        move(grant, GrantState.PAID, paid_on=timezone.localdate())
    move(grant, GrantState.DECLINED)
    with pytest.raises(RuleBroken, match="does not change any more"):
        move(grant, GrantState.OFFERED)


def test_one_line_a_business_and_an_empty_page_says_what_it_is_for() -> None:
    page = check_page(signed_in(Role.COORDINATOR).get(FIRST).content.decode())
    assert "No business is listed yet" in page.html
    business()
    with pytest.raises(DataProblem, match="listed already"):
        business()


def test_the_page_costs_the_same_however_many(django_assert_max_num_queries: Any) -> None:
    client, counts = signed_in(Role.MANAGER), []
    for number in range(3):
        offer(business(f"Shop {number}"), 100, 50)
        client.get(FIRST)
        with django_assert_max_num_queries(60) as asked:
            client.get(FIRST)
        counts.append(len(asked))
    assert counts[0] == counts[2]
