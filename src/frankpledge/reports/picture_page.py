"""The picture of an area as HTML: the inside of a page for the web application, or one file that opens offline.

Both are the same fragment from the same picture, so a number cannot differ between them.
"""

import base64
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from frankpledge.analysis import findings
from frankpledge.analysis.expected_range import ExpectedMonth, MonthStanding
from frankpledge.analysis.picture_results import AreaPicture, AreaRow
from frankpledge.reports import svg
from frankpledge.reports.cards import cards
from frankpledge.reports.scales import Classes, classes_for, edge_labels
from frankpledge.reports.words import decimal, interval_words, rate_places, said, share, whole
from frankpledge.vocabulary.geography import Geography
from frankpledge.vocabulary.wording import Phrase, Translate, in_english

SHEET = "frankpledge.css"
MOST_SHOWN = 8  # areas that stand out, beside the map; the rest are in the table of all
FEWEST_WARDS = 5  # shown at first; as many as the places in the comparison beside them, where those are more
MOST_WARDS = 9
MOST_PEERS = 12  # places in a comparison at first; the others open

_FONT_URL = re.compile(r'url\("?(fonts/[^")]+)"?\)')
_OTHER_URL = re.compile(r'url\((?!"?data:)[^)]*\)')


@dataclass(frozen=True, slots=True)
class PictureLinks:
    """Addresses the web page can offer; each is left out where it is None. A file has none."""

    download_csv: str | None = None
    download_json: str | None = None
    add_evidence: str | None = None
    evidence: str | None = None


def picture_fragment(
    picture: AreaPicture,
    geography: Geography,
    *,
    translate: Translate = in_english,
    links: PictureLinks | None = None,
    after_heading: str = "",
) -> str:
    """HTML for inside ``<main>``. ``after_heading`` is trusted HTML (the page's filters) put under the finding."""
    context = _context(picture, geography, translate, links or PictureLinks())
    return _environment().get_template("picture.html").render(context, after_heading=Markup(after_heading))


