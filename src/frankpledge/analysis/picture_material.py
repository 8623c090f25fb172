"""What the parts of one picture share while it is made: its counts, its small areas and which months to believe."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
from scipy.special import pdtr

from frankpledge.analysis import places
from frankpledge.analysis.counts import AreaMonthCounts
from frankpledge.analysis.picture_results import MonthCount
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.forces import FORCES
from frankpledge.vocabulary.geography import Area, Geography
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.wording import Phrase, word

Part = TypeVar("Part")

YEAR = 12
EVERYWHERE = frozenset({"btp"})  # a force whose rows lie in every other force's area
IMPLAUSIBLE = 0.001  # probability under half the usual count, below which a low month is doubted


@dataclass
class PictureMaterial:
    """What the parts of one picture share while it is made, and the reasons of those that were refused."""

    counts: AreaMonthCounts
    geography: Geography
    area: Area
    small_areas: list[str]
    present: frozenset[Month]
    batches: tuple[str, ...]
    seed: int
    refused: dict[str, Phrase] = field(default_factory=dict)
    everything: AreaMonthCounts | None = None  # events of every type of the same files, where they are at hand

    def attempt(self, part: str, compute: Callable[[], Part]) -> Part | None:
        """The result, or None with the reason kept: a part that cannot be computed does not take the others with it."""
        try:
            return compute()
        except CannotCompute as reason:
            self.refused[part] = word(reason.sentence)
            return None

    def complete(self, span: MonthSpan) -> bool:
        """Whether every month was delivered and none of them looks unplaced rather than quiet."""
        return all(month in self.present and month not in self.doubtful for month in span)

    @cached_property
    def doubtful(self) -> frozenset[Month]:
        """Months in which the place's own events are likely among those without a place (see ``_doubtful_months``)."""
        return _doubtful_months(self)


def months_delivered(
    months_present: Mapping[str, Collection[Month]] | Collection[Month], geography: Geography, area: Area
) -> frozenset[Month]:
    """The months delivered for this place: those of its own force where publishers are told apart, else all.

    Raises CannotCompute when all publishers are other forces: a few stray rows of theirs are not this place's crime.
    """
    if not isinstance(months_present, Mapping):
        return frozenset(months_present)
    force = places.force_of(geography, area, geography.small_areas_in(area.code))
    slug = places.slug_of(force) if force else None
    if slug is not None and slug in months_present:
        return frozenset(months_present[slug])
    others = [publisher for publisher in months_present if publisher in FORCES and publisher not in EVERYWHERE]
    if force and slug in FORCES and others and len(others) == len(months_present):
        raise CannotCompute(
            Phrase(
                "{area} is policed by {force}, and the data are of {others} only.",
                area=area.name,
                force=FORCES[slug],
                others=", ".join(FORCES[publisher] for publisher in sorted(others)),
            )
        )
    return frozenset(month for months in months_present.values() for month in months)


def all_months(material: PictureMaterial) -> MonthSpan:
    if not material.present:
        raise CannotCompute(Phrase("There are no months of data yet."))
    return MonthSpan(min(material.present), max(material.present))


def _doubtful_months(material: PictureMaterial) -> frozenset[Month]:
    """Months far below even half the place's usual count, with events without a place for half of what lacks.

    Forces have published months in which a whole district lost its positions: its count is then nought in the file, and
    it was not a quiet month. Of a rare type nought says little by itself: there it is doubted where all types together
    lost their positions and it, too, is below half of its usual count.
    """
    lost = _lost_months(material, material.everything, IMPLAUSIBLE) if material.everything else frozenset()
    return _lost_months(material, material.counts, IMPLAUSIBLE) | (
        lost & _lost_months(material, material.counts, 1.0) if lost else frozenset()
    )


def _lost_months(material: PictureMaterial, counts: AreaMonthCounts, implausible: float) -> frozenset[Month]:
    """Months of ``counts`` below half the usual, less likely than ``implausible``, with enough events unplaced."""
    span = all_months(material)
    values = dict(zip(span, counts.by_month(material.small_areas, span), strict=True))
    usual = float(np.median([values[month] for month in span if month in material.present]))
    return frozenset(
        month
        for month in span
        if month in material.present
        and 2 * values[month] < usual
        and float(pdtr(values[month], usual / 2)) < implausible
        and 2 * counts.unplaced(MonthSpan(month, month)) >= usual - values[month]
    )


def month_counts(material: PictureMaterial, period: MonthSpan) -> tuple[MonthCount, ...]:
    values = material.counts.by_month(material.small_areas, period)
    months = tuple(
        MonthCount(month, value if month in material.present else None, month in material.doubtful)
        for month, value in zip(period, values, strict=True)
    )
    if all(month.count is None for month in months):
        if not material.present:
            raise CannotCompute(Phrase("There are no months of data yet."))
        raise CannotCompute(
            Phrase(
                "The data hold no month of this period, {period}. They run from {first} to {last}.",
                period=period,
                first=min(material.present),
                last=max(material.present),
            )
        )
    return months


def rate_period_of(material: PictureMaterial, period: MonthSpan) -> MonthSpan:
    """The latest twelve months of the period that are all present; else its latest unbroken run, not scaled up."""
    runs: list[MonthSpan] = []
    for month in period:
        if month not in material.present:
            continue
        if runs and runs[-1].last + 1 == month:
            runs[-1] = MonthSpan(runs[-1].first, month)
        else:
            runs.append(MonthSpan(month, month))
    for run in reversed(runs):
        if len(run) >= YEAR:
            return MonthSpan.year_to(run.last)
    return runs[-1]
