"""The one place that decides who may do what."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from frankpledge.foundation.agencies import selectors
from frankpledge.foundation.agencies.models import Person
from frankpledge.foundation.agencies.sign_in import needs_second_factor
from frankpledge.foundation.audit.services import record
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.ui.guards import ANONYMOUS
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission, Role

log = logging.getLogger(__name__)

_EVERYONE = frozenset({Permission.OWN_ACCOUNT, Permission.VIEW_MY_WORK})

ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.ANALYST: _EVERYONE
    | {
        Permission.VIEW_PICTURE,
        Permission.VIEW_EVIDENCE,
        Permission.ADD_EVIDENCE,
        Permission.WITHDRAW_EVIDENCE,
        Permission.VIEW_QUARANTINE,
        Permission.VIEW_JOB,
        Permission.VIEW_EVENTS,
        Permission.SETTLE_QUARANTINE,
        Permission.MANAGE_PROFILES,
        Permission.MATCH_ADDRESSES,
        Permission.VIEW_ALERTS,
        Permission.DECIDE_ALERTS,
        Permission.VIEW_ASSESSMENT,
        Permission.WRITE_ASSESSMENT,
        Permission.VIEW_PLAN,
        Permission.EDIT_INDICATORS,
        Permission.FILL_FIGURES,
        Permission.VIEW_ACTIONS,
        Permission.EDIT_ACTIONS,
        Permission.VIEW_PERFORMANCE,
        Permission.MAKE_PACK,
        Permission.VIEW_CLAIMS,
        Permission.EDIT_CLAIMS,
        Permission.VIEW_EVALUATION,
        Permission.VIEW_SCHEMES,
    },
    Role.COORDINATOR: _EVERYONE
    | {
        Permission.VIEW_PICTURE,
        Permission.VIEW_EVIDENCE,
        Permission.ADD_EVIDENCE,
        Permission.VIEW_JOB,
        Permission.MANAGE_AGREEMENTS,
        Permission.MATCH_ADDRESSES,
        Permission.VIEW_PEOPLE,
        Permission.MATCH_PEOPLE,
        Permission.VIEW_ALERTS,
        Permission.DECIDE_ALERTS,
        Permission.VIEW_ASSESSMENT,
        Permission.WRITE_ASSESSMENT,
        Permission.APPROVE_ASSESSMENT,
        Permission.VIEW_PLAN,
        Permission.EDIT_PLAN,
        Permission.EDIT_MONEY,
        Permission.EDIT_INDICATORS,
        Permission.FILL_FIGURES,
        Permission.VIEW_ACTIONS,
        Permission.EDIT_ACTIONS,
        Permission.VIEW_PERFORMANCE,
        Permission.MAKE_PACK,
        Permission.VIEW_CLAIMS,
        Permission.EDIT_CLAIMS,
        Permission.SIGN_CLAIMS,
        Permission.VIEW_HOMES,
        Permission.EDIT_HOMES,
        Permission.LOOK_UP_KITS,
        Permission.VIEW_EVALUATION,
        Permission.VIEW_SCHEMES,
        Permission.EDIT_SCHEMES,
        Permission.VIEW_SERVICES,
        Permission.EDIT_SERVICES,
    },
    Role.OFFICER: _EVERYONE
    | {
        Permission.VIEW_PICTURE,
        Permission.VIEW_PEOPLE,
        Permission.MATCH_PEOPLE,
        Permission.VIEW_ALERTS,
        Permission.VIEW_ASSESSMENT,
        Permission.VIEW_PLAN,
        Permission.FILL_FIGURES,
        Permission.VIEW_ACTIONS,
        Permission.VIEW_PERFORMANCE,
        Permission.VIEW_CLAIMS,
        Permission.LOOK_UP_KITS,
        Permission.VIEW_EVALUATION,
        Permission.VIEW_SCHEMES,
    },
    Role.CREW: _EVERYONE
    | {
        Permission.DO_VISITS,
    },
    Role.REPRESENTATIVE: _EVERYONE
    | {
        Permission.VIEW_PICTURE,
        Permission.VIEW_ASSESSMENT,
        Permission.VIEW_PLAN,
        Permission.FILL_FIGURES,
        Permission.VIEW_ACTIONS,
        Permission.VIEW_PERFORMANCE,
        Permission.VIEW_CLAIMS,
        Permission.VIEW_EVALUATION,
        Permission.VIEW_SCHEMES,
        Permission.VIEW_SERVICES,
    },
    Role.MANAGER: _EVERYONE
    | {
        Permission.VIEW_PICTURE,
        Permission.VIEW_EVIDENCE,
        Permission.VIEW_ALERTS,
        Permission.VIEW_ASSESSMENT,
        Permission.APPROVE_ASSESSMENT,
        Permission.VIEW_PLAN,
        Permission.APPROVE_MONEY,
        Permission.VIEW_ACTIONS,
        Permission.VIEW_PERFORMANCE,
        Permission.VIEW_CLAIMS,
        Permission.SIGN_CLAIMS,
        Permission.VIEW_HOMES,
        Permission.VIEW_EVALUATION,
        Permission.VIEW_SCHEMES,
        Permission.VIEW_SERVICES,
    },
    Role.SCRUTINY: _EVERYONE
    | {
        Permission.VIEW_PICTURE,
        Permission.VIEW_ASSESSMENT,
        Permission.VIEW_PLAN,
        Permission.VIEW_ACTIONS,
        Permission.VIEW_PERFORMANCE,
        Permission.VIEW_CLAIMS,
        Permission.VIEW_EVALUATION,
        Permission.VIEW_SERVICES,
    },
    # Administrators run the accounts. That does not make them readers of police records.
    Role.ADMINISTRATOR: _EVERYONE
    | {
        Permission.MANAGE_PEOPLE,
        Permission.MANAGE_AGREEMENTS,
        Permission.VIEW_AUDIT,
    },
}
"""Which role may do what. The truth-table tests repeat this as data: change both."""


def permissions_of(person: Any) -> frozenset[Permission]:
    """All ``person`` may do today. Somebody who has not signed in, or whose account is closed, may do nothing."""
    if not isinstance(person, Person) or not person.is_active:
        return frozenset()
    roles = selectors.roles_on(person, timezone.localdate())
    return frozenset[Permission]().union(*(ROLE_PERMISSIONS[role] for role in roles))


def permissions_of_actor(by: Actor) -> frozenset[Permission]:
    """All ``by`` may do today: a visitor nothing, a person what their roles say.

    The command line and the software itself have passed another door: whoever can start them can read the database
    anyway. Every act is recorded under their name.
    """
    if by.kind is ActorKind.VISITOR:
        return frozenset()
    if by.kind is ActorKind.PERSON:
        return permissions_of(selectors.person_by_key(by.id or 0))
    return frozenset(Permission)


def can(person: Any, permission: Permission) -> bool:
    """May ``person`` do this?"""
    return permission in permissions_of(person)


def check(person: Any, permission: Permission) -> None:
    """Raise NotPermitted unless ``person`` may do this."""
    _demand(permission, permissions_of(person))


def check_actor(by: Actor, permission: Permission) -> None:
    """Raise NotPermitted unless ``by`` may do this: what every named write asks first."""
    if by.kind is ActorKind.VISITOR:
        raise NotPermitted("Sign in first.")
    _demand(permission, permissions_of_actor(by))


def _demand(permission: Permission, held: frozenset[Permission]) -> None:
    if permission not in held:
        raise NotPermitted(f"Only people whose role lets them {permission.value} may do this.")


ANONYMOUS_ROUTES: frozenset[str] = frozenset(
    {"health", "set_language", "overview:colours", "home_security:ask", "home_security:choose"}
)
"""Our own routes that answer somebody who has not signed in. Short, and each one wanted:
whatever watches the process, the language switch, the partnership's colour (a stylesheet), the form by which residents
ask for a home security visit, and the page on which they choose its time."""

THIRD_PARTY_ROUTES: Mapping[str, str | Permission] = {
    # -- at the door; each of these guards itself by a password, a pending sign-in or a one-time key
    "set_language": ANONYMOUS,
    "account_login": ANONYMOUS,
    "account_logout": ANONYMOUS,
    "account_reset_password": ANONYMOUS,
    "account_reset_password_done": ANONYMOUS,
    "account_reset_password_from_key": ANONYMOUS,
    "account_reset_password_from_key_done": ANONYMOUS,
    "mfa_authenticate": ANONYMOUS,
    "openid_connect_login": ANONYMOUS,
    "openid_connect_callback": ANONYMOUS,
    "socialaccount_login_cancelled": ANONYMOUS,
    "socialaccount_login_error": ANONYMOUS,
    # -- one's own account
    "account_reauthenticate": Permission.OWN_ACCOUNT,
    "account_change_password": Permission.OWN_ACCOUNT,
    "account_set_password": Permission.OWN_ACCOUNT,
    "mfa_index": Permission.OWN_ACCOUNT,
    "mfa_reauthenticate": Permission.OWN_ACCOUNT,
    "mfa_activate_totp": Permission.OWN_ACCOUNT,
    "mfa_deactivate_totp": Permission.OWN_ACCOUNT,
    "mfa_view_recovery_codes": Permission.OWN_ACCOUNT,
    "mfa_generate_recovery_codes": Permission.OWN_ACCOUNT,
    "mfa_download_recovery_codes": Permission.OWN_ACCOUNT,
    "mfa_list_webauthn": Permission.OWN_ACCOUNT,
    "mfa_add_webauthn": Permission.OWN_ACCOUNT,
    "mfa_reauthenticate_webauthn": Permission.OWN_ACCOUNT,
    "mfa_remove_webauthn": Permission.OWN_ACCOUNT,
    "mfa_edit_webauthn": Permission.OWN_ACCOUNT,
}
"""Policies of views we did not write, by route name. A route of theirs that is not here is refused."""

SETTING_UP_ROUTES: frozenset[str] = frozenset(
    {"mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "agencies:second_factor"}
)
"""All that somebody without a second factor may open, besides what needs no sign-in."""


class PolicyMiddleware:
    """Lets a request reach its view only if the view's guard allows it. Also says who acts: ``request.actor``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing yet: who acts and what they want is known once the view is."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None lets the request through; a redirect or 404 does not."""
        assert request.resolver_match is not None
        request.actor = _who_acts(request)  # type: ignore[attr-defined]
        name = request.resolver_match.view_name
        guard = guard_of(name, view)
        if guard == ANONYMOUS:
            return None
        if isinstance(guard, Permission):
            return _answer(request, name, guard)
        log.error("Refused a route without a policy: %s", name)
        raise Http404

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """What a room refuses below its view looks absent too, and is recorded."""
        if isinstance(exception, NotPermitted):
            _note_refusal(request, "Was refused something at an address they may open.")
            raise Http404 from exception


