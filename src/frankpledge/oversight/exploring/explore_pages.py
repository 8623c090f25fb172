"""What the explorer's page says: one set of filters, a tab for each view, and the address that holds all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, gettext_noop

from frankpledge.analysis.places import choose_denominator
from frankpledge.analysis.results import Table
from frankpledge.foundation.agencies import policy
from frankpledge.foundation.places import selectors as places
from frankpledge.oversight.exploring import pages, selectors
from frankpledge.oversight.exploring.asked import Allowed, Asked
from frankpledge.oversight.exploring.looks import Look, LookTable, Style, View
from frankpledge.oversight.exploring.selectors import EventPage, Seen
from frankpledge.reports.spreadsheets import Sheet
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.columns import Precision
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.questions import WEEKDAYS, Question
from frankpledge.vocabulary.wording import Phrase, said, whole, word

Query = Mapping[str, Sequence[str]]

VIEWS: dict[View, str] = {
    View.MAP: gettext_noop("Map"),
    View.TREND: gettext_noop("Trend"),
    View.WEEK: gettext_noop("Day by hour"),
    View.REPEATS: gettext_noop("Repeats"),
    View.NEAR: gettext_noop("Near repeats"),
    View.CONCENTRATION: gettext_noop("Concentration"),
    View.COMPARE: gettext_noop("Similar places"),
    View.CHANGE: gettext_noop("Change by area"),
    View.JOURNEY: gettext_noop("Journey of a ward"),
    View.EVENTS: gettext_noop("Events"),
}
STYLES: dict[Style, str] = {
    Style.AREAS: gettext_noop("Small areas"),
    Style.HEXAGONS: gettext_noop("Hexagons"),
    Style.DENSITY: gettext_noop("Density"),
    Style.POINTS: gettext_noop("Points"),
}
ROWS_BESIDE = 8
MOST_ROWS = 400  # of a table on the page; the download has all


def wanted_view(asked: Query) -> tuple[View, Style]:
    """The view and the map's style in the address; what is not known is the map of areas."""
    view, style = asked.get("view", ["map"])[-1], asked.get("style", ["areas"])[-1]
    return (
        View(view) if view in set(View) else View.MAP,
        Style(style) if style in set(Style) else Style.AREAS,
    )


def shows_events(view: View, style: Style) -> bool:
    """Whether this shows events one by one, which asks for more than the picture does and is recorded."""
    return view is View.EVENTS or (view is View.MAP and style is Style.POINTS)


def see(asked: Query, person: Any) -> Seen | None:
    """What the address asks for, of the sources this person may see."""
    view, style = wanted_view(asked)
    question = Question.from_query(asked)
    return selectors.see(
        question, view, style, translate=gettext, language=get_language() or "", allowed=pages.allowed_for(person)
    )


def explore_page(asked: Query, person: Any) -> dict[str, Any]:
    """The page, or the sentence that says why there is nothing to show."""
    view, style = wanted_view(asked)
    held, allowed = policy.permissions_of(person), pages.allowed_for(person)
    page: dict[str, Any] = {
        "heading": gettext("Explore"),
        "view": view.value,
        "may_add": Permission.ADD_EVIDENCE in held,
        "sees_events": Permission.VIEW_EVENTS in held,
    }
    question = Question()
    try:
        question = Question.from_query(asked)
        seen = selectors.see(question, view, style, translate=gettext, language=get_language() or "", allowed=allowed)
    except (DataProblem, CannotCompute) as problem:
        filters = _filters(question, None, allowed)
        return {**page, "problem": said(word(problem.sentence), gettext), "filters": filters, "view": view.value}
    if seen is None:
        return {**page, "empty": True, "has_places": selectors.own_area() is not None}
    found = seen.asked
    page |= {
        "heading": said(found.title, gettext),
        "view_name": gettext(VIEWS[view]),
        "filters": _filters(question, found, allowed),
        "tabs": _tabs(question, view, held),
        "styles": _styles(question, style, held) if view is View.MAP else [],
        "query": urlencode([*_pairs(question, view, style)]),
        "hidden": _pairs(question, view, style),
        "wards": _wards(question, found) if view is View.JOURNEY else [],
    }
    if view is View.EVENTS:
        return {**page, **_events(found, asked)}
    if seen.look is None:
        return {
            **page,
            "refused": said(word(seen.refused), gettext) if seen.refused else "",
            "to_work_out": seen.to_work_out,
            "may_work_out": {Permission.VIEW_EVENTS, Permission.VIEW_JOB} <= held,
        }
    return {**page, **_look(seen, seen.look, held, view, style)}


