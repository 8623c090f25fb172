"""The quarterly duty to share: who owes which data set for which quarter, what came, what is late, and the reminder.

Crime and Disorder Act 1998, section 17A, and the Crime and Disorder (Prescribed Information) Regulations 2007
(SI 2007/1831): depersonalised information for three-month periods, the first from 1 July 2007, disclosed by
the end of the following period. Those periods are quarters of the calendar and of the financial year alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.agencies.vocabulary import AgencyKind
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.records.incidents import permissions
from frankpledge.records.incidents.models import NAME_LENGTH, Batch, Duty, Reminder
from frankpledge.records.incidents.rules import NEVER_ASKED_LATER
from frankpledge.records.incidents.vocabulary import BatchState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.wording import said

QUARTERS_SHOWN = 5
REGULATIONS = "Crime and Disorder Act 1998, section 17A, and SI 2007/1831"


@dataclass(frozen=True, slots=True)
class DataSet:
    """One data set the regulations name, the kind of agency that owes it, and the sources that bring it."""

    key: str
    label: str
    kind: AgencyKind
    sources: tuple[str, ...] = ()


# The lists of the schedules in short. What councils owe is remembered, not read: confirm it before relying on it.
DATA_SETS: tuple[DataSet, ...] = (
    DataSet(
        "police-crime",
        "Recorded crime in nine groups, with time, date and place",
        AgencyKind.POLICE,
        ("police-extract", "police-recorded-crime"),
    ),
    DataSet(
        "police-incidents",
        "Anti-social behaviour, transport and public-safety incidents",
        AgencyKind.POLICE,
        ("police-extract", "police-recorded-crime"),
    ),
    DataSet(
        "fire",
        "Deliberate fires, violence to crews, home fires without a smoke alarm",
        AgencyKind.FIRE,
        ("fire-incidents",),
    ),
    DataSet(
        "health-admissions",
        "Hospital admissions for assault, drugs and alcohol, by outward postcode",
        AgencyKind.HEALTH,
        ("health-counts",),
    ),
    DataSet("ambulance", "Ambulance calls to crime and disorder", AgencyKind.HEALTH),
    DataSet(
        "council-environment",
        "Anti-social behaviour and environmental crime reported to the council",
        AgencyKind.COUNCIL,
        ("council-asb",),
    ),
)


class DutyState(StrEnum):
    """How one duty stands for one quarter."""

    CAME = "came in time"
    CAME_LATE = "came late"
    HERE = "here"  # brought in later, as history
    PART = "in part"
    WAITED_FOR = "not due yet"
    LATE = "late"
    NOT_OWED = "not owed"


@dataclass(frozen=True, slots=True)
class DutyCell:
    """One duty and quarter: how it stands, which months are here, since when, and the last reminder."""

    duty_id: int
    quarter: MonthSpan
    due_on: date
    state: DutyState
    here: tuple[Month, ...]
    came_on: date | None
    reminded_on: date | None

    @property
    def missing(self) -> tuple[Month, ...]:
        """The months that are not here."""
        return tuple(month for month in self.quarter if month not in self.here)

    @property
    def days_late(self) -> int:
        """Days from the due day to the day it came; 0 when it came in time or has not come."""
        return max(0, (self.came_on - self.due_on).days) if self.came_on else 0

    @property
    def needs_reminder(self) -> bool:
        """It is owed and overdue, whole or in part."""
        return self.state is DutyState.LATE


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty and how it stands for the quarters shown."""

    duty: Duty
    cells: tuple[DutyCell, ...]