def _note_refusal(request: HttpRequest, what: str) -> None:
    assert request.resolver_match is not None
    subject = f"address:{request.resolver_match.view_name}"
    with transaction.atomic():
        record(
            act=Act.REFUSAL, what=what, subject=subject, by=_who_acts(request), details=request.resolver_match.kwargs
        )


def guard_of(name: str, view: Callable[..., Any]) -> str | Permission | None:
    """The policy of a route: a permission, ANONYMOUS, or None for a route that has none and is refused."""
    if name in THIRD_PARTY_ROUTES:
        return THIRD_PARTY_ROUTES[name]
    declared = getattr(view, "guard", None)
    if declared == ANONYMOUS and name not in ANONYMOUS_ROUTES:
        return None
    return declared


def _answer(request: HttpRequest, name: str, permission: Permission) -> HttpResponse | None:
    reading = request.method in ("GET", "HEAD")
    person = request.user
    if not isinstance(person, Person) or not person.is_authenticated:
        if not reading:
            raise Http404
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
    held = permissions_of(person)
    request.permissions = held  # type: ignore[attr-defined]
    # For rooms beside this one; worked out only where it is asked for.
    request.sight = SimpleLazyObject(lambda: selectors.sight_of(person, timezone.localdate()))  # type: ignore[attr-defined]
    # Somebody without any role may still look after their own account.
    if permission is not Permission.OWN_ACCOUNT and permission not in held:
        _note_refusal(request, f"Was refused an address: may not {permission.value}.")
        raise Http404
    if needs_second_factor(person) and name not in SETTING_UP_ROUTES:
        if not reading:
            raise Http404
        return redirect("agencies:second_factor")
    return None


def _who_acts(request: HttpRequest) -> Actor:
    """Who acts in this request, as services and the audit trail name them. Views ask ``ui.guards.actor_of``."""
    person = request.user
    return person.actor if isinstance(person, Person) else Actor.visitor()
