"""Pages of the evidence: what came in, one batch, its quarantine, adding a file, withdrawing a batch."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.records.incidents import duties, duty_pages, mapping_pages, pages, permissions, selectors, services
from frankpledge.records.incidents.forms import UploadForm, WithdrawForm
from frankpledge.records.incidents.models import Batch, Upload
from frankpledge.records.incidents.vocabulary import UploadQuestion, UploadState
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_EVIDENCE)
@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    """Sources by month, the newest batch, what waits in quarantine."""
    page = pages.evidence_page(request.user, to=request.GET.get("to"), page=request.GET.get("page"))
    return render(request, "incidents/evidence.html", {"page": page})


@guarded(Permission.VIEW_EVIDENCE)
@require_safe
def batch(request: HttpRequest, key: str) -> HttpResponse:
    """One batch."""
    return render(request, "incidents/batch.html", {"page": pages.batch_page(_found(key), request.user)})


@guarded(Permission.VIEW_QUARANTINE)
@require_safe
def quarantine(request: HttpRequest, key: str) -> HttpResponse:
    """Rows that could not be used, as delivered."""
    page = pages.quarantine_page(
        _found(key),
        request.user,
        reason=request.GET.get("reason"),
        page=request.GET.get("page"),
    )
    return render(request, "incidents/quarantine.html", {"page": page})


@guarded(Permission.SETTLE_QUARANTINE)
@form_view
def settle_row(request: HttpRequest, key: str, row: int) -> HttpResponse:
    """One row: correct its cells and let it be read again, or refuse it."""
    found = _found(key)
    page = pages.settle_row_page(found, row, request.user, request.POST or None)
    if page is None:
        return redirect("incidents:quarantine", key=key)
    if page["form"].is_valid() and (done := pages.settle_row(page, request.POST.get("action", ""), actor_of(request))):
        messages.success(request, done)
        return redirect("incidents:quarantine", key=key)
    return render(request, "incidents/settle_row.html", page, status=status_of(page["form"]))


@guarded(Permission.SETTLE_QUARANTINE)
@form_view
def settle_reason(request: HttpRequest, key: str) -> HttpResponse:
    """All rows with the same fault at once."""
    found = _found(key)
    page = pages.settle_reason_page(found, request.GET.get("reason", ""), request.user, request.POST or None)
    if page is None:
        return redirect("incidents:quarantine", key=key)
    if page["form"].is_valid() and (done := pages.settle_reason(page, actor_of(request))):
        messages.success(request, done)
        return redirect("incidents:quarantine", key=key)
    return render(request, "incidents/settle_reason.html", page, status=status_of(page["form"]))


@guarded(Permission.ADD_EVIDENCE)
@form_view
def upload(request: HttpRequest) -> HttpResponse:
    """A file to add; the work that reads it has a page of its own."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            received = services.receive_upload(chunks=file.chunks(), name=file.name, by=actor_of(request))
            return redirect("jobs:job", key=received.job_id)
        except DataProblem as problem:
            form.add_error("file", problem.sentence)
    return render(request, "incidents/upload.html", {"form": form}, status=status_of(form))


@guarded(Permission.ADD_EVIDENCE)
@form_view
def upload_question(request: HttpRequest, key: int) -> HttpResponse:
    """What a newer edition would change, and whether it may."""
    upload = _upload(key)
    permissions.check_is_sender(actor_of(request), upload)
    if upload.question != UploadQuestion.SUPERSEDE:
        return redirect("incidents:evidence")
    if request.method == "POST" and request.POST.get("answer") == "yes":
        upload = services.continue_upload(upload, may_supersede=True, by=actor_of(request))
        return redirect("jobs:job", key=upload.job_id)
    if request.method == "POST":
        services.drop_upload(upload, by=actor_of(request))
        messages.success(request, gettext("What was here stays in use. The file you sent is erased."))
        return redirect("incidents:evidence")
    return render(request, "incidents/upload_question.html", {"page": pages.editions_page(upload)})


@guarded(Permission.MANAGE_PROFILES)
@form_view
def mapping(request: HttpRequest, key: int) -> HttpResponse:
    """What the columns of an unknown file mean: proposed, changed by a person, tried on the file, saved."""
    upload = _upload(key)
    permissions.check_is_sender(actor_of(request), upload)
    if upload.question != UploadQuestion.COLUMNS:
        return redirect("incidents:evidence")
    if request.POST.get("action") == "drop":
        services.drop_upload(upload, by=actor_of(request))
        return redirect("incidents:evidence")
    page = mapping_pages.mapping_page(upload, request.POST)
    if request.POST.get("action") == "save" and not page["problems"]:
        upload = mapping_pages.save(upload, page, by=actor_of(request))
        messages.success(request, gettext("Saved. Next time this file is recognised by its header."))
        return redirect("jobs:job", key=upload.job_id)
    return render(request, "incidents/mapping.html", {"page": page}, status=422 if page["problems"] else 200)


