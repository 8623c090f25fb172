"""Units of figures: what a number counts and what it is divided by, so that unlike things are not added.

A unit here is a set of bases with powers (households, residents, pounds, months ...) and a scale: ``per 1,000
households`` is households to the power of minus one, at 1,000. Things that are merely counted (crimes, alarms, letters)
have no base of their own: they are numbers. A figure without a unit fits anything.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase

# Words people write for one base. A word that is not here names a thing that is counted.
_WORDS: dict[str, tuple[str, ...]] = {
    "household": (
        "household",
        "households",
        "home",
        "homes",
        "property",
        "properties",
        "house",
        "dwelling",
        "dwellings",
    ),
    "resident": ("resident", "residents", "population", "head", "inhabitant", "inhabitants"),
    "offender": ("offender", "offenders"),
    "£": ("£", "pound", "pounds", "gbp"),
    "hour": ("hour", "hours"),
    "day": ("day", "days"),
    "week": ("week", "weeks"),
    "month": ("month", "months"),
    "half-year": ("half-year", "half-years"),
    "year": ("year", "years"),
}
_BASES = {word: base for base, words in _WORDS.items() for word in words}
PERIOD_WORDS = frozenset(
    word for base in ("hour", "day", "week", "month", "half-year", "year") for word in _WORDS[base]
) | {"quarters", "quarter"}
_SCALE = re.compile(r"\bper\s+([\d,]+)\s*")


@dataclass(frozen=True, slots=True)
class Unit:
    """``bases``: (base, power) in order, without zero powers. ``per``: 100 for per cent, None when no longer known."""

    bases: tuple[tuple[str, int], ...] = ()
    per: int | None = 1
    words: str = ""

    @property
    def divided_by(self) -> tuple[str, ...]:
        """The bases it is a rate of: ``("household",)``."""
        return tuple(base for base, power in self.bases if power < 0)

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of money."""
        return ("£", 1) in self.bases

    @property
    def is_percent(self) -> bool:
        """Whether it is a share of a hundred."""
        return not self.bases and self.per == 100

    def __str__(self) -> str:
        return self.words or self._spelled()

    def _spelled(self) -> str:
        up = " ".join(base for base, power in self.bases if power > 0) or ("per cent" if self.is_percent else "count")
        down = " and ".join(self.divided_by)
        scale = f"{self.per:,} " if down and self.per and self.per > 1 else ""
        return f"{up} per {scale}{down}" if down else up


NUMBER = Unit()
PERCENT = Unit((), 100, "per cent")


@lru_cache(maxsize=2048)
def read_unit(text: str) -> Unit | None:
    """``"per 1,000 households"``, ``"£"``, ``"%"``, ``"burglaries"``; None for an empty text: fits anything."""
    words = text.strip().lower()
    if not words:
        return None
    if words in {"%", "percent", "per cent"}:
        return Unit((), 100, text.strip())
    powers: dict[str, int] = {}
    scale = _SCALE.search(words)
    per = int(scale[1].replace(",", "")) if scale else 1
    above, _, below = _SCALE.sub("per ", words).partition("per ")
    for part, sign in ((above, 1), (below, -1)):
        for word in re.findall(r"£|[a-z][a-z-]*", part):
            base = _BASES.get(word)
            if base is not None:
                powers[base] = powers.get(base, 0) + sign
    return Unit(_tidied(powers), per, text.strip())


def _tidied(powers: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((base, power) for base, power in powers.items() if power))


def combined(left: Unit | None, right: Unit | None, sign: int) -> Unit | None:
    """The unit of a product (``sign`` 1) or a quotient (-1). The scale is kept only while both sides are plain."""
    if left is None and right is None:
        return None
    left, right = left or NUMBER, right or NUMBER
    powers = dict(left.bases)
    for base, power in right.bases:
        powers[base] = powers.get(base, 0) + sign * power
    return Unit(_tidied(powers), 1 if left.per == right.per == 1 else None)


def common(left: Unit | None, right: Unit | None, doing: str) -> Unit | None:
    """The unit two quantities share when they are added, taken away or compared.

    ``doing`` is the word for the sentence: ``"added"``. Raises CannotCompute where they count different things.
    """
    if left is None or right is None:
        return left or right
    if left.bases != right.bases or (left.per != right.per and None not in (left.per, right.per)):
        raise CannotCompute(
            Phrase(
                "“{left}” and “{right}” cannot be {doing}: they are different units.",
                left=str(left),
                right=str(right),
                doing=doing,
            )
        )
    return left if left.per is not None else right
