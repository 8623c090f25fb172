"""Pages of returns to funders."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.delivery.home_security.forms.returns import FormatForm, PeriodForm, SentForm
from frankpledge.delivery.home_security.pages import returns as pages
from frankpledge.delivery.home_security.rules.returns import last_quarter
from frankpledge.delivery.home_security.selectors import returns as selectors
from frankpledge.delivery.home_security.services import returns as services
from frankpledge.delivery.home_security.services.returns import Draft
from frankpledge.delivery.home_security.vocabulary import ReturnColumn
from frankpledge.reports.spreadsheets import to_csv, to_ods
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.permissions import Permission

ODS = "application/vnd.oasis.opendocument.spreadsheet"
form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_HOMES)
@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    """A funder's return of a period, and what was sent before."""
    funders = selectors.funders()
    form, made = _asked(request.GET, funders)
    page = pages.returns_page(request.user, made, funders) if made else None
    context = {"page": page, "form": form, "send": SentForm(), "funders": funders}
    # without any funder there is nothing to choose, and nothing wrong
    return render(request, "home_security/returns.html", context, status=status_of(form) if funders else 200)


@guarded(Permission.EDIT_HOMES)
@require_safe
def return_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The file with its statement, as CSV or for a spreadsheet."""
    _, made = _asked(request.GET, selectors.funders())
    if made is None or kind not in ("csv", "ods"):
        raise Http404
    services.note_download(made, by=actor_of(request))
    name = f"{slugify(made.funder)}-{made.first:%Y-%m-%d}-{made.last:%Y-%m-%d}.{kind}"
    sheets = pages.sheets(made)
    content, content_type = (to_ods(sheets), ODS) if kind == "ods" else (to_csv(sheets[0]), "text/csv; charset=utf-8")
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=disposition)


@guarded(Permission.EDIT_HOMES)
@require_POST
def keep_return(request: HttpRequest) -> HttpResponse:
    """Keep a return as sent."""
    funders, send = selectors.funders(), SentForm(request.POST)
    form, made = _asked(request.POST, funders)
    if made is not None and send.is_valid():
        try:
            kept = services.keep_sent(made, sent_to=send.cleaned_data["sent_to"], by=actor_of(request))
            messages.success(request, gettext("The return is kept as it was sent."))
            return redirect("home_security:sent_return", key=kept.pk)
        except DataProblem as problem:
            send.add_error("sent_to", problem.sentence)
    page = pages.returns_page(request.user, made, funders) if made else None
    context = {"page": page, "form": form, "send": send, "funders": funders}
    return render(request, "home_security/returns.html", context, status=422)


@guarded(Permission.VIEW_HOMES)
@require_safe
def sent_return(request: HttpRequest, key: int) -> HttpResponse:
    """A return as it was sent, and what changed since."""
    found = selectors.sent_return(key)
    if found is None:
        raise Http404
    return render(request, "home_security/return_sent.html", {"page": pages.sent_page(found)})


@guarded(Permission.VIEW_HOMES)
@require_safe
def sent_return_file(request: HttpRequest, key: int) -> HttpResponse:
    """The rows as they were sent. Those that named homes were not kept."""
    found = selectors.sent_return(key)
    if found is None or not found.written:
        raise Http404
    name = f"{slugify(found.funder)}-{found.first_on:%Y-%m-%d}-as-sent.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(found.written, content_type="text/csv; charset=utf-8", headers=disposition)


@guarded(Permission.EDIT_HOMES)
@form_view
def return_format(request: HttpRequest) -> HttpResponse:
    """Choose the columns of a funder's return."""
    funder = request.GET.get("funder", "")
    if funder not in selectors.funders():
        raise Http404
    columns, because = selectors.format_of(funder)
    form = FormatForm(
        request.POST or None, initial={"columns": [one.value for one in columns], "named_because": because}
    )
    if form.is_valid():
        try:
            told = form.cleaned_data
            services.set_format(
                funder,
                columns=[ReturnColumn(word) for word in told["columns"]],
                named_because=told["named_because"],
                by=actor_of(request),
            )
            return redirect(f"{reverse('home_security:returns')}?{urlencode({'funder': funder})}")
        except DataProblem as problem:
            form.add_error(None, problem.sentence)
    return render(request, "home_security/return_format.html", {"form": form, "funder": funder}, status=status_of(form))


def _asked(query: Any, funders: list[str]) -> tuple[PeriodForm, Draft | None]:
    """The form as asked, and the return it asks for: the first funder's of the last quarter unless it says another."""
    first, last = last_quarter(timezone.localdate())
    usual = {"funder": funders[0] if funders else "", "first": first.isoformat(), "last": last.isoformat()}
    form = PeriodForm({name: query.get(name) or value for name, value in usual.items()}, funders=funders)
    if not funders or not form.is_valid():
        return form, None
    try:
        return form, _draft(form.cleaned_data["funder"], form.cleaned_data["first"], form.cleaned_data["last"])
    except DataProblem as problem:
        form.add_error("last", problem.sentence)
        return form, None


def _draft(funder: str, first: date, last: date) -> Draft:
    services.check_period(first, last, timezone.localdate())
    return pages.draft(funder, first, last)
