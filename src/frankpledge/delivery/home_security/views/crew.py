"""Pages of the crew's phone, and what its coordinator sees of what the phones sent."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.delivery.home_security.forms.crew import ConflictForm, VisitForm
from frankpledge.delivery.home_security.models import VisitPhoto
from frankpledge.delivery.home_security.pages import crew as pages
from frankpledge.delivery.home_security.selectors import crew as selectors
from frankpledge.delivery.home_security.services import crew as services
from frankpledge.delivery.home_security.services import photos
from frankpledge.delivery.home_security.vocabulary import ConflictChoice
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission

TEMPLATES = "home_security/crew"


@guarded(Permission.DO_VISITS)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Today's visits of my crew, the next one first."""
    services.note_heard(request.user.pk, timezone.now())
    page = pages.today_page(request.user, timezone.now())
    services.note_look(page["visits"], what="looked at the visits of today", by=actor_of(request))
    return render(request, f"{TEMPLATES}/today.html", {"page": page})


@guarded(Permission.DO_VISITS)
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, key: int) -> HttpResponse:
    """One visit: what to know, and the form of what was done. A phone posts the same form when it has signal."""
    services.note_heard(request.user.pk, timezone.now())
    if request.method == "POST":
        return _sent(request, key)
    page = pages.visit_page(request.user, key, timezone.now())
    services.note_look([page["visit"]], what="looked at a visit of today", by=actor_of(request))
    return render(request, f"{TEMPLATES}/visit.html", {"page": page})


@guarded(Permission.DO_VISITS)
@require_POST
def photo(request: HttpRequest, key: int) -> JsonResponse:
    """One photo of a visit, as a phone sends it: once, whatever the network does."""
    services.note_heard(request.user.pk, timezone.now())
    upload, name = request.FILES.get("photo"), request.POST.get("client_key", "")
    try:
        if upload is None:
            raise DataProblem("There was no photo in it.")
        kept = _keep_photo(request, key, upload, UUID(name))
    except (DataProblem, ValueError) as problem:
        return JsonResponse({"problem": str(problem)}, status=422)
    return JsonResponse({"kept": kept is not None})


@guarded(Permission.DO_VISITS)
@require_safe
def signal(request: HttpRequest) -> JsonResponse:
    """Whether there is signal and a session, and what a phone needs to send. Open pages ask every few minutes."""
    services.note_heard(request.user.pk, timezone.now())
    return JsonResponse(pages.signal(request.user, timezone.now(), get_token(request)))


@guarded(Permission.DO_VISITS)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that answers on the phone when there is no signal. It may do so for the crew's pages only."""
    answer = render(
        request,
        f"{TEMPLATES}/worker.js",
        {"static_url": settings.STATIC_URL},
        content_type="text/javascript; charset=utf-8",
    )
    answer["Service-Worker-Allowed"] = reverse("home_security:crew")
    return answer


@guarded(Permission.DO_VISITS)
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """What the phone shows without signal where it has nothing else: no name and no address is on it."""
    return render(request, f"{TEMPLATES}/shell.html", {"page": {"words": pages.words(), "person": request.user.pk}})


@guarded(Permission.DO_VISITS)
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """How the phone shows the installed app."""
    return JsonResponse(pages.manifest(), content_type="application/manifest+json")


@guarded(Permission.EDIT_HOMES)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What came from the phones and needs a person."""
    return render(request, f"{TEMPLATES}/reports.html", {"page": pages.reports_page(timezone.now())})


@guarded(Permission.EDIT_HOMES)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, key: int) -> HttpResponse:
    """Two reports of one visit side by side, and the decision between them."""
    found, form = selectors.report(key), ConflictForm(request.POST or None)
    if found is None:
        raise Http404
    if form.is_valid():
        try:
            services.settle_conflict(key, choice=ConflictChoice(form.cleaned_data["choice"]), by=actor_of(request))
            messages.success(request, gettext("It is decided. Both reports are kept as they came."))
        except (DataProblem, RuleBroken) as problem:
            messages.error(request, problem.sentence)
        return redirect("home_security:reports")
    services.note_look([found.visit], what="compared the reports of a visit", by=actor_of(request))
    return render(request, f"{TEMPLATES}/report.html", {"page": pages.conflict_page(found), "form": form})


@guarded(Permission.EDIT_HOMES)
@require_safe
def report_photo(request: HttpRequest, key: int) -> HttpResponse:
    """One photo of a visit. The look is recorded: it shows somebody's home."""
    found = selectors.photo(key)
    if found is None:
        raise Http404
    services.note_look([found.visit], what="looked at a photo of a visit", by=actor_of(request))
    return HttpResponse(bytes(found.image), content_type="image/jpeg")


def _sent(request: HttpRequest, key: int) -> HttpResponse:
    """Take a report: as JSON for a phone that queued it, as a page for a form sent now."""
    queued = "application/json" in request.headers.get("Accept", "")
    form = VisitForm(request.POST, measures=selectors.measures())
    problems = _problems(form, queued=queued)
    answer = None
    if not problems:
        try:
            answer = _take(request, key, form)
        except DataProblem as problem:
            problems = [problem.sentence]
    if queued:
        return JsonResponse(
            {"problem": " ".join(problems)} if answer is None else pages.answer(answer.sent, again=answer.again),
            status=422 if answer is None else 200,
        )
    if answer is None:
        page = pages.visit_page(request.user, key, timezone.now(), form)
        services.note_look([page["visit"]], what="looked at a visit of today", by=actor_of(request))
        return render(request, f"{TEMPLATES}/visit.html", {"page": page, "problems": problems}, status=422)
    said = pages.answer(answer.sent, again=answer.again)
    for sentence in [said["sentence"], *said["doubts"], *_photos_with_it(request, key)]:
        messages.info(request, sentence)
    return redirect("home_security:crew")


def _problems(form: VisitForm, *, queued: bool) -> list[str]:
    if not form.is_valid():
        return [
            f"{form[name].label}: {' '.join(map(str, said))}" for name, said in form.errors.items() if name != "__all__"
        ]
    return [] if queued else form.lacking()


def _take(request: HttpRequest, key: int, form: VisitForm) -> services.Answer:
    said = form.cleaned_data
    return services.report_visit(
        key, client_key=said["client_key"], version=said["version"], told=form.told(), by=actor_of(request)
    )


def _photos_with_it(request: HttpRequest, key: int) -> list[str]:
    """Keep the photos a form without scripts brought; what is said of those that cannot be kept."""
    refused = []
    for upload in request.FILES.getlist("photos"):
        try:
            _keep_photo(request, key, upload, uuid4())
        except DataProblem as problem:
            refused.append(problem.sentence)
    return refused


def _keep_photo(request: HttpRequest, key: int, upload: Any, client_key: UUID) -> VisitPhoto | None:
    photos.check_size(upload.size)
    caption = request.POST.get("caption", "")
    return photos.add_photo(key, client_key=client_key, content=upload.read(), caption=caption, by=actor_of(request))
