"""The door: passwords, second factors, lock-out, sessions, one-time links."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from frankpledge.foundation.agencies import services, sessions, sign_in
from frankpledge.foundation.agencies.models import Person
from frankpledge.foundation.audit import selectors as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.permissions import Role
from tests.people import PASSWORD, TESTS, code_for, make_person

pytestmark = pytest.mark.django_db

DOOR, CODE, HOME = "/account/sign-in/", "/account/sign-in/code/", "/"


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def try_password(client: Client, email: str, password: str, address: str = "127.0.0.1") -> HttpResponse:
    return client.post(DOOR, {"login": email, "password": password}, REMOTE_ADDR=address)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# -- the usual way ----------------------------------------------------------------------------------------------------


def test_signing_in_takes_a_password_and_a_code() -> None:
    person, client = make_person(Role.ANALYST), Client()
    answer = try_password(client, person.email, PASSWORD)
    assert answer["Location"] == CODE
    assert not is_signed_in(client)
    answer = client.post(CODE, {"code": code_for(person)})
    assert answer["Location"] == HOME
    assert is_signed_in(client)
    assert audit.entries(act=Act.SIGN_IN).get().actor_key == person.pk


def test_the_capitals_of_an_address_do_not_matter() -> None:
    person, client = make_person(Role.ANALYST, email="Capital.Letters@Aldercombe.example"), Client()
    assert person.email == "capital.letters@aldercombe.example"
    assert try_password(client, "CAPITAL.Letters@aldercombe.EXAMPLE", PASSWORD)["Location"] == CODE


def test_after_signing_in_one_arrives_where_one_wanted_to_go_but_never_elsewhere() -> None:
    person = make_person(Role.ADMINISTRATOR)
    for wanted, arrives in (("/administration/people/", "/administration/people/"), ("https://evil.example/", HOME)):
        cache.clear()
        client = Client()
        client.post(DOOR, {"login": person.email, "password": PASSWORD, "next": wanted})
        assert client.post(CODE, {"code": code_for(person)})["Location"] == arrives


def test_signing_out_ends_the_session_on_the_server() -> None:
    person, client = make_person(Role.ANALYST), Client()
    client.force_login(person, backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    stolen = client.cookies["sessionid"].value
    client.post("/account/sign-out/")
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert thief.get(HOME).status_code == 302
    assert audit.entries(act=Act.SIGN_OUT).get().actor_key == person.pk


def test_a_link_elsewhere_cannot_sign_anybody_out() -> None:
    person, client = make_person(Role.ANALYST), Client()
    client.force_login(person, backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    client.get("/account/sign-out/")
    assert is_signed_in(client)


def test_the_session_gets_a_new_name_at_sign_in() -> None:
    person, client = make_person(Role.ANALYST), Client()
    client.get(DOOR)
    client.session["planted"] = "yes"
    try_password(client, person.email, PASSWORD)
    before = client.cookies["sessionid"].value
    client.post(CODE, {"code": code_for(person)})
    assert client.cookies["sessionid"].value != before


def test_nobody_can_open_an_account_of_their_own() -> None:
    client = Client()
    for path in ("/account/signup/", "/account/sign-up/", "/account/email/", "/account/3rdparty/signup/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"email": "me@evil.example", "password1": PASSWORD}).status_code == 404
    assert not Person.objects.filter(email="me@evil.example").exists()


# -- who is there is not told -----------------------------------------------------------------------------------------


def page(answer: HttpResponse, *hidden: str) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    for word in hidden:
        text = text.replace(word, "ADDRESS")
    return text


def test_a_wrong_password_an_unknown_address_and_a_closed_account_get_one_answer() -> None:
    known, closed = make_person(Role.ANALYST), make_person(Role.ANALYST)
    services.disable_person(person=closed, by=TESTS)
    tries = [
        (known.email, "wrong"),
        ("nobody@aldercombe.example", "wrong"),
        (closed.email, "wrong"),
        (closed.email, PASSWORD),
    ]
    answers = [(email, try_password(Client(), email, password)) for email, password in tries]
    assert len({(answer.status_code, page(answer, email)) for email, answer in answers}) == 1
    assert "The e-mail address or the password is not right." in answers[0][1].content.decode()


def test_an_unknown_address_costs_as_many_hashes_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an answer takes is the hash of the password; counting hashes tells more surely than a clock."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a, **k: hashed.append("one") or encode(*a, **k))
    known = make_person(Role.ANALYST)
    costs = []
    for email in (known.email, "nobody@aldercombe.example"):
        hashed.clear()
        try_password(Client(), email, "wrong")
        costs.append(len(hashed))
    assert costs == [1, 1]


def test_forgetting_a_password_tells_nobody_who_has_an_account() -> None:
    known = make_person(Role.ANALYST)
    answers = {}
    for email in (known.email, "nobody@aldercombe.example"):
        answer = Client().post("/account/password/forgotten/", {"email": email}, follow=True)
        answers[email] = (answer.status_code, answer.redirect_chain, page(answer, email))
    assert len(set(map(str, answers.values()))) == 1
    assert [message.to for message in mail.outbox] == [[known.email]]


# -- guessing ---------------------------------------------------------------------------------------------------------


def test_five_wrong_passwords_close_the_door_with_a_page_that_says_what_to_do() -> None:
    person, client = make_person(Role.ANALYST), Client()
    answers = [try_password(client, person.email, f"wrong {number}") for number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "15 minutes" in answers[-1].content.decode()
    assert "administrator" in answers[-1].content.decode()
    assert try_password(client, person.email, PASSWORD).status_code == 429


def test_an_unknown_address_is_locked_alike() -> None:
    client = Client()
    statuses = [try_password(client, "nobody@aldercombe.example", "wrong").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]


def test_the_rightful_person_gets_in_from_their_own_address_while_a_guesser_is_locked() -> None:
    person = make_person(Role.ANALYST)
    for number in range(6):
        try_password(Client(), person.email, f"wrong {number}", address="203.0.113.9")
    assert try_password(Client(), person.email, PASSWORD, address="203.0.113.9").status_code == 429
    assert try_password(Client(), person.email, PASSWORD, address="198.51.100.1")["Location"] == CODE


def test_many_addresses_guessing_at_one_account_are_stopped_together() -> None:
    person = make_person(Role.ANALYST)
    statuses = []
    for number in range(30):
        cache.clear()  # the second limit, by minute, is not what is tried here
        address = f"203.0.113.{number}"
        statuses.append(try_password(Client(), person.email, f"wrong {number}", address=address).status_code)
    assert statuses[:19] == [200] * 19
    assert set(statuses[19:]) == {429}


def test_one_address_trying_one_password_on_many_accounts_is_stopped() -> None:
    statuses = []
    for number in range(60):
        cache.clear()
        statuses.append(try_password(Client(), f"person{number}@elsewhere.example", "Password123").status_code)
    assert statuses[:49] == [200] * 49
    assert set(statuses[49:]) == {429}


def test_the_door_opens_again_after_a_quarter_of_an_hour() -> None:
    person, client = make_person(Role.ANALYST), Client()
    for number in range(6):
        try_password(client, person.email, f"wrong {number}")
    cache.clear()
    AccessAttempt.objects.update(attempt_time=timezone.now() - sign_in.COOL_OFF - timedelta(seconds=1))
    assert try_password(client, person.email, PASSWORD)["Location"] == CODE


def test_an_administrator_can_unlock_an_account() -> None:
    person, client = make_person(Role.ANALYST), Client()
    for number in range(5):
        try_password(client, person.email, f"wrong {number}")
    services.unlock_person(person=person, by=TESTS)
    assert try_password(client, person.email, PASSWORD)["Location"] == CODE


def test_wrong_passwords_are_on_record_without_what_was_typed() -> None:
    person = make_person(Role.ANALYST)
    try_password(Client(), person.email, "my-secret-slip")
    try_password(Client(), "nobody@aldercombe.example", "my-secret-slip")
    known, unknown = audit.entries(act=Act.SIGN_IN_REFUSED).order_by("sequence")
    assert known.subject == f"agencies:person {person.pk}"
    assert unknown.subject == "agencies:nobody"
    assert known.details == {"source": "127.0.0.1"}
    assert "my-secret-slip" not in str(list(audit.entries().values()))
    assert "my-secret-slip" not in str(list(AccessAttempt.objects.values()))


# -- the second factor ------------------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing() -> None:
    person, client = make_person(Role.ADMINISTRATOR), Client()
    try_password(client, person.email, PASSWORD)
    for path in (HOME, "/account/", "/administration/people/", "/account/password/", "/account/second-factor/app/"):
        assert client.get(path)["Location"].startswith(DOOR), path


def test_a_wrong_code_is_refused_and_guessing_codes_is_slowed() -> None:
    person, client = make_person(Role.ANALYST), Client()
    try_password(client, person.email, PASSWORD)
    right = code_for(person)
    wrong = [f"{number:06}" for number in range(20) if f"{number:06}" != right]
    pages = [client.post(CODE, {"code": code}).content.decode() for code in wrong[:12]]
    assert "The code is not right." in pages[0]
    assert "Too many attempts" in pages[-1]
    assert "Too many attempts" in client.post(CODE, {"code": right}).content.decode()
    assert not is_signed_in(client)


def test_a_code_works_once() -> None:
    person = make_person(Role.ANALYST)
    code = code_for(person)
    for wanted in (True, False):
        client = Client()
        try_password(client, person.email, PASSWORD)
        client.post(CODE, {"code": code})
        assert is_signed_in(client) is wanted


def test_in_the_demonstration_the_page_shows_the_code_and_nowhere_else(settings: pytest.FixtureRequest) -> None:
    settings.DEMO, settings.DEMO_PASSWORD = True, ""  # type: ignore[attr-defined]
    given = {sign_in_.role: sign_in_ for sign_in_ in services.ensure_demo_people(password="word", by=TESTS)}[Role.CREW]
    client = Client()
    try_password(client, given.email, "word")
    code = re.search(r"<strong>(\d{6})</strong>", client.get(CODE).content.decode())
    assert code is not None
    client.post(CODE, {"code": code.group(1)})
    assert is_signed_in(client)
    real, client = make_person(Role.CREW), Client()
    try_password(client, real.email, PASSWORD)
    assert "<strong>" not in client.get(CODE).content.decode().split("<main")[1].split("</main>")[0]


def test_the_code_page_without_a_password_before_it_leads_to_the_door() -> None:
    assert Client().get(CODE)["Location"] == DOOR
    person = make_person(Role.ANALYST)
    client = Client()
    assert client.post(CODE, {"code": code_for(person)})["Location"] == DOOR
    assert not is_signed_in(client)


def test_the_first_sign_in_leads_to_setting_up_a_second_factor_and_recovery_codes() -> None:
    person, client = make_person(Role.ANALYST, second_factor=False), Client()
    assert try_password(client, person.email, PASSWORD)["Location"] == HOME
    assert client.get(HOME)["Location"] == "/account/second-factor/needed/"
    assert "Set up a code app" in client.get("/account/second-factor/needed/").content.decode()
    page_ = client.get("/account/second-factor/app/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page_)
    assert secret is not None
    assert client.post("/account/second-factor/app/", {"code": "000000"}).status_code == 200
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    code = format_hotp_value(hotp_value(secret.group(1), int(time.time()) // 30))
    answer = client.post("/account/second-factor/app/", {"code": code})
    assert answer["Location"] == "/account/second-factor/codes/"
    codes = client.get("/account/second-factor/codes/").content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", codes)) == 10
    assert client.get(HOME).status_code == 200


def test_a_recovery_code_works_once() -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    person = make_person(Role.ANALYST)
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    for wanted in (True, False):
        client = Client()
        try_password(client, person.email, PASSWORD)
        client.post(CODE, {"code": code})
        assert is_signed_in(client) is wanted


def test_a_second_factor_cannot_be_changed_over_an_open_session_without_the_password() -> None:
    person, client = make_person(Role.ANALYST), Client()
    client.force_login(person, backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    for path in ("app/remove/", "codes/new/", "keys/add/"):
        assert client.get(f"/account/second-factor/{path}")["Location"].startswith("/account/confirm/")
        assert client.post(f"/account/second-factor/{path}")["Location"].startswith("/account/confirm/")
    assert Authenticator.objects.filter(user=person).exists()
    client.post("/account/confirm/", {"password": PASSWORD})
    assert client.get("/account/second-factor/app/remove/").status_code == 200


def test_setting_up_the_first_factor_long_after_signing_in_asks_for_the_password() -> None:
    person, client = make_person(Role.ANALYST, second_factor=False), Client()
    try_password(client, person.email, PASSWORD)
    session = client.session
    session[sessions.BEGAN_AT] = time.time() - 301
    session.save()
    assert client.get("/account/second-factor/app/")["Location"].startswith("/account/confirm/")


def test_secrets_of_code_apps_are_not_readable_in_the_database() -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    person = make_person(Role.ANALYST, second_factor=False)
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    stored = Authenticator.objects.get(user=person).data["secret"]
    assert secret not in stored
    assert sign_in.SecondFactors().decrypt(stored) == secret


# -- how long ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("idle_s", "old_s", "still_in"),
    [
        (0, 0, True),
        (29 * 60, 29 * 60, True),
        (30 * 60 + 5, 31 * 60, False),
        (10, 10 * 3600 + 5, False),
        (10, 9 * 3600, True),
    ],
)
def test_a_session_ends_when_idle_and_after_its_longest_time(idle_s: int, old_s: int, still_in: bool) -> None:
    person, client = make_person(Role.ANALYST), Client()
    client.force_login(person, backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    client.get("/account/")
    session = client.session
    session[sessions.SEEN_AT], session[sessions.BEGAN_AT] = time.time() - idle_s, time.time() - old_s
    session.save()
    assert (client.get("/account/").status_code == 200) is still_in
    assert is_signed_in(client) is still_in


def test_using_it_keeps_a_session_alive() -> None:
    person, client = make_person(Role.ANALYST), Client()
    client.force_login(person, backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    client.get("/account/")
    for _ in range(3):
        session = client.session
        session[sessions.SEEN_AT] = time.time() - 20 * 60
        session.save()
        assert client.get("/account/").status_code == 200


def test_a_changed_password_ends_the_other_sessions() -> None:
    person, here, elsewhere = make_person(Role.ANALYST), Client(), Client()
    for client in (here, elsewhere):
        client.force_login(person, backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    new = "three quiet green words 9"
    answer = here.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


@pytest.mark.parametrize("weak", ["short 1", "password12345", "aldercombe.example", "123456789012"])
def test_weak_passwords_are_refused(weak: str) -> None:
    person, client = make_person(Role.ANALYST), Client()
    client.force_login(person, backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    answer = client.post("/account/password/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    assert answer.status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


# -- one-time links ---------------------------------------------------------------------------------------------------


def set_password(client: Client, path: str, new: str) -> HttpResponse:
    there = client.get(path)
    if there.status_code != 302:
        return there
    return client.post(there["Location"], {"password1": new, "password2": new})


NEW = "three quiet green words 9"


def test_a_link_sets_a_password_once() -> None:
    person = make_person(Role.ANALYST)
    path = services.set_password_path(person)
    assert set_password(Client(), path, NEW)["Location"] == "/account/password/new/"
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert "This link no longer works" in set_password(Client(), path, "another quiet word 10").content.decode()
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_a_new_persons_link_works_and_leads_to_the_second_factor() -> None:
    from tests.people import make_agency

    person = services.add_person(
        email="new@aldercombe.example", name="Tess New", agency=make_agency(), role=Role.ANALYST, by=TESTS
    )
    assert not person.has_usable_password()
    client = Client()
    set_password(client, services.set_password_path(person), NEW)
    assert not is_signed_in(client)
    try_password(client, person.email, NEW)
    assert client.get(HOME)["Location"] == "/account/second-factor/needed/"


def test_a_link_does_not_pass_by_the_second_factor() -> None:
    person, client = make_person(Role.ANALYST), Client()
    set_password(client, services.set_password_path(person), NEW)
    assert not is_signed_in(client)
    assert try_password(client, person.email, NEW)["Location"] == CODE


def test_a_link_is_over_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    from allauth.account.forms import EmailAwarePasswordResetTokenGenerator as Links

    person = make_person(Role.ANALYST)
    path = services.set_password_path(person)
    later = timezone.now().replace(tzinfo=None) + timedelta(days=1, minutes=5)
    monkeypatch.setattr(Links, "_now", lambda _self: later)
    assert "This link no longer works" in Client().get(path).content.decode()


def test_a_link_is_for_one_person() -> None:
    one, two = make_person(Role.ANALYST), make_person(Role.ANALYST)
    path, other = services.set_password_path(one), services.set_password_path(two)
    mixed = path.replace(path.split("/new/")[1].split("-")[0] + "-", other.split("/new/")[1].split("-")[0] + "-", 1)
    assert "This link no longer works" in Client().get(mixed).content.decode()


def test_a_made_up_host_never_gets_into_a_link() -> None:
    person = make_person(Role.ANALYST)
    answer = Client().post("/account/password/forgotten/", {"email": person.email}, HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert mail.outbox == []
