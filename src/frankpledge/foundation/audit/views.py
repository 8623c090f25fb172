"""The page of the audit trail."""

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frankpledge.foundation.audit import selectors
from frankpledge.foundation.audit.forms import ACTS, TrailForm
from frankpledge.foundation.audit.services import record
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.permissions import Permission

ENTRIES_ON_A_PAGE = 50
CHECKED_AT_ONCE = 20_000
"""Entries a page checks while somebody waits (about a second); the whole trail is for ``frankpledge audit verify``."""


@guarded(Permission.VIEW_AUDIT)
@require_safe
@transaction.atomic
def trail(request: HttpRequest) -> HttpResponse:
    """Who did what, narrowed down; whether the trail is unbroken. Looking at it is recorded in it."""
    form = TrailForm(request.GET)
    form.is_valid()
    found = selectors.entries(**form.chosen())  # type: ignore[arg-type]
    page = Paginator(found, ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = [(entry, ACTS[Act(entry.act)]) for entry in page]
    verification, begin = selectors.verify_latest(CHECKED_AT_ONCE)
    record(
        act=Act.CONSULTATION,
        what="Looked at the audit trail.",
        subject="audit:trail",
        by=actor_of(request),
        details={"narrowed by": sorted(form.chosen()), "page": page.number},
    )
    context = {"form": form, "page": page, "shown": shown, "verification": verification, "begin": begin}
    return render(request, "audit/trail.html", context)
