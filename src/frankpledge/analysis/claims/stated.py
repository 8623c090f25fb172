"""What printed words allow: the number, how it was rounded, and whether “almost” or “fewer than” stands before it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from frankpledge.vocabulary.wording import Phrase

_NUMBER = re.compile(r"(?<![\w.])£?(?P<digits>\d[\d,]*(?:\.\d+)?)\s?(?P<scale>million|m\b|k\b)?", re.IGNORECASE)
_SCALES = {"k": 1_000, "m": 1_000_000, "million": 1_000_000}
# Fractions in words, as per cent.
_IN_WORDS = {
    "two thirds": Fraction(200, 3),
    "two-thirds": Fraction(200, 3),
    "three quarters": Fraction(75),
    "a third": Fraction(100, 3),
    "a quarter": Fraction(25),
    "half": Fraction(50),
}
_LOOSE_SHARE = Fraction(1, 10)  # of the stated value: the widest anything may be called "about" or "rounded to"
_LOOSE_ABOVE = 2  # "over X" said of more than twice X hides the figure


class Bound(StrEnum):
    """What the words before a number make of it."""

    EXACTLY = "exactly"
    ABOVE = "above"
    BELOW = "below"
    NEARLY = "nearly"
    ABOUT = "about"


_WORDS: tuple[tuple[str, Bound], ...] = (
    ("fewer than", Bound.BELOW),
    ("less than", Bound.BELOW),
    ("under", Bound.BELOW),
    ("below", Bound.BELOW),
    ("up to", Bound.BELOW),
    ("more than", Bound.ABOVE),
    ("at least", Bound.ABOVE),
    ("over", Bound.ABOVE),
    ("above", Bound.ABOVE),
    ("almost", Bound.NEARLY),
    ("nearly", Bound.NEARLY),
    ("approximately", Bound.ABOUT),
    ("around", Bound.ABOUT),
    ("about", Bound.ABOUT),
    ("roughly", Bound.ABOUT),
    ("some", Bound.ABOUT),
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A printed value. ``step`` is its last printed place; ``loose`` what it may be rounded to if its noughts are not
    meant; both in the value's own unit."""

    value: Fraction
    step: Fraction
    loose: Fraction
    bound: Bound

    @property
    def strict_range(self) -> tuple[Fraction, Fraction]:
        """What rounds to the printed figures."""
        return self.value - self.step / 2, self.value + self.step / 2

    @property
    def loose_range(self) -> tuple[Fraction, Fraction]:
        """What a kind reader lets pass: rounded to the noughts, or “almost”; never more than a tenth away."""
        widest = abs(self.value) * _LOOSE_SHARE
        reach = widest if self.bound in {Bound.NEARLY, Bound.ABOUT} else min(self.loose / 2, widest)
        upper = self.value + (self.step / 2 if self.bound is Bound.NEARLY else reach)
        return self.value - max(reach, self.step / 2), max(upper, self.value + self.step / 2)

    @property
    def allowed(self) -> tuple[Fraction, Fraction]:
        """What the words allow, as a range to draw."""
        low, high = self.strict_range
        if self.bound is Bound.BELOW:
            return min(Fraction(0), self.value), self.value
        if self.bound is Bound.ABOVE:
            return low, self.value * _LOOSE_ABOVE if self.value > 0 else high
        return low, high

    def fits(self, value: Fraction) -> bool:
        """Whether ``value`` is what the words say. A fall is stated without its sign's direction: -14 is “over 14”."""
        if self.value < 0:
            return Stated(-self.value, self.step, self.loose, self.bound).fits(-value)
        low, high = self.strict_range
        if self.bound is Bound.BELOW:
            return value < self.value
        if self.bound is Bound.ABOVE:
            return low <= value <= _LOOSE_ABOVE * self.value
        return low <= value < high or (value == high and self.step == 0)

    def nearly_fits(self, value: Fraction) -> bool:
        """Whether a kind reader lets it pass as rounding. “Fewer than” and “over” are not rounded: they hold or not."""
        if self.bound in {Bound.BELOW, Bound.ABOVE}:
            return False
        low, high = self.loose_range
        return low <= value <= high

    def words(self) -> Phrase:
        """The range in words, for the sentence of a verdict."""
        low, high = self.allowed
        if self.bound is Bound.BELOW:
            return Phrase("anything under {value}", value=plain(self.value))
        return Phrase("{low} to {high}", low=plain(low), high=plain(high))


def plain(value: Fraction | float, places: int = 2) -> str:
    """``1,385,077``, ``183.15``, ``0.0749``: thousands apart, no idle noughts, small values to three figures."""
    number = float(value)
    if number and abs(number) < 0.1:
        return f"{number:.3g}"
    text = f"{number:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_stated(value: int | float | str, words: str = "", rounding: int | float | None = None) -> Stated:
    """The stated ``value`` as it stands in ``words``, where its last place and what stands before it are read.

    ``rounding`` says outright what it was rounded to. Without either, the number's own places count.
    """
    exact = Fraction(str(value))
    printed, scale, before = _found(exact, words) or (str(value), 1, _before_fraction(exact, words))
    bound = next((bound for text, bound in _WORDS if before.rstrip().endswith(text)), Bound.EXACTLY)
    if rounding is not None:
        step = Fraction(str(rounding))
        return Stated(exact, step, step, bound)
    return Stated(exact, _step(printed) * scale, _loose_step(printed) * scale, bound)


def last_place(value: int | float | str, words: str = "") -> Fraction:
    """The last place of a figure that was printed rounded: of 7.80 % in the words, a hundredth; nought for a count."""
    exact = Fraction(str(value))
    found = _found(exact, words)
    printed = found[0] if found else str(value)
    if "." in printed:
        return _step(printed)
    share = _found(exact * 100, words) if exact.denominator != 1 else None
    return _step(share[0]) / 100 if share else Fraction(0)


def _found(value: Fraction, words: str) -> tuple[str, Fraction | int, str] | None:
    for match in _NUMBER.finditer(words):
        digits = match["digits"].replace(",", "").rstrip(".")
        scale = _SCALES.get((match["scale"] or "").lower(), 1)
        number = Fraction(Decimal(digits))
        before = words[: match.start()].lower()
        if number == abs(value):
            return digits, 1, before
        if number * scale == abs(value):
            return digits, scale, before
    return None


def _before_fraction(value: Fraction, words: str) -> str:
    lower = words.lower()
    for text, share in _IN_WORDS.items():
        if abs(share - abs(value)) < Fraction(1, 10) and text in lower:
            return lower[: lower.index(text)]
    return ""


def _step(printed: str) -> Fraction:
    places = len(printed.partition(".")[2])
    return Fraction(1, 10**places)


def _loose_step(printed: str) -> Fraction:
    """The place of the last digit that is not nought: ten for 40, a thousand for 98,000, one for 1.0."""
    whole, _, part = printed.partition(".")
    if part.strip("0"):
        return Fraction(1, 10 ** len(part.rstrip("0")))
    digits = whole.lstrip("-")
    return Fraction(10 ** (len(digits) - len(digits.rstrip("0")))) if digits.strip("0") else Fraction(1)
