"""What the pages on a crew's phone say, and the coordinator's page of what came from the phones."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
from django.http import Http404
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from frankpledge.analysis.day_routes import Travel
from frankpledge.delivery.home_security.forms.crew import VisitForm
from frankpledge.delivery.home_security.models import Crew, Measure, SentVisit, Visit
from frankpledge.delivery.home_security.rules import crew as rules
from frankpledge.delivery.home_security.selectors import crew as selectors
from frankpledge.delivery.home_security.vocabulary import (
    CrewDoubt,
    Found,
    MeasureKind,
    ReferralTo,
    SentState,
    VisitState,
)
from frankpledge.foundation.places.selectors import neighbourhood_ground, premises_of
from frankpledge.reports.visit_map import way_there
from frankpledge.sources.positions import to_degrees

SHOWN_DAYS = 30
LATE_MINUTES = 15
THINGS = {
    "front door": gettext_lazy("Front door"),
    "back door": gettext_lazy("Back door"),
    "windows": gettext_lazy("Windows"),
    "outside lights": gettext_lazy("Outside lights"),
    "keys and habits": gettext_lazy("Keys and habits"),
    "upstairs and shed": gettext_lazy("Upstairs and shed"),
}
FOUND = {
    Found.GOOD: gettext_lazy("Good"),
    Found.PUT_RIGHT: gettext_lazy("Put right today"),
    Found.WEAK: gettext_lazy("Weak"),
    Found.NOT_SEEN: gettext_lazy("Not looked at"),
}
OUTCOMES = {
    VisitState.PLANNED: gettext_lazy("Planned"),
    VisitState.UNDER_WAY: gettext_lazy("Under way"),
    VisitState.DONE: gettext_lazy("Done"),
    VisitState.NO_ANSWER: gettext_lazy("No answer"),
    VisitState.NOT_FINISHED: gettext_lazy("Not finished"),
    VisitState.CANCELLED: gettext_lazy("Called off"),
}
ONWARD = {
    ReferralTo.FIRE_SERVICE: gettext_lazy("the fire service, for a free safety visit"),
    ReferralTo.HANDY_PERSON: gettext_lazy("the handy-person service, for small repairs"),
    ReferralTo.ENERGY: gettext_lazy("the energy scheme, for a warmer home"),
    ReferralTo.VICTIM_SUPPORT: gettext_lazy("victim support"),
}
NEEDS = {
    "aged 75 or over": gettext_lazy("Aged 75 or over"),
    "lives alone": gettext_lazy("Lives alone"),
    "disability or long illness": gettext_lazy("Disability or long illness: allow time at the door"),
    "children under 5": gettext_lazy("Children under 5"),
    "afraid at home": gettext_lazy("Afraid at home: say who you are before you come in"),
    "threatened or targeted": gettext_lazy("Threatened or targeted: park out of sight of the door"),
}
DOUBTS = {
    CrewDoubt.BACKWARDS: gettext_lazy("It ended before it began: only its end is kept as a time."),
    CrewDoubt.CLOCK: gettext_lazy("The phone’s clock was ahead: it is kept with the time it came in."),
    CrewDoubt.LATE: gettext_lazy("It came %(detail)s days late. It counts on the day it was done."),
    CrewDoubt.ALONE: gettext_lazy("One person worked alone: the coordinator is told."),
    CrewDoubt.STOCK: gettext_lazy("More was fitted than the van’s count held: %(detail)s. Please count the van."),
    CrewDoubt.CODE_ELSEWHERE: gettext_lazy(
        "The kit’s code %(detail)s stands for another home. It is left there; look at the kit once more."
    ),
    CrewDoubt.CODE_WRONG: gettext_lazy("The kit’s code “%(detail)s” is not well formed, so no kit is noted."),
    CrewDoubt.PLAN_CHANGED: gettext_lazy("The plan of this visit had changed meanwhile."),
    CrewDoubt.OTHER_CREW: gettext_lazy("It was sent by somebody of another crew than the one it is planned for."),
    CrewDoubt.WITHDRAWN: gettext_lazy(
        "The resident has withdrawn meanwhile. What was fitted is kept; name, signature, notes and photos are not."
    ),
    CrewDoubt.NOT_PASSED_ON: gettext_lazy(
        "The resident has taken back the consent to be passed on since this visit: nobody is passed on because of it."
    ),
    CrewDoubt.GONE: gettext_lazy("The catalogue no longer has “%(detail)s”: the coordinator adds it by hand."),
}


def today_page(person: Any, now: datetime) -> dict[str, Any]:
    """Today's visits of my crew, the next one first. A fixed number of queries."""
    day = timezone.localdate(now)
    crews = selectors.crews_of(person.pk, day)
    visits = [visit for visit in selectors.visits_of(crews, day) if visit.state != VisitState.CANCELLED]
    homes = premises_of(visit.uprn for visit in visits)
    beside, catalogue = selectors.kept_beside(visits), {measure.key: measure for measure in selectors.measures()}
    rows = [_row(visit, number, homes, catalogue, visit.pk in beside) for number, visit in enumerate(visits, start=1)]
    _show_ways(rows, homes)
    waiting = [row for row in rows if not row["ended"]]
    return {
        **_frame(person, crews, day, now),
        "visits": visits,
        "waiting": waiting,
        "ended": [row for row in reversed(rows) if row["ended"]],  # the last one first
        "count": len(rows),
        "van": _van(crews, [row["visit"] for row in waiting], catalogue),
        "last_ends": _last_end(visits),
        "late": _how_late(_late(waiting, now)),
    }


