"""What the pages of Assess say."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop, ngettext

from frankpledge.analysis import findings
from frankpledge.analysis.picture_results import AreaPicture
from frankpledge.analysis.results import Table
from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.places import selectors as places
from frankpledge.oversight.assessment import documents, permissions, rules, selectors, services
from frankpledge.oversight.assessment.forms import ScoresForm
from frankpledge.oversight.assessment.models import (
    Assessment,
    CountyView,
    Edition,
    EvidenceRequest,
    ProblemProfile,
    Scan,
    Section,
)
from frankpledge.oversight.assessment.vocabulary import PROFILE_PARTS, CheckState, Mark, ScanState
from frankpledge.oversight.exploring import selectors as exploring
from frankpledge.oversight.exploring.filters import PictureQuery
from frankpledge.records.alerts import selectors as alerts
from frankpledge.records.alerts.permissions import Reach as alerts_for
from frankpledge.records.incidents import selectors as incidents
from frankpledge.records.incidents.vocabulary import BatchState, CellState, source_words
from frankpledge.records.meetings import selectors as meetings
from frankpledge.reports import documents as reported
from frankpledge.reports.document_page import to_html
from frankpledge.reports.plots import Measured, interval_chart
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.periods import MonthSpan
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.questions import Question
from frankpledge.vocabulary.wording import said, share, whole, word

NEWEST_BATCHES = 4
EMPTY_ROWS = 3

# Ways in: (name, what a person does there, route, what one must hold). Routes of other rooms show once they are there.
WAYS_IN: tuple[tuple[str, str, str, Permission], ...] = (
    (
        gettext_noop("Explore"),
        gettext_noop("Any type, place and time, as map, trend, week, repeats, comparison and table."),
        "exploring:explore",
        Permission.VIEW_PICTURE,
    ),
    (
        gettext_noop("Alerts"),
        gettext_noop("What the newest records raise: where risk is up today, months out of the usual, repeat victims."),
        "alerts:alerts",
        Permission.VIEW_ALERTS,
    ),
    (
        gettext_noop("Problem profiles"),
        gettext_noop("One problem by victim, offender, location and time, drawn from a view in one step."),
        "assessment:problems",
        Permission.VIEW_ASSESSMENT,
    ),
    (
        gettext_noop("Strategic assessment"),
        gettext_noop("The whole area once a year, from the evidence at hand; its figures refresh themselves."),
        "assessment:strategic_all",
        Permission.VIEW_ASSESSMENT,
    ),
    (
        gettext_noop("Scan"),
        gettext_noop("Issues scored against each other, and which ranks would change if the weights did."),
        "assessment:scans",
        Permission.VIEW_ASSESSMENT,
    ),
    (
        gettext_noop("Requests"),
        gettext_noop("Somebody asks for a new group or service: what does the assessment say?"),
        "assessment:requests",
        Permission.VIEW_ASSESSMENT,
    ),
    (
        gettext_noop("Addresses to settle"),
        gettext_noop("Homes a file names unclearly: somebody who knows says which one it is."),
        "places:addresses",
        Permission.MATCH_ADDRESSES,
    ),
    (
        gettext_noop("Is this one person?"),
        gettext_noop("Records of two agencies that may be one person: decided by somebody who knows, never by itself."),
        "people:matches",
        Permission.VIEW_PEOPLE,
    ),
)


def assess(person: Any) -> dict[str, Any]:
    """The door page: what is new, what is behind it, and the first real numbers of each."""
    held = policy.permissions_of(person)
    allowed = incidents.sources_for(person)
    return {
        "picture": _first_picture(allowed),
        "evidence": _first_evidence() if Permission.VIEW_EVIDENCE in held else None,
        "may_add": Permission.ADD_EVIDENCE in held,
        "new": _new(held),
        "alerts": _alive(person, held),
        "ways": [
            {"name": gettext(name), "text": gettext(text), "url": url}
            for name, text, route, permission in WAYS_IN
            if permission in held and (url := _address(route))
        ],
    }


def _address(route: str) -> str:
    """The address of a route, or nothing where this installation does not serve it."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def _alive(person: Any, held: frozenset[Permission]) -> str:
    """How many alerts are alive today, for those who may see them; empty where none is."""
    if Permission.VIEW_ALERTS not in held:
        return ""
    count = alerts.alive(timezone.localdate(), within=alerts_for(person).grounds()).count()
    if not count:
        return ""
    return ngettext("%(count)s alert is alive today", "%(count)s alerts are alive today", count) % {
        "count": whole(count)
    }


