"""Which areas changed beyond chance between two periods of one length, when many are looked at together.

Each area's ratio of the two counts has its conditional exact interval; the p value is that of the E-test. Looking at
many areas finds false alarms, so the false discovery rate is held at 5 % (Benjamini-Hochberg).
Sources: Przyborowski J, Wilenski H (1940) Biometrika 31:313-323; Krishnamoorthy K, Thomson J (2004) J Stat Plan
Inference 119:23-35; Benjamini Y, Hochberg Y (1995) JRSS B 57:289-300.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from frankpledge.analysis.change import e_test
from frankpledge.analysis.funnel import FALSE_DISCOVERY_RATE, benjamini_hochberg
from frankpledge.analysis.rates import RateRatio, rate_ratio
from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, ordinary, whole


@dataclass(frozen=True, slots=True)
class AreaChange:
    """One area's two counts. ``ratio`` is None for nought against nought; ``adjusted_p`` allows for many looks."""

    code: str
    current: int
    previous: int
    ratio: RateRatio | None
    adjusted_p: float | None

    @property
    def standing(self) -> str:
        """``up`` or ``down`` beyond chance, or empty."""
        if self.adjusted_p is None or self.adjusted_p > FALSE_DISCOVERY_RATE:
            return ""
        return "up" if self.ratio is None or self.ratio.value is None or self.ratio.value > 1 else "down"


@dataclass(frozen=True, kw_only=True)
class AreaChanges(Result):
    """All areas, the least likely change first."""

    areas: tuple[AreaChange, ...]

    @property
    def up(self) -> tuple[AreaChange, ...]:
        return tuple(area for area in self.areas if area.standing == "up")

    @property
    def down(self) -> tuple[AreaChange, ...]:
        return tuple(area for area in self.areas if area.standing == "down")

    def sentence(self) -> Phrase:
        if not self.up and not self.down:
            return Phrase("None of {count} areas changed beyond chance.", count=whole(len(self.areas)))
        values = {
            "count": whole(len(self.areas)),
            "up": Phrase(ordinary(len(self.up)).capitalize()),
            "down": Phrase(ordinary(len(self.down)).capitalize()),
        }
        if not self.down:
            return Phrase("{up} of {count} areas rose beyond chance; none fell.", **values)
        if not self.up:
            return Phrase("{down} of {count} areas fell beyond chance; none rose.", **values)
        return Phrase("Of {count} areas these changed beyond chance: rose: {up}; fell: {down}.", **values)

    def table(self) -> Table:
        return Table(
            ("code", "count", "before", "ratio", "lower", "upper", "adjusted p", "standing"),
            tuple(
                (
                    area.code,
                    area.current,
                    area.previous,
                    area.ratio.value if area.ratio else None,
                    area.ratio.interval.lower if area.ratio else None,
                    area.ratio.interval.upper if area.ratio else None,
                    area.adjusted_p,
                    area.standing,
                )
                for area in self.areas
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "areas": [
                {
                    "code": area.code,
                    "count": area.current,
                    "before": area.previous,
                    "ratio": area.ratio.as_dict() if area.ratio else None,
                    "adjusted_p": rounded(area.adjusted_p, 9),
                    "standing": area.standing,
                }
                for area in self.areas
            ],
            **self.provenance(),
        }


def area_changes(
    codes: Sequence[str],
    current: Sequence[int],
    previous: Sequence[int],
    *,
    days: float = 1.0,
    previous_days: float = 1.0,
    batches: tuple[str, ...] = (),
) -> AreaChanges:
    """``current`` against ``previous`` counts of each of ``codes``, over ``days`` and ``previous_days``.

    Raises CannotCompute for no areas, counts below nought, lengths not above nought or no event at all.
    """
    if not codes or not len(codes) == len(current) == len(previous):
        raise CannotCompute("Each area needs a code and both counts.")
    if min(*current, *previous) < 0 or not (days > 0 and previous_days > 0):
        raise CannotCompute("Counts cannot be below nought, and both periods need a length above it.")
    if not sum(current) + sum(previous):
        raise CannotCompute("None was recorded in either period, so nothing changed.")
    tested = [place for place in range(len(codes)) if current[place] + previous[place]]
    p = [e_test(current[place], previous[place], days, previous_days) for place in tested]
    adjusted = dict(zip(tested, benjamini_hochberg(p).tolist(), strict=True))
    found = [
        AreaChange(
            code,
            now,
            then,
            rate_ratio(now, days, then, previous_days) if now + then else None,
            adjusted.get(place),
        )
        for place, (code, now, then) in enumerate(zip(codes, current, previous, strict=True))
    ]
    ordered = sorted(found, key=_by_surprise)
    return AreaChanges(
        n=sum(current) + sum(previous),
        method="E-test of two counts, false discovery rate held at 5 %; ratio with conditional exact interval",
        batches=batches,
        areas=tuple(ordered),
    )


def _by_surprise(area: AreaChange) -> tuple[float, int, str]:
    """The least likely change first; areas without any event last."""
    return (2.0 if area.adjusted_p is None else area.adjusted_p, -abs(area.current - area.previous), area.code)