def _look(seen: Seen, look: Look, held: frozenset[Permission], view: View, style: Style) -> dict[str, Any]:
    first = look.tables[0]
    question = seen.asked.question
    return {
        "lead": said(look.finding, gettext),
        "caption": said(look.caption, gettext),
        "picture": look.picture,
        "live": view is View.MAP and style in (Style.AREAS, Style.HEXAGONS),
        "legend": look.legend,
        "key": [said(words, gettext) for words in look.key],
        "beside": _rows(_narrow(first), ROWS_BESIDE) if first.beside else None,
        "tables": [_rows(table, MOST_ROWS) for table in look.tables],
        "doubts": [
            (gettext(doubt.kind.value).capitalize(), said(word(doubt.sentence), gettext))
            for doubt in (*seen.doubts, *look.doubts)
        ],
        "how": [said(line, gettext) for line in look.how],
        "n": whole(look.n),
        "batches": seen.asked.batches,
        "sees_evidence": Permission.VIEW_EVIDENCE in held,
        "measure": look.measure.value if look.measure and Permission.FILL_FIGURES in held else None,
        "figure_name": f"{said(seen.asked.title, gettext)}: {gettext(look.measure.value)}" if look.measure else "",
        "figures_url": _address("indicators:figures"),
        "profile_url": _profile_url(question, held),
    }  # fmt: skip


def _profile_url(question: Question, held: frozenset[Permission]) -> str:
    """Where a problem profile is drawn from what is on the page, for those who write them."""
    address = _address("assessment:problem_draw") if Permission.WRITE_ASSESSMENT in held else ""
    return f"{address}?{urlencode(question.as_query())}" if address else ""


def _narrow(found: LookTable) -> LookTable:
    """The columns that stand beside the picture."""
    columns = tuple(found.table.columns[i] for i in found.beside)
    rows = tuple(tuple(row[i] for i in found.beside) for row in found.table.rows[:ROWS_BESIDE])
    return LookTable(found.caption, Table(columns, rows), tuple(found.numeric[i] for i in found.beside))


def _rows(found: LookTable, most: int) -> dict[str, Any]:
    table: Table = found.table
    cells = [
        [(_cell(value), numeric) for value, numeric in zip(row, found.numeric, strict=True)]
        for row in table.rows[:most]
    ]
    return {
        "caption": said(found.caption, gettext),
        "columns": [(_heading(name), numeric) for name, numeric in zip(table.columns, found.numeric, strict=True)],
        "rows": cells,
        "more": max(len(table.rows) - most, 0),
        "total": whole(len(table.rows)),
    }


def _heading(name: str) -> str:
    words = gettext(name)
    return words[:1].upper() + words[1:]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,}" if isinstance(value, float) else str(value)


def sheets(asked: Query, person: Any) -> tuple[str, list[Sheet]]:
    """The view's tables as a file's name and sheets with their notes. DataProblem, CannotCompute: nothing to give."""
    view, style = wanted_view(asked)
    seen = see(asked, person)
    if seen is None or seen.look is None:
        raise CannotCompute(seen.refused if seen and seen.refused else "There is nothing to download.")
    look = seen.look
    notes = [
        said(seen.asked.title, gettext), said(look.finding, gettext), said(look.caption, gettext),
        *(said(line, gettext) for line in look.how), *(str(doubt.sentence) for doubt in (*seen.doubts, *look.doubts)),
        gettext("Batches: %(batches)s.") % {"batches": ", ".join(seen.asked.batches)},
    ]  # fmt: skip
    made = [
        Sheet(said(table.caption, gettext), tuple(gettext(name) for name in table.table.columns), table.table.rows,
              tuple(notes) if place == 0 else ())
        for place, table in enumerate(look.tables)
    ]  # fmt: skip
    shown = f"{view.value}-{style.value}" if view is View.MAP else view.value
    return f"{shown}-{seen.asked.area.code}-{seen.asked.period.last}", made