def _new(held: frozenset[Permission]) -> list[dict[str, Any]]:
    """What came in last, the newest first."""
    if Permission.VIEW_EVIDENCE not in held:
        return []
    newest = incidents.batches(state=BatchState.CURRENT).order_by("-current_since", "-pk")[:NEWEST_BATCHES]
    return [
        {
            "name": ", ".join(
                (gettext(source_words(batch.source).label), batch.publisher_name, said(batch.period, gettext))
            ),
            "rows": batch.rows_stored,
            "when": batch.current_since,
            "url": reverse("incidents:batch", args=[batch.key]),
        }
        for batch in newest
    ]


def _first_picture(allowed: frozenset[str]) -> dict[str, Any] | None:
    try:
        shown = exploring.picture_for(PictureQuery(), allowed)
    except (DataProblem, CannotCompute) as problem:
        return {"title": gettext("Burglary picture"), "sentence": said(word(problem.sentence), gettext)}
    if shown is None:
        return None
    picture: AreaPicture = shown.picture
    figures = [(whole(picture.rate_count), said(picture.rate_period, gettext))]
    if picture.rate is not None and picture.denominator is not None:
        unit = gettext(picture.denominator.edition.unit.value)
        figures.append((f"{picture.rate.value:.1f}", gettext("per 1,000 %(unit)s") % {"unit": unit}))
    figures.append((whole(len(picture.standing_out)), gettext("small areas stand out")))
    return {
        "title": said(findings.title(picture), gettext),
        "sentence": said(picture.sentence(), gettext),
        "figures": figures,
    }


def _first_evidence() -> dict[str, Any]:
    grid = incidents.evidence_grid()
    here, missing = grid.count(CellState.IN), grid.count(CellState.MISSING)
    if not here:
        return {"sentence": gettext("Nothing has come in yet.")}
    span = MonthSpan(grid.months[0], grid.months[-1])
    labels = sorted({gettext(source_words(row.source).label) for row in grid.rows})
    parts = [
        gettext("%(sources)s, %(span)s.") % {"sources": said(tuple(labels), gettext), "span": said(span, gettext)},
        ngettext("%(count)s month is missing.", "%(count)s months are missing.", missing) % {"count": whole(missing)}
        if missing
        else gettext("No month is missing."),
    ]
    figures = [
        (whole(here), gettext("months’ files here")),
        (whole(missing), gettext("missing")),
        (whole(incidents.balance().quarantined), gettext("rows in quarantine")),
    ]
    return {"sentence": " ".join(parts), "figures": figures}


# -- choosing an area


