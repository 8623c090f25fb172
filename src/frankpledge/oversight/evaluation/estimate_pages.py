"""The parts of *Did it work?* on what was delivered, and every estimate in one table for whoever checks them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext

from frankpledge.reports.evaluation_charts import ratio_figures
from frankpledge.vocabulary.wording import decimal, whole

Found = Mapping[str, Any]
Row = tuple[str, ...]
FEWEST_SHOWN = 5


def delivered(found: Found) -> dict[str, Any]:
    """How much of what was meant was done, and whether more did more."""
    exposure, homes = found["exposure"], found["homes"]
    open_days = homes * (found["end_day"] - found["began"])
    covered = exposure["protected"]["property_days"]
    rows = [
        (gettext("Homes protected by the end"), whole(found["protected_homes"]), whole(homes),
         _percent(found["protected_homes"], homes)),
        (gettext("Home-days protected since the first fitting"), whole(covered), whole(open_days),
         _percent(covered, open_days)),
    ]  # fmt: skip
    offers = found.get("offers")
    if offers and offers["homes"]:
        rows += [
            (words, few(offers[name]), whole(offers["homes"]), _percent(offers[name], offers["homes"]))
            for name, words in (
                ("reached", gettext("After a burglary nearby: reached by the offer")),
                ("accepted", gettext("After a burglary nearby: want a visit")),
                ("had_it", gettext("After a burglary nearby: had it already")),
                ("refused", gettext("After a burglary nearby: said no")),
                ("unanswered", gettext("After a burglary nearby: never answered")),
            )
        ]
    return {
        "title": gettext("%(percent)s per cent of home-days were protected: that limits what it could do")
        % {"percent": decimal(100 * covered / open_days, 0)},
        "note": gettext("What was delivered, not what was meant. Days before a home was fitted count as unprotected."),
        "columns": (gettext("What"), gettext("Done"), gettext("Of"), gettext("Per cent")),
        "rows": rows,
        "after": _more_did_more(found.get("area_dose")),
    }


def _more_did_more(dose: Found | None) -> str:
    if dose is None:
        return ""
    ratio, low, high = dose["ratio_per_unit"], dose["interval"]["lower"], dose["interval"]["upper"]
    said = (
        gettext("More did more: with each tenth more of an area’s homes protected, the area had fewer burglaries.")
        if high < 1
        else gettext("With each tenth more of an area’s homes protected, the area had more burglaries.")
        if low > 1
        else gettext("Areas where more homes were protected show no clear difference.")
    )
    figures = gettext("Rate ratio for each tenth: %(ratio)s, all homes of the area counted.") % {
        "ratio": ratio_figures(ratio, low, high)
    }
    return f"{said} {figures}"


def estimates(found: Found) -> dict[str, Any]:
    """Every estimate with its interval, what it rests on and how it was made."""
    return {
        "title": gettext("Every estimate"),
        "note": gettext(
            "95 % intervals. Ratios below 1 and numbers below 0 mean fewer burglaries. The odds ratio and the "
            "numbers of displacement take counts to vary by chance alone; real counts vary more, so their intervals "
            "are too narrow."
        ),
        "columns": (gettext("Estimate"), gettext("Value (95 % interval)"), gettext("Burglaries"), gettext("Method")),
        "rows": list(_estimates(found)),
    }


def _estimates(found: Found) -> Iterator[Row]:
    effect, exposure = found["effect"], found["exposure"]
    yield gettext("Protected against not, the page’s answer"), _ratio(effect), whole(effect["n"]), effect["method"]
    plain = exposure["ratio"]
    yield gettext("Protected against not, nothing taken out"), _of(plain), whole(plain["n"]), plain["method"]
    if found["simple"] is not None:
        simple = found["simple"]
        yield gettext("Simple before and after"), _of(simple["ratio"]), whole(simple["n"]), simple["method"]
    if found.get("odds") is not None:
        odds = found["odds"]
        low, high = odds["interval"]["lower"], odds["interval"]["upper"]
        value = ratio_figures(1 / odds["relative_effect_size"], 1 / high, 1 / low)
        yield gettext("Before and after against similar areas (odds ratio)"), value, whole(odds["n"]), odds["method"]
    if found["areas"] is not None:
        areas = found["areas"]
        yield gettext("Difference in differences, whole areas"), _ratio(areas), whole(areas["n"]), areas["method"]
    if found["displacement"] is not None:
        yield from _displacement(found["displacement"])
    if found.get("rings_similar") is not None:
        beside = found["rings_similar"]
        yield (
            gettext("The rings against similar areas"),
            _numbers(beside["estimate"], beside["interval"]["lower"], beside["interval"]["upper"]),
            whole(beside["n"]),
            beside["method"],
        )
    for name, words in (
        ("dose", gettext("For each kind of measure more in a home, from nothing on")),
        ("protected_dose", gettext("For each kind of measure more in a home that had one")),
        ("area_dose", gettext("For each tenth more of an area’s homes protected")),
    ):
        dose = found.get(name)
        if dose is not None:
            value = ratio_figures(dose["ratio_per_unit"], dose["interval"]["lower"], dose["interval"]["upper"])
            yield words, value, whole(dose["n"]), dose["method"]
    if found["usual_before"] is not None and found["simple"] is not None:
        seen, usual = found["simple"]["before"], found["usual_before"]
        yield (
            gettext("Regression to the mean: seen before, and usual"),
            f"{whole(seen)}; {whole(usual)}",
            whole(seen),
            gettext("empirical Bayes over the small areas of the district"),
        )


def _displacement(moved: Found) -> Iterator[Row]:
    """The parts of the weighted displacement difference; ``1.96`` standard errors each way."""
    for words, value, error in (
        (gettext("Weighted displacement difference: the area"), moved["local"]["estimate"],
         moved["local"]["standard_error"]),
        (gettext("Weighted displacement difference: the rings"), moved["displacement"]["estimate"],
         moved["displacement"]["standard_error"]),
        (gettext("Weighted displacement difference: both"), moved["estimate"], moved["standard_error"]),
    ):  # fmt: skip
        low, high = value - 1.96 * error, value + 1.96 * error
        yield words, _numbers(value, low, high), whole(moved["n"]), moved["method"]


def _numbers(value: float, low: float, high: float) -> str:
    """``−36 (−64 to −8)``."""
    span = gettext("%(low)s to %(high)s") % {"low": signed(low), "high": signed(high)}
    return f"{signed(value)} ({span})"


def few(count: int) -> str:
    """A count, or only that it is few."""
    if 0 < count < FEWEST_SHOWN:
        return gettext("fewer than %(count)s") % {"count": FEWEST_SHOWN}
    return whole(count)


def signed(value: float) -> str:
    """``−33``, ``+4``, ``0``."""
    return "0" if round(value) == 0 else f"{'−' if value < 0 else '+'}{whole(abs(value))}"


def _percent(part: float, of: float) -> str:
    if 0 < part < FEWEST_SHOWN or not of:
        return "–"
    return f"{decimal(100 * part / of)}\u00a0%"


def _ratio(part: Found) -> str:
    return ratio_figures(part["rate_ratio"], part["interval"]["lower"] or 0.0, part["interval"]["upper"])


def _of(part: Found) -> str:
    high = part["interval"]["upper"]
    return ratio_figures(part["value"] or 0.0, part["interval"]["lower"] or 0.0, float("inf") if high is None else high)
