"""Sentences with numbers in them, written once in English and sayable in another language.

A ``Phrase`` is the English sentence (a plain ``str`` wherever one is wanted) that remembers its template and its
values, so a page can ask for it again through a translator: ``phrase.said(gettext)``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from frankpledge.vocabulary.periods import Month, MonthSpan

Translate = Callable[[str], str]


def in_english(text: str) -> str:
    """The translator that changes nothing."""
    return text


class Phrase(str):
    """``Phrase("{count} in the {period}", count="369", period=span)``: values may be phrases, months, spans or tuples.

    A tuple is said as a list: ``a, b and c``.
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, **values: Any) -> "Phrase":
        phrase = super().__new__(cls, _filled(template, values, in_english))
        phrase.template = template
        phrase.values = values
        return phrase

    def said(self, translate: Translate) -> str:
        """The sentence in the language of ``translate``, values included."""
        return _filled(translate(self.template), self.values, translate)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_remade, (self.template, dict(self.values)))


def word(text: str) -> Phrase:
    """A word or sentence that code or data chose: said in another language where its translator knows it."""
    return text if isinstance(text, Phrase) else Phrase(text.replace("{", "{{").replace("}", "}}"))


def _remade(template: str, values: dict[str, Any]) -> Phrase:
    return Phrase(template, **values)


def _filled(template: str, values: Mapping[str, Any], translate: Translate) -> str:
    return template.format(**{name: said(value, translate) for name, value in values.items()})


def said(value: object, translate: Translate = in_english) -> str:
    """Any value as words: phrases, months and spans in the language of ``translate``, lists joined with *and*."""
    if isinstance(value, Phrase):
        return value.said(translate)
    if isinstance(value, Month):
        name, year = value.label.split(" ")
        return f"{translate(name)} {year}"
    if isinstance(value, MonthSpan):
        return span_phrase(value).said(translate)
    if isinstance(value, tuple | list):
        return _listed([said(item, translate) for item in value], translate("and"))
    return str(value)


def span_phrase(span: MonthSpan) -> Phrase:
    """``year to October 2022``, ``quarter to June 2026``, ``June 2026``, ``October 2018 to February 2019``."""
    if len(span) == 1:
        return Phrase("{month}", month=span.last)
    if len(span) == 12:
        return Phrase("year to {month}", month=span.last)
    if len(span) == 3:
        return Phrase("quarter to {month}", month=span.last)
    return Phrase("{first} to {last}", first=span.first, last=span.last)


def _listed(items: list[str], conjunction: str) -> str:
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def whole(value: float) -> str:
    """``1234`` -> ``1,234``."""
    return f"{round(value):,}"


def decimal(value: float, places: int = 1) -> str:
    """``10.5737`` -> ``10.6``; thousands with commas; never minus nought."""
    return f"{round(value, places) + 0.0:,.{places}f}"


def share(value: float) -> str:
    """A share as a percentage: ``0.134`` -> ``13 %``; below one in a hundred ``under 1 %``."""
    if 0 < value < 0.01:
        return "under 1 %"
    return f"{100 * value:.0f} %"


def ordinary(count: int) -> str:
    """Small whole numbers as words, as British prose does: ``6`` -> ``six``; from ten in figures."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[count] if 0 <= count < len(words) else whole(count)
