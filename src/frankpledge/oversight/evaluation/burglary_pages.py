"""What the pages of burglaries of protected homes say, and the parts of *Did it work?* that rest on them."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext, ngettext

from frankpledge.analysis.entry_findings import EntryFindings
from frankpledge.foundation.places import selectors as places
from frankpledge.oversight.evaluation.models import EntryFinding
from frankpledge.oversight.evaluation.selectors import ProtectedBurglary, Shown, found_at_visits
from frankpledge.reports.evaluation_charts import ratio_figures
from frankpledge.vocabulary.wording import decimal, ordinary, whole

ON_A_PAGE = 50


def burglaries_page(shown: Shown, page: str | None) -> dict[str, Any]:
    """The burglaries this reader may see, the newest first, with what was found after each."""
    names = area_names()
    found = found_at_visits(shown.burglaries)
    pages = Paginator(shown.burglaries, ON_A_PAGE).get_page(page)
    return {
        "rows": [burglary_row(one, names) for one in pages],
        "pages": pages,
        "lead": _lead(found),
        "are_others": shown.are_others,
        "questions": questions(found.as_dict()) if found.looked_at else [],
    }


def burglary_row(one: ProtectedBurglary, names: Mapping[str, str]) -> dict[str, Any]:
    """A line of the list: which home, what it had, what was found."""
    return {
        "burglary": one,
        "area": names.get(one.home.neighbourhood or "", ""),
        "had": ", ".join(gettext(kind) for kind in one.kinds),
        "found": "" if one.finding is None else said_of(one.finding),
    }


def said_of(finding: EntryFinding) -> str:
    """What was found, in a line."""
    return "; ".join(
        (
            gettext("alarm: %(answer)s") % {"answer": gettext(finding.alarm)},
            gettext("in by: %(answer)s") % {"answer": gettext(finding.entry)},
            gettext("floor: %(answer)s") % {"answer": gettext(finding.floor)},
        )
    )


def area_names() -> dict[str, str]:
    """Code -> name of wards and priority neighbourhoods."""
    return {area.code: area.name for areas in places.area_choices().values() for area in areas}


def _lead(found: EntryFindings) -> str:
    if not found.n:
        return gettext("No home was burgled while it was protected, as far as the records you may see say.")
    left = found.n - found.looked_at
    said = ngettext(
        "%(count)s recorded burglary of a home that was protected on the day; %(looked)s looked into.",
        "%(count)s recorded burglaries of homes that were protected on the day; %(looked)s looked into.",
        found.n,
    ) % {"count": whole(found.n), "looked": whole(found.looked_at)}
    if left:
        waits = ngettext("%(n)s still waits to be looked into.", "%(n)s still wait to be looked into.", left)
        said += " " + waits % {"n": gettext(ordinary(left)).capitalize()}
    return said


def questions(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A table for each question: answers with their share of what is known, and how many are not known.

    Counts of the whole programme, without a place or a day: small ones are told too, for they name no home.
    """
    titles = {
        "alarm": gettext("Was the alarm set?"),
        "entry": gettext("How did they get in?"),
        "floor": gettext("On which floor?"),
        "reached": gettext("Could the alarm have told of it?"),
    }
    return [question(titles[one["key"]], one, found["fewest_known"]) for one in found["questions"]]


def question(title: str, one: Mapping[str, Any], fewest: int) -> dict[str, Any]:
    """One question's answers as a table; below ``fewest`` known it says that they are too few."""
    note = ""
    if not one["enough"]:
        note = gettext("Too few to say: no shares are given below %(fewest)s known.") % {"fewest": fewest}
    return {
        "title": title,
        "note": note,
        "columns": (gettext("Found"), gettext("Burglaries"), gettext("Of those known"), gettext("95 % interval")),
        "rows": [
            *((gettext(answer["word"]), whole(answer["count"]), *_share(answer)) for answer in one["answers"]),
            (gettext("not known"), whole(one["unknown"]), "–", "–"),
        ],
    }


def _share(answer: Mapping[str, Any]) -> tuple[str, str]:
    if answer["share"] is None:
        return "–", "–"
    low, high = (decimal(100 * answer[name], 0) for name in ("lower", "upper"))
    return f"{decimal(100 * answer['share'], 0)} %", f"{low} – {high} %"


def visits_part(found: Mapping[str, Any] | None, use: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """The part of *Did it work?* on how protected homes were burgled all the same.

    ``use``: alarms set in burgled homes and in homes that were asked.
    """
    if found is None or not found["burglaries"]:
        return None
    reached = found["questions"][-1]
    said = [
        gettext("%(count)s: %(words)s") % {"count": whole(answer["count"]), "words": gettext(answer["word"])}
        for answer in reached["answers"]
    ]
    return {
        "title": gettext("How protected homes were burgled all the same"),
        "note": gettext("%(n)s burglaries of protected homes; somebody looked into %(looked)s of them afterwards.")
        % {"n": whole(found["burglaries"]), "looked": whole(found["looked_at"])},
        "said": said if reached["enough"] else [],
        "few": "" if reached["enough"] else gettext(
            "Too few to say whether the alarms were set or how the burglars got in: below %(fewest)s known no shares "
            "are given."
        ) % {"fewest": found["fewest_known"]},
        "unknown": gettext("%(count)s: not known") % {"count": whole(reached["unknown"])},
        "use": _use(use) if use else "",
        "tables": questions(found) if found["looked_at"] else [],
    }  # fmt: skip


def _use(use: Mapping[str, Any]) -> str:
    """Whether burgled homes had set their alarm less often than homes that were asked, with n and who answered."""
    asked = use["asked_set"] + use["asked_not_set"]
    burgled = use["burgled_set"] + use["burgled_not_set"]
    if not asked:
        return gettext("Nobody has been asked in a call yet how often alarms are set.")
    said = gettext(
        "Of %(asked)s homes with an alarm that were asked in a call (%(tried)s tried), %(percent)s %% set it."
    ) % {
        "asked": whole(asked),
        "tried": whole(use["tried"]),
        "percent": decimal(100 * use["asked_set"] / asked, 0),
    }
    if use["odds"] is None:
        return said + " " + gettext("Too few to set that against the burgled homes.")
    ratio = ratio_figures(use["odds"], use["interval"]["lower"], use["interval"]["upper"])
    against = gettext("Of %(burgled)s burgled homes where it is known, %(percent)s %% had. Odds ratio of burglary with "
        "the alarm set: %(ratio)s.") % {
        "burgled": whole(burgled), "percent": decimal(100 * use["burgled_set"] / burgled, 0), "ratio": ratio
    }  # fmt: skip
    return f"{said} {against} {_not_alike()}"


def _not_alike() -> str:
    """Why that odds ratio is no proof: cases and controls were told apart in other ways than by the alarm."""
    return gettext(
        "That is a sign and no proof: callers were told what people say they do, at the burgled homes somebody looked "
        "at one day; those who answer a call may be the more careful ones; and who sets the alarm may lock up better "
        "too."
    )
