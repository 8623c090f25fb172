"""The journey of a place among its peers: its rate and rank in each year ending with each month, and what is expected.

The range of each year is that in which a place of its size lies when it has the rate of all of them together (exact
Poisson). It allows for the number of places (Bonferroni): when none differs, all of them keep to their ranges 95 times
in 100, so that the place with the most is not called high for being the most. Years overlap, so neighbouring points
move together: a run of them is one event, not several.
Source: Spiegelhalter D (2005) Funnel plots for comparing institutional performance, Stat Med 24:1185-1202.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frankpledge.analysis.funnel import count_range
from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.wording import Phrase, decimal, said, whole

YEAR = 12
CONFIDENCE = 0.95
PER = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """The year to ``last``: the place's count and rate per 1,000, its rank (1 the highest), and the range of rates."""

    last: Month
    count: int
    rate: float
    rank: int
    lower: float
    upper: float
    overall: float

    @property
    def standing(self) -> str:
        """``above`` or ``below`` the range, or ``within``."""
        return "above" if self.rate > self.upper else "below" if self.rate < self.lower else "within"


@dataclass(frozen=True, kw_only=True)
class Journey(Result):
    """One place through time among ``places`` of its kind."""

    name: str
    places: int
    steps: tuple[Step, ...]

    def sentence(self) -> Phrase:
        first, last = self.steps[0], self.steps[-1]
        outside = sum(step.standing == "above" for step in self.steps)
        values = {
            "place": self.name,
            "rank": whole(last.rank),
            "places": whole(self.places),
            "rate": decimal(last.rate),
            "period": MonthSpan.year_to(last.last),
            "then": whole(first.rank),
            "before": MonthSpan.year_to(first.last),
        }
        if last.standing == "within":
            return Phrase(
                "{place} was number {rank} of {places} in the {period} ({rate} per 1,000), number {then} in the "
                "{before}; within what chance gives a place of its size.",
                **values,
            )
        if last.standing == "below":
            return Phrase(
                "{place} was number {rank} of {places} in the {period} ({rate} per 1,000), number {then} in the "
                "{before}; below what chance gives a place of its size.",
                **values,
            )
        if outside == len(self.steps):
            return Phrase(
                "{place} was number {rank} of {places} in the {period} ({rate} per 1,000), number {then} in the "
                "{before}; above what chance gives a place of its size all the way.",
                **values,
            )
        return Phrase(
            "{place} was number {rank} of {places} in the {period} ({rate} per 1,000), number {then} in the "
            "{before}; above what chance gives a place of its size.",
            **values,
        )

    def table(self) -> Table:
        return Table(
            ("year to", "count", "rate per 1,000", "rank", "lower", "upper", "all together"),
            tuple(
                (said(step.last), step.count, step.rate, step.rank, step.lower, step.upper, step.overall)
                for step in self.steps
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "place": self.name,
            "places": self.places,
            "steps": [
                {
                    "year_to": str(step.last),
                    "count": step.count,
                    "rate": rounded(step.rate),
                    "rank": step.rank,
                    "range": [rounded(step.lower), rounded(step.upper)],
                    "overall": rounded(step.overall),
                }
                for step in self.steps
            ],
            **self.provenance(),
        }


def journey(
    code: str,
    name: str,
    counts: Mapping[str, Sequence[int]],
    exposure: Mapping[str, float],
    months: Sequence[Month],
    *,
    batches: tuple[str, ...] = (),
) -> Journey:
    """The place ``code`` among all of ``counts`` (events by month, as long as ``months``), each over its ``exposure``.

    Raises CannotCompute for fewer than three places, fewer than twelve months, or no event at all.
    """
    if code not in counts or set(counts) != set(exposure):
        raise CannotCompute("Each place needs its counts and its size.")
    if len(counts) < 3:
        raise CannotCompute("With fewer than three places there is no rank worth following.")
    if len(months) < YEAR:
        raise CannotCompute("A journey needs at least twelve months in a row.")
    if not any(map(sum, counts.values())) or min(exposure.values()) <= 0:
        raise CannotCompute("None was recorded in any of these places, or one of them has no size.")
    steps = [_step(code, counts, exposure, months, end) for end in range(YEAR, len(months) + 1)]
    return Journey(
        n=sum(counts[code]),
        method="rate in each twelve months; range: exact Poisson at the rate of all places together, 95 % "
        "for all places at once",
        batches=batches,
        name=name,
        places=len(counts),
        steps=tuple(steps),
    )


def _step(
    code: str, counts: Mapping[str, Sequence[int]], exposure: Mapping[str, float], months: Sequence[Month], end: int
) -> Step:
    year = {place: sum(series[end - YEAR : end]) for place, series in counts.items()}
    rates = {place: PER * year[place] / exposure[place] for place in year}
    overall = sum(year.values()) / sum(exposure.values())
    low, high = count_range(overall * exposure[code], 1 - (1 - CONFIDENCE) / len(counts))
    return Step(
        last=months[end - 1],
        count=year[code],
        rate=rates[code],
        rank=1 + sum(rate > rates[code] for rate in rates.values()),
        lower=PER * low / exposure[code],
        upper=PER * high / exposure[code],
        overall=PER * overall,
    )
