"""Levels of area, the form of their codes, and rough limits of the land the codes cover.

Codes are the nine-character ONS codes (E, W; S and N appear in national files). A code that starts with X is made up,
for the demo partnership and tests; ONS issues none.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_CODE = re.compile(r"[ENSWX]\d{8}", re.ASCII)


class AreaLevel(StrEnum):
    """From the smallest up. A small area is a lower-layer super output area (LSOA)."""

    SMALL_AREA = "small area"
    WARD = "ward"
    PRIORITY_NEIGHBOURHOOD = "priority neighbourhood"
    DISTRICT = "district"
    PARTNERSHIP = "partnership"
    FORCE = "force"


class DenominatorUnit(StrEnum):
    """What a rate is per. Households and residents are different things and are never swapped."""

    HOUSEHOLDS = "households"
    RESIDENTS = "residents"
    PREMISES = "premises"


@dataclass(frozen=True, slots=True)
class DenominatorEdition:
    """One version of one denominator, such as households of the 2011 census on 2011 small areas."""

    key: str  # census-2011, census-2021, or a local estimate's own word
    unit: DenominatorUnit
    label: str  # "census 2011"
    small_area_vintage: int  # 2011 or 2021: the edition of small-area codes it is counted on


def is_area_code(text: str) -> bool:
    """Whether ``text`` has the form of a nine-character area code."""
    return bool(_CODE.fullmatch(text))


def small_area_short_name(name: str) -> str:
    """``Harborough 008D`` -> ``008D``: what remains when the district stands in the heading."""
    return name.rsplit(" ", 1)[-1]
