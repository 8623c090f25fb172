"""What the pages of evaluation say: every number with what it was made from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.utils.translation import gettext, ngettext

from frankpledge.analysis.disclosure import suppress
from frankpledge.analysis.rates import crude_rate, rate_ratio
from frankpledge.analysis.value import pounds
from frankpledge.oversight.evaluation import permissions
from frankpledge.oversight.evaluation.burglary_pages import visits_part
from frankpledge.oversight.evaluation.estimate_pages import FEWEST_SHOWN, delivered, estimates, few, signed
from frankpledge.oversight.evaluation.models import Evaluation
from frankpledge.reports import evaluation_charts as charts
from frankpledge.reports.evaluation_charts import Mark, Step, ratio_figures
from frankpledge.reports.words import date_words, month_short
from frankpledge.ui.wording import spelled
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.programme_verdicts import QUARTER
from frankpledge.vocabulary.programme_verdicts import ProgrammeVerdict as Verdict
from frankpledge.vocabulary.wording import decimal, said, whole

EPOCH = date(1970, 1, 1)
YEARS_SHOWN = 10
ALIKE = 1.5  # rates of burglary this many times apart are not alike
VERDICTS = (Verdict.WORSE, Verdict.UNCLEAR, Verdict.PROBABLY, Verdict.WORKED)
EDITIONS = {
    "hors217": "Home Office 2000",
    "online3005": "Home Office 2005",
    "rr99": "Home Office 2018",
}

Found = Mapping[str, Any]


def worked_page(made: Evaluation | None, earlier: Iterable[Evaluation], person: Any, form: Any) -> dict[str, Any]:
    """The page whole; without an evaluation only what to do next."""
    page = {**permissions.abilities(person), "form": form, "made": made, "earlier": earlier}
    if made is None:
        return page
    found = made.result
    return {
        **page,
        "subtitle": _subtitle(made),
        "verdicts": [{"word": gettext(one.value), "chosen": one.name.lower() == found["verdict"]} for one in VERDICTS],
        "verdict": gettext(Verdict[found["verdict"].upper()].value),
        "headline": headline(found),
        "lead": _lead(found),
        "gaps": _gaps(found),
        "fair": _fair(found),
        "rates": _rates(found),
        "packages": _packages(found),
        "visits": visits_part(found.get("visits"), found.get("alarm_use")),
        "delivered": delivered(found),
        "estimates": estimates(found),
        "paths": _paths(found),
        "ring": _ring(found),
        "value": _value(made),
        "forest": _forest(found),
        "cannot": _cannot(found),
        "how": _how(made),
        "refused": [gettext(reason) for reason in found["refused"].values()],
        "doubts": [gettext(doubt["sentence"]) for doubt in found["doubts"]],
    }


def headline(found: Found) -> str:
    """The answer in one line."""
    ratio, low, high = _ratio(found["effect"])
    percent = {"percent": decimal(100 * abs(1 - ratio), 0)}
    verdict = found["verdict"]
    if verdict == "worse":
        return gettext("No. A protected home was burgled %(percent)s per cent more than an unprotected one.") % percent
    if verdict == "unclear":
        if ratio < 1:
            return (
                gettext(
                    "We cannot tell. A protected home was burgled %(percent)s per cent less than an "
                    "unprotected one, and "
                    "chance alone could do that."
                )
                % percent
            )
        return gettext("We cannot tell. Protected homes were not burgled less, and chance alone could do that.")
    opening = gettext("Yes.") if verdict == "worked" else gettext("Yes, probably.")
    said = gettext("A protected home was burgled %(percent)s per cent less than an unprotected one.") % percent
    return f"{opening} {said}"


def _lead(found: Found) -> dict[str, Any]:
    prevented, interval = found["prevented"]["value"], found["prevented"]["interval"]
    return {
        "prevented": _whole_prevented(prevented),
        "range": _prevented_range(interval["lower"], interval["upper"]),
        "simple": _of_the_simple_count(found),
    }


def _gaps(found: Found) -> str:
    """A warning where no police file covers a month; empty where every month has come."""
    missing = tuple(Month.parse(month) for month in found.get("missing_months", ()))
    if not missing:
        return ""
    return gettext(
        "No police file has come for %(months)s. These days count as days without a burglary, for protected and "
        "unprotected homes alike: the comparison of the two stands, and every rate and count is a little low."
    ) % {"months": said(missing, gettext)}


def _of_the_simple_count(found: Found) -> str:
    """What is to be thought of the fall of the simple count, if it fell: whether the evidence could be as large."""
    simple, shares = found["simple"], found["shares"]
    if simple is None or shares is None or simple["percent"] is None or simple["percent"] >= 0:
        return ""
    percent = {"simple": decimal(-simple["percent"], 0)}
    if -simple["percent"] > _share(shares["protected_interval"]["upper"], shares["after"]):
        return gettext("It does not support the %(simple)s per cent fall that a simple count suggests.") % percent
    return (
        gettext(
            "The %(simple)s per cent fall of a simple count is no evidence of it: that count credits us with "
            "everything that changed."
        )
        % percent
    )


def _share(prevented: float, after: float) -> float:
    """Per cent prevented of what there would have been."""
    return 100 * prevented / (after + prevented)


def _prevented_range(low: float, high: float) -> str:
    """``4 to 51``; below nought it says that there were more."""
    if low >= 0:
        return gettext("%(low)s to %(high)s") % {"low": whole(low), "high": whole(high)}
    if high <= 0:
        return gettext("%(low)s to %(high)s more") % {"low": whole(-high), "high": whole(-low)}
    return gettext("%(more)s more to %(fewer)s prevented") % {"more": whole(-low), "fewer": whole(high)}


def _whole_prevented(value: float) -> str:
    count = round(value)
    if count < 0:
        return ngettext("%(count)s burglary more", "%(count)s burglaries more", -count) % {"count": whole(-count)}
    return ngettext("%(count)s burglary prevented", "%(count)s burglaries prevented", count) % {"count": whole(count)}


def _subtitle(made: Evaluation) -> str:
    found = made.result
    return gettext(
        "Safe homes: %(first)s to %(last)s. %(homes)s homes; %(protected)s protected by the end. The first "
        "was fitted "
        "on %(began)s. Worked out on %(made)s."
    ) % {
        "first": date_words(made.first_on),
        "last": date_words(made.last_on),
        "homes": whole(found["homes"]),
        "protected": whole(found["protected_homes"]),
        "began": date_words(_day(found["began"])),
        "made": date_words(made.made_at.date()),
    }


def _fair(found: Found) -> dict[str, Any] | None:
    """The simple count against the fair one, and how the fall divides."""
    shares, latest = found["shares"], found["latest"]
    if shares is None:
        return None
    before, after = shares["before"], shares["after"]
    ours = -shares["protected"]
    without, interval = after + ours, shares["protected_interval"]
    share = {name: _share(interval[limit], after) for name, limit in (("low", "lower"), ("high", "upper"))}
    middle = before + shares["everywhere"]
    claimed = middle + shares["protected"]
    steps = (
        Step((gettext("the time"), gettext("before")), 0, before, whole(before), "whole"),
        Step(_two(gettext("similar areas changed")), before, middle, signed(shares["everywhere"]), "elsewhere"),
        Step(_two(gettext("homes we protected")), middle, claimed, signed(shares["protected"]), "ours"),
        Step(_two(gettext("we cannot say why")), claimed, after, signed(shares["unexplained"]), "unknown"),
        Step((gettext("the time"), gettext("since")), 0, after, whole(after), "whole"),
    )
    fell = before - after
    title = (
        gettext("Of %(fell)s fewer burglaries, we can claim %(ours)s (%(low)s to %(high)s)")
        % {"fell": whole(fell), "ours": whole(ours), "low": whole(interval["lower"]), "high": whole(interval["upper"])}
        if 0 < round(ours) <= fell and found["verdict"] in ("probably", "worked")
        else gettext("How the count changed, and what we can claim of it")
    )
    simple = 100 * (after / before - 1)
    fair = 100 * ours / without if without else 0.0
    return {
        "title": _simple_against_fair(simple, fair),
        "note": gettext("Burglaries of homes in the programme’s area, %(days)s days before the first "
            "fitting and the last %(days)s.")
        % {"days": whole(found["days_compared"])},
        "simple": decimal(abs(simple), 0) if simple <= 0 else f"+{decimal(simple, 0)}",
        "fell": simple < 0,
        "fair": decimal(fair, 0),
        "fair_range": gettext("%(low)s to %(high)s")
        % {"low": decimal(share["low"], 0), "high": decimal(share["high"], 0)},
        "before": whole(before),
        "after": whole(after),
        "without": whole(without),
        "ours": whole(ours),
        "bars": {"before": before, "after": after, "without": round(without), "most": max(before, round(without))},
        "chart_title": title,
        "chart": charts.waterfall(steps, prefix="fall", title=title, description=gettext(
            "From the count before to the count since: what similar areas did, what protected homes account "
                "for, and what is left."
        )),
        "everywhere": whole(abs(shares["everywhere"])),
        "everywhere_title": gettext("%(count)s fewer, had ours done as similar areas did")
        % {"count": whole(-shares["everywhere"])}
        if shares["everywhere"] < 0
        else gettext("%(count)s more, had ours done as similar areas did") % {"count": whole(shares["everywhere"])},
        "similar": _similar_changed(shares),
        **_unexplained(shares),
        "usual": _usual(found, before),
        "months": decimal(latest["months"], 0),
        "rows": [
            (gettext("Before"), whole(before)),
            (gettext("What similar areas did, applied here"), signed(shares["everywhere"])),
            (gettext("Prevented at protected homes"), f"{signed(shares['protected'])} "
                f"({whole(interval['lower'])} – {whole(interval['upper'])})"),
            (gettext("Cannot be explained"), signed(shares["unexplained"])),
            (gettext("Since"), whole(after)),
        ],
    }  # fmt: skip


def _simple_against_fair(simple: float, fair: float) -> str:
    """Per cent of change by the simple count and per cent prevented; with signs where either is no fall."""
    if round(simple) <= 0 <= round(fair):
        return gettext("The simple count says %(simple)s per cent; the fair answer is %(fair)s") % {
            "simple": decimal(-simple, 0), "fair": decimal(fair, 0)
        }  # fmt: skip
    return gettext("The simple count changed by %(simple)s per cent; by days protected it is %(fair)s") % {
        "simple": signed(simple), "fair": signed(-fair)
    }  # fmt: skip


def _similar_changed(shares: Found) -> str:
    """The counts of similar areas, and what chance alone could make of them here."""
    ratio = rate_ratio(shares["similar_after"], 1.0, shares["similar_before"], 1.0).interval
    low, high = (shares["before"] * (limit - 1) for limit in (ratio.lower or 0.0, ratio.upper))
    return gettext(
        "Similar areas without the programme went from %(before)s to %(after)s. By chance alone such counts fit "
        "anything from %(low)s to %(high)s here (95 %%)."
    ) % {
        "before": few(shares["similar_before"]), "after": few(shares["similar_after"]),
        "low": signed(low), "high": signed(high),
    }  # fmt: skip


def _unexplained(shares: Found) -> dict[str, str]:
    """What is left when both parts are taken off. Above nought the parts together claim more than there was."""
    left = shares["unexplained"]
    if round(left) <= 0:
        return {
            "rest_title": gettext("%(count)s fewer we cannot explain") % {"count": whole(-left)},
            "rest": gettext("Chance, a bad year before, or neighbours who gained too. We claim none of it."),
        }
    return {
        "rest_title": gettext("%(count)s more than the two parts together give") % {"count": whole(left)},
        "rest": gettext(
            "They come to %(together)s, and the count changed by %(changed)s. Chance, or similar areas that were not "
            "so similar: we cannot say."
        )
        % {
            "together": signed(shares["everywhere"] + shares["protected"]),
            "changed": signed(shares["after"] - shares["before"]),
        },
    }


def _usual(found: Found, before: int) -> str:
    """A warning of a bad year before, which falls back by itself; empty where the year was no worse than usual."""
    usual = found["usual_before"]
    if usual is None or round(usual) >= before:
        return ""
    return gettext(
        "Beware of a bad time before: it had %(seen)s burglaries where %(usual)s are usual for these areas. With "
        "nothing done %(fall)s fewer were to be expected, and the simple count claims them."
    ) % {"seen": whole(before), "usual": whole(usual), "fall": whole(before - usual)}


def _rates(found: Found) -> dict[str, Any]:
    """Protected and unprotected by property-days."""
    rows, table = [], []
    for key, name, kind in (
        ("unprotected", gettext("Unprotected"), "against"),
        ("protected", gettext("Protected"), "answer"),
    ):
        side = found["exposure"][key]
        years = side["property_days"] / 365.25
        rate = crude_rate(side["events"], years, per=1000)
        note = gettext("%(events)s in %(years)s home-years") % {"events": few(side["events"]), "years": whole(years)}
        low, high = rate.interval.lower or 0.0, rate.interval.upper
        rows.append(Mark(name, note, rate.value, low, high, decimal(rate.value), kind))
        table.append(
            (name, few(side["events"]), whole(years), decimal(rate.value), f"{decimal(low)} – {decimal(high)}")
        )
    ratio, low, high = _ratio(found["effect"])
    title = gettext("Protected homes had %(protected)s burglaries per 1,000 home-years, unprotected "
        "%(unprotected)s") % {
        "protected": decimal(rows[1].value, 0), "unprotected": decimal(rows[0].value, 0)
    }  # fmt: skip
    return {
        "title": title,
        "note": gettext(
            "Bars: 95 %% interval. Comparing homes of one small area in one quarter: %(percent)s %% "
            "%(direction)s (ratio %(ratio)s)."
        )
        % {
            "percent": decimal(100 * abs(1 - ratio), 0),
            "direction": gettext("fewer") if ratio < 1 else gettext("more"),
            "ratio": ratio_figures(ratio, low, high),
        },
        "chart": charts.rates(rows, prefix="sides", title=title, description=gettext("Rates on their 95 % intervals.")),
        "columns": (
            gettext("Homes"),
            gettext("Burglaries"),
            gettext("Home-years"),
            gettext("Per 1,000"),
            gettext("95 % interval"),
        ),
        "rows": table,
    }


def _packages(found: Found) -> dict[str, Any] | None:
    """Burglaries by how many kinds of measure a home had; kinds with few burglaries are put together."""
    dose = found["dose"]
    if dose is None:
        return None
    groups: list[list[Any]] = []
    for level, events, days, *_ in dose["levels"]:
        if groups and groups[-1][0] > 0 and groups[-1][2] < FEWEST_SHOWN:
            groups[-1][1], groups[-1][2], groups[-1][3] = level, groups[-1][2] + events, groups[-1][3] + days
        else:
            groups.append([level, level, events, days])
    if len(groups) > 2 and groups[-1][2] < FEWEST_SHOWN:
        first, last, events, days = groups.pop()
        groups[-1][1], groups[-1][2], groups[-1][3] = last, groups[-1][2] + events, groups[-1][3] + days
    rows = []
    for first, last, events, days in groups:
        years = days / 365.25
        rate = crude_rate(int(events), years, per=1000)
        note = gettext("%(events)s in %(years)s home-years") % {"events": few(int(events)), "years": whole(years)}
        low, high = rate.interval.lower or 0.0, rate.interval.upper
        rows.append(
            Mark(
                _kinds(int(first), int(last)),
                note,
                rate.value,
                low,
                high,
                decimal(rate.value),
                "against" if first == 0 else "plain",
            )
        )
    title, note = _more_measures(found.get("protected_dose"))
    cells = shown_counts(found["packages"], [(int(first), int(last)) for first, last, *_ in groups])
    return {
        "title": title,
        "note": f"{gettext('Burglaries per 1,000 home-years by kinds of measure on the day.')} {note}".strip(),
        "chart": charts.rates(rows, prefix="kinds", title=title, description=gettext("Rates on their 95 % intervals.")),
        "columns": (
            gettext("What the home had"),
            gettext("Burglaries"),
            gettext("Home-years"),
            gettext("Per 1,000"),
            gettext("95 % interval"),
        ),
        "rows": [
            (
                ", ".join(gettext(word) for word in one["measures"]) or gettext("nothing"),
                gettext("few") if cell is None else whole(cell),
                whole(one["home_years"]),
                "–" if cell is None else decimal(one["rate"]),
                "–" if cell is None else f"{decimal(one['lower'])} – {decimal(one['upper'])}",
            )
            for one, cell in zip(found["packages"], cells, strict=True)
        ],
    }


def shown_counts(packages: Sequence[Found], groups: Sequence[tuple[int, int]]) -> list[int | None]:
    """Burglaries of each set of measures, None where they could tell of a home.

    ``groups``: fewest and most kinds of those whose sum the chart shows. No hidden count can be worked out from it: in
    a group whose sum would have to be hidden too, every count is.
    """
    cells: list[int | None] = [None] * len(packages)
    for first, last in groups:
        at = [number for number, one in enumerate(packages) if first <= len(one["measures"]) <= last]
        if at:
            told = suppress(np.array([packages[number]["burglaries"] for number in at]))
            for number, cell in zip(at, told.cells[0], strict=True):
                cells[number] = None if told.row_totals[0] is None else cell
    return cells


def _more_measures(dose: Found | None) -> tuple[str, str]:
    """Whether more did more, among homes that had something: homes with nothing would make a trend by themselves."""
    if dose is None:
        return gettext("Burglaries by how much was fitted"), ""
    ratio, low, high = dose["ratio_per_unit"], dose["interval"]["lower"], dose["interval"]["upper"]
    title = (
        gettext("More measures, fewer burglaries")
        if high < 1
        else gettext("More measures, more burglaries")
        if low > 1
        else gettext("No clear trend with how much was fitted")
    )
    note = gettext(
        "Among homes with something, each kind more goes with a rate ratio of %(ratio)s; %(n)s burglaries."
    ) % {"ratio": ratio_figures(ratio, low, high), "n": whole(dose["n"])}
    return title, note


def _kinds(first: int, last: int) -> str:
    if first == 0:
        return gettext("Nothing")
    if first == last:
        return ngettext("%(count)s kind", "%(count)s kinds", first) % {"count": spelled(first).capitalize()}
    return gettext("%(first)s to %(last)s kinds") % {
        "first": spelled(first).capitalize(), "last": spelled(last)
    }  # fmt: skip


def _paths(found: Found) -> dict[str, Any] | None:
    """The served areas and similar ones by 91 days."""
    quarters, areas = found["quarters"], found["areas"]
    if len(quarters) < 4:
        return None
    began = next((at for at, one in enumerate(quarters) if one["first_day"] + 45 >= found["began"]), None)
    labels = [_month(Month.of(_day(one["first_day"]))) for one in quarters]
    note, title = "", gettext("Burglary here and in similar areas")
    if areas is not None:
        ratio, low, high = _ratio(areas)
        clear = not low <= 1 <= high
        title = (
            gettext("Burglary fell more here than in similar areas")
            if clear and ratio < 1
            else gettext("Burglary fell less here than in similar areas")
            if clear
            else gettext("Whole areas show no clear difference")
        )
        note = gettext("Against similar areas: ratio %(ratio)s. It counts homes that were never protected too.") % {
            "ratio": ratio_figures(ratio, low, high)
        }
    words = (gettext("ours"), gettext("similar areas"), gettext("programme"))
    return {
        "title": title,
        "note": gettext("Burglaries per 1,000 homes in 91 days. Similar by deprivation and tenure: "
            "%(count)s small areas.")
        % {"count": len(found["similar_areas"])},
        "after": " ".join(filter(None, (note, _unlike(quarters, found["began"])))),
        "chart": charts.two_paths(
            labels, [one["served"] for one in quarters], [one["similar"] for one in quarters], from_at=began,
            words=words, prefix="paths", title=title, description=gettext("Two lines, ours with dots; the "
                "programme’s time is shaded."),
        ),
        "columns": (
            gettext("91 days from"), gettext("Ours"), gettext("Per 1,000"), gettext("Similar areas"),
            gettext("Per 1,000"),
        ),
        "rows": [
            (date_words(_day(one["first_day"])), few(one["served_burglaries"]),
             _unless_few(one["served"], one["served_burglaries"]),
             few(one["similar_burglaries"]), _unless_few(one["similar"], one["similar_burglaries"]))
            for one in quarters
        ],
    }  # fmt: skip


def _unlike(quarters: Sequence[Found], began: int) -> str:
    """That the similar areas were not alike in burglary before the programme, where one had half as much again."""
    early = [one for one in quarters if one["first_day"] + QUARTER <= began]
    ours, theirs = (sum(one[name] for one in early) / max(len(early), 1) for name in ("served", "similar"))
    if not ours or not theirs or 1 / ALIKE < ours / theirs < ALIKE:
        return ""
    return gettext(
        "Before it began ours had %(ours)s and theirs %(theirs)s: they are alike in deprivation and tenure, not in "
        "burglary."
    ) % {"ours": decimal(ours), "theirs": decimal(theirs)}


def _ring(found: Found) -> dict[str, Any] | None:
    """Whether burglary moved next door."""
    moved, shares = found["displacement"], found["shares"]
    if moved is None or shares is None:
        return None
    part = moved["displacement"]
    reach = 1.96 * part["standard_error"]
    low, high = part["estimate"] - reach, part["estimate"] + reach
    lines = []
    for one in found["rings"]:
        head = gettext("%(from)s–%(to)s m: %(before)s → %(after)s") % {
            "from": whole(one["from_m"]), "to": whole(one["to_m"]),
            "before": few(one["before"]), "after": few(one["after"]),
        }  # fmt: skip
        lines.append((head, _ring_note(one)))
    beside = found.get("rings_similar")
    lows, highs = [low], [high]
    if beside is not None:
        lows.append(beside["interval"]["lower"])
        highs.append(beside["interval"]["upper"])
    title = (
        gettext("Burglary rose next door")
        if min(lows) > 0
        else gettext("Burglary may have moved next door")
        if max(lows) > 0
        else gettext("Next door did better than where it is compared with")
        if max(highs) < 0
        else gettext("No clear sign that burglary moved next door")
    )
    rows = [(gettext("Our area"), whole(found["homes"]), few(shares["before"]), few(shares["after"]))]
    rows += [
        (gettext("%(from)s–%(to)s m away") % {"from": whole(one["from_m"]), "to": whole(one["to_m"])},
         whole(one["homes"]),
         few(one["before"]), few(one["after"]))
        for one in found["rings"]
    ]  # fmt: skip
    similar, rest = found.get("similar"), found.get("rest")
    rows.append(
        (gettext("Similar areas"), whole(similar["homes"]) if similar else "", few(shares["similar_before"]),
         few(shares["similar_after"]))
    )  # fmt: skip
    if rest:
        rows.append((gettext("Rest of the district"), whole(rest["homes"]), few(rest["before"]), few(rest["after"])))
    return {
        "title": title,
        "note": gettext("Home burglaries in the time before and since, by distance from the nearest home we serve."),
        "chart": charts.rings(
            lines, (gettext("Our area"), f"{few(shares['before'])} → {few(shares['after'])}"), prefix="rings",
            title=title, description=gettext("Two rings round the area, with their counts before and since."),
        ),
        "after": " ".join(
            (
                gettext(
                    "Both rings together: %(estimate)s burglaries against what the rest of the district leads one to "
                    "expect (%(low)s to %(high)s)."
                )
                % {"estimate": signed(part["estimate"]), "low": signed(low), "high": signed(high)},
                *_against_similar(beside),
                gettext("That still leaves room for up to %(room)s moved burglaries.") % {"room": whole(max(highs))}
                if max(highs) >= 1
                else gettext("By that none is left that could have moved there."),
                gettext("Weighted displacement difference, area and rings: %(total)s (%(low)s to %(high)s).")
                % {
                    "total": signed(moved["estimate"]),
                    "low": signed(moved["interval"]["lower"]),
                    "high": signed(moved["interval"]["upper"]),
                },
            )
        ),
        "columns": (gettext("Where"), gettext("Homes"), gettext("Before"), gettext("Since")),
        "rows": rows,
    }  # fmt: skip


def _against_similar(beside: Found | None) -> list[str]:
    """The second comparison of the rings: where the two differ, what moved is not known."""
    if beside is None:
        return []
    low, high = beside["interval"]["lower"], beside["interval"]["upper"]
    return [
        gettext("Against similar areas instead: %(estimate)s (%(low)s to %(high)s).")
        % {"estimate": signed(beside["estimate"]), "low": signed(low), "high": signed(high)}
    ]


def _ring_note(one: Found) -> str:
    """``fell 16 %; 1,740 homes``; without a percentage where there were few."""
    homes = gettext("%(homes)s homes") % {"homes": whole(one["homes"])}
    if min(one["before"], one["after"]) < FEWEST_SHOWN:
        return homes
    change = 100 * (one["after"] / one["before"] - 1)
    said = gettext("fell %(percent)s %%") if change < 0 else gettext("rose %(percent)s %%")
    return f"{said % {'percent': decimal(abs(change), 0)}}; {homes}"


def _value(made: Evaluation) -> dict[str, Any] | None:
    """Three editions of unit costs: saved, pays for itself, if a part moved, in cash alone."""
    found = made.result
    value = found["value"]
    if value is None:
        return None
    spent = _counted_from(found)
    start = spent.year + (spent.month - 1) / 12
    ticks = [start + at for at in range(0, YEARS_SHOWN + 1, 2)]
    rows = []
    for at, one in enumerate(value["editions"]):
        years, interval = one["break_even_years"], one["break_even_interval"]
        chart = None
        if years is not None and interval is not None:
            high = interval["upper"] if interval["upper"] is not None else 1e6
            label = _when(spent, years)
            chart = charts.spans(
                start + interval["lower"], start + years, start + high, ticks, label=label, prefix=f"pays{at}",
                title=gettext("%(edition)s: pays for itself %(when)s, at the earliest %(soonest)s")
                % {
                    "edition": gettext(EDITIONS[one["unit_cost_edition"]]), "when": label,
                    "soonest": _when(spent, interval["lower"]),
                },
            )  # fmt: skip
        low, high_saved = one["saving_interval"]["lower"], one["saving_interval"]["upper"]
        months = one["period_months"]
        rows.append(
            {
                "edition": gettext(EDITIONS[one["unit_cost_edition"]]),
                "unit": pounds(one["unit_cost"]),
                "year": one["price_year"],
                "unsure": one["unit_cost_status"] != "confirmed",
                "saved": pounds(round(one["saving_a_year"], -2)),
                "range": gettext("%(low)s to %(high)s")
                % {"low": pounds(round(low * 12 / months, -2)), "high": pounds(round(high_saved * 12 / months, -2))},
                "chart": chart,
                "when": _when(spent, years),
                "span": "" if interval is None else _span(spent, interval["lower"], interval["upper"]),
                "later": _when(spent, one["discounted_break_even_years"]),
                "moved": [_when(spent, part["years"]) for part in one["if_moved"]],
                "cash": _when(spent, one["cash_years"]) if one["cash"] else gettext("not said"),
            }
        )
    best = [one["break_even_years"] for one in value["editions"] if one["break_even_years"] is not None]
    cash = next((one["cash"] for one in value["editions"] if one["cash"]), None)
    pays = [one for one in best if one <= YEARS_SHOWN]
    title = (
        gettext("No saving to set against the cost")
        if not best
        else gettext("Best estimate: it does not pay for itself within ten years, even counting all costs to society")
        if not pays
        else gettext("Best estimate: it pays for itself in %(first)s, counting all costs to society")
        % {"first": _when(spent, min(best))}
        if _when(spent, min(best)) == _when(spent, max(best))
        else gettext(
            "Best estimate: it pays for itself in %(first)s at the highest price of a burglary, %(last)s at the lowest"
        )
        % {"first": _when(spent, min(best)), "last": _when(spent, max(best))}
    )
    each = "; ".join(
        gettext("%(value)s per %(what)s (%(n)s)") % {
            "value": pounds(one["value"], pence=True), "what": gettext(one["outcome"]), "n": whole(one["n"]),
        }
        for one in found["cost_each"]
    )  # fmt: skip
    return {
        "title": title,
        "spent": gettext("Spent: %(cost)s, %(is)s. That is %(each)s.")
        % {"cost": pounds(float(made.pounds or 0)), "is": made.cost_is, "each": each},
        "rows": rows,
        "first": spent.year,
        "last": spent.year + YEARS_SHOWN,
        "cash": gettext("Cash alone: %(each)s for one burglary, to %(budget)s.")
        % {"each": pounds(cash["per_crime"]), "budget": cash["budget"]}
        if cash
        else gettext("Nobody has said what one burglary costs a budget, so no saving of cash is claimed."),
        "axis": charts.years_axis(ticks),
        "notes": [
            *_once(doubt for one in value["editions"] for doubt in one["doubts"]),
            gettext("Each price is in pounds of its own year, the cost as it was spent."),
            gettext(
                "Dates: what was saved by %(end)s as it was measured, then as much a year as in the last %(months)s "
                "months. Not discounted; at the Green Book’s 3.5 %% a year: %(dates)s."
            )
            % {
                "end": date_words(_day(found["end_day"] - 1)),
                "months": decimal(found["latest"]["months"], 0),
                "dates": "; ".join(f"{row['edition']} {row['later']}" for row in rows),
            },
        ],
    }


def _counted_from(found: Found) -> date:
    """The day from which savings at the latest yearly rate come to all that was saved by the end.

    Not the first fitting: few homes were protected at first, so a year then saved less than a year now.
    """
    latest = found["latest"]
    years = found["prevented"]["n"] / latest["n"] * latest["months"] / 12 if latest["n"] else 0.0
    return max(_day(found["began"]), _day(found["end_day"]) - timedelta(days=round(365.25 * years)))


def _forest(found: Found) -> dict[str, Any]:
    """The same question asked in every way."""
    ways = found["ways"]
    rows = [
        Mark(
            gettext(one["words"]), "", one["ratio"], one["lower"], one["upper"],
            ratio_figures(one["ratio"], one["lower"], one["upper"]),
            "answer" if one["answer"] else "check" if one["should_find_nothing"] else "plain",
        )
        for one in ways
    ]  # fmt: skip
    real = [one for one in ways if not one["should_find_nothing"]]
    side = sum(one["ratio"] < 1 for one in real)
    reach = sum(one["lower"] <= 1 <= one["upper"] for one in real)
    title = gettext("Asked %(count)s ways: %(side)s say fewer; %(reach)s of the intervals reach “no difference”") % {
        "count": spelled(len(real)), "side": spelled(side), "reach": spelled(reach),
    }  # fmt: skip
    check = next((one for one in ways if one["should_find_nothing"]), None)
    note = gettext("Burglary ratio, 95 % interval. Left of the dashed line: fewer.")
    if check is not None:
        note += " " + (
            gettext("The last row pretends we began earlier, and finds nothing, as it should.")
            if check["lower"] <= 1 <= check["upper"]
            else gettext("The last row pretends we began earlier, and finds something: be careful with all the others.")
        )
    return {
        "title": title,
        "note": note,
        "chart": charts.forest(
            rows, prefix="ways", title=title, description=gettext("Ratios on their 95 % intervals.")
        ),
        "columns": (
            gettext("Asked this way"),
            gettext("Ratio (95 % interval)"),
            gettext("Burglaries"),
            gettext("Method"),
        ),
        "rows": [
            (
                gettext(one["words"]),
                ratio_figures(one["ratio"], one["lower"], one["upper"]),
                whole(one["n"]),
                one["method"],
            )
            for one in ways
        ],
    }


def _cannot(found: Found) -> list[dict[str, str]]:
    """What nobody should read out of this."""
    said = [
        (
            gettext("That it will last."),
            gettext("The time since the first fitting is short; batteries and habits fade."),
        ),
        (
            gettext("That every home would gain as much."),
            gettext("People asked to be protected; they may be more careful in ways we do not see."),
        ),
        (
            gettext("Which part did it."),
            gettext("Locks, lights, alarms, advice and vans on the street came together."),
        ),
        *_not_looked_into(found.get("visits")),
        (
            gettext("That the neighbours gained."),
            gettext("Some of what we cannot explain may be theirs. We have not counted it."),
        ),
        (
            gettext("That none moved further off,"),
            gettext("or to other crime. We looked at 400 metres and at homes only."),
        ),
        (gettext("What it is worth to feel safe."), gettext("The prices here leave that out.")),
    ]
    return [{"what": what, "why": why} for what, why in said]


def _not_looked_into(visits: Found | None) -> list[tuple[str, str]]:
    """That nobody knows how burglars got in, unless enough burglaries were looked into."""
    if visits is not None and all(one["enough"] for one in visits["questions"]):
        return []
    return [
        (
            gettext("Whether alarms were set, or how burglars got in."),
            gettext("The police extract does not say, and too few burglaries were looked into at a visit afterwards."),
        )
    ]


def _how(made: Evaluation) -> str:
    found = made.result
    effect, exposure = found["effect"], found["exposure"]
    days = exposure["protected"]["property_days"] + exposure["unprotected"]["property_days"]
    return gettext(
        "%(method)s (seed %(seed)s): %(days)s home-days, %(n)s burglaries of homes, protection as it stood "
            "on the day. "
        "Rates: exact Poisson limits. Burglaries whose home the police extract does not name are left out. "
            "%(batches)s "
        "batches; version %(version)s."
    ) % {
        "method": effect["method"], "seed": effect["seed"], "days": whole(days), "n": whole(found["n"]),
        "batches": len(found["batches"]), "version": found["version"],
    }  # fmt: skip


def sheets(made: Evaluation) -> list[tuple[str, tuple[str, ...], tuple[tuple[Any, ...], ...], tuple[str, ...]]]:
    """Every table of the page, each with how it was worked out."""
    found, how = made.result, _how(made)
    shares, forest, sides = _fair(found), _forest(found), _rates(found)
    tables = [
        (gettext("Ways of asking"), forest["columns"], forest["rows"], forest["note"]),
        (gettext("Protected and not"), sides["columns"], sides["rows"], sides["note"]),
    ]
    if shares is not None:
        tables.insert(
            0, (gettext("The fall"), (gettext("Part"), gettext("Burglaries")), shares["rows"], shares["note"])
        )
    for name, part in (
        (gettext("What was fitted"), _packages(found)),
        (gettext("What was delivered"), delivered(found)),
        (gettext("By 91 days"), _paths(found)),
        (gettext("Next door"), _ring(found)),
    ):
        if part is not None:
            tables.append((name, part["columns"], part["rows"], part["note"]))
    visits = visits_part(found.get("visits"))
    for one in visits["tables"] if visits else ():
        tables.append((one["title"], one["columns"], one["rows"], f"{visits['note']} {one['note']}"))  # type: ignore[index]
    every = estimates(found)
    tables.append((every["title"], every["columns"], every["rows"], every["note"]))
    worth = _value(made)
    if worth is not None:
        columns = (
            gettext("Price of a burglary from"),
            gettext("One costs"),
            gettext("Saved in a year"),
            gettext("95 % interval"),
            gettext("Pays for itself"),
            gettext("95 % interval of that"),
            gettext("If a quarter moved away"),
            gettext("If half moved away"),
            gettext("Cash alone"),
        )
        rows = [
            (
                one["edition"],
                one["unit"],
                one["saved"],
                one["range"],
                one["when"],
                one["span"],
                *one["moved"],
                one["cash"],
            )
            for one in worth["rows"]
        ]
        tables.append((gettext("What it was worth"), columns, rows, f"{worth['spent']} {worth['cash']}"))
    batches = [(one,) for one in found["batches"]]
    tables.append((gettext("Sources"), (gettext("Batch"),), batches, gettext("Batches of the police extract.")))
    return [(name, tuple(columns), tuple(rows), (note, how)) for name, columns, rows, note in tables]


def _day(number: int) -> date:
    return EPOCH + timedelta(days=number)


def _ratio(part: Found) -> tuple[float, float, float]:
    return part["rate_ratio"], part["interval"]["lower"] or 0.0, part["interval"]["upper"]


def _unless_few(rate: float, count: int) -> str:
    """A rate, unless it would give a small count away."""
    return "–" if 0 < count < FEWEST_SHOWN else decimal(rate)


def _two(words: str) -> tuple[str, ...]:
    """Words in two lines at most, cut near the middle."""
    cuts = [at for at, letter in enumerate(words) if letter == " "]
    if not cuts:
        return (words,)
    middle = min(cuts, key=lambda at: abs(at - len(words) / 2))
    return words[:middle], words[middle + 1 :]


def _when(start: date, years: float | None) -> str:
    """``Jan 2031``; or that it will not be within ten years."""
    if years is None or years > YEARS_SHOWN:
        return gettext("not in %(years)s years") % {"years": YEARS_SHOWN}
    return _month(Month.of(start + timedelta(days=round(365.25 * max(years, 0.0)))))


def _span(start: date, lower: float, upper: float | None) -> str:
    """``Mar 2029 to Jan 2031``; where the cautious end lies beyond what is shown, ``Mar 2029, or not in 10 years``."""
    soonest, latest = _when(start, lower), _when(start, upper)
    if upper is not None and upper <= YEARS_SHOWN:
        return gettext("%(soonest)s to %(latest)s") % {"soonest": soonest, "latest": latest}
    return latest if soonest == latest else gettext("%(soonest)s, or %(never)s") % {"soonest": soonest, "never": latest}


def _month(month: Month) -> str:
    """``Jan 2031``."""
    return f"{month_short(month, gettext)} {month.first_day.year}"


def _once(doubts: Iterable[Found]) -> list[str]:
    """One sentence for each kind of doubt; that prices differ in year is said for all of them together."""
    kept: dict[str, str] = {}
    for doubt in doubts:
        if doubt["kind"] != DoubtKind.PRICES_NOT_ALIGNED.value:
            kept.setdefault(doubt["kind"], gettext(doubt["sentence"]))
    return list(kept.values())
