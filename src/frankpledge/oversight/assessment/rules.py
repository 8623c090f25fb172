"""What is true of an assessment without a database: its sum, its checklist, its words against its figures, the county.

Content of a section, as JSON (made by ``drafting``): ``figures`` [{slot, label, value, number, unit, interval,
comparison, status, how, ...}], ``pictures`` [{title, svg, description, how, table, small}], ``tables`` [{caption,
columns, rows, notes, numeric, counts, rates}], ``missing`` [sentence]. A *slot* names a figure for good
(``burglary.count``), so that editions can be compared.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frankpledge.oversight.assessment.vocabulary import Chapter, CheckState, Mark
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.wording import decimal, whole

EXPORT_FORM = "frankpledge strategic assessment 1"
WORDS_LENGTH = 12_000
SHORTEST_WORDS = 40  # letters in a chapter that only people can write, from which it counts as written
MOST_DISTRICTS = 60
_SEND = "Send the file that “Data (JSON)” of an edition gives."
_NUMBER = re.compile(r"(?<![\w.,])[−-]?\d[\d,]*(?:\.\d+)?(?!\w)")

Content = Mapping[str, Any]


def empty_content() -> dict[str, Any]:
    """Content with nothing in it."""
    return {"figures": [], "pictures": [], "tables": [], "missing": []}


def check_words(words: str, what: str) -> str:
    """Tidy ``words``. Raises RuleBroken for more than a page can hold."""
    tidy = words.replace("\r\n", "\n").strip()
    if len(tidy) > WORDS_LENGTH:
        raise RuleBroken(f"{what}: {len(tidy):,} characters are too many; say it in {WORDS_LENGTH:,} or fewer.")
    return tidy


# -- the sum of an edition


def sealed(document: Any) -> str:
    """SHA-256 of the document as canonical JSON: the same content has the same sum on every machine."""
    return hashlib.sha256(
        json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    ).hexdigest()


# -- words against figures


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The text says ``said``, which stood for ``label``; the figure is now ``now``."""

    slot: str
    label: str
    said: str
    now: str

    def sentence(self) -> str:
        """What to look at."""
        return f"The text says {self.said} for “{self.label}”; the figure is now {self.now}."


def numbers_in(text: str) -> frozenset[str]:
    """Every number written in ``text``, without its commas: ``1,234`` and ``1234`` are the same."""
    return frozenset(_plain(found[0]) for found in _NUMBER.finditer(text))


def _plain(number: str) -> str:
    return number.replace(",", "").replace("−", "-").rstrip(".")


def values_of(content: Content) -> dict[str, str]:
    """The printed value of each slot, as it stands now."""
    return {figure["slot"]: figure["value"] for figure in content.get("figures", ()) if figure.get("value")}


def disagreements(words: str, then: Mapping[str, str], content: Content) -> list[Disagreement]:
    """Numbers of ``words`` that stood for a figure when they were written (``then``) and no longer do.

    A number that another figure of the section has now is still held against the figure it was written for: nobody but
    the writer knows which of the two was meant.
    """
    written = numbers_in(words)
    now = values_of(content)
    labels = {figure["slot"]: figure["label"] for figure in content.get("figures", ())}
    return [
        Disagreement(slot, labels.get(slot, slot), value, now[slot])
        for slot, value in then.items()
        if slot in now and now[slot] != value and numbers_in(value) and numbers_in(value) <= written
    ]


# -- what changed since the last edition


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure in two editions. ``clear``: whether the intervals lie apart; None where one has none."""

    slot: str
    label: str
    before: str
    after: str
    clear: bool | None

    @property
    def verdict(self) -> str:
        """The change in words."""
        if not self.before:
            return "new in this edition"
        if not self.after:
            return "no longer given"
        if self.clear is None:
            return "changed"
        return "changed, beyond chance" if self.clear else "no clear change"


def figures_by_slot(sections: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """All figures of a document's sections."""
    return {figure["slot"]: figure for section in sections for figure in section["content"].get("figures", ())}


