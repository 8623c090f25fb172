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
    UNCONFIRMED_FIGURE = "unconfirmed figure"
    SOCIETY_NOT_CASH = "society, not cash"
    RECORDED_NOT_ACTUAL = "recorded, not actual"
    PRICES_NOT_ALIGNED = "prices of different years"
    WEIGHTS_MISSING = "weights missing"
    ASSUMED_TO_LAST = "assumed to last"
    LOW_RESPONSE = "low response"
    NO_COMPARISON = "no comparison"
    FEW_CLUSTERS = "few areas"
    STAGGERED_ADOPTION = "started at different times"
    PATHS_DIFFERED_BEFORE = "paths differed before"
    NO_BUFFER = "displacement not measured"
    OWN_CHOICE = "protected homes differ from others"
    MISSING_COUNTS = "missing counts"
    VAGUE_TIMES = "vague times"
    PLACES_WITHOUT_ANY = "places without any"
    BANDWIDTH_UNDER_CELL = "bandwidth smaller than a cell"
    MASS_OUTSIDE = "mass outside the area"
    NO_BETTER = "no better than counting"
    CHANCE_LINKS = "links by chance"
    STRAIGHT_LINES = "straight lines, not roads"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One named warning with the sentence that explains it to a reader."""

    kind: DoubtKind
    sentence: str
