"""Pages of passing residents on to other services, with their consent."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.forms.passing_on import ReferralForm, ServiceForm, ServiceOfferForm
from frankpledge.delivery.home_security.models import HomeRequest, Referral
from frankpledge.delivery.home_security.pages import passing_on as pages
from frankpledge.delivery.home_security.selectors import asking
from frankpledge.delivery.home_security.selectors import passing_on as selectors
from frankpledge.delivery.home_security.services import passing_on as services
from frankpledge.delivery.home_security.vocabulary import OfferAnswer, ReferralState, ReferralTo
from frankpledge.reports.spreadsheets import to_csv
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_HOMES)
@require_safe
def passed_on(request: HttpRequest) -> HttpResponse:
    """Who is to be passed on, and what became of those who were. The look is recorded where it names people."""
    if permissions.can_edit(request.user):
        services.note_look_at_list(by=actor_of(request))
    page = pages.passed_on_page(request.user, request.GET, timezone.now())
    return render(request, "home_security/passed_on.html", {"page": page})


@guarded(Permission.EDIT_HOMES)
@require_POST
def pass_on_all(request: HttpRequest) -> HttpResponse:
    """Pass on everybody who consented to a service."""
    form = ServiceForm(request.POST)
    if form.is_valid():
        n = services.pass_on_all(ReferralTo(form.cleaned_data["to"]), by=actor_of(request))
        messages.success(request, ngettext("{n} home is passed on.", "{n} homes are passed on.", n).format(n=n))
    return redirect("home_security:passed_on")


@guarded(Permission.EDIT_HOMES)
@require_POST
def pass_on(request: HttpRequest, reference: str) -> HttpResponse:
    """Pass one resident on to a service they consented to."""
    found, form = _request(reference), ServiceForm(request.POST)
    if not form.is_valid():
        raise Http404
    to = ReferralTo(form.cleaned_data["to"])
    _tried(request, lambda: services.pass_on(found, to=to, by=actor_of(request)), gettext("They are passed on."))
    return redirect("home_security:passed_on")


@guarded(Permission.EDIT_HOMES)
@require_POST
def offer_service(request: HttpRequest, reference: str) -> HttpResponse:
    """Another service was offered to a resident; a yes passes them on."""
    found, form = _request(reference), ServiceOfferForm(request.POST)
    if form.is_valid():
        to, answer = ReferralTo(form.cleaned_data["to"]), OfferAnswer(form.cleaned_data["answer"])
        said = gettext("They are passed on.") if answer is OfferAnswer.YES else gettext("It is noted.")
        _tried(request, lambda: services.offer(found, to=to, answer=answer, by=actor_of(request)), said)
    else:
        messages.error(request, gettext("Choose the service and what they said."))
    return redirect("home_security:request", reference=found.reference)


@guarded(Permission.EDIT_HOMES)
@require_POST
def withdraw_consent(request: HttpRequest, reference: str) -> HttpResponse:
    """A resident does not want to be passed on any more."""
    found = _request(reference)
    n = services.withdraw_consent(found, by=actor_of(request))
    words = ngettext(
        "Nobody is passed on from this home any more. {n} service is to be told.",
        "Nobody is passed on from this home any more. {n} services are to be told.",
        n,
    )
    messages.success(request, words.format(n=n))
    return redirect("home_security:request", reference=found.reference)


@guarded(Permission.EDIT_HOMES)
@require_safe
def referral(request: HttpRequest, key: int) -> HttpResponse:
    """What a service gets of one resident, to read or print. The look is recorded."""
    found = _referral(key)
    told = None if found.withdrawn_at else services.look_at(found, by=actor_of(request))
    page = pages.referral_page(found, told, timezone.now())
    return render(request, "home_security/referral.html", {"page": page})


@guarded(Permission.EDIT_HOMES)
@require_POST
def referral_file(request: HttpRequest, key: int) -> HttpResponse:
    """The same as a file for the service: a disclosure to it."""
    found = _referral(key)
    try:
        told = services.hand_over(found, by=actor_of(request))
    except RuleBroken as problem:
        messages.error(request, problem.sentence)
        return redirect("home_security:referral", key=key)
    disposition = {"Content-Disposition": f'attachment; filename="referral-{told.reference}.csv"'}
    return HttpResponse(to_csv(pages.sheet(told)), content_type="text/csv; charset=utf-8", headers=disposition)


@guarded(Permission.EDIT_HOMES)
@require_POST
def referral_done(request: HttpRequest, key: int) -> HttpResponse:
    """What happened to a referral: answered, chased, stopped, or its service told to stop."""
    found, form, by = _referral(key), ReferralForm(request.POST), actor_of(request)
    if not form.is_valid():
        raise Http404
    acts: dict[str, Callable[[], Any]] = {
        "chased": lambda: services.note_chased(found, by=by),
        "told": lambda: services.note_told(found, by=by),
        "withdrawn": lambda: services.withdraw_from(found, by=by),
    }
    done = form.cleaned_data["done"]
    answer = acts.get(done) or (lambda: services.note_answer(found, state=ReferralState(done), by=by))
    _tried(request, answer, gettext("It is noted."))
    return redirect("home_security:passed_on")


def _tried(request: HttpRequest, act: Callable[[], Any], said: str) -> None:
    try:
        act()
        messages.success(request, said)
    except RuleBroken as problem:
        messages.error(request, problem.sentence)


def _request(reference: str) -> HomeRequest:
    found = asking.request(reference)
    if found is None:
        raise Http404
    return found


def _referral(key: int) -> Referral:
    found = selectors.referral(key)
    if found is None:
        raise Http404
    return found
