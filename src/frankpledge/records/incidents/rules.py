"""What is true of batches without a database: their keys, which may stand beside which, and what is usual.

Pure functions over plain values. No Django, no clock.
"""

import hashlib
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from frankpledge.records.incidents.vocabulary import Verdict
from frankpledge.sources.profiles import Profile
from frankpledge.vocabulary.deliveries import Delivery
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.periods import Month, MonthSpan

SHORTEST_MARK = 6  # characters of the content's fingerprint in a batch key
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LENGTH = 60
_FINGERPRINT_SIZE = 2**128

# A figure is unusual when it is further from the median of its neighbours than three of their robust standard
# deviations (1.4826 x the median absolute deviation; Huber and Ronchetti 2009, section 5.1). Fewer than six neighbours
# say nothing.
NEIGHBOURS_NEEDED = 6
NEIGHBOUR_MONTHS = 12
USUAL_WIDTH = 3 * 1.4826
LEAST_WIDTH_OF_ROWS = 0.10  # of the median: a tenth up or down is never called unusual
LEAST_WIDTH_OF_SHARE = 0.01  # one percentage point


def check_acceptable(delivery: Delivery) -> None:
    """Raise RuleBroken for a delivery of which nothing can be used, ValueError for one that contradicts itself.

    A period without a single usable row is refused rather than stored: it would look like a month without crime.
    """
    for slug in (delivery.source, delivery.publisher):
        if not _SLUG.fullmatch(slug) or len(slug) > SLUG_LENGTH:
            raise ValueError(f"“{slug}” cannot stand in a batch key")
    balance = delivery.balance
    told = (delivery.events.num_rows, len(delivery.rejected), delivery.duplicates)
    if told != (balance.stored, balance.quarantined, balance.duplicates):
        raise ValueError(f"the delivery holds {told} rows but its balance says {balance}")
    if balance.stored:
        return
    if not delivery.rejected:
        raise RuleBroken(f"{delivery.file} has no rows for {delivery.period.label}. Nothing was kept.")
    first = delivery.rejected[0]
    raise RuleBroken(
        f"None of the {balance.read:,} rows of {delivery.file} for {delivery.period.label} could be used. "
        f"The first, line {first.line}: {first.sentence} Nothing was kept."
    )


def batch_key(delivery: Delivery, mark_length: int = SHORTEST_MARK) -> str:
    """``police-uk-street.leicestershire.2022-10.a1b2c3``: readable, stable, fit for an address."""
    period = str(delivery.period.first)
    if len(delivery.period) > 1:
        period = f"{period}_{delivery.period.last}"
    return f"{delivery.source}.{delivery.publisher}.{period}.{delivery.content_sha256[:mark_length]}"


def check_overlap(new: MonthSpan, held: Iterable[MonthSpan], *, publisher_name: str, file: str) -> None:
    """Raise RuleBroken if ``new`` shares months with a held period without being the same period.

    Taking both would count the shared months twice; taking part of either would tear a delivery apart.
    """
    for period in held:
        overlaps = period.first <= new.last and new.first <= period.last
        if overlaps and period != new:
            raise RuleBroken(
                f"{file} covers {new.label}, but {publisher_name} already sent {period.label}, which shares months "
                f"with it. Withdraw that batch first, or send the same period."
            )


def with_batch(version: str, content_sha256: str) -> str:
    """The store version after a batch of that content became current."""
    return _moved(version, content_sha256, 1)


def without_batch(version: str, content_sha256: str) -> str:
    """The store version after a batch of that content ceased to be current."""
    return _moved(version, content_sha256, -1)


def _moved(version: str, content_sha256: str, sign: int) -> str:
    """A version is the sum of its batches' fingerprints, so the same set gives the same version in whatever order."""
    mark = int(hashlib.sha256(content_sha256.encode()).hexdigest(), 16)
    return f"{(int(version, 16) + sign * mark) % _FINGERPRINT_SIZE:032x}"


