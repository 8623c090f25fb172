"""Where things can be: the wards to choose from, and what areas are called."""

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.places import selectors as places
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.errors import DataProblem


def wards() -> list[tuple[str, str]]:
    """Code and name of the wards of the partnership's own area; of every ward here while that is not chosen."""
    everywhere = [(area.code, area.name) for area in places.area_choices().get(AreaLevel.WARD, [])]
    ours = agencies.partnership()
    if ours is None or not ours.own_area:
        return everywhere
    try:
        around = places.geography_around(ours.own_area)
    except DataProblem:  # the places have not been loaded yet, or no longer hold it
        return everywhere
    inside = {around.parents[code].get(AreaLevel.WARD) for code in around.small_areas_in(ours.own_area)}
    return [(code, name) for code, name in everywhere if code in inside]


def names() -> dict[str, str]:
    """Code -> name of the areas people choose from. One query once warm."""
    return {area.code: area.name for found in places.area_choices().values() for area in found}
