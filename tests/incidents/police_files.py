"""Small made-up files in the form of data.police.uk, for tests and campaigns."""

import hashlib
from pathlib import Path

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)
TYPES = ("Burglary", "Drugs", "Robbery", "Anti-social behaviour")
FORCE = "Leicestershire Police"


def street_rows(month: str, rows: int, *, edition: int = 1, in_the_sea: bool = True) -> list[str]:
    """``rows`` lines of one month. Another ``edition`` has other Crime IDs; every tenth row lies ``in_the_sea``."""
    return [_row(month, number, edition, in_the_sea and number % 10 == 9) for number in range(rows)]


def _row(month: str, number: int, edition: int, in_the_sea: bool) -> str:
    kind = TYPES[number % len(TYPES)]
    crime_id = "" if kind == TYPES[3] else hashlib.sha256(f"{month} {number} {edition}".encode()).hexdigest()
    outcome = "" if kind == TYPES[3] else "Under investigation"
    longitude, latitude = (-6.5, 49.0) if in_the_sea else (-1.13 + number % 50 / 1000, 52.63)
    return (
        f"{crime_id},{month},{FORCE},{FORCE},{longitude:.6f},{latitude:.6f},On or near Made Up Street,"
        f"E01025{600 + number % 90},Made up {number % 90:03d}A,{kind},{outcome},"
    )


def write_street_file(folder: Path, month: str, rows: int, *, edition: int = 1, in_the_sea: bool = True) -> Path:
    """Write one month's file and return where it is."""
    path = folder / f"{month}-leicestershire-street.csv"
    return write_lines(path, street_rows(month, rows, edition=edition, in_the_sea=in_the_sea))


def write_lines(path: Path, rows: list[str]) -> Path:
    """Write the header and ``rows``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path
