"""Named writes: an evaluation is asked for and kept as it was made; what a visit after a burglary found is kept too."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.jobs import services as jobs
from frankpledge.oversight.evaluation import permissions
from frankpledge.oversight.evaluation.models import NAME_LENGTH, EntryFinding, Evaluation
from frankpledge.oversight.evaluation.selectors import ProtectedBurglary
from frankpledge.oversight.evaluation.vocabulary import AlarmFound, EntryFloor, EntryRoute
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken

JOB = "evaluate safe homes"
MOST_POUNDS = Decimal("1000000000")


def start(
    *, pounds: Decimal | None, cost_is: str, cash_per_burglary: Decimal | None = None, cash_budget: str = "", by: Actor
) -> int:
    """Ask for an evaluation; the key of its job. Raises DataProblem for a cost that is none or not named."""
    permissions.check_can_evaluate(by)
    if pounds is not None and not 0 < pounds < MOST_POUNDS:
        raise DataProblem("What it cost is a sum of pounds above nought.")
    if pounds is not None and not cost_is.strip():
        raise DataProblem("Say which cost that is, such as “the full budget to March 2027”.")
    if (cash_per_burglary is None) != (not cash_budget.strip()):
        raise DataProblem("Give both what one burglary costs a budget and whose budget that is, or neither.")
    arguments = {
        "pounds": None if pounds is None else str(pounds),
        "cost_is": storable(cost_is).strip()[:NAME_LENGTH],
        "cash_per_burglary": None if cash_per_burglary is None else str(cash_per_burglary),
        "cash_budget": storable(cash_budget).strip()[:NAME_LENGTH],
    }
    return jobs.start(JOB, arguments, by=by).pk


@transaction.atomic
def keep(
    *,
    result: Mapping[str, Any],
    first_on: date,
    last_on: date,
    pounds: Decimal | None,
    cost_is: str,
    job: int | None = None,
    by: Actor,
) -> Evaluation:
    """Keep an evaluation for good. The same job again gives back what it made the first time."""
    permissions.check_can_evaluate(by)
    made = Evaluation.objects.filter(job=job).first() if job is not None else None
    if made is not None:
        return made
    made = Evaluation.objects.create(
        job=job,
        first_on=first_on,
        last_on=last_on,
        pounds=pounds,
        cost_is=cost_is[:NAME_LENGTH],
        result=dict(result),
        made_at=timezone.now(),
        made_by_name=storable(by.name)[:NAME_LENGTH],
    )
    audit.record(
        act=Act.COLLECTION, what="evaluated safe homes", subject=f"evaluation:{made.pk}", by=by,
        details={"first": first_on.isoformat(), "last": last_on.isoformat()},
    )  # fmt: skip
    return made


@transaction.atomic
def write_finding(
    burglary: ProtectedBurglary,
    *,
    visited_on: date,
    alarm: AlarmFound,
    entry: EntryRoute,
    floor: EntryFloor,
    note: str = "",
    version: int = 0,
    by: Actor,
) -> EntryFinding:
    """Write down what was found at the visit after a burglary, or correct it.

    ``version``: of the finding as the writer saw it, 0 for none. Raises DataProblem for a visit before the burglary or
    after today, RuleBroken where somebody else wrote meanwhile, NotPermitted for somebody who may not see the record.
    """
    permissions.check_can_write_finding(by, burglary.batch)
    if not burglary.burgled_on <= visited_on <= timezone.localdate():
        raise DataProblem("The visit was on the day of the burglary or later, and not after today.")
    tidy = storable(note).strip()
    if len(tidy) > NAME_LENGTH:
        raise DataProblem(f"The note may have {NAME_LENGTH} letters.")
    found = EntryFinding.objects.select_for_update().filter(record=burglary.record).first()
    if (found.version if found else 0) != version:
        raise RuleBroken("Somebody else wrote down what was found meanwhile. Look at theirs first, then save yours.")
    found = found or EntryFinding(record=burglary.record[:NAME_LENGTH], version=0)
    found.uprn, found.burgled_on, found.visited_on = burglary.home.uprn, burglary.burgled_on, visited_on
    found.alarm, found.entry, found.floor, found.note = alarm.value, entry.value, floor.value, tidy
    found.version, found.written_at, found.written_by_name = version + 1, timezone.now(), by.name[:NAME_LENGTH]
    found.save()
    audit.record(
        act=Act.ALTERATION if version else Act.COLLECTION,
        what="wrote down what was found after a burglary of a protected home",
        subject=f"evaluation:finding {found.pk}", by=by, details={"version": found.version},
    )  # fmt: skip
    return found


@transaction.atomic
def note_look_at_burglaries(count: int, *, by: Actor) -> None:
    """Record that somebody looked at which protected homes were burgled."""
    audit.record(
        act=Act.CONSULTATION, what=f"looked at {count} burglaries of protected homes", subject="evaluation:burglaries",
        by=by,
    )  # fmt: skip


@transaction.atomic
def note_look_at_burglary(burglary: ProtectedBurglary, *, by: Actor) -> None:
    """Record that somebody looked at one of them."""
    audit.record(
        act=Act.CONSULTATION, what="looked at a burglary of a protected home",
        subject=f"evaluation:burglary {burglary.mark}", by=by,
    )  # fmt: skip
