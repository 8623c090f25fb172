"""A question put to what is here: which area, source, files and months it is about.

Queries: a fixed number, however many batches there are. What is found is kept in the process until the evidence or the
places change.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from ibis.expr import types as ir

from frankpledge.analysis.counts import AreaMonthCounts, area_month_counts
from frankpledge.analysis.picture_material import PictureMaterial, months_delivered
from frankpledge.evidence import queries
from frankpledge.evidence.queries import Selection
from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.places import selectors as places
from frankpledge.oversight.exploring.kept import KeptResults
from frankpledge.records.incidents import selectors as incidents
from frankpledge.records.incidents.selectors import CatalogueEntry, SourcePresent
from frankpledge.vocabulary.areas import AreaLevel, DenominatorUnit
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.geography import Area, Geography
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.questions import Question
from frankpledge.vocabulary.wording import Phrase, word

# Whose events answer, the first that covers the place. data.police.uk comes first: it is there for every neighbour
# too, so that places can be compared. Two sources describe the same crimes and are never added.
PREFERRED = ("police-uk-street", "police-extract", "council-asb", "fire-incidents")
# What became of crimes counted elsewhere: nothing that happened, so nothing to explore.
NOT_EXPLORED = frozenset({"police-uk-outcomes"})
# Share of a place's events from which a publisher counts as policing it: its neighbours' misplaced few do not.
POLICES_SHARE = 0.1
KEPT = 128

Allowed = Collection[str] | None  # the sources somebody may see; None: whoever asks is not a person


def evidence_and_places() -> Hashable:
    """What every kept result was made from. Two queries."""
    return incidents.store_version(), places.places_version()


_asked: KeptResults["Asked"] = KeptResults(KEPT, evidence_and_places)
_tables: KeptResults[pa.Table] = KeptResults(KEPT, incidents.store_version)
_entries: KeptResults[list[CatalogueEntry]] = KeptResults(KEPT, incidents.store_version)


def forget() -> None:
    """Forget what is kept, as a new process would."""
    for kept in (_asked, _tables, _entries):
        kept.clear()


@dataclass(frozen=True)
class Asked:
    """A question with everything it is answered from. ``kinds`` are the types counted, all of the source's if none."""

    question: Question
    area: Area
    geography: Geography
    small_areas: tuple[str, ...]
    source: SourcePresent
    entries: tuple[CatalogueEntry, ...]
    present: Mapping[str, Collection[Month]]
    span: MonthSpan  # all months at hand
    period: MonthSpan
    kinds: tuple[CrimeType, ...]

    @property
    def batches(self) -> tuple[str, ...]:
        """Keys of the batches behind every number."""
        return tuple(entry.batch_key for entry in self.entries)

    @property
    def unit(self) -> DenominatorUnit:
        """What these are counted per: homes only where every type is."""
        per_household = all(kind.per_household for kind in self.kinds)
        return DenominatorUnit.HOUSEHOLDS if self.kinds and per_household else DenominatorUnit.RESIDENTS

    @property
    def what(self) -> Phrase:
        """The events in words, for a sentence: ``burglaries``, ``burglaries and robberies``, ``events of 5 types``."""
        chosen = self.question.crime_types
        if not chosen:
            kinds = Phrase("events of every type")
        elif len(chosen) > 3:
            kinds = Phrase("events of {count} types", count=len(chosen))
        else:
            kinds = Phrase("{kinds}", kinds=tuple(Phrase(kind.plural) for kind in chosen))
        if self.question.publisher_types:
            kinds = Phrase("{kinds} of the chosen sorts", kinds=kinds)
        return Phrase("{kinds} at the chosen times", kinds=kinds) if self.question.needs_days else kinds

    @property
    def title(self) -> Phrase:
        """``Burglary in Harborough``."""
        chosen = self.question.crime_types
        labels = tuple(Phrase(kind.label) for kind in chosen)
        if not chosen:
            return Phrase("Everything recorded in {area}", area=self.area.name)
        if len(chosen) > 3:
            return Phrase("{count} types in {area}", count=len(chosen), area=self.area.name)
        return Phrase("{kinds} in {area}", kinds=labels, area=self.area.name)

    def selection(self, span: MonthSpan | None = None, *, here: bool = True) -> Selection:
        """Which events are read: of the period, or of ``span``; of the area, or (``here=False``) of everywhere."""
        return Selection(
            span or self.period,
            self.kinds,
            self.question.publisher_types,
            self.question.weekdays,
            self.question.hours,
            self.small_areas if here else None,
        )

    def run(self, query: ir.Table) -> pa.Table:
        """The answer to one of ``evidence.queries`` over the files; kept, so that a second look costs nothing."""
        return table_of(self.source.source, self.entries, query)

    def counts(self) -> AreaMonthCounts:
        """Events by small area and month, of every area and all months at hand: neighbours and history are in it."""
        return area_month_counts(self.run(queries.counts_of(self.selection(self.span, here=False))))

    def material(self, seed: int = 1) -> PictureMaterial:
        """What the parts of a picture are worked out from."""
        return PictureMaterial(
            counts=self.counts(),
            geography=self.geography,
            area=self.area,
            small_areas=list(self.small_areas),
            present=months_delivered(self.present, self.geography, self.area),
            batches=self.batches,
            seed=seed,
            everything=area_month_counts(self.run(queries.counts_of(Selection(self.span)))),
        )


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


