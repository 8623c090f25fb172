"""What changed between the files of one sender: fewer rows than usual, words never seen before, a category renamed.

Pure functions over numbers of rows by month and word. No Django, no clock. A renamed category is the trap in the
Metropolitan Police's ward tables: one word stops in the month another starts, and either alone shows a false rise or
fall.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.wording import Phrase, whole

WordCounts = Mapping[str, float]
Series = Mapping[Month, WordCounts]
"""Month -> the publisher's word -> how many."""

LEAST_CHANGE = 0.10  # of the usual: a tenth up or down is no news
LEAST_USUAL = 20  # below this many, a change in per cent says nothing
YEARS_AROUND = 5
SAME_MONTHS_NEEDED = 2  # of other years; else the months around are what is usual
EARLIER_NEEDED = 3  # months before a word may be called new
SIDE_NEEDED = 2  # months on either side of a change of name
STOPPED_SHARE = 0.02  # of its usual number: from here on a word no longer counts as used
STARTED_SHARE = 0.5
LEAST_LEVEL = 20  # a month, of the word that stops: below that, stopping is chance
LIKE_LEVELS = (0.5, 2.0)  # the new word's level over the old one's
ALIKE = 0.5  # likeness of two words, 0 to 1
MOST_NEW_WORDS = 5


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


def change_of_rows(month: Month, rows: float, others: Mapping[Month, float], *, counted: bool = False) -> Phrase | None:
    """``43 % fewer rows than the usual April``: against the same month of five years around, else the months around.

    ``others`` are rows of the sender's other files by month; ``counted``: they are what was counted, not rows. None
    when it is as usual or nothing can be said.
    """
    same = [
        count
        for other, count in others.items()
        if other != month and other.month == month.month and abs(other.year - month.year) <= YEARS_AROUND
    ]
    if len(same) >= SAME_MONTHS_NEEDED:
        usual, template = statistics.median(same), "{share} % {word} than the usual {month}"
    else:
        around = [count for other, count in others.items() if 0 < abs(other.number - month.number) <= 6]
        if len(around) < EARLIER_NEEDED:
            return None
        usual, template = statistics.median(around), "{share} % {word} than the months around it"
    if usual < LEAST_USUAL or abs(rows - usual) <= LEAST_CHANGE * usual:
        return None
    share = round(100 * abs(rows - usual) / usual)
    if counted:
        word = Phrase("less counted") if rows < usual else Phrase("more counted")
    else:
        word = Phrase("fewer rows") if rows < usual else Phrase("more rows")
    return Phrase(template, share=whole(share), word=word, month=Phrase(month.label.split(" ")[0]))


def new_words(series: Series, months: Iterable[Month], renamings: Sequence[Renaming] = ()) -> tuple[str, ...]:
    """Words first seen in ``months`` though the sender has sent three months before them; the commonest first."""
    spelled, series = _folded(series)
    wanted = set(months)
    if not wanted:
        return ()
    earlier = [month for month in series if month < min(wanted)]
    if len(earlier) < EARLIER_NEEDED:
        return ()
    known = {word for month in earlier for word, count in series[month].items() if count}
    known |= {" ".join(renaming.new.casefold().split()) for renaming in renamings}
    counts: dict[str, float] = {}
    for month in wanted & series.keys():
        for word, count in series[month].items():
            if count and word and word not in known:
                counts[word] = counts.get(word, 0) + count
    return tuple(spelled[word] for word in sorted(counts, key=lambda word: (-counts[word], word)))


def new_words_phrase(words: Sequence[str]) -> Phrase:
    """``a new offence code``: words the sender never used before."""
    shown = tuple(f"“{word}”" for word in words[:MOST_NEW_WORDS])
    more = len(words) - len(shown)
    if more:
        return Phrase("New words never sent before: {words} and {more} more", words=", ".join(shown), more=whole(more))
    if len(shown) == 1:
        return Phrase("A new word never sent before: {words}", words=shown)
    return Phrase("New words never sent before: {words}", words=shown)


def renamings(series: Series) -> tuple[Renaming, ...]:
    """Pairs of words of which one stops in the month the other starts, the likeliest partner for each; by month.

    A word that only changes its capitals is the same word. Where months are missing in between, or several words stop
    or start at once, only words that are alike are taken for a pair.
    """
    spelled, series = _folded(series)
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


def _folded(series: Series) -> tuple[dict[str, str], dict[Month, dict[str, float]]]:
    """The series with words of other capitals or spaces as one, and how each word was last spelled."""
    spelled: dict[str, str] = {}
    folded: dict[Month, dict[str, float]] = {}
    for month in sorted(series):
        counts = folded.setdefault(month, {})
        for word, count in series[month].items():
            key = " ".join(word.casefold().split())
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
