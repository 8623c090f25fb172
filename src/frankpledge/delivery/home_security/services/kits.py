"""Named writes of the register of marking kits, and the look-up of a recovered code, which is always recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import KitQuestion, MarkingKit, Visit
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH, WORD_LENGTH
from frankpledge.delivery.home_security.rules import crew as codes
from frankpledge.delivery.home_security.rules import kits as rules
from frankpledge.delivery.home_security.rules.kits import Confirmed
from frankpledge.delivery.home_security.selectors import kits as selectors
from frankpledge.delivery.home_security.services import limits
from frankpledge.delivery.home_security.services.writing import altered
from frankpledge.delivery.home_security.vocabulary import KitAnswer, KitFate
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.premises import Premises

REGISTER = "homes:kits"
DATABASE = "national property-marking database"
AT_ONCE = 1_000


# -- the national database --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ExportRow:
    """What the national database needs of one kit. ``sent_before``: when it was last sent, if it was."""

    code: str
    brand: str
    issued_on: date
    address: str
    postcode: str
    sent_before: datetime | None


@transaction.atomic
def export_unregistered(*, again: bool = False, by: Actor) -> list[ExportRow]:
    """The kits to register, and note that they were sent. ``again``: also those sent before and not confirmed yet.

    Raises RuleBroken where there is nothing to send.
    """
    permissions.check_can_edit(by)
    wanted = selectors.unregistered().select_for_update()
    kits = list(wanted if again else wanted.filter(exported_at__isnull=True))
    if not kits:
        raise RuleBroken("No code waits to be sent. Choose to send those again that were sent before, if any are left.")
    homes = places.premises_of(kit.uprn for kit in kits)
    rows = [_row(kit, homes) for kit in kits]
    now = timezone.now()
    MarkingKit.objects.filter(pk__in=[kit.pk for kit in kits]).update(exported_at=now)
    before = sum(row.sent_before is not None for row in rows)
    audit.record(
        act=Act.DISCLOSURE,
        what=f"sent {len(rows)} kit codes with their homes to be registered, {before} of them sent before",
        subject=REGISTER,
        by=by,
        purpose="registering marking kits, so that found property leads to its home",
        recipient=DATABASE,
        details={"codes": len(rows), "sent before": before},
    )
    return rows


def _row(kit: MarkingKit, homes: Mapping[str, Premises]) -> ExportRow:
    assert kit.issued_on is not None
    home = homes.get(kit.uprn)
    visit = kit.visit if home is None else None
    request = visit.request if visit else None
    address = home.address if home else request.address if request else f"UPRN {kit.uprn}"
    postcode = home.postcode if home else request.postcode if request else ""
    return ExportRow(codes.spaced_code(kit.code), kit.brand, kit.issued_on, address, postcode, kit.exported_at)


@transaction.atomic
def confirm(text: str, *, on: date, by: Actor) -> Confirmed:
    """Take a confirmation of the national database: a paste or the text of a file. Every row is told apart, none lost.

    ``on``: the day it registered them. Raises DataProblem for a text without codes or a day that lies ahead.
    """
    permissions.check_can_edit(by)
    if on > timezone.localdate():
        raise DataProblem("The day lies ahead. Enter the day on which the codes were registered.")
    rows = rules.rows_of(text)
    found = rules.confirmation(rows, selectors.held(rows))
    for start in range(0, len(found.confirmed), AT_ONCE):
        part = found.confirmed[start : start + AT_ONCE]
        MarkingKit.objects.filter(code__in=part).update(registered_on=on)
    audit.record(
        act=Act.ALTERATION,
        what=f"took a confirmation of {found.read} kit codes",
        subject=REGISTER,
        by=by,
        details={"confirmed": len(found.confirmed), "already": len(found.already), "not ours": len(found.not_ours)},
    )
    return found


@transaction.atomic
def take_out(code: str, *, because: KitFate, by: Actor) -> MarkingKit:
    """A kit was damaged or lost: its code is out of use, and a look-up of it leads to nobody any more."""
    permissions.check_can_edit(by)
    plain = codes.plain_code(code)
    found = MarkingKit.objects.select_for_update().filter(code=plain).first()
    if found is None and not codes.is_well_formed(plain):
        raise DataProblem("This cannot be a kit’s code. Read it once more: O and 0 mean the same, gaps do not matter.")
    if found is None:
        raise DataProblem("No kit of ours has this code.")
    if found.gone_on is not None:
        raise RuleBroken(f"This code has been out of use since {found.gone_on:%-d %B %Y} ({found.gone_because}).")
    _out(found, because)
    altered(f"took a kit’s code out of use: {because.value}", f"kit {found.pk}", by)
    return found


def _out(kit: MarkingKit, because: KitFate) -> None:
    kit.gone_on, kit.gone_because = timezone.localdate(), because
    kit.save(update_fields=["gone_on", "gone_because"])


# -- questions --------------------------------------------------------------------------------------------------------


def ask_about(visit: Visit, written: str, kit: MarkingKit | None) -> None:
    """Keep a code that a crew gave to a home and that cannot be taken as it is, until a person has settled it.

    For the service that takes crews' reports, in its transaction.
    """
    KitQuestion.objects.get_or_create(
        visit=visit,
        written=storable(written)[:WORD_LENGTH],
        settled_at=None,
        defaults={"uprn": visit.uprn, "kit": kit, "asked_at": timezone.now()},
    )


@transaction.atomic
def note_look_at_question(question: KitQuestion, *, by: Actor) -> None:
    """Record that somebody saw the homes a code names."""
    audit.record(
        act=Act.CONSULTATION, what="looked at the homes of a kit’s code", subject=f"{REGISTER} {question.pk}", by=by
    )


@transaction.atomic
def settle(question: KitQuestion, *, answer: KitAnswer, code: str = "", by: Actor) -> KitQuestion:
    """Settle whose a code is. ``code``: the code as it was read again (only with READ).

    Raises RuleBroken if it is settled already or the answer does not fit, DataProblem for a code that cannot be.
    """
    permissions.check_can_edit(by)
    held = KitQuestion.objects.select_for_update(of=("self",)).select_related("visit").get(pk=question.pk)
    if held.settled_at is not None:
        raise RuleBroken(f"This is settled already: {held.answer}.")
    two_homes = (KitAnswer.FIRST, KitAnswer.SECOND, KitAnswer.NEITHER)
    if (held.kit_id is not None) != (answer in two_homes):
        raise RuleBroken("Choose one of the answers that fit this code.")
    kit = MarkingKit.objects.select_for_update().get(pk=held.kit_id) if held.kit_id else None
    if kit is not None and answer is KitAnswer.SECOND:
        _give(kit, held)
    elif kit is not None and answer is KitAnswer.NEITHER:
        _out(kit, KitFate.TWO_HOMES)
    elif answer is KitAnswer.READ:
        _give(_read_again(code, held), held)
    held.answer, held.settled_at, held.settled_by_name = answer, timezone.now(), storable(by.name)[:NAME_LENGTH]
    held.save(update_fields=["answer", "settled_at", "settled_by_name"])
    audit.record(
        act=Act.ALTERATION,
        what=f"settled a question about a kit’s code: {answer.value}",
        subject=f"{REGISTER} {held.pk}",
        by=by,
        details={"visit": held.visit_id},
    )
    return held


def _read_again(code: str, question: KitQuestion) -> MarkingKit:
    plain = codes.plain_code(code)
    if not codes.is_well_formed(plain):
        raise DataProblem("This cannot be a kit’s code either: its last sign does not fit the others. Read it again.")
    kit = MarkingKit.objects.select_for_update().filter(code=plain).first()
    if kit is not None and (kit.gone_on or kit.uprn not in ("", question.uprn)):
        raise DataProblem("Another home has this code, or it is out of use. Ask the resident to read it once more.")
    return kit or MarkingKit(code=plain, brand=brand())


def _give(kit: MarkingKit, question: KitQuestion) -> None:
    """The kit is the home's of this question. What the national database knew of it names another home now."""
    visit = question.visit
    kit.uprn, kit.visit = question.uprn, visit
    kit.issued_on = timezone.localdate(visit.finished_at) if visit.finished_at else visit.day
    kit.exported_at = kit.registered_on = kit.gone_on = None
    kit.gone_because = ""
    kit.save()


