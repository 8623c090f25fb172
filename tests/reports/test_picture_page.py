"""The page of a picture: sound images, the same numbers in chart and table, nothing from outside, nothing inline."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from frankpledge.reports import picture_page
from frankpledge.reports.picture_page import PictureLinks, picture_document, picture_fragment
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.geography import Area, Geography
from frankpledge.vocabulary.periods import Month, MonthSpan
from tests.analysis.partnership import HERE, SPAN, geography, picture, rows, small_area

SVG = "{http://www.w3.org/2000/svg}"


class Outline(HTMLParser):
    """What is open, which ids there are, every attribute, and the cells of each table."""

    VOID = frozenset({"meta", "link", "br", "img", "input", "hr"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.table = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in known.items()]
        self.ids += [known["id"]] if "id" in known else []
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "table":
            self.table = known.get("data-fp-table", "")
            self.tables.setdefault(self.table, [])
        if tag == "tr":
            self.tables[self.table].append([])
        if tag in ("td", "th"):
            self.tables[self.table][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes <{self.open[-1:]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        if {"td", "th"} & set(self.open) and self.tables.get(self.table):
            self.tables[self.table][-1][-1] += data


def outline(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    found.close()
    assert found.open == []
    return found


def images(html: str) -> list[ET.Element]:
    return [ET.fromstring(part) for part in re.findall(r"<svg.*?</svg>", html, re.DOTALL) if "xmlns" in part]


PICTURES = {
    "a district": lambda: picture(),
    "nothing stands out": lambda: picture(rows(high=())),
    "no denominator": lambda: picture(geography=geography(households=False, residents=False)),
    "no outlines": lambda: picture(geography=geography(outlines=False)),
    "five months": lambda: picture(months_present=set(MonthSpan(Month(2024, 8), Month(2024, 12)))),
    "one month": lambda: picture(months_present={Month(2024, 12)}),
    "a gap": lambda: picture(months_present=set(SPAN) - {Month(2023, 4)}),
    "residents": lambda: picture(crime_type=CrimeType.ROBBERY),
    "a ward": lambda: picture(area=geography().areas["X05000001"]),
    "one small area": lambda: picture(area=geography().areas[small_area(2)]),
    "a force": lambda: picture(area=geography().areas["X23000001"]),
    "none at all": lambda: picture([(small_area(1), SPAN.first.first_day, 0)]),
}


@pytest.mark.parametrize("name", PICTURES)
def test_every_kind_of_picture_makes_a_sound_page(name: str) -> None:
    html = picture_fragment(PICTURES[name](), geography(outlines=name != "no outlines"))
    found = outline(html)
    assert len(found.ids) == len(set(found.ids)), "an id stands twice"
    for image in images(html):
        if image.get("role") == "img":
            named = (image.get("aria-labelledby") or "").split()
            here = {part.get("id"): part.text for part in image}
            assert [bool(here[part]) for part in named] == [True, True], "an image without title or description"
    for _, attribute, value in found.attributes:
        assert attribute != "style" and not attribute.startswith("on"), "a strict policy forbids this"
        assert not re.match(r"(https?:)?//", value) or attribute == "xmlns", f"{value} is somewhere else"
    assert not re.search(r"None(?! of| was)|\bnan\b|Undefined|[{}]", found.text)


def test_every_image_and_link_points_at_something_there() -> None:
    html = picture_fragment(picture(), geography())
    found = outline(html)
    for _, attribute, value in found.attributes:
        if attribute == "aria-labelledby":
            assert set(value.split()) <= set(found.ids)
        if attribute == "href" and value.startswith("#"):
            assert value[1:] in found.ids


def test_the_tables_hold_the_numbers_of_the_charts() -> None:
    shown = picture()
    html = picture_fragment(shown, geography())
    tables = outline(html).tables
    months = {row[0].strip(): row[1] for row in tables["months"][1:]}
    assert months == {month.month.label: str(month.count) for month in shown.months}
    areas = {row[0]: row for row in tables["areas"][1:]}
    assert len(areas) == len(shown.areas) == 20
    on_map = next(image for image in images(html) if image.get("class") == "fp-map")
    words = {
        shape.get("data-code"): shape.get("data-words") for shape in on_map.iter(f"{SVG}path") if shape.get("data-code")
    }
    assert set(words) == {row.area.code for row in shown.areas}
    for row in shown.areas:
        assert row.rate is not None
        cells = areas[f"{row.area.name}{row.area.code}"]
        assert cells[2] == str(row.count) and cells[4] == f"{row.rate.value:.1f}"
        assert f"{row.count}, {row.rate.value:.1f} per 1,000" in (words[row.area.code] or "")
    on_line = next(image for image in images(html) if image.get("class") == "fp-chart")
    titles = [title.text for title in on_line.iter(f"{SVG}title")][1:]
    assert titles == [f"{month.month.label}: {month.count}" for month in shown.months]


def test_the_numbered_areas_of_the_map_are_those_of_the_table() -> None:
    shown = picture(rows(high=(3, 7, 11)))
    html = picture_fragment(shown, geography())
    tables = outline(html).tables
    assert [row[0] for row in tables["standing-out"][1:]] == ["1", "2", "3"]
    on_map = next(image for image in images(html) if image.get("class") == "fp-map")
    assert sorted(number.text or "" for number in on_map.iter(f"{SVG}text")) == ["1", "2", "3"]


def test_a_missing_month_is_a_gap_in_the_line_and_missing_in_the_table() -> None:
    gone = Month(2023, 4)
    html = picture_fragment(picture(months_present=set(SPAN) - {gone}), geography())
    line = re.search(r'<path d="([^"]*)" class="fp-chart__line"', html)
    assert line is not None and line[1].count("M") == 2
    assert ["April 2023", "missing"] in [[cell.strip() for cell in row[:2]] for row in outline(html).tables["months"]]


def test_areas_without_a_rate_are_hatched_not_shaded() -> None:
    html = picture_fragment(picture(geography=geography(households=False)), geography(households=False))
    assert html.count("fp-map__area--none") == 20
    assert 'fill="url(#fp-map-hatch)"' in html


def test_few_never_read_as_none() -> None:
    few = [(small_area(n), SPAN.last.first_day, 1) for n in range(0, 40, 10)]
    page = picture_fragment(picture(few), geography())
    assert "-0.0" not in page
    assert "0.14" in page and "0.02 to 0.52" in page


def test_hostile_names_stay_text() -> None:
    where = geography()
    nasty = '<script>alert("1")</script>&amp;\'"'
    areas = {code: Area(code, f"{nasty}{code}", area.level) for code, area in where.areas.items()}
    there = Geography(where.small_area_vintage, areas, where.parents, where.outlines, where.denominators)
    html = picture_document(picture(geography=there, area=areas[HERE]), there)
    assert "<script" not in html
    assert nasty in outline(html).text


def test_a_name_with_braces_does_not_break_a_sentence() -> None:
    where = geography()
    areas = dict(where.areas) | {HERE: Area(HERE, "Ald{er}combe", AreaLevel.DISTRICT)}
    there = Geography(where.small_area_vintage, areas, where.parents, where.outlines, where.denominators)
    assert "Burglary in Ald{er}combe" in picture_fragment(picture(geography=there, area=areas[HERE]), there)


def test_links_are_there_only_where_the_page_has_them() -> None:
    shown = picture()
    without = picture_fragment(shown, geography())
    given = PictureLinks(
        download_csv="/assess/picture/areas.csv?area=X", add_evidence="/assess/evidence/add/", evidence="/e/"
    )
    linked = picture_fragment(shown, geography(), links=given, after_heading="<form>filters</form>")
    assert "/assess/picture/areas.csv?area=X" in linked and "<form>filters</form>" in linked
    assert "Download" not in without and "Add a police extract" not in without


def test_the_words_come_in_the_language_asked_for() -> None:
    welsh = {
        "Areas that stand out": "Ardaloedd sy’n sefyll allan",
        "December": "Rhagfyr",
        "{crime} in {area}": "{crime} yn {area}",
    }
    html = picture_fragment(picture(), geography(), translate=lambda text: welsh.get(text, text))
    assert "Ardaloedd sy’n sefyll allan" in html
    assert "Burglary yn Aldercombe" in html
    assert "Rhagfyr 2024" in html


@pytest.mark.parametrize("built", [True, False])
def test_the_file_asks_the_network_for_nothing(built: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    picture_page.document_styles.cache_clear()
    if not built:
        monkeypatch.setattr(picture_page, "SHEET", "never-built.css")
    html = picture_document(picture(), geography())
    picture_page.document_styles.cache_clear()
    outline(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL).replace("<!DOCTYPE html>", ""))
    styles = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert styles is not None
    assert all(address.strip("\"'").startswith("data:") for address in re.findall(r"url\(([^)]{0,40})", styles[1]))
    assert "@import" not in styles[1]
    assert ".fp-map__area" in styles[1] and not styles[1].startswith("\ufeff")
    assert "default-src 'none'" in html
    assert not re.search(r"<(script|link|img|iframe)\b", html)


def test_the_file_is_the_same_to_the_byte_each_time() -> None:
    assert picture_document(picture(), geography()) == picture_document(picture(), geography())
