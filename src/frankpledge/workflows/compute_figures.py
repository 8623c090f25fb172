"""Computed indicators are worked out for every period at hand; only what rests on other files than before is new.

For each indicator and period the question of the indicator is asked again with that period's months. The answer rests
on batches; where a figure of the same batches stands already, nothing is done. A newer figure takes the older one's
place, and both can be seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction

from frankpledge.foundation.jobs.registry import JobContext
from frankpledge.oversight.exploring import selectors as exploring
from frankpledge.oversight.exploring.asked import Asked
from frankpledge.oversight.exploring.services import keep_answer
from frankpledge.records.indicators import rules
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.indicators.permissions import Reader
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.figures import Aggregation, Calendar, PeriodLength
from frankpledge.vocabulary.periods import MonthSpan
from frankpledge.vocabulary.questions import Answer, Measure, Question

MOST_REFUSALS = 20
OF_ITS_MONTHS = (Measure.COUNT, Measure.RATE_PER_1000_HOUSEHOLDS, Measure.RATE_PER_1000_RESIDENTS)


@dataclass(slots=True)
class Computed:
    """What was done: figures made, figures that stood already, and why some periods have none."""

    made: list[str] = field(default_factory=list)
    kept: int = 0
    refused: list[str] = field(default_factory=list)


def compute_figures_job(context: JobContext) -> dict[str, Any]:
    """The job "compute figures": see ``compute_figures``."""
    done = compute_figures(by=context.by, progress=context.progress)
    return {"made": len(done.made), "kept": done.kept, "refused": done.refused[:MOST_REFUSALS]}


def compute_figures(*, by: Actor, progress: Callable[[float, str], None] = lambda percent, line: None) -> Computed:
    """Work out every computed indicator for all whole periods its events cover. Doing it again changes nothing."""
    computed = [indicator for indicator in indicators.indicators() if indicator.is_computed]
    series = indicators.series_of([indicator.pk for indicator in computed], reader=Reader.software())
    done = Computed()
    for number, indicator in enumerate(computed):
        progress(100 * number / len(computed), indicator.name)
        known = {(f.first_on, f.last_on): f for f in series.get(indicator.pk, [])}
        try:
            question, spans, found = _asked(indicator)
        except (CannotCompute, DataProblem) as why_not:
            done.refused.append(f"{indicator.name}: {why_not.sentence}")
            continue
        new = []
        for span in spans:
            period = replace(question, first=span.first, last=span.last)
            answer = _answered(indicator, period, span, found, known.get(rules.days_of(span)), done)
            new += [(span, period, answer)] if answer is not None else []
        with transaction.atomic():  # an indicator's series changes as a whole
            for span, period, answer in new:
                kept = keep_answer(
                    answer,
                    question=period.as_dict(),
                    measure=indicator.measure,
                    name=indicator.name,
                    span=span,
                    indicator=indicator,
                    by=by,
                )
                done.made.append(kept.key)
    progress(100, "")
    return done


def _asked(indicator: Any) -> tuple[Question, list[MonthSpan], Asked]:
    """The indicator's question, of the one source that answers it, and all whole periods that source covers."""
    question = Question.from_dict(indicator.question)
    found = exploring.ask(question)
    length, calendar = PeriodLength(indicator.period), Calendar(indicator.calendar)
    spans = list(rules.periods_between(found.span.first, found.span.last, length, calendar))
    if indicator.aggregation == Aggregation.ROLLING_YEAR:
        spans = [year for span in spans if (year := MonthSpan.year_to(span.last)).first >= found.span.first]
    return replace(question, area=found.area.code, source=found.source.source), spans, found


def _rests_on(found: Asked, span: MonthSpan, measure: Measure, answer: Answer) -> tuple[str, ...]:
    """The files behind one period. A count or a rate rests on the files of its months alone; others on all."""
    if measure not in OF_ITS_MONTHS:
        return answer.batches
    inside = {e.batch_key for e in found.entries if e.period.first <= span.last and span.first <= e.period.last}
    return tuple(key for key in answer.batches if key in inside)


def _answered(
    indicator: Any, question: Question, span: MonthSpan, found: Asked, held: Any, done: Computed
) -> Answer | None:
    """What one period's figure would be; None where it stands already or cannot be said, which ``done`` notes."""
    measure = Measure(indicator.measure)
    try:
        answer = exploring.answer(question, measure)
    except (CannotCompute, DataProblem) as why_not:
        done.refused.append(f"{indicator.name}, {span.label}: {why_not.sentence}")
        return None
    answer = replace(answer, batches=_rests_on(found, span, measure, answer))
    if answer.value is None:
        done.refused.append(f"{indicator.name}, {span.label}: {answer.sentence}")
        return None
    if held is not None and set(held.batches) == set(answer.batches) and held.question == question.as_dict():
        done.kept += 1
        return None
    return answer