def area_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Districts, and the wards and priority neighbourhoods of our own; our own area first. Three queries once warm."""
    own = exploring.own_area()
    if own is None:
        return []
    choices = places.area_choices()
    geography = places.geography_around(own.code)
    mine = set(geography.small_areas_in(own.code))
    near = {code for small in mine for code in geography.parents[small].values()}
    groups = [(gettext("Our own"), [(own.code, own.name)])]
    for level, name in (
        (AreaLevel.PRIORITY_NEIGHBOURHOOD, gettext("Priority neighbourhoods")),
        (AreaLevel.WARD, gettext("Wards")),
    ):
        found = [(area.code, area.name) for area in choices.get(level, []) if area.code in near]
        groups += [(name, found)] if found else []
    others = [(area.code, area.name) for area in choices.get(AreaLevel.DISTRICT, []) if area.code != own.code]
    return [*groups, (gettext("Other districts"), others)] if others else groups


# -- the strategic assessment

CHECKS = {CheckState.THERE: "good", CheckState.PARTLY: "warning", CheckState.MISSING: "bad"}
CHECK_WORDS = {
    CheckState.THERE: gettext_noop("there"),
    CheckState.PARTLY: gettext_noop("partly there"),
    CheckState.MISSING: gettext_noop("missing"),
}
MARKS = {Mark.LAW: gettext_noop("named in the law"), Mark.CHECK_LOCALLY: gettext_noop("check locally")}


def strategic_all_page(person: Any) -> dict[str, Any]:
    """All assessments, and the county views."""
    every = list(selectors.assessments())
    seen = permissions.all_of([one.made_of for one in every], person)
    found = [one for one, whole_of_it in zip(every, seen, strict=True) if whole_of_it or one.newest_edition]  # type: ignore[attr-defined]
    approved = sum(one.newest_edition is not None for one in found)  # type: ignore[attr-defined]
    lead = ngettext(
        "%(count)s area has an assessment; %(approved)s of them is approved.",
        "%(count)s areas have an assessment; %(approved)s of them are approved.",
        len(found),
    ) % {"count": whole(len(found)), "approved": whole(approved)}
    return {
        "rows": found,
        "lead": lead,
        "county": selectors.county_views(),
        "may_write": policy.can(person, Permission.WRITE_ASSESSMENT),
    }


def strategic_page(of: Assessment, person: Any) -> dict[str, Any]:
    """One assessment as it stands: what to do next, the checklist, the whole document. A fixed number of queries."""
    held = policy.permissions_of(person)
    sections = selectors.sections(of)
    editions = list(selectors.editions(of))
    flags = selectors.flags(sections)
    flagged = {flag.section.key for flag in flags}
    changes = changes_since(of, sections)
    return {
        "assessment": of,
        "lead": _lead(of, sections, flags),
        "stale": of.evidence_version != selectors.current_evidence(),
        "flags": flags,
        "changes": changes,
        "checks": _checks(sections),
        "tasks": [_task(one, one.key in flagged) for one in sections],
        "editions": editions,
        "html": _blocks_html(of.title, documents.in_short(selectors.document_of(of, sections))),
        "may_write": Permission.WRITE_ASSESSMENT in held,
        "may_approve": Permission.APPROVE_ASSESSMENT in held,
    }


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # made by reports.document_page, whose template escapes every value


def partnership_name() -> str:
    """Whose platform this is."""
    ours = agencies.partnership()
    return ours.name if ours else ""


def _lead(of: Assessment, sections: Sequence[Section], flags: Sequence[selectors.Flag]) -> str:
    written = sum(bool(one.words) for one in sections if one.included)
    included = sum(one.included for one in sections)
    parts = [
        gettext("%(period)s. %(written)s of %(all)s sections have an analyst’s words.")
        % {
            "period": _first_capital(of.made_of.get("period") or of.area_name),
            "written": whole(written),
            "all": whole(included),
        }
    ]
    if flags:
        parts.append(
            ngettext(
                "%(count)s passage no longer agrees with its figure.",
                "%(count)s passages no longer agree with their figures.",
                len(flags),
            )
            % {"count": whole(len(flags))}
        )
    return " ".join(parts)


def _first_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _task(one: Section, flagged: bool) -> dict[str, Any]:
    if not one.included:
        state = ("unknown", gettext("left out"))
    elif flagged:
        state = ("bad", gettext("disagrees with its figure"))
    elif one.words:
        state = ("good", gettext("written"))
    elif one.drafted or one.content.get("figures") or one.content.get("tables"):
        state = ("plain", gettext("first sentences only"))
    else:
        state = ("warning", gettext("not known yet"))
    return {"section": one, "kind": state[0], "state": state[1], "figures": len(one.content.get("figures", ()))}


def _checks(sections: list[Section]) -> list[dict[str, Any]]:
    return [
        {
            "words": gettext(one.duty.words),
            "kind": CHECKS[one.state],
            "state": gettext(CHECK_WORDS[one.state]),
            "why": gettext(one.why) if one.why else "",
            "citation": one.duty.citation,
            "mark": gettext(MARKS[one.duty.mark]),
        }
        for one in selectors.checks(sections)
    ]


def changes_since(of: Assessment, sections: list[Section]) -> list[rules.FigureChange]:
    """Figures that differ from the newest edition's; none before the first."""
    newest = selectors.newest_edition(of)
    if newest is None:
        return []
    before = rules.figures_by_slot(newest.document["sections"])
    return rules.changes(before, rules.figures_by_slot(selectors.document_of(of, sections)["sections"]))


