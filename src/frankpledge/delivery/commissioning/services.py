"""Named writes of bought services: agreements, their outputs, monitoring returns and payments."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.commissioning import permissions, rules, selectors
from frankpledge.delivery.commissioning.models import NAME, SENTENCE, Agreement, Instalment, Output, Return, ReturnLine
from frankpledge.delivery.commissioning.rules import Quarter
from frankpledge.delivery.commissioning.vocabulary import Counted, PaidHow, Purpose
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.figures import Polarity

LONGEST = 4_000
_TERMS = ("first_on", "last_on", "amount", "paid_how")


class ChangedMeanwhile(RuleBroken):
    """Somebody else saved first. ``current`` is what stands there now."""

    def __init__(self, current: Agreement | Return) -> None:
        super().__init__(
            "Somebody saved this while you were writing. What you wrote is still here: compare the two and save again."
        )
        self.current = current


@transaction.atomic
def add_agreement(
    *,
    provider: str,
    title: str,
    purpose: Purpose | str,
    what: str,
    first_on: date,
    last_on: date,
    amount: Decimal | None,
    paid_how: PaidHow | str,
    return_days: int = 20,
    money_line: str = "",
    by: Actor,
) -> Agreement:
    """Write down an agreement and lay out its payments. ``amount``: pounds, None to be confirmed: then nothing is due.

    ``return_days``: days after a quarter by which its return is due. ``money_line``: a line of the plan's expenditure.
    Raises RuleBroken for what is missing or cannot be.
    """
    given = {name: value for name, value in locals().items() if name != "by"}
    permissions.check_can_edit(by)
    made = Agreement.objects.create(**_checked(given), made_at=timezone.now(), made_by_name=storable(by.name)[:NAME])
    _lay_out(made)
    _record(Act.COLLECTION, "added a service-level agreement", made, by)
    return made


@transaction.atomic
def change_agreement(of: Agreement, *, version: int, by: Actor, **changes: Any) -> Agreement:
    """Change what an agreement says. Payments that were not made are laid out again where its terms change.

    Raises ChangedMeanwhile unless ``version`` is the last one, RuleBroken where returns or payments speak against it.
    """
    permissions.check_can_edit(by)
    held = _locked(of)
    if held.version != version:
        raise ChangedMeanwhile(held)
    names = [field for field in _FIELDS if field in changes]
    fields = _checked({field: getattr(held, field) for field in _FIELDS} | {name: changes[name] for name in names})
    changed = [name for name, value in fields.items() if getattr(held, name) != value]
    for name in changed:
        setattr(held, name, fields[name])
    span = rules.quarters(held.first_on, held.last_on)
    if any(one.quarter not in span for one in held.returns.all()):
        raise RuleBroken("A return is in for a quarter outside these days. An agreement cannot leave it out.")
    if set(changed) & set(_TERMS):
        _lay_out(held)
    _bump(held)
    _record(Act.ALTERATION, "changed a service-level agreement", held, by, {"changed": changed})
    return held


@transaction.atomic
def add_output(
    of: Agreement,
    *,
    name: str,
    unit: str,
    counted: Counted | str = Counted.NUMBER,
    target: Decimal | None,
    polarity: Polarity | str = Polarity.MORE_IS_GOOD,
    by: Actor,
) -> Output:
    """Something to be delivered in each quarter. ``target``: a number, or per cent of a share; None to be confirmed."""
    permissions.check_can_edit(by)
    held = _locked(of)
    fields = _output_fields(name=name, unit=unit, counted=counted, target=target, polarity=polarity)
    others = list(held.outputs.all())
    _refuse_same_name(others, fields["name"])
    if len(others) >= rules.MOST_OUTPUTS:
        raise RuleBroken(f"An agreement has {rules.MOST_OUTPUTS} outputs at most. Ask for fewer numbers.")
    made = Output.objects.create(agreement=held, **fields, order=len(others) + 1)
    _bump(held)
    _record(Act.COLLECTION, "added an output to a service-level agreement", held, by, {"output": made.pk})
    return made


@transaction.atomic
def change_output(
    output: Output,
    *,
    version: int,
    name: str,
    unit: str,
    counted: Counted | str,
    target: Decimal | None,
    polarity: Polarity | str,
    by: Actor,
) -> Output:
    """Change an output; ``version`` is its agreement's. How it is counted stays once a return has told of it."""
    permissions.check_can_edit(by)
    held = _locked(output.agreement)
    if held.version != version:
        raise ChangedMeanwhile(held)
    fields = _output_fields(name=name, unit=unit, counted=counted, target=target, polarity=polarity)
    _refuse_same_name([one for one in held.outputs.all() if one.pk != output.pk], fields["name"])
    current = Output.objects.get(pk=output.pk)
    if fields["counted"] != current.counted and current.lines.exists():
        raise RuleBroken("Returns have told of this output as it is counted now. Add a new output instead.")
    for field, value in fields.items():
        setattr(current, field, value)
    current.save()
    _bump(held)
    _record(Act.ALTERATION, "changed an output of a service-level agreement", held, by, {"output": current.pk})
    return current


