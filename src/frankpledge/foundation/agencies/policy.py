"""The one place that decides who may do what."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode

from frankpledge.foundation.agencies.models import Person
from frankpledge.ui.guards import ANONYMOUS
from frankpledge.vocabulary.actors import Actor
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
    },
    Role.COORDINATOR: _EVERYONE
    | {
        Permission.VIEW_PICTURE,
        Permission.VIEW_EVIDENCE,
        Permission.ADD_EVIDENCE,
        Permission.VIEW_JOB,
        Permission.MANAGE_AGREEMENTS,
    },
    Role.OFFICER: _EVERYONE | {Permission.VIEW_PICTURE},
    Role.CREW: _EVERYONE,
    Role.REPRESENTATIVE: _EVERYONE | {Permission.VIEW_PICTURE},
    Role.MANAGER: _EVERYONE | {Permission.VIEW_PICTURE, Permission.VIEW_EVIDENCE},
    Role.SCRUTINY: _EVERYONE | {Permission.VIEW_PICTURE},
    # Administrators run the accounts. That does not make them readers of police records.
    Role.ADMINISTRATOR: _EVERYONE | {Permission.MANAGE_PEOPLE, Permission.MANAGE_AGREEMENTS, Permission.VIEW_AUDIT},
}
"""Which role may do what. The truth-table tests repeat this as data: change both."""


def roles_of(person: Person) -> frozenset[Role]:
    """The roles a person holds today, by current membership."""
    today = timezone.localdate()
    held = person.memberships.filter(starts_on__lte=today).exclude(ends_on__lte=today)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def permissions_of(person: Person) -> frozenset[Permission]:
    """All a person may do today."""
    return frozenset[Permission]().union(*(ROLE_PERMISSIONS[role] for role in roles_of(person)))


def can(person: Any, permission: Permission) -> bool:
    """May ``person`` do this? Somebody who has not signed in, or is disabled, may do nothing."""
    return isinstance(person, Person) and person.is_active and permission in permissions_of(person)


def check(person: Any, permission: Permission) -> None:
    """Raise NotPermitted unless ``person`` may do this."""
    if not can(person, permission):
        raise NotPermitted(f"Only people whose role lets them {permission.value} may do this.")


ANONYMOUS_ROUTES: frozenset[str] = frozenset({"health", "set_language"})
"""Names of the routes that answer somebody who has not signed in. Short, and each one wanted."""

THIRD_PARTY_ROUTES: Mapping[str, str | Permission] = {}
"""Policies of views we did not write, by route name."""


class PolicyMiddleware:
    """Lets a request reach its view only if the view's guard allows it. Also says who acts: ``request.actor``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Name the actor, then go on."""
        request.actor = _actor(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None lets the request through; a redirect or 404 does not."""
        assert request.resolver_match is not None
        name = request.resolver_match.view_name
        guard = getattr(view, "guard", None) or THIRD_PARTY_ROUTES.get(name)
        if guard == ANONYMOUS and (name in ANONYMOUS_ROUTES or name in THIRD_PARTY_ROUTES):
            return None
        if isinstance(guard, Permission):
            return self._guarded(request, guard)
        log.error("Refused a route without a policy: %s", name)
        raise Http404

    def _guarded(self, request: HttpRequest, permission: Permission) -> HttpResponse | None:
        if not request.user.is_authenticated:
            if request.method not in ("GET", "HEAD"):
                raise Http404
            return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
        if not can(request.user, permission):
            raise Http404
        return None


def _actor(request: HttpRequest) -> Actor:
    user = getattr(request, "user", None)
    return user.actor if isinstance(user, Person) or getattr(user, "is_authenticated", False) else Actor.visitor()
