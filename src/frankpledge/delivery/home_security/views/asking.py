"""Pages of requests: the list with its reasons, one request, taking one, who comes first, and cocoons."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.delivery.home_security.forms import asking as forms
from frankpledge.delivery.home_security.models import Cocoon, HomeRequest
from frankpledge.delivery.home_security.pages import asking as pages
from frankpledge.delivery.home_security.pages import covered, public
from frankpledge.delivery.home_security.selectors import asking as selectors
from frankpledge.delivery.home_security.services import answering
from frankpledge.delivery.home_security.services import asking as services
from frankpledge.delivery.home_security.services.asking import Asked
from frankpledge.delivery.home_security.vocabulary import (
    Burgled,
    Channel,
    ContactKind,
    ContactOutcome,
    ErasedBecause,
    HeardFrom,
    Need,
    OfferState,
    RequestState,
)
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.premises import Tenure

form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_HOMES)
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Homes that wait, with the reasons for each place."""
    return render(request, "home_security/requests.html", {"page": pages.list_page(request.user, request.GET)})


@guarded(Permission.EDIT_HOMES)
@require_safe
def unsettled(request: HttpRequest) -> HttpResponse:
    """Requests whose home nobody has found yet."""
    return render(request, "home_security/unsettled.html", {"requests": list(selectors.unsettled()[:100])})


@guarded(Permission.EDIT_HOMES)
@form_view
def take(request: HttpRequest) -> HttpResponse:
    """Take a request by telephone, or a referral."""
    form = forms.TakeForm(request.POST or None)
    if form.is_valid():
        try:
            told = form.cleaned_data
            made = services.ask(_asked(told), channel=Channel(told["channel"]), by=actor_of(request))
            messages.success(request, _taken(made))
            return redirect("home_security:request", reference=(made.joined_to or made).reference)
        except (DataProblem, RuleBroken) as problem:
            form.add_error(None, problem.sentence)
    return render(request, "home_security/take.html", {"form": form}, status=status_of(form))


@guarded(Permission.EDIT_HOMES)
@require_safe
def home_request(request: HttpRequest, reference: str) -> HttpResponse:
    """One request. The look is recorded: it names who asked."""
    found = _found(reference)
    services.note_look(found, by=actor_of(request))
    context = {"page": pages.request_page(found, request.user), "contact_form": forms.ContactNoteForm()}
    return render(request, "home_security/request.html", context)


@guarded(Permission.EDIT_HOMES)
@form_view
def settle(request: HttpRequest, reference: str) -> HttpResponse:
    """Say which home a request is about. The look is recorded: it names homes."""
    found = _found(reference)
    homes = pages.homes_for(found)
    form = forms.SettleForm(request.POST or None, homes=homes)
    if form.is_valid():
        try:
            held = services.settle_home(found, uprn=form.cleaned_data["uprn"], by=actor_of(request))
            return redirect("home_security:request", reference=(held.joined_to or held).reference)
        except (DataProblem, RuleBroken) as problem:
            form.add_error(None, problem.sentence)
    services.note_look(found, by=actor_of(request))
    context = {"form": form, "request_": found, "homes": homes}
    return render(request, "home_security/settle.html", context, status=status_of(form))


@guarded(Permission.EDIT_HOMES)
@form_view
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """A home said no, never answered, or withdrew."""
    found, form = _found(reference), forms.CloseForm(request.POST or None)
    if form.is_valid():
        try:
            _close(found, RequestState(form.cleaned_data["state"]), form.cleaned_data["because"], actor_of(request))
            return redirect("home_security:request", reference=found.reference)
        except RuleBroken as problem:
            form.add_error(None, problem.sentence)
    return render(request, "home_security/close.html", {"form": form, "request_": found}, status=status_of(form))


@guarded(Permission.EDIT_HOMES)
@form_view
def erase(request: HttpRequest, reference: str) -> HttpResponse:
    """Erase who asked from a finished request, once it was said what goes, what stays and why."""
    found, form = _found(reference), forms.EraseForm(request.POST or None)
    if found.is_live or found.is_forgotten:
        return redirect("home_security:request", reference=found.reference)
    if form.is_valid():
        services.erase(found, because=ErasedBecause(form.cleaned_data["because"]), by=actor_of(request))
        messages.success(request, gettext("The name and contact details are erased."))
        return redirect("home_security:request", reference=found.reference)
    return render(request, "home_security/erase.html", {"form": form, "request_": found}, status=status_of(form))