def picture_document(picture: AreaPicture, geography: Geography, *, translate: Translate = in_english) -> str:
    """One HTML file with everything in it: styles, typeface, images. It asks the network for nothing."""
    return (
        _environment()
        .get_template("document.html")
        .render(
            _context(picture, geography, translate, PictureLinks()),
            styles=Markup(document_styles()),
            after_heading="",
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("frankpledge.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(whole=whole, decimal=decimal, share=share, interval=interval_words)
    return environment


def _context(picture: AreaPicture, geography: Geography, translate: Translate, links: PictureLinks) -> dict[str, Any]:
    """Everything the templates print. ``_`` says text, phrases, months and periods in the reader's language."""

    def speak(text: object, **values: object) -> str:
        if values:
            return Phrase(str(text), **values).said(translate)
        return translate(text) if type(text) is str else said(text, translate)

    numbered = {row.area.code: number for number, row in enumerate(picture.standing_out[:MOST_SHOWN], start=1)}
    classes = classes_for([row.rate.value for row in picture.areas if row.rate])
    map_title = findings.map_title(picture)
    trend_title = findings.trend_title(picture)
    return {
        "_": speak,
        "picture": picture,
        "links": links,
        "title": findings.title(picture),
        "lead": picture.sentence(),
        "cards": cards(picture),
        "places": rate_places(picture),
        "numbered": numbered,
        "standing_out": picture.standing_out[:MOST_SHOWN],
        "more_standing_out": max(len(picture.standing_out) - MOST_SHOWN, 0),
        "unit": Phrase(picture.denominator.edition.unit.value) if picture.denominator else None,
        "map_title": map_title,
        "map": _map(picture, geography, classes, numbered, speak, translate),
        "legend": _legend(classes, translate),
        "any_without_rate": any(row.rate is None for row in picture.areas) and len(classes) > 1,
        "trend_title": trend_title,
        "trend": svg.trend(
            picture,
            prefix="fp-trend",
            title=speak(trend_title),
            description=speak(_trend_description(picture)),
            translate=translate,
        ),
        "expected": {month.month: month for month in picture.expected.months} if picture.expected else {},
        "comparison_title": findings.comparison_title(picture),
        "dots": _dots(picture),
        "most_peers": MOST_PEERS,
        "any_high": any(m.standing is MonthStanding.HIGH for m in _judged(picture)),
        "any_low": any(m.standing is MonthStanding.LOW and not m.lockdown for m in _judged(picture)),
        "wards": picture.wards[: _wards_at_first(picture)],
        "more_wards": max(len(picture.wards) - _wards_at_first(picture), 0),
        "doubts": picture.doubts,
        "range_words": _range_words,
        "row_words": svg.rate_words,
    }


def _map(
    picture: AreaPicture,
    geography: Geography,
    classes: Classes,
    numbered: dict[str, int],
    speak: Any,
    translate: Translate,
) -> Markup | None:
    description = Phrase(
        "Map of {count} small areas shaded by rate. The table of all areas below gives the same numbers.",
        count=whole(len(picture.areas)),
    )
    return svg.choropleth(
        picture.areas,
        geography.outlines,
        classes,
        numbered=numbered,
        prefix="fp-map",
        title=speak(findings.map_title(picture)),
        description=speak(description),
        hover={row.area.code: _hover(row, translate, rate_places(picture)) for row in picture.areas},
    )


def _hover(row: AreaRow, translate: Translate, places: int) -> str:
    words = svg.rate_words(row, translate, places)
    return f"{words} ({row.ward})" if row.ward else words


def _legend(classes: Classes, translate: Translate) -> list[tuple[int, str]]:
    """Shade and words of each class; nothing where all areas have one colour."""
    if len(classes) < 2:
        return []
    shades = [1 + round(i * 4 / (len(classes) - 1)) for i in range(len(classes))]
    return [
        (shade, svg.legend_words(low, high, translate))
        for shade, (low, high) in zip(shades, edge_labels(classes), strict=True)
    ]


def _trend_description(picture: AreaPicture) -> Phrase:
    known = [month.count for month in picture.months if month.count is not None]
    return Phrase(
        "Line of {count} months, from {low} to {high} a month. The table of months below gives the same numbers.",
        count=whole(len(known)),
        low=whole(min(known)),
        high=whole(max(known)),
    )


def _dots(picture: AreaPicture) -> list[tuple[Any, Markup]]:
    compared = picture.comparison
    if compared is None:
        return []
    top = 1.04 * max(peer.rate.interval.upper for peer in compared.peers)
    first = list(compared.peers[:MOST_PEERS])
    if compared.here not in first:
        first = [*first[:-1], compared.here]
    others = [peer for peer in compared.peers if peer not in first]
    return [
        (
            peer,
            svg.interval_dot(
                peer.rate.value,
                peer.rate.interval.lower,
                peer.rate.interval.upper,
                top=top,
                reference=compared.whole_rate.value,
                here=peer.area.code == compared.area.code,
                words=f"{peer.area.name}: {decimal(peer.rate.value, rate_places(picture))}",
            ),
        )
        for peer in [*first, *others]
    ]


def _judged(picture: AreaPicture) -> list[ExpectedMonth]:
    """Months whose shape on the chart says where they stand."""
    doubtful = {month.month for month in picture.months if month.doubtful}
    return [month for month in picture.expected.months if month.month not in doubtful] if picture.expected else []


def _range_words(month: ExpectedMonth | None) -> Phrase:
    if month is None:
        return Phrase("")
    return Phrase("{low} to {high}", low=whole(month.lower), high=whole(month.upper))


# --- the styles of a file that stands alone


@cache
def document_styles() -> str:
    """The built styles of the application with the typeface inside; where they are not built, the plain ones here."""
    built = files("frankpledge").joinpath("ui/static/ui/built")
    sheet = built.joinpath(SHEET)
    if sheet.is_file():
        text = sheet.read_text(encoding="utf-8-sig")  # a byte order mark inside <style> would spoil the first rule
        text = _FONT_URL.sub(lambda match: _inlined(built, match[1]), text)
        if ".fp-map__area" in text:
            return _closed(_OTHER_URL.sub("none", text))
    plain = files("frankpledge.reports").joinpath("templates/plain.css").read_text(encoding="utf-8")
    own = files("frankpledge").joinpath("ui/assets/scss/_picture.scss").read_text(encoding="utf-8")
    return _closed(plain + own)


def _inlined(built: Any, name: str) -> str:
    font = built.joinpath(name)
    if not font.is_file():
        return "none"
    return f"url(data:font/woff2;base64,{base64.b64encode(font.read_bytes()).decode('ascii')})"


def _closed(text: str) -> str:
    """Nothing inside a style element may end it."""
    return text.replace("</", "<\\/")


def _wards_at_first(picture: AreaPicture) -> int:
    """As long a list as the comparison beside it, so that neither leaves the other alone on the page."""
    beside = len(picture.comparison.peers) if picture.comparison else MOST_WARDS
    return min(max(beside, FEWEST_WARDS), MOST_WARDS)
