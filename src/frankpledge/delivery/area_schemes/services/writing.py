"""What every named write of this room does: tidy what is written, and note it in the audit trail."""

from typing import Any

from frankpledge.delivery.area_schemes.models.columns import NAME_LENGTH
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import one_line
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem


def line(text: str, length: int = NAME_LENGTH) -> str:
    """One line, as both databases can keep it."""
    return one_line(text, length)


def needed(text: str, sentence: str, length: int = NAME_LENGTH) -> str:
    """One line that must be there; else DataProblem with that sentence."""
    if not (found := line(text, length)):
        raise DataProblem(sentence)
    return found


def note(what: str, subject: str, by: Actor, *, act: Act = Act.ALTERATION, **details: Any) -> None:
    """Write an act into the audit trail: no name, address or free text among its details."""
    audit.record(act=act, what=what, subject=f"areas:{subject}", by=by, details=details)
