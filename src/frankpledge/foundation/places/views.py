"""Pages of addresses that wait to be settled."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from frankpledge.foundation.places import pages, selectors, services
from frankpledge.foundation.places.forms import SettleForm
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.MATCH_ADDRESSES)
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """What waits to be settled."""
    return render(
        request, "places/addresses.html", {"page": pages.list_page(sight=_sight(request), by=actor_of(request))}
    )


@guarded(Permission.MATCH_ADDRESSES)
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, number: int) -> HttpResponse:
    """One address and the homes it may mean."""
    found = selectors.address_question(number, sight=_sight(request), by=actor_of(request))
    if found is None:
        raise Http404
    question, homes = found
    form = SettleForm(request.POST or None, homes=pages.choices(question, homes))
    if form.is_valid():
        try:
            services.settle_address(question, uprn=form.uprn, sight=_sight(request), by=actor_of(request))
            messages.success(request, gettext("Settled. Figures by home count the record from now on."))
        except RuleBroken as broken:
            messages.error(request, broken.sentence)
        return redirect("places:addresses")
    page = {"written": pages.written(question), "reference": question.reference}
    return render(request, "places/address.html", {"form": form, "page": page}, status=status_of(form))


def _sight(request: HttpRequest) -> Any:
    return request.sight  # type: ignore[attr-defined]
