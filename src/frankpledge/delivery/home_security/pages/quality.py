"""What the pages of calls after visits show."""

from datetime import date, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.analysis.survey import PercentageCheck, percentages_from, survey_share_from_counts
from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import CallDraw, QualityCall
from frankpledge.delivery.home_security.pages.asking import area_names
from frankpledge.delivery.home_security.rules import quality as rules
from frankpledge.delivery.home_security.selectors import quality as selectors
from frankpledge.delivery.home_security.selectors.quality import Survey, Tally
from frankpledge.delivery.home_security.vocabulary import CallOutcome
from frankpledge.reports.evaluation_charts import Mark, rates
from frankpledge.vocabulary.wording import said, whole

WEEKS_SHOWN = 52
MOST_LATE = 20
LOOK_FROM, LOOK_TO = 5, 40  # near which numbers of answers a printed percentage is looked for
ASKED = {
    "content": gettext_lazy("Content with the work"),
    "feels_safer": gettext_lazy("Feels safer at home"),
    "sets_alarm": gettext_lazy("Sets the alarm"),
}
OUTCOMES = {
    CallOutcome.TO_CALL: gettext_lazy("to call"),
    CallOutcome.REACHED: gettext_lazy("reached"),
    CallOutcome.NO_ANSWER: gettext_lazy("no answer"),
    CallOutcome.SAID_NO: gettext_lazy("would not say"),
    CallOutcome.WRONG: gettext_lazy("number does not work"),
}
LOOKS = {CallOutcome.TO_CALL: "warning", CallOutcome.REACHED: "good", CallOutcome.NO_ANSWER: "unknown"}


def quality_page(person: Any, today: date) -> dict[str, Any]:
    """The answers of the last year, this week's draw, and what waits. A fixed number of queries."""
    week = rules.week_of(today)
    survey = selectors.survey(week - timedelta(weeks=WEEKS_SHOWN - 1), week)
    draw = selectors.draw_of(week)
    first, last = rules.window(today)
    complaints, late = list(selectors.complaints()), list(selectors.to_try_again(draw)[:MOST_LATE])
    rows = [_answered(name, tally) for name, tally in survey.questions.items() if tally.n]
    calls = list(selectors.calls_of(draw)) if draw else []
    barred = selectors.not_to_call(calls)
    return {
        "lead": _lead(survey, rows),
        "waits": _waits(len(complaints)),
        "survey": survey,
        "rows": rows,
        "response": _response(survey),
        "outcomes": [(OUTCOMES[one], survey.outcomes.get(one, 0)) for one in CallOutcome],
        "chart": _chart(rows) if rows else "",
        "wards": _wards(survey),
        "draw": draw,
        "how": _how(draw) if draw else "",
        "calls": [_call_row(one, one.pk in barred) for one in calls],
        "to_draw_from": 0 if draw else len(selectors.to_draw_from(first, last)),
        "window": (first, last),
        "late": [_call_row(one) for one in late],
        "complaints": [_call_row(one) for one in complaints],
        "fewest": rules.FEWEST_ANSWERS,
        "may_edit": permissions.can_edit(person),
    }


def _lead(survey: Survey, rows: list[dict[str, Any]]) -> str:
    if not survey.drawn:
        return gettext("No home has been drawn for a call yet.")
    if not rows:
        return ngettext(
            "{n} home is drawn; nobody has answered yet.", "{n} homes are drawn; nobody has answered yet.", survey.drawn
        ).format(n=whole(survey.drawn))
    first = rows[0]
    return gettext(
        "{percent} are {what} ({yes} of the {n} homes that answered; {low} to {high} % is what chance alone allows). "
        "{reached} of the {asked} homes drawn in twelve months answered."
    ).format(
        percent=first["percent"],
        what=str(first["label"])[:1].lower() + str(first["label"])[1:],
        yes=whole(first["yes"]),
        n=whole(first["n"]),
        low=first["low"],
        high=first["high"],
        reached=whole(survey.reached),
        asked=whole(survey.asked),
    )


