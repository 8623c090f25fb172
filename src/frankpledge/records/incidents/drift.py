"""What changed between the files of one sender: fewer rows than usual, words never seen before.

Pure functions over numbers of rows by month and word. No Django, no clock. A word that takes the place of another is
found by ``sources.profiles.changes``.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence

from frankpledge.sources.profiles.changes import Renaming, Series, folded
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.wording import Phrase, whole

LEAST_CHANGE = 0.10  # of the usual: a tenth up or down is no news
LEAST_USUAL = 20  # below this many, a change in per cent says nothing
YEARS_AROUND = 5
SAME_MONTHS_NEEDED = 2  # of other years; else the months around are what is usual
EARLIER_NEEDED = 3  # months before a word may be called new
MOST_NEW_WORDS = 5


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
    spelled, series = folded(series)
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
