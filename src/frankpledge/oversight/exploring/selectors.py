"""What the explorer's pages show: the picture of an area, a view of a question, and the answer to one.

Results are kept in the process until the evidence or the places change. Number of queries: a few to look whether they
changed and, for a new result, a fixed number more, however many batches there are.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from frankpledge.analysis.picture import area_picture
from frankpledge.analysis.picture_results import AreaPicture
from frankpledge.evidence import queries
from frankpledge.evidence.queries import Selection
from frankpledge.foundation.jobs import selectors as jobs
from frankpledge.foundation.places import selectors as places
from frankpledge.oversight.exploring import asked, event_looks, looks
from frankpledge.oversight.exploring.answers import answer_to, near_answer
from frankpledge.oversight.exploring.asked import Allowed, Asked, evidence_and_places, own_area, sources, types_in
from frankpledge.oversight.exploring.event_looks import can_be_near, days_left_out, near_repeats
from frankpledge.oversight.exploring.filters import PictureQuery
from frankpledge.oversight.exploring.kept import KeptResults
from frankpledge.oversight.exploring.looks import Look, Style, View
from frankpledge.records.incidents import selectors as incidents
from frankpledge.vocabulary.areas import AreaLevel, DenominatorEdition, DenominatorUnit
from frankpledge.vocabulary.doubts import Doubt
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.geography import Geography
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.questions import MOST_PUBLISHER_TYPES, Answer, Measure, Question
from frankpledge.vocabulary.wording import Phrase, Translate, word

__all__ = [
    "answer", "areas_inside_district_of", "events_page", "forget", "near_arguments", "own_area", "picture_for", "see",
    "sources", "types_in", "words_in",
]  # fmt: skip

PICTURES_KEPT = 64
LOOKS_KEPT = 128
EVENTS_A_PAGE = 50
NEAR_JOB = "work out near repeats"


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture with what the page needs beside it."""

    picture: AreaPicture
    geography: Geography
    source: str
    span: MonthSpan  # all months at hand for the place, to choose from
    editions: tuple[DenominatorEdition, ...]  # of the unit this type is counted per


@dataclass(frozen=True)
class Seen:
    """A look with what the page needs beside it. ``refused`` says in one sentence why there is no look."""

    asked: Asked
    look: Look | None = None
    refused: str = ""
    to_work_out: int = 0  # events that a job would work the view out from; 0 where none is needed
    doubts: tuple[Doubt, ...] = ()


_seen: KeptResults[Seen] = KeptResults(LOOKS_KEPT, evidence_and_places)
_pictures: KeptResults[ShownPicture] = KeptResults(PICTURES_KEPT, evidence_and_places)


def forget() -> None:
    """Forget what is kept, as a new process would."""
    _pictures.clear()
    _seen.clear()
    asked.forget()


def picture_for(query: PictureQuery, allowed: Allowed = None) -> ShownPicture | None:
    """The picture asked for, of ``allowed`` sources; None while there is nothing to make one of (no events, no areas).

    Raises DataProblem for an area, source or edition that is not here, CannotCompute where the period holds no data.
    """
    own, present = own_area(), sources(allowed)
    if own is None or not present:
        return None
    seen = tuple(found.source for found in present)
    return _pictures.get((query, own.code, seen), lambda: _picture(query, allowed))


def answer(question: Question, measure: Measure, allowed: Allowed = None) -> Answer:
    """The question's ``measure`` as one number with what it rests on. A fixed number of queries.

    Raises CannotCompute, with the reason, where the data cannot bear it or nothing is here yet; DataProblem for an area
    or source that is not here.
    """
    return answer_to(ask(question, allowed), measure)


def ask(question: Question, allowed: Allowed = None) -> Asked:
    """The question put to what is here. Raises CannotCompute while nothing is, and as ``answer`` does."""
    found = asked.resolve(question, allowed)
    if found is None:
        raise CannotCompute("There is nothing to work it out from yet: no events, or no areas.")
    return found