def _waits(count: int) -> str:
    if not count:
        return ""
    return ngettext("{n} complaint waits for an answer.", "{n} complaints wait for an answer.", count).format(n=count)


def _answered(name: str, tally: Tally) -> dict[str, Any]:
    """One question: its percentage never without yes, answers, interval and response rate."""
    share = survey_share_from_counts(tally.yes, tally.n, asked=tally.asked)
    return {
        "label": ASKED[name],
        "value": 100 * share.value,
        "percent": f"{100 * share.value:.0f} %",
        "yes": tally.yes,
        "n": tally.n,
        "asked": tally.asked,
        "response": f"{100 * tally.n / tally.asked:.0f} %",
        "low": f"{100 * (share.interval.lower or 0):.0f}",
        "high": f"{100 * share.interval.upper:.0f}",
    }


def _response(survey: Survey) -> str:
    if not survey.asked:
        return ""
    return f"{100 * survey.reached / survey.asked:.0f} %"


def _chart(rows: list[dict[str, Any]]) -> str:
    marks = [
        Mark(
            label=str(row["label"]),
            note=gettext("{yes} of {n} answers").format(yes=whole(row["yes"]), n=whole(row["n"])),
            value=row["value"],
            lower=float(row["low"]),
            upper=float(row["high"]),
            figures=row["percent"],
            kind="answer",
        )
        for row in rows
    ]
    told = "; ".join(f"{mark.label}: {mark.figures}, {mark.note}" for mark in marks)
    return rates(marks, prefix="calls", title=gettext("What homes say some weeks after the visit"), description=told)


def _wards(survey: Survey) -> list[dict[str, Any]]:
    names = area_names()
    named: dict[str, tuple[int, int]] = {}
    asked: dict[str, int] = {}
    for code, count in survey.asked_by_ward.items():
        name = names.get(code) or gettext("ward not known")
        before, (yes, n) = named.get(name, (0, 0)), survey.content_by_ward.get(code, (0, 0))
        named[name] = (before[0] + yes, before[1] + n)
        asked[name] = asked.get(name, 0) + count
    found = []
    for group in rules.shown_groups(named):
        one = _answered("content", Tally(group.yes, group.n, sum(asked[name] for name in group.names)))
        one["name"] = group.names[0] if len(group.names) == 1 else gettext("Others together: {names}").format(
            names=", ".join(group.names)
        )  # fmt: skip
        found.append(one)
    return found


def _how(draw: CallDraw) -> str:
    eligible = len(draw.eligible_keys)
    number = ngettext(
        "{drawn} of {n} home with a visit finished between {first} and {last} and no call yet.",
        "{drawn} of {n} homes with a visit finished between {first} and {last} and no call yet.",
        eligible,
    )
    way = gettext(
        "Drawn by chance on {day}, when {who} asked for {wanted}; the software made the seed {seed}. Each home is "
        "ranked by the SHA-256 of seed and visit number, and the first are called. Nobody chooses, and there is one "
        "draw a week."
    )
    return f"{number} {way}".format(
        drawn=min(draw.wanted, eligible),
        n=eligible,
        day=formats.date_format(draw.drawn_at, "j F Y, H:i"),
        who=draw.by_name,
        wanted=draw.wanted,
        first=formats.date_format(draw.first_day, "j F"),
        last=formats.date_format(draw.last_day, "j F Y"),
        seed=draw.seed,
    )


def _call_row(call: QualityCall, barred: bool = False) -> dict[str, Any]:
    """A line of a list. ``barred``: drawn, and the home has said since that it wants nothing more of us."""
    outcome = CallOutcome(call.outcome)
    stopped = barred and outcome is not CallOutcome.REACHED
    return {
        "call": call,
        "home": where(call.visit),
        "look": "plain" if stopped else LOOKS.get(outcome, "plain"),
        "outcome": gettext("not to be called") if stopped else OUTCOMES[outcome],
    }


