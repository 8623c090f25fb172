"""How protected homes were burgled all the same: alarm, way in and floor, as found at the visit after each burglary.

Mansfield printed such counts without what was not known: of 12 burglaries of protected homes one with the alarm set,
eight by an upper floor. Here what nobody looked at stays in the table, each part is a share of what is known with
Wilson's interval, and below ten known the share is not given at all.
Sources: Wilson E B (1927) JASA 22, 209-212 (the interval); see `rates`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frankpledge.analysis.before_after import RelativeEffectSize, relative_effect_size
from frankpledge.analysis.rates import wilson_limits
from frankpledge.analysis.results import Result, Table, rounded
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.wording import Phrase, whole, word

FEWEST_KNOWN = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: how often it was found, and its share of what is known; None with too few known."""

    word: str
    count: int
    share: float | None  # 0 to 1
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Question:
    """One question put at the visits. ``unknown``: nobody looked, or it could not be told."""

    key: str
    answers: tuple[Answer, ...]
    known: int
    unknown: int

    @property
    def enough(self) -> bool:
        """Whether enough is known to give shares."""
        return self.known >= FEWEST_KNOWN


@dataclass(frozen=True, kw_only=True)
class EntryFindings(Result):
    """What the visits found. ``n``: burglaries of protected homes, of which ``looked_at`` were visited and written."""

    looked_at: int
    questions: tuple[Question, ...]

    def sentence(self) -> Phrase:
        return Phrase(
            "Of {n} burglaries of protected homes {looked} were looked into.", n=whole(self.n),
            looked=whole(self.looked_at),
        )  # fmt: skip

    def table(self) -> Table:
        rows = [
            (str(word(question.key)), str(word(answer.word)), answer.count, answer.share, answer.lower, answer.upper)
            for question in self.questions
            for answer in (*question.answers, Answer("not known", question.unknown, None, None, None))
        ]
        return Table(("question", "answer", "burglaries", "share of known", "lower", "upper"), tuple(rows))

    def as_dict(self) -> dict[str, Any]:
        return {
            "burglaries": self.n,
            "looked_at": self.looked_at,
            "fewest_known": FEWEST_KNOWN,
            "questions": [
                {
                    "key": one.key,
                    "known": one.known,
                    "unknown": one.unknown,
                    "enough": one.enough,
                    "answers": [
                        {
                            "word": answer.word,
                            "count": answer.count,
                            "share": rounded(answer.share),
                            "lower": rounded(answer.lower),
                            "upper": rounded(answer.upper),
                        }
                        for answer in one.answers
                    ],
                }
                for one in self.questions
            ],
            **self.provenance(),
        }


def entry_findings(
    found: Sequence[Mapping[str, str | None]],
    *,
    burglaries: int,
    answers: Mapping[str, Sequence[str]],
    confidence: float = 0.95,
) -> EntryFindings:
    """Counts and shares of each question's answers.

    ``found``: for each burglary looked into the answer to each question, None where it could not be told. ``answers``:
    question -> its answers in the order to show them. Raises CannotCompute for more looked into than there were, or an
    answer the question does not have.
    """
    if len(found) > burglaries:
        raise CannotCompute("There cannot be more burglaries looked into than there were.")
    questions = []
    for key, words in answers.items():
        counts = Counter(one.get(key) for one in found)
        known = sum(n for answer, n in counts.items() if answer is not None)
        if not set(counts) <= {None, *words}:
            raise CannotCompute(f"There is an answer to “{key}” that the question does not have.")
        questions.append(
            Question(key, tuple(_answer(one, counts[one], known, confidence) for one in words), known,
                     burglaries - known)
        )  # fmt: skip
    return EntryFindings(
        n=burglaries,
        method=f"shares of what is known, {100 * confidence:g} % Wilson intervals; none below {FEWEST_KNOWN} known",
        looked_at=len(found),
        questions=tuple(questions),
    )


def _answer(said: str, count: int, known: int, confidence: float) -> Answer:
    if known < FEWEST_KNOWN:
        return Answer(said, count, None, None, None)
    limits = wilson_limits(count, known, confidence)
    return Answer(said, count, count / known, limits.lower, limits.upper)


def alarm_use_odds(
    *, burgled_set: int, burgled_not_set: int, asked_set: int, asked_not_set: int, confidence: float = 0.95
) -> RelativeEffectSize:
    """Odds of burglary with the alarm set over those with it not set, as an odds ratio: below 1, setting it helps.

    Burgled homes with an alarm against protected homes that were asked whether they set theirs: cases and controls, for
    nobody knows on how many days each alarm was set. Raises CannotCompute where fewer than ten are known on a side.
    """
    if min(burgled_set + burgled_not_set, asked_set + asked_not_set) < FEWEST_KNOWN:
        raise CannotCompute(f"Too few to say: it takes {FEWEST_KNOWN} burgled homes and as many asked.")
    return relative_effect_size(
        treated=(burgled_set, burgled_not_set), control=(asked_set, asked_not_set), confidence=confidence
    )