def _blocks_html(title: str, blocks: Sequence[reported.Block]) -> SafeString:
    """Blocks as a fragment of a page."""
    made = reported.Document(
        title=title, subtitle="", partnership="", language="en-GB", made_on=timezone.localdate(), blocks=tuple(blocks)
    )
    return _safe(to_html(made))


def section_page(of: Assessment, one: Section, person: Any) -> dict[str, Any]:
    """A section to read, or to write in: its figures, pictures and sentences; and the ones before and after it."""
    around = selectors.section_keys(of)
    at = next((i for i, (key, _) in enumerate(around) if key == one.key), 0)
    return {
        "assessment": of,
        "section": one,
        "html": _blocks_html(one.heading, tuple(documents.content_blocks(one.content))),
        "before": around[at - 1] if at else None,
        "after": around[at + 1] if at + 1 < len(around) else None,
        "may_write": policy.can(person, Permission.WRITE_ASSESSMENT),
        "flags": rules.disagreements(one.words, one.values_then, one.content) if one.words else [],
    }


def approve_page(of: Assessment) -> dict[str, Any]:
    """What is about to be frozen: the checklist, the flags, the changes."""
    sections = selectors.sections(of)
    return {
        "assessment": of,
        "checks": _checks(sections),
        "flags": selectors.flags(sections),
        "changes": changes_since(of, sections),
        "unwritten": sum(not one.words for one in sections if one.included),
    }


def edition_page(of: Assessment, one: Edition, key: str | None, person: Any) -> dict[str, Any]:
    """An approved edition, as it was, with its sum: in short, or one of its sections (``key``).

    In its public form for whoever may not see all that it rests on.
    """
    whole_of_it = permissions.may_see(person, one.document.get("made_of", {}))
    public = not whole_of_it
    sections = list(rules.sections_of(one.document))
    chosen = next((section for section in sections if section["key"] == key), None)
    if chosen is None:
        blocks: Sequence[reported.Block] = documents.in_short(one.document, public=public)
    else:
        blocks = [reported.Heading(1, chosen["heading"]), *documents.section_blocks(chosen, public=public)]
    return {
        "assessment": of,
        "edition": one,
        "intact": selectors.is_intact(one),
        "sum": [one.sha256[i : i + 8] for i in range(0, len(one.sha256), 8)],
        "sections": [(section["key"], section["heading"], section["key"] == key) for section in sections],
        "changes": edition_changes(of, one) if whole_of_it else [],
        "whole": whole_of_it,
        "html": _blocks_html(of.title, blocks),
    }


def edition_changes(of: Assessment, one: Edition) -> list[rules.FigureChange]:
    """What an edition changed against the one before it."""
    before = selectors.edition(of, one.number - 1)
    if before is None:
        return []
    slots = rules.figures_by_slot
    return rules.changes(slots(before.document["sections"]), slots(one.document["sections"]))


def edition_document(of: Assessment, one: Edition, *, public: bool = False) -> Any:
    """An edition as a document."""
    return documents.assessment_document(
        one.document,
        edition=one.number,
        partnership=partnership_name(),
        made_on=timezone.localdate(one.approved_at),
        changes=() if public else edition_changes(of, one),
        public=public,
    )


def county_page(view: CountyView) -> dict[str, Any]:
    """Districts side by side."""
    return {"view": view, "html": _safe(to_html(county_document(view)))}


def county_document(view: CountyView) -> Any:
    """The county view as a document."""
    made_on: date = timezone.localdate(view.made_at)
    return documents.county_document(title=view.title, table=view.table, editions=view.editions, made_on=made_on)


# -- problem profiles


def profiles_page(person: Any) -> dict[str, Any]:
    """All profiles."""
    every = list(selectors.profiles())
    seen = permissions.all_of([one.drawn_from or {} for one in every], person)  # type: ignore[attr-defined]
    rows = [one for one, open_to_them in zip(every, seen, strict=True) if open_to_them]
    lead = ngettext("%(count)s problem is profiled.", "%(count)s problems are profiled.", len(rows))
    return {
        "rows": [{"profile": one, "written": len(one.words), "parts": len(PROFILE_PARTS)} for one in rows],
        "lead": lead % {"count": whole(len(rows))},
        "may_write": policy.can(person, Permission.WRITE_ASSESSMENT),
        "types": [(kind.value, gettext(kind.label)) for kind in CrimeType if kind.counted],
        "areas": area_groups(),
    }


