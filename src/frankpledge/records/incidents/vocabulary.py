"""Words of the evidence catalogue. The value stored is the word on the page."""

from dataclasses import dataclass
from enum import StrEnum

from frankpledge.vocabulary.deliveries import SOURCE_LABELS


class BatchState(StrEnum):
    """What a batch is used for now."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class OutcomeOfDelivery(StrEnum):
    """What became of a delivery."""

    STORED = "stored"
    ALREADY_HERE = "already here"
    SUPERSEDED = "superseded"
    CAME_BACK = "came back"


class UploadState(StrEnum):
    """Where an uploaded file stands. The bytes are kept only while it waits."""

    WAITING = "waiting"
    ASKING = "asking"
    IMPORTED = "imported"
    REFUSED = "refused"


class UploadQuestion(StrEnum):
    """What a person has to say before an uploaded file goes on."""

    COLUMNS = "what the columns mean"
    SUPERSEDE = "whether it takes the place of an earlier file"


class RowState(StrEnum):
    """What became of a row in quarantine."""

    WAITING = "waiting"
    RELEASED = "released"
    REFUSED = "refused"


class Shape(StrEnum):
    """What the rows of a batch are."""

    EVENTS = "events"
    COUNTS = "counts"
    PREMISES = "premises"
    ANSWERS = "answers"


class CellState(StrEnum):
    """What the grid shows for one source, publisher and month."""

    IN = "in"
    MISSING = "missing"
    WITHDRAWN = "withdrawn"
    OUTSIDE = "outside"  # before the first or after the last month this publisher ever sent


class Verdict(StrEnum):
    """How a figure of a batch stands against the batches around it."""

    AS_USUAL = "as usual"
    UNUSUAL = "unusual"
    NOTHING_TO_COMPARE = "nothing to compare with"


@dataclass(frozen=True, slots=True)
class SourceWords:
    """How a source is spoken of, and what allows us to hold it."""

    label: str
    rhythm: str
    legal_basis: str
    # A word of the agencies' data classes, and the kind of agency that sends it; both empty for what is published.
    data_class: str = ""
    kind: str = ""


_OPEN = "Open Government Licence v3.0: published data without names"
_SHARED = "Crime and Disorder Act 1998, sections 17A and 115: shared between responsible authorities"

UNCLASSED = "depersonalised records"
"""The class of data of a partner's file whose profile names none: never taken for published."""

SOURCES: dict[str, SourceWords] = {
    "police-uk-street": SourceWords(SOURCE_LABELS["police-uk-street"], "monthly, two months behind", _OPEN),
    "police-uk-outcomes": SourceWords(SOURCE_LABELS["police-uk-outcomes"], "monthly, two months behind", _OPEN),
    "police-uk-stop-and-search": SourceWords(SOURCE_LABELS["police-uk-stop-and-search"], "monthly", _OPEN),
    "police-extract": SourceWords(SOURCE_LABELS["police-extract"], "monthly", _SHARED, "crime records", "police"),
    "council-asb": SourceWords(
        SOURCE_LABELS["council-asb"], "monthly", _SHARED, "anti-social behaviour records", "council"
    ),
    "fire-incidents": SourceWords(
        SOURCE_LABELS["fire-incidents"], "monthly", _SHARED, "fire and rescue records", "fire and rescue"
    ),
}


def source_words(source: str) -> SourceWords:
    """The words for ``source``; its own name where we have none yet."""
    return SOURCES.get(source) or SourceWords(source.replace("-", " ").capitalize(), "", _SHARED, UNCLASSED)
