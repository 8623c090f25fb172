"""Named reads of evaluations and of how far the programme has come."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from frankpledge.delivery.home_security.rules.pace import Completion, completion, counted_until, pace
from frankpledge.delivery.home_security.selectors import knowing
from frankpledge.foundation.places import selectors as places
from frankpledge.oversight.evaluation.models import Evaluation
from frankpledge.oversight.evaluation.rules import ServedHome
from frankpledge.oversight.exploring.selectors import own_area
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.periods import Month


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
    visits: int

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
