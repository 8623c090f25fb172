"""Pages of the register of marking kits, and of a code that was found on recovered property."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.delivery.home_security.forms.kits import ConfirmForm, LookUpForm, OutOfUseForm, SettleCodeForm
from frankpledge.delivery.home_security.pages import kits as pages
from frankpledge.delivery.home_security.selectors import kits as selectors
from frankpledge.delivery.home_security.services import kits as services
from frankpledge.delivery.home_security.vocabulary import KitAnswer, KitFate
from frankpledge.reports.spreadsheets import to_csv
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_HOMES)
@require_safe
def kits(request: HttpRequest) -> HttpResponse:
    """The register, with what is not registered first."""
    return _register(request, OutOfUseForm())


def _register(request: HttpRequest, form: OutOfUseForm) -> HttpResponse:
    page = pages.register_page(request.user, request.GET, timezone.localdate())
    return render(request, "home_security/kits.html", {"page": page, "form": form}, status=status_of(form))


@guarded(Permission.EDIT_HOMES)
@require_POST
def export_kits(request: HttpRequest) -> HttpResponse:
    """The unregistered codes as a file for the national database."""
    try:
        rows = services.export_unregistered(again="again" in request.POST, by=actor_of(request))
    except RuleBroken as problem:
        messages.error(request, problem.sentence)
        return redirect("home_security:kits")
    messages.success(request, pages.exported(rows))
    name = f"kits-to-register-{timezone.localdate():%Y-%m-%d}.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(to_csv(pages.export_sheet(rows)), content_type="text/csv; charset=utf-8", headers=disposition)


@guarded(Permission.EDIT_HOMES)
@form_view
def confirm_kits(request: HttpRequest) -> HttpResponse:
    """Take what the national database confirms."""
    form, page = ConfirmForm(request.POST or None, request.FILES or None), None
    if form.is_valid():
        try:
            told = form.cleaned_data
            page = pages.confirmed_page(services.confirm(told["text"], on=told["on"], by=actor_of(request)))
        except DataProblem as problem:
            form.add_error(None, problem.sentence)
    context = {"form": form, "page": page}
    return render(request, "home_security/kits_confirm.html", context, status=status_of(form))


@guarded(Permission.EDIT_HOMES)
@require_POST
def kit_out_of_use(request: HttpRequest) -> HttpResponse:
    """A kit was damaged or lost."""
    form = OutOfUseForm(request.POST)
    if form.is_valid():
        try:
            told = form.cleaned_data
            services.take_out(told["code"], because=KitFate(told["because"]), by=actor_of(request))
            messages.success(request, gettext("The code is out of use. Tell the national database if it has it."))
            return redirect("home_security:kits")
        except (DataProblem, RuleBroken) as problem:
            form.add_error("code", problem.sentence)
    return _register(request, form)


@guarded(Permission.EDIT_HOMES)
@form_view
def kit_question(request: HttpRequest, key: int) -> HttpResponse:
    """Settle whose a code is. The look is recorded: it names homes."""
    found = selectors.question(key)
    if found is None or found.settled_at is not None:
        raise Http404
    form = SettleCodeForm(request.POST or None, two_homes=found.kit_id is not None)
    if form.is_valid():
        try:
            told = form.cleaned_data
            services.settle(found, answer=KitAnswer(told["answer"]), code=told.get("code", ""), by=actor_of(request))
            messages.success(request, gettext("It is settled."))
            return redirect("home_security:kits")
        except (DataProblem, RuleBroken) as problem:
            form.add_error(None, problem.sentence)
    services.note_look_at_question(found, by=actor_of(request))
    context = {"page": pages.question_page(found), "form": form}
    return render(request, "home_security/kit_question.html", context, status=status_of(form))


@guarded(Permission.LOOK_UP_KITS)
@form_view
def look_up_kit(request: HttpRequest) -> HttpResponse:
    """Whose a recovered item is, by its code. Nothing of it stands in the address."""
    form, answer = LookUpForm(request.POST or None), None
    if form.is_valid():
        try:
            told = form.cleaned_data
            answer = services.look_up(told["code"], reason=told["reason"], by=actor_of(request))
            form = LookUpForm(initial={"reason": told["reason"]})  # ready for the next item of the same case
        except (DataProblem, RuleBroken) as problem:
            form.add_error(None, problem.sentence)
    context = {"form": form, "page": pages.look_up_page(request.user, answer)}
    return render(request, "home_security/kit_look_up.html", context, status=status_of(form))
