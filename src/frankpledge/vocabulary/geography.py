"""Areas and how they nest: the shape in which sources, places and the analysis hand a geography to each other."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from frankpledge.vocabulary.areas import AreaLevel, DenominatorEdition
from frankpledge.vocabulary.errors import DataProblem

# polygons -> rings (outer first, then holes) -> (easting, northing) in whole metres, British National Grid
Outline = tuple[tuple[tuple[tuple[int, int], ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Area:
    """One area of one level. ``welsh_name`` where the publisher gives one."""

    code: str
    name: str
    level: AreaLevel
    welsh_name: str | None = None


@dataclass(frozen=True)
class Denominator:
    """One edition's value for every area it covers, by small-area code."""

    edition: DenominatorEdition
    by_small_area: Mapping[str, int]

    def total(self, small_areas: Iterable[str]) -> int | None:
        """The sum over ``small_areas``; None when any of them has no value (never a silent part-sum)."""
        values = [self.by_small_area.get(code) for code in small_areas]
        if not values or any(value is None for value in values):
            return None
        return sum(value for value in values if value is not None)


@dataclass(frozen=True)
class Geography:
    """Areas of every level over one vintage of small areas.

    ``parents`` gives, for each small-area code, the code of the area of each higher level it belongs to (best fit where
    the levels do not nest exactly; ``best_fit_levels`` names those levels).
    """

    small_area_vintage: int
    areas: Mapping[str, Area]
    parents: Mapping[str, Mapping[AreaLevel, str]]
    outlines: Mapping[str, Outline] = field(default_factory=dict)
    denominators: Mapping[str, Denominator] = field(default_factory=dict)
    best_fit_levels: frozenset[AreaLevel] = frozenset()
    deprivation: Mapping[str, int] = field(default_factory=dict)  # national rank by small area, 1 the most deprived

    def small_areas_in(self, code: str) -> list[str]:
        """Small-area codes inside the area ``code`` (itself, when it is a small area), sorted."""
        if code in self.parents:
            return [code]
        return sorted(child for child, above in self.parents.items() if code in above.values())

    def of_level(self, level: AreaLevel) -> list[Area]:
        return sorted((a for a in self.areas.values() if a.level is level), key=lambda a: (a.name, a.code))

    def find(self, name: str, levels: Iterable[AreaLevel] | None = None) -> Area:
        """The area called ``name`` (or of that code), higher levels first; else DataProblem naming the nearest.

        The order matters: a ward often bears its town's name and a partnership its district's.
        """
        order = list(
            levels
            or (
                AreaLevel.DISTRICT,
                AreaLevel.PARTNERSHIP,
                AreaLevel.PRIORITY_NEIGHBOURHOOD,
                AreaLevel.WARD,
                AreaLevel.FORCE,
                AreaLevel.SMALL_AREA,
            )
        )
        wanted = name.strip().casefold()
        if not wanted:  # most areas' Welsh name is as empty
            raise DataProblem("No area was named.", remedy="Give its name or its code.")
        for level in order:
            for area in self.of_level(level):
                if wanted in (area.name.casefold(), area.code.casefold(), (area.welsh_name or "").casefold()):
                    return area
        names = {a.name for a in self.areas.values() if a.level in order}
        near = difflib.get_close_matches(name.strip(), names, n=3, cutoff=0.5)
        remedy = f"Did you mean {_either(near)}?" if near else "No name here is near it."
        raise DataProblem(f"There is no area called “{name}” in the boundaries given.", remedy=remedy)


def _either(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} or {names[-1]}"
