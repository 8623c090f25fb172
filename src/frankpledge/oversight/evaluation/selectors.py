"""Named reads of evaluations and of how far the programme has come."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from numpy.typing import NDArray

from frankpledge.analysis.entry_findings import EntryFindings, entry_findings
from frankpledge.analysis.events import EPOCH
from frankpledge.delivery.home_security.rules.pace import Completion, completion, counted_until, pace
from frankpledge.delivery.home_security.selectors import knowing
from frankpledge.evidence import queries
from frankpledge.evidence.days import with_days
from frankpledge.foundation.places import selectors as places
from frankpledge.oversight.evaluation import permissions
from frankpledge.oversight.evaluation.models import EntryFinding, Evaluation
from frankpledge.oversight.evaluation.rules import QUESTIONS, ServedHome, answers_of, months_without
from frankpledge.oversight.exploring.selectors import own_area
from frankpledge.records.incidents import selectors as incidents
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.premises import Premises

SOURCE = "police-extract"
MARK_LETTERS = 20


def newest() -> Evaluation | None:
    """The newest evaluation. One query."""
    return Evaluation.objects.first()


def evaluations() -> QuerySet[Evaluation]:
    """All, the newest first, without their results. Lazy."""
    return Evaluation.objects.defer("result")


def evaluation(number: int) -> Evaluation | None:
    """One evaluation, or None. One query."""
    return Evaluation.objects.filter(pk=number).first()


@dataclass(frozen=True)
class Coverage:
    """Every home the programme serves, and its pace up to ``until``."""

    homes: tuple[ServedHome, ...]
    until: date
    pace: Completion | None
    visit_days: Mapping[date, int]

    def visits(self, until: date) -> int:
        """Visits finished by a day."""
        return sum(count for day, count in self.visit_days.items() if day <= until)

    @property
    def protected(self) -> int:
        return sum(home.protected_on is not None for home in self.homes)

    @property
    def said_no(self) -> int:
        return sum(home.said_no and home.protected_on is None for home in self.homes)

    @property
    def days(self) -> list[date]:
        """The day of protection of each protected home."""
        return [home.protected_on for home in self.homes if home.protected_on is not None]


def coverage(today: date) -> Coverage:
    """Homes of the priority neighbourhoods with what became of each. A fixed number of queries, however many homes.

    The pace is that of the last 26 weeks up to today, or up to the last fitting where that is more than a month ago.
    """
    names = {area.code: area.name for found in places.area_choices().values() for area in found}
    fitted = {uprn: day for uprn, day in knowing.first_fitted().items() if day <= today}
    no = knowing.homes_that_said_no()
    homes = tuple(
        ServedHome(
            street=home.street,
            ward=names.get(home.ward, home.ward),
            neighbourhood=names.get(home.neighbourhood or "", ""),
            tenure=home.tenure or "",
            protected_on=fitted.get(home.uprn),
            said_no=home.uprn in no,
        )
        for home in places.homes_in(in_neighbourhood=True)
    )
    days = [home.protected_on for home in homes if home.protected_on is not None]
    until = counted_until(days, today)
    ahead = completion(len(days), len(homes), pace(days, until)) if days else None
    return Coverage(homes, until, ahead, knowing.visits_done())


def programme_areas() -> list[str]:
    """Names of the priority neighbourhoods, by name. One query once warm."""
    return [area.name for area in places.area_choices().get(AreaLevel.PRIORITY_NEIGHBOURHOOD, [])]


def own_name() -> str:
    """The partnership's own area in a word, or nothing."""
    area = own_area()
    return area.name if area else ""


def month_of(day: int) -> Month:
    """The month of a day number from 1 January 1970."""
    return Month.of(date.fromordinal(day + date(1970, 1, 1).toordinal()))


# -- burglaries of homes ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HomeBurglaries:
    """Burglaries whose home the police extract names. Arrays run over them.

    ``first`` to before ``end`` is covered but for the months ``missing``; a month that is not over ends with today.
    """

    uprn: NDArray[np.object_]
    day: NDArray[np.int64]  # from 1 January 1970
    record: NDArray[np.object_]  # the publisher's reference, or the home and the day where it gives none
    batch: NDArray[np.object_]
    first: date
    end: date
    missing: tuple[Month, ...]
    batches: tuple[str, ...]


