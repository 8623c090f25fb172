"""The work beside installing, by arithmetic: empty homes are made safe within a day of hours that really passed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from frankpledge.vocabulary.errors import DataProblem

VOID_HOURS = 24


@dataclass(frozen=True, slots=True)
class VoidClock:
    """An empty home's clock: how long it has run, when it strikes, and whether it was or is beaten."""

    ran: timedelta
    strikes_at: datetime
    is_secured: bool

    @property
    def is_late(self) -> bool:
        """Whether more than 24 hours passed; exactly 24 is in time."""
        return self.ran > timedelta(hours=VOID_HOURS)

    @property
    def hours(self) -> int:
        """Whole hours that ran."""
        return int(self.ran.total_seconds() // 3600)


def void_clock(void_at: datetime, secured_at: datetime | None, now: datetime) -> VoidClock:
    """The clock of an empty home, counted in UTC: an hour is an hour, also in the nights when clocks change.

    Raises DataProblem for a home secured before it was empty.
    """
    began = void_at.astimezone(UTC)
    until = (secured_at or now).astimezone(UTC)
    if secured_at is not None and until < began:
        raise DataProblem("The home would have been secured before it was empty. Change one of the times.")
    return VoidClock(max(until - began, timedelta()), began + timedelta(hours=VOID_HOURS), secured_at is not None)
