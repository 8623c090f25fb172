"""Small made-up files, and short ways to read them in tests."""

from collections.abc import Sequence
from pathlib import Path

from frankpledge.sources.registry import read_any
from frankpledge.vocabulary.deliveries import Delivery, Refusal

STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)
NAME = "2021-01-leicestershire-street.csv"


def street_row(
    crime_id: str = "a1",
    month: str = "2021-01",
    force: str = "Leicestershire Police",
    place: str = "-1.214176,52.621663,On or near Lowland Avenue,E01025631,Blaby 002A",
    kind: str = "Burglary",
    outcome: str = "Under investigation",
) -> str:
    """One row of a street-level file; each part can be given another value."""
    return f"{crime_id},{month},{force},{force},{place},{kind},{outcome},"


def write_street(folder: Path, rows: Sequence[str], name: str = NAME, end: str = "\n") -> Path:
    """A street-level file of these rows in ``folder``."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((end.join([STREET, *rows]) + end).encode())
    return path


def read_all(path: Path) -> list[Delivery | Refusal]:
    return list(read_any(path))


def read_one(path: Path) -> Delivery:
    """The one delivery in ``path``."""
    (outcome,) = read_any(path)
    assert isinstance(outcome, Delivery), outcome
    return outcome


def refusal_of(path: Path) -> str:
    """The sentence with which the one file in ``path`` is refused."""
    (outcome,) = read_any(path)
    assert isinstance(outcome, Refusal), outcome
    return outcome.sentence
