"""My work, and the partnership's name and colours."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.foundation.agencies.services import name_partnership
from frankpledge.oversight.overview import pages, services
from frankpledge.oversight.overview.forms import PartnershipForm
from frankpledge.oversight.overview.frame import text_on
from frankpledge.ui.forms import done, status_of
from frankpledge.ui.guards import actor_of, anonymous, guarded
from frankpledge.vocabulary.permissions import Permission

A_YEAR = 365 * 24 * 60 * 60  # seconds; the address holds the colour, so what it says never changes


@guarded(Permission.VIEW_MY_WORK)
@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """What is due from me, what is new since I looked, what is late."""
    return render(request, "overview/my_work.html", {"page": pages.my_work(request.user)})


@guarded(Permission.VIEW_MY_WORK)
@require_POST
def mark_as_read(request: HttpRequest) -> HttpResponse:
    """Everything new has been seen."""
    services.mark_as_read(by=actor_of(request))
    return redirect("overview:my_work")


@guarded(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def partnership(request: HttpRequest) -> HttpResponse:
    """What the partnership is called, its colour, and the area its pages begin with."""
    form = PartnershipForm(request.POST) if request.method == "POST" else PartnershipForm(initial=pages.partnership())
    if done(form, lambda: name_partnership(**form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("It is saved."))
        return redirect("overview:partnership")
    return render(request, "overview/partnership.html", {"form": form}, status=status_of(form))


@anonymous
@require_safe
def colours(request: HttpRequest, colour: str) -> HttpResponse:
    """The partnership's colour as CSS variables: a file of its own, because styles inside a page are forbidden."""
    text = text_on(f"#{colour}")
    css = f":root{{--fp-brand:#{colour};--fp-brand-text:{text}}}\n"
    return HttpResponse(
        css, content_type="text/css; charset=utf-8", headers={"Cache-Control": f"public, max-age={A_YEAR}, immutable"}
    )