def visit_page(person: Any, key: int, now: datetime, form: VisitForm | None = None) -> dict[str, Any]:
    """One of today's visits of my crew. Raises Http404 for any other. A fixed number of queries."""
    day = timezone.localdate(now)
    crews = selectors.crews_of(person.pk, day)
    visits = [visit for visit in selectors.visits_of(crews, day) if visit.state != VisitState.CANCELLED]
    place = next((number for number, visit in enumerate(visits) if visit.pk == key), None)
    if place is None:
        raise Http404
    visit, catalogue = visits[place], selectors.measures()
    row = _row(visit, place + 1, premises_of([visit.uprn]), {m.key: m for m in catalogue}, False)
    form = form or VisitForm(initial={"client_key": uuid4(), "version": visit.version, "day": day}, measures=catalogue)
    fitted = [_part(measure, visit, form) for measure in catalogue if measure.kind not in _NOT_PARTS]
    wanted = {line["measure"] for line in visit.plan}
    held = selectors.in_the_van(crews)
    for part in fitted:
        part["in_van"] = held.get(part["measure"].stock_item_id)
    names = selectors.people_of(crews, selectors.shift_of(crews, day))
    chosen = form.names_chosen() if form.is_bound else names
    return {
        **_frame(person, crews, day, now),
        **row,
        "total": len(visits),
        "form": form,
        "things": [_thing(number, thing, form) for number, thing in enumerate(rules.LOOKED_AT)],
        "found_words": [(word.value, FOUND[word]) for word in rules.found_words()],
        "planned_parts": [part for part in fitted if part["measure"].key in wanted],
        "other_parts": [part for part in fitted if part["measure"].key not in wanted and part["measure"].is_offered],
        "has_kit": any(m.kind == MeasureKind.MARKING and m.is_offered for m in catalogue),
        "people": [(name, name in chosen) for name in names],
        "onward": [(word.value, label, word.value in (form["onward"].value() or [])) for word, label in ONWARD.items()],
        "report": _report(selectors.report_taken(visit)) if row["ended"] else None,
    }


_NOT_PARTS = (MeasureKind.ADVICE, MeasureKind.MARKING)


def answer(sent: SentVisit, *, again: bool) -> dict[str, Any]:
    """What the phone is told of a report: the same for one sent twice, but for ``again``."""
    return {"state": sent.state, "again": again, "sentence": _sentence(sent), "doubts": doubt_words(sent.doubts)}


def doubt_words(doubts: Sequence[Sequence[str]]) -> list[str]:
    """What is odd about a report, in sentences."""
    return [str(DOUBTS[CrewDoubt(kind)]) % {"detail": detail} for kind, detail in doubts]


def signal(person: Any, now: datetime, token: str) -> dict[str, Any]:
    """What a phone asks before it sends: whose session this is, which day, and the token its forms need."""
    return {"person": person.pk, "day": timezone.localdate(now).isoformat(), "token": token}


