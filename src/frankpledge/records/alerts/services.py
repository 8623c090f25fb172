"""Named writes: alerts are raised, dismissed with a reason, and scored when their time is over."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from frankpledge.foundation.agencies.rules import grounds_key
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.jobs import services as jobs
from frankpledge.foundation.jobs.selectors import unfinished
from frankpledge.foundation.jobs.vocabulary import JobState
from frankpledge.records.alerts import permissions, rules, selectors
from frankpledge.records.alerts.models import NAME_LENGTH, Alert
from frankpledge.records.alerts.rules import NewAlert
from frankpledge.records.alerts.vocabulary import AlertState, Outcome
from frankpledge.vocabulary.actors import Actor

RAISE_ALERTS = "raise alerts"
ROWS_AT_ONCE = 500


@transaction.atomic
def look_again(*, by: Actor) -> None:
    """Have the worker look what the newest records give reason to. One job that waits is enough for many files."""
    if not unfinished(RAISE_ALERTS).filter(state=JobState.QUEUED).exists():
        jobs.start(RAISE_ALERTS, {}, by=by)


@transaction.atomic
def raise_alerts(new: Sequence[NewAlert], *, by: Actor) -> list[Alert]:
    """Raise those of ``new`` that have not been raised before, and return them. Raising them again changes nothing."""
    first = {one.fingerprint: one for one in new}
    known = selectors.known(first.keys())
    rows = [_row(one) for fingerprint, one in first.items() if fingerprint not in known]
    Alert.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)
    raised = list(Alert.objects.filter(fingerprint__in=[row.fingerprint for row in rows]))
    if raised:
        kinds = sorted({alert.kind for alert in raised})
        audit.record(
            act=Act.ALTERATION,
            what=f"raised alerts: {len(raised)}",
            subject="alerts:raised",
            by=by,
            details={"kinds": kinds, "alerts": [alert.pk for alert in raised]},
        )
    return raised


@transaction.atomic
def dismiss(alert: Alert, *, because: str, by: Actor) -> Alert:
    """Put an alert aside for a stated reason; it is still scored. Raises RuleBroken without a reason or when it is
    not open any more, NotPermitted for a person who may not.
    """
    permissions.check_can_decide(by, alert)
    reason = rules.check_reason(storable(because))
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    rules.check_open(alert.state)
    alert.state = AlertState.DISMISSED
    alert.dismissed_at, alert.dismissed_because = timezone.now(), reason
    alert.dismissed_by_id, alert.dismissed_by_name = by.id, storable(by.name)[:NAME_LENGTH]
    alert.save(update_fields=["state", "dismissed_at", "dismissed_because", "dismissed_by_id", "dismissed_by_name"])
    audit.record(act=Act.ALTERATION, what="dismissed an alert", subject=f"alerts:{alert.pk}", by=by, purpose=reason)
    return alert


@transaction.atomic
def score(judged: Iterable[tuple[Alert, bool, Mapping[str, Any]]], *, by: Actor) -> int:
    """Note whether alerts came true, with the facts; open ones are ended. Returns how many. Scored once, for good."""
    count = 0
    for alert, came_true, facts in judged:
        state = AlertState.ENDED if alert.state == AlertState.OPEN else alert.state
        count += Alert.objects.filter(pk=alert.pk, outcome="").update(
            outcome=Outcome.CAME_TRUE if came_true else Outcome.DID_NOT,
            outcome_facts=dict(facts),
            scored_at=timezone.now(),
            state=state,
        )
    if count:
        audit.record(act=Act.ALTERATION, what=f"scored alerts: {count}", subject="alerts:scored", by=by)
    return count


def note_look_at_homes(alert: Alert, premises: Sequence[str], *, by: Actor) -> None:
    """Record that somebody looked which homes lie in a zone. Belongs in the transaction of the look."""
    audit.record(
        act=Act.CONSULTATION,
        what=f"looked at the homes in the zone of alert {alert.pk}",
        subject=f"alerts:{alert.pk}",
        by=by,
        details={"homes": list(premises)},
    )


def _row(new: NewAlert) -> Alert:
    return Alert(
        kind=new.kind,
        fingerprint=new.fingerprint,
        state=AlertState.OPEN,
        crime_type=new.crime_type.value,
        source=new.source,
        area_code=new.area_code,
        area_name=new.area_name[:NAME_LENGTH],
        easting=new.easting,
        northing=new.northing,
        radius_m=new.radius_m,
        premises=new.premises,
        as_of=new.as_of,
        alive_until=new.alive_until,
        strength=new.strength,
        method=new.method,
        batches=list(new.batches),
        grounds=grounds_key(new.grounds),
        facts=dict(new.facts),
        raised_at=timezone.now(),
    )
