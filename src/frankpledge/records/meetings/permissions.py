"""Who may record a decision. The table of roles is in ``foundation.agencies.policy``; here is what it is asked."""

from frankpledge.foundation.agencies import policy
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.permissions import Permission

# Whoever keeps the actions, or approves what the partnership stands on, may write down what was decided.
RECORDING = (Permission.EDIT_ACTIONS, Permission.APPROVE_ASSESSMENT)


def check_can_record(by: Actor) -> None:
    """Raise NotPermitted unless ``by`` may record a decision."""
    if not policy.permissions_of_actor(by) & set(RECORDING):
        policy.check_actor(by, RECORDING[0])
