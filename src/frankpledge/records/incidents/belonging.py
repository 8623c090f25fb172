"""Whose records a batch holds, of which class, and so who may handle its rows.

A batch belongs to the agency its publisher is: the one of that name, else the only one of the kind that sends such
files, else that of the person who brought it. Published data belong to nobody. ``docs/evidence-store.md`` tells more.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.agencies.vocabulary import DataClass
from frankpledge.records.incidents import rules
from frankpledge.records.incidents.models import Batch, SourceProfile
from frankpledge.records.incidents.vocabulary import SOURCES, SourceWords, source_words, words_of_profile
from frankpledge.sources.profiles import Profile, shipped
from frankpledge.vocabulary.actors import Actor, ActorKind
from frankpledge.vocabulary.permissions import Permission

if TYPE_CHECKING:
    from frankpledge.foundation.agencies.models import Person


def may_manage_profiles(by: Actor) -> bool:
    """May this actor, if a person, say what the columns of an unknown file mean?"""
    person = agencies.person_by_key(by.id) if by.kind is ActorKind.PERSON and by.id else None
    return person is not None and policy.can(person, Permission.MANAGE_PROFILES)


def owner_of(publisher_name: str, words: SourceWords, by: Actor) -> tuple[int, str] | None:
    """The agency a delivery's records belong to (key and name), None for published data. Two queries."""
    if not words.data_class:
        return None
    known = list(agencies.agencies().values_list("pk", "name", "kind"))
    person = agencies.person_by_key(by.id) if by.kind is ActorKind.PERSON and by.id else None
    own = agencies.agencies_of(person, timezone.localdate()) if person else frozenset()
    return rules.owner_among(known, publisher_name=publisher_name, kind=words.kind, own=own)


def words_of(source: str) -> SourceWords:
    """The words for a source, those of the partnership's own profiles too. At most one query."""
    if source not in SOURCES and source in (saved := saved_profiles()):
        return words_of_profile(saved[source])
    return source_words(source)


def profile_of(source: str) -> Profile | None:
    """The profile that reads a source: the partnership's own newest version, else the one that ships. One query."""
    return saved_profiles().get(source) or shipped().get(source)


def saved_profiles() -> dict[str, Profile]:
    """The newest version of each profile this partnership saved, by name. One query."""
    newest: dict[str, Profile] = {}
    for kept in SourceProfile.objects.order_by("name", "-version"):
        if kept.name not in newest:
            newest[kept.name] = Profile.from_dict(kept.body)
    return newest


def may_handle(person: "Person", owner: int | None, data_class: str) -> bool:
    """May this person handle rows of that owner and class as delivered? Published data: yes. Four queries."""
    if not data_class:
        return True
    return agencies.sight_of(person, timezone.localdate()).allows_rows(owner, DataClass(data_class))


def may_see_rows(person: "Person", batch: Batch) -> bool:
    """May this person see the batch's rows as delivered, as far as whose they are goes? At most five queries."""
    return may_handle(person, owner_now(batch), batch.data_class)


def grounds_of(keys: Iterable[str]) -> dict[str, tuple[int | None, str]]:
    """Whose records of which class each of these batches holds; published ones are left out.

    One query, and two more for each sender whose agency was not known when it came.
    """
    held = list(Batch.objects.filter(key__in=list(keys)).exclude(data_class="").defer("quality"))
    by_sender: dict[tuple[str, str], int | None] = {}
    for batch in held:
        if batch.owner_id is None and (batch.source, batch.publisher_name) not in by_sender:
            by_sender[batch.source, batch.publisher_name] = owner_now(batch)
    return {
        batch.key: (batch.owner_id or by_sender.get((batch.source, batch.publisher_name)), batch.data_class)
        for batch in held
    }


def owner_now(batch: Batch) -> int | None:
    """The agency the batch belongs to; where none was known when it came, the one that fits today."""
    if batch.owner_id is not None or not batch.data_class:
        return batch.owner_id
    known = list(agencies.agencies().values_list("pk", "name", "kind"))
    kind = words_of(batch.source).kind
    fitting = rules.owner_among(known, publisher_name=batch.publisher_name, kind=kind, own=())
    return fitting[0] if fitting else None