def answer_of(found: Asked, measure: Measure) -> Answer:
    """The answer as the page showed it: near repeats come from the finished job, for a web process compiles nothing.

    Raises CannotCompute where that job has not been done.
    """
    if measure is not Measure.NEAR_REPEAT_SHARE:
        return answer_to(found, measure)
    days_left_out(found)
    can_be_near(found)
    done = jobs.newest_result(NEAR_JOB, near_arguments(found))
    if done is None:
        raise CannotCompute("Near repeats have not been worked out for this question yet.")
    return near_answer(found, done["near"], done["n"], done["chains_method"])


def check_near(found: Asked) -> None:
    """Raises CannotCompute, with the reason, where near repeats cannot be worked out."""
    days_left_out(found)
    can_be_near(found)


def see(
    question: Question,
    view: View,
    style: Style,
    *,
    translate: Translate,
    language: str,
    allowed: Allowed = None,
) -> Seen | None:
    """One view of the question; None while nothing is here. Kept until evidence or places change.

    Raises DataProblem for an area, source or edition that is not here, CannotCompute where the period holds nothing.
    """
    found = asked.resolve(question, allowed)
    if found is None:
        return None
    if view is View.NEAR:
        return _see_near(found, translate)
    key = (found.question, found.area.code, found.source.source, view, style, language)
    return _seen.get(key, lambda: _see(found, view, style, translate))


def _see(found: Asked, view: View, style: Style, translate: Translate) -> Seen:
    try:
        doubts = days_left_out(found)
        if view is View.EVENTS:
            return Seen(found, doubts=doubts)
        draw = _MAPS[style] if view is View.MAP else _LOOKS[view]
        return Seen(found, draw(found, translate), doubts=doubts)
    except CannotCompute as problem:
        return Seen(found, refused=problem.sentence)


def _see_near(found: Asked, translate: Translate) -> Seen:
    """What the newest finished job of this question on this evidence found; else how many events it would take."""
    try:
        doubts = days_left_out(found)
        events = can_be_near(found)
    except CannotCompute as problem:
        return Seen(found, refused=problem.sentence)
    done = jobs.newest_result(NEAR_JOB, near_arguments(found))
    if done is None:
        return Seen(found, to_work_out=events)
    return Seen(found, near_repeats(found, done, translate), doubts=doubts)


def near_arguments(found: Asked) -> dict[str, Any]:
    """The arguments of the job that works near repeats out: the same exactly while question and evidence are."""
    said = replace(found.question, area=found.area.code, source=found.source.source, first=found.period.first,
                   last=found.period.last, edition=None)  # fmt: skip
    return {"question": said.as_dict(), "evidence": incidents.store_version()}


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of events without names, premises or positions, and how many there are."""

    rows: tuple[dict[str, Any], ...]
    total: int
    page: int
    pages: int


def events_page(found: Asked, page: int) -> EventPage:
    """A page of the events asked for, newest first; ``page`` counts from 1 and is brought into range."""
    counted = found.run(queries.precisions(found.selection()))
    total = sum(counted["n"].to_pylist())
    pages = max(1, -(-total // EVENTS_A_PAGE))
    page = min(max(page, 1), pages)
    wanted = queries.event_rows(found.selection(), offset=(page - 1) * EVENTS_A_PAGE, limit=EVENTS_A_PAGE)
    table = incidents.engine().run(wanted, files=[entry.path for entry in found.entries])
    return EventPage(tuple(table.to_pylist()), total, page, pages)


def words_in(found: Asked) -> list[tuple[str, int]]:
    """The publisher's own words for the events of the types chosen, with their number, the commonest first."""
    wide = replace(found.selection(), publisher_types=(), weekdays=(), hours=())
    table = found.run(queries.counts_by_words(wide))
    counted: Counter[str] = Counter()
    for words, n in zip(table["publisher_type"].to_pylist(), table["n"].to_pylist(), strict=True):
        counted[words or ""] += n
    return [(words, n) for words, n in counted.most_common(MOST_PUBLISHER_TYPES) if words]


