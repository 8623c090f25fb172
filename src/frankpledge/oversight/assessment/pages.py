"""What the pages of Assess say."""

from typing import Any

from django.utils.translation import gettext, ngettext

from frankpledge.analysis import findings
from frankpledge.analysis.picture_results import AreaPicture
from frankpledge.foundation.agencies import policy
from frankpledge.oversight.exploring import selectors as exploring
from frankpledge.oversight.exploring.filters import PictureQuery
from frankpledge.records.incidents import selectors as incidents
from frankpledge.records.incidents.vocabulary import CellState, source_words
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.periods import MonthSpan
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.wording import said, whole, word


def assess(person: Any) -> dict[str, Any]:
    """The door page: what is behind it, and the first real numbers of each."""
    held = policy.permissions_of(person)
    return {
        "picture": _first_picture(),
        "evidence": _first_evidence() if Permission.VIEW_EVIDENCE in held else None,
        "may_add": Permission.ADD_EVIDENCE in held,
    }


def _first_picture() -> dict[str, Any] | None:
    try:
        shown = exploring.picture_for(PictureQuery())
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
