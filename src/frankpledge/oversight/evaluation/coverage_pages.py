"""What the page of coverage says: how far the programme has come, how fast it goes, what each home cost."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from frankpledge.analysis.value import cost_per_outcome, pounds
from frankpledge.delivery.home_security.rules.pace import Completion
from frankpledge.oversight.evaluation import permissions, rules
from frankpledge.oversight.evaluation.models import Evaluation
from frankpledge.oversight.evaluation.rules import Covered, ServedHome
from frankpledge.oversight.evaluation.selectors import Coverage
from frankpledge.reports import evaluation_charts as charts
from frankpledge.reports.words import date_words, month_short
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.wording import decimal, whole

FEWEST_SHOWN = 5


def coverage_page(found: Coverage, made: Evaluation | None, person: Any) -> dict[str, Any]:
    """Homes protected by neighbourhood, ward, tenure and street, over time, and when all would be done."""
    page: dict[str, Any] = {**permissions.abilities(person), "homes": len(found.homes)}
    if not found.homes or not found.protected:
        return page
    share = 100 * found.protected / len(found.homes)
    months = rules.by_month(found.days, found.until)
    labels = [_month(month) for month, _ in months]
    counts = [count for _, count in months]
    shares = rules.shares_by_month(found.homes, _neighbourhood, found.until)
    title = gettext("%(percent)s per cent of homes protected") % {"percent": decimal(share)}
    return {
        **page,
        "title": title,
        "lead": gettext(
            "%(protected)s of %(homes)s homes in the programme’s area are protected: %(percent)s per cent. "
                "%(left)s are left."
        )
        % {
            "protected": whole(found.protected),
            "homes": whole(len(found.homes)),
            "percent": decimal(share),
            "left": whole(len(found.homes) - found.protected),
        },
        "until": date_words(found.until),
        "pace": _pace(found.pace),
        "said_no": whole(found.said_no),
        "chart": charts.growth(
            labels, counts, len(found.homes), words=f"{whole(counts[-1])}, {decimal(share)} %", prefix="growth",
            title=title, description=gettext("Homes protected by the end of each month, of all homes in the area."),
        ),
        "neighbourhoods": [name for name, _ in shares],
        "months": [
            (label, whole(count), f"{decimal(100 * count / len(found.homes))} %",
             *(f"{share[at]} %" for _, share in shares))
            for at, (label, count) in enumerate(zip(labels, counts, strict=True))
        ],
        "tables": [
            _covered(gettext("By neighbourhood"), gettext("Neighbourhood"), rules.covered(found.homes, _neighbourhood)),
            _covered(gettext("By ward"), gettext("Ward"), rules.covered(found.homes, _ward)),
            _covered(gettext("By tenure"), gettext("Tenure"), rules.covered(found.homes, _tenure)),
        ],
        # Where few homes have locks of ours is what a burglar would ask: only who delivers the programme is told.
        "streets": _covered(
            gettext("By street"), gettext("Street"), rules.covered(found.homes, lambda home: home.street)
        )
        if page["may_view_homes"]
        else None,
        "costs": _costs(found, made),
    }  # fmt: skip


def _neighbourhood(home: ServedHome) -> str:
    return home.neighbourhood


def _ward(home: ServedHome) -> str:
    return home.ward


def _tenure(home: ServedHome) -> str:
    return gettext(home.tenure)


def _covered(title: str, what: str, rows: Sequence[Covered]) -> dict[str, Any]:
    return {
        "title": title,
        "what": what,
        "rows": [
            {
                "name": row.name or gettext("others, few homes each"),
                "homes": whole(row.homes),
                "protected": whole(row.protected),
                "percent": round(100 * row.share),
                "left": whole(row.left),
                "said_no": _shown(row.said_no),
            }
            for row in rows
        ],
    }


def _pace(ahead: Completion | None) -> dict[str, str] | None:
    if ahead is None:
        return None
    months, span = gettext("never, at this pace"), ""
    if ahead.months is not None:
        months = gettext("%(months)s months left") % {"months": decimal(ahead.months)}
    if ahead.soonest is not None and ahead.latest is not None:
        span = gettext("%(low)s to %(high)s") % {"low": decimal(ahead.soonest), "high": decimal(ahead.latest)}
    return {
        "a_week": decimal(ahead.pace.a_week),
        "of": gettext("%(fitted)s homes in %(weeks)s weeks")
        % {"fitted": whole(ahead.pace.fitted), "weeks": decimal(ahead.pace.weeks, 0)},
        "months": months,
        "range": span,
        "left": gettext("%(left)s homes left at %(month)s a month")
        % {"left": whole(ahead.left), "month": whole(ahead.pace.a_week * 52 / 12)},
    }


def _costs(found: Coverage, made: Evaluation | None) -> list[dict[str, str]]:
    """What it cost for each of three things, each naming what was divided by what.

    The cost is that of the evaluation, so homes and visits are counted to its last day and not to today.
    """
    if made is None or made.pounds is None:
        return []
    until = made.last_on
    outcomes = (
        (sum(day <= until for day in found.days), gettext("home protected")),
        (len(found.homes), gettext("home in the area")),
        (found.visits(until), gettext("visit finished")),
    )
    to = gettext("to %(day)s") % {"day": date_words(until)}
    return [
        {
            "value": pounds(
                cost_per_outcome(float(made.pounds), count, cost_is=made.cost_is, outcome=what).value, pence=True
            ),
            "per": gettext("For each %(what)s") % {"what": what},
            "sum": f"{pounds(float(made.pounds))} ÷ {whole(count)}, {to}",
            "cost_is": made.cost_is,
        }
        for count, what in outcomes
        if count
    ]


def _shown(count: int) -> str:
    """A count, or only that it is few."""
    if 0 < count < FEWEST_SHOWN:
        return gettext("fewer than %(count)s") % {"count": FEWEST_SHOWN}
    return whole(count)


def _month(month: Month) -> str:
    """``Jan 2031``."""
    return f"{month_short(month, gettext)} {month.first_day.year}"
