"""After a batch has come in: judge the alerts whose time is over, then raise what the newest records give reason to.

The day everything is seen from is the last day the records reach, not today's: a file that comes three weeks late
still says truly what was alive when it ended, and the page says how old that is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc
from django.db import transaction
from django.utils import timezone

from frankpledge.analysis.events import EPOCH
from frankpledge.analysis.expected_range import MonthStanding, expected_range
from frankpledge.evidence import queries
from frankpledge.foundation.agencies.rules import Ground
from frankpledge.foundation.jobs import services as jobs
from frankpledge.foundation.jobs.registry import JobContext
from frankpledge.foundation.places import selectors as places
from frankpledge.oversight.exploring.selectors import own_area
from frankpledge.records.alerts import selectors, services
from frankpledge.records.alerts.rules import NewAlert
from frankpledge.records.alerts.vocabulary import AlertKind
from frankpledge.records.incidents import belonging
from frankpledge.records.incidents import selectors as incidents
from frankpledge.records.incidents.selectors import CatalogueEntry
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.geography import Area, Geography
from frankpledge.vocabulary.periods import Month
from frankpledge.workflows import alert_detection as detection
from frankpledge.workflows.alert_detection import DatedRecords, Series
from frankpledge.workflows.near_repeat_response import ANSWER_NEAR_REPEATS

if TYPE_CHECKING:
    from frankpledge.records.alerts.models import Alert

# Published sources know only the month; everything else that holds events may know the day.
MONTHLY_ONLY = ("police-uk-street", "police-uk-outcomes", "police-uk-stop-and-search")

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class _Scene:
    """The partnership's own area and everything known of it on the day it is seen from."""

    area: Area
    geography: Geography
    small_areas: tuple[str, ...]
    records: DatedRecords
    as_of: int

    def name(self, small_area: str) -> str:
        """What people call the place: its priority neighbourhood, else its ward, else the district."""
        above = self.geography.parents.get(small_area, {})
        for level in (AreaLevel.PRIORITY_NEIGHBOURHOOD, AreaLevel.WARD):
            if (found := self.geography.areas.get(above.get(level, ""))) is not None:
                return found.name
        return self.area.name


def raise_alerts_job(context: JobContext) -> dict[str, Any]:
    """The job: see ``raise_alerts``. New alerts have the cocoon dispatcher answer them."""
    raised = raise_alerts(by=context.by, progress=context.progress)
    if raised:
        with transaction.atomic():
            jobs.start(ANSWER_NEAR_REPEATS, {}, by=context.by)
    return {"raised": len(raised)}


def raise_alerts(*, by: Actor, as_of: date | None = None, progress: Progress | None = None) -> list[Alert]:
    """Score what is over and raise what is new; returns the new alerts. Doing it again changes nothing.

    ``as_of``: see everything from an earlier day, as it stood then; by default from the last day the records reach.
    """
    tell = progress or _silence
    tell(5, "Records with a day are read")
    scene = _scene(as_of)
    if scene is None:
        tell(100, "There are no areas or no records yet")
        return []
    series = _series(scene)
    tell(30, "Earlier alerts are judged")
    services.score(list(_judged(scene, series)), by=by)
    tell(40, "How near repeats behave here is measured")
    new = [*_from_dated(scene), *detection.exceptional_months(series)]
    tell(90, "Alerts are written down")
    raised = services.raise_alerts(new, by=by)
    tell(100, f"{len(raised)} new alerts")
    return raised


def _from_dated(scene: _Scene) -> list[NewAlert]:
    """Alerts that need a day and a position."""
    records, as_of = scene.records, scene.as_of
    if not len(records):
        return []
    burglaries = records.of_type(CrimeType.BURGLARY)
    measured = detection.measure(records, burglaries, as_of)
    return [
        *detection.near_repeats(records, measured, burglaries, as_of, scene.name),
        *detection.hit_again(records, measured.decay, as_of, scene.name),
        *detection.new_hot_spots(records, burglaries, as_of, scene.geography, scene.small_areas, scene.name),
    ]


def _scene(as_of: date | None) -> _Scene | None:
    area = own_area()
    entries = [entry for entry in incidents.current_files() if entry.source not in MONTHLY_ONLY]
    if area is None or not incidents.sources_present():
        return None
    geography = places.geography_around(area.code)
    small_areas = tuple(geography.small_areas_in(area.code))
    table = incidents.engine().run(queries.events_in(small_areas), files=[entry.path for entry in entries])
    publishers = {entry.batch_key: (entry.source, entry.publisher_name) for entry in entries}
    records = detection.dated_records(table, publishers, belonging.grounds_of(publishers))
    last = _as_of(entries)
    return _Scene(area, geography, small_areas, records, last if as_of is None else min(last, _number(as_of)))


def _as_of(entries: Sequence[CatalogueEntry]) -> int:
    """The last day the dated records reach, never later than today; day number."""
    today = timezone.localdate()
    ends = [entry.period.last.last_day for entry in entries]
    return (min([today, max(ends, default=today)]) - EPOCH).days


def _series(scene: _Scene) -> list[Series]:
    """Monthly counts to be judged: every type in the whole area, burglary in each ward too.

    The partnership's own extract goes before the published street files, which describe the same crimes.
    """
    present = [found.source for found in incidents.sources_present()]
    police = "police-extract" if "police-extract" in present else "police-uk-street"
    found: list[Series] = []
    for source in [name for name in present if name == police or name not in ("police-extract", *MONTHLY_ONLY)]:
        entries = incidents.current_files(source)
        found += _series_of(scene, source, entries)
    return found


