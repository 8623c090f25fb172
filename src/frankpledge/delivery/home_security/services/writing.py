"""What the writes of this room share: text that fits its column, and the line in the audit trail."""

from frankpledge.delivery.home_security.models.columns import NAME_LENGTH
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import one_line
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem


def line(text: str, what: str = "") -> str:
    """One line that fits its column. With ``what`` too long a text is a DataProblem, else it is cut."""
    found = one_line(text)
    if what and len(found) > NAME_LENGTH:
        raise DataProblem(f"{what} has {len(found)} letters and may have {NAME_LENGTH}.")
    return found[:NAME_LENGTH]


def altered(what: str, subject: str, by: Actor, **details: object) -> None:
    """Record an alteration: ids and field names in ``details``, never what residents said."""
    audit.record(act=Act.ALTERATION, what=what, subject=f"homes:{subject}", by=by, details=details)


def looked(what: str, subject: str, by: Actor) -> None:
    """Record that somebody looked at something about a resident."""
    audit.record(act=Act.CONSULTATION, what=what, subject=f"homes:{subject}", by=by)
