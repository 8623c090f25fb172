"""Words of the evidence catalogue. The value stored is the word on the page."""

from dataclasses import dataclass
from enum import StrEnum

from frankpledge.sources.profiles import Profile, shipped
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
    agreement: str = ""


_OPEN = "Open Government Licence v3.0: published data without names"
SHARED_BASIS = "Crime and Disorder Act 1998, sections 17A and 115: shared between responsible authorities"

UNCLASSED = "depersonalised records"
"""The class of data of a partner's file whose profile names none: never taken for published."""

PUBLISHED = "published"
"""The legal basis of a profile whose files anybody may read."""

RHYTHMS = {1: "monthly", 3: "quarterly", 12: "yearly"}
"""Months that one file covers -> how that is said."""

SOURCES: dict[str, SourceWords] = {
    "police-uk-street": SourceWords(SOURCE_LABELS["police-uk-street"], "monthly, two months behind", _OPEN),
    "police-uk-outcomes": SourceWords(SOURCE_LABELS["police-uk-outcomes"], "monthly, two months behind", _OPEN),
    "police-uk-stop-and-search": SourceWords(SOURCE_LABELS["police-uk-stop-and-search"], "monthly", _OPEN),
    "police-extract": SourceWords(SOURCE_LABELS["police-extract"], "monthly", SHARED_BASIS, "crime records", "police"),
    "council-asb": SourceWords(
        SOURCE_LABELS["council-asb"], "monthly", SHARED_BASIS, "anti-social behaviour records", "council"
    ),
    "fire-incidents": SourceWords(
        SOURCE_LABELS["fire-incidents"], "monthly", SHARED_BASIS, "fire and rescue records", "fire and rescue"
    ),
}


def source_words(source: str) -> SourceWords:
    """The words for ``source``: ours, else those of the profile that ships, else its own name."""
    if source in SOURCES:
        return SOURCES[source]
    profile = shipped().get(source)
    if profile is None:
        return SourceWords(source.replace("-", " ").capitalize(), "", SHARED_BASIS, UNCLASSED)
    return words_of_profile(profile)


def words_of_profile(profile: Profile) -> SourceWords:
    """The words for a source that a profile reads."""
    label = profile.label.removeprefix("a ").removeprefix("an ")
    published = profile.legal_basis == PUBLISHED
    return SourceWords(
        label=f"{label[:1].upper()}{label[1:]}",
        rhythm=RHYTHMS.get(profile.period.months, ""),
        legal_basis=f"Published: {profile.agreement}" if published else profile.legal_basis or SHARED_BASIS,
        data_class="" if published else profile.data_class or UNCLASSED,
        kind="" if published else profile.sent_by,
        agreement=profile.agreement,
    )
