"""Issues ranked by weighted scores, and how far the ranking follows from the weights somebody chose.

A weight is a judgement. So beside the ranks stand: in how many of many other sets of weights near the chosen ones each
issue keeps its rank (weights drawn from a Dirichlet distribution whose mean are the chosen weights), the same with the
scores moved as far as their confidence allows, and, exactly, the one weight that would have to change, and to what, for
two neighbours to change places.
Sources: Butler J, Jia J, Dyer J (1997) European Journal of Operational Research 103:531-546 (ranking under random
weights); Lahdelma R, Salminen P (2001) Operations Research 49:444-454 (rank acceptability).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, share, whole, word

DRAWS = 4_000
# Dirichlet concentration: with five equal weights of 20 %, half of the draws of one weight lie between 15 and 24 %.
CONCENTRATION = 40.0
STABLE = 0.8  # share of draws in which an issue keeps its rank, from which the rank is called firm
MOST_ISSUES, MOST_CRITERIA = 200, 12
LEVEL = 0.005  # change of a weight too small to be said: the two score the same
SWAP = 0.05  # share of draws from which a pair is said to change places


class Confidence(StrEnum):
    """How sure the scores of an issue are. The value is the word on the page."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


# How far a score may be out, in steps of the scale, either way.
SLACK = {Confidence.HIGH: 0.0, Confidence.MEDIUM: 0.5, Confidence.LOW: 1.0}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One column of the matrix. ``weight`` is relative: weights need not add up to anything."""

    key: str
    label: str
    weight: float


@dataclass(frozen=True, slots=True)
class ScoredIssue:
    """One row. ``scores`` by criterion key, 0 to the top of the scale; a missing or None score is not nought."""

    name: str
    scores: Mapping[str, float | None]
    confidence: Confidence = Confidence.MEDIUM


@dataclass(frozen=True, slots=True)
class RankedIssue:
    """``score`` 0 to 100. ``rank_low`` to ``rank_high``: where 90 % of other weights put it; ``rank_kept``: share of
    draws with the same rank; ``with_doubt``: the same range when scores may be out as well. None where not scored.
    """

    name: str
    confidence: Confidence
    score: float | None
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    rank_kept: float | None
    with_doubt: tuple[int, int] | None
    missing: tuple[str, ...]

    @property
    def firm(self) -> bool:
        """Whether the rank hardly depends on the weights."""
        return self.rank_kept is not None and self.rank_kept >= STABLE

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "confidence": self.confidence.value,
            "score": rounded(self.score, 4),
            "rank": self.rank,
            "rank_range": [self.rank_low, self.rank_high] if self.rank else None,
            "rank_kept": rounded(self.rank_kept, 4),
            "rank_range_with_doubt": list(self.with_doubt) if self.with_doubt else None,
            "missing": list(self.missing),
        }


@dataclass(frozen=True, slots=True)
class ChangeOfPlaces:
    """``lower`` overtakes ``higher`` in ``share`` of the draws. ``criterion``: the one whose weight (share of all, the
    others keeping their proportions) need change least for it, from ``weight_now`` to ``weight_then``; else None.
    """

    higher: str
    lower: str
    share: float
    criterion: str | None
    weight_now: float | None
    weight_then: float | None

    def sentence(self) -> Phrase:
        if self.weight_then is not None and abs(self.weight_then - (self.weight_now or 0.0)) < LEVEL:
            return Phrase(
                "{higher} and {lower} score the same: any other weights part them.",
                higher=self.higher,
                lower=self.lower,
            )
        if self.criterion is None:
            return Phrase("No single weight makes {lower} overtake {higher}.", lower=self.lower, higher=self.higher)
        return Phrase(
            "{lower} overtakes {higher} once the weight of {criterion} goes from {now} to {then}.",
            lower=self.lower,
            higher=self.higher,
            criterion=word(self.criterion),
            now=share(self.weight_now or 0.0),
            then=share(self.weight_then or 0.0),
        )


@dataclass(frozen=True, kw_only=True)
class ScanRanking(Result):
    """``n``: issues ranked. Issues with a score missing stand at the end, without a rank."""

    criteria: tuple[Criterion, ...]
    issues: tuple[RankedIssue, ...]
    changes: tuple[ChangeOfPlaces, ...]
    top: float
    draws: int

    def sentence(self) -> Phrase:
        ranked = [issue for issue in self.issues if issue.rank is not None]
        if not ranked:
            return Phrase("No issue has all its scores yet, so none is ranked.")
        first = ranked[0]
        if len(ranked) == 1:
            return Phrase("{first} is the only issue with all its scores.", first=first.name)
        movable = sum(not issue.firm for issue in ranked)
        if not movable:
            return Phrase("{first} comes first, and no rank depends on the weights.", first=first.name)
        return Phrase(
            "{first} comes first, as it does in {kept} of other weights; {movable} of {all} ranks depend on the "
            "weights.",
            first=first.name,
            kept=share(first.rank_kept or 0.0),
            movable=whole(movable),
            all=whole(len(ranked)),
        )

    def table(self) -> Table:
        return Table(
            ("rank", "issue", "score", "highest rank", "lowest rank", "rank kept", "confidence", "not scored"),
            tuple(
                (
                    issue.rank,
                    issue.name,
                    None if issue.score is None else round(issue.score, 1),
                    issue.rank_low,
                    issue.rank_high,
                    None if issue.rank_kept is None else round(issue.rank_kept, 3),
                    issue.confidence.value,
                    ", ".join(issue.missing),
                )
                for issue in self.issues
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "weights": {one.key: rounded(one.weight) for one in self.criteria},
            "issues": [issue.as_dict() for issue in self.issues],
            "changes": [
                {
                    "higher": change.higher,
                    "lower": change.lower,
                    "share": rounded(change.share, 4),
                    "criterion": change.criterion,
                    "weight_then": rounded(change.weight_then, 4),
                }
                for change in self.changes
            ],
            "draws": self.draws,
            **self.provenance(),
        }


def scan_ranking(
    issues: Sequence[ScoredIssue],
    criteria: Sequence[Criterion],
    *,
    top: float = 5.0,
    draws: int = DRAWS,
    concentration: float = CONCENTRATION,
    seed: int = 1,
) -> ScanRanking:
    """Rank ``issues`` by weighted mean score, scaled to 0-100, with the sensitivity of every rank.

    ``top``: the highest score. Equal scores share the better rank. An issue without all its scores is not ranked: a
    blank is not nought. Raises CannotCompute for weights or scores that make no sense.
    """
    _check(issues, criteria, top, draws, concentration)
    shares = np.array([one.weight for one in criteria], float)
    shares /= shares.sum()
    full = [issue for issue in issues if not _missing(issue, criteria)]
    table = np.array([[float(issue.scores[one.key] or 0.0) for one in criteria] for issue in full], float)
    ranked = _ranked(full, table, shares, top, draws, concentration, seed) if full else []
    waiting = [
        RankedIssue(issue.name, Confidence(issue.confidence), None, None, None, None, None, None, missing)
        for issue in issues
        if (missing := _missing(issue, criteria))
    ]
    order = sorted(range(len(ranked)), key=lambda i: (ranked[i].rank or 0, ranked[i].name))
    changes = _changes([full[i].name for i in order], table[order], criteria, shares, draws, concentration, seed)
    doubts = []
    if waiting:
        words = Phrase(
            "{count} of {all} issues lack a score and are not ranked.",
            count=whole(len(waiting)),
            all=whole(len(issues)),
        )
        doubts.append(Doubt(DoubtKind.MISSING_COUNTS, words))
    return ScanRanking(
        n=len(full),
        method=f"weighted mean of scores; {draws:,} sets of weights from a Dirichlet distribution around those chosen",
        doubts=tuple(doubts),
        seed=seed,
        criteria=tuple(criteria),
        issues=(*(ranked[i] for i in order), *waiting),
        changes=changes,
        top=top,
        draws=draws,
    )


def _check(
    issues: Sequence[ScoredIssue], criteria: Sequence[Criterion], top: float, draws: int, concentration: float
) -> None:
    if not criteria or len(criteria) > MOST_CRITERIA or len(issues) > MOST_ISSUES:
        raise CannotCompute(f"A matrix has 1 to {MOST_CRITERIA} criteria and up to {MOST_ISSUES} issues.")
    if len({one.key for one in criteria}) != len(criteria) or len({one.name for one in issues}) != len(issues):
        raise CannotCompute("Two criteria or two issues have the same name: they cannot be told apart.")
    if not all(math.isfinite(one.weight) and one.weight >= 0 for one in criteria):
        raise CannotCompute("A weight is nought or more.")
    if not any(one.weight > 0 for one in criteria):
        raise CannotCompute("At least one criterion needs a weight above nought.")
    if not (math.isfinite(top) and top > 0 and draws >= 100 and concentration > 0):
        raise CannotCompute("The scale needs a top above nought, and the sensitivity at least 100 draws.")
    for issue in issues:
        for one in criteria:
            score = issue.scores.get(one.key)
            if score is not None and not (math.isfinite(score) and 0 <= score <= top):
                raise CannotCompute(
                    Phrase("{issue}: a score lies between 0 and {top}.", issue=issue.name, top=decimal(top, 0))
                )


def _missing(issue: ScoredIssue, criteria: Sequence[Criterion]) -> tuple[str, ...]:
    """Labels of criteria that count and have no score."""
    return tuple(one.label for one in criteria if one.weight > 0 and issue.scores.get(one.key) is None)


def _ranked(
    issues: Sequence[ScoredIssue],
    table: NDArray[np.float64],
    shares: NDArray[np.float64],
    top: float,
    draws: int,
    concentration: float,
    seed: int,
) -> list[RankedIssue]:
    random = np.random.default_rng(seed)
    weights = _weights(shares, draws, concentration, random)
    ranks = _ranks((table @ shares)[None, :])[0]
    drawn = _ranks(weights @ table.T)
    slack = np.array([SLACK[Confidence(issue.confidence)] for issue in issues])[None, :, None]
    moved = np.clip(table[None] + slack * random.uniform(-1, 1, (draws, *table.shape)), 0, top)
    doubtful = _ranks(np.einsum("dic,dc->di", moved, weights))
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0, method="nearest").astype(int)
    doubt_low, doubt_high = np.quantile(doubtful, [0.05, 0.95], axis=0, method="nearest").astype(int)
    return [
        RankedIssue(
            name=issue.name,
            confidence=Confidence(issue.confidence),
            score=float(100 * (table[i] @ shares) / top),
            rank=int(ranks[i]),
            rank_low=int(min(low[i], ranks[i])),
            rank_high=int(max(high[i], ranks[i])),
            rank_kept=float((drawn[:, i] == ranks[i]).mean()),
            with_doubt=(int(min(doubt_low[i], ranks[i])), int(max(doubt_high[i], ranks[i]))),
            missing=(),
        )
        for i, issue in enumerate(issues)
    ]


def _weights(
    shares: NDArray[np.float64], draws: int, concentration: float, random: np.random.Generator
) -> NDArray[np.float64]:
    """(draws, criteria); a criterion of weight nought stays out."""
    weights = np.zeros((draws, len(shares)))
    counted = shares > 0
    weights[:, counted] = random.dirichlet(concentration * shares[counted], draws)
    return weights


def _ranks(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rank of each column in its row, 1 the highest; equal scores share the better rank."""
    tidy = np.round(scores, 9)
    return 1 + (tidy[:, None, :] > tidy[:, :, None]).sum(2)


