"""A question and a measure answered with one number, for indicators, the composer and saved figures alike.

The same parts that the looks draw are asked, so that a figure never differs from the page it was saved from.
"""

from collections.abc import Callable

import numpy as np

from frankpledge.analysis import places
from frankpledge.analysis.events import events_from_arrays
from frankpledge.analysis.picture_material import months_delivered
from frankpledge.analysis.picture_parts import area_change, area_comparison, area_concentration
from frankpledge.analysis.rates import count_limits, crude_rate, wilson_limits
from frankpledge.analysis.results import Interval
from frankpledge.analysis.wall_clock import wall_clock
from frankpledge.evidence import queries
from frankpledge.oversight.exploring.asked import Asked
from frankpledge.oversight.exploring.event_looks import NEAR_DAYS, NEAR_M, can_be_near, days_left_out, premises_numbers
from frankpledge.oversight.exploring.looks import Ground, ground_of
from frankpledge.vocabulary.areas import DenominatorUnit
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.figures import Completeness
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.questions import Answer, Measure
from frankpledge.vocabulary.wording import Phrase, decimal, share, whole

RATE_UNITS = {
    Measure.RATE_PER_1000_HOUSEHOLDS: DenominatorUnit.HOUSEHOLDS,
    Measure.RATE_PER_1000_RESIDENTS: DenominatorUnit.RESIDENTS,
}


def answer_to(asked: Asked, measure: Measure) -> Answer:
    """The number with what it rests on. Raises CannotCompute, with the reason, where the data cannot bear it."""
    days_left_out(asked)
    if measure in RATE_UNITS:
        return _rate(asked, measure)
    return _ANSWERS[measure](asked, measure)


def _answer(
    asked: Asked,
    measure: Measure,
    value: float | None,
    sentence: str,
    method: str,
    *,
    span: MonthSpan | None = None,
    interval: Interval | tuple[float, float] | None = None,
    numerator: float | None = None,
    denominator: float | None = None,
    edition: str = "",
    n: int | None = None,
    lost: frozenset[Month] = frozenset(),
) -> Answer:
    """``lost``: months delivered without most of this place's positions, so that its events are *at least* these."""
    limits = interval
    if isinstance(interval, Interval):
        limits = None if interval.lower is None else (interval.lower, interval.upper)
    period = span or asked.period
    held = months_delivered(asked.present, asked.geography, asked.area)
    missing = [month for month in period if month not in held or month in lost]
    assert not isinstance(limits, Interval)
    return Answer(
        value=value,
        unit=measure.unit,
        period=period,
        sentence=sentence,
        method=f"{asked.source.label}; {method}",
        numerator=numerator,
        denominator=denominator,
        denominator_edition=edition,
        interval=limits,
        n=n,
        completeness=Completeness.AT_LEAST if missing else Completeness.COMPLETE,
        batches=asked.batches,
        area_code=asked.area.code,
        area_name=asked.area.name,
    )


def _count(asked: Asked, measure: Measure) -> Answer:
    """Events of the whole period asked for. A month not delivered, or without its positions, makes it *at least*."""
    ground = ground_of(asked)
    count = ground.material.counts.of(ground.material.small_areas, asked.period)
    sentence = Phrase("{count} {what} in {area}, {period}.", count=whole(count), what=asked.what,
                      area=asked.area.name, period=asked.period)  # fmt: skip
    limits = count_limits(count)
    return _answer(
        asked, measure, float(count), sentence, f"count of recorded events; interval: {limits.method}", interval=limits,
        n=count, lost=ground.material.doubtful,
    )  # fmt: skip


def _rate(asked: Asked, measure: Measure) -> Answer:
    """The rate of the latest year of the period (or of the period, when shorter), never scaled up."""
    ground = ground_of(asked)
    unit = RATE_UNITS[measure]
    wanted = asked.question.edition
    known = asked.geography.denominators.get(wanted or "")
    chosen = places.choose_denominator(
        asked.geography, unit, ground.material.small_areas,
        wanted if known is None or known.edition.unit is unit else None,
    )  # fmt: skip
    if chosen is None:
        raise CannotCompute(Phrase("No count of {unit} covers every small area here, so no rate is given.",
                                   unit=Phrase(unit.value)))  # fmt: skip
    denominator, exposure = chosen
    count = ground.material.counts.of(ground.material.small_areas, ground.span)
    rate = crude_rate(count, exposure, edition=denominator.edition, batches=asked.batches)
    sentence = Phrase(
        "{rate} {what} per 1,000 {unit} in {area}, {period}.", rate=decimal(rate.value), what=asked.what,
        unit=Phrase(unit.value), area=asked.area.name, period=ground.span,
    )  # fmt: skip
    return _answer(
        asked, measure, rate.value, sentence, f"crude rate; interval: {rate.interval.method}", span=ground.span,
        interval=rate.interval, numerator=float(count), denominator=float(exposure), edition=denominator.edition.key,
        n=count, lost=ground.material.doubtful,
    )  # fmt: skip


