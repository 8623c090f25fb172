"""Salford's budget for target 10, 2002 to 2005, as its plan prints it (register A12, A13)."""

from decimal import Decimal

from frankpledge.records.plan.money import Line, Money, Period, StatedTotal
from frankpledge.records.plan.vocabulary import Kind, Side

TBC = None
NONE = ()
YEARS = (2002, 2003, 2004)
F, E, C, R = Side.FUNDING, Side.EXPENDITURE, Kind.CAPITAL, Kind.REVENUE
# side, kind, title, four quarters of 2002/03 (blank: None in the tuple), total 2002/03, 2003/04, 2004/05, all years
ROWS = (
    (F, C, "Burglary Reduction Initiative, Housing Services", ("", "", 287_500, 287_500), 575_000, TBC, TBC, 575_000),
    (F, C, "Burglary Reduction Initiative, New Deal", (3_850, 3_850, 3_850, 3_850), 15_400, 15_400, TBC, 30_800),
    (F, C, "Burglary Reduction Initiative, SRB5", (9_187, 9_187, 9_187, 9_187), 36_748, 36_748, TBC, 73_496),
    (F, C, "Communities Against Drugs", ("", "", 43_000, 43_000), 86_000, TBC, TBC, 86_000),
    (F, R, "Local authority, staff costs", (39_574, 39_574, 53_814, 53_814), 186_776, 182_951, 170_054, 539_781),
    (F, R, "PSA", ("", "", 10_000, 10_000), 20_000, 30_000, 30_000, 80_000),
    (E, C, "Physical security and Victim Support information", (13_037, 13_037, 328_537, 328_537), 683_148, 52_148,
     TBC, 735_296),
    (E, C, "Alleygating", ("", "", 15_000, 15_000), 30_000, 0, 0, 30_000),
    (E, R, "Burglary Reduction Team", (23_655, 23_655, 23_655, 23_655), 94_620, 97_933, 100_871, 293_424),
    (E, R, "Co-ordinator, SRB5 and New Deal initiatives", (4_463, 4_463, 4_463, 4_463), 17_852, 17_850, TBC, 35_702),
    (E, R, "Community Safety Unit staff", (7_547, 7_547, 7_547, 7_547), 30_188, 27_035, 27_847, 85_070),
    (E, R, "Communities Against Drugs co-ordinator", (349, 349, 349, 349), 1_396, 1_445, 1_488, 4_329),
    (E, R, "Neighbourhood wardens", (3_560, 3_560, 17_800, 17_800), 42_720, 38_688, 39_848, 121_256),
    (E, R, "Tackling prolific offenders", ("", "", 10_000, 10_000), 20_000, 30_000, 30_000, 80_000),
)  # fmt: skip
# side, kind, four quarters, 2002/03, 2003/04, 2004/05, all years; 2004/05 capital is printed "t.b.c."
TOTALS = (
    (F, C, (13_037, 13_037, 343_537, 343_537), 713_148, 52_148, TBC, 765_296),
    (F, R, (39_574, 39_574, 63_814, 63_814), 206_776, 212_951, 200_054, 619_781),
    (F, None, (52_611, 52_611, 407_351, 407_351), 919_924, 265_099, 200_054, 1_385_077),
    (E, C, (13_037, 13_037, 343_537, 343_537), 713_148, 52_148, TBC, 765_296),
    (E, R, (39_574, 39_574, 63_814, 63_814), 206_776, 212_951, 200_054, 619_781),
    (E, None, (52_611, 52_611, 407_351, 407_351), 919_924, 265_099, 200_054, 1_385_077),
)


def cells(row: tuple) -> dict[Period, Decimal | None]:
    """The cells of one row, its own year total among them."""
    found = {Period(2002, q + 1): Decimal(v) for q, v in enumerate(row[3]) if v != ""}
    for year, value in zip(YEARS, row[4:7], strict=True):
        found[Period(year)] = None if value is TBC else Decimal(value)
    return found


def budget() -> Money:
    """Both tables with every total the plan prints."""
    lines = tuple(
        Line(row[2], row[0], row[1], cells(row), key=at, stated_total=Decimal(row[7])) for at, row in enumerate(ROWS, 1)
    )
    stated = []
    for side, kind, quarters, *years in TOTALS:
        stated += [StatedTotal(side, kind, Period(2002, q + 1), Decimal(v)) for q, v in enumerate(quarters)]
        stated += [
            StatedTotal(side, kind, Period(year), Decimal(v))
            for year, v in zip(YEARS, years[:3], strict=True)
            if v is not TBC
        ]
        stated.append(StatedTotal(side, kind, None, Decimal(years[3])))
    return Money(YEARS, lines, tuple(stated))
