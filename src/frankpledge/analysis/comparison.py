"""A place beside others of its kind: each with its rate and interval, and a ratio that knows the words for chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from frankpledge.analysis.rates import Rate, RateRatio, crude_rate, edition_as_dict, rate_ratio
from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.areas import DenominatorEdition
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.geography import Area
from frankpledge.vocabulary.wording import Phrase, decimal

NEAREST = 3  # similar places named


@dataclass(frozen=True, slots=True)
class Peer:
    """One place in the comparison. ``similar`` and ``neighbour`` say why it is worth comparing with."""

    area: Area
    rate: Rate
    similar: bool = False
    neighbour: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.area.code,
            "name": self.area.name,
            "count": self.rate.count,
            "denominator": self.rate.exposure,
            "rate": rounded(self.rate.value),
            "interval": self.rate.interval.as_dict(),
            "similar": self.similar,
            "neighbour": self.neighbour,
        }


@dataclass(frozen=True, kw_only=True)
class Comparison(Result):
    """``area`` among the places of its kind in ``whole``, the highest rate first, and against the rest of the whole."""

    area: Area
    whole: Area
    peers: tuple[Peer, ...]
    whole_rate: Rate
    against_rest: RateRatio
    similar_by: tuple[str, ...]  # the traits by which similar places were found; empty when there were none
    neighbours_known: bool

    @property
    def here(self) -> Peer:
        return next(peer for peer in self.peers if peer.area.code == self.area.code)

    def sentence(self) -> Phrase:
        return Phrase(
            "{area} has {ratio} times the rate of the rest of {whole}: {verdict}.",
            area=self.area.name,
            ratio=decimal(self.against_rest.value or 0.0, 2),
            whole=self.whole.name,
            verdict=Phrase(self.against_rest.verdict.value),
        )

    def table(self) -> Table:
        return Table(
            ("area", "count", "denominator", "rate", "lower", "upper"),
            tuple(
                (p.area.name, p.rate.count, p.rate.exposure, p.rate.value, p.rate.interval.lower, p.rate.interval.upper)
                for p in self.peers
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "whole": {"code": self.whole.code, "name": self.whole.name},
            "whole_rate": rounded(self.whole_rate.value),
            "rest": {
                "count": self.against_rest.other_count,
                "denominator": self.against_rest.other_exposure,
                "rate": rounded(1000 * self.against_rest.other_count / self.against_rest.other_exposure),
            },
            "against_rest": self.against_rest.as_dict(),
            "denominator": edition_as_dict(self.here.rate.edition),
            "similar_by": list(self.similar_by),
            "neighbours_known": self.neighbours_known,
            "areas": [peer.as_dict() for peer in self.peers],
            **self.provenance(),
        }


@dataclass(frozen=True, slots=True)
class PeerCount:
    """What one place brings to a comparison."""

    area: Area
    count: int
    exposure: float


def comparison(
    area: Area,
    whole: Area,
    counted: Sequence[PeerCount],
    *,
    edition: DenominatorEdition | None = None,
    similar: Sequence[str] = (),
    similar_by: Sequence[str] = (),
    neighbours: Sequence[str] | None = None,
    batches: tuple[str, ...] = (),
) -> Comparison:
    """Compare ``area`` with the other places in ``counted``, which together make up ``whole``.

    Raises CannotCompute when ``area`` is not among them or is alone.
    """
    mine = [peer for peer in counted if peer.area.code == area.code]
    others = [peer for peer in counted if peer.area.code != area.code]
    if not mine or not others:
        raise CannotCompute(f"There is no other place in {whole.name} to compare {area.name} with.")
    total = sum(peer.count for peer in counted)
    exposure = sum(peer.exposure for peer in counted)
    peers = [
        Peer(
            peer.area,
            crude_rate(peer.count, peer.exposure, edition=edition),
            similar=peer.area.code in similar,
            neighbour=neighbours is not None and peer.area.code in neighbours,
        )
        for peer in counted
    ]
    return Comparison(
        n=total,
        method="crude rates; ratio to the rest of the whole with conditional exact interval",
        batches=batches,
        area=area,
        whole=whole,
        peers=tuple(sorted(peers, key=lambda peer: (-peer.rate.value, peer.area.name, peer.area.code))),
        whole_rate=crude_rate(total, exposure, edition=edition),
        against_rest=rate_ratio(
            mine[0].count,
            mine[0].exposure,
            sum(peer.count for peer in others),
            sum(peer.exposure for peer in others),
        ),
        similar_by=tuple(similar_by) if similar else (),
        neighbours_known=neighbours is not None,
    )


def most_similar(traits: Mapping[str, Mapping[str, float]], code: str, *, nearest: int = NEAREST) -> list[str]:
    """The places nearest to ``code`` by Euclidean distance over standardised traits, nearest first.

    Only traits that every place has count. Raises CannotCompute when there is none, or too few places to choose among:
    naming every other place *similar* would say nothing.
    """
    if code not in traits:
        raise CannotCompute("Nothing is known of this place by which to find similar ones.")
    if len(traits) <= 2 * nearest:
        raise CannotCompute("There are too few places at hand to call some of them similar.")
    shared = sorted(set.intersection(*(set(known) for known in traits.values())))
    if not shared:
        raise CannotCompute("The places at hand have no trait in common by which to find similar ones.")
    codes = sorted(traits)
    values = np.array([[traits[place][trait] for trait in shared] for place in codes], dtype=float)
    spread = values.std(axis=0)
    standard = (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    distance = np.sqrt(((standard - standard[codes.index(code)]) ** 2).sum(axis=1))
    ranked = sorted((float(distance[i]), place) for i, place in enumerate(codes) if place != code)
    return [place for _, place in ranked[:nearest]]
