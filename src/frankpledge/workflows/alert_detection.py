"""What the newest records give reason to act on: each function looks for one kind of alert and raises nothing itself.

Plain tables and arrays in, ``NewAlert`` out. Only records with a day and a position are asked about days and metres.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from frankpledge.analysis.emerging_hotspots import COURSES, Course, hot_spot_history
from frankpledge.analysis.events import EPOCH, Events
from frankpledge.analysis.expected_range import MonthStanding, expected_range
from frankpledge.analysis.grids import square_grid
from frankpledge.analysis.near_repeat_alerts import alert_back_test, zones_alive
from frankpledge.analysis.near_repeat_decay import NearRepeatDecay, near_repeat_decay
from frankpledge.evidence.days import with_days
from frankpledge.evidence.queries import SENSITIVE_TYPES, SENSITIVE_WORDS
from frankpledge.foundation.agencies.rules import Ground
from frankpledge.records.alerts.rules import NewAlert
from frankpledge.records.alerts.vocabulary import AlertKind
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.geography import Area, Geography
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.wording import said

YEAR_DAYS = 365
NEW_DAYS = 31  # a report is news for a month
DEFAULT_LIFE_DAYS = 91
HOT_SIDE_M, SLICE_DAYS, SLICES = 250.0, 28, 13
TEST_STEP_DAYS = 14
MOST_ZONES = 200


@dataclass(frozen=True)
class DatedRecords:
    """Records of one place that have a day: arrays run over them. ``premises`` is empty where the home is not known."""

    source: NDArray[np.object_]
    publisher: NDArray[np.object_]
    reference: NDArray[np.object_]
    crime_type: NDArray[np.object_]
    small_area: NDArray[np.object_]
    premises: NDArray[np.object_]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    day: NDArray[np.int64]
    batch: NDArray[np.object_]
    sensitive: NDArray[np.bool_]  # of a kind whose points are never shown
    batches: tuple[str, ...]
    owners: Mapping[str, Ground] = field(default_factory=dict)  # batch -> whose records of which class

    def __len__(self) -> int:
        return len(self.day)

    def of_type(self, crime_type: CrimeType, *, source: str | None = None) -> NDArray[np.int64]:
        """Positions of the records of a type (and source) that have a place."""
        chosen = (self.crime_type == crime_type.value) & np.isfinite(self.x)
        return np.flatnonzero(chosen if source is None else chosen & (self.source == source))

    def grounds(self, rows: Sequence[int]) -> frozenset[Ground]:
        """Whose records of which class these are; published ones have none."""
        return frozenset(self.owners[key] for key in {self.batch[at] for at in rows} if key in self.owners)

    def events(self, rows: NDArray[np.int64]) -> Events:
        """Those records as places and days; ``rows`` of the events are positions here."""
        return Events(x=self.x[rows], y=self.y[rows], day=self.day[rows], rows=rows)


def dated_records(
    table: pa.Table, publisher_of: Mapping[str, tuple[str, str]], owners: Mapping[str, Ground] | None = None
) -> DatedRecords:
    """The rows of an event table that have a day. ``publisher_of``: batch -> source and publisher's name.

    ``owners``: batch -> whose records of which class it holds, without the published ones.

    The day is that of ``evidence.days``.
    """
    table, day = with_days(table)
    batch = table["batch"].to_pylist()
    return DatedRecords(
        source=np.array([publisher_of[key][0] for key in batch], object),
        publisher=np.array([publisher_of[key][1] for key in batch], object),
        reference=np.array(
            [said_ or f"{key}:{line}" for said_, key, line in zip(
                table["reference"].to_pylist(), batch, table["line"].to_pylist(), strict=True
            )],
            object,
        ),
        crime_type=np.array(table["crime_type"].to_pylist(), object),
        small_area=np.array(table["small_area"].to_pylist(), object),
        premises=np.array([key or "" for key in table["premises"].to_pylist()], object),
        x=table["easting"].to_numpy().astype(np.float64),
        y=table["northing"].to_numpy().astype(np.float64),
        day=day,
        batch=np.array(batch, object),
        sensitive=np.array(
            [is_sensitive(kind, words) for kind, words in zip(
                table["crime_type"].to_pylist(), table["publisher_type"].to_pylist(), strict=True
            )],
            bool,
        ),
        batches=tuple(sorted(set(batch))),
        owners=owners or {},
    )  # fmt: skip


def is_sensitive(crime_type: str, words: str | None) -> bool:
    """Whether no point of such an event is ever shown: as ``evidence.queries`` judges it for maps."""
    said_ = (words or "").lower()
    return crime_type in SENSITIVE_TYPES or any(word in said_ for word in SENSITIVE_WORDS)


@dataclass(frozen=True)
class Measured:
    """How the risk after a burglary fades here, and how zones drawn so did over the last year. None: not to be told."""

    decay: NearRepeatDecay | None
    tested: str
    why_not: str = ""


def measure(records: DatedRecords, rows: NDArray[np.int64], as_of: int) -> Measured:
    """Measured on all burglaries up to ``as_of``; the test uses what was known a year earlier."""
    past = rows[records.day[rows] <= as_of]
    try:
        decay = near_repeat_decay(records.events(past))
    except CannotCompute as refused:
        return Measured(None, "", str(refused.sentence))
    try:
        began = as_of - YEAR_DAYS
        earlier = near_repeat_decay(records.events(past[records.day[past] <= began]))
        days = list(range(began, as_of - TEST_STEP_DAYS, TEST_STEP_DAYS))
        tested = str(alert_back_test(records.events(past), decay=earlier, past_days=days).sentence())
    except CannotCompute:
        tested = ""
    return Measured(decay, tested)


def near_repeats(
    records: DatedRecords, measured: Measured, rows: NDArray[np.int64], as_of: int, name: Callable[[str], str]
) -> Iterator[NewAlert]:
    """A zone round each burglary whose near-repeat risk is alive on ``as_of``."""
    decay = measured.decay
    if decay is None:
        return
    zones = zones_alive(records.events(rows[records.day[rows] <= as_of]), today=as_of, decay=decay)
    for zone in zones[:MOST_ZONES]:
        at = zone.row
        area = records.small_area[at] or ""
        yield NewAlert(
            kind=AlertKind.NEAR_REPEAT,
            fingerprint=f"near repeat|{records.source[at]}|{records.reference[at]}"[:200],
            crime_type=CrimeType(records.crime_type[at]),
            source=records.source[at],
            area_code=area,
            area_name=name(area),
            as_of=_date(as_of),
            alive_until=_date(max(zone.last_day, as_of)),
            strength=zone.times_usual,
            method=decay.method,
            batches=records.batches,
            easting=zone.x,
            northing=zone.y,
            radius_m=zone.radius_m,
            premises=records.premises[at],
            grounds=records.grounds([at]),
            facts={
                "radius_m": zone.radius_m,
                "times_usual": round(zone.times_usual, 2),
                "happened_on": _date(zone.day).isoformat(),
                "half_life_days": round(decay.days.half, 2),
                "half_distance_m": round(decay.distance.half, 1),
                "decay": str(decay.sentence()),
                "tested": measured.tested,
                "n": decay.n,
            },
        )


def hit_again(
    records: DatedRecords, decay: NearRepeatDecay | None, as_of: int, name: Callable[[str], str]
) -> Iterator[NewAlert]:
    """Addresses reported twice or more in the year, the latest within the last month, whichever agency took it.

    At least one report is a burglary, or two agencies took them: else every supermarket would stand here. Where a
    report is of violence, a sexual or a domestic offence the alert has no place on a map and shows no home: it says the
    neighbourhood, and whoever took the reports knows the rest.
    """
    inside = (records.day > as_of - YEAR_DAYS) & (records.day <= as_of) & (records.premises != "")
    inside &= records.crime_type != CrimeType.SHOPLIFTING.value
    by_home: dict[str, list[int]] = {}
    for at in np.flatnonzero(inside)[np.argsort(records.day[inside], kind="stable")].tolist():
        by_home.setdefault(records.premises[at], []).append(at)
    own = decay.same_place_days if decay is not None else None
    length = DEFAULT_LIFE_DAYS if own is None else math.ceil(2 * own.half)
    for home, rows in by_home.items():
        latest = rows[-1]
        until = int(records.day[latest]) + length
        if len(rows) < 2 or records.day[latest] <= as_of - NEW_DAYS or until < as_of:
            continue
        agencies = Counter(records.publisher[at] for at in rows)
        if len(agencies) < 2 and not any(records.crime_type[at] == CrimeType.BURGLARY for at in rows):
            continue
        area = records.small_area[latest] or ""
        placed = np.isfinite(records.x[latest]) and not records.sensitive[rows].any()
        yield NewAlert(
            kind=AlertKind.HIT_AGAIN,
            fingerprint=f"hit again|{home}|{records.source[latest]}|{records.reference[latest]}"[:200],
            crime_type=CrimeType(records.crime_type[latest]),
            source=records.source[latest],
            area_code=area,
            area_name=name(area),
            as_of=_date(as_of),
            alive_until=_date(until),
            strength=float(len(rows)),
            method=f"two reports or more at one property reference number within {YEAR_DAYS} days, all agencies",
            batches=records.batches,
            easting=float(records.x[latest]) if placed else None,
            northing=float(records.y[latest]) if placed else None,
            premises=home,
            grounds=records.grounds(rows),
            facts={
                "times": len(rows),
                "by_agency": dict(agencies),
                "types": dict(Counter(CrimeType(records.crime_type[at]).label for at in rows)),
                "happened_on": _date(int(records.day[latest])).isoformat(),
                "days_before": int(records.day[latest] - records.day[rows[-2]]),
                "same_place_half_life_days": None if own is None else round(own.half, 2),
            },
        )


@dataclass(frozen=True)
class Series:
    """Counts of one type in one area by month, from one source."""

    area: Area
    crime_type: CrimeType
    source: str
    months: tuple[Month, ...]
    counts: tuple[int | None, ...]
    batches: tuple[str, ...]
    grounds: frozenset[Ground] = frozenset()


def exceptional_months(series: Sequence[Series]) -> Iterator[NewAlert]:
    """Series whose latest month lies above what season and history lead one to expect."""
    judged = []
    for one in series:
        try:
            judged.append((one, expected_range(one.months, one.counts)))
        except CannotCompute:
            continue
    for one, result in judged:
        last = result.months[-1]
        if last.standing is not MonthStanding.HIGH or last.count is None:
            continue
        ends = last.month.last_day
        yield NewAlert(
            kind=AlertKind.EXCEPTIONAL_MONTH,
            fingerprint=f"exceptional month|{one.source}|{one.area.code}|{one.crime_type.value}|{last.month}",
            crime_type=one.crime_type,
            source=one.source,
            area_code=one.area.code,
            area_name=one.area.name,
            as_of=ends,
            alive_until=(last.month + 2).first_day - timedelta(days=1),
            strength=(last.count - last.expected) / max(last.upper - last.expected, 1.0),
            method=result.method,
            batches=one.batches,
            grounds=one.grounds,
            facts={
                "count": last.count,
                "lower": last.lower,
                "upper": last.upper,
                "expected": round(last.expected, 2),
                "month": str(last.month),
                "month_label": said(last.month),
                "looked_at": len(judged),
                "n": result.n,
            },
        )


def new_hot_spots(
    records: DatedRecords,
    rows: NDArray[np.int64],
    as_of: int,
    geography: Geography,
    small_areas: Sequence[str],
    name: Callable[[str], str],
) -> Iterator[NewAlert]:
    """Squares that became hot in the latest stretch, or grew, the strongest of each ward."""
    since = as_of - SLICES * SLICE_DAYS
    recent = rows[(records.day[rows] > since) & (records.day[rows] <= as_of)]
    if not len(recent):
        return
    events = records.events(recent)
    try:
        grid = square_grid(cell_m=HOT_SIDE_M, events=events)
        history = hot_spot_history(events, grid=grid, slice_days=SLICE_DAYS)
    except CannotCompute:
        return
    seen: set[str] = set()
    latest = history.z[-1]
    for flat in np.argsort(-np.nan_to_num(latest, nan=-np.inf), axis=None).tolist():
        row, column = divmod(flat, grid.columns)
        course = COURSES[history.course[row, column]]
        if course not in (Course.NEW, Course.EMERGING) or not grid.mask[row, column]:
            continue
        x, y = float(grid.centres_x[column]), float(grid.centres_y[row])
        nearest = recent[np.argmin((records.x[recent] - x) ** 2 + (records.y[recent] - y) ** 2)]
        area = records.small_area[nearest] or ""
        ward = geography.parents.get(area, {}).get(AreaLevel.WARD, area)
        if ward in seen:
            continue
        seen.add(ward)
        radius = 1.5 * HOT_SIDE_M
        near = np.hypot(records.x[recent] - x, records.y[recent] - y) <= radius
        in_latest = near & (records.day[recent] > as_of - SLICE_DAYS)
        crime_type = CrimeType(records.crime_type[nearest])
        yield NewAlert(
            kind=AlertKind.NEW_HOT_SPOT,
            fingerprint=f"new hot spot|{records.source[nearest]}|{crime_type.value}|{ward}|{_date(as_of)}",
            crime_type=crime_type,
            source=records.source[nearest],
            area_code=area,
            area_name=name(area),
            as_of=_date(as_of),
            alive_until=_date(as_of + SLICE_DAYS),
            strength=float(latest[row, column]),
            method=history.method,
            batches=records.batches,
            easting=x,
            northing=y,
            radius_m=radius,
            grounds=records.grounds(recent.tolist()),
            facts={
                "course": course.value,
                "times_hot": int(history.times_hot[row, column]),
                "slices": len(history.first_days),
                "slice_days": SLICE_DAYS,
                "side_m": HOT_SIDE_M,
                "count": int(in_latest.sum()),
                "usual": round(float((near & ~in_latest).sum()) / max(len(history.first_days) - 1, 1), 2),
            },
        )


def _date(day: int) -> date:
    return EPOCH + timedelta(days=int(day))
