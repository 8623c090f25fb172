"""Who may see what: every role against every permission and every address, and what those who may not are told."""

import re
from collections.abc import Callable
from functools import cache

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from frankpledge.foundation.agencies import policy, services
from frankpledge.foundation.agencies.models import Person
from frankpledge.foundation.audit import selectors as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.ui.guards import ANONYMOUS, guarded
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission, Role
from tests.people import TESTS, make_agency, make_person, signed_in
from tests.security.routes import Route, walk
from tests.security.table import MAY, ROLES, ROUTES, may

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def refusal(request: HttpRequest, view: Callable[..., HttpResponse]) -> str:
    """What the policy says to a request: "let through", "sign in", "second factor" or "absent"."""
    middleware = policy.PolicyMiddleware(lambda _: HttpResponse())
    try:
        answer = middleware.process_view(request, view, (), {})
    except Http404:
        return "absent"
    if answer is None:
        return "let through"
    return "sign in" if "/account/sign-in/" in answer["Location"] else "second factor"


def asked(route: Route, method: str, person: Person | AnonymousUser) -> HttpRequest:
    request = RequestFactory().generic(method, route.path)
    request.user = person
    request.resolver_match = resolve(route.path)
    return request


def test_the_table_knows_every_role_and_permission() -> None:
    assert set(ROLES) == set(Role)
    assert set(MAY) == set(Permission)
    assert set(policy.ROLE_PERMISSIONS) == set(Role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.django_db
def test_each_role_may_do_what_the_table_says(role: Role) -> None:
    person = make_person(role)
    for permission in Permission:
        assert policy.can(person, permission) is may(role, permission), permission
        if may(role, permission):
            policy.check(person, permission)
        else:
            with pytest.raises(NotPermitted):
                policy.check(person, permission)


@pytest.mark.django_db
def test_several_roles_add_up_and_nothing_more() -> None:
    person = make_person(Role.CREW, Role.SCRUTINY)
    both = {p for p in Permission if may(Role.CREW, p) or may(Role.SCRUTINY, p)}
    assert policy.permissions_of(person) == both


@pytest.mark.django_db
def test_nobody_may_do_everything() -> None:
    administrator = make_person(Role.ADMINISTRATOR)
    assert not policy.can(administrator, Permission.VIEW_QUARANTINE)
    assert not policy.can(administrator, Permission.VIEW_EVIDENCE)
    for flag in ("is_staff", "is_superuser"):
        assert not hasattr(administrator, flag)


@pytest.mark.django_db
def test_a_closed_account_a_stranger_and_somebody_without_a_role_may_do_nothing() -> None:
    person = make_person(Role.ANALYST)
    membership = person.memberships.get()
    services.end_membership(membership=membership, by=TESTS)
    assert policy.permissions_of(person) == frozenset()
    closed = services.disable_person(person=make_person(Role.ANALYST), by=TESTS)
    assert policy.permissions_of(closed) == frozenset()
    assert policy.permissions_of(AnonymousUser()) == frozenset()
    assert policy.permissions_of(None) == frozenset()


@pytest.mark.django_db
def test_a_role_holds_from_its_first_day_until_the_day_it_ends() -> None:
    person, today = make_person(Role.CREW), timezone.localdate()
    later = today + timezone.timedelta(days=1)
    services.add_membership(person=person, agency=make_agency(), role=Role.ANALYST, starts_on=later, by=TESTS)
    assert not policy.can(person, Permission.VIEW_EVIDENCE)
    person.memberships.filter(role="analyst").update(starts_on=today)
    assert policy.can(person, Permission.VIEW_EVIDENCE)
    person.memberships.filter(role="analyst").update(ends_on=later)
    assert policy.can(person, Permission.VIEW_EVIDENCE)
    person.memberships.filter(role="analyst").update(ends_on=today)
    assert not policy.can(person, Permission.VIEW_EVIDENCE)


# -- every address ----------------------------------------------------------------------------------------------------


def test_every_address_has_the_policy_the_table_gives_it() -> None:
    found = {route.name: policy.guard_of(route.name, route.view) for route in walk()}
    without = [name for name, guard in found.items() if guard is None]
    assert not without, f"addresses without a policy: {without}"
    assert found == ROUTES


def test_every_sample_path_leads_to_its_address() -> None:
    for route in walk():
        assert resolve(route.path).view_name == route.name


@pytest.mark.django_db
def test_every_address_answers_every_role_and_method_as_the_table_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Routes x roles x methods. The policy itself is asked, as the middleware asks it; no view runs.

    Nobody's rights change meanwhile, so they are read once for each person. That a refusal is put on record has a test
    of its own: here it would be thousands of entries.
    """
    monkeypatch.setattr(policy, "permissions_of", cache(policy.permissions_of))
    monkeypatch.setattr(policy, "needs_second_factor", cache(policy.needs_second_factor))
    monkeypatch.setattr(policy, "record", lambda **_: None)
    people: dict[Role | None, Person | AnonymousUser] = {role: make_person(role) for role in Role}
    people[None] = AnonymousUser()
    cells, wrong = 0, []
    for route in walk():
        for role, person in people.items():
            for method in METHODS:
                wanted = expected(ROUTES[route.name], role, method)
                got = refusal(asked(route, method, person), route.view)
                cells += 1
                if got != wanted:
                    wrong.append((route.name, role, method, wanted, got))
    assert not wrong
    assert cells >= 3_500


def expected(guard: str | Permission, role: Role | None, method: str) -> str:
    """The answer table's rule for a cell."""
    if guard == ANONYMOUS:
        return "let through"
    if role is None:
        return "sign in" if method in ("GET", "HEAD") else "absent"
    return "let through" if may(role, Permission(guard)) else "absent"


@pytest.mark.django_db
def test_nobody_who_has_not_signed_in_sees_more_than_the_door() -> None:
    """Every address called for real, without signing in."""
    client = Client(raise_request_exception=False)
    for route in walk():
        reading, sending = client.get(route.path), Client(enforce_csrf_checks=True).post(route.path)
        if ROUTES[route.name] == ANONYMOUS:
            assert reading.status_code in (200, 302, 405), route
        else:
            assert reading.status_code == 302, route
            assert reading["Location"].startswith("/account/sign-in/?next="), route
            assert sending.status_code == 404, route


@pytest.mark.parametrize("role", Role)
@pytest.mark.django_db
def test_to_those_who_may_not_an_address_looks_absent(role: Role) -> None:
    """The same page, to the byte, as at an address that does not exist (apart from what every page draws anew)."""
    client = signed_in(role)
    absent: dict[str, tuple[int, str, list[tuple[str, str]]]] = {}  # by room: a page shows which one it is in
    for route in walk():
        guard = ROUTES[route.name]
        if guard != ANONYMOUS and not may(role, Permission(guard)):
            room = "/".join(route.path.split("/")[:3])
            if room not in absent:
                nowhere = f"{route.path.rstrip('/')}/there-is-nothing-here/"
                absent[room] = told(client.get(nowhere), nowhere)
            for answer in (client.get(route.path), client.post(route.path)):
                assert told(answer, route.path) == absent[room], route


def told(answer: HttpResponse, path: str) -> tuple[int, str, list[tuple[str, str]]]:
    """All an answer tells: status, page and headers; without the token drawn for each page and the path asked for."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(f'"{path}"', '"PATH"')
    headers = [(name, value) for name, value in answer.items() if name != "Content-Length"]
    return answer.status_code, page, sorted(headers)


@pytest.mark.parametrize("role", Role)
@pytest.mark.django_db
def test_those_who_may_are_answered(role: Role) -> None:
    client = signed_in(role)
    for route in walk():
        guard = ROUTES[route.name]
        if guard != ANONYMOUS and may(role, Permission(guard)):
            assert client.get(route.path).status_code in (200, 302, 404, 405), route


@pytest.mark.django_db
def test_a_refusal_is_on_record() -> None:
    client = signed_in(Role.CREW)
    client.get(reverse("agencies:person", args=[17]))
    entry = audit.entries(act=Act.REFUSAL).get()
    assert entry.what == "Was refused an address: may not manage people and roles."
    assert (entry.subject, entry.details) == ("address:agencies:person", {"key": 17})


@pytest.mark.django_db
def test_what_a_room_refuses_below_its_view_looks_absent_and_is_on_record(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise NotPermitted("Not for you.")

    monkeypatch.setattr("frankpledge.foundation.agencies.selectors.person_by_key", refuse)
    client, nowhere = signed_in(Role.ADMINISTRATOR), "/administration/people/17/there-is-nothing-here/"
    answer = client.get("/administration/people/17/")
    assert told(answer, "/administration/people/17/") == told(client.get(nowhere), nowhere)
    assert audit.entries(act=Act.REFUSAL).count() == 1


def test_a_view_without_a_policy_is_refused_and_reported(caplog: pytest.LogCaptureFixture) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request.resolver_match = resolve("/healthz")
    request.resolver_match.view_name = "somebodys:new_view"

    assert refusal(request, lambda _: HttpResponse("open")) == "absent"
    assert "somebodys:new_view" in caplog.text


def test_calling_itself_anonymous_does_not_open_a_view() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("open")

    view.guard = ANONYMOUS  # type: ignore[attr-defined]
    assert policy.guard_of("somebodys:new_view", view) is None
    assert policy.guard_of("health", view) == ANONYMOUS


def test_a_route_of_another_package_is_refused_unless_it_is_listed() -> None:
    assert policy.guard_of("account_signup", lambda _: HttpResponse()) is None
    assert policy.guard_of("account_email", lambda _: HttpResponse()) is None


def test_the_anonymous_list_is_short_and_nothing_on_it_is_superfluous() -> None:
    names = {route.name for route in walk()}
    assert names >= policy.ANONYMOUS_ROUTES
    assert len(policy.ANONYMOUS_ROUTES) <= 5


# -- rights that change -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_role_taken_away_is_gone_at_the_next_request() -> None:
    person = make_person(Role.ADMINISTRATOR)
    make_person(Role.ADMINISTRATOR)
    client = Client()
    client.force_login(person, backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    assert client.get(reverse("agencies:people")).status_code == 200
    services.end_membership(membership=person.memberships.get(), by=TESTS)
    answer = client.get(reverse("agencies:people"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/sign-in/")


@pytest.mark.parametrize("change", [services.disable_person, services.end_sessions, services.reset_second_factor])
@pytest.mark.django_db
def test_what_ends_sessions_ends_them_at_once_on_every_device(change: Callable[..., Person]) -> None:
    person = make_person(Role.ANALYST)
    phone, laptop = Client(), Client()
    for device in (phone, laptop):
        device.force_login(person, backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
        assert device.get("/account/").status_code == 200
    change(person=person, by=TESTS)
    for device in (phone, laptop):
        assert device.get("/account/")["Location"].startswith("/account/sign-in/")


@pytest.mark.django_db
def test_without_a_second_factor_nothing_opens_but_setting_one_up() -> None:
    person = make_person(Role.ADMINISTRATOR, second_factor=False)
    for route in walk():
        guard = ROUTES[route.name]
        if guard == ANONYMOUS:
            continue
        got = refusal(asked(route, "GET", person), route.view)
        if route.name in policy.SETTING_UP_ROUTES:
            assert got == "let through", route
        elif may(Role.ADMINISTRATOR, Permission(guard)):
            assert got == "second factor", route
        else:
            assert got == "absent", route
        if route.name not in policy.SETTING_UP_ROUTES:
            assert refusal(asked(route, "POST", person), route.view) == "absent", route


def test_a_guard_is_declared_on_the_view() -> None:
    @guarded(Permission.VIEW_PICTURE)
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert policy.guard_of("somebodys:new_view", view) is Permission.VIEW_PICTURE
