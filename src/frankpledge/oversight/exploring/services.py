"""What people do in the explorer: look at events one by one (recorded), start long work, save a view as a figure."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.jobs import services as jobs
from frankpledge.oversight.exploring import selectors
from frankpledge.oversight.exploring.asked import Allowed, Asked
from frankpledge.records.incidents import belonging
from frankpledge.records.indicators import services as indicators
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import CannotCompute, NotPermitted
from frankpledge.vocabulary.periods import MonthSpan
from frankpledge.vocabulary.questions import Answer, Measure, Question

if TYPE_CHECKING:
    from frankpledge.records.indicators.models import Figure, Indicator

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
    figure = keep_answer(
        selectors.answer_of(found, measure), question=_fixed(found), measure=measure.value, name=name, by=by
    )
    return figure.key


def keep_answer(
    answer: Answer,
    *,
    question: Mapping[str, Any],
    measure: str,
    name: str = "",
    span: MonthSpan | None = None,
    indicator: "Indicator | None" = None,
    by: Actor,
) -> "Figure":
    """Make a figure of an answer, with its method and batches. CannotCompute, with the reason, where it has no value.

    ``span``: the months the figure is said of, those of the answer without; ``indicator``: the one it belongs to, whose
    place it is then said of.
    """
    period = span or answer.period
    if answer.value is None or period is None:
        raise CannotCompute(answer.sentence)
    low, high = answer.interval or (None, None)
    return indicators.save_figure(
        name=(name.strip() or str(answer.sentence))[:NAME_LENGTH],
        area_code=(indicator.area_code if indicator else "") or answer.area_code,
        area_name=(indicator.area_name if indicator else "") or answer.area_name,
        first_on=period.first.first_day,
        last_on=period.last.last_day,
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
        question=dict(question),
        measure=measure,
        batches=answer.batches,
        grounds=belonging.grounds_of(answer.batches).values(),
        indicator_id=indicator.pk if indicator else None,
        by=by,
    )


def _fixed(found: Asked) -> dict[str, Any]:
    """The question with what was implied said: its area, source and period, so that it means the same tomorrow."""
    said = {"area": found.area.code, "source": found.source.source}
    months = {"first": str(found.period.first), "last": str(found.period.last)}
    return {**found.question.as_dict(), **said, **months}
