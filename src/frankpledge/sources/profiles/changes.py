"""Words a publisher changed: one category ends as another with the same meaning begins, while the sum goes on.

Taken one by one, such a pair shows a false fall and a false rise. Both are mapped to one common type, so the series
stays whole; the change is still said, since the two need not count quite the same things.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from frankpledge.sources.profiles.profile import Rename
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.periods import Month

FEWEST = 30  # in a month: below this a category may be empty by chance
LEFT_SHARE = 0.1  # of its usual level, at most, that the old word keeps afterwards
LIKE = (0.5, 2.0)  # level of the new word afterwards against that of the old before


@dataclass(frozen=True, slots=True)
class WordChange:
    """``new`` took over from ``old`` in ``month``: the first in which the old word had all but ended."""

    crime_type: str
    old: str
    new: str
    month: Month
    before: float  # of the old word in a month before
    after: float  # of the new word in a month from then on

    @property
    def sentence(self) -> str:
        kind = CrimeType(self.crime_type).label.lower()
        return (
            f"“{self.old}” gave way to “{self.new}” in {self.month.label} ({self.before:,.0f} a month before, "
            f"{self.after:,.0f} a month after); both count as {kind}, and either alone shows a false change."
        )


def word_changes(counts: pa.Table) -> list[WordChange]:
    """Pairs of publisher's words in ``counts`` (COUNT_COLUMNS, several months) of which one replaced the other."""
    sums = counts.group_by(["crime_type", "publisher_type", "month"]).aggregate([("n", "sum")])
    months = sorted(set(sums["month"].to_pylist()))
    if len(months) < 3:
        return []
    at = {month: place for place, month in enumerate(months)}
    series: dict[str, dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]] = {}
    for row in sums.to_pylist():
        words = series.setdefault(row["crime_type"], {})
        words.setdefault(row["publisher_type"], np.zeros(len(months)))[at[row["month"]]] += row["n_sum"] or 0
    found = []
    for crime_type, words in sorted(series.items()):
        for old, levels in sorted(words.items()):
            end = _ends_at(levels)
            if end is None:
                continue
            before = float(levels[:end].mean())
            taken_over = [
                (new, float(other[end:].mean()))
                for new, other in words.items()
                if new != old and other[: max(end - 1, 1)].mean() <= LEFT_SHARE * max(float(other[end:].mean()), FEWEST)
            ]
            fits = [(new, after) for new, after in taken_over if LIKE[0] * before <= after <= LIKE[1] * before]
            if fits:
                new, after = min(fits, key=lambda pair: abs(pair[1] - before))
                found.append(WordChange(crime_type, old, new, Month.of(months[end]), before, after))
    return found


def _ends_at(levels: np.ndarray[tuple[int], np.dtype[np.float64]]) -> int | None:
    """First place from which on the level is all but nothing, after it was something; None when it goes on."""
    for end in range(1, len(levels)):
        before = float(levels[:end].mean())
        if before >= FEWEST and (levels[end:] <= LEFT_SHARE * before).all():
            return end
    return None


def renamed_words(counts: pa.Table, known: Sequence[Rename]) -> dict[Month, list[str]]:
    """What to say of each month of a table of counts in which a word changed; with the reason where it is known."""
    told: dict[Month, list[str]] = {}
    reasons = {(_fold(one.old), _fold(one.new)): one.why for one in known if one.why}
    for change in word_changes(counts):
        why = reasons.get((_fold(change.old), _fold(change.new)))
        told.setdefault(change.month, []).append(f"{change.sentence} Reason: {why}." if why else change.sentence)
    return told


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def new_words(before: pa.Table, now: pa.Table) -> list[str]:
    """Publisher's words in ``now`` that ``before`` does not hold, in order: a new offence code, a new category."""
    known = set(pc.unique(before["publisher_type"]).to_pylist())
    return sorted(word for word in pc.unique(now["publisher_type"]).to_pylist() if word and word not in known)
