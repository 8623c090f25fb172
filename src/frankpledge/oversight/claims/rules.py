"""What is true of claims without a database: what is in the way of publication, and marks of a trouble.

Pure functions. No Django, no clock.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from frankpledge.analysis.claims.claims import DocumentCheck, Verdict
from frankpledge.oversight.claims.vocabulary import Standing
from frankpledge.vocabulary.wording import Phrase


@dataclass(frozen=True, slots=True)
class Trouble:
    """One conflict in the way of publication. ``mark`` changes when the figures behind it do."""

    key: str
    words: str
    sentence: Phrase
    mark: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed explanation that still fits what it explains."""

    trouble: Trouble
    text: str
    by_name: str
    on: str


@dataclass(frozen=True, slots=True)
class Publication:
    """Whether a document may go out, what is open, and what is printed with it."""

    standing: Standing
    open: tuple[Trouble, ...]
    signed: tuple[Signed, ...]

    @property
    def may(self) -> bool:
        """Whether it may go out now."""
        return self.standing is not Standing.BLOCKED


def troubles(check: DocumentCheck) -> list[Trouble]:
    """Everything in conflict: claims first, then what lies between them, each once."""
    found = [
        Trouble(one.claim.key, one.claim.words, one.why, mark(one.claim.key, one.claim.words, str(one.why)))
        for one in check.checked
        if one.verdict is Verdict.CONFLICT
    ]
    found += [
        Trouble(finding.key, str(finding.kind), finding.sentence, mark(finding.key, str(finding.sentence)))
        for finding in check.findings
        if finding.is_conflict
    ]
    return found


def mark(*parts: str) -> str:
    """The fingerprint of a trouble: of what is said and of what came out."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def publication(check: DocumentCheck, explained: Mapping[str, tuple[str, str, str]]) -> Publication:
    """``explained``: mark to (text, who, when). An explanation of other figures explains nothing."""
    open_, signed = [], []
    for trouble in troubles(check):
        given = explained.get(trouble.mark)
        if given is None:
            open_.append(trouble)
        else:
            signed.append(Signed(trouble, *given))
    standing = Standing.BLOCKED if open_ else Standing.SIGNED if signed else Standing.CLEAR
    return Publication(standing, tuple(open_), tuple(signed))


def next_key(taken: Sequence[str], letter: str) -> str:
    """The next free key of a claim: ``C7``."""
    numbers = [int(key[1:]) for key in taken if key[:1] == letter and key[1:].isdigit()]
    return f"{letter}{max(numbers, default=0) + 1}"
