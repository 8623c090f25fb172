"""How much of the crime lies in how few of the areas, beside how much would by chance.

Even crime that fell on homes at random would gather somewhere: with few crimes over many areas, most areas have none.
So the share in the worst 5 % of areas stands beside what chance gives, from seeded simulations that throw the same
number of crimes on the areas by their households. The Gini coefficient is corrected for fewer crimes than areas.
Sources: Weisburd D (2015) The law of crime concentration, Criminology 53:133-157; Bernasco W, Steenbeek W (2017) More
places than crimes: implications for evaluating the law of crime concentration at place, J Quant Criminol 33:451-467.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, share, whole

WORST = 0.05  # share of areas looked at
SIMULATIONS = 999
FEW_AREAS = 5  # fewer areas than this among the worst 5 %: flagged
FEW_CRIMES = 50


@dataclass(frozen=True, kw_only=True)
class Concentration(Result):
    """Share of the crimes in the worst 5 % of areas, and what chance gives."""

    areas: int
    worst_areas: float  # 5 % of the areas; a part of an area counts in part
    share: float
    by_chance: float
    by_chance_interval: tuple[float, float]  # the middle 95 % of the simulations
    p: float
    gini: float
    simulations: int

    @property
    def beyond_chance(self) -> bool:
        return self.p <= 0.05

    def sentence(self) -> Phrase:
        return Phrase(
            "{share} lies in the worst 5 % of areas; chance alone would give {chance} ({low} to {high}).",
            share=share(self.share),
            chance=share(self.by_chance),
            low=share(self.by_chance_interval[0]),
            high=share(self.by_chance_interval[1]),
        )

    def table(self) -> Table:
        low, high = self.by_chance_interval
        return Table(
            ("areas", "worst areas", "share", "by chance", "lower", "upper", "Gini"),
            ((self.areas, self.worst_areas, self.share, self.by_chance, low, high, self.gini),),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "areas": self.areas,
            "worst_areas": rounded(self.worst_areas),
            "share": rounded(self.share),
            "by_chance": rounded(self.by_chance),
            "by_chance_interval": [rounded(limit) for limit in self.by_chance_interval],
            "p": rounded(self.p),
            "gini": rounded(self.gini),
            "simulations": self.simulations,
            **self.provenance(),
        }


def concentration(
    counts: Sequence[int],
    exposure: Sequence[float],
    *,
    seed: int = 1,
    simulations: int = SIMULATIONS,
    batches: tuple[str, ...] = (),
) -> Concentration:
    """The share of ``counts`` in the worst 5 % of areas, against ``simulations`` random placings by ``exposure``.

    Areas come in any order. Raises CannotCompute for no crimes or fewer than two areas with exposure.
    """
    # Sorted, so that the order in which areas come can change neither the value nor the random draws.
    size, observed = _sorted_together(np.asarray(exposure, dtype=float), np.asarray(counts, dtype=np.int64))
    total = int(observed.sum())
    if total == 0:
        raise CannotCompute("None was recorded, so there is nothing to concentrate.")
    if size.size < 2 or (size < 0).any() or size.sum() <= 0:
        raise CannotCompute("Concentration needs at least two areas with a denominator.")
    found = worst_share(observed[None, :])[0]
    random = np.random.default_rng(seed)
    by_chance = worst_share(random.multinomial(total, size / size.sum(), size=simulations))
    low, high = np.quantile(by_chance, [0.025, 0.975])
    return Concentration(
        n=total,
        method=f"share by Lorenz curve at 5 % of areas; {whole(simulations)} multinomial simulations by denominator",
        doubts=_doubts(size.size * WORST, total),
        seed=seed,
        batches=batches,
        areas=int(size.size),
        worst_areas=float(size.size * WORST),
        share=float(found),
        by_chance=float(by_chance.mean()),
        by_chance_interval=(float(low), float(high)),
        p=float((1 + np.sum(by_chance >= found - 1e-12)) / (1 + simulations)),
        gini=gini(observed),
        simulations=simulations,
    )


def _sorted_together(
    size: NDArray[np.float64], observed: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    order = np.lexsort((observed, size))
    return size[order], observed[order]


def worst_share(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each row of ``counts``, the share of its sum in its highest 5 % of columns, the last one counted in part."""
    places = counts.shape[1] * WORST
    entire = int(places)
    highest = -np.partition(-counts, entire, axis=1)[:, : entire + 1]
    highest = -np.sort(-highest, axis=1)
    taken = highest[:, :entire].sum(axis=1) + (places - entire) * highest[:, entire]
    return np.asarray(taken / counts.sum(axis=1), dtype=float)


