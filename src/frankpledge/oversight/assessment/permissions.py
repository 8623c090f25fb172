"""Who may write and approve. The table of roles is in ``foundation.agencies.policy``; here is what it is asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies.selectors import person_by_key
from frankpledge.records.incidents import selectors as incidents
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission


def check_can_write(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may write the assessment."""
    policy.check_actor(by, Permission.WRITE_ASSESSMENT)


def check_can_approve(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may approve it."""
    policy.check_actor(by, Permission.APPROVE_ASSESSMENT)


def may_see(person: Any, made_of: Mapping[str, Any]) -> bool:
    """Whether every record that ``made_of`` rests on is open to this person: of their own agency, or as agreed.

    Who may not reads approved editions in their public form, and nothing else of it.
    """
    return all_of([made_of], person)[0]


def all_of(made: Sequence[Mapping[str, Any]], person: Any) -> list[bool]:
    """``may_see`` for several, in their order, in the same five queries."""
    closed = incidents.closed_to(person, {key for one in made for key in one.get("batches", ())})
    return [closed.isdisjoint(one.get("batches", ())) for one in made]


def check_can_see(person: Any, made_of: Mapping[str, Any]) -> None:
    """Raise NotPermitted unless ``may_see``."""
    if not may_see(person, made_of):
        raise NotPermitted("This rests on another agency’s records, and no agreement lets yours receive them.")


def sources_of(by: Actor) -> frozenset[str] | None:
    """The sources ``by`` may use; None for the command line and the software itself: all."""
    if by.kind is not ActorKind.PERSON:
        return None
    person = person_by_key(by.id or 0)
    return incidents.sources_for(person) if person is not None else frozenset()