_MAPS: dict[Style, Callable[[Asked, Translate], Look]] = {
    Style.AREAS: looks.areas_map,
    Style.HEXAGONS: event_looks.hexagons,
    Style.DENSITY: event_looks.density,
    Style.POINTS: event_looks.points,
}
_LOOKS: dict[View, Callable[[Asked, Translate], Look]] = {
    View.TREND: looks.trend,
    View.WEEK: event_looks.week,
    View.REPEATS: event_looks.repeats,
    View.CONCENTRATION: looks.concentration_look,
    View.COMPARE: looks.compare,
    View.CHANGE: looks.change_look,
    View.JOURNEY: looks.journey_look,
}


def areas_inside_district_of(shown: ShownPicture) -> frozenset[str]:
    """Codes of everything that lies in the same district as the area shown: wards, neighbourhoods, small areas."""
    return _near(shown.geography, shown.geography.small_areas_in(shown.picture.area.code))


def near(found: Asked) -> frozenset[str]:
    """The same for a question."""
    return _near(found.geography, found.small_areas)


def _near(geography: Geography, mine: Iterable[str]) -> frozenset[str]:
    parents = geography.parents
    districts = {parents[code].get(AreaLevel.DISTRICT) for code in mine}
    near = (above for above in parents.values() if above.get(AreaLevel.DISTRICT) in districts)
    return frozenset(code for above in near for code in above.values())


def _picture(query: PictureQuery, allowed: Allowed) -> ShownPicture:
    area = places.find_area(query.area) if query.area else own_area()
    if area is None:
        raise DataProblem("No areas are loaded yet.", remedy="Ask an administrator to load the boundaries.")
    geography = places.geography_around(area.code)
    small_areas = geography.small_areas_in(area.code)
    source = asked.choose_source(query.source, (query.crime_type,), small_areas, sources(allowed))
    entries = asked.entries_for(source.source, small_areas)
    publishers = sorted({entry.publisher for entry in entries})
    present = incidents.months_present(source.source, publishers)
    months = sorted(month for held in present.values() for month in held)
    if not months:
        raise CannotCompute(Phrase("Nothing from {source} lies in {area}.", source=word(source.label), area=area.name))
    span = MonthSpan(months[0], months[-1])
    picture = area_picture(
        counts=asked.table_of(source.source, entries, queries.counts_of(Selection(span, (query.crime_type,)))),
        geography=geography,
        area=area,
        crime_type=query.crime_type,
        period=_period(query, span),
        edition=_edition(query, geography),
        months_present=present,
        balance=incidents.balance(source.source, publishers),
        batches=[entry.batch_key for entry in entries],
        source_label=source.label,
        source=source.source,
        everything=asked.table_of(source.source, entries, queries.counts_of(Selection(span))),
    )
    unit = picture.denominator.edition.unit if picture.denominator else None
    held = (denominator.edition for denominator in geography.denominators.values())
    editions = sorted((edition for edition in held if edition.unit is unit), key=lambda edition: edition.label)
    return ShownPicture(picture, geography, source.source, span, tuple(editions))


def _edition(query: PictureQuery, geography: Geography) -> str | None:
    """The edition asked for. One that counts the other unit (homes for a rate per resident) is as good as none."""
    unit = DenominatorUnit.HOUSEHOLDS if query.crime_type.per_household else DenominatorUnit.RESIDENTS
    known = geography.denominators.get(query.edition or "")
    return None if known is not None and known.edition.unit is not unit else query.edition


def _period(query: PictureQuery, span: MonthSpan) -> MonthSpan | None:
    """The period asked for; an end left open is the end of what is at hand."""
    if query.first is None and query.last is None:
        return None
    first: Month = query.first or min(span.first, query.last or span.first)
    last: Month = query.last or max(span.last, first)
    return MonthSpan(first, last)
