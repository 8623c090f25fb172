"""Who may record a decision. The table of roles is in ``foundation.agencies.policy``; here is what it is asked."""

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies.selectors import person_by_key
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.errors import NotPermitted
from frankpledge.vocabulary.permissions import Permission

# Whoever keeps the actions, or approves what the partnership stands on, may write down what was decided.
RECORDING = (Permission.EDIT_ACTIONS, Permission.APPROVE_ASSESSMENT)


def check_can_record(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may record a decision."""
    if by.kind is ActorKind.VISITOR:
        raise NotPermitted("Sign in first.")
    if by.kind is ActorKind.PERSON:
        person = person_by_key(by.id or 0)
        if not any(policy.can(person, permission) for permission in RECORDING):
            policy.check(person, RECORDING[0])