def profile_page(of: ProblemProfile, person: Any) -> dict[str, Any]:
    """One profile, whole."""
    flags = [
        {"part": gettext(part.label), "sentence": wrong.sentence()}
        for part in PROFILE_PARTS
        for wrong in rules.disagreements(
            of.words.get(part.key, ""), of.values_then.get(part.key, {}), of.content.get(part.key, {})
        )
    ]
    return {
        "profile": of,
        "flags": flags,
        "html": _safe(to_html(profile_document(of))),
        "query": Question.from_dict(of.question).as_query(),
        "may_write": policy.can(person, Permission.WRITE_ASSESSMENT),
    }


def profile_document(of: ProblemProfile) -> Any:
    """A profile as a document."""
    return documents.profile_document(
        title=of.title,
        area_name=of.area_name,
        drafted=of.drafted,
        content=of.content,
        words=of.words,
        reference=of.reference,
        partnership=partnership_name(),
        made_on=timezone.localdate(of.drawn_at),
    )


# -- the scan


def scans_page(person: Any) -> dict[str, Any]:
    """All scans."""
    rows = list(selectors.scans())
    lead = ngettext("%(count)s scan is on record.", "%(count)s scans are on record.", len(rows))
    return {
        "rows": rows,
        "lead": lead % {"count": whole(len(rows))},
        "may_write": policy.can(person, Permission.WRITE_ASSESSMENT),
    }


def proposed_issues(area_code: str) -> list[dict[str, Any]]:
    """The themes of the area's assessment as issues, with the scores that figures can give: likelihood and trend."""
    found = selectors.assessment_of(area_code)
    if found is None:
        return []
    overview = selectors.section(found, "overview")
    figures = overview.content.get("figures", []) if overview else []
    counts = [figure for figure in figures if figure["slot"].endswith(".count")]
    numbers = [figure["number"] for figure in counts]
    issues = []
    for figure in counts:
        scores = {"likelihood": rules.likelihood_score(figure["number"], numbers)}
        trend = rules.TREND_STATUSES.get(figure["status"])
        if trend is not None:
            scores["trend"] = trend
        issues.append(
            {
                "name": figure["theme"],
                "scores": scores,
                "proposed": scores,
                "figure_keys": [figure["key"]] if figure.get("key") else [],
                "reasons": f"{figure['value']} in the {figure['period']}. {figure['status']}".strip(),
            }
        )
    return issues


def scores_form(of: Scan, posted: Any) -> ScoresForm:
    """The form of a scan's weights and scores, with empty rows at its end."""
    issues = [*of.issues, *[{"name": "", "scores": {}, "confidence": "medium", "reasons": ""}] * EMPTY_ROWS]
    start: dict[str, Any] = {"version": of.version}
    for one in of.criteria:
        start[f"weight-{one['key']}"] = one["weight"]
    for row, issue in enumerate(issues):
        start |= {f"{name}-{row}": issue[name] for name in ("name", "confidence", "reasons")}
        start |= {f"{key}-{row}": str(score) for key, score in issue["scores"].items()}
    return ScoresForm(posted, criteria=of.criteria, top=of.top, issues=issues, initial=start)


