"""The story of composing a strategic assessment: the evidence at hand becomes a whole draft, in one piece of work."""

from typing import TYPE_CHECKING, Any

from frankpledge.foundation.jobs.registry import JobContext
from frankpledge.oversight.assessment import composing, permissions, services
from frankpledge.oversight.assessment.composing import Progress
from frankpledge.vocabulary.actors import Actor

if TYPE_CHECKING:
    from frankpledge.oversight.assessment.models import Assessment


def compose_assessment_job(context: JobContext, *, area: str) -> dict[str, Any]:
    """The job: see `compose_assessment`. Its result names the assessment, so that its page can be opened."""
    made = compose_assessment(area=area, by=context.by, progress=context.progress)
    return {"assessment": made.reference, "title": made.title, "sections": made.sections.count()}


def compose_assessment(*, area: str, by: Actor, progress: Progress = lambda percent, words: None) -> "Assessment":
    """Draft every chapter for ``area`` from the sources ``by`` may use, and keep it beside the words people wrote.

    Raises DataProblem for an unknown area, CannotCompute where nothing is on record, NotPermitted for whoever may not
    write the assessment.
    """
    permissions.check_can_write(by)
    composed = composing.compose(area, allowed=permissions.sources_of(by), progress=progress)
    progress(97, "Keeping its figures")
    made = services.store_draft(composed, by=by)
    progress(100, "The draft is there")
    return made
