"""Finds every sentence people can read: in Django templates, Jinja templates, and code that asks for a translation."""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize
from jinja2.ext import babel_extract

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "frankpledge"
CATALOGUE = PACKAGE / "ui" / "locale" / "cy" / "LC_MESSAGES" / "django.po"

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
    found: dict[str, str] = {}
    for file in sorted(PACKAGE.rglob("*")):
        for sentence in _in_file(file):
            found.setdefault(sentence, str(file.relative_to(PACKAGE)))
    return found


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


def _in_file(file: Path) -> Iterator[str]:
    if file.suffix == ".py":
        yield from _extracted(extract_python(io.BytesIO(file.read_bytes()), KEYWORDS, [], {}))
    elif file.suffix in (".html", ".txt") and "templates" in file.parts:
        if "reports" in file.parts:
            yield from _extracted(babel_extract(io.BytesIO(file.read_bytes()), list(KEYWORDS), [], _JINJA))
        else:
            code = templatize(file.read_text(encoding="utf-8"), origin=str(file))
            yield from _extracted(extract_python(io.BytesIO(code.encode()), KEYWORDS, [], {"encoding": "utf-8"}))


_JINJA = {"trimmed": "true", "encoding": "utf-8"}


def _extracted(found: object) -> Iterator[str]:
    for _line, _function, message, _comments in found:  # type: ignore[attr-defined]
        first = message[0] if isinstance(message, tuple) else message
        if first:
            yield first


if __name__ == "__main__":
    done = welsh() if CATALOGUE.exists() else {}
    for sentence, file in sentences().items():
        if not all(done.get(sentence, ("",))):
            print(f"{file}: {sentence!r}")