@guarded(Permission.EDIT_HOMES)
@require_POST
def note_contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Note an attempt to reach a home."""
    found, form = _found(reference), forms.ContactNoteForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        services.note_contact(
            found, kind=ContactKind(told["kind"]), outcome=ContactOutcome(told["outcome"]), cost=told["cost"],
            note=told["note"], by=actor_of(request),
        )  # fmt: skip
        return redirect("home_security:request", reference=found.reference)
    context = {"page": pages.request_page(found, request.user), "contact_form": form}
    return render(request, "home_security/request.html", context, status=422)


@guarded(Permission.VIEW_HOMES)
@require_safe
def fairness(request: HttpRequest) -> HttpResponse:
    """Who comes first, and who is at the head of the list."""
    fair = covered.fair_words(selectors.priority_list(today := timezone.localdate()), today)
    return render(request, "home_security/fairness.html", {"page": pages.points_page(), "fair": fair})


@guarded(Permission.EDIT_HOMES)
@form_view
def points(request: HttpRequest) -> HttpResponse:
    """Set the points; trying them first shows whom they would put at the head."""
    form = forms.WeightsForm(request.POST or None, points=selectors.weights(), words=pages.REASONS)
    entered = form.points() if form.is_valid() else None
    if entered is not None and "save" in request.POST:
        services.set_weights(entered, by=actor_of(request))
        messages.success(request, gettext("The points are saved. The list is in its new order."))
        return redirect("home_security:fairness")
    context = {"form": form, "page": pages.points_page(entered)}
    return render(request, "home_security/points.html", context, status=status_of(form))


@guarded(Permission.VIEW_HOMES)
@require_safe
def cocoons(request: HttpRequest) -> HttpResponse:
    """Burglaries answered, and what their neighbours really received."""
    return render(request, "home_security/cocoons.html", {"page": pages.cocoons_page()})


@guarded(Permission.EDIT_HOMES)
@require_safe
def cocoon(request: HttpRequest, number: int) -> HttpResponse:
    """The homes round one burglary; the look is recorded."""
    found = _cocoon(number)
    services.note_look_at_cocoon(found, by=actor_of(request))
    context = {"page": pages.cocoon_page(found, request.user), "states": forms.OFFER_STATES}
    return render(request, "home_security/cocoon.html", context)


@guarded(Permission.EDIT_HOMES)
@require_POST
def approve(request: HttpRequest, number: int) -> HttpResponse:
    """Have the offers of a cocoon sent: those ticked, and the visit where that is ticked."""
    found = _cocoon(number)
    only = {int(one) for one in request.POST.getlist("offer") if one.isascii() and one.isdigit() and len(one) < 12}
    try:
        words = answering.answer(
            found, only=only, visit_too="visit" in request.POST, now=timezone.now(), by=actor_of(request)
        )
        messages.success(request, words)
    except (DataProblem, RuleBroken) as problem:
        messages.error(request, problem.sentence)
    return redirect("home_security:cocoon", number=number)


@guarded(Permission.EDIT_HOMES)
@require_POST
def offer(request: HttpRequest, number: int) -> HttpResponse:
    """Say what became of one offer."""
    found, form = selectors.offer(number), forms.OfferForm(request.POST)
    if found is None:
        raise Http404
    if form.is_valid():
        told = form.cleaned_data
        services.note_offer(found, state=OfferState(told["state"]), note=told["note"], by=actor_of(request))
    else:
        messages.error(request, gettext("Choose what became of the offer."))
    return redirect("home_security:cocoon", number=found.cocoon_id)


def _asked(told: dict[str, Any]) -> Asked:
    """What the form says, with the home where the address is certain."""
    home = public.find_home(told["address"], told["postcode"])
    return Asked(
        address=told["address"],
        postcode=told["postcode"],
        uprn=home["uprn"],
        tenure=Tenure(told["tenure"]) if told["tenure"] else None,
        burgled=Burgled(told["burgled"]),
        burgled_times=2 if told["channel"] == Channel.REPEAT_VICTIM else 0,
        needs=[Need(value) for value in told["needs"]],
        reach_by=ContactKind(told["reach_by"]),
        heard_from=HeardFrom(told["heard_from"]),
        **{
            name: told[name]
            for name in ("name", "telephone", "email", "language", "referred_by", "note", "consent_contact",
                         "consent_onward")
        },
    )  # fmt: skip


def _taken(made: HomeRequest) -> str:
    if made.joined_to:
        return gettext("This home had asked already: {reference} is joined to its first request.").format(
            reference=made.reference
        )
    if not made.uprn:
        return gettext("Taken as {reference}. Its home is not certain yet: find it below.").format(
            reference=made.reference
        )
    return gettext("Taken as {reference}. Its password is {password}.").format(
        reference=made.reference, password=made.password
    )


def _close(found: HomeRequest, state: RequestState, because: str, by: Any) -> None:
    if state is RequestState.WITHDRAWN:
        services.withdraw(found, because=because, by=by)
    else:
        services.close(found, state=state, because=because, by=by)


def _found(reference: str) -> HomeRequest:
    found = selectors.request(reference)
    if found is None:
        raise Http404
    return found


def _cocoon(number: int) -> Cocoon:
    found = selectors.cocoon(number)
    if found is None:
        raise Http404
    return found
