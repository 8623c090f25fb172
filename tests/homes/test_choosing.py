"""Residents choose when we come: by an address nobody can guess, one after another, never more than fits a day."""

import random
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client

from frankpledge.delivery.home_security.models import Crew, HomeRequest, Invitation, Message, Shift, Visit
from frankpledge.delivery.home_security.rules import choosing as rules
from frankpledge.delivery.home_security.rules.choosing import Slot
from frankpledge.delivery.home_security.rules.doing import LONDON
from frankpledge.delivery.home_security.selectors import doing as days
from frankpledge.delivery.home_security.services import asking, doing, invitations, messages
from frankpledge.delivery.home_security.services import choosing as services
from frankpledge.delivery.home_security.views import choosing as views
from frankpledge.delivery.home_security.vocabulary import ContactKind, InvitationState, RequestState, VisitState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import NotPermitted, RuleBroken
from frankpledge.vocabulary.permissions import Role
from tests.homes.asking_town import BY, ask
from tests.homes.test_doing import SHIFT, make_town
from tests.pages.html import check_page
from tests.people import signed_in

NOW = datetime(2026, 9, 28, 9, 0, tzinfo=LONDON)  # a Monday
WEDNESDAY = date(2026, 9, 30)
CHOOSE = "/deliver/homes/choose/"
VISITOR = Actor.visitor()


def resident(number: int, **more: Any) -> HomeRequest:
    told = {"name": "Mrs Kaur", "telephone": "07700 900417", "reach_by": ContactKind.TEXT, "consent_contact": True}
    return ask(number, **(told | more))


def offered(number: int = 31, **more: Any) -> Invitation:
    return services.offer_times(resident(number, **more), now=NOW, by=BY)


def token_of(invitation: Invitation) -> str:
    return invitations.token_of(invitation.salt)


def first_of(invitation: Invitation) -> Slot:
    return Slot.from_list(invitation.times[0])


@pytest.fixture(autouse=True)
def town(db: None, settings: Any, tmp_path: Path) -> dict[str, Crew]:
    settings.DATA_DIR = tmp_path / "data"
    settings.PUBLIC_ADDRESS = "https://homes.example"
    cache.clear()
    return make_town()


class TestOffering:
    def test_the_message_carries_an_address_that_stands_nowhere_in_the_database(self, town: dict[str, Crew]) -> None:
        made = offered()
        message = Message.objects.get(about="times offered")
        assert invitations.ADDRESS_MARK in message.body and token_of(made) not in message.body
        assert made.token_hash != token_of(made)
        messages.send_waiting(by=BY)
        files = list(Path(django_settings.DATA_DIR).rglob("*-text.txt"))
        assert {file.stat().st_mode & 0o077 for file in files} == {0}, "nobody else on the machine reads it"
        sent = "".join(file.read_text() for file in files)
        assert f"https://homes.example{CHOOSE}?t={token_of(made)}" in sent
        assert "between 08:30 and 10:30" in sent and "[[" not in sent
        assert HomeRequest.objects.get().state == RequestState.OFFERED

    def test_a_letter_carries_a_short_code_instead(self, town: dict[str, Crew]) -> None:
        doing.set_shift(town["A"], day=date(2026, 10, 2), by=BY, **SHIFT)
        made = offered(reach_by=ContactKind.LETTER)
        assert first_of(made).day == date(2026, 10, 2), "Wednesday would come before the letter"
        body = Message.objects.get(about="times offered").body
        code = invitations.code_of(made.salt, made.request.reference)
        assert f"homes.example{CHOOSE} with your reference and the code {code}" in invitations.filled(body, made)
        assert "?t=" not in invitations.filled(body, made)

    def test_an_address_made_under_an_older_secret_still_opens(self, town: dict[str, Crew], settings: Any) -> None:
        made = offered()
        token = token_of(made)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10
        assert f"?t={token}" in invitations.filled(invitations.ADDRESS_MARK, made)

    def test_offering_again_ends_the_first_address(self, town: dict[str, Crew]) -> None:
        first = offered()
        services.offer_times(first.request, now=NOW, by=BY)
        assert services.opened(token_of(first), now=NOW) is None

    def test_nobody_is_written_to_who_did_not_agree(self, town: dict[str, Crew]) -> None:
        with pytest.raises(RuleBroken, match="has not agreed"):
            offered(consent_contact=False)

    def test_a_visitor_offers_nothing(self, town: dict[str, Crew]) -> None:
        with pytest.raises(NotPermitted):
            services.offer_times(resident(31), now=NOW, by=VISITOR)

    def test_the_next_of_the_list_are_offered_times_and_the_others_are_named(self, town: dict[str, Crew]) -> None:
        for day in (1, 2):
            for crew in town.values():
                doing.set_shift(crew, day=WEDNESDAY + timedelta(days=day), by=BY, **SHIFT)
        for number in (29, 31, 33):
            resident(number, consent_contact=number != 31)
        sent, problems = services.offer_to_next(5, now=NOW, by=BY)
        assert sent == 2 and len(problems) == 1
        assert services.offer_to_next(5, now=NOW, by=BY)[0] == 0, "who has an offer gets no second one"

    def test_without_shifts_it_says_what_to_do(self, town: dict[str, Crew]) -> None:
        Shift.objects.all().delete()
        resident(31)
        with pytest.raises(RuleBroken, match="Put crews to work"):
            services.offer_to_next(5, now=NOW, by=BY)

    def test_an_offer_nobody_answers_ends_and_the_home_waits_again(self, town: dict[str, Crew]) -> None:
        made = offered()
        assert services.let_lapse(now=made.expires_at - timedelta(minutes=1), by=BY) == 0
        assert services.let_lapse(now=made.expires_at, by=BY) == 1
        made.refresh_from_db()
        assert made.state == InvitationState.UNANSWERED
        assert HomeRequest.objects.get().state == RequestState.WAITING

    def test_staff_who_book_by_telephone_end_the_offer(self, town: dict[str, Crew]) -> None:
        made = offered()
        doing.book(made.request, day=WEDNESDAY, crew=town["A"], starts=600, now=NOW, by=BY)
        assert services.opened(token_of(made), now=NOW) is None

    def test_closing_a_request_ends_the_offer(self, town: dict[str, Crew]) -> None:
        made = offered()
        asking.withdraw(made.request, by=BY)
        made.refresh_from_db()
        assert made.state == InvitationState.WITHDRAWN