# --- filters, tabs and addresses


def _pairs(question: Question, view: View, style: Style) -> list[tuple[str, str]]:
    pairs = [*question.as_query(), ("view", view.value)]
    return [*pairs, ("style", style.value)] if view is View.MAP and style is not Style.AREAS else pairs


def address_of(question: Question, view: View = View.MAP, style: Style = Style.AREAS) -> str:
    """The address that shows this view of the question: all of the page's state is in it."""
    return f"{reverse('exploring:explore')}?{urlencode(_pairs(question, view, style))}"


def _tabs(question: Question, here: View, held: frozenset[Permission]) -> list[tuple[str, str, bool]]:
    return [
        (gettext(name), address_of(question, view), view is here)
        for view, name in VIEWS.items()
        if view is not View.EVENTS or Permission.VIEW_EVENTS in held
    ]


def _styles(question: Question, here: Style, held: frozenset[Permission]) -> list[tuple[str, str, bool]]:
    return [
        (gettext(name), address_of(question, View.MAP, style), style is here)
        for style, name in STYLES.items()
        if style is not Style.POINTS or Permission.VIEW_EVENTS in held
    ]


def _wards(question: Question, found: Asked) -> list[tuple[str, str]]:
    """Every ward of the district, to follow another one."""
    mine = {found.geography.parents[code].get(AreaLevel.DISTRICT) for code in found.small_areas}
    codes = {
        above[AreaLevel.WARD]
        for above in found.geography.parents.values()
        if AreaLevel.WARD in above and above.get(AreaLevel.DISTRICT) in mine
    }
    wards = sorted((found.geography.areas[code] for code in codes if code in found.geography.areas),
                   key=lambda area: area.name)  # fmt: skip
    return [(area.name, address_of(replace(question, area=area.code), View.JOURNEY)) for area in wards]


def _filters(question: Question, found: Asked | None, allowed: Allowed) -> dict[str, Any]:
    """The one set of filters, with what is chosen."""
    present = selectors.sources(allowed)
    source = found.source.source if found else (present[0].source if present else "")
    months = list(found.span) if found else []
    labels = [(str(month), date_format(month.first_day, "M Y")) for month in months]
    editions = _editions(found)
    chosen = set(question.crime_types)
    types = [(kind.value, gettext(kind.label), kind in chosen) for kind in selectors.types_in(source)] if source else []
    words = selectors.words_in(found) if found else []
    known = {name for name, _ in words}
    words += [(name, 0) for name in question.publisher_types if name not in known]
    selects = [
        pages.choice("area", gettext("Area"), found.area.code if found else "", _area_groups(found)),
        pages.choice("from", gettext("From"), str(found.period.first) if found else "", [("", labels)],
                     implied=str(found.span.first) if found else ""),
        pages.choice("to", gettext("To"), str(found.period.last) if found else "", [("", labels)],
                     implied=str(found.span.last) if found else ""),
        pages.choice("source", gettext("Source"), source,
                     [("", [(item.source, gettext(item.label)) for item in present])],
                     implied="" if question.source else source),
        pages.choice("edition", gettext("Rate per"), question.edition or (editions[0][0] if editions else ""),
                     [("", editions)], implied="" if question.edition else (editions[0][0] if editions else "")),
    ]  # fmt: skip
    hours = [(str(hour), f"{hour:02d}:00") for hour in range(24)]
    start, end = _hour_ends(question.hours)
    return {
        "selects": [item for item in selects if item["groups"]],
        "types": types,
        "types_chosen": _chosen_words([label for _, label, picked in types if picked], gettext("all")),
        "words": [(name, whole(n) if n else "", name in question.publisher_types) for name, n in words],
        "words_chosen": _chosen_words(list(question.publisher_types), gettext("all")),
        "days": [(number, gettext(name), number in question.weekdays) for number, name in enumerate(WEEKDAYS)],
        "hours_from": [(value, label, value == start) for value, label in hours],
        "hours_to": [(value, label, value == end) for value, label in hours],
        "times_chosen": _times_words(question, start, end),
        "open": bool(question.publisher_types or question.needs_days),
    }


