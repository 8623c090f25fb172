"""Named warnings that travel with a result: the number stands, and this is what to doubt about it."""

from dataclasses import dataclass
from enum import StrEnum


class DoubtKind(StrEnum):
    """Every reason this platform has for doubting a number it prints."""

    SMALL_NUMBERS = "small numbers"
    MONTH_PRECISION = "month precision"
    SNAP_POINTS = "snap points"
    COVID_PERIOD = "covid period"
    MIXED_BURGLARY = "homes and businesses mixed"
    MISSING_MONTHS = "missing months"
    UNEQUAL_PERIODS = "unequal periods"
    SHORT_HISTORY = "short history"
    BEST_FIT_AREAS = "best-fit areas"
    ROWS_WITHOUT_PLACE = "rows without a place"
    DENOMINATOR_AGE = "old denominator"
    OVER_DISPERSION = "over-dispersion"
    ROWS_IN_QUARANTINE = "rows in quarantine"
    CHOSEN_FOR_BEING_HIGH = "chosen for being high"
    ROWS_LEFT_OUT = "rows left out"
    NO_COMPARISON = "no comparison"
    FEW_CLUSTERS = "few areas"
    STAGGERED_ADOPTION = "started at different times"
    PATHS_DIFFERED_BEFORE = "paths differed before"
    NO_BUFFER = "displacement not measured"
    OWN_CHOICE = "protected homes differ from others"
    MISSING_COUNTS = "missing counts"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One named warning with the sentence that explains it to a reader."""

    kind: DoubtKind
    sentence: str
