"""What people do in the explorer: look at events one by one (recorded), start long work, save a view as a figure."""

from datetime import date
from typing import Any

from django.db import transaction

from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.jobs import services as jobs
from frankpledge.oversight.exploring import selectors
from frankpledge.oversight.exploring.asked import Allowed, Asked
from frankpledge.records.indicators import services as indicators
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import CannotCompute, NotPermitted
from frankpledge.vocabulary.questions import Measure, Question

NAME_LENGTH = 200


@transaction.atomic
def record_look(*, found: Asked, what: str, shown: int, by: Actor) -> None:
    """Put on record that somebody looked at events one by one: which question, how many, never what they say."""
    audit.record(
        act=Act.CONSULTATION,
        what=f"looked at {shown} events as {what}",
        subject=f"exploring:{found.source.source}",
        by=by,
        details={"question": found.question.as_dict(), "shown": shown},
    )


def start_near_repeats(*, question: Question, allowed: Allowed, by: Actor) -> int:
    """Begin working near repeats out; the key of the job. CannotCompute where the data cannot bear it."""
    found = selectors.ask(question, allowed)
    selectors.check_near(found)
    return jobs.start(selectors.NEAR_JOB, selectors.near_arguments(found), by=by).pk


def save_figure(*, question: Question, measure: Measure, name: str, allowed: Allowed, by: Actor) -> str:
    """Keep the answer to the question as a figure with its method and batches; its key.

    Raises CannotCompute and DataProblem as ``selectors.answer`` does, and NotPermitted for somebody who may not.
    """
    if by.id is None:
        raise NotPermitted("Sign in first.")
    found = selectors.ask(question, allowed)
    answer = selectors.answer_of(found, measure)
    if answer.value is None or answer.period is None:
        raise CannotCompute(answer.sentence)
    low, high = answer.interval or (None, None)
    last = answer.period.last
    asked = _fixed(found)
    figure = indicators.save_figure(
        name=(name.strip() or str(answer.sentence))[:NAME_LENGTH],
        area_code=answer.area_code,
        area_name=answer.area_name,
        first_on=answer.period.first.first_day,
        last_on=date(last.year, last.month, last.days),
        value=answer.value,
        unit=answer.unit,
        numerator=answer.numerator,
        denominator=answer.denominator,
        denominator_edition=answer.denominator_edition,
        interval_low=low,
        interval_high=high,
        n=answer.n,
        completeness=answer.completeness,
        method=answer.method,
        question=asked,
        measure=measure.value,
        batches=answer.batches,
        by=by,
    )
    return figure.key


def _fixed(found: Asked) -> dict[str, Any]:
    """The question with what was implied said: its area, source and period, so that it means the same tomorrow."""
    said = {"area": found.area.code, "source": found.source.source}
    months = {"first": str(found.period.first), "last": str(found.period.last)}
    return {**found.question.as_dict(), **said, **months}