@transaction.atomic
def keep_return(
    of: Agreement,
    *,
    quarter: Quarter,
    told: Mapping[int, rules.Told],
    received_on: date,
    note: str = "",
    seen: int = 0,
    by: Actor,
) -> Return:
    """Write down a quarter's return, or correct it. ``told``: by key of the output; one left out is to be confirmed.

    ``seen``: the version of the return that was before the person, nought where none was. Raises ChangedMeanwhile if
    somebody else wrote one since, RuleBroken for a quarter that is not over or a number that cannot be.
    """
    permissions.check_can_edit(by)
    held = _locked(of)
    outputs = {one.pk: one for one in held.outputs.all()}
    for key, one in told.items():
        if key not in outputs:
            raise RuleBroken("One of these outputs is not of this agreement.")
        rules.check_told(one, outputs[key].counted)
    return _keep(held, quarter, dict(told), received_on, _words(note, LONGEST), seen, by, refused=[])


@transaction.atomic
def take_form(
    of: Agreement, *, quarter: Quarter, text: str, received_on: date, seen: int = 0, by: Actor
) -> tuple[Return, rules.FilledIn]:
    """Take a filled-in form: every row is stored or kept as refused with its reason. Raises DataProblem for no form.

    Outputs the form does not name keep what an earlier return told of them.
    """
    permissions.check_can_edit(by)
    held = _locked(of)
    outputs = {one.name: one for one in held.outputs.all()}
    found = rules.read_form(
        storable(text), asked=asked_outputs(held, quarter), reference=held.reference, quarter=quarter
    )
    if not found.rows:
        raise RuleBroken("The form has a heading but no row under it.")
    before = selectors.return_of(held, quarter)
    told = {line.output_id: rules.Told(line.delivered, line.of_how_many, line.note) for line in _lines(before)}
    told |= {outputs[name].pk: one for name, one in found.taken.items()}
    refused = [{"row": one.row, "text": one.text, "reason": one.reason} for one in found.refused]
    kept = _keep(held, quarter, told, received_on, before.note if before else "", seen, by, refused=refused)
    return kept, found


def asked_outputs(of: Agreement, quarter: Quarter) -> list[rules.AskedOutput]:
    """The lines of a quarter's return form. One query, or none where the outputs were fetched."""
    months = rules.months_in(quarter, of.first_on, of.last_on)
    return [
        rules.AskedOutput(one.name, one.unit, one.counted, rules.agreed_for(one.target, one.counted, months))
        for one in of.outputs.all()
    ]


@transaction.atomic
def pay(due: Instalment, *, paid: Decimal, paid_on: date, note: str = "", by: Actor) -> Instalment:
    """Write down that a payment of the schedule was made. Another sum than was due needs a note that says why."""
    permissions.check_can_edit(by)
    agreement = _locked(due.agreement)
    held = Instalment.objects.filter(pk=due.pk, agreement=agreement).first()
    if held is None:
        raise RuleBroken("The schedule was laid out again meanwhile. Look at it and pay what is due now.")
    if held.paid_on is not None:
        raise RuleBroken("This payment is written down already. No pound is counted twice.")
    if not 0 < paid < rules.MOST:
        raise RuleBroken("What was paid is pounds, above nought.")
    if paid_on > timezone.localdate():
        raise RuleBroken("A payment is written down once it was made: its day cannot lie ahead.")
    said = _words(note, SENTENCE)
    if paid != held.amount and not said:
        raise RuleBroken(f"£{held.amount:,.2f} was due. Say in the note why another sum was paid.")
    held.paid, held.paid_on, held.note = paid, paid_on, said
    held.save()
    details = {"instalment": held.pk, "pounds": str(paid)}
    _record(Act.ALTERATION, "wrote down a payment for a bought service", agreement, by, details)
    return held


@transaction.atomic
def take_back_payment(due: Instalment, *, because: str, by: Actor) -> Instalment:
    """A payment was written down in error: it is due again."""
    permissions.check_can_edit(by)
    agreement = _locked(due.agreement)
    held = Instalment.objects.get(pk=due.pk)
    said = _words(because, SENTENCE)
    if held.paid_on is None:
        raise RuleBroken("No payment is written down here.")
    if not said:
        raise RuleBroken("Say why the payment is taken back.")
    details = {"instalment": held.pk, "pounds": str(held.paid), "paid on": held.paid_on.isoformat()}
    held.paid, held.paid_on, held.note = None, None, said
    held.save()
    _record(Act.ALTERATION, "took back a payment for a bought service", agreement, by, details)
    return held


# --- parts


