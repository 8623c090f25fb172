"""Small made-up geographies that a test can change, and the demo's."""

from dataclasses import replace

import pytest

from frankpledge.sources.simulator import draw_place
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import AreaLevel, DenominatorEdition, DenominatorUnit
from frankpledge.vocabulary.geography import Area, Denominator, Geography

BY = Actor.command_line("tester")
COUNT = DenominatorEdition("made-up-2021", DenominatorUnit.HOUSEHOLDS, "made-up count 2021", 2021)


@pytest.fixture
def by() -> Actor:
    """Whoever loads."""
    return BY


@pytest.fixture(scope="session")
def aldercombe() -> Geography:
    """Five districts of one force."""
    return draw_place().geography


def square(x: int, y: int, side: int = 100) -> tuple[tuple[tuple[tuple[int, int], ...], ...], ...]:
    """The outline of a square."""
    return ((((x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)),),)


def little_district(number: int, small_areas: int = 2, force: str | None = "X23000009") -> Geography:
    """One district with a few small areas in a row, each with ``10 * (its place + 1)`` households."""
    district = Area(f"X0700001{number}", f"Little {number}", AreaLevel.DISTRICT)
    above = {AreaLevel.DISTRICT: district.code}
    areas = {district.code: district}
    if force:
        areas[force] = Area(force, "Little Force", AreaLevel.FORCE)
        above[AreaLevel.FORCE] = force
    codes = [f"X01{number}{place:05d}" for place in range(small_areas)]
    areas |= {code: Area(code, f"Little {number} 001{code[-1]}", AreaLevel.SMALL_AREA) for code in codes}
    return Geography(
        small_area_vintage=2021,
        areas=areas,
        parents={code: dict(above) for code in codes},
        outlines={code: square(1000 * number, 100 * place) for place, code in enumerate(codes)},
        denominators={COUNT.key: Denominator(COUNT, {code: 10 * (place + 1) for place, code in enumerate(codes)})},
        deprivation={code: place + 1 for place, code in enumerate(codes)},
    )


def of_2011(geography: Geography) -> Geography:
    """The same on small areas of 2011, with an edition of that year."""
    edition = DenominatorEdition("made-up-2011", DenominatorUnit.HOUSEHOLDS, "made-up count 2011", 2011)
    counts = next(iter(geography.denominators.values()))
    return replace(
        geography, small_area_vintage=2011, denominators={edition.key: Denominator(edition, counts.by_small_area)}
    )