def check_profile(profile: Profile, *, taken: Iterable[str]) -> None:
    """Raise RuleBroken for a profile without a sender, a right to hold it, a class of data or a name of its own."""
    if profile.name in set(taken):
        raise RuleBroken("A profile that comes with the software has this name. Call yours something else.")
    if not profile.publisher or not profile.publisher_name:
        raise RuleBroken("Say who sends this file.")
    if not profile.legal_basis:
        raise RuleBroken("Say what allows the partnership to hold this file.")
    if not profile.data_class:
        raise RuleBroken("Say which class of data this is, as the sharing agreements name it.")


def owner_among(
    agencies: Iterable[tuple[int, str, str]], *, publisher_name: str, kind: str, own: Iterable[int]
) -> tuple[int, str] | None:
    """Whose records a delivery holds, as key and name: of ``agencies`` (key, name, kind), or None where none fits.

    The agency of the publisher's name; else the only one of the ``kind`` that sends such files; else the only agency
    of the person who brought it in (``own``).
    """
    known = list(agencies)
    wanted = publisher_name.casefold().strip()
    for fitting in (
        [agency for agency in known if agency[1].casefold() == wanted],
        [agency for agency in known if kind and agency[2] == kind],
        [agency for agency in known if agency[0] in set(own)],
    ):
        if len(fitting) == 1:
            return fitting[0][0], fitting[0][1]
    return None


EMPTY_VERSION = "0" * 32


@dataclass(frozen=True, slots=True)
class Check:
    """One figure of a batch against the batches around it. ``low`` and ``high`` are None with too few neighbours."""

    label: str
    value: float
    is_share: bool
    low: float | None
    high: float | None
    verdict: Verdict

    @property
    def shown(self) -> str:
        """The figure as people read it: ``8,714`` or ``97.5 %``."""
        return self._show(self.value)

    @property
    def usual(self) -> str:
        """``8,100 to 9,300``, or empty with nothing to compare with."""
        if self.low is None or self.high is None:
            return ""
        return f"{self._show(self.low)} to {self._show(self.high)}"

    @property
    def distance(self) -> float:
        """How far outside the usual the figure lies, in widths of the usual range; 0 inside it or with no range."""
        if self.low is None or self.high is None:
            return 0.0
        return max(self.low - self.value, self.value - self.high, 0.0) / ((self.high - self.low) or 1.0)

    def sentence(self) -> str:
        """The check in words."""
        if self.verdict is Verdict.NOTHING_TO_COMPARE:
            return f"{self.label}: {self.shown}. Too few months around it to say whether that is usual."
        if self.verdict is Verdict.AS_USUAL:
            return f"{self.label}: {self.shown}, as usual."
        return (
            f"{self.label}: {self.shown}, usually {self.usual}. Ask the publisher before trusting a rise or fall here."
        )

    def _show(self, value: float) -> str:
        return f"{100 * value:.1f} %" if self.is_share else f"{value:,.0f}"


def check_against(label: str, value: float, neighbours: Sequence[float], *, is_share: bool) -> Check:
    """``value`` against the same figure of the batches around it."""
    if len(neighbours) < NEIGHBOURS_NEEDED:
        return Check(label, value, is_share, None, None, Verdict.NOTHING_TO_COMPARE)
    middle = statistics.median(neighbours)
    spread = statistics.median(abs(other - middle) for other in neighbours)
    least = LEAST_WIDTH_OF_SHARE if is_share else LEAST_WIDTH_OF_ROWS * middle
    width = max(USUAL_WIDTH * spread, least)
    low, high = max(0.0, middle - width), middle + width
    if is_share:
        high = min(1.0, high)
    verdict = Verdict.AS_USUAL if low <= value <= high else Verdict.UNUSUAL
    return Check(label, value, is_share, low, high, verdict)


NEVER_ASKED_LATER = 183  # days: what came later than half a year was brought in as history, not sent late


def days_late(period: MonthSpan, received_on: date) -> int:
    """Days from the end of the period to the day its file came in; never less than none."""
    return max(0, (received_on - (period.last + 1).first_day).days)


def is_neighbour(month: Month, other: Month) -> bool:
    """Whether ``other`` is near enough to say what is usual: within a year, or the same month of another year."""
    apart = abs(month.number - other.number)
    return apart != 0 and (apart <= NEIGHBOUR_MONTHS or apart % 12 == 0)
