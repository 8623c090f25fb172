"""How sure one may be that a programme worked: four words a councillor can hold on to."""

from enum import StrEnum

QUARTER = 91  # days: a programme is looked at in stretches of thirteen weeks, so that weekdays count alike


class ProgrammeVerdict(StrEnum):
    """From harm to a size that is well known. The value is what a reader is told."""

    WORSE = "It made things worse"
    UNCLEAR = "No clear difference"
    PROBABLY = "Probably worked: the size is uncertain"
    WORKED = "Worked: the size is well known"