def manifest() -> dict[str, Any]:
    """How the phone shows the installed app."""
    return {
        "name": gettext("Safe homes: today’s visits"),
        "short_name": gettext("Visits"),
        "start_url": reverse("home_security:crew"),
        "scope": reverse("home_security:crew"),
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#17315c",
        "icons": [{"src": static("ui/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }


def words() -> dict[str, str]:
    """The sentences that scripts on the phone say."""
    return {
        "no_signal": gettext("No signal since {time}."),
        "carry_on": gettext("Every tap is saved on this phone. Carry on."),
        "not_yet": gettext("Safe on this phone, not yet sent:"),
        "goes_once": gettext("{things}. All goes by itself when signal returns, once."),
        "visits_one": gettext("one visit"),
        "visits_many": gettext("{n} visits"),
        "photos_one": gettext("one photo"),
        "photos_many": gettext("{n} photos"),
        "signatures_one": gettext("one signature"),
        "signatures_many": gettext("{n} signatures"),
        "sending": gettext("Sending what was done without signal …"),
        "sign_in": gettext("Sign in once more to send what is on this phone. Nothing is lost."),
        "sign_in_here": gettext("Sign in"),
        "somebody_else": gettext(
            "{n} visits on this phone are somebody else’s. They go when that person signs in here."
        ),
        "server_down": gettext("There is signal, but nobody answers. We try again every few seconds."),
        "not_sent": gettext("Not yet sent"),
        "look_again": gettext("Look at this again"),
        "sent": gettext("Sent"),
        "kept": gettext("Two reports: both kept"),
        "done": gettext("Done {time}"),
        "not_finished": gettext("Not finished {time}"),
        "no_answer": gettext("No answer {time}"),
        "draft": gettext("Begun {time}"),
        "of_done": gettext("{n} of {total} done"),
        "backwards": gettext("The visit ends before it begins. Look at the two times once more."),
        "signature": gettext("Ask for a signature and the name, or say why there is none."),
        "why": gettext("Say in a few words what is still to be done."),
        "code_good": gettext("Well formed. When signal returns we check that no other home has it."),
        "code_bad": gettext("This cannot be right: a letter or digit is wrong or missing. Read the kit once more."),
        "code_not_seen": gettext("No code was found in the picture. Type it."),
        "photo_bad": gettext("This file is not a photo we can read."),
        "photo_large": gettext("This photo has more than 40 MB. Take it with a smaller setting."),
        "photo": gettext("Photo {n}"),
        "remove": gettext("Remove photo {n}"),
        "shows": gettext("What photo {n} shows"),
        "what_it_shows": gettext("What it shows"),
        "since": gettext("since {time}"),
        "parts": gettext("{n} of 6 parts done"),
        "waits": gettext("Will be sent once, when signal returns."),
        "unfinished": gettext("Not finished when the day’s visits were wiped from the phone."),
        "out_later": gettext(
            "Signed out on this phone: today’s visits are wiped. What is not sent waits and goes when signal returns."
        ),
        "out_problem": gettext(
            "A report needs another look before you sign out, or it would be lost. "
            "Open the visit marked “Look at this again”."
        ),
        "wiped": gettext("Today’s visits are wiped from this phone."),
    }


def reports_page(now: datetime) -> dict[str, Any]:
    """What came from the phones and needs a person: two reports of one visit, and what is odd. Fixed queries."""
    conflicts = list(selectors.conflicts())
    odd = list(selectors.doubtful_reports((now - timedelta(days=SHOWN_DAYS)).date())[:200])
    homes = premises_of(sent.visit.uprn for sent in [*conflicts, *odd])
    return {
        "conflicts": [_report_row(sent, homes) for sent in conflicts],
        "odd": [_report_row(sent, homes) for sent in odd],
        "days": SHOWN_DAYS,
        "lead": _reports_lead(len(conflicts), len(odd)),
    }


def conflict_page(sent: SentVisit) -> dict[str, Any]:
    """Two reports of one visit side by side. A fixed number of queries."""
    first = selectors.report_taken(sent.visit)
    names = {measure.key: measure.name for measure in selectors.measures()}
    told = [_told(report, names) if report else None for report in (first, sent)]
    rows = []
    if told[1]:
        rows = [(label, told[0][number][1] if told[0] else "", value) for number, (label, value) in enumerate(told[1])]
    return {
        "sent": sent,
        "first": first,
        "address": _address(sent.visit, premises_of([sent.visit.uprn])),
        "rows": [(label, one, two, one != two) for label, one, two in rows],
        "state": OUTCOMES[VisitState(sent.visit.state)],
        "doubts": doubt_words(sent.doubts),
        "photos": selectors.photos(sent.visit),
    }


def _reports_lead(conflicts: int, odd: int) -> str:
    if not conflicts and not odd:
        return gettext("Everything the crews sent fits together. Nothing waits for you here.")
    first = ngettext(
        "%(count)s visit has two reports and waits for your decision.",
        "%(count)s visits have two reports and wait for your decision.",
        conflicts,
    ) % {"count": conflicts}
    second = ngettext("%(count)s report has something to look at.", "%(count)s reports have something to look at.", odd)
    return f"{first} {second % {'count': odd}}"


def _report_row(sent: SentVisit, homes: Mapping[str, Any]) -> dict[str, Any]:
    return {"sent": sent, "address": _address(sent.visit, homes), "doubts": doubt_words(sent.doubts)}


def _told(sent: SentVisit, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """A report as lines of a table."""
    told = rules.Told.from_dict(sent.told)
    fitted = ", ".join(f"{part.quantity} × {names.get(part.measure, part.measure)}" for part in told.parts)
    return [
        (gettext("Outcome"), str(OUTCOMES[told.outcome])),
        (gettext("Sent by"), sent.by_name),
        (gettext("Received"), formats.date_format(timezone.localtime(sent.received_at), "j F Y, H:i")),
        (gettext("On"), formats.date_format(told.day, "j F Y")),
        (gettext("From"), told.began.isoformat("minutes") if told.began else ""),
        (gettext("Until"), told.ended.isoformat("minutes") if told.ended else ""),
        (gettext("Who was there"), ", ".join(told.names)),
        (gettext("Fitted"), fitted),
        (gettext("Kit"), told.kit_code),
        (gettext("Advice"), told.advice),
        (gettext("Note"), told.note),
        (gettext("Signed by"), told.signed_by),
    ]


def _sentence(sent: SentVisit) -> str:
    if sent.state == SentState.BESIDE:
        return gettext(
            "This visit had a report already. Both are kept, and the coordinator decides. You need do nothing."
        )
    return gettext("The visit is sent.")


def _report(sent: SentVisit | None) -> dict[str, Any] | None:
    return {"sent": sent, "doubts": doubt_words(sent.doubts)} if sent else None


def _frame(person: Any, crews: Sequence[Crew], day: date, now: datetime) -> dict[str, Any]:
    """What both pages have round them."""
    shift = selectors.shift_of(crews, day)
    wipe = rules.wiped_at(day, shift.ends if shift else None)
    return {
        "crews": ", ".join(crew.name for crew in crews),
        "has_crew": bool(crews),
        "day": day,
        "person": person.pk,
        "wipe_at": wipe if wipe > now else None,
        "wipe_ms": int(wipe.timestamp() * 1000) if wipe > now else "",
        "words": words(),
    }


def _row(
    visit: Visit, number: int, homes: Mapping[str, Any], catalogue: Mapping[str, Measure], beside: bool
) -> dict[str, Any]:
    request = visit.request
    state = VisitState(visit.state)
    finished = timezone.localtime(visit.finished_at) if visit.finished_at else None
    planned = timezone.localtime(visit.planned_start).time() if visit.planned_start else None
    return {
        "visit": visit,
        "number": number,
        "address": _address(visit, homes),
        "postcode": homes[visit.uprn].postcode if visit.uprn in homes else (request.postcode if request else ""),
        "who": request.name if request else "",
        "telephone": request.telephone if request else "",
        "language": request.language if request and request.language[:2] not in ("", "en", "cy") else "",
        "notes": [*(str(NEEDS.get(need, need)) for need in (request.vulnerability if request else []))],
        "note": request.note if request else "",
        "burgled": bool(request and request.burgled == "my home"),
        "plan": ", ".join(_planned(line, catalogue) for line in visit.plan),
        "from_": visit.window_from or planned,
        "at": planned or visit.window_from,
        "until": visit.window_until,
        "ended": state in rules.FINAL,
        "state": OUTCOMES[state],
        "is_done": state is VisitState.DONE,
        "finished": finished,
        "beside": beside,
    }


def _show_ways(rows: Sequence[dict[str, Any]], homes: Mapping[str, Any]) -> None:
    """Give each visit still to come its map, the way to it from the visit before, and its place for a satnav."""
    found = [homes[row["visit"].uprn] for row in rows if row["visit"].uprn in homes]
    longitude, latitude = to_degrees(np.array([h.easting for h in found]), np.array([h.northing for h in found]))
    degrees = {h.uprn: (x, y) for h, x, y in zip(found, longitude.tolist(), latitude.tolist(), strict=True)}
    streets = neighbourhood_ground().streets if found else ()
    before = None
    for row in rows:
        home = homes.get(row["visit"].uprn)
        there = (float(home.easting), float(home.northing)) if home else None
        if home and there and not row["ended"]:
            east, north = degrees[home.uprn]
            row["position"] = f"{north:.5f},{east:.5f}" if math.isfinite(east) else ""
            row["drive"] = Travel().minutes(before, there) if before else None
            row["map"] = way_there(
                there, str(row["number"]), before=before, streets=streets,
                title=gettext("The way to visit %(n)s") % {"n": row["number"]},
                description=gettext("A straight line from the visit before; north is up."),
            )  # fmt: skip
        before = there or before


def _how_late(minutes: int) -> str:
    """``20 minutes late.``, ``3 h 42 min late.``; empty on time."""
    if minutes < 1:
        return ""
    if minutes < 60:
        return ngettext("{n} minute late.", "{n} minutes late.", minutes).format(n=minutes)
    return gettext("{h} h {n} min late.").format(h=minutes // 60, n=minutes % 60)


def _late(waiting: Sequence[Mapping[str, Any]], now: datetime) -> int:
    """Minutes by which the next visit should have begun, from a quarter of an hour; else nought."""
    starts = [row["visit"].planned_start for row in waiting if row["visit"].planned_start]
    late = int((now - min(starts)).total_seconds() // 60) if starts else 0
    return late if late >= LATE_MINUTES else 0


def _planned(line: Mapping[str, Any], catalogue: Mapping[str, Measure]) -> str:
    measure = catalogue.get(line["measure"])
    name = measure.name if measure else str(line["measure"])
    return f"{line['quantity']} × {name}" if line.get("quantity", 1) > 1 else name


def _address(visit: Visit, homes: Mapping[str, Any]) -> str:
    if visit.uprn in homes:
        return str(homes[visit.uprn].address)
    return visit.request.address if visit.request else gettext("Address not known")


def _part(measure: Measure, visit: Visit, form: VisitForm) -> dict[str, Any]:
    planned = next((int(line.get("quantity", 1)) for line in visit.plan if line["measure"] == measure.key), 0)
    return {
        "measure": measure,
        "planned": planned,
        "quantity": form[f"fitted_{measure.key}"].value() or 0,
        "serials": form[f"serial_{measure.key}"].value() or "",
        "is_alarm": measure.kind == MeasureKind.ALARM,
    }


def _thing(number: int, thing: str, form: VisitForm) -> dict[str, Any]:
    return {
        "number": number,
        "label": THINGS[thing],
        "found": form[f"found_{number}"].value() or "",
        "said": form[f"said_{number}"].value() or "",
    }


def _van(crews: Sequence[Crew], visits: Sequence[Visit], catalogue: Mapping[str, Measure]) -> dict[str, Any] | None:
    """Whether the van has what the visits still to come need. None where nothing is planned."""
    needed: dict[int, int] = {}
    names: dict[int, str] = {}
    for visit in visits:
        for line in visit.plan:
            measure = catalogue.get(line["measure"])
            if measure and measure.stock_item_id:
                needed[measure.stock_item_id] = needed.get(measure.stock_item_id, 0) + int(line.get("quantity", 1))
                names[measure.stock_item_id] = measure.name
    if not needed:
        return None
    _, missing = rules.stock_moves(needed, selectors.in_the_van(crews))
    short = ", ".join(f"{count} × {names[item]}" for item, count in missing.items())
    return {"enough": not missing, "short": short}


def _last_end(visits: Sequence[Visit]) -> datetime | None:
    ends = [v.planned_start + timedelta(minutes=v.minutes) for v in visits if v.planned_start]
    return timezone.localtime(max(ends)) if ends else None
