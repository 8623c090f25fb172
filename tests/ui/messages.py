"""Finds every sentence people can read: in Django templates, Jinja templates, and code that asks for a translation."""

import ast
import calendar
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize
from jinja2.ext import babel_extract

from frankpledge.analysis.expected_range import MonthStanding
from frankpledge.analysis.funnel import Standing
from frankpledge.analysis.rates import Verdict
from frankpledge.records.incidents.quality import SHARES
from frankpledge.records.incidents.vocabulary import SOURCES
from frankpledge.vocabulary.areas import DenominatorUnit
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import RowFault
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.wording import ordinary

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "frankpledge"
CATALOGUE = PACKAGE / "ui" / "locale" / "cy" / "LC_MESSAGES" / "django.po"

SHOWN_IF_REACHED = {file for folder in ("analysis", "reports") for file in (PACKAGE / folder).glob("*.py")}

# what the code calls on a sentence for the screen; Phrase keeps its template and is said in the reader's language
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "translate": None,
    "_": None,
    "Phrase": None,
}


def sentences() -> dict[str, str]:
    """Every sentence (English singular) -> the first file it stands in, relative to the package."""
    return {sentence: file for (sentence, _plural), file in messages().items()}


def messages() -> dict[tuple[str, str | None], str]:
    """Every message (English singular, and plural where it has one) -> the first file it stands in."""
    found: dict[tuple[str, str | None], str] = {}
    unseen = SHOWN_IF_REACHED - on_pages()
    for file in sorted(PACKAGE.rglob("*")):
        for message in () if file in unseen else _in_file(file):
            found.setdefault(message, str(file.relative_to(PACKAGE)))
    for word in chosen_words():
        if all(word != singular for singular, _plural in found):
            found[word, None] = "vocabulary"
    return found


def on_pages() -> set[Path]:
    """The modules of ``analysis`` and ``reports`` that pages show: reached from their code, not from commands."""
    reached: set[Path] = set()
    waiting = [file for file in PACKAGE.rglob("*.py") if file not in SHOWN_IF_REACHED and "cli" not in file.parts]
    while waiting:
        for file in _imported(waiting.pop()):
            if file in SHOWN_IF_REACHED and file not in reached:
                reached.add(file)
                waiting.append(file)
    return reached


def chosen_words() -> list[str]:
    """Words that code chooses from the vocabulary and asks the translator for by variable."""
    kinds = [word for kind in CrimeType for word in (kind.label, kind.label.lower(), kind.plural)]
    kinds += [kind.plural[0].upper() + kind.plural[1:] for kind in CrimeType]
    sources = [text for words in SOURCES.values() for text in (words.label, words.rhythm, words.legal_basis)]
    enums = (RowFault, DenominatorUnit, MonthStanding, Standing, Verdict)
    values = [member.value for enum in enums for member in enum]
    seen = "".join(file.read_text(encoding="utf-8") for file in on_pages())
    values += [kind.value for kind in DoubtKind if f"DoubtKind.{kind.name}" in seen]
    numbers = [word for number in range(10) for word in (ordinary(number), ordinary(number).capitalize())]
    checks = ["Rows in the file", *SHARES.values()]
    months = [calendar.month_name[month] for month in range(1, 13)]
    editions = [f"{count} {year}" for count in ("census", "made-up count") for year in (2011, 2021)]
    traits = ["deprivation", "homes per hectare", "people per home"]
    outside = [f", with {which}" for which in OUTSIDE]
    legend = ["under", "and over", "to", "in", "per 1,000"]
    groups = (kinds, sources, values, numbers, checks, months, editions, traits, outside, legend)
    return sorted({word for group in groups for word in group})


def welsh() -> dict[str, tuple[str, ...]]:
    """The catalogue: English -> its Welsh, one form or several; fuzzy entries are left out as not done."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="cy")
    forms = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        forms[key] = tuple(said)
    return forms


def _imported(file: Path) -> Iterator[Path]:
    """Modules of the package that a file imports, as files; some of those named do not exist."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("frankpledge."):
            module = PACKAGE.joinpath(*str(node.module).split(".")[1:])
            yield module.with_suffix(".py")
            yield from (module / f"{alias.name}.py" for alias in node.names)


def _in_file(file: Path) -> Iterator[tuple[str, str | None]]:
    if file.suffix == ".py":
        yield from _extracted(extract_python(io.BytesIO(file.read_bytes()), KEYWORDS, [], {}))
    elif file.suffix in (".html", ".txt") and "templates" in file.parts:
        if "reports" in file.parts:
            yield from _extracted(babel_extract(io.BytesIO(file.read_bytes()), list(KEYWORDS), [], _JINJA))
        else:
            code = templatize(file.read_text(encoding="utf-8"), origin=str(file))
            # what stands for the markup keeps its indentation, which Python's tokenizer would take for its own
            code = "\n".join(line.lstrip() for line in code.splitlines())
            yield from _extracted(extract_python(io.BytesIO(code.encode()), KEYWORDS, [], {"encoding": "utf-8"}))


OUTSIDE = ("one high month", "one low month", "{count} high months", "{count} low months")
_JINJA = {"trimmed": "true", "encoding": "utf-8"}


def _extracted(found: Iterable[Any]) -> Iterator[tuple[str, str | None]]:
    for _line, function, message, _comments in found:
        parts = message if isinstance(message, tuple) else (message,)
        plural = parts[1] if function in ("ngettext", "ngettext_lazy") and len(parts) > 1 else None
        if parts[0]:
            yield parts[0], plural


if __name__ == "__main__":
    done = welsh() if CATALOGUE.exists() else {}
    for sentence, file in sentences().items():
        if not all(done.get(sentence, ("",))):
            print(f"{file}: {sentence!r}")