def _change(asked: Asked, measure: Measure) -> Answer:
    ground = ground_of(asked)
    found = area_change(ground.material, ground.span)
    if found.percent is None:
        raise CannotCompute("The year before has too few for a percentage to mean anything: give both counts.")
    ratio = found.ratio.interval if found.ratio else None
    limits = (100 * (ratio.lower - 1), 100 * (ratio.upper - 1)) if ratio and ratio.lower is not None else None
    return _answer(
        asked, measure, found.percent, found.sentence(), found.method, span=ground.span, interval=limits,
        numerator=float(found.current - found.previous), denominator=float(found.previous), n=found.n,
    )  # fmt: skip


def _ratio(asked: Asked, measure: Measure) -> Answer:
    ground = ground_of(asked)
    found = area_comparison(ground.material, ground.denominator, ground.span)
    return _answer(
        asked, measure, found.against_rest.value, found.sentence(), found.method, span=ground.span,
        interval=found.against_rest.interval, edition=_edition(ground), n=found.n,
    )  # fmt: skip


def _concentration(asked: Asked, measure: Measure) -> Answer:
    ground = ground_of(asked)
    found = area_concentration(ground.material, ground.denominator, ground.span)
    return _answer(
        asked, measure, 100 * found.share, found.sentence(), f"{found.method}; seed {found.seed}", span=ground.span,
        edition=_edition(ground), n=found.n,
    )  # fmt: skip


def _repeat_share(asked: Asked, measure: Measure) -> Answer:
    """Events at a home or building hit before in the period, of those whose home and day are known."""
    table = asked.run(queries.premises_days(asked.selection()))
    n = table.num_rows
    if not n:
        raise CannotCompute(
            Phrase(
                "{source} does not say at which home or building, or on which day, so repeats cannot be counted.",
                source=Phrase(asked.source.label),
            )
        )
    again = n - int(premises_numbers(table).max()) - 1
    method = "incidents after the first at each home or building, of those whose home and day are known"
    return _share_answer(
        asked, measure, again, n, method, Phrase("{what} whose home and day are known", what=asked.what)
    )


def _near_share(asked: Asked, measure: Measure) -> Answer:
    """Events less than 14 days after and within 200 m of an earlier one; compiled loops, so in a worker."""
    from frankpledge.analysis.near_repeat_chains import Role, near_repeat_chains

    n = can_be_near(asked)
    table = asked.run(queries.dated_points(asked.selection()))
    events = events_from_arrays(
        table["easting"].to_numpy(), table["northing"].to_numpy(), wall_clock(table["occurred_from"])[0]
    )
    chains = near_repeat_chains(events, within_m=NEAR_M, within_days=NEAR_DAYS)
    near = int(np.count_nonzero(chains.role == Role.NEAR_REPEAT.value))
    return _share_answer(asked, measure, near, max(n, len(events)), chains.method)


def near_answer(asked: Asked, near: int, n: int, method: str) -> Answer:
    """The same from what a job has counted."""
    return _share_answer(asked, Measure.NEAR_REPEAT_SHARE, near, n, method)


def _share_answer(asked: Asked, measure: Measure, part: int, n: int, method: str, what: Phrase | None = None) -> Answer:
    """``what``: the events in words, where ``n`` is not all that were asked for."""
    limits = wilson_limits(part, n)
    sentence = Phrase(
        "{share} of {n} {what} in {area}, {period}: {measure}.",
        share=share(part / n),
        n=whole(n),
        what=what or asked.what,
        area=asked.area.name,
        period=asked.period,
        measure=Phrase(measure.value),
    )
    return _answer(
        asked, measure, 100 * part / n, sentence, f"{method}; interval: {limits.method}",
        interval=None if limits.lower is None else (100 * limits.lower, 100 * limits.upper),
        numerator=float(part), denominator=float(n), n=n,
    )  # fmt: skip


def _edition(ground: Ground) -> str:
    return ground.denominator.edition.key if ground.denominator else ""


_ANSWERS: dict[Measure, Callable[[Asked, Measure], Answer]] = {
    Measure.COUNT: _count,
    Measure.CHANGE_ON_YEAR_BEFORE: _change,
    Measure.RATE_RATIO: _ratio,
    Measure.CONCENTRATION: _concentration,
    Measure.REPEAT_SHARE: _repeat_share,
    Measure.NEAR_REPEAT_SHARE: _near_share,
}