def burglaries_of_homes(small_areas: Collection[str]) -> HomeBurglaries:
    """Every burglary of the current extracts that has a home and a day. One query; the files are read anew.

    Raises CannotCompute without an extract.
    """
    entries = incidents.current_files(SOURCE)
    if not entries:
        raise CannotCompute("There is no police extract with the homes of burglaries. Add one under Evidence.")
    wanted = queries.events_in(small_areas, CrimeType.BURGLARY)
    table, day = with_days(incidents.engine().run(wanted, files=[entry.path for entry in entries]))
    uprn = np.array([key or "" for key in table["premises"].to_pylist()], object)
    named = uprn != ""
    record = np.array(
        [said or f"{home}:{on}" for said, home, on in zip(table["reference"].to_pylist(), uprn, day, strict=True)],
        object,
    )
    batch = np.array(table["batch"].to_pylist(), object)
    return HomeBurglaries(
        uprn=uprn[named],
        day=day[named],
        record=record[named],
        batch=batch[named],
        first=min(entry.period.first for entry in entries).first_day,
        end=min((max(entry.period.last for entry in entries) + 1).first_day, timezone.localdate() + timedelta(days=1)),
        missing=months_without(entry.period for entry in entries),
        batches=tuple(sorted(set(batch.tolist()))),
    )


@dataclass(frozen=True, slots=True)
class ProtectedBurglary:
    """A recorded burglary of a home of the programme that had security of ours on the day."""

    record: str
    batch: str
    home: Premises
    burgled_on: date
    protected_on: date
    kinds: tuple[str, ...]  # MeasureKind values of what it had on the day
    finding: EntryFinding | None

    @property
    def mark(self) -> str:
        """What stands for the burglary in addresses and in the audit trail: neither the home nor the police reference.

        Keyed with the server's secret: there are so few homes, days and references that a plain hash could be found by
        trying them all.
        """
        return salted_hmac("evaluation.burglary", self.record, algorithm="sha256").hexdigest()[:MARK_LETTERS]


def burglaries_of_protected() -> list[ProtectedBurglary]:
    """Every recorded burglary of a served home protected on the day, the newest first. A fixed number of queries.

    It names homes: whoever shows it asks ``permissions`` whose rows a reader may see, and records the look.
    """
    area = own_area()
    if area is None or not incidents.current_files(SOURCE):
        return []
    burglaries = burglaries_of_homes(places.geography_around(area.code).small_areas_in(area.code))
    fitted: dict[str, list[knowing.FittedMeasure]] = {}
    for one in knowing.security_fitted():
        fitted.setdefault(one.uprn, []).append(one)
    rows = {
        record: (uprn, EPOCH + timedelta(days=int(day)), batch)
        for uprn, day, record, batch in zip(
            burglaries.uprn, burglaries.day, burglaries.record, burglaries.batch, strict=True
        )
        if uprn in fitted and (fitted[uprn][0].fitted_on - EPOCH).days <= day
    }
    homes = places.premises_of({uprn for uprn, _, _ in rows.values()})
    findings = findings_by_record()
    found = [
        ProtectedBurglary(
            record=record,
            batch=batch,
            home=homes[uprn],
            burgled_on=day,
            protected_on=fitted[uprn][0].fitted_on,
            kinds=tuple(dict.fromkeys(one.kind for one in fitted[uprn] if one.fitted_on <= day)),
            finding=findings.get(record),
        )
        for record, (uprn, day, batch) in rows.items()
        if uprn in homes and homes[uprn].neighbourhood is not None
    ]
    return sorted(found, key=lambda one: (one.burgled_on, one.record), reverse=True)


@dataclass(frozen=True)
class Shown:
    """The burglaries of protected homes that somebody may see, and whether there are others."""

    burglaries: tuple[ProtectedBurglary, ...]
    are_others: bool


def burglaries_shown_to(person: Any) -> Shown:
    """Of the burglaries of protected homes those whose rows this person may handle. A fixed number of queries."""
    every = burglaries_of_protected()
    open_to_them = permissions.batches_open_to(person, {one.batch for one in every})
    kept = tuple(one for one in every if one.batch in open_to_them)
    return Shown(kept, len(kept) < len(every))


def found_at_visits(burglaries: Collection[ProtectedBurglary]) -> EntryFindings:
    """What was found after these burglaries, counted; what nobody looked into is counted too."""
    found = [answers_of(one.finding.alarm, one.finding.entry, one.finding.floor) for one in burglaries if one.finding]
    return entry_findings(found, burglaries=len(burglaries), answers=QUESTIONS)


def findings_by_record() -> Mapping[str, EntryFinding]:
    """Everything written down after burglaries, by the record it is about. One query."""
    return {one.record: one for one in EntryFinding.objects.all()}
