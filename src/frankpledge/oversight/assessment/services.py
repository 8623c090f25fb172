"""Named writes: an assessment is composed, written in, approved; profiles, scans and requests are kept."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from frankpledge.analysis.scan_matrix import Confidence, Criterion, ScanRanking, ScoredIssue, scan_ranking
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.foundation.places import selectors as places
from frankpledge.oversight.assessment import drafting, permissions, rules, selectors
from frankpledge.oversight.assessment.composing import Composed
from frankpledge.oversight.assessment.models import (
    PERSON_LENGTH,
    TITLE_LENGTH,
    Assessment,
    CountyView,
    Edition,
    EvidenceRequest,
    ProblemProfile,
    Scan,
    Section,
)
from frankpledge.oversight.assessment.vocabulary import PROFILE_PARTS, RequestKind, ScanState
from frankpledge.records.incidents import belonging
from frankpledge.records.indicators import services as indicators
from frankpledge.records.meetings import services as meetings
from frankpledge.records.meetings.vocabulary import Outcome
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.periods import Month
from frankpledge.vocabulary.questions import Measure, Question

if TYPE_CHECKING:
    from frankpledge.records.meetings.models import Decision

LARGEST_TEMPLATE = 10 * 1024 * 1024
MOST_ISSUES = 40
_MEASURES = {
    "count": Measure.COUNT,
    "per 1,000 households": Measure.RATE_PER_1000_HOUSEHOLDS,
    "per 1,000 residents": Measure.RATE_PER_1000_RESIDENTS,
    "times": Measure.RATE_RATIO,
    "percent": Measure.CONCENTRATION,
}


class WrittenMeanwhile(RuleBroken):
    """Somebody else saved first; what they wrote stands, what you wrote is still in the form."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name or 'Somebody'} saved this while you were writing. Theirs stands; yours is still in the box."
        )


# -- the strategic assessment


@transaction.atomic
def store_draft(composed: Composed, *, by: Actor) -> Assessment:
    """Keep a composed draft as the assessment of its area: figures and sentences anew, people's words as they are.

    Figures go to ``records.indicators``, each in place of the one before it; the same value again keeps its key.
    """
    permissions.check_can_write(by)
    now = timezone.now()
    found = Assessment.objects.select_for_update().filter(area_code=composed.area.code).first()
    made = found or Assessment(area_code=composed.area.code, composed_at=now)
    made.title = made.title or f"Strategic assessment of {composed.area.name}"[:TITLE_LENGTH]
    made.area_name, made.evidence_version, made.made_of = (
        composed.area.name,
        composed.evidence_version,
        composed.made_of,
    )
    made.composed_at, made.composed_by_id, made.composed_by_name = now, by.id, _fit(by.name)
    made.save()
    held = {section.key: section for section in made.sections.all()}
    keys = _figure_keys(held.values())
    for position, draft in enumerate(composed.sections):
        section = held.pop(draft.key, None) or Section(assessment=made, key=draft.key)
        content = drafting.as_stored(draft.content)
        _keep_figures(content, keys, composed, by)
        section.chapter, section.position, section.heading = draft.chapter.value, position, draft.heading
        section.drafted, section.content = storable(draft.drafted), content
        section.save()
    for section in held.values():  # a type no longer recorded often enough: words somebody wrote are never thrown away
        if section.words:
            section.content, section.drafted, section.included = rules.empty_content(), "", False
            section.position = len(composed.sections) + 1
            section.save()
        else:
            section.delete()
    audit.record(
        act=Act.COLLECTION if found is None else Act.ALTERATION,
        what="composed the strategic assessment",
        subject=f"assessment:{made.reference}",
        by=by,
        details={"area": composed.area.code, "sections": len(composed.sections)},
    )
    return made


def _figure_keys(sections: Any) -> dict[str, tuple[str, Any]]:
    """slot -> (key, number) of the figures the sections hold now."""
    return {
        figure["slot"]: (figure.get("key", ""), figure.get("number"))
        for section in sections
        for figure in section.content.get("figures", ())
    }