def where(visit: Any) -> dict[str, str]:
    """A visit's home for lists: its address for those who run safe homes, its reference for those who only read."""
    asked = visit.request
    if asked is None:
        return {"address": gettext("home {uprn}").format(uprn=visit.uprn), "reference": visit.uprn}
    return {"address": asked.address, "reference": asked.reference}


# -- one call ---------------------------------------------------------------------------------------------------------


def call_page(call: QualityCall) -> dict[str, Any]:
    """A call sheet: whom to call and what to ask, or what was said."""
    outcome = CallOutcome(call.outcome)
    is_open = outcome is not CallOutcome.REACHED
    stopped = is_open and bool(selectors.not_to_call([call]))
    answers = [(ASKED[name], _yes_no(getattr(call, name))) for name in rules.QUESTIONS]
    return {
        "call": call,
        "visit": call.visit,
        "request": call.visit.request,
        "telephone": "" if stopped else _telephone(call),
        "stopped": stopped,
        "home": where(call.visit),
        "outcome": OUTCOMES[outcome],
        "look": LOOKS.get(outcome, "plain"),
        "is_open": is_open and not stopped,
        "answers": answers if outcome is CallOutcome.REACHED else [],
        "waits": call.complains and not call.settled,
        "lead": _call_lead(call, outcome),
    }


def _telephone(call: QualityCall) -> str:
    """The number to call; none for a home that has not agreed to be contacted."""
    asked = call.visit.request
    return asked.telephone if asked is not None and asked.consent_contact else ""


def _call_lead(call: QualityCall, outcome: CallOutcome) -> str:
    visited = formats.date_format(call.visit.day, "j F Y")
    if outcome is CallOutcome.TO_CALL:
        return gettext("Visited on {day}; nobody has called yet.").format(day=visited)
    assert call.called_at is not None
    return ngettext(
        "Visited on {day}. Called once, on {last}: {outcome}.",
        "Visited on {day}. Called {n} times, last on {last}: {outcome}.",
        call.tries,
    ).format(day=visited, n=call.tries, last=formats.date_format(call.called_at, "j F, H:i"), outcome=OUTCOMES[outcome])


def _yes_no(answer: bool | None) -> str:
    if answer is None:
        return gettext("did not say, or does not apply")
    return gettext("yes") if answer else gettext("no")


# -- a percentage somebody printed ------------------------------------------------------------------------------------


def checked(percentages: list[float], places: int, answers: int) -> dict[str, Any]:
    """Whether percentages can come from so many answers, which whole numbers give them, and which answers would."""
    within = min(max(LOOK_FROM, answers // 10), LOOK_TO)
    result = percentages_from(percentages, answers, places=places, within=within)
    return {
        "sentence": said(result.sentence(), gettext),
        "possible": result.possible,
        "rows": [_checked_row(number, fit, result) for number, fit in zip(percentages, result.counts, strict=True)],
        "near": (max(1, answers - within), answers + within),
    }


def _checked_row(percent: float, fit: tuple[int, ...], result: PercentageCheck) -> dict[str, str]:
    shown = f"{percent:.{result.places}f} %"
    if fit:
        return {"percent": shown, "words": gettext("{counts} of {n}").format(counts=_counts(fit), n=whole(result.n))}
    below = int(percent * result.n / 100)
    near = [k for k in (below, below + 1) if k <= result.n]
    words = gettext("no whole number of {n}: {near}").format(
        n=whole(result.n),
        near=", ".join(
            gettext("{k} gives {percent} %").format(k=k, percent=f"{100 * k / result.n:.{result.places + 1}f}")
            for k in near
        ),
    )
    return {"percent": shown, "words": words}


def _counts(fit: tuple[int, ...]) -> str:
    return str(fit[0]) if len(fit) == 1 else gettext("{low} to {high}").format(low=fit[0], high=fit[-1])
