"""Pages of administration, and of one's own account."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.foundation.agencies import selectors, services, sign_in, wording
from frankpledge.foundation.agencies.forms import (
    AgencyForm,
    AgreementForm,
    CorrectionForm,
    EndAgreementForm,
    PersonForm,
    RoleForm,
)
from frankpledge.foundation.agencies.models import Person, SharingAgreement
from frankpledge.foundation.agencies.vocabulary import DataClass, Purpose
from frankpledge.foundation.audit.services import record
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])
PEOPLE_ON_A_PAGE = 50

CHANGES: dict[str, tuple[Callable[..., Person], Any]] = {
    "close": (services.disable_person, _("The account is closed and every session of it has ended.")),
    "open": (services.enable_person, _("The account is open again.")),
    "unlock": (services.unlock_person, _("The account is unlocked: they can try again now.")),
    "end-sessions": (services.end_sessions, _("They are signed out everywhere.")),
    "reset-second-factor": (
        services.reset_second_factor,
        _("Their second factors are removed. They set up a new one at their next sign-in."),
    ),
}


# -- one's own account ------------------------------------------------------------------------------------------------


@guarded(Permission.OWN_ACCOUNT)
@require_safe
def my_account(request: HttpRequest) -> HttpResponse:
    """Who I am here, what I may do, and how I sign in."""
    context = {
        "memberships": selectors.memberships(_me(request)),
        "today": timezone.localdate(),
        "has_second_factor": sign_in.has_second_factor(_me(request)),
    }
    return render(request, "agencies/my_account.html", context)


@guarded(Permission.OWN_ACCOUNT)
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why a second factor is needed, and the two ways to set one up."""
    if not sign_in.needs_second_factor(_me(request)):
        return redirect("mfa_index")
    return render(request, "agencies/second_factor.html")


# -- people -----------------------------------------------------------------------------------------------------------


