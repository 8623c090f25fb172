"""Safe homes evaluated: homes from the places, fittings from the programme, burglaries from the police extract."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from frankpledge.analysis.entry_findings import EntryFindings, alarm_use_odds
from frankpledge.analysis.events import EPOCH
from frankpledge.analysis.programme_evaluation import (
    Fittings,
    ProgrammeEvaluation,
    ProgrammeHomes,
    Spending,
    evaluate_programme,
)
from frankpledge.analysis.value import Cash
from frankpledge.delivery.home_security.rules.quality import week_of
from frankpledge.delivery.home_security.selectors import asking, knowing, quality
from frankpledge.delivery.home_security.vocabulary import OfferState
from frankpledge.foundation.jobs.registry import JobContext
from frankpledge.foundation.places import selectors as places
from frankpledge.foundation.places.selectors import HomePoint
from frankpledge.oversight.evaluation import selectors, services
from frankpledge.oversight.evaluation.selectors import HomeBurglaries
from frankpledge.oversight.evaluation.vocabulary import AlarmFound
from frankpledge.oversight.exploring.selectors import own_area
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.geography import Geography
from frankpledge.vocabulary.premises import Tenure

if TYPE_CHECKING:
    from frankpledge.oversight.evaluation.models import Evaluation

RESAMPLES, SEED = 2_000, 1
RENTED = (Tenure.COUNCIL_TENANT.value, Tenure.HOUSING_ASSOCIATION_TENANT.value)

Tell = Callable[[int, str], None]


def evaluate_homes_job(
    context: JobContext, *, pounds: str | None, cost_is: str, cash_per_burglary: str | None, cash_budget: str
) -> dict[str, Any]:
    """The job: see ``evaluate_homes``."""
    cash = Cash(cash_budget, float(cash_per_burglary)) if cash_per_burglary else None
    made = evaluate_homes(
        pounds=None if pounds is None else Decimal(pounds),
        cost_is=cost_is,
        cash=cash,
        job=context.job_id,
        by=context.by,
        tell=lambda percent, line: context.progress(percent, line),
    )
    return {"evaluation": made.pk, "sentence": made.result["sentence"]}


def evaluate_homes(
    *, pounds: Decimal | None, cost_is: str, cash: Cash | None = None, job: int | None = None, by: Actor,
    tell: Tell | None = None,
) -> "Evaluation":  # fmt: skip
    """Evaluate the programme on everything at hand and keep the result.

    Raises CannotCompute without areas, a police extract that names homes, or anything fitted.
    """
    say = tell or (lambda percent, line: None)
    say(1, "Homes and what was fitted are read")
    found, burglaries = _evaluated(pounds, cost_is, cash, say)
    first, end = burglaries.first, burglaries.end
    say(95, "The result is kept")
    visited = [one for one in selectors.burglaries_of_protected() if first <= one.burgled_on < end]
    visits = selectors.found_at_visits(visited)
    return services.keep(
        result={
            **found.as_dict(),
            "visits": visits.as_dict(),
            "alarm_use": _alarm_use(visits, first, end - timedelta(days=1)),
            "offers": _offers(),
            "missing_months": [str(month) for month in burglaries.missing],
        },
        first_on=first,
        last_on=end - timedelta(days=1),
        pounds=pounds,
        cost_is=cost_is,
        job=job,
        by=by,
    )


def _evaluated(
    pounds: Decimal | None, cost_is: str, cash: Cash | None, say: Tell
) -> tuple[ProgrammeEvaluation, HomeBurglaries]:
    area = own_area()
    if area is None:
        raise CannotCompute("No areas have been loaded yet, so there are no homes to evaluate.")
    geography = places.geography_around(area.code)
    homes = places.homes_in(small_areas=geography.small_areas_in(area.code))
    place = {home.uprn: number for number, home in enumerate(homes)}
    burglaries = selectors.burglaries_of_homes(geography.small_areas_in(area.code))
    home = np.array([place.get(uprn, -1) for uprn in burglaries.uprn], np.int64)
    fitted = [one for one in knowing.security_fitted() if one.uprn in place]
    spending = None if pounds is None else Spending(pounds=float(pounds), is_what=cost_is, cash=cash)
    result = evaluate_programme(
        homes=ProgrammeHomes(
            small_area=np.array([one.small_area for one in homes], object),
            street=np.array([f"{one.street}, {one.small_area}" for one in homes], object),
            x=np.array([one.easting for one in homes], np.float64),
            y=np.array([one.northing for one in homes], np.float64),
            served=np.array([one.neighbourhood is not None for one in homes], np.bool_),
        ),
        fittings=Fittings(
            home=np.array([place[one.uprn] for one in fitted], np.int64),
            day=np.array([(one.fitted_on - EPOCH).days for one in fitted], np.int64),
            measure=np.array([one.kind for one in fitted], object),
        ),
        event_home=home[home >= 0],
        event_day=burglaries.day[home >= 0],
        first_day=(burglaries.first - EPOCH).days,
        end_day=(burglaries.end - EPOCH).days,
        spending=spending,
        likeness=_likeness(homes, geography),
        resamples=RESAMPLES,
        seed=SEED,
        batches=burglaries.batches,
        tell=say,
    )
    return result, burglaries


def _offers() -> dict[str, int]:
    """What became of the offers to homes beside a burglary: the dosage as delivered, not as meant."""
    dose = asking.dosage()
    count = dose.by_state
    return {
        "cocoons": dose.cocoons,
        "homes": dose.homes,
        "reached": dose.reached,
        "accepted": count.get(OfferState.ACCEPTED, 0),
        "had_it": count.get(OfferState.HAS_IT, 0),
        "refused": count.get(OfferState.REFUSED, 0),
        "unanswered": count.get(OfferState.UNANSWERED, 0),
    }


def _alarm_use(visits: EntryFindings, first: date, last: date) -> dict[str, Any]:
    """Alarms set in burgled homes, and in homes drawn for a call in the same days; their odds ratio where enough is
    known."""
    alarm = next(question for question in visits.questions if question.key == "alarm")
    burgled = {one.word: one.count for one in alarm.answers}
    asked = quality.survey(first, week_of(last)).questions["sets_alarm"]
    counts = {
        "burgled_set": burgled[AlarmFound.SET.value],
        "burgled_not_set": burgled[AlarmFound.NOT_SET.value],
        "asked_set": asked.yes,
        "asked_not_set": asked.n - asked.yes,
    }
    try:
        odds = alarm_use_odds(**counts)
    except CannotCompute:
        return {**counts, "tried": asked.asked, "odds": None, "interval": None}
    return {**counts, "tried": asked.asked, "odds": odds.value, "interval": odds.interval.as_dict()}


def _likeness(homes: Sequence[HomePoint], geography: Geography) -> dict[str, list[float]]:
    """Small area -> deprivation rank and share of socially rented homes: what similar areas are chosen by."""
    counts: dict[str, list[int]] = {}
    for home in homes:
        row = counts.setdefault(home.small_area, [0, 0])
        row[0] += home.tenure in RENTED
        row[1] += 1
    ranks = geography.deprivation
    if not all(area in ranks for area in counts):
        return {area: [rented / every] for area, (rented, every) in counts.items()}
    return {area: [float(ranks[area]), rented / every] for area, (rented, every) in counts.items()}
