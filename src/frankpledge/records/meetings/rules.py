"""What a decision or a delegation must say, and whether one keeps to the other. Plain values, no database, no clock."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from frankpledge.records.meetings.vocabulary import Standing
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.wording import Phrase

TITLE_LENGTH = 200
WORDS_LENGTH = 4_000
NAMES_LENGTH = 300
SUBJECT_LENGTH = 120
MOST_FIGURES = 100
MOST_POUNDS = Decimal("1000000000")
ENDS_SOON_DAYS = 90
_SUBJECT = re.compile(r"[a-z_]+:[^\s:][^:]*")


def check_decision(
    *, title: str, decided: str, decided_by: str, reasons: str, decided_on: date, today: date, subject: str
) -> None:
    """Raise RuleBroken, in one sentence, for a decision that says too little or too much, or lies in the future."""
    for words, ask, most in (
        (title, "Say in a few words what was decided about.", TITLE_LENGTH),
        (decided, "Say what was decided.", WORDS_LENGTH),
        (decided_by, "Say who decided.", NAMES_LENGTH),
        (reasons, "Give the reasons: a decision without them cannot be explained next year.", WORDS_LENGTH),
    ):
        if not words.strip():
            raise RuleBroken(ask)
        if len(words) > most:
            raise RuleBroken(f"Say it in {most:,} characters or fewer: “{words[:40]}…” has {len(words):,}.")
    if decided_on > today:
        raise RuleBroken("A decision is recorded when it has been taken: its day cannot lie ahead.")
    if subject and (len(subject) > SUBJECT_LENGTH or not _SUBJECT.fullmatch(subject)):
        raise RuleBroken("What a decision is about is named as room and key, such as “assessment:R1”.")


def tidy_keys(keys: Sequence[str]) -> list[str]:
    """Figure keys, each once, in the order given. Raises RuleBroken for more than anybody could have looked at."""
    tidy = list(dict.fromkeys(key.strip() for key in keys if key.strip()))
    if len(tidy) > MOST_FIGURES:
        raise RuleBroken(f"A decision rests on {MOST_FIGURES} figures at most: name those that decided it.")
    return tidy


def check_amount(amount: Decimal | None) -> None:
    """Raise RuleBroken for pounds that cannot be given."""
    if amount is not None and not 0 <= amount < MOST_POUNDS:
        raise RuleBroken("The amount decided is pounds, nought or more.")


def check_delegation(
    *,
    what: str,
    holder: str,
    limit: Decimal | None,
    limit_words: str,
    since: date,
    until: date | None,
    decided_on: date,
) -> None:
    """Raise RuleBroken for a delegation without substance, holder or limit, or one that begins before its decision."""
    if not what.strip():
        raise RuleBroken("Say what may be decided.")
    if not holder.strip():
        raise RuleBroken("Say who may decide it: an agency, a person, or both.")
    if limit is None and not limit_words.strip():
        raise RuleBroken("Give the limit, in pounds or in words: without one anything may be decided.")
    check_amount(limit)
    for words, most in ((what, WORDS_LENGTH), (limit_words, NAMES_LENGTH)):
        if len(words) > most:
            raise RuleBroken(f"Say it in {most:,} characters or fewer: “{words[:40]}…” has {len(words):,}.")
    if until is not None and until < since:
        raise RuleBroken("The delegation ends before it begins. Swap the two days.")
    if since < decided_on:
        raise RuleBroken(f"It was decided on {_day(decided_on)}: nothing is delegated before that day.")


def standing(since: date, last_on: date | None, today: date) -> Standing:
    """Where a delegation stands today. Its last day still counts."""
    if today < since:
        return Standing.TO_COME
    return Standing.ENDED if last_on is not None and today > last_on else Standing.LIVE


def beyond(
    *, amount: Decimal | None, decided_on: date, limit: Decimal | None, since: date, last_on: date | None
) -> list[Phrase]:
    """What a decision does that its delegation does not cover, each in a sentence; empty where it keeps to it."""
    found = []
    if amount is not None and limit is not None and amount > limit:
        found.append(
            Phrase(
                "£{amount} is £{over} beyond the limit of £{limit}.",
                amount=_pounds(amount),
                over=_pounds(amount - limit),
                limit=_pounds(limit),
            )
        )
    if decided_on < since:
        found.append(Phrase("It was decided before the delegation began on {day}.", day=_said(since)))
    if last_on is not None and decided_on > last_on:
        found.append(Phrase("It was decided after the delegation ended on {day}.", day=_said(last_on)))
    return found


def to_check(*, amount: Decimal | None, limit: Decimal | None, limit_words: str) -> list[Phrase]:
    """What of a limit no machine can check for a decision taken under it, in sentences."""
    found = []
    if amount is None and limit is not None:
        found.append(Phrase("No amount is given, so the limit of £{limit} cannot be checked.", limit=_pounds(limit)))
    if limit_words:
        found.append(Phrase("The limit is also in words, which a person must check: {words}", words=limit_words))
    return found


def _pounds(value: Decimal) -> str:
    return f"{value:,.2f}".removesuffix(".00")


def _said(day: date) -> Phrase:
    return Phrase("{day} {month}", day=str(day.day), month=Month.of(day))


def _day(day: date) -> str:
    return f"{day.day} {Month.of(day).label}"
