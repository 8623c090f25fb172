"""What one crime costs society, in the editions the Home Office has published: each with its price year and source.

A unit cost is what an *actual* crime costs *everyone*: victims, insurers, employers, services, courts. It is not a sum
any budget gets back. Figures whose source we could not read are marked and refused unless the caller says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from frankpledge.vocabulary.errors import CannotCompute


class FigureStatus(StrEnum):
    """Whether the figure was read in a named source."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"


BURGLARY_DWELLING = "burglary in a dwelling"


@dataclass(frozen=True, slots=True)
class UnitCost:
    """Pounds for one crime, in the prices of its edition. ``of_which_property``: stolen or damaged, nobody's budget."""

    offence: str
    pounds: float
    status: FigureStatus
    source: str
    of_which_property: float | None = None


@dataclass(frozen=True)
class UnitCostEdition:
    """One publication's figures. ``price_year`` is written as the publication does: never uprate a figure twice."""

    key: str
    title: str
    price_year: str
    figures: Mapping[str, UnitCost]

    def cost_of(self, offence: str, *, unconfirmed: bool = False) -> UnitCost:
        """The unit cost of ``offence``. Raises CannotCompute for one not in the edition, or unconfirmed."""
        if offence not in self.figures:
            raise CannotCompute(
                f"{self.title} gives no cost of “{offence}”. It has: {', '.join(sorted(self.figures))}."
            )
        figure = self.figures[offence]
        if figure.status is FigureStatus.UNCONFIRMED and not unconfirmed:
            raise CannotCompute(
                f"The cost of {offence} in {self.title} ({figure.pounds:,.0f} pounds) was not read in the report "
                "itself. Check it there, or say that an unconfirmed figure may be used."
            )
        return figure


_TABLE = "TaxPayers' Alliance, The Cost of Crime, table 1, quoting the Home Office"
_HANSARD = "House of Commons Debates 22 October 2003, volume 411, columns 637-8W"
_PRESS = "South Wales Echo 2 August 2019, quoting Heeks et al. 2018"
_MEMORY = "not read in a source: check against Home Office Research Report 99, table E1"

VIOLENCE = "violence against the person (excl. common assault)"

HORS_217: Mapping[str, float] = {
    VIOLENCE: 19_000,
    "common assault": 540,
    "sexual offences": 19_000,
    "robbery": 4_700,
    BURGLARY_DWELLING: 2_300,
    "theft": 600,
    "criminal damage": 510,
    "burglary not in a dwelling": 2_700,
    "theft from a shop": 100,
    "commercial robbery": 5_000,
}
ONLINE_REPORT_30_05: Mapping[str, float] = {
    VIOLENCE: 10_407,
    "common assault": 1_440,
    "sexual offences": 31_438,
    "robbery": 7_282,
    BURGLARY_DWELLING: 3_268,
    "theft": 844,
    "criminal damage": 866,
}
UPRATED_2007_08: Mapping[str, float] = {
    VIOLENCE: 11_617,
    "common assault": 1_607,
    "sexual offences": 35_095,
    "robbery": 8_129,
    BURGLARY_DWELLING: 3_648,
    "theft": 942,
    "criminal damage": 967,
    "burglary not in a dwelling": 3_275,
    "theft from a shop": 121,
    "commercial robbery": 6_065,
}
RESEARCH_REPORT_99: Mapping[str, float] = {
    "rape": 39_360,
    "violence with injury": 14_050,
    "robbery": 11_320,
    "theft of vehicle": 10_290,
    "arson": 8_420,
    "other sexual offences": 6_520,
    "criminal damage": 1_350,
    "theft from vehicle": 870,
    "cyber crime": 550,
}
RESEARCH_REPORT_99_UNCONFIRMED: Mapping[str, float] = {
    "homicide": 3_217_740,
    BURGLARY_DWELLING: 5_930,
    "violence without injury": 5_930,
    "theft from person": 1_380,
    "fraud": 1_290,
    "commercial robbery": 15_000,
    "commercial burglary": 15_460,
}
_PROPERTY_PART: Mapping[str, float] = {BURGLARY_DWELLING: 830, "burglary not in a dwelling": 1_200}


def _figures(costs: Mapping[str, float], status: FigureStatus, source: str) -> dict[str, UnitCost]:
    return {offence: UnitCost(offence, pounds, status, source) for offence, pounds in costs.items()}


def _hors_217() -> dict[str, UnitCost]:
    """The two burglary figures were also given to Parliament, with the part that is property."""
    figures = _figures(HORS_217, FigureStatus.CONFIRMED, _TABLE)
    for offence, property_part in _PROPERTY_PART.items():
        figures[offence] = UnitCost(offence, HORS_217[offence], FigureStatus.CONFIRMED, _HANSARD, property_part)
    return figures


UNIT_COST_EDITIONS: Mapping[str, UnitCostEdition] = {
    edition.key: edition
    for edition in (
        UnitCostEdition("hors217", "Home Office Research Study 217", "2000", _hors_217()),
        UnitCostEdition(
            "online3005",
            "Home Office Online Report 30/05",
            "2003",
            _figures(ONLINE_REPORT_30_05, FigureStatus.CONFIRMED, _TABLE),
        ),
        UnitCostEdition(
            "uprated2007",
            "Home Office figures uprated to 2007-08 by the TaxPayers' Alliance",
            "2007-08",
            _figures(UPRATED_2007_08, FigureStatus.CONFIRMED, _TABLE),
        ),
        UnitCostEdition(
            "rr99",
            "Home Office Research Report 99",
            "2015-16",
            {
                **_figures(RESEARCH_REPORT_99, FigureStatus.CONFIRMED, _PRESS),
                **_figures(RESEARCH_REPORT_99_UNCONFIRMED, FigureStatus.UNCONFIRMED, _MEMORY),
            },
        ),
    )
}


def unit_cost_edition(key: str) -> UnitCostEdition:
    """The edition called ``key``. Raises CannotCompute with the keys there are."""
    if key not in UNIT_COST_EDITIONS:
        raise CannotCompute(f"There is no unit-cost edition “{key}”. There are: {', '.join(UNIT_COST_EDITIONS)}.")
    return UNIT_COST_EDITIONS[key]