def _series_of(scene: _Scene, source: str, entries: Sequence[CatalogueEntry]) -> list[Series]:
    files = [entry.path for entry in entries]
    table = incidents.engine().run(queries.events_in(scene.small_areas), files=files)
    if not table.num_rows:
        return []
    here = set(pc.unique(table["batch"]).to_pylist())
    publishers = sorted({entry.publisher for entry in entries if entry.batch_key in here})
    seen_from = Month.of(EPOCH + timedelta(days=scene.as_of + 1))  # a month counts once it is over
    present = set().union(*incidents.months_present(source, publishers).values())
    months = sorted(month for month in present if month < seen_from)
    if not months:
        return []
    batches = tuple(sorted(here))
    of_type = np.array(table["crime_type"].to_pylist(), object)
    number = np.array([Month.of(day).number for day in table["month"].to_pylist()])
    area_of = np.array(table["small_area"].to_pylist(), object)
    grounds = frozenset(belonging.grounds_of(batches).values())
    found = [
        _one(scene.area, CrimeType(word), source, months, number[of_type == word], batches, grounds)
        for word in sorted(set(of_type.tolist()))
    ]
    burglary = of_type == CrimeType.BURGLARY.value
    for ward in scene.geography.of_level(AreaLevel.WARD):
        inside = burglary & np.isin(area_of, scene.geography.small_areas_in(ward.code))
        if inside.any():
            found.append(_one(ward, CrimeType.BURGLARY, source, months, number[inside], batches, grounds))
    return found


def _one(
    area: Area,
    crime_type: CrimeType,
    source: str,
    months: Sequence[Month],
    numbers: np.ndarray[Any, Any],
    batches: tuple[str, ...],
    grounds: frozenset[Ground],
) -> Series:
    """Every month between the first and the last; one that was not delivered is None."""
    held = {month.number for month in months}
    span = [Month.from_number(n) for n in range(months[0].number, months[-1].number + 1)]
    counts = tuple(int((numbers == month.number).sum()) if month.number in held else None for month in span)
    return Series(area, crime_type, source, tuple(span), counts, batches, grounds)


def _judged(scene: _Scene, series: Sequence[Series]) -> list[tuple[Alert, bool, Mapping[str, Any]]]:
    """Alerts whose whole life the records now cover, and whether each came true."""
    until = EPOCH + timedelta(days=scene.as_of)
    judges = {
        AlertKind.NEAR_REPEAT: _near_repeat_came_true,
        AlertKind.HIT_AGAIN: _hit_again_came_true,
        AlertKind.NEW_HOT_SPOT: _hot_spot_came_true,
    }
    found: list[tuple[Alert, bool, Mapping[str, Any]]] = []
    for alert in selectors.to_score(until):
        kind = AlertKind(alert.kind)
        if kind is AlertKind.EXCEPTIONAL_MONTH:
            verdict = _month_came_true(alert, series)
            if verdict is not None:
                found.append((alert, *verdict))
        else:
            found.append((alert, *judges[kind](alert, scene.records)))
    return found


def _after(alert: Alert, records: DatedRecords) -> np.ndarray[Any, Any]:
    """Records within the alert's life, after the day it was raised from."""
    return np.asarray((records.day > _number(alert.as_of)) & (records.day <= _number(alert.alive_until)))


def _inside(alert: Alert, records: DatedRecords) -> np.ndarray[Any, Any]:
    metres = np.hypot(records.x - (alert.easting or 0.0), records.y - (alert.northing or 0.0))
    return np.asarray((metres <= (alert.radius_m or 0.0)) & (records.crime_type == alert.crime_type))


def _near_repeat_came_true(alert: Alert, records: DatedRecords) -> tuple[bool, dict[str, Any]]:
    count = int((_after(alert, records) & _inside(alert, records)).sum())
    return count > 0, {"after": count}


def _hit_again_came_true(alert: Alert, records: DatedRecords) -> tuple[bool, dict[str, Any]]:
    count = int((_after(alert, records) & (records.premises == alert.premises)).sum())
    return count > 0, {"after": count}


def _hot_spot_came_true(alert: Alert, records: DatedRecords) -> tuple[bool, dict[str, Any]]:
    count = int((_after(alert, records) & _inside(alert, records)).sum())
    return count > alert.facts["usual"], {"after": count}


def _month_came_true(alert: Alert, series: Sequence[Series]) -> tuple[bool, dict[str, Any]] | None:
    """Whether the next month lay above its range too; None while it is not there to be judged."""
    after = Month.parse(alert.facts["month"]) + 1
    for one in series:
        if (one.area.code, one.crime_type.value, one.source) == (alert.area_code, alert.crime_type, alert.source):
            try:
                months = expected_range(one.months, one.counts).months
            except CannotCompute:
                return None
            found = next((month for month in months if month.month == after and month.count is not None), None)
            if found is not None:
                return found.standing is MonthStanding.HIGH, {"after": found.count, "upper": found.upper}
    return None


def _number(day: date) -> int:
    return (day - EPOCH).days


def _silence(percent: float, line: str) -> None:
    """Nobody listens."""
