"""The worked example: Mansfield's own counts put to the questions of this room, beside what the document printed."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from frankpledge.analysis.entry_findings import entry_findings
from frankpledge.analysis.exposure import compare_exposure
from frankpledge.analysis.rates import crude_rate
from frankpledge.analysis.value import (
    avoided_before_after,
    cost_per_outcome,
    pounds,
    value_by_edition,
    value_of_avoided,
)
from frankpledge.delivery.home_security.rules.pace import Pace, completion
from frankpledge.oversight.evaluation import permissions
from frankpledge.oversight.evaluation.burglary_pages import question
from frankpledge.records.plan import selectors as plans
from frankpledge.reports import evaluation_charts as charts
from frankpledge.reports.evaluation_charts import Mark
from frankpledge.sources import examples
from frankpledge.vocabulary.unit_costs import unit_cost_edition
from frankpledge.vocabulary.wording import decimal, whole

KEY = "mansfield"
WEEKS, MONTHS = 26.0, 6.0  # the half year in which the alarms were fitted and the burglaries counted
HALF_YEAR_DAYS = 365.25 / 2
EDITIONS = ("hors217", "online3005", "rr99")


def is_loaded() -> bool:
    """Whether the example was loaded here. One query."""
    return plans.example_plan(KEY) is not None


def mansfield_page(person: Any) -> dict[str, Any]:
    """Everything worked out anew from the counts the document prints."""
    given = examples.read(KEY)
    counts = {one["name"]: one["value"] for one in given["figures"]}
    may = permissions.abilities(person)
    return {
        **may,
        "title": given["title"],
        "edition": given["edition"],
        "cards": _cards(counts),
        "exposure": _exposure(counts),
        "editions": _editions(counts),
        "visits": _visits(counts),
        "conflicts": _conflicts(counts, may["may_view_claims"]),
    }


def _cards(counts: Mapping[str, Any]) -> list[dict[str, str]]:
    fitted, homes, budget = counts["alarms"], counts["properties"], counts["budget"]
    ahead = completion(fitted, homes, Pace(fitted, WEEKS))
    each = cost_per_outcome(budget, homes, cost_is=gettext("the full budget"), outcome=gettext("home in the area"))
    avoided = avoided_before_after(counts["before"], counts["after"], months_before=MONTHS)
    value = value_of_avoided(avoided, edition="hors217", cost=budget)
    span = value.break_even_interval
    return [
        {
            "label": gettext("Homes protected"),
            "value": f"{decimal(100 * fitted / homes)} %",
            "note": gettext("%(fitted)s of %(homes)s. Printed: 44 %%, “almost half”.")
            % {"fitted": whole(fitted), "homes": whole(homes)},
        },
        {
            "label": gettext("Pace"),
            "value": gettext("%(pace)s a week") % {"pace": decimal(ahead.pace.a_week)},
            "note": gettext("%(left)s homes left: %(months)s months.")
            % {"left": whole(ahead.left), "months": decimal(ahead.months or 0.0)},
        },
        {
            "label": gettext("Cost per home in the area"),
            "value": pounds(each.value, pence=True),
            "note": gettext("%(budget)s, the full budget, ÷ %(homes)s. Printed: £175.")
            % {"budget": pounds(budget), "homes": whole(homes)},
        },
        {
            "label": gettext("Pays for itself"),
            "value": gettext("after %(years)s years") % {"years": decimal(value.break_even_years or 0.0)},
            "note": gettext(
                "%(low)s to %(high)s, at £2,300 a burglary to society, if all %(fewer)s fewer were its doing, none "
                "moved and it lasts. Printed: five years."
            )
            % {
                "fewer": whole(avoided.value),
                "low": decimal((span.lower if span else 0) or 0.0),
                "high": decimal(span.upper if span else 0.0),
            },
        },
    ]


def _exposure(counts: Mapping[str, Any]) -> dict[str, Any]:
    """Protected against unprotected by property-days, if installs grew evenly."""
    stock, homes, hit = counts["alarms"] / 2, counts["properties"], counts["protected"]
    rows: list[Mark] = []
    table = []
    for total in (counts["after"], counts["after_total"]):
        found = compare_exposure(
            protected_events=hit,
            protected_days=stock * HALF_YEAR_DAYS,
            unprotected_events=total - hit,
            unprotected_days=(homes - stock) * HALF_YEAR_DAYS,
        )
        if not rows:
            rows.append(_side(gettext("Protected"), hit, stock, "answer"))
        name = gettext("Unprotected, of %(total)s") % {"total": total}
        rows.append(_side(name, total - hit, homes - stock, "against"))
        ratio = found.ratio
        table.append(
            (
                gettext("of %(total)s") % {"total": total},
                decimal(found.protected_rate / 2),
                decimal(found.unprotected_rate / 2),
                charts.ratio_figures(ratio.value or 0.0, ratio.interval.lower or 0.0, ratio.interval.upper),
            )
        )
    low, high = (row.figures for row in rows[1:])
    title = gettext("%(protected)s burglaries per 1,000 homes while protected, %(low)s to %(high)s while not") % {
        "protected": rows[0].figures,
        "low": low,
        "high": high,
    }
    return {
        "title": title,
        "note": gettext(
            "In half a year, by property-days. If installs grew evenly, %(stock)s of %(homes)s homes were protected on "
            "average. “Reduced almost to nil” is not what this says: chance alone could make the difference."
        )
        % {"stock": whole(stock), "homes": whole(homes)},
        "chart": charts.rates(
            rows, prefix="mansfield", title=title, description=gettext("Rates on their 95 % intervals.")
        ),
        "columns": (
            gettext("Burglaries"),
            gettext("Protected, per 1,000"),
            gettext("Unprotected, per 1,000"),
            gettext("Ratio (95 % interval)"),
        ),
        "rows": table,
    }


def _side(name: str, events: int, homes: float, kind: str) -> Mark:
    rate = crude_rate(events, homes, per=1000)
    note = gettext("%(events)s in %(homes)s homes") % {"events": events, "homes": whole(homes)}
    return Mark(name, note, rate.value, rate.interval.lower or 0.0, rate.interval.upper, decimal(rate.value), kind)


def _editions(counts: Mapping[str, Any]) -> list[tuple[str, ...]]:
    avoided = avoided_before_after(counts["before"], counts["after"], months_before=MONTHS)
    found = value_by_edition(avoided, editions=EDITIONS, cost=counts["budget"], unconfirmed=True)
    return [
        (
            one.edition.title,
            pounds(one.unit_pounds),
            pounds(one.saving),
            decimal(one.break_even_years or 0.0),
            unit_cost_edition(one.edition.key).price_year,
        )
        for one in found.values
    ]


def _visits(counts: Mapping[str, Any]) -> dict[str, Any]:
    """How the protected homes were burgled that were burgled, with those the document does not describe."""
    words = (gettext("the alarm was set"), gettext("by an upper floor, beyond the alarm"))
    found = [{"how": words[0]}] * counts["alarm_set"] + [{"how": words[1]}] * counts["upper_floor"]
    made = entry_findings(found, burglaries=counts["protected"], answers={"how": words}).as_dict()
    title = gettext("%(n)s burglaries of protected homes, as printed") % {"n": counts["protected"]}
    return question(title, made["questions"][0], made["fewest_known"])


def _conflicts(counts: Mapping[str, Any], linked: bool) -> list[dict[str, str]]:
    """Where the document does not agree with itself; each is a claim of the ledger."""
    homes, hit = counts["properties"], counts["protected"]
    after, total = counts["after"], counts["after_total"]
    found = (
        (
            "M1",
            gettext("What a home cost"),
            gettext("Printed £175. The full budget gives %(full)s, the first year’s %(first)s.")
            % {
                "full": pounds(counts["budget"] / homes, pence=True),
                "first": pounds(counts["budget_first_year"] / homes, pence=True),
            },
        ),
        (
            "M3",
            gettext("How many burglaries there were"),
            gettext("Printed as %(after)s and as %(total)s; the printed rate of %(rate)s needs %(needed)s.")
            % {"after": after, "total": total, "rate": counts["rate"], "needed": whole(counts["rate"] * homes / 1000)},
        ),
        (
            "M2",
            gettext("How many were in protected homes"),
            gettext(
                "Printed “fewer than 8 %%, just 12”. 12 of %(total)s is %(of_total)s %%, of %(after)s %(of_after)s %%. "
                "“Two thirds” without an alarm would leave %(thirds)s of %(total)s with one, “85 %%” %(most)s."
            )
            % {
                "total": total,
                "after": after,
                "of_total": decimal(100 * hit / total),
                "of_after": decimal(100 * hit / after),
                "thirds": whole(total * (1 - counts["unprotected_two_thirds"] / 100)),
                "most": whole(total * (1 - counts["unprotected_85"] / 100)),
            },
        ),
    )
    address = reverse("claims:document", kwargs={"key": KEY}) if linked else ""
    return [
        {"key": key, "what": what, "why": why, "href": f"{address}#{key}" if address else ""}
        for key, what, why in found
    ]
