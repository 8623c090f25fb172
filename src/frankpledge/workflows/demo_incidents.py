"""The demo partnership's quarterly duties: what its police, fire service and council owe."""

from django.utils import timezone

from frankpledge.records.incidents import duties
from frankpledge.vocabulary.actors import Actor


def load(*, by: Actor) -> None:
    """List the duties of the agencies there are. What is listed already stays; milliseconds."""
    duties.set_up_duties(today=timezone.localdate(), by=by)