def _keep_figures(content: dict[str, Any], keys: dict[str, tuple[str, Any]], composed: Composed, by: Actor) -> None:
    """Give each figure its key: the one it had while nothing of it changed, else a new one in its place."""
    for figure in content["figures"]:
        if not figure.get("kept_as") or figure.get("number") is None or not figure.get("months"):
            continue
        held, _ = keys.get(figure["slot"], ("", None))
        kept = _save_figure(figure, composed.area.code, composed.area.name, held, by)
        figure["key"] = kept
        keys[figure["slot"]] = (kept, figure["number"])


def _save_figure(figure: Mapping[str, Any], area_code: str, area_name: str, held: str, by: Actor) -> str:
    first, last = (Month.parse(text) for text in figure["months"])
    limits = figure.get("limits") or (None, None)
    kinds = (CrimeType(figure["crime_type"]),) if figure.get("crime_type") else ()
    asked = Question(area_code, kinds, source=figure.get("source_key"), first=first, last=last)
    saved = indicators.save_figure(
        name=f"{figure.get('theme', '')}: {figure['label']}"[:TITLE_LENGTH],
        area_code=area_code,
        area_name=area_name,
        first_on=first.first_day,
        last_on=last.last_day,
        value=round(float(figure["number"]), 4),
        unit=figure["kept_as"],
        numerator=figure.get("numerator"),
        denominator=figure.get("denominator"),
        denominator_edition=figure.get("denominator_edition", ""),
        interval_low=_rounded(limits[0]),
        interval_high=_rounded(limits[1]),
        n=figure.get("n"),
        method=figure.get("how") or "Counted from the files named.",
        question=figure.get("question") or asked.as_dict(),
        measure=figure.get("measure") or _MEASURES[figure["kept_as"]].value,
        batches=figure.get("batches", ()),
        grounds=belonging.grounds_of(figure.get("batches", ())).values(),
        replaces=held,
        by=by,
    )
    return saved.key


def _rounded(limit: float | None) -> float | None:
    return None if limit is None else round(float(limit), 4)


@transaction.atomic
def write_section(of: Assessment, key: str, *, words: str, included: bool, version: int, by: Actor) -> Section:
    """Put an analyst's words beside a section's figures, or leave the section out.

    The figures' values are noted as they stand, so that words which later disagree are found. Raises WrittenMeanwhile
    when somebody else saved first.
    """
    permissions.check_can_write(by)
    section = Section.objects.select_for_update().filter(assessment=of, key=key).first()
    if section is None:
        raise RuleBroken("That section is no longer part of the assessment.")
    if section.version != version:
        raise WrittenMeanwhile(section.written_by_name)
    section.words = rules.check_words(storable(words), section.heading)
    section.included = included
    section.values_then = rules.values_of(section.content)
    section.version += 1
    section.written_at, section.written_by_name = timezone.now(), _fit(by.name)
    section.save()
    audit.record(
        act=Act.ALTERATION,
        what=f"wrote in the strategic assessment: {section.heading}",
        subject=f"assessment:{of.reference}",
        by=by,
        details={"section": key, "included": included},
    )
    return section


@transaction.atomic
def approve(of: Assessment, *, decided_by: str, decided_on: date, reasons: str, by: Actor) -> Edition:
    """Freeze the assessment as its next edition and record the decision.

    Raises RuleBroken while a passage disagrees with its figure, and where nothing has changed since the last edition.
    """
    permissions.check_can_approve(by)
    held = Assessment.objects.select_for_update().get(pk=of.pk)
    sections = selectors.sections(held)
    wrong = selectors.flags(sections)
    if wrong:
        raise RuleBroken(
            f"{wrong[0].section.heading}: {wrong[0].disagreement.sentence()} Correct it before you approve."
        )
    newest = held.editions.aggregate(number=Max("number"))["number"] or 0
    document = selectors.document_of(held, sections) | {"edition": newest + 1}
    if newest:
        before = selectors.edition(held, newest)
        if before is not None and _same(before.document, document):
            raise RuleBroken("Nothing has changed since the last edition, so there is nothing to approve.")
    decision = meetings.record_decision(
        title=f"{held.title}, edition {newest + 1}"[:TITLE_LENGTH],
        decided=f"The strategic assessment of {held.area_name} is approved as edition {newest + 1}.",
        decided_on=decided_on,
        decided_by=decided_by,
        reasons=reasons,
        figure_keys=_all_keys(document)[:100],
        subject=f"assessment:{held.reference}/edition {newest + 1}",
        by=by,
    )
    return Edition.objects.create(
        assessment=held,
        number=newest + 1,
        document=document,
        sha256=rules.sealed(document),
        decision_reference=decision.reference,
        approved_at=timezone.now(),
        approved_by_id=by.id,
        approved_by_name=_fit(by.name),
    )