@guarded(Permission.MANAGE_PEOPLE)
@require_safe
@transaction.atomic
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account. They are people with rights over their data too: the look is recorded."""
    page = Paginator(selectors.people(today=timezone.localdate()), PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = [person.pk for person in page]
    _looked(request, "Looked at the list of people.", "agencies:people", {"people": shown})
    return render(request, "agencies/people.html", {"page": page})


@guarded(Permission.MANAGE_PEOPLE)
@form_view
def add_person(request: HttpRequest) -> HttpResponse:
    """Somebody new; afterwards a one-time link to pass on."""

    def save(values: dict[str, Any]) -> HttpResponse:
        person = services.add_person(**values, by=actor_of(request))
        return _link_page(request, person)

    return _form(request, PersonForm, "agencies/add_person.html", save)


@guarded(Permission.MANAGE_PEOPLE)
@require_safe
@transaction.atomic
def person(request: HttpRequest, key: int) -> HttpResponse:
    """One person: parts they play and played, and what can be done about their account."""
    who = _person(key)
    _looked(request, "Looked at a person’s account.", f"agencies:person {who.pk}", {})
    context = {
        "who": who,
        "memberships": selectors.memberships(who),
        "today": timezone.localdate(),
        "has_second_factor": sign_in.has_second_factor(who),
    }
    return render(request, "agencies/person.html", context)


@guarded(Permission.MANAGE_PEOPLE)
@form_view
def correct_person(request: HttpRequest, key: int) -> HttpResponse:
    """Another name or address."""
    who = _person(key)

    def save(values: dict[str, Any]) -> HttpResponse:
        services.correct_person(person=who, **values, by=actor_of(request))
        messages.success(request, gettext("It is corrected."))
        return redirect("agencies:person", key=key)

    initial = {"name": who.name, "email": who.email}
    return _form(request, CorrectionForm, "agencies/correct_person.html", save, {"who": who}, initial, shows=who)


@guarded(Permission.MANAGE_PEOPLE)
@form_view
def add_role(request: HttpRequest, key: int) -> HttpResponse:
    """One more part to play."""
    who = _person(key)

    def save(values: dict[str, Any]) -> HttpResponse:
        services.add_membership(person=who, **values, by=actor_of(request))
        messages.success(request, gettext("The role is given. They sign in again to use it."))
        return redirect("agencies:person", key=key)

    return _form(request, RoleForm, "agencies/add_role.html", save, {"who": who}, shows=who)


@guarded(Permission.MANAGE_PEOPLE)
@form_view
def end_role(request: HttpRequest, key: int, membership_key: int) -> HttpResponse:
    """Asked once more, then the part ends at once."""
    membership = selectors.membership_by_key(membership_key)
    if membership is None or membership.person_id != key or membership.ends_on:
        raise Http404

    def save(_values: dict[str, Any]) -> HttpResponse:
        services.end_membership(membership=membership, by=actor_of(request))
        messages.success(request, gettext("The role has ended, and their sessions with it."))
        return redirect("agencies:person", key=key)

    shown = {"membership": membership}
    return _form(request, forms.Form, "agencies/end_role.html", save, shown, shows=membership.person)


@guarded(Permission.MANAGE_PEOPLE)
@require_POST
def change_account(request: HttpRequest, key: int) -> HttpResponse:
    """Close, open, unlock, sign out, remove second factors, or give a new link."""
    who, wanted = _person(key), request.POST.get("change", "")
    if wanted == "link" and who.is_active:
        return _link_page(request, who)
    if wanted not in CHANGES:
        raise Http404
    change, said = CHANGES[wanted]
    try:
        change(person=who, by=actor_of(request))
        messages.success(request, said)
    except RuleBroken as broken:
        messages.error(request, broken.sentence)
    return redirect("agencies:person", key=key)


@guarded(Permission.MANAGE_PEOPLE)
@form_view
def add_agency(request: HttpRequest) -> HttpResponse:
    """An agency that joins the partnership."""

    def save(values: dict[str, Any]) -> HttpResponse:
        agency = services.add_agency(**values, by=actor_of(request))
        messages.success(request, gettext("%(agency)s is added.") % {"agency": agency.name})
        return redirect("agencies:people")

    return _form(request, AgencyForm, "agencies/add_agency.html", save)


# -- agreements -------------------------------------------------------------------------------------------------------


@guarded(Permission.MANAGE_AGREEMENTS)
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """What agencies have agreed to share."""
    page = Paginator(selectors.agreements(), PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "agencies/agreements.html", {"page": page, "today": timezone.localdate()})


@guarded(Permission.MANAGE_AGREEMENTS)
@form_view
def add_agreement(request: HttpRequest) -> HttpResponse:
    """A new agreement."""

    def save(values: dict[str, Any]) -> HttpResponse:
        agreement = services.add_agreement(**values, by=actor_of(request))
        messages.success(request, gettext("The agreement is recorded."))
        return redirect("agencies:agreement", key=agreement.pk)

    return _form(request, AgreementForm, "agencies/add_agreement.html", save)


@guarded(Permission.MANAGE_AGREEMENTS)
@require_safe
def agreement(request: HttpRequest, key: int) -> HttpResponse:
    """One agreement in full."""
    found = _agreement(key)
    context = {
        "agreement": found,
        "today": timezone.localdate(),
        "data_classes": [wording.DATA_CLASSES[DataClass(word)] for word in found.data_classes],
        "purposes": [wording.PURPOSES[Purpose(word)] for word in found.purposes],
    }
    return render(request, "agencies/agreement.html", context)


@guarded(Permission.MANAGE_AGREEMENTS)
@form_view
def end_agreement(request: HttpRequest, key: int) -> HttpResponse:
    """Why it ends; then it ends at once."""
    ending = _agreement(key)

    def save(values: dict[str, Any]) -> HttpResponse:
        services.end_agreement(agreement=ending, **values, by=actor_of(request))
        messages.success(request, gettext("The agreement has ended. Nothing more may be shared under it."))
        return redirect("agencies:agreement", key=key)

    return _form(request, EndAgreementForm, "agencies/end_agreement.html", save, {"agreement": ending})


# -- shared by the views ----------------------------------------------------------------------------------------------


def _form(
    request: HttpRequest,
    kind: type[forms.Form],
    template: str,
    save: Callable[[dict[str, Any]], HttpResponse],
    context: dict[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
    *,
    shows: Person | None = None,
) -> HttpResponse:
    """Show a form, or have ``save`` act on what it holds; a broken rule stands on the form as its fault.

    ``shows`` is the person whose account the form's page shows: seeing it is a look at them, and recorded as one.
    """
    form = kind(request.POST) if request.method == "POST" else kind(initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return save(form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
    if shows is not None:
        with transaction.atomic():
            _looked(request, "Looked at a person’s account.", f"agencies:person {shows.pk}", {})
    return render(request, template, {"form": form, **(context or {})}, status=status_of(form))


def _link_page(request: HttpRequest, who: Person) -> HttpResponse:
    path = services.give_set_password_path(person=who, by=actor_of(request))
    return render(request, "agencies/link.html", {"who": who, "link": request.build_absolute_uri(path)})


def _looked(request: HttpRequest, what: str, subject: str, details: dict[str, Any]) -> None:
    record(act=Act.CONSULTATION, what=what, subject=subject, by=actor_of(request), details=details)


def _me(request: HttpRequest) -> Person:
    me = request.user
    assert isinstance(me, Person)
    return me


def _person(key: int) -> Person:
    found = selectors.person_by_key(key)
    if found is None:
        raise Http404
    return found


def _agreement(key: int) -> SharingAgreement:
    found = selectors.agreement_by_key(key)
    if found is None:
        raise Http404
    return found
