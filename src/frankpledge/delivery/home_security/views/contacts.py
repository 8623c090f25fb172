"""The page of what each way of reaching homes cost and brought."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from frankpledge.delivery.home_security.forms.contacts import RoundForm
from frankpledge.delivery.home_security.pages import contacts as pages
from frankpledge.delivery.home_security.services import contacts as services
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_HOMES)
@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """What each way cost and brought; sums only, nobody's home."""
    return _page(request, RoundForm())


@guarded(Permission.EDIT_HOMES)
@require_POST
def add_round(request: HttpRequest) -> HttpResponse:
    """Write down a round of leaflets, letters or doors."""
    form = RoundForm(request.POST)
    if form.is_valid():
        try:
            services.add_round(**form.told(), by=actor_of(request))
            messages.success(request, gettext("The round is written down."))
            return redirect("home_security:contacts")
        except DataProblem as problem:
            form.add_error(None, problem.sentence)
    return _page(request, form)


def _page(request: HttpRequest, form: RoundForm) -> HttpResponse:
    context = {"page": pages.contacts_page(request.user), "form": form}
    return render(request, "home_security/contacts.html", context, status=status_of(form))
