"""Pages of performance."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.foundation.jobs import services as jobs
from frankpledge.oversight.performance import pages, selectors, services
from frankpledge.oversight.performance.forms import AskForm
from frankpledge.oversight.performance.models import Pack
from frankpledge.oversight.performance.rules import FinancialQuarter
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.indicators.permissions import Reader
from frankpledge.reports.spreadsheets import Sheet, to_ods
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.permissions import Permission

FILES = {
    "pdf": ("pdf", "application/pdf"),
    "docx": ("word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pptx": ("slides", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}


@guarded(Permission.VIEW_PERFORMANCE)
@require_safe
def quarter(request: HttpRequest, year: int | None = None, quarter: int | None = None) -> HttpResponse:
    """The quarter: what needs the meeting, and everything else."""
    found = selectors.report(_quarter(year, quarter), today=timezone.localdate(), reader=Reader(request.user))
    return render(request, "performance/quarter.html", {"page": pages.quarter_page(found, request.user)})


@guarded(Permission.VIEW_PERFORMANCE)
@require_safe
def standing(request: HttpRequest, year: int, quarter: int, key: str) -> HttpResponse:
    """One indicator in a quarter: its chance, its year, its quarters."""
    at = _quarter(year, quarter)
    line = selectors.line_of(_indicator(key), at, today=timezone.localdate(), reader=Reader(request.user))
    return render(request, "performance/standing.html", {"page": pages.standing_page(line, at, request.user)})


@guarded(Permission.VIEW_PERFORMANCE)
@require_safe
def compare(request: HttpRequest, year: int, quarter: int, key: str) -> HttpResponse:
    """One indicator in similar areas, against what chance gives for their size."""
    found = selectors.compare(_indicator(key), _quarter(year, quarter), reader=Reader(request.user))
    return render(request, "performance/compare.html", {"page": pages.compare_page(found, request.user)})


@guarded(Permission.VIEW_PERFORMANCE)
@require_safe
def table(request: HttpRequest, year: int, quarter: int) -> HttpResponse:
    """Every figure of a quarter as a spreadsheet."""
    at = _quarter(year, quarter)
    found = selectors.report(at, today=timezone.localdate(), reader=Reader())
    sheet = Sheet(str(at.words), pages.TABLE_COLUMNS, tuple(pages.table_rows(found)), (pages.how(),))
    return _download(
        to_ods([sheet]), "application/vnd.oasis.opendocument.spreadsheet", f"performance-{year}-{quarter}.ods"
    )


@guarded(Permission.MAKE_PACK)
@require_POST
def make_pack(request: HttpRequest, year: int, quarter: int) -> HttpResponse:
    """Start making the pack; its page shows how far it is."""
    at = _quarter(year, quarter)
    job = jobs.start("make quarterly pack", {"year": at.year, "quarter": at.quarter}, by=actor_of(request))
    return redirect("jobs:job", key=job.pk)


@guarded(Permission.VIEW_PERFORMANCE)
@require_safe
def packs(request: HttpRequest) -> HttpResponse:
    """All packs as they were made."""
    return render(request, "performance/packs.html", {"packs": selectors.packs()})


@guarded(Permission.VIEW_PERFORMANCE)
@require_safe
def pack(request: HttpRequest, number: int) -> HttpResponse:
    """A pack as a page, as it was made."""
    return render(request, "performance/pack.html", {"page": pages.pack_page(_pack(number))})


@guarded(Permission.VIEW_PERFORMANCE)
@require_safe
def pack_file(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """A pack as PDF, Word or slides, as it was made."""
    if kind not in FILES:
        raise Http404
    found = _pack(number)
    field, content_type = FILES[kind]
    return _download(bytes(getattr(found, field)), content_type, f"pack-{found.year}-q{found.quarter}.{kind}")


@guarded(Permission.MAKE_PACK)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, year: int, quarter: int) -> HttpResponse:
    """Ask the meeting for a decision."""
    at = _quarter(year, quarter)
    form = AskForm(request.POST or None)
    if form.is_valid():
        services.ask_decision(quarter=at, title=form.cleaned_data["title"], by=actor_of(request))
        messages.success(request, gettext("The meeting is asked. It stands on the quarter’s page and in its pack."))
        return redirect("performance:quarter", year=at.year, quarter=at.quarter)
    return render(request, "performance/ask.html", {"form": form, "quarter": at}, status=status_of(form))


@guarded(Permission.MAKE_PACK)
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a question to the meeting back."""
    found = selectors.decision_asked(number)
    if found is None:
        raise Http404
    services.withdraw_decision(found, by=actor_of(request))
    messages.success(request, gettext("The question is withdrawn."))
    return redirect("performance:quarter", year=found.year, quarter=found.quarter)


@guarded(Permission.MAKE_PACK)
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: HttpRequest, year: int, quarter: int) -> HttpResponse:
    """Who has lines to fill in, what they would be sent, and the button that sends it."""
    at, today = _quarter(year, quarter), timezone.localdate()
    address = request.build_absolute_uri("/").rstrip("/")
    if request.method == "POST":
        arguments = {"year": at.year, "quarter": at.quarter, "address": address}
        return redirect("jobs:job", key=jobs.start("remind owners", arguments, by=actor_of(request)).pk)
    letters = selectors.letters(at, address=address, today=today, words=pages.letter_words())
    return render(request, "performance/reminders.html", {"page": pages.reminders_page(at, letters, today)})


def _quarter(year: int | None, quarter: int | None) -> FinancialQuarter:
    try:
        return selectors.quarter_at(year, quarter, today=timezone.localdate())
    except DataProblem as reason:
        raise Http404 from reason


def _indicator(key: str) -> Any:
    found = indicators.indicator_by_key(key)
    if found is None:
        raise Http404
    return found


def _pack(number: int) -> Pack:
    found = selectors.pack(number)
    if found is None:
        raise Http404
    return found


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
