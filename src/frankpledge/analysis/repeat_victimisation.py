"""The same place again: how much of the crime is repeats, how soon they come, and how many chance alone would bring.

Repeats are counted both ways in use: as *incidents* (incidents minus victims: every one after a place's first) and as
*victims* (places with two or more). Over a rolling window both are counted within the window alone, since a longer
record finds more repeats. The time course is a life table: after each incident a place is watched until its next one
or the end of the record, and repeats are divided by the days watched, because late repeats are hidden by the end of the
record while early ones are not. By chance means: as many incidents thrown on the given number of places at random.
Sources: Farrell G, Pease K (1993) Once Bitten, Twice Bitten, Home Office Crime Prevention Unit Paper 46; Polvi N et al
(1991) Br J Criminology 31:411-414 (time course); Kaplan E, Meier P (1958) JASA 53:457-481; Feller W (1968) An
Introduction to Probability Theory, vol 1, ch 4 (occupancy).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from frankpledge.analysis.events import EPOCH, LeftOut, column_of, whole_days
from frankpledge.analysis.rates import count_limits
from frankpledge.analysis.results import Interval, Result, Table, rounded
from frankpledge.vocabulary.doubts import Doubt, DoubtKind
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, decimal, share, whole

WINDOW_DAYS = 365
BAND_DAYS, BANDS = 28, 13
MOST_TIMES = 5  # the last row of the table: so often or more
SHARES_SUM_WITHIN = 0.6  # percentages rounded to one place may miss 100 by this


@dataclass(frozen=True, slots=True)
class Repeats:
    """Incidents and the places (victims) they fell on."""

    incidents: int
    victims: int

    def __post_init__(self) -> None:
        if not 0 <= self.victims <= self.incidents or (self.incidents and not self.victims):
            raise CannotCompute(
                "There must be at least one incident for every victim, and a victim for every incident."
            )

    @property
    def repeats(self) -> int:
        """Incidents after the first at each place."""
        return self.incidents - self.victims

    @property
    def share(self) -> float | None:
        """Repeats in all incidents; None without incidents."""
        return self.repeats / self.incidents if self.incidents else None


@dataclass(frozen=True, slots=True)
class TimesRow:
    """Places hit so many times (the last row: so many or more), and their incidents; ``by_chance`` places expected."""

    times: int
    places: int
    incidents: int
    by_chance: float | None


@dataclass(frozen=True, slots=True)
class Window:
    """Repeats within one window of days, both ends included (days since 1 January 1970)."""

    first_day: int
    last_day: int
    count: Repeats


@dataclass(frozen=True, slots=True)
class Lapse:
    """Repeats ``first`` to ``last`` days after the incident before, the place-days watched, and their rate per 1,000
    place-days; ``by_then``: share of places hit again by the last of these days, as if all were watched so long.
    """

    first: int
    last: int
    repeats: int
    place_days: int
    rate: float | None
    interval: Interval | None
    by_then: float


@dataclass(frozen=True, slots=True)
class ByChance:
    """Repeats to be expected when each of ``places`` is as likely to be hit; exact mean and sd (occupancy)."""

    places: int
    repeats: float
    sd: float


@dataclass(frozen=True, kw_only=True)
class RepeatVictimisation(Result):
    """Repeats of ``n`` incidents over the whole record, by times, by window and by time since the last.

    ``chance`` is None when the number of places was not given.
    """

    count: Repeats
    repeat_victims: int
    times: tuple[TimesRow, ...]
    windows: tuple[Window, ...]
    window_days: int
    time_course: tuple[Lapse, ...]
    chance: ByChance | None

    @property
    def repeat_victims_share(self) -> float:
        """Places hit twice or more, of all places hit."""
        return self.repeat_victims / self.count.victims

    @property
    def ratio_to_chance(self) -> float:
        """Repeats over those expected by chance; CannotCompute when the number of places was not given."""
        if self.chance is None:
            raise CannotCompute("What chance would give needs the number of places that could have been hit. Give it.")
        if self.chance.repeats <= 0:
            raise CannotCompute("One incident cannot be a repeat by chance, so there is no ratio.")
        return self.count.repeats / self.chance.repeats

    def sentence(self) -> Phrase:
        numbers: dict[str, Any] = {
            "repeats": whole(self.count.repeats),
            "n": whole(self.n),
            "share": share(self.count.repeats / self.n),
            "again": whole(self.repeat_victims),
            "victims": whole(self.count.victims),
        }
        if self.chance is None:
            return Phrase(
                "{repeats} of {n} incidents ({share}) were repeats; {again} of {victims} places were hit more than "
                "once.",
                **numbers,
            )
        return Phrase(
            "{repeats} of {n} incidents ({share}) were repeats, where chance alone would give {chance}; {again} of "
            "{victims} places were hit more than once.",
            **numbers,
            chance=decimal(self.chance.repeats),
        )

    def table(self) -> Table:
        """A row for each number of times."""
        rows = tuple(
            (
                f"{row.times}+" if row.times == MOST_TIMES else str(row.times),
                row.places,
                row.places / self._all_places(),
                row.incidents,
                row.incidents / self.n,
                row.by_chance,
            )
            for row in self.times
        )
        return Table(
            ("times", "places", "share of places", "incidents", "share of incidents", "places by chance"), rows
        )

    def _all_places(self) -> int:
        return sum(row.places for row in self.times)

    def as_dict(self) -> dict[str, Any]:
        chance = self.chance
        return {
            "incidents": self.n,
            "victims": self.count.victims,
            "repeats": self.count.repeats,
            "share_of_incidents": rounded(self.count.share),
            "repeat_victims": self.repeat_victims,
            "share_of_victims": rounded(self.repeat_victims_share),
            "by_chance": None
            if chance is None
            else {"places": chance.places, "repeats": rounded(chance.repeats), "sd": rounded(chance.sd)},
            "times": [
                {
                    "times": row.times,
                    "places": row.places,
                    "incidents": row.incidents,
                    "by_chance": rounded(row.by_chance),
                }
                for row in self.times
            ],
            "window_days": self.window_days,
            "windows": [
                {
                    "first_day": window.first_day,
                    "last_day": window.last_day,
                    "incidents": window.count.incidents,
                    "victims": window.count.victims,
                    "repeats": window.count.repeats,
                    "share": rounded(window.count.share),
                }
                for window in self.windows
            ],
            "time_course": [
                {
                    "first": lapse.first,
                    "last": lapse.last,
                    "repeats": lapse.repeats,
                    "place_days": lapse.place_days,
                    "per_1000_place_days": rounded(lapse.rate),
                    "interval": None if lapse.interval is None else lapse.interval.as_dict(),
                    "by_then": rounded(lapse.by_then),
                }
                for lapse in self.time_course
            ],
            **self.provenance(),
        }


def repeat_victimisation(
    places: ArrayLike,
    days: ArrayLike,
    *,
    number_of_places: int | None = None,
    window_days: int = WINDOW_DAYS,
    first_day: int | None = None,
    last_day: int | None = None,
) -> RepeatVictimisation:
    """Repeats at each place: ``places`` any keys (addresses, UPRNs), ``days`` dates or whole day numbers, one a row.

    ``number_of_places`` is how many could have been hit (homes in the area); without it nothing is said of chance.
    ``first_day`` and ``last_day`` bound the record (days since 1 January 1970) where it is longer than its first and
    last incident. Rows without a place or date are left out and counted. Raises CannotCompute for nothing left, fewer
    places than were hit, or incidents outside the record.
    """
    key, day, left_out = _readable(places, days)
    n = len(day)
    if not n:
        raise CannotCompute("No row has both a place and a date that can be read, so there is nothing to count.")
    first = int(day.min()) if first_day is None else first_day
    last = int(day.max()) if last_day is None else last_day
    if first > day.min() or last < day.max() or window_days < 1:
        raise CannotCompute("Incidents lie outside the record's first and last day, or the window has no days.")
    hits = np.bincount(key)
    count = Repeats(n, len(hits))
    chance = None if number_of_places is None else repeats_by_chance(n, number_of_places)
    if chance is not None and chance.places < count.victims:
        raise CannotCompute(
            f"{count.victims:,} places were hit, more than the {chance.places:,} there are said to be. "
            "Check the number."
        )
    order = np.lexsort((day, key))
    before = _day_before(key[order], day[order])
    windows = _windows(day[order], before, first, last, window_days)
    return RepeatVictimisation(
        n=n,
        method="incidents minus victims; life table of days to the next incident at the place"
        + ("" if chance is None else "; chance by occupancy"),
        doubts=_doubts(left_out, windows, window_days),
        count=count,
        repeat_victims=int((hits > 1).sum()),
        times=_by_times(hits, chance, n),
        windows=windows,
        window_days=window_days,
        time_course=_time_course(key[order], day[order], before, last),
        chance=chance,
    )


def repeat_victimisation_in(table: Any, *, place: str, date: str, **settings: Any) -> RepeatVictimisation:
    """``repeat_victimisation`` of two columns of any table."""
    return repeat_victimisation(column_of(table, place), column_of(table, date), **settings)


def repeats_by_chance(incidents: int, number_of_places: int | None) -> ByChance:
    """Repeats when ``incidents`` fall on ``number_of_places`` places, each as likely. CannotCompute without places."""
    if number_of_places is None or number_of_places < 1:
        raise CannotCompute("What chance would give needs the number of places that could have been hit. Give it.")
    if incidents < 0:
        raise CannotCompute("A count cannot be below nought.")
    m = number_of_places
    # shares of draws in which one given place, and two given places, stay empty
    one = math.exp(incidents * math.log1p(-1 / m)) if m > 1 else float(incidents == 0)
    two = math.exp(incidents * math.log1p(-2 / m)) if m > 2 else float(incidents == 0)
    variance = m * (m - 1) * (two - one**2) + m * one * (1 - one)
    hit = -m * math.expm1(incidents * math.log1p(-1 / m)) if m > 1 else m * (1 - one)
    return ByChance(places=m, repeats=incidents - hit, sd=math.sqrt(max(variance, 0.0)))


def published_shares(
    times: Sequence[str], percent_of_people: Sequence[float], percent_of_incidents: Sequence[float]
) -> Table:
    """A published table of concentration, checked: CannotCompute when a column of percentages does not sum to 100."""
    for name, column in (("people", percent_of_people), ("incidents", percent_of_incidents)):
        total = math.fsum(column)
        if len(column) != len(times):
            raise CannotCompute(f"There are {len(times)} rows and {len(column)} percentages of {name}.")
        if abs(total - 100) > SHARES_SUM_WITHIN:
            raise CannotCompute(
                f"The percentages of {name} sum to {total:.1f}, not to 100, so a number in them is wrong. "
                "Check the source."
            )
    rows = tuple(zip(times, percent_of_people, percent_of_incidents, strict=True))
    return Table(("times", "% of people", "% of incidents"), rows)


def _readable(places: ArrayLike, days: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[LeftOut, ...]]:
    """Place numbers from 0 and days of the rows that have both, and what was left out."""
    keys, (day, dated) = np.asarray(places), whole_days(days)
    if keys.ndim != 1 or len(keys) != len(day):
        raise CannotCompute(f"There are {keys.size:,} places and {len(day):,} dates; each incident needs both.")
    if np.issubdtype(keys.dtype, np.number):
        placed = np.isfinite(keys.astype(np.float64))
    else:
        keys = np.array([_word(key) for key in keys.tolist()], dtype=object).astype(str)
        placed = keys != ""
    keep = placed & dated
    counted = (("no place", int((~placed).sum())), ("no date that can be read", int((placed & ~dated).sum())))
    number = np.unique(keys[keep], return_inverse=True)[1].reshape(-1)
    return number.astype(np.int64), day[keep], tuple(LeftOut(reason, rows) for reason, rows in counted if rows)


def _word(key: object) -> str:
    if key is None or key != key:  # a missing value of a data frame differs from itself
        return ""
    return str(key).strip()


def _day_before(key: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """For incidents sorted by place and day: the day of the one before at the place, far in the past if none."""
    before = np.full(len(day), np.iinfo(np.int64).min // 2)
    again = np.flatnonzero(key[1:] == key[:-1]) + 1
    before[again] = day[again - 1]
    return before


def _by_times(hits: NDArray[np.int64], chance: ByChance | None, incidents: int) -> tuple[TimesRow, ...]:
    """Rows 1, 2 ... MOST_TIMES or more; a row 0 in front when the number of places is known."""
    known = np.bincount(np.minimum(hits, MOST_TIMES), minlength=MOST_TIMES + 1)
    sums = np.bincount(np.minimum(hits, MOST_TIMES), weights=hits, minlength=MOST_TIMES + 1)
    if chance is None:
        return tuple(TimesRow(k, int(known[k]), int(sums[k]), None) for k in range(1, MOST_TIMES + 1))
    known[0] = chance.places - len(hits)
    mean = incidents / chance.places
    expected = [chance.places * math.exp(-mean) * mean**k / math.factorial(k) for k in range(MOST_TIMES)]
    expected.append(chance.places * float(special.gammainc(MOST_TIMES, mean)))
    return tuple(TimesRow(k, int(known[k]), int(sums[k]), expected[k]) for k in range(MOST_TIMES + 1))


def _windows(
    day: NDArray[np.int64], before: NDArray[np.int64], first: int, last: int, window_days: int
) -> tuple[Window, ...]:
    """Windows that end with the record and with each month before, as long as they lie within the record."""
    found = []
    for end in _month_ends(first + window_days - 1, last):
        start = end - window_days + 1
        inside = (day >= start) & (day <= end)
        repeats = int((inside & (before >= start)).sum())
        incidents = int(inside.sum())
        found.append(Window(start, end, Repeats(incidents, incidents - repeats)))
    return tuple(found)


def _month_ends(earliest: int, last: int) -> list[int]:
    """Last days of months from ``earliest`` to before ``last``, and ``last``."""
    if earliest > last:
        return []
    epoch = np.datetime64(EPOCH, "D")
    months = np.arange((epoch + earliest).astype("datetime64[M]"), (epoch + last).astype("datetime64[M]") + 1)
    ends = ((months + 1).astype("datetime64[D]") - epoch).astype(np.int64) - 1
    return [*(int(end) for end in ends if earliest <= end < last), last]


def _time_course(
    key: NDArray[np.int64], day: NDArray[np.int64], before: NDArray[np.int64], last: int
) -> tuple[Lapse, ...]:
    """Life table: each incident is watched until the next at its place, or to the end of the record."""
    again = np.flatnonzero(key[1:] == key[:-1])  # incidents followed by another
    watched = last - day
    watched[again] = day[again + 1] - day[again]
    gaps = watched[again]
    longest = BAND_DAYS * BANDS
    repeated = np.bincount(gaps[gaps < longest], minlength=longest)
    ended = np.bincount(np.minimum(watched, longest), minlength=longest + 1)
    at_risk = len(day) - np.concatenate(([0], np.cumsum(ended[:longest])))[:longest]  # watched so many days or more
    staying = np.cumprod(1 - repeated / np.maximum(at_risk, 1))
    lapses = []
    for start in range(0, longest, BAND_DAYS):
        band = slice(start, start + BAND_DAYS)
        repeats, place_days = int(repeated[band].sum()), int(at_risk[band].sum())
        lapses.append(
            Lapse(
                first=start,
                last=start + BAND_DAYS - 1,
                repeats=repeats,
                place_days=place_days,
                rate=1_000 * repeats / place_days if place_days else None,
                interval=_per_thousand(repeats, place_days) if place_days else None,
                by_then=float(1 - staying[start + BAND_DAYS - 1]),
            )
        )
    return tuple(lapses)


def _per_thousand(repeats: int, place_days: int) -> Interval:
    limits = count_limits(repeats)
    scale = 1_000 / place_days
    lower = None if limits.lower is None else scale * limits.lower
    return Interval(lower, scale * limits.upper, limits.confidence, limits.method)


def _doubts(left_out: tuple[LeftOut, ...], windows: tuple[Window, ...], window_days: int) -> tuple[Doubt, ...]:
    doubts = [Doubt(DoubtKind.ROWS_LEFT_OUT, left.sentence) for left in left_out]
    if not windows:
        sentence = Phrase(
            "The record is shorter than {days} days, so repeats over such a window cannot be given, and the share of "
            "repeats is too low.",
            days=whole(window_days),
        )
        doubts.append(Doubt(DoubtKind.SHORT_HISTORY, sentence))
    return tuple(doubts)