@guarded(Permission.VIEW_EVIDENCE)
@require_safe
def profiles(request: HttpRequest) -> HttpResponse:
    """Every file we know how to read."""
    return render(request, "incidents/profiles.html", {"page": mapping_pages.profiles_page()})


@guarded(Permission.VIEW_EVIDENCE)
@require_safe
def profile(request: HttpRequest, name: str) -> HttpResponse:
    """One file we know how to read: its columns, its words, its versions."""
    page = mapping_pages.profile_page(name)
    if page is None:
        raise Http404
    return render(request, "incidents/profile.html", {"page": page})


@guarded(Permission.VIEW_EVIDENCE)
@require_safe
def profile_file(request: HttpRequest, name: str, version: int, form: str) -> HttpResponse:
    """A profile to take along: as our own JSON, or as Table Schema for publishing."""
    found = selectors.profile_version(name, version)
    if found is None or form not in ("profile", "table-schema"):
        raise Http404
    content = found.as_table_schema() if form == "table-schema" else found.as_dict()
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="{name}-{version}-{form}.json"'
    return answer


@guarded(Permission.VIEW_EVIDENCE)
@require_safe
def duty(request: HttpRequest) -> HttpResponse:
    """Who owes which data set for which quarter."""
    page = duty_pages.duty_page(request.user, timezone.localdate())
    return render(request, "incidents/duty.html", {"page": page})


@guarded(Permission.MANAGE_AGREEMENTS)
@require_POST
def set_up_duty(request: HttpRequest) -> HttpResponse:
    """List what each agency owes by its kind."""
    duties.set_up_duties(today=timezone.localdate(), by=actor_of(request))
    return redirect("incidents:duty")


@guarded(Permission.VIEW_EVIDENCE)
@require_safe
def reminder(request: HttpRequest, key: int, quarter: str) -> HttpResponse:
    """A reminder to read, copy or send."""
    return render(request, "incidents/reminder.html", {"page": _reminder(request, key, quarter)})


@guarded(Permission.VIEW_EVIDENCE)
@require_safe
def reminder_file(request: HttpRequest, key: int, quarter: str) -> HttpResponse:
    """The reminder as a draft for a mail program."""
    answer = HttpResponse(duty_pages.as_eml(_reminder(request, key, quarter)), content_type="message/rfc822")
    answer["Content-Disposition"] = f'attachment; filename="reminder-{quarter}.eml"'
    return answer


@guarded(Permission.MANAGE_AGREEMENTS)
@require_POST
def send_reminder(request: HttpRequest, key: int, quarter: str) -> HttpResponse:
    """Send it by the installation's mail: only when somebody presses the button."""
    page = _reminder(request, key, quarter, request.POST)
    form = page["form"]
    if form.is_valid():
        try:
            duties.send_reminder(duty=page["duty"], cell=page["cell"], **form.cleaned_data, by=actor_of(request))
            messages.success(request, gettext("The reminder is sent."))
            return redirect("incidents:duty")
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
    return render(request, "incidents/reminder.html", {"page": page}, status=status_of(form))


def _reminder(request: HttpRequest, key: int, quarter: str, posted: Any = None) -> dict[str, Any]:
    try:
        page = duty_pages.reminder_page(request.user, key, quarter, timezone.localdate(), posted)
    except DataProblem:
        page = None
    if page is None:
        raise Http404
    return page


@guarded(Permission.WITHDRAW_EVIDENCE)
@form_view
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Asked twice: first why, then whether it is really meant."""
    found = _found(key)
    if not found.is_current:
        return redirect("incidents:batch", key=key)
    form = WithdrawForm(request.POST or None)
    valid = form.is_valid()
    if valid and form.cleaned_data["confirmed"]:
        services.withdraw_batch(found, because=form.cleaned_data["because"], by=actor_of(request))
        messages.success(request, gettext("The batch is withdrawn. Figures no longer count it."))
        return redirect("incidents:batch", key=key)
    because = form.cleaned_data.get("because", "") if valid else ""
    page = pages.withdraw_page(found, sure=valid, because=because, back=reverse("incidents:batch", args=[key]))
    return render(request, "incidents/withdraw.html", {"form": form, "page": page}, status=status_of(form))


def _found(key: str) -> Batch:
    found = selectors.find_batch(key)
    if found is None:
        raise Http404
    return found


def _upload(key: int) -> Upload:
    found = selectors.upload(key)
    if found is None or found.state != UploadState.ASKING:
        raise Http404
    return found
