"""Named reads of this room. Each says how many queries it takes."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, QuerySet

from frankpledge.oversight.assessment import rules
from frankpledge.oversight.assessment.models import (
    Assessment,
    CountyView,
    Edition,
    EvidenceRequest,
    ProblemProfile,
    Scan,
    Section,
)
from frankpledge.oversight.exploring.asked import evidence_and_places


def _number(reference: str, letter: str) -> int:
    """``S12`` -> 12; 0 for anything else."""
    digits = reference[1:]
    good = reference[:1].upper() == letter and digits.isascii() and digits.isdigit() and len(digits) < 10
    return int(digits) if good else 0


def assessments() -> QuerySet[Assessment]:
    """All assessments with the number of their newest edition, without the Word template. One query.

    Whoever shows them asks ``permissions.may_see`` of each that has no edition.
    """
    return Assessment.objects.defer("word_template").annotate(newest_edition=Max("editions__number"))


def assessment(reference: str) -> Assessment | None:
    """``S1``, or None. One query."""
    return Assessment.objects.filter(pk=_number(reference, "S")).first()


def assessment_of(area_code: str) -> Assessment | None:
    """The assessment of an area. One query."""
    return Assessment.objects.filter(area_code=area_code).first()


def sections(of: Assessment) -> list[Section]:
    """In order. One query."""
    return list(of.sections.all())


def section(of: Assessment, key: str) -> Section | None:
    """One section. One query."""
    return of.sections.filter(key=key).first()


def section_keys(of: Assessment) -> list[tuple[str, str]]:
    """(key, heading) of every section, in order. One query."""
    return list(of.sections.values_list("key", "heading"))


def editions(of: Assessment) -> QuerySet[Edition]:
    """The newest first, without their documents. One query."""
    return of.editions.defer("document")


def edition(of: Assessment, number: int) -> Edition | None:
    """One edition, whole. One query."""
    return of.editions.filter(number=number).first()


def newest_edition(of: Assessment) -> Edition | None:
    """The newest edition, whole, or None. One query."""
    return of.editions.order_by("-number").first()


def is_intact(one: Edition) -> bool:
    """Whether the edition is as it was approved."""
    return rules.sealed(one.document) == one.sha256


def current_evidence() -> str:
    """The version of evidence and places, as an assessment notes it. Two queries."""
    return "|".join(str(part) for part in evidence_and_places())  # type: ignore[attr-defined]


def document_of(of: Assessment, found: list[Section]) -> dict[str, Any]:
    """The whole assessment as JSON: what an edition freezes and an export holds."""
    return {
        "reference": of.reference,
        "title": of.title,
        "area_code": of.area_code,
        "area_name": of.area_name,
        "made_of": of.made_of,
        "composed_at": of.composed_at.isoformat(),
        "sections": [
            {
                "key": one.key,
                "chapter": one.chapter,
                "heading": one.heading,
                "words": one.words or one.drafted,
                "written": bool(one.words),
                "written_by": one.written_by_name,
                "included": one.included,
                "content": one.content,
            }
            for one in found
        ],
    }


@dataclass(frozen=True, slots=True)
class Flag:
    """A passage whose number no longer agrees with its figure."""

    section: Section
    disagreement: rules.Disagreement


def flags(found: list[Section]) -> list[Flag]:
    """Every passage whose number no longer agrees with its figure. No query."""
    return [
        Flag(one, wrong)
        for one in found
        if one.words
        for wrong in rules.disagreements(one.words, one.values_then, one.content)
    ]


def checks(found: list[Section]) -> list[rules.Check]:
    """The statutory checklist for these sections. No query.

    Only what people wrote counts as written: a first sentence of the system does not say what figures mean.
    """
    return rules.checklist(
        [
            {
                "key": one.key,
                "chapter": one.chapter,
                "included": one.included,
                "words": one.words,
                "content": one.content,
            }
            for one in found
        ]
    )


def county_views() -> QuerySet[CountyView]:
    """The newest first. One query."""
    return CountyView.objects.all()


def county_view(number: int) -> CountyView | None:
    """One. One query."""
    return CountyView.objects.filter(pk=number).first()


def profiles() -> QuerySet[ProblemProfile]:
    """The newest first, without their pictures but with the batches they were drawn from. One query."""
    return ProblemProfile.objects.defer("content").annotate(drawn_from=F("content__made_of"))


def profile(reference: str) -> ProblemProfile | None:
    """``P1``, or None. One query."""
    return ProblemProfile.objects.filter(pk=_number(reference, "P")).first()


def scans() -> QuerySet[Scan]:
    """The newest first. One query."""
    return Scan.objects.all()


def scan(reference: str) -> Scan | None:
    """``M1``, or None. One query."""
    return Scan.objects.filter(pk=_number(reference, "M")).first()


def newest_scan(area_code: str) -> Scan | None:
    """The newest recorded scan of an area. One query."""
    return Scan.objects.filter(area_code=area_code, state="recorded").first()


def requests() -> QuerySet[EvidenceRequest]:
    """The newest first. One query."""
    return EvidenceRequest.objects.all()


def request(reference: str) -> EvidenceRequest | None:
    """``R1``, or None. One query."""
    return EvidenceRequest.objects.filter(pk=_number(reference, "R")).first()


def evidence_for(themes: list[str], area_code: str) -> list[dict[str, Any]]:
    """What the assessment of the area says of these types: the newest edition's sections, else the draft's.

    Each {reference, edition, heading, words, figures}. Three queries at most.
    """
    found = assessment_of(area_code)
    if found is None:
        return []
    newest = newest_edition(found)
    document = newest.document if newest else document_of(found, sections(found))
    wanted = {f"theme:{theme}" for theme in themes}
    said = []
    for one in rules.sections_of(document):
        figures = [
            figure
            for figure in one["content"].get("figures", ())
            if one["key"] in wanted or (one["key"] == "overview" and figure.get("crime_type") in themes)
        ]
        if one["key"] in wanted or figures:
            said.append(
                {
                    "reference": found.reference,
                    "edition": newest.number if newest else None,
                    "key": one["key"],
                    "heading": one["heading"],
                    "words": one["words"] if one["key"] in wanted else "",
                    "figures": figures,
                }
            )
    themed = {figure["slot"] for part in said if part["key"] != "overview" for figure in part["figures"]}
    for part in said:
        if part["key"] == "overview":
            part["figures"] = [figure for figure in part["figures"] if figure["slot"] not in themed]
    return [part for part in said if part["words"] or part["figures"]]
