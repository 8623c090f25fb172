"""A made-up district of twenty small areas and its months of burglary."""

from frankpledge.records.incidents import services as incidents
from frankpledge.records.incidents.models import Batch
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import AreaLevel, DenominatorEdition, DenominatorUnit
from frankpledge.vocabulary.geography import Area, Denominator, Geography
from frankpledge.vocabulary.periods import Month
from tests.evidence.events import FIRST_AREA
from tests.incidents.deliveries import delivery, rejected_row

BY = Actor.command_line("tests")
AREAS = 20
DISTRICT, WARDS, FORCE = "X07000001", ("X05000001", "X05000002"), "X23000001"
NEWEST = Month(2022, 10)


def geography() -> Geography:
    """Small areas in a row of kilometre squares, half in each of two wards of the district Aldershire."""
    codes = [f"X0{FIRST_AREA + number}" for number in range(AREAS)]
    small = [Area(code, f"Aldershire {number:03d}A", AreaLevel.SMALL_AREA) for number, code in enumerate(codes)]
    larger = [
        Area(DISTRICT, "Aldershire", AreaLevel.DISTRICT, "Swydd Alder"),
        Area(WARDS[0], "Quarry", AreaLevel.WARD),
        Area(WARDS[1], "Mill Lane", AreaLevel.WARD),
        Area(FORCE, "Aldershire", AreaLevel.FORCE),
    ]
    squares = {
        code: ((((x, 300_000), (x + 1_000, 300_000), (x + 1_000, 301_000), (x, 301_000), (x, 300_000)),),)
        for x, code in zip(range(450_000, 470_000, 1_000), codes, strict=True)
    }
    homes = DenominatorEdition("census-2021", DenominatorUnit.HOUSEHOLDS, "census 2021", 2011)
    people = DenominatorEdition("census-2021-residents", DenominatorUnit.RESIDENTS, "census 2021", 2011)
    return Geography(
        small_area_vintage=2011,
        areas={area.code: area for area in [*small, *larger]},
        parents={
            code: {AreaLevel.WARD: WARDS[number % 2], AreaLevel.DISTRICT: DISTRICT, AreaLevel.FORCE: FORCE}
            for number, code in enumerate(codes)
        },
        outlines=squares,
        denominators={
            homes.key: Denominator(homes, dict.fromkeys(codes, 600)),
            people.key: Denominator(people, dict.fromkeys(codes, 1_500)),
        },
    )


def receive(month: Month = NEWEST, **about: object) -> Batch:
    """One month of the police's file comes in."""
    return incidents.accept_delivery(delivery(month, **about), by=BY).batch  # type: ignore[arg-type]


def receive_months(count: int, *, last: Month = NEWEST) -> list[Batch]:
    """The ``count`` months up to ``last``, three rows of each in quarantine."""
    rejected = tuple(rejected_row(line) for line in (7, 8, 9))
    return [receive(last - back, rows=200, rejected=rejected) for back in reversed(range(count))]
