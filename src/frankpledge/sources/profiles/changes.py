"""Words a publisher changed: one category stops in the month another starts.

Either alone shows a false fall or a false rise: the trap in the Metropolitan Police's ward tables. Where both are
mapped to one common type the series stays whole; the change is still said, since the two need not count quite the same
things.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import pyarrow as pa

from frankpledge.sources.profiles.profile import Rename
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.wording import Phrase

WordCounts = Mapping[str, float]
Series = Mapping[Month, WordCounts]
"""Month -> the publisher's word -> how many."""

SIDE_NEEDED = 2  # months on either side of a change of name
STOPPED_SHARE = 0.02  # of its usual number: from here on a word no longer counts as used
STARTED_SHARE = 0.5
LEAST_LEVEL = 20  # a month, of the word that stops: below that, stopping is chance
LIKE_LEVELS = (0.5, 2.0)  # the new word's level over the old one's
ALIKE = 0.5  # likeness of two words, 0 to 1


@dataclass(frozen=True, slots=True)
class Renaming:
    """``old`` is last used in the month before ``month``; ``new`` takes its place from then on."""

    old: str
    new: str
    month: Month

    @property
    def sentence(self) -> Phrase:
        """What happened and what to do about it."""
        return Phrase(
            "In {month} “{old}” stops and “{new}” starts. Count them as one: alone, each shows a false rise or fall.",
            month=self.month,
            old=self.old,
            new=self.new,
        )


def renamings(series: Series) -> tuple[Renaming, ...]:
    """Pairs of words of which one stops in the month the other starts, the likeliest partner for each; by month.

    A word that only changes its capitals is the same word. Where months are missing in between, or several words stop
    or start at once, only words that are alike are taken for a pair.
    """
    spelled, series = folded(series)
    months = sorted(series)
    words = {word for counts in series.values() for word in counts}
    stops, starts = {}, {}
    for word in words:
        counts = [series[month].get(word, 0) for month in months]
        if (at := _stop(counts)) is not None:
            stops[word] = at
        if (at := _start(counts)) is not None:
            starts[word] = at
    found = sorted(_pairs(series, months, stops, starts), key=lambda pair: -pair[0])
    taken: set[str] = set()
    kept = []
    for _, renaming in found:
        if renaming.old not in taken and renaming.new not in taken:
            taken |= {renaming.old, renaming.new}
            kept.append(Renaming(spelled[renaming.old], spelled[renaming.new], renaming.month))
    return tuple(sorted(kept, key=lambda one: (one.month, one.old)))


def folded(series: Series) -> tuple[dict[str, str], dict[Month, dict[str, float]]]:
    """The series with words of other capitals or spaces as one, and how each word was last spelled."""
    spelled: dict[str, str] = {}
    folded: dict[Month, dict[str, float]] = {}
    for month in sorted(series):
        counts = folded.setdefault(month, {})
        for word, count in series[month].items():
            key = _fold(word)
            spelled[key] = word
            counts[key] = counts.get(key, 0) + count
    return spelled, folded


def _stop(counts: Sequence[float]) -> int | None:
    """The first month from which the word is all but unused, after months of use; None without."""
    level = _level(counts)
    at = len(counts)
    while at and counts[at - 1] <= STOPPED_SHARE * level:
        at -= 1
    enough = at >= SIDE_NEEDED and at < len(counts)
    return at if enough and level >= LEAST_LEVEL else None


def _start(counts: Sequence[float]) -> int | None:
    """The first month of full use after months of little or none. The month before may hold a few: changes overlap."""
    level = _level(counts[::-1])
    at = next((i for i, count in enumerate(counts) if count > STARTED_SHARE * level), 0)
    before = counts[: max(0, at - 1)]
    enough = at >= SIDE_NEEDED and at < len(counts)
    return at if enough and all(count <= STOPPED_SHARE * level for count in before) else None


def _level(counts: Sequence[float]) -> float:
    """The usual number of a word while it is used: the median of the months from its first to the last with any."""
    used = [count for count in counts if count > 0]
    return statistics.median(used) if used else 0.0


def _pairs(
    series: Series, months: Sequence[Month], stops: Mapping[str, int], starts: Mapping[str, int]
) -> Iterable[tuple[float, Renaming]]:
    for old, at in stops.items():
        gap = months[at].number - months[at - 1].number > 1
        alone = list(stops.values()).count(at) == 1 == list(starts.values()).count(at)
        for new, begins in starts.items():
            if begins != at or old == new:
                continue
            before = statistics.median(series[month].get(old, 0) for month in months[:at])
            after = statistics.median(series[month].get(new, 0) for month in months[at:])
            ratio = after / before if before else 0.0
            if LIKE_LEVELS[0] <= ratio <= LIKE_LEVELS[1]:
                alike = SequenceMatcher(None, old, new).ratio()
                if alike >= ALIKE or (alone and not gap):
                    yield alike - abs(1 - ratio) / 4, Renaming(old, new, months[at])


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
    """Renamings in ``counts`` (COUNT_COLUMNS, several months) within one common type, with both words' means."""
    return [
        WordChange(
            crime_type,
            one.old,
            one.new,
            one.month,
            before=statistics.fmean(words.get(one.old, 0) for month, words in series.items() if month < one.month),
            after=statistics.fmean(words.get(one.new, 0) for month, words in series.items() if month >= one.month),
        )
        for crime_type, series in sorted(series_by_type(counts).items())
        for one in renamings(series)
    ]


def series_by_type(counts: pa.Table) -> dict[str, dict[Month, dict[str, float]]]:
    """What ``counts`` (COUNT_COLUMNS) hold, by common type, month and publisher's word. Every month stands in each."""
    sums = counts.group_by(["crime_type", "publisher_type", "month"]).aggregate([("n", "sum")]).to_pylist()
    months = sorted({Month.of(row["month"]) for row in sums})
    found: dict[str, dict[Month, dict[str, float]]] = {}
    for row in sums:
        series = found.setdefault(row["crime_type"], {month: {} for month in months})
        series[Month.of(row["month"])][row["publisher_type"]] = float(row["n_sum"] or 0)
    return found


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
