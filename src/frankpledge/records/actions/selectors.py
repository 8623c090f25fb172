"""Named reads of the action register. Rooms above ask here."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from frankpledge.records.actions.models import Action, Entry
from frankpledge.records.actions.vocabulary import ActionState, EntryKind, Worked

LONGEST_NUMBER = 18  # digits: what a row's key can have


def actions(
    *,
    state: ActionState | str | None = None,
    owner_id: int | None = None,
    lead_agency_name: str = "",
    priority_key: str | None = None,
    origin: str = "",
    origin_key: str = "",
    due_by: date | None = None,
    words: str = "",
) -> QuerySet[Action]:
    """Actions, those due first at the top and those without a date last. Each filter left out asks nothing.

    ``priority_key`` "" finds those that serve no priority. ``due_by``: due on that day or before.
    """
    found = Action.objects.order_by(F("due_on").asc(nulls_last=True), "pk")
    wanted = {"state": state, "owner_id": owner_id, "lead_agency_name": lead_agency_name}
    wanted |= {"origin": origin, "origin_key": origin_key}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    if priority_key is not None:
        found = found.filter(priority_key=priority_key)
    if due_by is not None:
        found = found.filter(due_on__lte=due_by)
    if words:
        holds = Q(title__icontains=words) | Q(output__icontains=words) | Q(owner_name__icontains=words)
        found = found.filter(holds | Q(lead_agency_name__icontains=words))
    return found


def action(reference: str) -> Action | None:
    """The action of this reference (``A12``)."""
    digits = reference.strip().upper().removeprefix("A")
    fits = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER
    return Action.objects.filter(pk=int(digits)).first() if fits else None


def history(found: Action) -> list[Entry]:
    """What happened with an action, newest first."""
    return list(found.entries.all())


def open_count(owner_id: int) -> int:
    """How many open actions somebody owns. One query."""
    return Action.objects.filter(owner_id=owner_id, state=ActionState.OPEN).count()


def chased_since(day: date) -> set[int]:
    """Numbers of the actions whose owners were reminded on that day or later. One query."""
    found = Entry.objects.filter(kind=EntryKind.CHASED, at__date__gte=day)
    return set(found.values_list("action_id", flat=True))


def late(today: date) -> QuerySet[Action]:
    """Open actions whose day has passed, the longest late first."""
    return actions(state=ActionState.OPEN).filter(due_on__lt=today)


def awaiting_result(owner_id: int, finished_before: date) -> QuerySet[Action]:
    """Actions somebody finished before that day and has not yet said what came of; newest first."""
    done = actions(state=ActionState.DONE, owner_id=owner_id).filter(worked=Worked.NOT_SAID)
    return done.filter(closed_at__date__lte=finished_before).order_by("-closed_at", "pk")


def what_came(since: date) -> dict[str, int]:
    """How many finished actions worked, did not, or are not known to have, since a day. One query."""
    found = Action.objects.filter(state=ActionState.DONE, closed_at__date__gte=since).order_by()
    return {row["worked"]: row["count"] for row in found.values("worked").annotate(count=Count("pk"))}


def leads() -> list[str]:
    """Names of lead agencies that have actions."""
    named = Action.objects.exclude(lead_agency_name="").order_by("lead_agency_name")
    return list(named.values_list("lead_agency_name", flat=True).distinct())


def by_priority(keys: Iterable[str] | None = None) -> dict[str, list[Action]]:
    """Actions by the priority they serve; those that serve none under "". One query."""
    found = actions() if keys is None else actions().filter(priority_key__in=list(keys))
    grouped: dict[str, list[Action]] = {}
    for item in found:
        grouped.setdefault(item.priority_key, []).append(item)
    return grouped
