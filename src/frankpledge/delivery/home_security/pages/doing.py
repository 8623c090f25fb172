"""What the page of today, the day sheets and the times for a home show."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext

from frankpledge.analysis.day_routes import Opening, Route, clock, openings
from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import Cocoon, HomeRequest, Shift, Visit
from frankpledge.delivery.home_security.pages.also import also_waiting
from frankpledge.delivery.home_security.pages.asking import area_names
from frankpledge.delivery.home_security.pages.covered import coverage_part, forecast_part, waiting_part
from frankpledge.delivery.home_security.pages.suppliers import usual
from frankpledge.delivery.home_security.rules import asking as asking_rules
from frankpledge.delivery.home_security.rules import doing as rules
from frankpledge.delivery.home_security.selectors import asking, choosing, stock, suppliers
from frankpledge.delivery.home_security.selectors import doing as selectors
from frankpledge.delivery.home_security.selectors.doing import Day
from frankpledge.delivery.home_security.services import doing as services
from frankpledge.delivery.home_security.vocabulary import OfferPart, OfferState, RequestState, VisitState
from frankpledge.foundation.places import selectors as places
from frankpledge.reports.day_charts import Box, CrewLine, Mark, Spot, crew_line, hours, route_map
from frankpledge.ui.wording import spelled

LATE_MINUTES = 15
WORDS_OF = {
    VisitState.PLANNED: Mark.TO_GO,
    VisitState.UNDER_WAY: Mark.NOW,
    VisitState.DONE: Mark.DONE,
    VisitState.NO_ANSWER: Mark.FAILED,
    VisitState.NOT_FINISHED: Mark.FAILED,
}


def today_page(person: Any, now: datetime, day: date | None = None) -> dict[str, Any]:
    """What needs a decision, where crews are, what is covered, who is next. A fixed number of queries."""
    today = now.astimezone(rules.LONDON).date()
    state = selectors.the_day(day or today, now)
    may_edit = permissions.can_edit(person)
    routes = {shift.crew_id: state.route_of(shift.crew_id) for shift in state.shifts}
    decides = may_edit and state.day == today  # what the buttons do, they do today
    tasks = [*_cocoon_tasks(today, state), *_failed_tasks(state, routes, now), *_stock_tasks(today)] if decides else []
    return {
        "day": state.day,
        "is_today": state.day == today,
        "now": now,
        "lead": _lead(state, tasks, decides),
        "tasks": [task | {"number": number} for number, task in enumerate(tasks, 1)],
        "also": also_waiting(now) if state.day == today else [],
        "may_edit": may_edit,
        "may_plan": may_edit and bool(state.shifts) and any(v.state == VisitState.PLANNED for v in state.visits),
        "has_day": bool(state.visits or state.shifts),
        "nothing": _nothing(state, today) if not (state.visits or state.shifts) else None,
        "map": _map(state) if state.places else "",
        "crews": [_crew(state, shift, routes, now) for shift in state.shifts],
        "hours": hours(*_span(state, routes), _minute(state, now)) if state.shifts else "",
        "finding": _finding(state, routes),
        "homeless": [v for v in state.visits if v.crew_id is None and v.state == VisitState.PLANNED],
        "rows": _rows(state),
        "coverage": coverage_part(),
        "forecast": forecast_part(today),
        "waiting": waiting_part(today),
        "yesterday": state.day - timedelta(days=1),
        "tomorrow": rules.working_days(state.day + timedelta(days=1), 1)[0],
    }


def _lead(state: Day, tasks: Sequence[Any], may_edit: bool) -> str:
    if state.visits:
        words = gettext("Of {all} visits booked, {said}.").format(all=len(state.visits), said=_how_far(state))
    else:
        words = gettext("No visit is booked for this day.")
    if not may_edit:
        return words
    if not tasks:
        return gettext("Nothing needs a decision. ") + words
    need = ngettext("{n} thing needs you. ", "{n} things need you. ", len(tasks))
    return need.format(n=spelled(len(tasks)).capitalize()) + words


def _how_far(state: Day) -> str:
    """``9 are done, 4 are under way, 14 are to come and 1 failed``, without what no visit is."""
    counts = {one: sum(visit.state == one for visit in state.visits) for one in VisitState}
    done, now, left = counts[VisitState.DONE], counts[VisitState.UNDER_WAY], counts[VisitState.PLANNED]
    failed = counts[VisitState.NO_ANSWER] + counts[VisitState.NOT_FINISHED]
    said = [
        words.format(n=n)
        for n, words in (
            (done, ngettext("{n} is done", "{n} are done", done)),
            (now, ngettext("{n} is under way", "{n} are under way", now)),
            (left, ngettext("{n} is to come", "{n} are to come", left)),
            (failed, ngettext("{n} failed", "{n} failed", failed)),
        )
        if n
    ]
    if len(said) < 2:
        return "".join(said) or gettext("none is left")
    return gettext("{first} and {last}").format(first=", ".join(said[:-1]), last=said[-1])


def _nothing(state: Day, today: date) -> dict[str, Any]:
    """Why a day is empty, and what to do next: nobody works on a weekend, no shift is set yet, or no crew is there."""
    crews = reverse("home_security:crews")
    if not selectors.crews().exists():
        return {
            "title": gettext("No crew is set up yet"),
            "text": gettext("Requests are taken already. Set up the first crew, put it to work, then book homes."),
            "words": gettext("Set up a crew"),
            "url": reverse("home_security:add_crew"),
        }
    following = selectors.next_working_day(max(state.day, today))
    if state.day.weekday() >= 5 and following is not None:
        return {
            "title": gettext("Nobody works on this day"),
            "text": gettext("The next day with crews at work is {day}.").format(
                day=formats.date_format(following, "l j F")
            ),
            "words": gettext("Go to {day}").format(day=formats.date_format(following, "l j F")),
            "url": f"{reverse('home_security:today')}?day={following.isoformat()}",
        }
    return {
        "title": gettext("Nothing is planned for this day"),
        "text": gettext("Put crews to work and book homes from the list; then their routes are planned here."),
        "words": gettext("Crews and shifts"),
        "url": crews,
    }


# -- what needs a decision --------------------------------------------------------------------------------------------


def _cocoon_tasks(today: date, state: Day) -> list[dict[str, Any]]:
    return [_cocoon_task(one, state) for one in asking.live_cocoons(today) if one.approved_at is None][:2]


def _cocoon_task(one: Cocoon, state: Day) -> dict[str, Any]:
    offers = sorted(one.offers.all(), key=lambda offer: offer.doors)
    homes = places.premises_of([offer.uprn for offer in offers])
    place = _cocoon_opening(one, state)
    send = sum(offer.state == OfferState.TO_OFFER for offer in offers)
    new = sum(offer.state == OfferState.TO_OFFER and offer.part != OfferPart.VICTIM for offer in offers)
    words = {
        OfferState.HAS_IT: gettext("has kit"),
        OfferState.REFUSED: gettext("said no"),
        OfferState.TO_OFFER: gettext("offer"),
    }
    return {
        "kind": "cocoon",
        "label": gettext("Cocoon to approve"),
        "urgency": gettext("Raised risk until {day}").format(day=formats.date_format(one.alive_until, "j F")),
        "title": ngettext(
            "Burglary on {street}: an offer to {n} home is ready",
            "Burglary on {street}: offers to {n} homes are ready",
            new,
        ).format(street=one.street or one.area_name, n=new),
        "doors": [
            {
                "number": _door(homes[offer.uprn].address) if offer.uprn in homes else "?",
                "word": gettext("visit")
                if offer.part == OfferPart.VICTIM
                else words.get(OfferState(offer.state), str(offer.state)),
                "kind": "victim" if offer.part == OfferPart.VICTIM else OfferState(offer.state).name.lower(),
            }
            for offer in offers
        ],
        "text": one.why,
        "url": reverse("home_security:answer_cocoon", args=[one.pk]),
        "button": _cocoon_button(place, send),
        "change": reverse("home_security:cocoon", args=[one.pk]),
        "change_words": gettext("Change"),
    }


def _door(address: str) -> str:
    """What stands on the door: ``39``, or ``Flat 6``."""
    parts = address.replace(",", " ").split()
    return " ".join(parts[:2]) if parts and parts[0].lower() == "flat" else (parts[0] if parts else "?")


def _cocoon_opening(one: Cocoon, state: Day) -> Opening | None:
    stop = services.new_stop(one.uprn, state) if one.uprn else None
    routes = [route for route in services.all_routes(state) if route is not None]
    found = openings(stop, routes, store=state.store, most=1) if stop else ()
    return found[0] if found else None


def _cocoon_button(place: Opening | None, send: int) -> str:
    if place is None:
        return ngettext("Approve: send {n} letter", "Approve: send {n} letters", send).format(n=send)
    return gettext("Approve: visit {time} by crew {crew}, send {n} letters").format(
        time=clock(place.starts), crew=place.crew, n=send
    )


def _failed_tasks(state: Day, routes: dict[int, Route | None], now: datetime) -> list[dict[str, Any]]:
    again = {visit.uprn for visit in state.visits if visit.state in rules.OPEN_STATES}
    failed = [v for v in state.visits if WORDS_OF[VisitState(v.state)] is Mark.FAILED and v.uprn not in again]
    return [_failed_task(visit, state, routes, now) for visit in failed[:3]]


def _failed_task(visit: Visit, state: Day, routes: dict[int, Route | None], now: datetime) -> dict[str, Any]:
    stop = services.again_stop(visit, state)
    known = [route for route in routes.values() if route is not None]
    found = openings(stop, known, store=state.store, most=1) if stop else ()
    crews = {shift.crew.name: shift.crew_id for shift in state.shifts}
    request = visit.request
    place = found[0] if found and state.day == now.astimezone(rules.LONDON).date() else None
    street = asking_rules.street_of(request.address).title() if request else ""
    task: dict[str, Any] = {
        "kind": "failed",
        "label": gettext("Failed visit"),
        "urgency": gettext("No answer") if visit.state == VisitState.NO_ANSWER else gettext("Not finished"),
        "title": gettext("No answer at {street}").format(street=street or visit.uprn)
        if visit.state == VisitState.NO_ANSWER
        else gettext("Not finished at {street}").format(street=street or visit.uprn),
        "pairs": [
            (gettext("Who"), request.name if request and request.name else gettext("name not known")),
            (
                gettext("Tried"),
                gettext("{time}, crew {crew}").format(
                    time=clock(rules.local_minute(visit.finished_at)) if visit.finished_at else "?",
                    crew=visit.crew.name if visit.crew else "?",
                ),
            ),
        ],
        "url": reverse("home_security:visit_again", args=[visit.pk]),
        "button": "",
    }
    if visit.note:
        task["pairs"].append((gettext("Note"), visit.note))
    if request is not None and request.is_live and request.uprn:
        task["change"] = reverse("home_security:times", args=[request.reference])
        task["change_words"] = gettext("Other times")
    if place is None:
        task["pairs"].append((gettext("Today"), gettext("no crew has room: it stays on the list and moves up")))
    else:
        more = max(place.more_minutes, 0)
        words = ngettext(
            "today {time}, crew {crew}: {minutes} minute more driving, nobody else moves outside their time",
            "today {time}, crew {crew}: {minutes} minutes more driving, nobody else moves outside their time",
            more,
        )
        task["pairs"].append(
            (
                gettext("Best time"),
                words.format(time=clock(place.starts), crew=place.crew, minutes=more),
            )
        )
        task["button"] = gettext("Visit again at {time}").format(time=clock(place.starts))
        task["crew"] = crews[place.crew]
    return task


def _stock_tasks(today: date) -> list[dict[str, Any]]:
    """The item that runs out first; the others are on the page of stock."""
    lines = [line for line in stock.lines(today, stock.places()) if line.outlook.is_short(today)]
    return [_stock_task(line, today) for line in lines[:1]]


def _stock_task(line: stock.ItemLine, today: date) -> dict[str, Any]:
    look = line.outlook
    assert look.runs_out_on and look.order_by
    pairs = [
        (gettext("Left"), gettext("{n} in the store and the vans").format(n=look.held)),
        (gettext("Booked"), gettext("{n} for visits to come").format(n=look.booked)),
        (gettext("Cost"), f"£{look.suggested * line.item.price:,.2f}"),
        (
            gettext("Delivery"),
            gettext("{n} working days: ordered today they come on {day}").format(
                n=line.item.lead_days, day=formats.date_format(look.comes_on, "l j F")
            ),
        ),
    ]
    if look.visits_without:
        words = ngettext(
            "{n} visit would go without until then", "{n} visits would go without until then", look.visits_without
        )
        pairs.append((gettext("Short"), words.format(n=look.visits_without)))
    return {
        "kind": "stock",
        "label": gettext("Stock"),
        "urgency": gettext("Order today"),
        "title": gettext("{item} runs out on {day}").format(
            item=line.item.name, day=formats.date_format(look.runs_out_on, "j F")
        ),
        "pairs": pairs,
        "url": reverse("home_security:order_stock", args=[line.item.pk]),
        "count": look.suggested,
        "supplier": usual(line.item, suppliers.approved_on(today)),
        "button": gettext("Order {n}").format(n=look.suggested),
        "change": reverse("home_security:order_stock", args=[line.item.pk]) + f"?count={look.suggested}",
        "change_words": gettext("Change"),
    }


# -- the map and the lines of hours -----------------------------------------------------------------------------------


def _label(visit: Visit) -> str:
    return f"{visit.crew.name if visit.crew else '?'}{visit.order or ''}"


def _spoken(visit: Visit) -> str:
    when = f" {clock(rules.local_minute(visit.planned_start))}" if visit.planned_start else ""
    return f"{_label(visit)}{when}: {visit.state}"


def _map(state: Day) -> str:
    looks = {shift.crew_id: number for number, shift in enumerate(state.shifts)}
    lines = [
        CrewLine(
            shift.crew.name,
            looks[shift.crew_id],
            tuple(
                Spot(state.places[v.pk], _label(v), WORDS_OF[VisitState(v.state)], _spoken(v))
                for v in state.of_crew(shift.crew_id)
                if v.pk in state.places
            ),
        )
        for shift in state.shifts
    ]
    alarms = [
        ((one.easting, one.northing), one.street or one.area_name)
        for one in asking.live_cocoons(state.day)
        if one.easting is not None and one.northing is not None and one.approved_at is None
    ]
    ground = places.neighbourhood_ground()
    return route_map(
        lines,
        state.store,
        areas=ground.outlines,
        streets=ground.streets,
        prefix="routes",
        title=gettext("Routes of {n} crews").format(n=len(lines)),
        description=gettext("Each crew has a colour, a dash and a letter. The table below says the same."),
        alarms=alarms,
        store_name=gettext("Store"),
    )


def _span(state: Day, routes: Mapping[int, Route | None]) -> tuple[int, int]:
    """First and last minute of the day's lines: the shifts, and as long as a late crew needs."""
    first = min(rules.minute_of(shift.starts) for shift in state.shifts) - 15
    last = max(rules.minute_of(shift.ends) for shift in state.shifts) + 30
    back = [route.back_at + 10 for route in routes.values() if route is not None]
    return first, min(max(last, *back), 24 * 60) if back else last