def _editions(found: Asked | None) -> list[tuple[str, str]]:
    """Counts of homes or people a rate may be per, the one in use first."""
    if found is None:
        return []
    held = [item.edition for item in found.geography.denominators.values() if item.edition.unit is found.unit]
    best = choose_denominator(found.geography, found.unit, list(found.small_areas), None)
    first = best[0].edition.key if best else ""
    ordered = sorted(held, key=lambda edition: (edition.key != first, edition.label))
    return [(edition.key, f"{gettext(edition.unit.value)}, {gettext(edition.label)}") for edition in ordered]


def _area_groups(found: Asked | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every district, partnership and force; of the areas inside districts those of the district shown."""
    near: frozenset[str] = selectors.near(found) if found else frozenset()
    welsh = get_language() == "cy"
    return [
        (
            gettext(pages.LEVELS[level]),
            [
                (area.code, (area.welsh_name if welsh else None) or area.name)
                for area in areas
                if level not in pages.INSIDE_DISTRICTS or area.code in near
            ],
        )
        for level, areas in places.area_choices().items()
    ]


def _chosen_words(chosen: list[str], everything: str) -> str:
    if not chosen:
        return everything
    return chosen[0] if len(chosen) == 1 else gettext("%(count)s chosen") % {"count": len(chosen)}


def _times_words(question: Question, start: str, end: str) -> str:
    days = ", ".join(gettext(WEEKDAYS[day])[:3] for day in question.weekdays)
    hours = f"{int(start):02d}:00–{int(end):02d}:00" if start else ""
    return ", ".join(part for part in (days, hours) if part) or gettext("any")


def _hour_ends(hours: tuple[int, ...]) -> tuple[str, str]:
    """The first hour and the one that no longer counts, of an unbroken run round the clock; empty for none."""
    if not hours:
        return "", ""
    held = set(hours)
    start = next((hour for hour in hours if (hour - 1) % 24 not in held), hours[0])
    end = start
    while end % 24 in held:
        end += 1
    return str(start), str(end % 24)


# --- events one by one


def _events(found: Asked, asked: Query) -> dict[str, Any]:
    number = asked.get("page", ["1"])[-1]
    shown = selectors.events_page(found, int(number) if number.isascii() and number.isdigit() else 1)
    lead = Phrase("{count} {what} in {area}, {period}.", count=whole(shown.total), what=found.what,
                  area=found.area.name, period=found.period)  # fmt: skip
    return {
        "lead": said(lead, gettext),
        "events": [_event(row, found) for row in shown.rows],
        "shown": shown,
        "places": _neighbouring(shown),
    }


def _event(row: Mapping[str, Any], found: Asked) -> dict[str, str]:
    area = found.geography.areas.get(row["small_area"] or "")
    return {
        "when": _when(row),
        "type": gettext(_label(row["crime_type"])),
        "words": row["publisher_type"] or "",
        "area": area.name if area else row["small_area"] or "",
        "outcome": row["outcome"] or "",
        "reference": row["reference"] or "",
        "batch": row["batch"],
        "line": str(row["line"]),
    }


def _label(value: str) -> str:
    return CrimeType(value).label


def _when(row: Mapping[str, Any]) -> str:
    """As exactly as it is known: a month, a day, or the moments between which it happened."""
    if row["precision"] == Precision.MONTH.value or row["occurred_from"] is None:
        return said(Month.of(row["month"]), gettext)
    first = localtime(row["occurred_from"])
    if row["precision"] == Precision.DAY.value:
        return date_format(first, "j F Y")
    last = localtime(row["occurred_to"]) if row["occurred_to"] else first
    if last <= first:
        return date_format(first, "j F Y, H:i")
    same = first.date() == last.date()
    return f"{date_format(first, 'j F Y, H:i')} – {date_format(last, 'H:i' if same else 'j F Y, H:i')}"


def _neighbouring(shown: EventPage) -> dict[str, int]:
    """Numbers of the page before and after, where there are any."""
    around = {"before": shown.page - 1, "after": shown.page + 1 if shown.page < shown.pages else 0}
    return {name: number for name, number in around.items() if number}


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
