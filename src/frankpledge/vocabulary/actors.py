"""Who does something: the last argument (``by=``) of every service and the first question of every audit entry."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """Where an act comes from."""

    PERSON = "person"
    SYSTEM = "system"
    COMMAND_LINE = "command line"
    VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts. ``id`` is the key of a person who signed in, and None for everything else."""

    kind: ActorKind
    id: int | None
    name: str

    def __post_init__(self) -> None:
        """Refuse a person without a key and a key without a person: the audit trail must be able to trust both."""
        object.__setattr__(self, "kind", ActorKind(self.kind))
        if (self.kind is ActorKind.PERSON) != (self.id is not None):
            raise ValueError("A person has a key, and only a person has one.")
        if not self.name:
            raise ValueError("An actor has a name.")

    @classmethod
    def person(cls, key: int, name: str) -> "Actor":
        """A person who signed in."""
        return cls(ActorKind.PERSON, key, name)

    @classmethod
    def system(cls, name: str) -> "Actor":
        """A part of the software that acts on its own, such as ``Actor.system("retention")``."""
        return cls(ActorKind.SYSTEM, None, name)

    @classmethod
    def command_line(cls, name: str) -> "Actor":
        """Somebody at the machine's command line; ``name`` is their name on that machine."""
        return cls(ActorKind.COMMAND_LINE, None, name)

    @classmethod
    def visitor(cls) -> "Actor":
        """Somebody who has not signed in."""
        return cls(ActorKind.VISITOR, None, "somebody not signed in")

    def __str__(self) -> str:
        return self.name