class TestChoosing:
    def test_a_pick_books_the_visit_and_confirms_it(self, town: dict[str, Crew]) -> None:
        made = offered()
        visit = services.choose(made, first_of(made), now=NOW, by=VISITOR)
        assert (visit.day, visit.window_from, visit.window_until) == (WEDNESDAY, time(8, 30), time(10, 30))
        assert HomeRequest.objects.get().state == RequestState.BOOKED
        confirmation = Message.objects.get(about="visit booked")
        assert "We arrive between 08:30 and 10:30" in confirmation.body
        assert invitations.ADDRESS_MARK in confirmation.body, "with the address by which it may be changed"

    def test_a_pick_sent_twice_is_one_visit(self, town: dict[str, Crew]) -> None:
        made = offered()
        first = services.choose(made, first_of(made), now=NOW, by=VISITOR)
        assert services.choose(made, first_of(made), now=NOW, by=VISITOR).pk == first.pk
        assert Visit.objects.count() == 1

    def test_another_time_replaces_the_first_until_the_evening_before(self, town: dict[str, Crew]) -> None:
        made = offered()
        first = services.choose(made, first_of(made), now=NOW, by=VISITOR)
        other = Slot.from_list(made.times[1])
        second = services.choose(made, other, now=NOW, by=VISITOR)
        first.refresh_from_db()
        assert first.state == VisitState.CANCELLED and second.window_from == other.starts
        made.refresh_from_db()
        evening = rules.closes_at(WEDNESDAY)
        assert services.opened(token_of(made), now=evening - timedelta(minutes=1)) is not None
        assert services.opened(token_of(made), now=evening) is None
        with pytest.raises(RuleBroken):
            services.choose(made, first_of(made), now=evening, by=VISITOR)

    def test_calling_off_puts_the_home_back_in_its_place(self, town: dict[str, Crew]) -> None:
        made = offered()
        visit = services.choose(made, first_of(made), now=NOW, by=VISITOR)
        services.call_off(made, now=NOW, by=VISITOR)
        visit.refresh_from_db()
        assert visit.state == VisitState.CANCELLED
        assert HomeRequest.objects.get().state == RequestState.WAITING
        assert services.opened(token_of(made), now=NOW) is None

    def test_the_second_for_the_last_place_is_told_and_loses_nothing(self, town: dict[str, Crew]) -> None:
        Shift.objects.filter(crew=town["B"]).delete()
        Shift.objects.update(starts=time(8, 30), ends=time(9, 50), break_from=None, break_minutes=0)
        first, second = offered(31), offered(33)
        slot = first_of(first)
        services.choose(first, slot, now=NOW, by=VISITOR)
        with pytest.raises(services.TimeTaken):
            services.choose(second, slot, now=NOW, by=VISITOR)
        second.refresh_from_db()
        assert second.state == InvitationState.OPEN
        assert second.request.state == RequestState.OFFERED
        assert Visit.objects.filter(state=VisitState.PLANNED).count() == 1