def sources(allowed: Allowed = None) -> list[SourcePresent]:
    """Sources of which there are events to look at and that may be seen, the preferred first. One query."""
    order = {source: place for place, source in enumerate(PREFERRED)}
    found = [
        present
        for present in incidents.sources_present()
        if present.source not in NOT_EXPLORED and (allowed is None or present.source in allowed)
    ]
    return sorted(found, key=lambda present: (order.get(present.source, len(order)), present.source))


def resolve(question: Question, allowed: Allowed = None) -> Asked | None:
    """The question put to what is here; None while nothing is (no events somebody may see, or no areas).

    Raises DataProblem for an area or source that is not here, CannotCompute where the source holds nothing of the area.
    """
    own = own_area()
    present = sources(allowed)
    if own is None or not present:
        return None
    seen = tuple(found.source for found in present)
    return _asked.get((question, own.code, seen), lambda: _resolve(question, own, present))


def _resolve(question: Question, own: Area, present: Sequence[SourcePresent]) -> Asked:
    area = places.find_area(question.area) if question.area else own
    geography = places.geography_around(area.code)
    small_areas = geography.small_areas_in(area.code)
    source = choose_source(question.source, question.crime_types, small_areas, present)
    entries = entries_for(source.source, small_areas)
    months_held = incidents.months_present(source.source, sorted({entry.publisher for entry in entries}))
    months = sorted(month for held in months_held.values() for month in held)
    if not months:
        raise CannotCompute(Phrase("Nothing from {source} lies in {area}.", source=word(source.label), area=area.name))
    span = MonthSpan(months[0], months[-1])
    return Asked(
        question=question,
        area=area,
        geography=geography,
        small_areas=tuple(small_areas),
        source=source,
        entries=tuple(entries),
        present={publisher: frozenset(held) for publisher, held in months_held.items()},
        span=span,
        period=_period(question, span),
        kinds=question.crime_types or tuple(kind for kind in types_in(source.source) if kind.counted),
    )


def _period(question: Question, span: MonthSpan) -> MonthSpan:
    """The period asked for; an end left open is the end of what is at hand."""
    first = question.first or min(span.first, question.last or span.first)
    period = MonthSpan(first, question.last or max(span.last, first))
    if period.last < span.first or span.last < period.first:
        raise CannotCompute(
            Phrase("The data reach from {first} to {last}: none of it is of {period}.", first=span.first,
                   last=span.last, period=period)
        )  # fmt: skip
    return period


def choose_source(
    wanted: str | None, kinds: Sequence[CrimeType], small_areas: Sequence[str], present: Sequence[SourcePresent]
) -> SourcePresent:
    """The source asked for, else the first that has events of the types in the place, else the first."""
    if wanted:
        for found in present:
            if found.source == wanted:
                return found
        known = ", ".join(found.source for found in present)
        raise DataProblem(f"There is no source “{wanted}” here.", remedy=f"There are: {known}.")
    place = pa.array(small_areas, pa.string())
    for found in present:
        counted = queries.counts_of(Selection(found.period, tuple(kinds)))
        table = table_of(found.source, entries_for(found.source, small_areas), counted)
        if pc.any(pc.is_in(table["small_area"], value_set=place)).as_py():
            return found
    return present[0]


def entries_for(source: str, small_areas: Sequence[str]) -> list[CatalogueEntry]:
    """The current batches of whoever polices the place. Kept while the evidence stays the same."""
    return _entries.get((source, tuple(small_areas)), lambda: _entries_for(source, small_areas))


def _entries_for(source: str, small_areas: Sequence[str]) -> list[CatalogueEntry]:
    entries = incidents.current_files(source)
    counted = incidents.engine().run(queries.batches_in(small_areas), files=[entry.path for entry in entries])
    publisher_of = {entry.batch_key: entry.publisher for entry in entries}
    events: Counter[str] = Counter()
    for batch, count in zip(counted["batch"].to_pylist(), counted["n"].to_pylist(), strict=True):
        events[publisher_of[batch]] += count
    enough = POLICES_SHARE * events.total()
    return [entry for entry in entries if events[entry.publisher] > 0 and events[entry.publisher] >= enough]


def table_of(source: str, entries: Sequence[CatalogueEntry], query: ir.Table) -> pa.Table:
    """The answer to one of ``evidence.queries`` over the files; kept, so that a second look costs nothing."""
    publishers = tuple(sorted({entry.publisher for entry in entries}))
    return _tables.get(
        (source, publishers, query), lambda: incidents.engine().run(query, files=[entry.path for entry in entries])
    )


def types_in(source: str) -> tuple[CrimeType, ...]:
    """The types of which ``source`` has events, by name. Kept."""
    table = _tables.get(
        (source, "types"),
        lambda: incidents.engine().run(
            queries.counts_by_type(), files=[entry.path for entry in incidents.current_files(source)]
        ),
    )
    return tuple(sorted((CrimeType(found) for found in table["crime_type"].to_pylist()), key=lambda kind: kind.label))
