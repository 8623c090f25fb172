"""The story of loading places: boundaries, lookups and counts are read from files and become what rates stand on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from frankpledge.foundation.places import selectors, services
from frankpledge.sources.ons import districts_around, read_geography
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.geography import Geography


@dataclass(frozen=True, slots=True)
class PlacesReport:
    """What a load found and whether it changed anything."""

    geography: Geography
    changed: bool

    def lines(self) -> list[str]:
        """The report in plain text."""
        counts = [_counted(self.geography, level) for level in AreaLevel]
        editions = [
            f"{held.edition.label}, {held.edition.unit.value}: {sum(held.by_small_area.values()):,} "
            f"in {len(held.by_small_area):,} small areas"
            for _, held in sorted(self.geography.denominators.items())
        ]
        ranks = len(self.geography.deprivation)
        return [
            f"{'Loaded' if self.changed else 'Already here, nothing changed'}: {', '.join(filter(None, counts))}.",
            *(editions or ["No households or residents were given, so there will be no rates."]),
            *([f"Deprivation ranks of {ranks:,} small areas."] if ranks else []),
        ]


def load_places(
    areas: Path,
    denominators: Path | None,
    *,
    lookups: Path | None = None,
    districts: Sequence[str] = (),
    by: Actor,
) -> PlacesReport:
    """Read areas and counts from files and put them in place of what was known of their districts.

    ``districts``: names or codes; with any, only the districts of the police forces in which these lie are loaded (a
    district is compared with the rest of its force). Raises DataProblem, one sentence, for files that cannot be read
    and districts that are not there.
    """
    only = _with_their_forces(districts, areas, lookups)
    geography = read_geography(areas, denominators, lookups=lookups, only_districts=only)
    loaded = services.load_geography(geography, by=by)
    return PlacesReport(geography, loaded.changed)


def places_lines() -> list[str]:
    """What is loaded: each level with its number of areas, and the districts by name."""
    choices = selectors.area_choices()
    if not choices:
        return ["No areas have been loaded yet. Load them with `frankpledge places load --areas DIR`."]
    lines = [f"{len(areas):,} {_plural(level, len(areas))}" for level, areas in choices.items()]
    districts = choices.get(AreaLevel.DISTRICT, [])
    return [*lines, *(f"  {area.code}  {area.name}" for area in districts)]


def _with_their_forces(districts: Sequence[str], areas: Path, lookups: Path | None) -> frozenset[str] | None:
    if not districts:
        return None
    found: set[str] = set()
    for name in districts:
        around = districts_around(name, areas, lookups=lookups)
        if around is None:
            raise DataProblem(
                f"The lookups know no district, partnership or force called “{name}”.",
                remedy="Check the name, or say where the lookups are (--lookups DIR).",
            )
        found |= around
    return frozenset(found)


def _counted(geography: Geography, level: AreaLevel) -> str:
    count = len(geography.of_level(level))
    return f"{count:,} {_plural(level, count)}" if count else ""


def _plural(level: AreaLevel, count: int) -> str:
    return level.value if count == 1 else f"{level.value}s"