def test_in_whatever_order_residents_press_every_promise_is_kept(town: dict[str, Crew]) -> None:
    """Many homes, few places: picks, changes, cancellations and bookings by telephone in orders drawn by chance."""
    for crew in town.values():
        doing.set_shift(crew, day=WEDNESDAY + timedelta(days=1), by=BY, **SHIFT)
    Shift.objects.update(ends=time(12, 0), break_from=None, break_minutes=0)
    draw = random.Random(6)
    made = [offered(number) for number in range(27, 42, 2)]
    slots = sorted({Slot.from_list(one) for invitation in made for one in invitation.times})
    for _ in range(40):
        invitation = draw.choice(made)
        invitation.refresh_from_db()
        act = draw.random()
        try:
            if act < 0.75:
                services.choose(invitation, draw.choice(slots), now=NOW, by=VISITOR)
            elif act < 0.9:
                services.call_off(invitation, now=NOW, by=VISITOR)
            else:
                doing.book(invitation.request, day=WEDNESDAY, crew=town["A"], starts=0, now=NOW, by=BY)
        except RuleBroken:
            pass
    planned = list(Visit.objects.filter(state=VisitState.PLANNED))
    assert planned and len({visit.request_id for visit in planned}) == len(planned), "no home is visited twice"
    for request in HomeRequest.objects.all():
        assert (request.state == RequestState.BOOKED) == any(visit.request_id == request.pk for visit in planned)
    for day in {visit.day for visit in planned}:
        state = days.the_day(day, NOW)
        for shift in state.shifts:
            route = state.route_of(shift.crew_id)
            assert route is not None and all(leg.starts <= leg.stop.latest for leg in route.legs), "each in its hours"
            assert route.back_at <= route.crew.end


# -- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "now_here", lambda: NOW)


