"""What the area picture's page says."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_noop

from frankpledge.analysis import findings
from frankpledge.foundation.agencies import policy
from frankpledge.foundation.places import selectors as places
from frankpledge.oversight.exploring import selectors
from frankpledge.oversight.exploring.asked import Allowed
from frankpledge.oversight.exploring.filters import PictureQuery
from frankpledge.oversight.exploring.selectors import ShownPicture
from frankpledge.records.incidents import selectors as incidents
from frankpledge.reports.picture_page import PictureLinks, picture_fragment
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.geography import Area
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.wording import said, word

LEVELS: dict[AreaLevel, str] = {
    AreaLevel.DISTRICT: gettext_noop("Districts"),
    AreaLevel.PARTNERSHIP: gettext_noop("Partnerships"),
    AreaLevel.FORCE: gettext_noop("Police forces"),
    AreaLevel.PRIORITY_NEIGHBOURHOOD: gettext_noop("Priority neighbourhoods"),
    AreaLevel.WARD: gettext_noop("Wards"),
}
INSIDE_DISTRICTS = frozenset({AreaLevel.PRIORITY_NEIGHBOURHOOD, AreaLevel.WARD})


def allowed_for(person: Any) -> frozenset[str]:
    """The sources this person may see: what is published, their own agency's, and what an agreement opens to them."""
    return incidents.sources_for(person)


def picture_page(asked: Mapping[str, str], person: Any) -> dict[str, Any]:
    """The picture, or the sentence that says why there is none."""
    held, allowed = policy.permissions_of(person), allowed_for(person)
    page: dict[str, Any] = {"may_add": Permission.ADD_EVIDENCE in held, "heading": gettext("Burglary picture")}
    query = PictureQuery()
    try:
        query = PictureQuery.read(asked)
        shown = selectors.picture_for(query, allowed)
    except (DataProblem, CannotCompute) as problem:
        return {**page, "problem": said(word(problem.sentence), gettext), "filters": _filters(query, None, allowed)}
    if shown is None:
        return {**page, "empty": True, "has_places": selectors.own_area() is not None}
    title = said(findings.title(shown.picture), gettext)
    return {**page, "heading": title, "fragment": _fragment(query, shown, held, allowed)}


def _fragment(query: PictureQuery, shown: ShownPicture, held: frozenset[Permission], allowed: Allowed) -> SafeString:
    table = f"{reverse('exploring:picture_table')}?{urlencode(_address(query, shown))}"
    links = PictureLinks(
        download_csv=table,
        add_evidence=reverse("incidents:upload") if Permission.ADD_EVIDENCE in held else None,
        evidence=reverse("incidents:evidence") if Permission.VIEW_EVIDENCE in held else None,
    )
    filters = render_to_string("exploring/_filters.html", {"filters": _filters(query, shown, allowed)})
    html = picture_fragment(shown.picture, shown.geography, translate=gettext, links=links, after_heading=filters)
    return mark_safe(html)  # made by reports.picture_page, whose templates escape every value


def _address(query: PictureQuery, shown: ShownPicture) -> dict[str, str]:
    asked = {
        "area": shown.picture.area.code,
        "type": query.crime_type.value,
        "from": str(query.first or ""),
        "to": str(query.last or ""),
        "source": query.source or "",
        "edition": query.edition or "",
    }
    return {name: value for name, value in asked.items() if value}


def _filters(query: PictureQuery, shown: ShownPicture | None, allowed: Allowed) -> list[dict[str, Any]]:
    """The questions over the picture, each with its choices in groups."""
    own = selectors.own_area()
    here = shown.picture.area.code if shown else own.code if own else ""
    present = selectors.sources(allowed)
    source = shown.source if shown else (present[0].source if present else "")
    months = _months(shown.span) if shown else []
    first, last = (str(shown.picture.period.first), str(shown.picture.period.last)) if shown else ("", "")
    ends = (str(shown.span.first), str(shown.span.last)) if shown else ("", "")
    editions = [(edition.key, _edition(edition)) for edition in (shown.editions if shown else ())]
    edition = shown.picture.denominator.edition.key if shown and shown.picture.denominator else ""
    labels = [(found.source, gettext(found.label)) for found in present]
    return [
        choice("area", gettext("Area"), here, _area_groups(places.area_choices(), shown)),
        choice("type", gettext("Type"), query.crime_type.value, [("", _types(source, query.crime_type))]),
        choice("from", gettext("From"), first, [("", months)], implied=ends[0]),
        choice("to", gettext("To"), last, [("", months)], implied=ends[1]),
        choice("source", gettext("Source"), source, [("", labels)], implied="" if query.source else source),
        choice("edition", gettext("Rate per"), edition, [("", editions)], implied="" if query.edition else edition),
    ]


def choice(
    name: str, label: str, value: str, groups: list[tuple[str, list[tuple[str, str]]]], *, implied: str = ""
) -> dict[str, Any]:
    """One question. The choice that holds without asking (``implied``) is sent as nothing: it may differ elsewhere."""
    shown = [
        (heading, [("" if choice == implied else choice, words, choice == value) for choice, words in choices])
        for heading, choices in groups
        if choices
    ]
    return {"name": name, "label": label, "groups": shown}


def _edition(edition: Any) -> str:
    return f"{gettext(edition.unit.value)}, {gettext(edition.label)}"


def _months(months: Iterable[Month]) -> list[tuple[str, str]]:
    return [(str(month), date_format(month.first_day, "M Y")) for month in months]


def _types(source: str, chosen: CrimeType) -> list[tuple[str, str]]:
    kinds = selectors.types_in(source) if source else ()
    return [(kind.value, gettext(kind.label)) for kind in kinds or (chosen,)]


def _area_groups(
    areas: Mapping[AreaLevel, Iterable[Area]], shown: ShownPicture | None
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every district, partnership and force; of the areas inside districts those of the district shown."""
    near = selectors.areas_inside_district_of(shown) if shown else frozenset()
    welsh = get_language() == "cy"
    return [
        (
            gettext(LEVELS[level]),
            [
                (area.code, (area.welsh_name if welsh else None) or area.name)
                for area in found
                if level not in INSIDE_DISTRICTS or area.code in near
            ],
        )
        for level, found in areas.items()
    ]