def gini(counts: Sequence[int] | NDArray[np.int64]) -> float:
    """Gini coefficient, corrected for fewer crimes than places (0: as even as could be; 1: all in one)."""
    ordered = np.sort(np.asarray(counts, dtype=float))
    places, total = ordered.size, ordered.sum()
    if total <= 0:
        raise CannotCompute("None was recorded, so there is nothing to concentrate.")
    plain = float((2 * np.arange(1, places + 1) @ ordered / total - places - 1) / places)
    return float(max(places / total, 1.0) * (plain - 1) + 1)


@dataclass(frozen=True, kw_only=True)
class Lorenz(Result):
    """The curve, worst places first: after the share ``places[i]`` of places lies the share ``events[i]`` of ``n``
    events. Both start at 0 and end at 1.
    """

    places: NDArray[np.float64]
    events: NDArray[np.float64]
    gini: float  # corrected for fewer events than places: 0 as even as could be, 1 all in one
    gini_plain: float  # as if every place could have had an equal part of an event
    quarter: int  # fewest places that hold a quarter of the events
    half: int
    without: int  # places without any

    @property
    def number_of_places(self) -> int:
        return self.places.size - 1

    def sentence(self) -> Phrase:
        return Phrase(
            "A quarter of {n} events lies in {quarter} of {places} places and half in {half} ({percent}); Gini {gini} "
            "allowing for how few events there are.",
            n=whole(self.n),
            quarter=whole(self.quarter),
            places=whole(self.number_of_places),
            half=whole(self.half),
            percent=_percent(self.half / self.number_of_places),
            gini=decimal(self.gini, 2),
        )

    def table(self) -> Table:
        pairs = zip(self.places, self.events, strict=True)
        return Table(("share of places", "share of events"), tuple((float(x), float(y)) for x, y in pairs))

    def as_dict(self) -> dict[str, Any]:
        return {
            "number_of_places": self.number_of_places,
            "without": self.without,
            "gini": rounded(self.gini),
            "gini_plain": rounded(self.gini_plain),
            "quarter_in": rounded(self.quarter),
            "half_in": rounded(self.half),
            "places": [rounded(value) for value in self.places],
            "events": [rounded(value) for value in self.events],
            **self.provenance(),
        }


def lorenz(counts: Sequence[int] | NDArray[np.int64], *, batches: tuple[str, ...] = ()) -> Lorenz:
    """The Lorenz curve of events over places. ``counts`` holds every place, those without any too, in any order.

    Raises CannotCompute for no events, negative counts or fewer than two places.
    """
    ordered = -np.sort(-np.asarray(counts, dtype=float))
    if ordered.size < 2 or not np.isfinite(ordered).all() or (ordered < 0).any():
        raise CannotCompute("A Lorenz curve needs a count of nought or more for each of at least two places.")
    total = float(ordered.sum())
    corrected = gini(ordered)
    places = np.linspace(0, 1, ordered.size + 1)
    events = np.concatenate(([0.0], ordered.cumsum() / total))
    doubts: list[Doubt] = []
    if total < FEW_CRIMES:
        sentence = Phrase("With {total} events one place more or less changes the curve.", total=whole(total))
        doubts.append(Doubt(DoubtKind.SMALL_NUMBERS, sentence))
    without = int((ordered == 0).sum())
    if not without:
        sentence = Phrase("No place is without any: if places without events were left out, this is too even.")
        doubts.append(Doubt(DoubtKind.PLACES_WITHOUT_ANY, sentence))
    quarter, half = (int(np.searchsorted(ordered.cumsum(), part * total - 1e-9)) + 1 for part in (0.25, 0.5))
    return Lorenz(
        n=round(total),
        method="Lorenz curve, Gini coefficient corrected for fewer events than places (Bernasco and Steenbeek)",
        doubts=tuple(doubts),
        batches=batches,
        places=places,
        events=events,
        gini=corrected,
        gini_plain=1 - (1 - corrected) / max(ordered.size / total, 1.0),
        quarter=quarter,
        half=half,
        without=without,
    )


def _percent(part: float) -> str:
    """With a decimal where it says something: a quarter often lies in one place of a hundred."""
    return f"{100 * part:.1f} %" if part < 0.1 else share(part)


def _doubts(worst: float, total: int) -> tuple[Doubt, ...]:
    if worst >= FEW_AREAS and total >= FEW_CRIMES:
        return ()
    sentence = Phrase(
        "The worst 5 % are {worst} areas and the crimes {total}: one area more or less changes the share.",
        worst=decimal(worst),
        total=whole(total),
    )
    return (Doubt(DoubtKind.SMALL_NUMBERS, sentence),)