def _changes(
    names: Sequence[str],
    table: NDArray[np.float64],
    criteria: Sequence[Criterion],
    shares: NDArray[np.float64],
    draws: int,
    concentration: float,
    seed: int,
) -> tuple[ChangeOfPlaces, ...]:
    """Each issue against the next below it, where a change of places is more than a rare thing."""
    weights = _weights(shares, draws, concentration, np.random.default_rng(seed))
    found = []
    for i in range(len(names) - 1):
        gap = table[i] - table[i + 1]
        overtakes = float((np.round(weights @ gap, 9) < 0).mean())
        if overtakes < SWAP:
            continue
        nearest = _nearest_reversal(gap, shares)
        found.append(
            ChangeOfPlaces(
                names[i],
                names[i + 1],
                overtakes,
                criteria[nearest[0]].label if nearest else None,
                float(shares[nearest[0]]) if nearest else None,
                nearest[1] if nearest else None,
            )
        )
    return tuple(found)


def _nearest_reversal(gap: NDArray[np.float64], shares: NDArray[np.float64]) -> tuple[int, float] | None:
    """The criterion whose share need change least for the gap to close, the others keeping their proportions.

    With share t for criterion c the gap is t·g_c + (1 - t)·R, where R is the mean gap of the others: nought at
    t = R / (R - g_c).
    """
    best: tuple[int, float] | None = None
    for c in range(len(shares)):
        others = 1.0 - shares[c]
        if others <= 1e-12:
            continue
        rest = float((gap @ shares - gap[c] * shares[c]) / others)
        if abs(rest - gap[c]) < 1e-12:
            continue
        then = rest / (rest - float(gap[c]))
        if 0.0 <= then <= 1.0 and (best is None or abs(then - shares[c]) < abs(best[1] - shares[best[0]])):
            best = (c, float(then))
    return best