def with_keys(of: Scan, issues: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The issues as filled in, each with the figures and proposed scores it had."""
    held = {one["name"]: one for one in of.issues}
    return [
        {
            **issue,
            **{
                name: held.get(issue["name"], {}).get(name, empty)
                for name, empty in (("figure_keys", ()), ("proposed", {}))
            },
        }
        for issue in issues
    ]


def scores_page(of: Scan, form: ScoresForm) -> dict[str, Any]:
    """The form's fields by row, with what the figures propose."""
    return {
        "scan": of,
        "weights": [form[f"weight-{one['key']}"] for one in of.criteria],
        "criteria": [{"label": gettext(one["label"]), "ask": gettext(one["ask"])} for one in of.criteria],
        "scale": [f"{score} {gettext(words)}" for score, words in enumerate(rules.SCALE)],
        "rows": [
            {
                "name": form[f"name-{row}"],
                "title": of.issues[row]["name"] if row < len(of.issues) else "",
                "scores": [form[f"{one['key']}-{row}"] for one in of.criteria],
                "confidence": form[f"confidence-{row}"],
                "reasons": form[f"reasons-{row}"],
            }
            for row in range(form.rows)
        ],
    }


def scan_page(of: Scan, person: Any) -> dict[str, Any]:
    """The ranks, the sensitivity picture, the reasons."""
    ranking = services.ranking_of(of)
    by_name = {one["name"]: one for one in of.issues}
    ranked = [one for one in ranking.issues if one.rank is not None]
    return {
        "scan": of,
        "lead": said(ranking.sentence(), gettext),
        "rows": [
            {
                "issue": one,
                "score": f"{one.score:.0f}" if one.score is not None else "",
                "kept": share(one.rank_kept) if one.rank_kept is not None else "",
                "cells": [by_name[one.name]["scores"].get(criterion["key"]) for criterion in of.criteria],
                "reasons": by_name[one.name]["reasons"],
                "missing": said(tuple(gettext(label) for label in one.missing), gettext) if one.missing else "",
            }
            for one in ranking.issues
        ],
        "criteria": [
            {**one, "share": share(one["weight"] / max(sum(c["weight"] for c in of.criteria), 1e-9))}
            for one in of.criteria
        ],
        "changes": [said(one.sentence(), gettext) for one in ranking.changes],
        "chart": _safe(to_html(_rank_chart(of, ranked))) if len(ranked) > 1 else "",
        "method": ranking.method,
        "draws": ranking.draws,
        "seed": of.seed,
        "may_write": policy.can(person, Permission.WRITE_ASSESSMENT) and of.state == ScanState.OPEN,
        "ready": bool(ranked) and len(ranked) == len(ranking.issues),
    }


def _rank_chart(of: Scan, ranked: Sequence[Any]) -> Any:
    """A dot for each rank on the line of the ranks other weights and scores would give."""
    firm = sum(one.firm for one in ranked)
    title = gettext("%(firm)s of %(all)s ranks hold in four of five other sets of weights") % {
        "firm": whole(firm),
        "all": whole(len(ranked)),
    }
    description = gettext(
        "A dot for each issue’s rank, on the line of ranks that nine in ten other weights would give."
    )
    drawn = interval_chart(
        [Measured(one.name, float(one.rank), float(one.rank_low), float(one.rank_high)) for one in ranked],
        title=title,
        description=description,
        heading=False,
    )
    table = [
        (one.rank, one.name, f"{one.rank_low}–{one.rank_high}", f"{one.with_doubt[0]}–{one.with_doubt[1]}")
        for one in ranked
    ]
    columns = (gettext("Rank"), gettext("Issue"), gettext("Under other weights"), gettext("And other scores"))
    block = reported.FigureBlock(title, drawn, description, Table(columns, tuple(table)))
    return reported.Document(
        title=of.title, subtitle="", partnership="", language="en-GB", made_on=timezone.localdate(), blocks=(block,)
    )


# -- the evidence gate


def requests_page(person: Any) -> dict[str, Any]:
    """All requests."""
    rows = list(selectors.requests())
    waiting = sum(not one.decision_reference for one in rows)
    lead = ngettext(
        "%(count)s request, %(waiting)s waits for an answer.",
        "%(count)s requests, %(waiting)s wait for an answer.",
        len(rows),
    )
    return {
        "rows": rows,
        "lead": lead % {"count": whole(len(rows)), "waiting": whole(waiting)},
        "may_write": policy.can(person, Permission.WRITE_ASSESSMENT),
    }


def request_page(of: EvidenceRequest, person: Any) -> dict[str, Any]:
    """One request, what the assessment says of it (as it was when decided), and the decision."""
    assessed = selectors.assessment_of(of.area_code)
    evidence: Sequence[Mapping[str, Any]] = ()
    if assessed is not None and permissions.may_see(person, assessed.made_of):
        evidence = of.evidence_then or selectors.evidence_for(of.themes, of.area_code)
    decision = meetings.decision(of.decision_reference) if of.decision_reference else None
    return {
        "request": of,
        "themes": said(tuple(gettext(CrimeType(theme).label) for theme in of.themes), gettext),
        "evidence": evidence,
        "assessed": assessed,
        "decision": decision,
        "may_write": policy.can(person, Permission.WRITE_ASSESSMENT) and decision is None,
    }
