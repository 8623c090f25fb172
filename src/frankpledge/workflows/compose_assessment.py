"""The story of composing a strategic assessment: the evidence at hand becomes a whole draft, in one piece of work."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from frankpledge.foundation.agencies.selectors import partnership
from frankpledge.foundation.jobs.registry import JobContext
from frankpledge.oversight.assessment import composing, documents, permissions, selectors, services
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


def write_files(made: "Assessment", folder: Path) -> list[Path]:
    """Write the draft as PDF, Word, two-page summary, ODS and CSV into ``folder``; returns the paths."""
    from frankpledge.reports.pdf import to_pdf
    from frankpledge.reports.spreadsheets import to_csv, to_ods
    from frankpledge.reports.word import to_word

    ours = partnership()
    name = ours.name if ours else ""
    document = selectors.document_of(made, selectors.sections(made))
    whole = documents.assessment_document(document, edition=None, partnership=name)
    sheets = documents.data_sheets(document)
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "assessment.pdf": to_pdf(whole),
        "assessment.docx": to_word(whole, bytes(made.word_template) if made.word_template else None),
        "summary.pdf": to_pdf(documents.summary_document(document, edition=None, partnership=name)),
        "data.ods": to_ods(sheets),
        "figures.csv": to_csv(sheets[0]).encode(),
    }
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return [folder / file for file in files]
