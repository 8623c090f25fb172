"""What a person asked to see, read from the address. What makes no sense is told in one sentence, never guessed."""

from collections.abc import Mapping
from dataclasses import dataclass

from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.periods import Month, MonthSpan

LONGEST_WORD = 80


@dataclass(frozen=True, slots=True)
class PictureQuery:
    """Area by code or name (empty: the partnership's own), type, period, source, edition (None: the best at hand)."""

    area: str = ""
    crime_type: CrimeType = CrimeType.BURGLARY
    first: Month | None = None
    last: Month | None = None
    source: str | None = None
    edition: str | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "PictureQuery":
        """From the address's query. Raises DataProblem for an unknown type and for what is not a month."""
        words = {
            name: asked.get(name, "").strip()[:LONGEST_WORD]
            for name in ("area", "type", "from", "to", "source", "edition")
        }
        query = cls(
            area=words["area"],
            crime_type=_crime_type(words["type"] or CrimeType.BURGLARY.value),
            first=Month.parse(words["from"]) if words["from"] else None,
            last=Month.parse(words["to"]) if words["to"] else None,
            source=words["source"] or None,
            edition=words["edition"] or None,
        )
        if query.first and query.last:
            MonthSpan(query.first, query.last)  # raises when the two are the wrong way round
        return query


def _crime_type(word: str) -> CrimeType:
    try:
        return CrimeType(word)
    except ValueError:
        raise DataProblem(f"There is no type “{word}”.", remedy="Choose one from the list.") from None
