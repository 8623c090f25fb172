"""How far each neighbourhood is, when all would be done, and who waits: the lower half of today's page."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext

from frankpledge.delivery.home_security.pages.asking import area_names, head_of, row
from frankpledge.delivery.home_security.rules import asking as asking_rules
from frankpledge.delivery.home_security.rules.asking import Standing
from frankpledge.delivery.home_security.rules.pace import Completion, completion, counted_until, pace
from frankpledge.delivery.home_security.selectors import asking, choosing, doing, knowing
from frankpledge.foundation.places import selectors as places
from frankpledge.reports.forecast_chart import Ahead, completion_chart
from frankpledge.vocabulary.premises import Tenure
from frankpledge.vocabulary.wording import decimal, share, whole

HEAD = 6  # homes of the waiting list shown beside the day
DRAWN = 40  # points of the line of what was done
FURTHEST = timedelta(days=6 * 366)  # a chart reaches no further ahead; the words still say when
A_MONTH = 365.25 / 12  # days
SOCIAL = (Tenure.COUNCIL_TENANT.value, Tenure.HOUSING_ASSOCIATION_TENANT.value)
FEWEST_AHEAD, SHARES_FROM = 5, 20  # a shorter head of the list says nothing; below 20 counts say more than shares


def coverage_part() -> dict[str, Any]:
    """Each priority neighbourhood and all of them: homes, done, said no, waiting."""
    found, names = doing.coverage(), area_names()
    rows = [_line(names.get(one.code, one.code), one) for one in found if one.homes]
    homes, done = sum(one.homes for one in found), sum(one.done for one in found)
    every = doing.Coverage("", homes, done, sum(one.said_no for one in found), sum(one.waiting for one in found))
    behind = rows[-1]["name"] if len(rows) > 1 else ""
    return {
        "rows": rows,
        "total": _line(gettext("All {n}").format(n=len(rows)), every) if len(rows) > 1 else None,
        "homes": homes,
        "done": done,
        "percent": share(done / homes) if homes else "",
        "title": gettext("of homes are protected; {area} is furthest behind").format(area=behind)
        if behind and done < homes
        else gettext("of homes are protected"),
    }


def _line(name: str, one: doing.Coverage) -> dict[str, Any]:
    refused = 100 * one.said_no / one.homes if one.homes else 0.0
    return {
        "name": name,
        "one": one,
        "percent": round(one.percent),
        "width": f"{one.percent:.1f}%",
        "no_width": f"{refused:.1f}%",
        "no_from": f"{100 - refused:.1f}%",
    }


# -- when all would be done -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Progress:
    """Days on which homes were first protected, in order, of all homes there are, counted up to a day."""

    days: Sequence[date]
    of: int
    until: date
    ahead: Completion


def forecast_part(today: date) -> dict[str, Any] | None:
    """At the pace of the last 26 weeks the last home is done in ...; None as long as nothing is fitted."""
    where = {uprn for uprns in places.homes_by_neighbourhood().values() for uprn in uprns}
    days = sorted(day for uprn, day in knowing.first_fitted().items() if uprn in where and day <= today)
    if not days:
        return None
    until = counted_until(days, today)
    at = _Progress(days, len(where), until, completion(len(days), len(where), pace(days, until)))
    end = _day_after(until, at.ahead.months)
    title = _title(at, end)
    return {
        "title": title,
        "a_week": decimal(at.ahead.pace.a_week),
        "sentence": _sentence(at, today),
        "chart": _chart(at, end, title),
        "rows": _rows(at, end),
    }


def _day_after(day: date, months: float | None) -> date | None:
    """So many months later; None for never, or for later than anybody need know."""
    return day + timedelta(days=round(months * A_MONTH)) if months is not None and months < 1_200 else None


def part_of_month(day: date) -> str:
    """``late May 2027``: a forecast to the day would claim too much."""
    month = formats.date_format(day, "F Y")
    if day.day <= 10:
        return gettext("early {month}").format(month=month)
    if day.day <= 20:
        return gettext("mid {month}").format(month=month)
    return gettext("late {month}").format(month=month)


def _title(at: _Progress, end: date | None) -> str:
    if at.ahead.left == 0:
        return gettext("Every home of the priority neighbourhoods is protected")
    if end is None:
        return gettext("At this pace the last home is never done")
    return gettext("At this pace the last home is done in {when}").format(when=part_of_month(end))


def _sentence(at: _Progress, today: date) -> str:
    """The pace with what it was counted from, what is left, and how far chance alone could move it."""
    found, weeks = at.ahead, decimal(at.ahead.pace.weeks, 0)
    words = gettext(
        "{rate} homes a week: {fitted} first protected in the {weeks} weeks up to {day}. {left} are left"
    ).format(
        rate=decimal(found.pace.a_week), fitted=whole(found.pace.fitted), weeks=weeks, left=whole(found.left),
        day=formats.date_format(at.until, "j F Y") if at.until != today else gettext("today"),
    )  # fmt: skip
    if found.months is None:
        return words + "."
    words += gettext(": {months} months.").format(months=decimal(found.months))
    if found.soonest is not None and found.latest is not None:
        words += " " + gettext(
            "Chance alone could make it {low} to {high}; weather, staff and money are not in it."
        ).format(low=decimal(found.soonest), high=decimal(found.latest))
    return words


def _chart(at: _Progress, end: date | None, title: str) -> str:
    first = at.days[0] - timedelta(days=1)
    step = max((at.until - first).days / DRAWN, 1.0)
    drawn = sorted({*(first + timedelta(days=round(step * i)) for i in range(DRAWN)), at.until})
    points = [(day, bisect_right(at.days, day)) for day in drawn if day <= at.until]
    ahead = _ahead(at, end)
    last = max(at.until, (ahead.latest or ahead.done) if ahead else at.until)
    return completion_chart(
        points, at.of, ahead, months=_months(first, last), prefix="ahead", title=title,
        description=gettext(
            "Homes protected since the beginning, and the way on at the present pace; shaded: the fastest and the "
            "slowest pace chance alone leaves. The table below says the same."
        ),
        now_words=gettext("{n} today"), figure=whole(at.ahead.done),
        all_words=gettext("all {n} homes").format(n=whole(at.of)),
    )  # fmt: skip


def _ahead(at: _Progress, end: date | None) -> Ahead | None:
    soonest, latest = _day_after(at.until, at.ahead.soonest), _day_after(at.until, at.ahead.latest)
    if end is None or soonest is None or at.ahead.left == 0 or end - at.until > FURTHEST:
        return None
    late = latest if latest is not None and latest - at.until <= FURTHEST else None
    words = gettext("{first} to {last}").format(
        first=part_of_month(soonest), last=part_of_month(latest) if latest else gettext("never")
    )
    return Ahead(end, soonest, late, part_of_month(end), words)


def _months(first: date, last: date) -> list[tuple[date, str]]:
    """Beginnings of months evenly along the chart, five at most, each with its year where the year is new."""
    months = (last.year - first.year) * 12 + last.month - first.month
    every = next((n for n in (1, 2, 3, 6, 12, 24) if months / n <= 5), 36)
    found: list[tuple[date, str]] = []
    number, year = first.year * 12 + first.month - 1, 0
    while (day := date(number // 12, number % 12 + 1, 1)) <= last:
        if day >= first:
            found.append((day, formats.date_format(day, "M Y" if day.year != year else "M")))
            year = day.year
            number += every
        else:
            number += 1
    return found


def _rows(at: _Progress, end: date | None) -> list[tuple[str, str]]:
    """What the chart shows, in figures."""
    months = [day for day, _ in _months(at.days[0], at.until)]
    found = [(formats.date_format(day, "j F Y"), whole(bisect_right(at.days, day))) for day in months]
    found.append((formats.date_format(at.until, "j F Y"), whole(at.ahead.done)))
    soonest, latest = _day_after(at.until, at.ahead.soonest), _day_after(at.until, at.ahead.latest)
    for when, words in ((soonest, gettext("soonest")), (end, gettext("at this pace")), (latest, gettext("latest"))):
        if when is not None and at.ahead.left:
            found.append((f"{part_of_month(when)} ({words})", whole(at.of)))
    return found


# -- who waits --------------------------------------------------------------------------------------------------------


def waiting_part(today: date) -> dict[str, Any]:
    """The head of the list with the reasons of each place, and whether it is fair by tenure."""
    standings = asking.priority_list(today)
    shown = standings[:HEAD]
    held, names = asking.requests([one.key for one in shown]), area_names()
    sent = choosing.unanswered_of([one.key for one in shown])
    rows = [_waiting_row(one, held, names, today, sent) for one in shown if one.key in held]
    return {"total": len(standings), "rows": rows, "fair": fair_words(standings, today)}


def _waiting_row(
    one: Standing, held: Mapping[int, Any], names: dict[str, str], today: date, sent: Mapping[int, Any]
) -> dict[str, Any]:
    return row(one, held[one.key], names, (today - one.asked_on).days) | {"invitation": sent.get(one.key)}


def fair_words(standings: Sequence[Standing], today: date) -> str:
    """``Social tenants are 41 % of the list and 43 % of the first 50.`` Empty where the list is too short to say."""
    head = head_of(len(standings))
    if head < FEWEST_AHEAD:
        return ""
    shares = asking_rules.fairness(standings, lambda one: str(one.tenure in SOCIAL), head, today)
    social = next((one for one in shares if one.group == "True"), None)
    if social is None:
        return ""
    if head < SHARES_FROM:
        return gettext("Social tenants are {n} of the {all} that wait and {first} of the first {head}.").format(
            n=social.listed, all=len(standings), first=social.first, head=head
        )
    return gettext("Social tenants are {listed} of the list and {first} of the first {head}.").format(
        listed=share(social.listed_share), first=share(social.first_share), head=head
    )