def brand() -> str:
    """What the kits of this programme are called: the catalogue's word."""
    return selectors.brand() or "Property-marking kit"


# -- a recovered code -------------------------------------------------------------------------------------------------


class Found(StrEnum):
    """What a look-up answers."""

    HOME = "a home has it"
    NOBODY = "no home has it"
    GONE = "out of use"
    IN_DOUBT = "two homes were given it"
    UNKNOWN = "no kit of ours"
    NOT_A_CODE = "cannot be a code"


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The answer to a look-up. An address only where exactly one home has the code; nothing that comes near it."""

    found: Found
    code: str
    address: str = ""
    postcode: str = ""
    issued_on: date | None = None
    is_registered: bool = False


def look_up(code: str, *, reason: str, by: Actor) -> LookedUp:
    """Whose a recovered kit is. Recorded with the reason in the same transaction, whether it is found or not.

    Raises DataProblem without a reason, RuleBroken for more than 20 look-ups in an hour: the register cannot be walked.
    """
    permissions.check(by, Permission.LOOK_UP_KITS)
    why = rules.check_reason(storable(reason))[:NAME_LENGTH]
    if not limits.allowed("kit look-up", str(by.id or by.name), rules.LOOK_UPS_AN_HOUR):
        _record_look_up("was asked to wait before another look-up of a kit’s code", why, {}, by)
        raise RuleBroken(
            f"You have looked up {rules.LOOK_UPS_AN_HOUR} codes within the hour, which is as many as one person may. "
            "Try again in an hour. If you have a box of recovered items, ask the coordinator: they may help at once."
        )
    return _look_up(code, why, by)


@transaction.atomic
def _look_up(code: str, why: str, by: Actor) -> LookedUp:
    plain = codes.plain_code(storable(code))[:WORD_LENGTH]
    answer = _answer(plain)
    details = {"code": plain, "found": answer.found.value}
    _record_look_up("looked up the code of a recovered kit", why, details, by)
    return answer


@transaction.atomic
def _record_look_up(what: str, why: str, details: dict[str, str], by: Actor) -> None:
    audit.record(act=Act.CONSULTATION, what=what, subject=REGISTER, by=by, purpose=why, details=details)


def _answer(plain: str) -> LookedUp:
    kit = selectors.kit(plain)
    if kit is None:
        return LookedUp(Found.UNKNOWN if codes.is_well_formed(plain) else Found.NOT_A_CODE, plain)
    if kit.gone_on is not None:
        return LookedUp(Found.GONE, plain)
    if not kit.uprn:
        return LookedUp(Found.NOBODY, plain)
    if selectors.is_in_doubt(kit):
        return LookedUp(Found.IN_DOUBT, plain)
    row = _row(kit, places.premises_of([kit.uprn]))
    return LookedUp(Found.HOME, plain, row.address, row.postcode, kit.issued_on, kit.registered_on is not None)


# -- taking over a register kept elsewhere ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KnownKit:
    """A kit as an earlier register has it. ``wait_days`` until it was registered; None: not yet."""

    code: str
    uprn: str
    issued_on: date
    wait_days: int | None
    was_sent: bool = False


@transaction.atomic
def take_over_kits(known: Sequence[KnownKit], *, by: Actor) -> int:
    """Take over kits of a register kept elsewhere. Codes that are here already stay as they are. Returns how many."""
    permissions.check_can_edit(by)
    for one in known:
        if not codes.is_well_formed(one.code):
            raise DataProblem(f"{one.code} cannot be a kit’s code: its last sign does not fit the others.")
    here = selectors.held([one.code for one in known])
    name = brand()
    new = [_taken_over(one, name) for one in known if codes.plain_code(one.code) not in here]
    MarkingKit.objects.bulk_create(new, batch_size=AT_ONCE)
    audit.record(act=Act.COLLECTION, what=f"took over {len(new)} kits of an earlier register", subject=REGISTER, by=by)
    return len(new)


def _taken_over(one: KnownKit, name: str) -> MarkingKit:
    registered = None if one.wait_days is None else one.issued_on + timedelta(days=one.wait_days)
    sent = datetime.combine(one.issued_on + timedelta(days=7), datetime.min.time(), codes.LONDON)
    return MarkingKit(
        code=codes.plain_code(one.code),
        brand=name,
        uprn=one.uprn,
        issued_on=one.issued_on,
        registered_on=registered,
        exported_at=min(sent, timezone.now()) if one.was_sent or registered else None,
    )
