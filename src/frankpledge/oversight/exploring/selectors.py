"""The picture a page shows: events from the evidence store, areas from places, worked out by ``analysis.picture``.

Results are kept in the process until the evidence or the places change. Number of queries: four to look whether they
changed and, for a new picture, a fixed number more, however many batches there are.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from frankpledge.analysis.picture import area_picture
from frankpledge.analysis.picture_results import AreaPicture
from frankpledge.evidence import queries
from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.places import selectors as places
from frankpledge.oversight.exploring.filters import PictureQuery
from frankpledge.oversight.exploring.kept import KeptResults
from frankpledge.records.incidents import selectors as incidents
from frankpledge.records.incidents.selectors import CatalogueEntry, SourcePresent
from frankpledge.vocabulary.areas import AreaLevel, DenominatorEdition, DenominatorUnit
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.geography import Area, Geography
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.wording import Phrase, word

# Whose events make a picture, the first that covers the place. data.police.uk comes first: it is there for every
# neighbour too, so that places can be compared. Two sources describe the same crimes and are never added.
SOURCES = ("police-uk-street", "police-extract", "council-asb", "fire-incidents")
# Share of a place's events from which a publisher counts as policing it: its neighbours' misplaced few do not.
POLICES_SHARE = 0.1
PICTURES_KEPT = 64


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture with what the page needs beside it."""

    picture: AreaPicture
    geography: Geography
    source: str
    span: MonthSpan  # all months at hand for the place, to choose from
    editions: tuple[DenominatorEdition, ...]  # of the unit this type is counted per


def evidence_and_places() -> Hashable:
    """What every kept result was made from. Two queries."""
    return incidents.store_version(), places.places_version()


_pictures: KeptResults[ShownPicture] = KeptResults(PICTURES_KEPT, evidence_and_places)
_counts: KeptResults[pa.Table] = KeptResults(PICTURES_KEPT, incidents.store_version)
_types: KeptResults[tuple[CrimeType, ...]] = KeptResults(len(SOURCES), incidents.store_version)


def forget() -> None:
    """Forget what is kept, as a new process would."""
    for kept in (_pictures, _counts, _types):
        kept.clear()


def picture_for(query: PictureQuery) -> ShownPicture | None:
    """The picture asked for; None while there is nothing to make one of (no events, or no areas).

    Raises DataProblem for an area, source or edition that is not here, CannotCompute where the period holds no data.
    """
    own = own_area()
    if own is None or not sources():
        return None
    return _pictures.get((query, own.code), lambda: _picture(query))


def own_area() -> Area | None:
    """The area the partnership chose, or is named after; else the first district there is; None without areas.

    ``Safer Harborough Partnership`` finds Harborough. The longest name wins: South Derbyshire before Derbyshire.
    """
    ours = agencies.partnership()
    name = ours.name.casefold() if ours else ""
    choices = places.area_choices()
    districts = choices.get(AreaLevel.DISTRICT, [])
    for area in (*districts, *choices.get(AreaLevel.PARTNERSHIP, [])):
        if ours and area.code == ours.own_area:
            return area
    named = [area for area in districts if area.name.casefold() in name]
    return max(named, key=lambda area: len(area.name), default=districts[0] if districts else None)


def areas_inside_district_of(shown: ShownPicture) -> frozenset[str]:
    """Codes of everything that lies in the same district as the area shown: wards, neighbourhoods, small areas."""
    parents = shown.geography.parents
    mine = shown.geography.small_areas_in(shown.picture.area.code)
    districts = {parents[code].get(AreaLevel.DISTRICT) for code in mine}
    near = (above for above in parents.values() if above.get(AreaLevel.DISTRICT) in districts)
    return frozenset(code for above in near for code in above.values())


def sources() -> list[SourcePresent]:
    """Sources of which there are events to picture, the preferred first."""
    present = {found.source: found for found in incidents.sources_present()}
    return [present[source] for source in SOURCES if source in present]


def types_in(source: str) -> tuple[CrimeType, ...]:
    """The types of which ``source`` has events, by name."""
    return _types.get(source, lambda: _types_in(source))


def _types_in(source: str) -> tuple[CrimeType, ...]:
    files = [entry.path for entry in incidents.current_files(source)]
    found = incidents.engine().run(queries.counts_by_type(), files=files)
    return tuple(sorted((CrimeType(word) for word in found["crime_type"].to_pylist()), key=lambda kind: kind.label))


def _picture(query: PictureQuery) -> ShownPicture:
    area = places.find_area(query.area) if query.area else own_area()
    if area is None:
        raise DataProblem("No areas are loaded yet.", remedy="Ask an administrator to load the boundaries.")
    geography = places.geography_around(area.code)
    source = _source(query, geography.small_areas_in(area.code))
    entries = _entries_for(source.source, geography.small_areas_in(area.code))
    publishers = sorted({entry.publisher for entry in entries})
    present = incidents.months_present(source.source, publishers)
    months = sorted(month for held in present.values() for month in held)
    if not months:
        raise CannotCompute(Phrase("Nothing from {source} lies in {area}.", source=word(source.label), area=area.name))
    span = MonthSpan(months[0], months[-1])
    picture = area_picture(
        counts=_counted(source.source, query.crime_type, entries),
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
    )
    unit = picture.denominator.edition.unit if picture.denominator else None
    held = (denominator.edition for denominator in geography.denominators.values())
    editions = sorted((edition for edition in held if edition.unit is unit), key=lambda edition: edition.label)
    return ShownPicture(picture, geography, source.source, span, tuple(editions))


def _source(query: PictureQuery, small_areas: Sequence[str]) -> SourcePresent:
    """The source asked for, else the first that has events of the type in the place, else the first."""
    present = sources()
    if query.source:
        for found in present:
            if found.source == query.source:
                return found
        known = ", ".join(found.source for found in present)
        raise DataProblem(f"There is no source “{query.source}” here.", remedy=f"There are: {known}.")
    wanted = pa.array(small_areas)
    for found in present:
        counted = _counted(found.source, query.crime_type, _entries_for(found.source, small_areas))
        if pc.any(pc.is_in(counted["small_area"], value_set=wanted)).as_py():
            return found
    return present[0]


def _entries_for(source: str, small_areas: Sequence[str]) -> list[CatalogueEntry]:
    """The current batches of whoever polices the place."""
    entries = incidents.current_files(source)
    counted = incidents.engine().run(queries.batches_in(small_areas), files=[entry.path for entry in entries])
    publisher_of = {entry.batch_key: entry.publisher for entry in entries}
    events: Counter[str] = Counter()
    for batch, count in zip(counted["batch"].to_pylist(), counted["n"].to_pylist(), strict=True):
        events[publisher_of[batch]] += count
    enough = POLICES_SHARE * events.total()
    return [entry for entry in entries if events[entry.publisher] > 0 and events[entry.publisher] >= enough]


def _counted(source: str, crime_type: CrimeType, entries: Sequence[CatalogueEntry]) -> pa.Table:
    """Events by small area and month; read from the files once for each version of the store."""
    publishers = tuple(sorted({entry.publisher for entry in entries}))
    files = [entry.path for entry in entries]
    return _counts.get(
        (source, crime_type, publishers),
        lambda: incidents.engine().run(queries.monthly_counts(crime_type), files=files),
    )


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