def changes(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> list[FigureChange]:
    """Figures whose printed value differs between two editions, in the order of the newer one."""
    found = []
    for slot in [*after, *(slot for slot in before if slot not in after)]:
        old, new = before.get(slot), after.get(slot)
        said = (old["value"] if old else ""), (new["value"] if new else "")
        if said[0] != said[1]:
            label = (new or old or {}).get("label", slot)
            found.append(FigureChange(slot, label, said[0] or "", said[1] or "", _apart(old, new)))
    return found


def _apart(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> bool | None:
    if old is None or new is None or not old.get("limits") or not new.get("limits"):
        return None
    (low, high), (new_low, new_high) = old["limits"], new["limits"]
    if None in (low, high, new_low, new_high):
        return None
    return bool(new_low > high or new_high < low)


# -- the statutory checklist


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing an assessment must or should hold. ``mark``: how sure the wording is."""

    key: str
    words: str
    citation: str
    mark: Mark
    chapters: tuple[Chapter, ...]
    what_to_do: str


DUTIES = (
    Duty(
        "levels",
        "Levels and patterns of crime and disorder",
        "SI 2007/1830 regs 5 to 7; CDA 1998 s.6",
        Mark.LAW,
        (Chapter.THEMES, Chapter.PLACES),
        "Bring in the police’s files for the area.",
    ),
    Duty(
        "substances",
        "Levels and patterns of substance misuse",
        "SI 2007/1830 regs 5 to 7; CDA 1998 s.6",
        Mark.LAW,
        (Chapter.THEMES,),
        "Bring in drug offences, and ask the health commissioner for its depersonalised counts (SI 2007/1831).",
    ),
    Duty(
        "changes",
        "What changed since the last assessment, and why",
        "SI 2007/1830 reg 6",
        Mark.CHECK_LOCALLY,
        (Chapter.HORIZON,),
        "Write the reasons for the changes listed under “What changed”.",
    ),
    Duty(
        "priorities",
        "Matters the partnership should prioritise",
        "SI 2007/1830 regs 5 to 7",
        Mark.LAW,
        (Chapter.PRIORITIES,),
        "Score the issues in the scan and write the recommended priorities.",
    ),
    Duty(
        "voice",
        "The community’s views of levels, patterns and priorities",
        "SI 2007/1830 reg 12",
        Mark.LAW,
        (Chapter.VOICE,),
        "Bring in a survey, or write what was said at the year’s public meeting and to whom.",
    ),
    Duty(
        "delivery",
        "How far the last plan was delivered",
        "SI 2007/1830 reg 6",
        Mark.CHECK_LOCALLY,
        (Chapter.DELIVERY,),
        "Put the last plan’s milestones and targets on record, or write how far it was delivered.",
    ),
    Duty(
        "reoffending",
        "Reoffending",
        "CDA 1998 s.6, as amended",
        Mark.CHECK_LOCALLY,
        (Chapter.OFFENDING,),
        "Ask the police, probation and youth justice for what they know of who offends again.",
    ),
    Duty(
        "violence",
        "Serious violence",
        "CDA 1998 s.6, as amended in 2022",
        Mark.CHECK_LOCALLY,
        (Chapter.THEMES,),
        "Bring in a police extract with offence codes: the published types do not part serious from other violence.",
    ),
)


@dataclass(frozen=True, slots=True)
class Check:
    """A duty and where it stands."""

    duty: Duty
    state: CheckState
    why: str


# Duties that words alone can meet.
WORDS_SUFFICE = frozenset({"changes", "priorities"})


def checklist(sections: Sequence[Mapping[str, Any]]) -> list[Check]:
    """Each duty against the sections ({key, chapter, included, words, content})."""
    return [_checked(duty, [s for s in sections if s["included"]]) for duty in DUTIES]


def _checked(duty: Duty, sections: Sequence[Mapping[str, Any]]) -> Check:
    if duty.key == "substances":
        drugs = [s for s in sections if s["key"] == "theme:drugs" or _has_slot(s, "drugs.count")]
        if not drugs:
            return Check(duty, CheckState.MISSING, "No drug offences and no health counts are at hand.")
        return Check(duty, CheckState.PARTLY, "Drug offences follow what police look for; health counts are not in.")
    if duty.key == "violence":
        violent = any(_has_slot(s, "violence-and-sexual-offences.count") for s in sections)
        why = "Only violence and sexual offences as one type." if violent else "No violence is at hand."
        return Check(duty, CheckState.PARTLY if violent else CheckState.MISSING, why)
    if duty.key == "levels":
        counted = any(s["content"].get("figures") for s in sections if s["chapter"] == Chapter.THEMES)
        return Check(duty, CheckState.THERE if counted else CheckState.MISSING, "" if counted else duty.what_to_do)
    mine = [s for s in sections if s["chapter"] in duty.chapters]
    written = any(len(s["words"]) >= SHORTEST_WORDS for s in mine)
    figured = any(s["content"].get("figures") or s["content"].get("tables") for s in mine)
    unknown = [sentence for s in mine for sentence in s["content"].get("missing", ())]
    if written and unknown and not figured and duty.key not in WORDS_SUFFICE:
        return Check(duty, CheckState.PARTLY, unknown[0])
    if written:
        return Check(duty, CheckState.THERE, "")
    if figured:
        return Check(duty, CheckState.PARTLY, "The figures are there; nobody has written what they mean.")
    return Check(duty, CheckState.MISSING, duty.what_to_do)


def _has_slot(section: Mapping[str, Any], slot: str) -> bool:
    return any(figure["slot"] == slot for figure in section["content"].get("figures", ()))


# -- several districts, one county


@dataclass(frozen=True, slots=True)
class CountyTable:
    """``rows``: one for each theme with a (count, rate) for each district and the county's sum where it may be made."""

    districts: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The heading of each column."""
        pairs = [(f"{name}, count", f"{name}, rate") for name in self.districts]
        return ("Type", "Rate per 1,000", *(label for pair in pairs for label in pair), "County, count", "County, rate")


def read_export(text: str, name: str) -> dict[str, Any]:
    """An edition's exported JSON. Raises DataProblem, naming the file, for anything else or one that was changed."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise DataProblem(f"{name} is not JSON.", remedy=_SEND) from None
    if not isinstance(found, dict) or found.get("form") != EXPORT_FORM or not isinstance(found.get("edition"), dict):
        raise DataProblem(f"{name} is not an exported edition.", remedy=_SEND)
    if sealed(found["edition"]) != found.get("sha256"):
        raise DataProblem(
            f"{name} is not as it was approved: its sum does not agree.", remedy="Ask the district to export it again."
        )
    return found


def county_table(exports: Sequence[Mapping[str, Any]]) -> CountyTable:
    """Themes by district from exported editions.

    Districts are added only where all speak of the same months, the same source and the same edition of the
    denominator; where they do not, the sum is left out and a note says why. Raises DataProblem for two editions of one
    district, or fewer than two districts.
    """
    editions = [one["edition"] for one in exports]
    names = [edition["area_name"] for edition in editions]
    if len({edition["area_code"] for edition in editions}) != len(editions):
        raise DataProblem("Two of the files are editions of the same area.", remedy="Send one of each.")
    if not 2 <= len(editions) <= MOST_DISTRICTS:
        raise DataProblem(f"A county view takes 2 to {MOST_DISTRICTS} editions.")
    slots = [figures_by_slot(edition["sections"]) for edition in editions]
    themes = list(dict.fromkeys(slot for held in slots for slot in held if slot.endswith(".count")))
    notes: list[str] = []
    rows = [_county_row(theme.removesuffix(".count"), names, slots, notes) for theme in themes]
    return CountyTable(tuple(names), tuple(rows), tuple(dict.fromkeys(notes)))


def _county_row(
    theme: str, names: Sequence[str], slots: Sequence[Mapping[str, Mapping[str, Any]]], notes: list[str]
) -> tuple[Any, ...]:
    counts = [held.get(f"{theme}.count") for held in slots]
    rates = [held.get(f"{theme}.rate") for held in slots]
    label = next(figure["theme"] for figure in counts if figure)
    cells: list[Any] = []
    for count, rate in zip(counts, rates, strict=True):
        cells += [count["number"] if count else None, _rounded(rate)]
    missing = [name for name, count in zip(names, counts, strict=True) if count is None]
    if missing:
        notes.append(f"{label}: not given by {', '.join(missing)}, so there is no sum for the county.")
        return (label, "", *cells, None, None)
    periods = {count["period"] for count in counts if count}
    sources = {count["source"] for count in counts if count}
    if len(periods) > 1 or len(sources) > 1:
        notes.append(f"{label}: the districts speak of different periods or sources, so they are not added.")
        return (label, "", *cells, None, None)
    total = sum(count["number"] for count in counts if count)
    known = [rate for rate in rates if rate and rate.get("denominator")]
    editions = {rate["denominator_edition"] for rate in known}
    if len(known) < len(names) or len(editions) != 1:
        notes.append(f"{label}: the districts’ rates are not per the same denominator, so the county has none.")
        return (label, "", *cells, total, None)
    size = sum(rate["denominator"] for rate in known)
    return (label, known[0]["per"], *cells, total, round(1000 * total / size, 2))


def _rounded(rate: Mapping[str, Any] | None) -> float | None:
    return None if not rate or rate.get("number") is None else round(rate["number"], 2)


# -- the scan matrix


DEFAULT_CRITERIA: tuple[dict[str, Any], ...] = (
    {"key": "harm", "label": "Harm", "weight": 30, "ask": "How much does one incident hurt people and places?"},
    {"key": "likelihood", "label": "Likelihood", "weight": 20, "ask": "How often does it happen here?"},
    {"key": "trend", "label": "Trend", "weight": 15, "ask": "Is it growing beyond chance?"},
    {"key": "concern", "label": "Public concern", "weight": 20, "ask": "How much do people here worry about it?"},
    {
        "key": "capability",
        "label": "Room to act",
        "weight": 15,
        "ask": "How much could partners change by acting together?",
    },
)
TOP = 5
SCALE = ("none", "very low", "low", "medium", "high", "very high")


def likelihood_score(count: int, counts: Sequence[int]) -> int:
    """1 to 5 by where ``count`` stands among all types' ``counts``: the top fifth gets 5."""
    below = sum(other < count for other in counts)
    return 1 + min(4, int(5 * below / max(len(counts), 1)))


# The status word of a count's figure -> the score of its trend. “Not like for like” and “too few to say” give none.
TREND_STATUSES = {"more, beyond chance": 5, "no clear change": 3, "fewer, beyond chance": 1}


# -- small things several modules print


def share_words(part: float) -> str:
    """``0.134`` -> ``13 %``."""
    return f"{decimal(100 * part, 0)} %"


def sections_of(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The sections of a document that are part of it."""
    return (section for section in document["sections"] if section["included"])


def count_words(number: int, one: str, many: str) -> str:
    """``1 ward``, ``12 wards``."""
    return f"{whole(number)} {one if number == 1 else many}"