@pytest.mark.usefixtures("moment")
class TestThePage:
    def test_it_shows_times_and_nothing_of_who_lives_where(self, town: dict[str, Crew]) -> None:
        made = offered()
        answer = Client().get(f"{CHOOSE}?t={token_of(made)}")
        page = check_page(answer.content.decode())
        assert answer.status_code == 200 and "Wednesday 30 September" in page.html and "home in Qua…" in page.html
        for secret in ("Kaur", "Quarry", "900417", made.request.reference, made.request.password, "XA1"):
            assert secret not in page.html
        assert answer["X-Robots-Tag"] == "noindex, nofollow" and "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "strict-origin", "the address would be told to the next page"

    def test_choosing_changing_and_calling_off_by_the_same_address(self, town: dict[str, Crew]) -> None:
        made, client = offered(), Client()
        address = f"{CHOOSE}?t={token_of(made)}"
        assert client.post(address, {"act": "pick"}).status_code == 422, "nothing was picked"
        answer = client.post(address, {"act": "pick", "time": first_of(made).value})
        assert answer.headers["Location"] == address
        page = check_page(client.get(address).content.decode())
        assert "We come on Wednesday 30 September" in page.html and "until Tuesday 29 September, 18:00" in page.html
        client.post(address, {"act": "pick", "time": Slot.from_list(made.times[1]).value})
        assert "between 14:30 and 16:30" in client.get(address).content.decode()
        assert "The visit is called off" in client.post(address, {"act": "off"}).content.decode()
        assert client.get(address).status_code == 404

    def test_the_second_for_a_place_is_told_kindly_and_sees_what_is_left(self, town: dict[str, Crew]) -> None:
        Shift.objects.update(starts=time(8, 30), ends=time(12, 30), break_from=None, break_minutes=0)
        Shift.objects.filter(crew=town["B"]).delete()
        all_made = [offered(number) for number in range(27, 39, 2)]
        slot = first_of(all_made[0])
        answers = []
        for one in all_made:
            answers.append(Client().post(f"{CHOOSE}?t={token_of(one)}", {"act": "pick", "time": slot.value}))
        late = [one for one in answers if one.status_code == 409]
        assert late and answers[0].status_code == 302
        html = check_page(late[0].content.decode()).html
        assert "Somebody has just taken that time" in html
        assert f'value="{slot.value}"' not in html

    def test_saying_that_none_suits_or_that_no_visit_is_wanted(self, town: dict[str, Crew]) -> None:
        made = offered()
        answer = Client().post(f"{CHOOSE}?t={token_of(made)}", {"act": "none", "note": "Fridays  only"})
        assert "keeps its place" in check_page(answer.content.decode()).html
        made.refresh_from_db()
        assert made.note.startswith("Fridays") and made.state == InvitationState.NONE_SUITS
        other = offered(33)
        answer = Client().post(f"{CHOOSE}?t={token_of(other)}", {"act": "withdraw"})
        assert "You have no visit with us" in check_page(answer.content.decode()).html
        other.request.refresh_from_db()
        assert other.request.state == RequestState.WITHDRAWN and other.request.name == ""

    def test_wrong_used_and_expired_addresses_are_answered_alike(self, town: dict[str, Crew]) -> None:
        used, old = offered(31), offered(33)
        services.none_suits(used, note="", now=NOW, by=VISITOR)
        Invitation.objects.filter(pk=old.pk).update(expires_at=NOW, made_at=NOW - timedelta(days=1))
        client = Client()
        tokens = (token_of(used), token_of(old), "0" * 64, "\x00", "x" * 500)
        answers = [client.get(CHOOSE, {"t": token}) for token in tokens]
        assert {answer.status_code for answer in answers} == {404}
        bodies = {_without_token(answer.content.decode()) for answer in answers}
        assert len(bodies) == 1

    def test_a_code_from_a_letter_opens_the_times_and_a_wrong_one_tells_nothing(self, town: dict[str, Crew]) -> None:
        made, client = offered(), Client()
        check_page(client.get(CHOOSE).content.decode())
        code = invitations.code_of(made.salt, made.request.reference)
        told = {"reference": made.request.reference.lower(), "code": code.lower().replace("-", " ")}
        assert client.post(CHOOSE, told).headers["Location"] == f"{CHOOSE}?t={token_of(made)}"
        wrong = client.post(CHOOSE, told | {"code": "2222-2222"})
        unknown = client.post(CHOOSE, told | {"reference": "H-222222"})
        assert wrong.status_code == unknown.status_code == 422
        assert "found no times" in wrong.content.decode() and "found no times" in unknown.content.decode()

    def test_codes_cannot_be_tried_without_end(self, town: dict[str, Crew]) -> None:
        made = offered()
        tried = [
            Client(REMOTE_ADDR=f"192.0.2.{n}").post(
                CHOOSE, {"reference": made.request.reference, "code": f"2222-222{n % 8 + 2}"}
            )
            for n in range(views.MOST_CODES_A_REFERENCE + 1)
        ]
        assert [one.status_code for one in tried] == [422] * views.MOST_CODES_A_REFERENCE + [429]

    def test_addresses_cannot_be_tried_without_end(self, town: dict[str, Crew]) -> None:
        client = Client()
        found = [client.get(f"{CHOOSE}?t={n}").status_code for n in range(views.MOST_WRONG + 1)]
        assert found == [404] * views.MOST_WRONG + [429]

    def test_the_page_speaks_the_language_in_which_they_asked(self, town: dict[str, Crew]) -> None:
        made = offered(language="cy")
        address = f"{CHOOSE}?t={token_of(made)}"
        assert 'lang="cy"' in Client().get(address).content.decode()
        client = Client()
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en-gb"
        assert 'lang="en-gb"' in client.get(address).content.decode()


@pytest.mark.usefixtures("moment")
def test_staff_send_times_from_the_page_of_one_home_and_from_the_list(town: dict[str, Crew]) -> None:
    asked = resident(31)
    client = signed_in(Role.COORDINATOR)
    client.post(f"/deliver/homes/requests/{asked.reference}/offer/")
    assert Invitation.objects.get().request_id == asked.pk
    resident(33)
    answer = client.post("/deliver/homes/requests/offer-next/", {"count": "5"}, follow=True)
    assert "Times are on their way to 1 home" in answer.content.decode()
    answer = client.post("/deliver/homes/requests/offer-next/", {"count": "x"}, follow=True)
    assert "Enter a whole number" in answer.content.decode()


def _without_token(html: str) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value|name="next" value|nonce|href)="[^"]*"', "", html)
