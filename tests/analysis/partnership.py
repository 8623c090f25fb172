"""A made-up geography and counts for tests of the analysis: three districts of one force, three wards, forty areas."""

import random
from collections.abc import Iterable
from datetime import date

import pyarrow as pa

from frankpledge.analysis.picture import area_picture
from frankpledge.analysis.picture_results import AreaPicture
from frankpledge.vocabulary.areas import AreaLevel, DenominatorEdition, DenominatorUnit
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import Balance
from frankpledge.vocabulary.geography import Area, Denominator, Geography
from frankpledge.vocabulary.periods import Month, MonthSpan

FORCE, HERE, THERE, ELSEWHERE = "X23000001", "X07000001", "X07000002", "X07000003"
WARDS = ("X05000001", "X05000002", "X05000003")
SPAN = MonthSpan(Month(2022, 1), Month(2024, 12))

Row = tuple[str | None, date, int]


def small_area(number: int) -> str:
    return f"X010{number:05d}"


def geography(*, households: bool = True, residents: bool = True, outlines: bool = True) -> Geography:
    """Areas 0-19 in Aldercombe, 20-29 in Brackwell, 30-39 in Cold Ashby; squares of one kilometre in a row of each."""
    districts = {HERE: "Aldercombe", THERE: "Brackwell", ELSEWHERE: "Cold Ashby"}
    areas = {code: Area(code, name, AreaLevel.DISTRICT) for code, name in districts.items()}
    areas[FORCE] = Area(FORCE, "Brackenshire", AreaLevel.FORCE)
    for number, code in enumerate(WARDS):
        areas[code] = Area(code, ("Castle", "Priory", "Weir")[number], AreaLevel.WARD)
    parents, shapes = {}, {}
    for number in range(40):
        code = small_area(number)
        district = HERE if number < 20 else THERE if number < 30 else ELSEWHERE
        areas[code] = Area(code, f"{districts[district]} 001{chr(65 + number % 20)}", AreaLevel.SMALL_AREA)
        parents[code] = {AreaLevel.DISTRICT: district, AreaLevel.FORCE: FORCE}
        if number < 20:
            parents[code][AreaLevel.WARD] = WARDS[number % 3]
        west, south = 400_000 + 1_000 * (number % 10), 300_000 + 1_000 * (number // 10)
        ring = ((west, south), (west + 1_000, south), (west + 1_000, south + 1_000), (west, south + 1_000))
        shapes[code] = ((ring,),)
    held = {}
    if households:
        edition = DenominatorEdition("census-2021", DenominatorUnit.HOUSEHOLDS, "census 2021", 2021)
        held["census-2021"] = Denominator(edition, {small_area(n): 600 + 10 * n for n in range(40)})
    if residents:
        edition = DenominatorEdition("census-2021-residents", DenominatorUnit.RESIDENTS, "census 2021", 2021)
        held["census-2021-residents"] = Denominator(edition, {small_area(n): 1_400 + 25 * n for n in range(40)})
    return Geography(2021, areas, parents, shapes if outlines else {}, held, frozenset({AreaLevel.WARD}))


def rows(seed: int = 7, span: MonthSpan = SPAN, high: Iterable[int] = (3,)) -> list[Row]:
    """About two burglaries a month in each small area, ten in those of ``high``, and a few without a place."""
    made = random.Random(seed)
    found: list[Row] = []
    for month in span:
        for number in range(40):
            usual = 10 if number in high else 2
            found.append((small_area(number), month.first_day, sum(made.random() < 0.5 for _ in range(2 * usual))))
        found.append((None, month.first_day, made.randrange(3)))
    return found


def table(found: Iterable[Row]) -> pa.Table:
    small, month, n = zip(*found, strict=True)
    return pa.table(
        {
            "small_area": pa.array(small, pa.string()),
            "month": pa.array(month, pa.date32()),
            "n": pa.array(n, pa.int64()),
        }
    )


def picture(found: list[Row] | None = None, **changes: object) -> AreaPicture:
    """The picture of Aldercombe from ``rows()``, with whatever a test changes."""
    found = rows() if found is None else found
    where = changes.pop("geography", None) or geography()
    assert isinstance(where, Geography)
    read = sum(n for _, _, n in found)
    asked: dict[str, object] = {
        "counts": table(found),
        "geography": where,
        "area": where.areas[HERE],
        "crime_type": CrimeType.BURGLARY,
        "period": None,
        "edition": None,
        "months_present": set(SPAN),
        "balance": Balance(read, read, 0, 0),
        "batches": ("b1", "b2"),
        "source_label": "made up",
        **changes,
    }
    return area_picture(**asked)  # type: ignore[arg-type]
