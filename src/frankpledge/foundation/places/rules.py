"""Shapes of places as they are stored, and what may not be stored at all."""

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from frankpledge.vocabulary.areas import is_area_code
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.geography import Geography, Outline
from frankpledge.vocabulary.premises import Premises

LONGEST_NAME = 200
LONGEST_KEY = 60
LONGEST_LABEL = 120
LONGEST_POSTCODE = 8
LONGEST_UPRN = 13
GRID_EAST, GRID_NORTH = 700_000, 1_300_000  # metres: the extent of the British National Grid


def outline_as_text(outline: Outline) -> str:
    """Compact JSON: each ring one list of whole metres x, y, x, y ..."""
    rings = [[[metre for point in ring for metre in point] for ring in polygon] for polygon in outline]
    return json.dumps(rings, separators=(",", ":"))


def outline_from_text(text: str) -> Outline:
    """What ``outline_as_text`` wrote."""
    return tuple(
        tuple(tuple(zip(ring[0::2], ring[1::2], strict=True)) for ring in polygon) for polygon in json.loads(text)
    )


STREET_PIECES = 3  # between its two ends a street is drawn through so many places at most


def street_line(homes: Sequence[tuple[float, float]]) -> tuple[tuple[int, int], ...]:
    """A street as a line through its homes of both sides, in whole metres; empty for fewer than four homes.

    The line runs along the direction in which the homes spread most, from end to end through the middle of each piece.
    """
    if len(homes) < 4:
        return ()
    x, y = (sum(part) / len(homes) for part in zip(*homes, strict=True))
    along = sum((a - x) ** 2 for a, _ in homes) - sum((b - y) ** 2 for _, b in homes)
    turn = math.atan2(2 * sum((a - x) * (b - y) for a, b in homes), along) / 2
    ordered = sorted(homes, key=lambda home: (home[0] - x) * math.cos(turn) + (home[1] - y) * math.sin(turn))
    pieces = min(STREET_PIECES, len(homes) // 2)
    cuts = [round(piece * len(homes) / pieces) for piece in range(pieces + 1)]
    parts = [ordered[:2], *(ordered[start:end] for start, end in pairwise(cuts)), ordered[-2:]]
    return tuple(
        (round(sum(a for a, _ in part) / len(part)), round(sum(b for _, b in part) / len(part))) for part in parts
    )


def fingerprint(geography: Geography) -> str:
    """SHA-256 of all a geography says, whatever the order it says it in."""
    parts = {
        "vintage": geography.small_area_vintage,
        "areas": {code: [a.name, a.level.value, a.welsh_name] for code, a in geography.areas.items()},
        "parents": {code: {level.value: p for level, p in above.items()} for code, above in geography.parents.items()},
        "outlines": {code: outline_as_text(outline) for code, outline in geography.outlines.items()},
        "denominators": {
            key: [d.edition.unit.value, d.edition.label, d.edition.small_area_vintage, dict(d.by_small_area)]
            for key, d in geography.denominators.items()
        },
        "best fit": sorted(level.value for level in geography.best_fit_levels),
        "deprivation": dict(geography.deprivation),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def check_geography(geography: Geography) -> None:
    """Raises DataProblem, one sentence, for a geography that does not hold together or would not fit the tables."""
    if not geography.parents:
        raise DataProblem("There are no small areas in these boundaries.", remedy="Give the folder that holds them.")
    for area in geography.areas.values():
        if not is_area_code(area.code):
            raise DataProblem(f"“{area.code[:40]}” is not the code of an area.")
        if not area.name.strip() or len(area.name) > LONGEST_NAME:
            raise DataProblem(f"The area {area.code} has no name, or one longer than {LONGEST_NAME} letters.")
    for small, above in geography.parents.items():
        if not above:
            raise DataProblem(
                f"The small area {small} lies in no district, ward or other area.",
                remedy="Give the boundaries of districts or the lookups too.",
            )
        missing = next((code for code in (small, *above.values()) if code not in geography.areas), None)
        if missing:
            raise DataProblem(f"The small area {small} refers to {missing}, which is not among the areas.")
    for key, denominator in geography.denominators.items():
        if len(key) > LONGEST_KEY or len(denominator.edition.label) > LONGEST_LABEL:
            raise DataProblem(f"The name of the edition “{key[:40]}” is too long.")
        wrong = next((code for code, value in denominator.by_small_area.items() if value < 0), None)
        if wrong:
            raise DataProblem(f"{denominator.edition.label}: the value for {wrong} is below nought.")


def check_premises(premises: Iterable[Premises]) -> None:
    """Raises DataProblem, one sentence naming the first at fault, for premises that cannot be stored."""
    for one in premises:
        if not one.uprn.isdigit() or len(one.uprn) > LONGEST_UPRN:
            raise DataProblem(f"“{one.uprn[:40]}” is not a unique property reference number.")
        if not (0 <= one.easting <= GRID_EAST and 0 <= one.northing <= GRID_NORTH):
            raise DataProblem(f"Premises {one.uprn}: {one.easting}, {one.northing} is not on the National Grid.")
        if not one.address.strip() or len(one.address) > LONGEST_NAME or len(one.postcode) > LONGEST_POSTCODE:
            raise DataProblem(f"Premises {one.uprn}: the address or postcode is missing or too long.")
        if not is_area_code(one.small_area):
            raise DataProblem(f"Premises {one.uprn}: “{one.small_area[:40]}” is not the code of a small area.")