def quarter_of(day: date) -> MonthSpan:
    """The calendar quarter ``day`` lies in."""
    first = Month(day.year, 3 * ((day.month - 1) // 3) + 1)
    return MonthSpan(first, first + 2)


def due_on(quarter: MonthSpan) -> date:
    """The last day of the quarter after: what is owed for July to September is due by 31 December."""
    end = quarter.last + 3
    return end.last_day


def financial_name(quarter: MonthSpan) -> str:
    """``Q2 2026/27``: the quarter as budgets and plans call it. The financial year starts in April."""
    number = (quarter.first.month - 4) % 12 // 3 + 1
    year = quarter.first.year - (quarter.first.month < 4)
    return f"Q{number} {year}/{(year + 1) % 100:02d}"


def quarters_to(today: date, count: int = QUARTERS_SHOWN) -> tuple[MonthSpan, ...]:
    """The last ``count`` quarters that have ended, the newest last."""
    newest = quarter_of(today).first - 3
    firsts = [newest - 3 * back for back in reversed(range(count))]
    return tuple(MonthSpan(first, first + 2) for first in firsts)


def state_of(*, owed: bool, here: int, came_on: date | None, due: date, today: date, ended: date) -> DutyState:
    """How a duty stands for a quarter of which ``here`` of three months are there; ``ended`` is its last day."""
    if here == 3 and came_on is not None:
        if came_on <= due:
            return DutyState.CAME
        return DutyState.HERE if (came_on - ended).days > NEVER_ASKED_LATER else DutyState.CAME_LATE
    if not owed:
        return DutyState.NOT_OWED
    if today > due:
        return DutyState.LATE
    return DutyState.PART if here else DutyState.WAITED_FOR


def duty_rows(today: date, *, duty_id: int | None = None, quarters: Sequence[MonthSpan] | None = None) -> list[DutyRow]:
    """Every duty (or one) and how it stands for ``quarters``. Three queries."""
    quarters = quarters or quarters_to(today)
    duties = list(Duty.objects.filter(pk=duty_id) if duty_id is not None else Duty.objects.all())
    came = _came(duties, MonthSpan(quarters[0].first, quarters[-1].last))
    reminded: dict[tuple[int, date], date] = {}
    for reminder in Reminder.objects.filter(duty__in=duties).order_by("sent_at"):
        reminded[reminder.duty_id, reminder.quarter] = timezone.localtime(reminder.sent_at).date()
    return [
        DutyRow(duty, tuple(_cell(duty, quarter, came[duty.pk], reminded, today) for quarter in quarters))
        for duty in duties
    ]


def _came(duties: Iterable[Duty], span: MonthSpan) -> dict[int, dict[Month, date]]:
    """Duty -> month -> the day its file came in. A file of another agency does not answer for this one."""
    wanted = {source for duty in duties for source in duty.sources}
    batches = Batch.objects.filter(
        source__in=wanted,
        state=BatchState.CURRENT,
        first_month__lte=span.last.first_day,
        last_month__gte=span.first.first_day,
    ).only("source", "owner_id", "first_month", "last_month", "received_at")
    found: dict[int, dict[Month, date]] = defaultdict(dict)
    for batch in batches:
        day = timezone.localtime(batch.received_at).date()
        for duty in duties:
            if batch.source in duty.sources and (batch.owner_id is None or batch.owner_id == duty.agency_id):
                for month in batch.period:
                    found[duty.pk][month] = max(day, found[duty.pk].get(month, day))
    return found


def _cell(
    duty: Duty,
    quarter: MonthSpan,
    came: Mapping[Month, date],
    reminded: Mapping[tuple[int, date], date],
    today: date,
) -> DutyCell:
    here = tuple(month for month in quarter if month in came)
    came_on = max((came[month] for month in here), default=None)
    due = due_on(quarter)
    ended = quarter.last.last_day
    owed = duty.starts_on <= quarter.first.first_day and (duty.ends_on is None or duty.ends_on >= ended)
    state = state_of(owed=owed, here=len(here), came_on=came_on, due=due, today=today, ended=ended)
    return DutyCell(duty.pk, quarter, due, state, here, came_on, reminded.get((duty.pk, quarter.first.first_day)))


def duty(key: int) -> Duty | None:
    """The duty with this number, or None. One query."""
    return Duty.objects.filter(pk=key).first()


def reminder_subject(duty: Duty, cell: DutyCell) -> str:
    """The subject line of a reminder."""
    return f"{duty.label}: {span_words(cell.quarter)}"


def reminder_text(duty: Duty, cell: DutyCell, *, partnership: str, sender: str) -> str:
    """A polite reminder, ready to send."""
    what = duty.label[:1].lower() + duty.label[1:]
    part = f" We have {said(cell.here)}; {said(cell.missing)} is what we miss." if cell.here else ""
    return (
        f"Dear colleague at {duty.agency_name},\n\n"
        f"For {span_words(cell.quarter)} we are still looking forward to your data on {what}. "
        f"It was due by {cell.due_on:%-d %B %Y} ({duty.legal_basis}).{part}\n\n"
        "Could you send it, or tell us when we may expect it? If something keeps you from sending it, a short line is "
        "enough and we will gladly help.\n\n"
        f"With thanks\n{sender}\n{partnership}\n"
    )


def span_words(quarter: MonthSpan) -> str:
    """``July to September 2026``."""
    return f"{quarter.first.label.split(' ')[0]} to {quarter.last.label}"


@transaction.atomic
def set_up_duties(*, today: date, by: Actor) -> list[Duty]:
    """List what each agency of the partnership owes, from a year ago on. What is listed already stays as it is.

    An agency whose kind owes nothing under the regulations gets nothing.
    """
    permissions.check_can_manage_duties(by)
    starts = quarters_to(today)[1].first.first_day
    made = []
    for agency in agencies.agencies():
        for owed in DATA_SETS:
            if owed.kind.value != agency.kind:
                continue
            duty, fresh = Duty.objects.get_or_create(
                key=f"{owed.key}-{agency.pk}"[:60],
                defaults={
                    "label": owed.label,
                    "legal_basis": REGULATIONS,
                    "sources": list(owed.sources),
                    "agency_id": agency.pk,
                    "agency_name": agency.name,
                    "starts_on": starts,
                },
            )
            made += [duty] * fresh
    if made:
        audit.record(act=Act.ALTERATION, what=f"listed {len(made)} quarterly duties", subject="incidents:duties", by=by)
    return made


def send_reminder(*, duty: Duty, cell: DutyCell, to: str, text: str, by: Actor) -> Reminder:
    """Send a reminder by the installation's mail and keep what was sent.

    Raises RuleBroken when nothing is overdue, without a text, and when the mail cannot be handed over (then nothing is
    recorded); NotPermitted for anybody but those who look after the agreements.
    """
    permissions.check_can_manage_duties(by)
    text = storable(text).strip()
    if not cell.needs_reminder:
        raise RuleBroken("Nothing is overdue here, so there is nothing to remind anybody of.")
    if not text or not to:
        raise RuleBroken("A reminder needs an address and a text.")
    try:
        with transaction.atomic():
            Duty.objects.filter(pk=duty.pk).update(email=to)
            reminder = Reminder.objects.create(
                duty=duty,
                quarter=cell.quarter.first.first_day,
                sent_to=to,
                text=text,
                sent_at=timezone.now(),
                sent_by_id=by.id,
                sent_by_name=storable(by.name)[:NAME_LENGTH],
            )
            audit.record(
                act=Act.ALTERATION,
                what=f"reminded {duty.agency_name} of {span_words(cell.quarter)}",
                subject=f"incidents:duty {duty.key}",
                by=by,
            )
            EmailMessage(subject=reminder_subject(duty, cell), body=text, to=[to]).send()
    except (SMTPException, OSError) as why:
        raise RuleBroken("The reminder could not be sent: the mail server did not take it. Copy the text.") from why
    return reminder
