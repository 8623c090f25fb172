"""Named writes: an evaluation is asked for, and kept as it was made."""

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
from frankpledge.oversight.evaluation.models import NAME_LENGTH, Evaluation
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem

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
