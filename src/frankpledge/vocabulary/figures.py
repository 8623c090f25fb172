"""Words of indicators and figures that rooms above them share. The value stored is the word on the form."""

from enum import StrEnum


class Completeness(StrEnum):
    """Whether all of it is there. A part to be confirmed makes its total *at least*."""

    COMPLETE = "complete"
    AT_LEAST = "at least"
    TO_BE_CONFIRMED = "to be confirmed"


class Polarity(StrEnum):
    """Which way is better. *Context only*: neither, such as reports of domestic abuse, which we want to hear of."""

    MORE_IS_GOOD = "more is good"
    LESS_IS_GOOD = "less is good"
    CONTEXT_ONLY = "context only"


class Aggregation(StrEnum):
    """How figures of short periods make one of a longer period."""

    SUM = "sum"
    MEAN = "mean"
    ROLLING_YEAR = "rolling year"
    LATEST = "latest"


class PeriodLength(StrEnum):
    """How often a figure is due."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Calendar(StrEnum):
    """When years begin: in April, or in January."""

    FINANCIAL = "financial"
    CALENDAR = "calendar"


class DisclosureRule(StrEnum):
    """Who may be shown a figure. Numbers are suppressed by the one function of disclosure control, not here."""

    PUBLIC = "public"
    PUBLIC_IF_FIVE = "public when five or more"
    PARTNERS = "partners only"


MONTHS_IN = {PeriodLength.MONTH: 1, PeriodLength.QUARTER: 3, PeriodLength.YEAR: 12}
YEAR_BEGINS_IN = {Calendar.FINANCIAL: 4, Calendar.CALENDAR: 1}


def joined(parts: "list[Completeness]") -> Completeness:
    """How complete a total of these parts is: one part unknown makes it *at least*, all of them *to be confirmed*."""
    if parts and all(part is Completeness.TO_BE_CONFIRMED for part in parts):
        return Completeness.TO_BE_CONFIRMED
    if any(part is not Completeness.COMPLETE for part in parts):
        return Completeness.AT_LEAST
    return Completeness.COMPLETE
