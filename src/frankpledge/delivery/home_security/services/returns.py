"""Named writes of returns to funders: their format, and what was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import Fitted, FunderFormat, FunderReturn, Measure
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH, TEXT_LENGTH
from frankpledge.delivery.home_security.rules import returns as rules
from frankpledge.delivery.home_security.rules.returns import Counted
from frankpledge.delivery.home_security.selectors import returns as selectors
from frankpledge.delivery.home_security.vocabulary import ReturnColumn
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import one_line, storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A return as it stands: what was counted, and the file as the funder wants it."""

    funder: str
    first: date
    last: date
    columns: tuple[ReturnColumn, ...]
    named_because: str
    counted: Counted
    rows: Sequence[tuple[rules.Cell, ...]]
    written: str  # heading and rows as CSV
    statement: str

    @property
    def names_homes(self) -> bool:
        """Whether single homes can be found in it."""
        return any(column.names_a_home for column in self.columns)


def check_period(first: date, last: date, today: date) -> None:
    """Raise DataProblem for a period that ends before it begins or is not over."""
    if last < first:
        raise DataProblem("The period would end before it begins. Change one of the days.")
    if last > today:
        raise DataProblem("The period is not over yet. Choose a last day up to today.")


@transaction.atomic
def set_format(funder: str, *, columns: Sequence[ReturnColumn], named_because: str = "", by: Actor) -> FunderFormat:
    """Say which columns a funder's return has. Single homes are named only for a reason that is written down."""
    permissions.check_can_edit(by)
    if funder not in selectors.funders():
        raise DataProblem("Nobody of this name pays for a measure.")
    because = one_line(named_because, NAME_LENGTH)
    wanted = rules.check_columns(columns, because)
    if not any(column.names_a_home for column in wanted):
        because = ""
    held, _ = FunderFormat.objects.update_or_create(
        funder=funder,
        defaults={
            "columns": [column.value for column in wanted],
            "named_because": because,
            "set_at": timezone.now(),
            "set_by_name": storable(by.name)[:NAME_LENGTH],
        },
    )
    audit.record(
        act=Act.ALTERATION,
        what="changed the columns of a funder’s return",
        subject=f"homes:return format {held.pk}",
        by=by,
        details={"columns": held.columns, "names homes": bool(because)},
    )
    return held


@transaction.atomic
def note_download(draft: Draft, *, by: Actor) -> None:
    """Record that somebody took a file in which single homes stand. A file of totals names nobody."""
    permissions.check_can_edit(by)
    if draft.names_homes:
        audit.record(
            act=Act.CONSULTATION,
            what="took a return to a funder that names homes",
            subject="homes:returns",
            by=by,
            purpose=draft.named_because,
            details={"rows": len(draft.rows)},
        )


@transaction.atomic
def keep_sent(draft: Draft, *, sent_to: str, by: Actor) -> FunderReturn:
    """Keep a return as it was sent: its rows, their checksum, to whom, when and by whom. It is never changed again."""
    permissions.check_can_edit(by)
    check_period(draft.first, draft.last, timezone.localdate())
    to = one_line(sent_to, NAME_LENGTH)
    if not to:
        raise DataProblem("Say to whom it was sent, such as an e-mail address.")
    kept = FunderReturn.objects.create(
        funder=draft.funder,
        first_on=draft.first,
        last_on=draft.last,
        columns=[column.value for column in draft.columns],
        counted=[line.as_kept() for line in draft.counted.lines],
        written="" if draft.names_homes else draft.written,
        sha256=rules.checksum(draft.written),
        rows=len(draft.rows),
        homes=draft.counted.homes,
        quantity=draft.counted.quantity,
        statement=draft.statement[:TEXT_LENGTH],
        sent_to=to,
        sent_at=timezone.now(),
        sent_by_name=storable(by.name)[:NAME_LENGTH],
    )
    audit.record(
        act=Act.DISCLOSURE,
        what="sent a return to a funder" + (" that names homes" if draft.names_homes else ""),
        subject=f"homes:return {kept.pk}",
        by=by,
        purpose=draft.named_because or "return to the funder of measures",
        recipient=draft.funder,
        details={"rows": kept.rows, "sha256": kept.sha256},
    )
    return kept


# -- taking over a register kept elsewhere ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KnownPart:
    """Something fitted at a finished visit, as an earlier register has it. ``measure``: its key in the catalogue."""

    uprn: str
    measure: str
    quantity: int
    fitted_on: date
    visit: int | None = None


@transaction.atomic
def take_over_parts(known: Sequence[KnownPart], *, by: Actor) -> int:
    """Take over what was fitted for funders at visits that are here. Raises DataProblem for a strange measure."""
    permissions.check_can_edit(by)
    measures = Measure.objects.in_bulk({one.measure for one in known}, field_name="key")
    strange = sorted({one.measure for one in known} - set(measures))
    if strange:
        raise DataProblem(f"The catalogue has no measure {', '.join(strange)}.")
    Fitted.objects.bulk_create(
        Fitted(
            uprn=one.uprn,
            measure=measures[one.measure],
            quantity=one.quantity,
            funder=measures[one.measure].funder,
            fitted_on=one.fitted_on,
            visit_id=one.visit,
        )
        for one in known
    )
    audit.record(act=Act.COLLECTION, what=f"took over {len(known)} fitted measures", subject="homes:returns", by=by)
    return len(known)
