"""Named writes of alley-gating schemes."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.area_schemes import permissions
from frankpledge.delivery.area_schemes.models import AlleyConsent, AlleyCost, AlleyScheme, GateInspection
from frankpledge.delivery.area_schemes.models.columns import CODE_LENGTH, TEXT_LENGTH, WORD_LENGTH
from frankpledge.delivery.area_schemes.models.gates import USUAL_SHARE
from frankpledge.delivery.area_schemes.rules import gates as rules
from frankpledge.delivery.area_schemes.selectors import gates as selectors
from frankpledge.delivery.area_schemes.services.writing import line, needed, note
from frankpledge.delivery.area_schemes.vocabulary import ConsentState, SaidBy, SchemeState
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken

MOST_HOMES = 500  # of one scheme
SHOWN_UNKNOWN = 5


@transaction.atomic
def propose(
    *,
    name: str,
    place: str,
    ward: str = "",
    gates: int = 1,
    needed_percent: int = USUAL_SHARE,
    proposed_on: date | None = None,
    by: Actor,
) -> AlleyScheme:
    """Propose gates across an alley. Raises DataProblem for a name that is taken or a share that is none."""
    permissions.check_can_edit(by)
    title = needed(name, "Give the scheme a name.")
    if AlleyScheme.objects.filter(name=title).exists():
        raise DataProblem(f"There is a scheme called “{title}” already.", remedy="Give this one another name.")
    if not 1 <= needed_percent <= 100:
        raise DataProblem("The share that must agree is between 1 and 100 per cent.")
    if gates < 1:
        raise DataProblem("A scheme has one gate or more.")
    made = AlleyScheme.objects.create(
        name=title,
        place=needed(place, "Say which alley it is."),
        ward=line(ward, CODE_LENGTH),
        gates=gates,
        needed_percent=needed_percent,
        proposed_on=proposed_on or timezone.localdate(),
    )
    note("proposed alley gates", _subject(made), by, gates=gates, needed_percent=needed_percent)
    return made


@transaction.atomic
def change(
    scheme: AlleyScheme, *, gates: int, needed_percent: int, legal_order: str, legal_order_on: date | None, by: Actor
) -> AlleyScheme:
    """Change the number of gates, the share that must agree, or the legal order. The share only before it is agreed."""
    permissions.check_can_edit(by)
    held = _held(scheme)
    if needed_percent != held.needed_percent and held.state != SchemeState.PROPOSED:
        raise RuleBroken("The share that must agree was fixed when the scheme was agreed.")
    if bool(line(legal_order)) != (legal_order_on is not None):
        raise DataProblem("A legal order has words and a date: enter both, or neither.")
    before = {"gates": held.gates, "needed_percent": held.needed_percent, "order": held.legal_order}
    held.gates, held.needed_percent = gates, needed_percent
    held.legal_order, held.legal_order_on = line(legal_order), legal_order_on
    held.save()
    after = {"gates": gates, "needed_percent": needed_percent, "order": held.legal_order}
    note("changed an alley-gating scheme", _subject(held), by, before=before, after=after)
    return held


@transaction.atomic
def add_homes(scheme: AlleyScheme, *, uprns: Iterable[str], closed_off: bool = True, by: Actor) -> int:
    """Add homes of the address list to a scheme; returns how many are new. All of them or, with DataProblem, none."""
    permissions.check_can_edit(by)
    held = _held(scheme)
    if not SchemeState(held.state).is_open:
        raise RuleBroken(f"The scheme is {held.state}: its homes do not change any more.")
    wanted = list(dict.fromkeys(uprns))
    if not wanted:
        raise DataProblem("Choose at least one home.")
    known = places.premises_of(wanted)
    if unknown := [uprn for uprn in wanted if uprn not in known]:
        named = ", ".join(uprn[:20] for uprn in unknown[:SHOWN_UNKNOWN])
        raise DataProblem(f"{len(unknown)} of these are not in the address list: {named}.", remedy="Nothing was added.")
    there = set(held.consents.values_list("uprn", flat=True))
    new = [uprn for uprn in wanted if uprn not in there]
    if len(there) + len(new) > MOST_HOMES:
        raise DataProblem(f"A scheme has at most {MOST_HOMES} homes.", remedy="Make two schemes of it.")
    AlleyConsent.objects.bulk_create(AlleyConsent(scheme=held, uprn=uprn, closed_off=closed_off) for uprn in new)
    note("added homes to an alley-gating scheme", _subject(held), by, added=len(new), homes=len(there) + len(new))
    return len(new)


@transaction.atomic
def take_out(consent: AlleyConsent, *, by: Actor) -> None:
    """Take a home out that was added by mistake. One that was asked stays: what it said is kept."""
    permissions.check_can_edit(by)
    held = AlleyConsent.objects.select_for_update().select_related("scheme").get(pk=consent.pk)
    if held.state != ConsentState.NOT_ASKED:
        raise RuleBroken("This home was asked already. What it said is kept, so it stays.")
    note("took a home out of an alley-gating scheme", _subject(held.scheme), by, home=held.pk)
    held.delete()


@transaction.atomic
def note_consent(
    consent: AlleyConsent,
    *,
    state: ConsentState,
    on: date,
    said_by: SaidBy = SaidBy.NOT_SAID,
    closed_off: bool = True,
    because: str = "",
    by: Actor,
) -> AlleyConsent:
    """Write down that a home was asked, or what it answered. What it said before stays in the audit trail."""
    permissions.check_can_edit(by)
    held = AlleyConsent.objects.select_for_update().select_related("scheme").get(pk=consent.pk)
    if not SchemeState(held.scheme.state).is_open:
        raise RuleBroken(f"The scheme is {held.scheme.state}: answers are no longer taken.")
    if on > timezone.localdate():
        raise DataProblem("That day lies ahead. Enter the day they were asked or answered.")
    if state.is_answer and said_by is SaidBy.NOT_SAID:
        raise DataProblem("Say who spoke for the home.")
    before = held.state
    held.state, held.on, held.said_by, held.closed_off = state.value, on, said_by.value, closed_off
    held.because, held.by_name = line(because), line(by.name)
    held.save()
    note(
        "wrote down what a home says of alley gates", _subject(held.scheme), by,
        home=held.pk, before=before, after=state.value, on=on.isoformat(), said_by=said_by.value,
    )  # fmt: skip
    return held


@transaction.atomic
def set_cost(
    scheme: AlleyScheme,
    *,
    what: str,
    estimate: Decimal | None,
    spent: Decimal | None = None,
    cost: AlleyCost | None = None,
    by: Actor,
) -> AlleyCost:
    """Add a cost, or change ``cost``. An ``estimate`` of None is to be confirmed, ``spent`` of None not paid yet."""
    permissions.check_can_edit(by)
    for value in (estimate, spent):
        if value is not None and value < 0:
            raise DataProblem("A cost is nought or more.")
    held = AlleyCost(scheme=_held(scheme)) if cost is None else AlleyCost.objects.select_for_update().get(pk=cost.pk)
    before = [str(held.estimate), str(held.spent)]
    held.what, held.estimate, held.spent = needed(what, "Say what it pays for."), estimate, spent
    held.save()
    after = [str(estimate), str(spent)]
    note("wrote down a cost of alley gates", _subject(scheme), by, cost=held.pk, before=before, after=after)
    return held


@transaction.atomic
def agree(scheme: AlleyScheme, *, on: date, despite: str = "", by: Actor) -> AlleyScheme:
    """Decide that gates go ahead. Raises RuleBroken, with the reason, unless the homes carry it."""
    held = _moving(scheme, SchemeState.AGREED, on, by)
    counted, met = selectors.standing_of(held), line(despite, TEXT_LENGTH)
    rules.check_agreed(counted, met)
    held.state, held.agreed_on, held.agreed_despite = SchemeState.AGREED.value, on, met
    held.save()
    note("agreed to alley gates", _subject(held), by, given=counted.given, homes=counted.homes, against=counted.blocked)
    return held


@transaction.atomic
def build(scheme: AlleyScheme, *, on: date, inspect_on: date | None = None, by: Actor) -> AlleyScheme:
    """The gates stand; they are next looked at on ``inspect_on``, a year later unless given."""
    held = _moving(scheme, SchemeState.BUILT, on, by)
    rules.check_built(held.legal_order, held.legal_order_on)
    next_look = inspect_on or on + rules.INSPECT_EVERY
    if next_look <= on:
        raise DataProblem("The next inspection is after the day the gates were built.")
    held.state, held.built_on, held.inspect_on = SchemeState.BUILT.value, on, next_look
    held.save()
    note("wrote down that alley gates are built", _subject(held), by, on=on.isoformat())
    return held


@transaction.atomic
def drop(scheme: AlleyScheme, *, on: date, because: str, by: Actor) -> AlleyScheme:
    """Give a scheme up, and say why. What was said and spent is kept."""
    held = _moving(scheme, SchemeState.DROPPED, on, by)
    held.state, held.dropped_on = SchemeState.DROPPED.value, on
    held.dropped_because = needed(because, "Say why it is given up.", TEXT_LENGTH)
    held.save()
    note("gave up an alley-gating scheme", _subject(held), by, on=on.isoformat())
    return held


@transaction.atomic
def take_up_again(scheme: AlleyScheme, *, on: date, by: Actor) -> AlleyScheme:
    """Take up a scheme that was dropped: it is proposed again, with all that was said."""
    held = _moving(scheme, SchemeState.PROPOSED, on, by)
    held.state, held.agreed_on, held.dropped_on, held.dropped_because = SchemeState.PROPOSED.value, None, None, ""
    held.save()
    note("took an alley-gating scheme up again", _subject(held), by, on=on.isoformat())
    return held


@transaction.atomic
def inspect(
    scheme: AlleyScheme, *, on: date, is_sound: bool, found: str = "", inspect_on: date, by: Actor
) -> GateInspection:
    """Write down a look at gates that stand, and when the next one is due."""
    permissions.check_can_edit(by)
    held = _held(scheme)
    if held.state != SchemeState.BUILT or held.built_on is None:
        raise RuleBroken("Only gates that stand can be inspected.")
    if on < held.built_on or on > timezone.localdate():
        raise DataProblem("Enter a day between the building of the gates and today.")
    if inspect_on <= on:
        raise DataProblem("The next inspection is after this one.")
    if not is_sound and not line(found):
        raise DataProblem("Say what was found wrong.")
    made = GateInspection.objects.create(
        scheme=held, on=on, is_sound=is_sound, found=line(found, TEXT_LENGTH), by_name=line(by.name, WORD_LENGTH)
    )
    held.inspect_on = inspect_on
    held.save(update_fields=["inspect_on"])
    note("wrote down an inspection of alley gates", _subject(held), by, on=on.isoformat(), sound=is_sound)
    return made


@transaction.atomic
def note_look(scheme: AlleyScheme, *, by: Actor) -> None:
    """Record that somebody saw the addresses of a scheme's homes and what they said."""
    note("looked at the homes of an alley-gating scheme", _subject(scheme), by, act=Act.CONSULTATION)


@transaction.atomic
def note_search(scheme: AlleyScheme, *, found: int, by: Actor) -> None:
    """Record that somebody looked addresses up to choose a scheme's homes."""
    note("looked addresses up for alley gates", _subject(scheme), by, act=Act.CONSULTATION, found=found)


def _moving(scheme: AlleyScheme, to: SchemeState, on: date, by: Actor) -> AlleyScheme:
    permissions.check_can_edit(by)
    held = _held(scheme)
    rules.check_move(SchemeState(held.state), to)
    if on > timezone.localdate():
        raise DataProblem("That day lies ahead. Enter the day it happened.")
    if on < max(day for day in (held.proposed_on, held.agreed_on) if day is not None):
        raise DataProblem("That day lies before the step before it.")
    return held


def _held(scheme: AlleyScheme) -> AlleyScheme:
    return AlleyScheme.objects.select_for_update().get(pk=scheme.pk)


def _subject(scheme: AlleyScheme) -> str:
    return f"gates {scheme.pk}"
