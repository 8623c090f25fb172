"""The demo's assessment: composed from its own files, with an analyst's words, an edition, a scan and a request.

Everything here is made up. Every step looks at what is there already, so that a load may be taken up again.
"""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from frankpledge.analysis.scan_matrix import Confidence
from frankpledge.oversight.assessment import pages, profiling, selectors, services
from frankpledge.oversight.assessment.vocabulary import RequestKind
from frankpledge.records.meetings.vocabulary import Outcome
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.questions import Question
from frankpledge.workflows.compose_assessment import compose_assessment

WORDS = {
    "voice": (
        "At the public meeting in the Corn Exchange some sixty residents spoke most of burglary, speeding and young "
        "people in the market place after dark. The panel of the five responsible authorities answered questions for "
        "an hour and a half. What was said is a sign of concern, not a measure of it: nobody drew a sample."
    ),
    "delivery": (
        "The last plan named burglary, anti-social behaviour and violence in the evening. Its alarm scheme was carried "
        "out in full; two of its actions on the evening economy were put off for want of a lead."
    ),
    "priorities": (
        "We recommend three priorities: homes hit by burglary and those near them, anti-social behaviour that returns "
        "to the same people, and violence in the town centre in the evening."
    ),
}
# Scores the demo's group gave: harm, public concern, room to act. Likelihood and trend come from the figures.
SCORES: dict[CrimeType, tuple[int, int, int, Confidence]] = {
    CrimeType.BURGLARY: (4, 5, 4, Confidence.HIGH),
    CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES: (5, 4, 3, Confidence.MEDIUM),
    CrimeType.ANTI_SOCIAL_BEHAVIOUR: (2, 5, 4, Confidence.HIGH),
    CrimeType.VEHICLE_CRIME: (2, 3, 3, Confidence.MEDIUM),
    CrimeType.CRIMINAL_DAMAGE_AND_ARSON: (2, 3, 3, Confidence.MEDIUM),
    CrimeType.ROBBERY: (4, 3, 3, Confidence.LOW),
    CrimeType.DRUGS: (3, 3, 2, Confidence.LOW),
    CrimeType.SHOPLIFTING: (1, 2, 3, Confidence.MEDIUM),
}
GROUP = "Safer Aldercombe strategy group"


def load(*, by: Actor) -> None:
    """Compose, write, approve, score and answer, each once."""
    made = next(iter(selectors.assessments()), None)
    if made is None:
        made = compose_assessment(area="", by=by)
    today = timezone.localdate()
    _write(made, by)
    if selectors.newest_edition(made) is None:
        services.approve(
            made, decided_by=GROUP, decided_on=today - timedelta(days=40), reasons="A fair account of the year.", by=by
        )
    if not selectors.scans().exists():
        _scan(made, today, by)
    if not selectors.requests().exists():
        _requests(made, today, by)
    if not selectors.profiles().exists():
        question = Question(area=made.area_code, crime_types=(CrimeType.BURGLARY,))
        services.keep_profile(drawn=profiling.draw_profile(question), question=question, by=by)


def _write(made: Any, by: Actor) -> None:
    for section in selectors.sections(made):
        if section.key in WORDS and not section.words:
            services.write_section(
                made, section.key, words=WORDS[section.key], included=True, version=section.version, by=by
            )


def _scan(made: Any, today: date, by: Actor) -> None:
    labels = {kind.label: scores for kind, scores in SCORES.items()}
    issues = []
    for issue in pages.proposed_issues(made.area_code):
        if issue["name"] not in labels:
            continue
        harm, concern, room, confidence = labels[issue["name"]]
        scores = {"trend": 3, **issue["scores"], "harm": harm, "concern": concern, "capability": room}
        issues.append({**issue, "scores": scores, "confidence": confidence.value})
    scan = services.start_scan(title="Scan of issues for the next plan", area_code=made.area_code, issues=issues, by=by)
    services.record_scan(
        scan,
        decided_by=GROUP,
        decided_on=today - timedelta(days=33),
        reasons="Scored in the room by the five responsible authorities; weights as agreed last year.",
        by=by,
    )


def _requests(made: Any, today: date, by: Actor) -> None:
    answered = services.ask(
        title="A burglary reduction group",
        kind=RequestKind.GROUP,
        asked_by="Neighbourhood policing inspector",
        asked_on=today - timedelta(days=60),
        why="Three wards ask for one place where police, housing and trading standards agree who visits which homes.",
        themes=[CrimeType.BURGLARY.value],
        area_code=made.area_code,
        by=by,
    )
    services.decide_request(
        answered,
        outcome=Outcome.AGREED_IN_PART,
        decided="A task-and-finish group for six months, reporting to the tasking meeting.",
        decided_by=GROUP,
        decided_on=today - timedelta(days=30),
        reasons="The assessment shows where burglary gathers; it shows no rise that would need a standing group.",
        by=by,
    )
    services.ask(
        title="Money for a second town-centre warden",
        kind=RequestKind.FUNDING,
        asked_by="Business improvement district",
        asked_on=today - timedelta(days=6),
        why="Traders say begging and shoplifting keep customers away on market days.",
        themes=[CrimeType.SHOPLIFTING.value, CrimeType.ANTI_SOCIAL_BEHAVIOUR.value],
        area_code=made.area_code,
        by=by,
    )
