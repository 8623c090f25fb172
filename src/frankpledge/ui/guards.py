"""How a view declares who may call it. The decision itself is made in ``foundation.agencies.policy``, for every route.

A view without a declaration is refused by the policy middleware and by the route-walk test.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.http import HttpRequest

from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])

ANONYMOUS = "anonymous"


def guarded(permission: Permission) -> Callable[[View], View]:
    """Only people who hold ``permission`` may call this view; to others it looks absent (404)."""

    def declare(view: View) -> View:
        view.guard = permission  # type: ignore[attr-defined]
        return view

    return declare


def anonymous(view: View) -> View:
    """Anyone may call this view. It must also stand on the short list in the policy module, or it is refused."""
    view.guard = ANONYMOUS  # type: ignore[attr-defined]
    return view


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request, as the policy middleware found."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]
