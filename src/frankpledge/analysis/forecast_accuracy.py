"""How good a forecast was: the share of events in the cells it flagged, and what that share is worth.

    hit rate   events in the flagged area / all events
    PAI        hit rate / share of the area that was flagged (1 is no better than darts)
    PEI        PAI / the highest PAI that as many areas could have had, known afterwards
    RRI        predicted / recorded in the flagged area (1 is the right level, above it too many were predicted)
With fewer events than flagged cells the best choice would have caught all, and PEI is the hit rate under another name:
it is then not given. RRI is not given where nothing was recorded.
Sources: Bowers K, Johnson S, Pease K (2004) Br J Criminology 44:641-658 (hit rate); Chainey S, Tompson L, Uhlig S
(2008) Security Journal 21:4-28 (PAI); Hunt J (2016) thesis, and Drawve G, Wooditch A (2019) J Criminal Justice 64:1-8
(PEI); Levine N (2008) Security Journal 21:295-302 (RRI, here as predicted over recorded).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, share, whole


@dataclass(frozen=True, kw_only=True)
class AccuracyTable(Result):
    """Areas in the order of the forecast to their size, and what flagging the first k would mean; arrays (areas,).

    Among equal forecasts those with fewer events come first: the reading least kind to the forecast. ``pei`` compares
    with the k areas that had most events to their size. ``rri`` is NaN (None in dicts) where none was recorded.
    """

    order: NDArray[np.int64]
    hits: NDArray[np.float64]
    area_share: NDArray[np.float64]
    hit_rate: NDArray[np.float64]
    pai: NDArray[np.float64]
    pei: NDArray[np.float64]
    rri: NDArray[np.float64]

    def at(self, area_share: float) -> int:
        """How many areas make up at most this share of the whole; at least one."""
        return max(1, int(np.searchsorted(self.area_share, area_share * (1 + 1e-12), side="right")))

    def sentence(self) -> Phrase:
        k = self.at(0.05) - 1
        return Phrase(
            "The first {areas} areas, {area} % of the whole, held {hit} of the events: {pai} times their share.",
            areas=whole(k + 1),
            area=decimal(100 * self.area_share[k]),
            hit=share(float(self.hit_rate[k])),
            pai=decimal(float(self.pai[k]), 2),
        )

    def table(self) -> Table:
        columns = (self.order, self.hits, self.area_share, self.hit_rate, self.pai, self.pei, self.rri)
        names = ("area", "events so far", "share of area", "hit rate", "PAI", "PEI", "RRI")
        return Table(names, tuple(zip(*(column.tolist() for column in columns), strict=True)))

    def as_dict(self) -> dict[str, Any]:
        return {
            "order": self.order.tolist(),
            "hits": self.hits.tolist(),
            "area_share": [rounded(v) for v in self.area_share],
            "hit_rate": [rounded(v) for v in self.hit_rate],
            "pai": [rounded(v) for v in self.pai],
            "pei": [rounded(v) for v in self.pei],
            "rri": [None if v != v else rounded(v) for v in self.rri],
            **self.provenance(),
        }


def accuracy_table(
    recorded: Sequence[float], predicted: Sequence[float], area: Sequence[float] | None = None
) -> AccuracyTable:
    """Hit rate, PAI, PEI and RRI for every number of flagged areas, from one forecast and what was then recorded.

    Raises CannotCompute for no events, negative numbers or areas that are not above nought.
    """
    observed, forecast = np.asarray(recorded, np.float64), np.asarray(predicted, np.float64)
    size = np.ones(observed.size) if area is None else np.asarray(area, np.float64)
    if not observed.size == forecast.size == size.size:
        raise CannotCompute("Recorded, predicted and area need one number for each area.")
    if (observed < 0).any() or (forecast < 0).any() or not (size > 0).all():
        raise CannotCompute("Numbers recorded and predicted cannot be negative, and every area must be above nought.")
    if not observed.sum() > 0:
        raise CannotCompute("Nothing was recorded, so no forecast can be judged.")
    order = np.lexsort((observed, -forecast / size))
    best = np.lexsort((-observed, -observed / size))
    hits = observed[order].cumsum()
    pai = _pai(observed, size, order)
    with np.errstate(divide="ignore", invalid="ignore"):
        rri = np.where(hits > 0, forecast[order].cumsum() / hits, np.nan)
    return AccuracyTable(
        n=int(observed.sum()),
        method="areas by forecast per area, ties with fewest recorded first",
        order=order,
        hits=hits,
        area_share=size[order].cumsum() / size.sum(),
        hit_rate=hits / observed.sum(),
        pai=pai,
        pei=pai / _pai(observed, size, best),
        rri=rri,
    )


def _pai(observed: NDArray[np.float64], size: NDArray[np.float64], order: NDArray[np.int64]) -> NDArray[np.float64]:
    return (observed[order].cumsum() / observed.sum()) / (size[order].cumsum() / size.sum())


def flagged_cells(cells: int, area_share: float) -> int:
    """How many of ``cells`` equal cells make up ``area_share``: the nearest whole number, at least one."""
    return max(1, round(cells * area_share))


def expected_hits(
    risk: NDArray[np.float64], events_in: NDArray[np.int64], flagged: Sequence[int]
) -> NDArray[np.float64]:
    """Chance that each event's cell is among the highest ``flagged``: float64 (events, len(flagged)).

    ``risk`` float64 (cells,); ``events_in`` cell of each event, -1 outside (never hit). 1 or 0, and for cells tied
    at the border of the flagged area the share of them that is flagged, so that ties help nobody.
    """
    hits = np.zeros((len(events_in), len(flagged)))
    placed = events_in >= 0
    at_event = risk[events_in[placed]]
    highest = risk.size - np.asarray(flagged)
    borders = np.partition(risk, np.unique(highest))[highest]
    for column, (border, number) in enumerate(zip(borders, flagged, strict=True)):
        above, tied = int((risk > border).sum()), int((risk == border).sum())
        hits[placed, column] = np.where(
            at_event > border, 1.0, np.where(at_event == border, (number - above) / tied, 0.0)
        )
    return hits


def most_hits(events_in: NDArray[np.int64], flagged: int) -> int:
    """Events that the best choice of ``flagged`` cells, made afterwards, would have held."""
    per_cell = np.unique(events_in[events_in >= 0], return_counts=True)[1]
    return int(np.sort(per_cell)[::-1][:flagged].sum())
