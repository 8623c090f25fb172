"""An SVG made to stand alone: its classes become plain attributes, and whatever could run or fetch is left out.

Printers, word processors and a page with a strict content security policy read no style sheet inside a picture.
"""

import re
from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree as ET

from frankpledge.reports.picture_page import document_styles
from frankpledge.vocabulary.errors import DataProblem

SVG = "http://www.w3.org/2000/svg"
TYPEFACES = "Atkinson Hyperlegible Next, Atkinson Hyperlegible More, Liberation Sans, Arial, DejaVu Sans, sans-serif"

_RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")
_SELECTOR = re.compile(r"(?P<tag>[a-z]+)?(?P<classes>(?:\.[\w-]+)*)", re.ASCII)
_SHAPES = "svg g defs title desc rect circle ellipse line polyline polygon path text tspan pattern clipPath"
_LOOK = """fill fill-opacity stroke stroke-width stroke-opacity stroke-dasharray stroke-linejoin stroke-linecap opacity
    font-size font-weight font-style text-anchor display visibility paint-order"""
_PLACE = """id x y x1 x2 y1 y2 cx cy r rx ry dx dy d points width height viewBox transform patternUnits
    patternTransform role aria-label aria-labelledby aria-describedby aria-hidden focusable clip-path
    preserveAspectRatio"""
_KEPT_TAGS, _PRESENTED = frozenset(_SHAPES.split()), frozenset(_LOOK.split())
_KEPT_ATTRIBUTES = _PRESENTED | frozenset(_PLACE.split())
_ELSEWHERE = re.compile(r"url\(\s*['\"]?(?!#)", re.IGNORECASE)

Rules = list[tuple[str, frozenset[str], dict[str, str]]]


def standing_alone(svg: str, prefix: str = "") -> str:
    """``svg`` without classes, styles, scripts or links; its identifiers begin with ``prefix``.

    Raises DataProblem for text that is no SVG.
    """
    if "<!DOCTYPE" in svg or "<!ENTITY" in svg:
        raise DataProblem("A picture holds a document type, which none of ours has.", remedy="Make the picture again.")
    try:
        root = ET.fromstring(svg)
    except ET.ParseError as reason:
        raise DataProblem(f"A picture is not SVG: {reason}.", remedy="Make the picture again.") from reason
    if _local(root.tag) != "svg":
        raise DataProblem("A picture is not SVG: it begins with another element.", remedy="Make the picture again.")
    own = "".join(element.text or "" for element in root.iter(f"{{{SVG}}}style"))
    rules = [*_house_rules(), *_rules(own)]
    _clean(root, rules, prefix)
    width, height = _size(root)
    root.attrib.setdefault("viewBox", f"0 0 {width:g} {height:g}")
    root.attrib.setdefault("width", f"{width:g}")
    root.attrib.setdefault("height", f"{height:g}")
    root.set("font-family", TYPEFACES)
    root.attrib.setdefault("font-size", "14")
    ET.register_namespace("", SVG)
    return ET.tostring(root, encoding="unicode")


def sized(svg: str) -> tuple[float, float]:
    """Width and height of a picture in its own units."""
    return _size(ET.fromstring(svg))


def _size(root: ET.Element) -> tuple[float, float]:
    box = root.get("viewBox", "").replace(",", " ").split()
    if len(box) == 4:
        return float(box[2]), float(box[3])
    return float(root.get("width", "760").removesuffix("px")), float(root.get("height", "300").removesuffix("px"))


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _clean(element: ET.Element, rules: Rules, prefix: str) -> None:
    """``element`` and all below it: unknown elements and attributes go, classes become attributes."""
    for child in list(element):
        if _local(child.tag) not in _KEPT_TAGS:
            element.remove(child)
        else:
            _clean(child, rules, prefix)
    shown = _styled(element, rules)
    given = {name: value for name, value in element.attrib.items() if name in _KEPT_ATTRIBUTES}
    element.attrib.clear()
    for name, value in {**given, **shown}.items():
        if not _ELSEWHERE.search(value):
            element.set(name, _prefixed(name, value, prefix))


def _prefixed(name: str, value: str, prefix: str) -> str:
    if not prefix:
        return value
    if name == "id":
        return prefix + value
    if name in ("aria-labelledby", "aria-describedby"):
        return " ".join(prefix + part for part in value.split())
    return value.replace("url(#", f"url(#{prefix}")


def _styled(element: ET.Element, rules: Rules) -> dict[str, str]:
    """What the rules say of an element, the more special last."""
    tag, classes = _local(element.tag), set(element.get("class", "").split())
    shown: dict[str, str] = {}
    fitting = [rule for rule in rules if (not rule[0] or rule[0] == tag) and rule[1] <= classes]
    for _, _, declared in sorted(fitting, key=lambda rule: len(rule[1])):
        shown.update(declared)
    return shown


@cache
def _house_rules() -> Rules:
    """The rules for our own classes, from the built style sheet."""
    return [rule for rule in _rules(document_styles()) if any(name.startswith("fp-") for name in rule[1])]


def _rules(sheet: str) -> Rules:
    """Rules outside any condition whose selector is one tag and its classes; the rest is about pages, not pictures."""
    sheet = _COMMENT.sub("", sheet)
    variables = dict(re.findall(r"(--[\w-]+)\s*:\s*([^;}]+)", sheet))
    found: Rules = []
    for selectors, body in _outer_rules(sheet):
        declared = dict(_declared(body, variables))
        for selector in selectors.split(","):
            match = _SELECTOR.fullmatch(selector.strip())
            if match and selector.strip() and declared:
                found.append((match["tag"] or "", frozenset(filter(None, match["classes"].split("."))), declared))
    return found


def _outer_rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Rules that stand in no @media or other block."""
    flat = re.sub(r"@[^{};]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheet)
    return ((match[1].strip(), match[2]) for match in _RULE.finditer(flat))


def _declared(body: str, variables: dict[str, str]) -> Iterator[tuple[str, str]]:
    for line in body.split(";"):
        name, _, value = line.partition(":")
        name, value = name.strip(), _VARIABLE.sub(lambda match: variables.get(match[1], "").strip(), value).strip()
        if name in _PRESENTED and value and "inherit" not in value:
            yield name, "none" if value in ("rgba(0,0,0,0)", "transparent") else value.removesuffix("px")