def _same(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    passing = ("edition", "composed_at")
    return all(before.get(name) == value for name, value in after.items() if name not in passing)


def _all_keys(document: Mapping[str, Any]) -> list[str]:
    return [figure["key"] for figure in rules.figures_by_slot(document["sections"]).values() if figure.get("key")]


@transaction.atomic
def keep_word_template(of: Assessment, *, content: bytes, name: str, by: Actor) -> Assessment:
    """Keep the council's own Word template. Raises DataProblem for one that cannot be filled."""
    from frankpledge.oversight.assessment.documents import assessment_document
    from frankpledge.reports.word import to_word

    permissions.check_can_write(by)
    if len(content) > LARGEST_TEMPLATE:
        raise RuleBroken("A template is at most 10 MB.")
    held = Assessment.objects.select_for_update().get(pk=of.pk)
    sample = assessment_document(selectors.document_of(held, []), edition=None)
    to_word(sample, template=content)
    held.word_template, held.word_template_name = content, storable(name)[:TITLE_LENGTH]
    held.save(update_fields=["word_template", "word_template_name"])
    audit.record(act=Act.ALTERATION, what="kept a Word template", subject=f"assessment:{held.reference}", by=by)
    return held


@transaction.atomic
def make_county_view(*, title: str, exports: Sequence[tuple[str, str]], by: Actor) -> CountyView:
    """Read exported editions ((name, text) each) of several districts into one table, and keep it."""
    permissions.check_can_write(by)
    if not title.strip():
        raise RuleBroken("Give the view a title, such as the county’s name.")
    read = [rules.read_export(text, name) for name, text in exports]
    table = rules.county_table(read)
    view = CountyView.objects.create(
        title=storable(title).strip()[:TITLE_LENGTH],
        editions=[
            {
                "area_name": one["edition"]["area_name"],
                "edition": one["edition"]["edition"],
                "sha256": one["sha256"],
                "approved_on": one.get("approved_on", ""),
                "period": one["edition"].get("made_of", {}).get("period", ""),
            }
            for one in read
        ],
        table={"columns": list(table.columns), "rows": [list(row) for row in table.rows], "notes": list(table.notes)},
        made_at=timezone.now(),
        made_by_name=_fit(by.name),
    )
    audit.record(
        act=Act.COMBINATION, what="put district assessments side by side", subject=f"assessment:county {view.pk}", by=by
    )
    return view


# -- problem profiles


@transaction.atomic
def keep_profile(
    *, drawn: Mapping[str, Any], question: Question, title: str = "", by: Actor, of: ProblemProfile | None = None
) -> ProblemProfile:
    """Keep what was drawn for a question as a new profile, or anew in ``of``; words stay as they are."""
    permissions.check_can_write(by)
    held = ProblemProfile.objects.select_for_update().get(pk=of.pk) if of else ProblemProfile()
    held.title = (storable(title).strip() or held.title or drawn["title"])[:TITLE_LENGTH]
    held.question, held.area_code, held.area_name = question.as_dict(), drawn["area_code"], drawn["area_name"]
    held.drafted = storable(drawn["drafted"])
    held.content = {part: drafting.as_stored(content) for part, content in drawn["content"].items()}
    held.content["made_of"] = {"batches": drawn["batches"]}
    held.drawn_at, held.drawn_by_id, held.drawn_by_name = timezone.now(), by.id, _fit(by.name)
    held.save()
    audit.record(
        act=Act.COLLECTION if of is None else Act.ALTERATION,
        what="drew a problem profile",
        subject=f"assessment:{held.reference}",
        by=by,
        details={"question": held.question},
    )
    return held


@transaction.atomic
def write_profile(of: ProblemProfile, *, words: Mapping[str, str], version: int, by: Actor) -> ProblemProfile:
    """Put words beside the parts of a profile. Raises WrittenMeanwhile when somebody else saved first."""
    permissions.check_can_write(by)
    held = ProblemProfile.objects.select_for_update().get(pk=of.pk)
    if held.version != version:
        raise WrittenMeanwhile(held.drawn_by_name)
    labels = {part.key: part.label for part in PROFILE_PARTS}
    held.words = {
        key: rules.check_words(storable(text), labels[key])
        for key, text in words.items()
        if key in labels and text.strip()
    }
    held.values_then = {key: rules.values_of(held.content.get(key, {})) for key in held.words}
    held.version += 1
    held.save(update_fields=["words", "values_then", "version"])
    audit.record(act=Act.ALTERATION, what="wrote in a problem profile", subject=f"assessment:{held.reference}", by=by)
    return held


# -- the scan


@transaction.atomic
def start_scan(*, title: str, area_code: str, issues: Sequence[Mapping[str, Any]], by: Actor) -> Scan:
    """Open a scan of these issues ({name, proposed, figure_keys, reasons}) with the default matrix."""
    permissions.check_can_write(by)
    area = places.find_area(area_code)
    scan = Scan.objects.create(
        title=storable(title).strip()[:TITLE_LENGTH] or f"Scan of {area.name}",
        area_code=area.code,
        area_name=area.name,
        criteria=[dict(one) for one in rules.DEFAULT_CRITERIA],
        top=rules.TOP,
        issues=[_issue(one) for one in issues][:MOST_ISSUES],
        started_at=timezone.now(),
        changed_by_name=_fit(by.name),
    )
    audit.record(act=Act.COLLECTION, what="opened a scan", subject=f"assessment:{scan.reference}", by=by)
    return scan


def _issue(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": storable(str(given["name"])).strip()[:TITLE_LENGTH],
        "scores": dict(given.get("scores", {})),
        "proposed": dict(given.get("proposed", {})),
        "confidence": Confidence(given.get("confidence", Confidence.MEDIUM)).value,
        "reasons": rules.check_words(storable(given.get("reasons", "")), "Reasons"),
        "figure_keys": list(given.get("figure_keys", ())),
    }


@transaction.atomic
def score_scan(
    of: Scan, *, weights: Mapping[str, float], issues: Sequence[Mapping[str, Any]], version: int, by: Actor
) -> Scan:
    """Keep weights and scores. Raises RuleBroken once recorded, WrittenMeanwhile when somebody else saved first,
    CannotCompute for scores or weights that make no sense.
    """
    permissions.check_can_write(by)
    held = Scan.objects.select_for_update().get(pk=of.pk)
    if held.state == ScanState.RECORDED:
        raise RuleBroken("These scores were recorded as a decision: open a new scan to change them.")
    if held.version != version:
        raise WrittenMeanwhile(held.changed_by_name)
    held.criteria = [{**one, "weight": weights.get(one["key"], one["weight"])} for one in held.criteria]
    held.issues = [_issue(one) for one in issues if str(one["name"]).strip()]
    if len(held.issues) > MOST_ISSUES:
        raise RuleBroken(f"A scan compares up to {MOST_ISSUES} issues.")
    ranking_of(held)
    held.version += 1
    held.changed_by_name = _fit(by.name)
    held.save()
    audit.record(act=Act.ALTERATION, what="scored a scan", subject=f"assessment:{held.reference}", by=by)
    return held


def ranking_of(scan: Scan) -> ScanRanking:
    """The ranks of a scan and how far they follow from the weights."""
    criteria = [Criterion(one["key"], one["label"], float(one["weight"])) for one in scan.criteria]
    issues = [ScoredIssue(one["name"], one["scores"], Confidence(one["confidence"])) for one in scan.issues]
    return scan_ranking(issues, criteria, top=float(scan.top), seed=scan.seed)


@transaction.atomic
def record_scan(of: Scan, *, decided_by: str, decided_on: date, reasons: str, by: Actor) -> "Decision":
    """Record the scores as a decision; the scan is closed. Raises RuleBroken while an issue lacks a score."""
    permissions.check_can_write(by)
    held = Scan.objects.select_for_update().get(pk=of.pk)
    if held.state == ScanState.RECORDED:
        raise RuleBroken("These scores are recorded already.")
    ranking = ranking_of(held)
    unscored = [issue.name for issue in ranking.issues if issue.rank is None]
    if unscored or not ranking.issues:
        raise RuleBroken(
            f"{unscored[0]} lacks a score: give it or take the issue out."
            if unscored
            else "There is nothing to record."
        )
    first = ", ".join(f"{issue.rank}. {issue.name}" for issue in ranking.issues[:5])
    decision = meetings.record_decision(
        title=held.title,
        decided=f"The issues are ranked: {first}. {ranking.sentence()}",
        decided_on=decided_on,
        decided_by=decided_by,
        reasons=reasons,
        figure_keys=list(dict.fromkeys(key for one in held.issues for key in one["figure_keys"]))[:100],
        subject=f"assessment:{held.reference}",
        details={"criteria": held.criteria, "issues": held.issues, "ranking": ranking.as_dict()},
        by=by,
    )
    held.state, held.decision_reference = ScanState.RECORDED.value, decision.reference
    held.save(update_fields=["state", "decision_reference"])
    return decision


# -- the evidence gate


@transaction.atomic
def ask(
    *,
    title: str,
    kind: RequestKind,
    asked_by: str,
    asked_on: date,
    why: str,
    themes: Sequence[str],
    area_code: str,
    by: Actor,
) -> EvidenceRequest:
    """Keep a request for a new group or service."""
    permissions.check_can_write(by)
    area = places.find_area(area_code)
    if not title.strip() or not asked_by.strip() or not why.strip():
        raise RuleBroken("Say what is asked for, by whom and why.")
    found = EvidenceRequest.objects.create(
        title=storable(title).strip()[:TITLE_LENGTH],
        kind=RequestKind(kind).value,
        asked_by=storable(asked_by).strip()[:TITLE_LENGTH],
        asked_on=asked_on,
        why=rules.check_words(storable(why), "Why"),
        area_code=area.code,
        area_name=area.name,
        themes=[CrimeType(theme).value for theme in themes],
        written_by_name=_fit(by.name),
    )
    audit.record(
        act=Act.COLLECTION, what="kept a request for a group or service", subject=f"assessment:{found.reference}", by=by
    )
    return found


@transaction.atomic
def decide_request(
    of: EvidenceRequest, *, outcome: Outcome, decided: str, decided_by: str, decided_on: date, reasons: str, by: Actor
) -> "Decision":
    """Record the answer, with what the assessment said on the day. Raises RuleBroken for one decided already."""
    permissions.check_can_write(by)
    held = EvidenceRequest.objects.select_for_update().get(pk=of.pk)
    if held.decision_reference:
        raise RuleBroken(f"This was decided already: {held.decision_reference}.")
    evidence = selectors.evidence_for(held.themes, held.area_code)
    keys = [figure["key"] for part in evidence for figure in part["figures"] if figure.get("key")]
    decision = meetings.record_decision(
        title=held.title,
        decided=decided,
        decided_on=decided_on,
        decided_by=decided_by,
        reasons=reasons,
        outcome=outcome,
        figure_keys=keys,
        subject=f"assessment:{held.reference}",
        by=by,
    )
    held.evidence_then, held.decision_reference = evidence, decision.reference
    held.save(update_fields=["evidence_then", "decision_reference"])
    return decision


def _fit(name: str) -> str:
    return storable(name)[:PERSON_LENGTH]
