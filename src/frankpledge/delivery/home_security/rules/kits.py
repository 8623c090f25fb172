"""The register of marking kits, by arithmetic: codes that came back confirmed are told apart, and none is dropped."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from frankpledge.delivery.home_security.rules.crew import is_well_formed, plain_code
from frankpledge.vocabulary.errors import DataProblem

MOST_ROWS = 20_000
LONGEST_LINE = 1_000  # a longer one is no line of a table of codes: it is one row, and not ours
LOOK_UPS_AN_HOUR = 20
SHORTEST_REASON = 5
# Headings under which national databases and suppliers give the code.
HEADINGS = ("code", "kit code", "unique code", "kit", "marking code")


class Confirmation(StrEnum):
    """What a row of a confirmation is to us."""

    CONFIRMED = "confirmed"
    ALREADY = "already confirmed"
    NOT_OURS = "not ours"


class WhyNotOurs(StrEnum):
    """Why a row of a confirmation is no kit of ours that a home has."""

    UNKNOWN = "no kit of ours has this code"
    NOT_A_CODE = "this cannot be a code"
    NO_HOME = "no home has this kit"
    GONE = "this code is out of use"


@dataclass(frozen=True, slots=True)
class Held:
    """What the register says of one code."""

    has_home: bool
    is_registered: bool
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The rows of a confirmation, told apart: ``read`` is always the sum of the three."""

    confirmed: tuple[str, ...]
    already: tuple[str, ...]
    not_ours: tuple[tuple[str, WhyNotOurs], ...]

    @property
    def read(self) -> int:
        """Rows that came in."""
        return len(self.confirmed) + len(self.already) + len(self.not_ours)


def rows_of(text: str) -> list[str]:
    """The codes of a paste or a file as written: one to a line, or the column of a table whose heading says "code".

    Empty lines are no rows. Raises DataProblem for nothing, or for more than 20,000.
    """
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if not lines:
        raise DataProblem("There is no code in it. Paste one code to a line, or choose the file the database sent.")
    separator = next((one for one in ("\t", ";", ",") if one in lines[0]), "")
    cells = [_cells(line, separator) for line in lines]
    heads = [cell.strip().lower() for cell in cells[0]]
    at = next((heads.index(name) for name in HEADINGS if name in heads), None)
    rows = cells if at is None else cells[1:]
    if len(rows) > MOST_ROWS:
        raise DataProblem(f"It has {len(rows):,} rows. Send at most {MOST_ROWS:,} at once.")
    return [row[at or 0].strip() if len(row) > (at or 0) else "" for row in rows]


def _cells(line: str, separator: str) -> list[str]:
    """The cells of one line. Each line is read by itself, so that a stray quotation mark swallows no other line."""
    if not separator or len(line) > LONGEST_LINE:
        return [line]
    return next(csv.reader([line], delimiter=separator), [""])


def confirmation(rows: Iterable[str], held: Mapping[str, Held]) -> Confirmed:
    """Tell the rows of a confirmation apart. A code that stands in it twice is confirmed once, then already confirmed.

    ``held``: what the register says, by plain code.
    """
    confirmed: dict[str, None] = {}
    already: list[str] = []
    not_ours: list[tuple[str, WhyNotOurs]] = []
    for written in rows:
        code = plain_code(written)
        ours = held.get(code)
        if ours is None:
            not_ours.append((written, WhyNotOurs.UNKNOWN if is_well_formed(code) else WhyNotOurs.NOT_A_CODE))
        elif ours.is_gone:
            not_ours.append((written, WhyNotOurs.GONE))
        elif not ours.has_home:
            not_ours.append((written, WhyNotOurs.NO_HOME))
        elif ours.is_registered or code in confirmed:
            already.append(code)
        else:
            confirmed[code] = None
    return Confirmed(tuple(confirmed), tuple(already), tuple(not_ours))


def check_reason(reason: str) -> str:
    """The reason for a look-up, tidied. Raises DataProblem where none is given that says anything."""
    tidy = " ".join(reason.split())
    if len(tidy) < SHORTEST_REASON or not any(sign.isalnum() for sign in tidy):
        raise DataProblem("Say why you look it up: the crime reference, or where the item was found.")
    return tidy


def days_waiting(issued_on: date | None, today: date) -> int:
    """How many days a kit has waited to be registered."""
    return max((today - issued_on).days, 0) if issued_on else 0