def _minute(state: Day, now: datetime) -> int | None:
    return rules.local_minute(now) if now.astimezone(rules.LONDON).date() == state.day else None


def _late_words(minutes: int) -> str:
    if minutes < 60:
        return gettext("{n} min late").format(n=minutes)
    return gettext("{h} h {n} min late").format(h=minutes // 60, n=minutes % 60)


def _crew(state: Day, shift: Shift, routes: Mapping[int, Route | None], now: datetime) -> dict[str, Any]:
    route, own = routes[shift.crew_id], state.of_crew(shift.crew_id)
    look = [one.crew_id for one in state.shifts].index(shift.crew_id)
    done = sum(visit.state == VisitState.DONE for visit in own)
    failed = sum(WORDS_OF[VisitState(visit.state)] is Mark.FAILED for visit in own)
    late = _late(state, route)
    first, last = _span(state, routes)
    pause = (
        (route.break_at, route.break_at + route.crew.break_minutes) if route and route.break_at is not None else None
    )
    quiet = rules.quiet_since(shift.last_heard_at, now, state.day, shift.ends)
    if quiet is not None:
        standing = ("unknown", gettext("No signal since {time}").format(time=clock(quiet)))
    elif late >= LATE_MINUTES:
        standing = ("warning", _late_words(late))
    elif failed:
        standing = ("bad", ngettext("{n} failed", "{n} failed", failed).format(n=failed))
    elif own:
        standing = ("good", gettext("on time"))
    else:
        standing = ("unknown", gettext("no visit"))
    return {
        "crew": shift.crew,
        "shift": shift,
        "look": look,
        "standing": standing,
        "words": _crew_words(done, len(own), shift, quiet is not None),
        "back": clock(route.back_at) if route and quiet is None else "",
        "line": crew_line(
            _boxes(own, route, state),
            look=look,
            first=first,
            last=last,
            prefix=f"crew-{shift.crew_id}",
            title=gettext("Crew {name}: {done} of {all} visits done").format(
                name=shift.crew.name, done=done, all=len(own)
            ),
            description=gettext("Visits along the hours of the day; the table below says the same."),
            break_at=pause,
            now=_minute(state, now),
        ),
    }


def _crew_words(done: int, booked: int, shift: Shift, is_quiet: bool) -> str:
    if is_quiet:
        words = gettext("{done} of {all} done when last heard. Nothing is lost: it waits on the phone. {names}.")
    else:
        words = gettext("{done} of {all} done. {names}.")
    return words.format(done=done, all=booked, names=", ".join(shift.names))


def _late(state: Day, route: Route | None) -> int:
    """Minutes by which the next visits begin after the last moment promised, at worst."""
    legs = route.legs if route else ()
    return max((leg.starts - leg.stop.latest for leg in legs), default=0)


def _boxes(own: Sequence[Visit], route: Route | None, state: Day) -> list[Box]:
    coming = {leg.stop.key: leg for leg in route.legs} if route else {}
    found = []
    for visit in own:
        leg = coming.get(str(visit.pk))
        start = visit.started_at or visit.planned_start
        if leg is not None:
            begins, ends = leg.starts, leg.ends
        elif start is not None:
            begins = rules.local_minute(start)
            ends = rules.local_minute(visit.finished_at) if visit.finished_at else begins + visit.minutes
        else:
            continue
        found.append(
            Box(begins, max(ends, begins + 5), _label(visit), WORDS_OF[VisitState(visit.state)], _spoken(visit))
        )
    return found


def _finding(state: Day, routes: dict[int, Route | None]) -> str:
    known = [route for route in routes.values() if route is not None]
    late = sum(_late(state, route) >= LATE_MINUTES for route in known)
    last = max((route.back_at for route in known), default=None)
    if last is None:
        return gettext("No crew works on this day")
    if late:
        return ngettext(
            "{n} crew is late; the last is back at {time}", "{n} crews are late; the last is back at {time}", late
        ).format(n=late, time=clock(last))
    return gettext("Everybody is on plan; the last crew is back at {time}").format(time=clock(last))


def _rows(state: Day) -> list[dict[str, Any]]:
    names = area_names()
    return [
        {
            "visit": visit,
            "label": _label(visit),
            "address": visit.request.address if visit.request else visit.uprn,
            "area": names.get(visit.request.neighbourhood, "") if visit.request else "",
            "when": clock(rules.local_minute(visit.planned_start)) if visit.planned_start else "",
            "first": selectors.comes_first(visit),
        }
        for visit in state.visits
    ]


# -- day sheets and times ---------------------------------------------------------------------------------------------


def sheets_page(now: datetime, day: date) -> dict[str, Any]:
    """One sheet for each crew: its visits in order, what to take, whom to ask for. Made to be printed."""
    state = selectors.the_day(day, now)
    items = {key: fitting.item for key, fitting in selectors.fittings().items()}
    return {"day": day, "sheets": [_sheet(state, shift, items) for shift in state.shifts]}


def _sheet(state: Day, shift: Shift, items: dict[str, str]) -> dict[str, Any]:
    needs: dict[str, int] = {}
    for visit in state.open_of(shift.crew_id):
        for key, count in (state.stops[visit.pk].needs or {}).items():
            needs[key] = needs.get(key, 0) + count
    names = {one.key: one.name for one in stock.items()}
    return {
        "shift": shift,
        "crew": shift.crew,
        "visits": [
            {
                "visit": visit,
                "label": _label(visit),
                "request": visit.request,
                "when": clock(rules.local_minute(visit.planned_start)) if visit.planned_start else "",
                "plan": [
                    (names.get(items.get(str(p["measure"]), ""), str(p["measure"])), p.get("quantity", 1))
                    for p in visit.plan
                ],
            }
            for visit in state.of_crew(shift.crew_id)
        ],
        "take": [(names.get(key, key), count) for key, count in sorted(needs.items())],
    }


def times_page(request: HomeRequest, now: datetime) -> dict[str, Any]:
    """Times that could be offered to one home, each with the crew that can keep it."""
    crews = {crew.name: crew.pk for crew in selectors.crews()}
    return {
        "request": request,
        "open": choosing.unanswered_of([request.pk]).get(request.pk),
        "may_offer": request.consent_contact and request.state != RequestState.BOOKED,
        "times": [
            {
                "day": day,
                "clock": clock(place.starts),
                "crew": place.crew,
                "minutes": max(place.more_minutes, 0),
                "value": f"{day.isoformat()} {crews[place.crew]} {place.starts}",
            }
            for day, place in services.times_for(request, now=now)
        ],
    }


def crews_page(person: Any, today: date) -> dict[str, Any]:
    """Who works in the next two weeks, who is away, who stands in."""
    days = rules.working_days(today, 10)
    found: dict[tuple[int, date], Shift] = {
        (shift.crew_id, shift.day): shift for shift in selectors.shifts_between(days[0], days[-1])
    }
    crews = list(selectors.crews())
    return {
        "days": days,
        "rows": [{"crew": crew, "shifts": [found.get((crew.pk, day)) for day in days]} for crew in crews],
        "absences": selectors.absences(today),
        "members": selectors.members(),
        "may_edit": permissions.can_edit(person),
        "lead": _crews_lead(found, days),
    }


def _crews_lead(found: dict[tuple[int, date], Shift], days: Sequence[date]) -> str:
    thin = [day for day in days if not any(on == day for _, on in found)]
    cover = sum(bool(shift.note) for shift in found.values())
    words = gettext("{n} shifts are set for the next ten working days").format(n=len(found))
    words += gettext("; a supervisor stands in on {n}.").format(n=cover) if cover else "."
    if thin:
        words += " " + gettext("On {day} nobody works yet.").format(day=formats.date_format(thin[0], "l j F"))
    return words


def now_here() -> datetime:
    """The moment, on the wall's clock."""
    return timezone.now().astimezone(rules.LONDON)