_LENGTHS = {"provider": NAME, "title": NAME, "what": LONGEST, "money_line": NAME}
_FIELDS = (*_LENGTHS, "purpose", *_TERMS, "return_days")
_ASKS = {
    "provider": "Say who provides the service.",
    "title": "Give the agreement a short title.",
    "what": "Say what the provider is to do.",
}


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {name: _words(str(given[name]), length) for name, length in _LENGTHS.items()}
    for name, ask in _ASKS.items():
        if not fields[name]:
            raise RuleBroken(ask)
    amount = given["amount"]
    rules.check_agreement(
        first_on=given["first_on"], last_on=given["last_on"], amount=amount, return_days=given["return_days"]
    )
    fields |= {name: given[name] for name in ("first_on", "last_on", "return_days")}
    fields["amount"] = None if amount is None else amount.quantize(rules.PENNY)
    return fields | {"purpose": Purpose(given["purpose"]).value, "paid_how": PaidHow(given["paid_how"]).value}


def _output_fields(*, name: str, unit: str, counted: str, target: Decimal | None, polarity: str) -> dict[str, Any]:
    said, of_what = _words(name, NAME), _words(unit, 60)
    if not said or not of_what:
        raise RuleBroken("Say what the output is and what it is counted in, such as visits or people.")
    if target is not None and not 0 <= target < rules.MOST:
        raise RuleBroken("What is agreed for a quarter is a number, nought or more.")
    if target is not None and counted == Counted.SHARE and target > 100:
        raise RuleBroken("A share is at most 100 per cent.")
    exact = None if target is None else target.quantize(rules.PENNY)
    return {
        "name": said,
        "unit": of_what,
        "counted": Counted(counted).value,
        "target": exact,
        "polarity": Polarity(polarity).value,
    }


def _refuse_same_name(others: list[Output], name: str) -> None:
    if any(one.name.casefold() == name.casefold() for one in others):
        raise RuleBroken(f"“{name}” is an output of this agreement already.")


def _keep(
    held: Agreement,
    quarter: Quarter,
    told: Mapping[int, rules.Told],
    received_on: date,
    note: str,
    seen: int,
    by: Actor,
    *,
    refused: list[dict[str, Any]],
) -> Return:
    _check_quarter(held, quarter, received_on)
    before = selectors.return_of(held, quarter)
    if (before.version if before else 0) != seen:
        raise ChangedMeanwhile(before or held)
    kept, _made = Return.objects.update_or_create(
        agreement=held,
        year=quarter.year,
        number=quarter.number,
        defaults={
            "received_on": received_on,
            "note": note,
            "refused": refused,
            "version": seen + 1,
            "written_at": timezone.now(),
            "written_by_name": storable(by.name)[:NAME],
        },
    )
    ReturnLine.objects.filter(told_in=kept).delete()
    ReturnLine.objects.bulk_create(
        ReturnLine(
            told_in=kept,
            output_id=key,
            delivered=one.delivered,
            of_how_many=one.of_how_many,
            note=_words(one.note, SENTENCE),
        )
        for key, one in told.items()
    )
    act, what = (Act.ALTERATION, "corrected") if before else (Act.COLLECTION, "wrote down")
    details = {
        "quarter": quarter.label,
        "version": kept.version,
        "rows refused": len(refused),
        "delivered": {str(key): None if one.delivered is None else str(one.delivered) for key, one in told.items()},
    }
    _record(act, f"{what} a monitoring return of a bought service", held, by, details)
    return kept


def _check_quarter(held: Agreement, quarter: Quarter, received_on: date) -> None:
    if quarter not in rules.quarters(held.first_on, held.last_on):
        raise RuleBroken(f"The agreement does not run in {quarter.label}.")
    today, ends = timezone.localdate(), min(quarter.last_day, held.last_on)
    if ends >= today:
        raise RuleBroken(f"{quarter.label} is not over yet: its return is written down once the quarter has ended.")
    if not ends < received_on <= today:
        raise RuleBroken("The day a return came lies after its quarter and not in the future.")


def _lines(of: Return | None) -> list[ReturnLine]:
    return list(of.lines.all()) if of else []


def _lay_out(held: Agreement) -> None:
    """Lay out the payments that were not made."""
    paid = [one for one in held.instalments.all() if one.paid is not None]
    held.instalments.filter(paid_on__isnull=True).delete()
    if held.amount is None:
        return
    due = rules.reschedule(
        held.amount,
        held.paid_how,
        held.first_on,
        held.last_on,
        paid=sum((one.paid for one in paid if one.paid is not None), Decimal(0)),
        paid_until=max((one.pays_until for one in paid), default=None),
    )
    Instalment.objects.bulk_create(
        Instalment(agreement=held, due_on=one.due_on, amount=one.amount, pays_until=one.pays_until)
        for one in due
        if one.amount
    )


def _locked(of: Agreement) -> Agreement:
    return Agreement.objects.select_for_update().get(pk=of.pk)


def _bump(held: Agreement) -> None:
    held.version += 1
    held.save()


def _words(text: str, length: int) -> str:
    said = storable(text).strip()
    if len(said) > length:
        raise RuleBroken(f"Say it in {length:,} characters or fewer: “{said[:40]}…” has {len(said):,}.")
    return said


def _record(act: Act, what: str, of: Agreement, by: Actor, details: Mapping[str, Any] | None = None) -> None:
    audit.record(act=act, what=what, subject=f"commissioning:{of.reference}", by=by, details=details)
