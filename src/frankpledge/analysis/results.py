"""What every result carries: how many, by which method and seed, from which batches and version, and what to doubt."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from frankpledge import __version__
from frankpledge.vocabulary.doubts import Doubt
from frankpledge.vocabulary.wording import Phrase, whole


@dataclass(frozen=True, slots=True)
class Interval:
    """``lower`` to ``upper`` at ``confidence``; ``lower`` is None where the method gives none (never a false 0)."""

    lower: float | None
    upper: float
    confidence: float
    method: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "lower": rounded(self.lower),
            "upper": rounded(self.upper),
            "confidence": self.confidence,
            "method": self.method,
        }


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows, for a page, a download or a test."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Result(ABC):
    """Base of all results. Subclasses add their values and explain themselves in ``sentence``."""

    n: int
    method: str
    doubts: tuple[Doubt, ...] = ()
    seed: int | None = None
    batches: tuple[str, ...] = ()
    version: str = __version__

    @abstractmethod
    def sentence(self) -> Phrase:
        """The result in one plain sentence."""

    @abstractmethod
    def table(self) -> Table:
        """The numbers as columns and rows."""

    @abstractmethod
    def as_dict(self) -> dict[str, Any]:
        """Everything as JSON values, `provenance` included."""

    def provenance(self) -> dict[str, Any]:
        """The part of ``as_dict`` that every result shares."""
        return {
            "n": self.n,
            "method": self.method,
            "seed": self.seed,
            "batches": list(self.batches),
            "version": self.version,
            "doubts": doubts_as_dicts(self.doubts),
            "sentence": str(self.sentence()),
        }


def doubts_as_dicts(doubts: Sequence[Doubt]) -> list[dict[str, str]]:
    return [{"kind": doubt.kind.value, "sentence": str(doubt.sentence)} for doubt in doubts]


def rows_left_out(rows: int, reason: str) -> Phrase:
    """``1 row left out: no place.``, ``1,200 rows left out: no place.``"""
    if rows == 1:
        return Phrase("1 row left out: {reason}.", reason=reason)
    return Phrase("{rows} rows left out: {reason}.", rows=whole(rows), reason=reason)


def rounded(value: float | None, places: int = 6) -> float | None:
    """For files: the same number on every machine, whatever its last binary digit."""
    return None if value is None else round(float(value), places)
