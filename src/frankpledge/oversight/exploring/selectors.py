"""What the explorer's pages show: the picture of an area, a view of a question, and the answer to one.

Results are kept in the process until the evidence or the places change. Number of queries: a few to look whether they
changed and, for a new result, a fixed number more, however many batches there are.
"""

from dataclasses import dataclass

from frankpledge.analysis.picture import area_picture
from frankpledge.analysis.picture_results import AreaPicture
from frankpledge.evidence import queries
from frankpledge.evidence.queries import Selection
from frankpledge.foundation.places import selectors as places
from frankpledge.oversight.exploring import asked
from frankpledge.oversight.exploring.asked import Allowed, evidence_and_places, own_area, sources, types_in
from frankpledge.oversight.exploring.filters import PictureQuery
from frankpledge.oversight.exploring.kept import KeptResults
from frankpledge.records.incidents import selectors as incidents
from frankpledge.vocabulary.areas import AreaLevel, DenominatorEdition, DenominatorUnit
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.geography import Geography
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.wording import Phrase, word

__all__ = ["PICTURES_KEPT", "ShownPicture", "areas_inside_district_of", "forget", "own_area", "picture_for",
           "sources", "types_in"]  # fmt: skip

PICTURES_KEPT = 64


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture with what the page needs beside it."""

    picture: AreaPicture
    geography: Geography
    source: str
    span: MonthSpan  # all months at hand for the place, to choose from
    editions: tuple[DenominatorEdition, ...]  # of the unit this type is counted per


_pictures: KeptResults[ShownPicture] = KeptResults(PICTURES_KEPT, evidence_and_places)


def forget() -> None:
    """Forget what is kept, as a new process would."""
    _pictures.clear()
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


def areas_inside_district_of(shown: ShownPicture) -> frozenset[str]:
    """Codes of everything that lies in the same district as the area shown: wards, neighbourhoods, small areas."""
    parents = shown.geography.parents
    mine = shown.geography.small_areas_in(shown.picture.area.code)
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
