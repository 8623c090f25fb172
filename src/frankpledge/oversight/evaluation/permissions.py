"""Who may have the programme evaluated: whoever runs it. Roles are in ``foundation.agencies.policy``."""

from collections.abc import Collection
from typing import Any

from django.utils import timezone

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies.selectors import person_by_key, sight_of
from frankpledge.foundation.agencies.vocabulary import DataClass
from frankpledge.records.incidents import belonging
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission


def check_can_evaluate(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may start an evaluation."""
    policy.check_actor(by, Permission.EDIT_HOMES)


def batches_open_to(person: Any, batches: Collection[str]) -> frozenset[str]:
    """Those of these batches whose rows this person may handle: their own agency's, or as a live agreement lets.

    No role opens them. Of a sender whose agency nobody knows, by the class agreed. At most eight queries.
    """
    if Permission.EDIT_HOMES not in policy.permissions_of(person):
        return frozenset()
    sight = sight_of(person, timezone.localdate())
    agreed = {data_class for _, data_class in sight.agreed}
    closed = {
        batch
        for batch, (owner, word) in belonging.grounds_of(batches).items()
        if not (DataClass(word) in agreed if owner is None else sight.allows_rows(owner, DataClass(word)))
    }
    return frozenset(batches) - closed


def check_can_write_finding(by: Actor, batch: str) -> None:
    """Raise NotPermitted unless ``by`` runs safe homes and may handle the rows of the batch with the burglary."""
    policy.check_actor(by, Permission.EDIT_HOMES)
    if by.kind is ActorKind.PERSON and batch not in batches_open_to(person_by_key(by.id or 0), [batch]):
        raise NotPermitted("This burglary is in another agency’s records, and no agreement lets yours receive them.")


def abilities(person: Any) -> dict[str, bool]:
    """What the pages may offer this person."""
    held = policy.permissions_of(person)
    return {
        "may_evaluate": Permission.EDIT_HOMES in held,
        "may_view_claims": Permission.VIEW_CLAIMS in held,
        "may_view_homes": Permission.VIEW_HOMES in held,
    }
