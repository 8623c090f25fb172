"""Times to choose from: staff offer them, and whoever holds the address in the message chooses, without an account."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from frankpledge.delivery.home_security.forms.choosing import CodeForm, NextForm, NoneSuitsForm, SlotForm
from frankpledge.delivery.home_security.models import Invitation
from frankpledge.delivery.home_security.pages import choosing as pages
from frankpledge.delivery.home_security.pages.doing import now_here
from frankpledge.delivery.home_security.pages.public import contact_line
from frankpledge.delivery.home_security.selectors import asking
from frankpledge.delivery.home_security.services import choosing as services
from frankpledge.delivery.home_security.services import limits
from frankpledge.delivery.home_security.services.choosing import TimeTaken
from frankpledge.foundation.agencies.sign_in import source_address
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import actor_of, anonymous, guarded
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission

# An hour, from one network address: a family, or a library's many visitors, but nobody who tries codes.
MOST_LOOKS, MOST_ANSWERS, MOST_WRONG, MOST_CODES = 120, 30, 20, 20
MOST_CODES_A_REFERENCE = 10  # an hour, wherever they come from


@anonymous
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The page of offered times. Its address carries what nobody can guess; without that, a letter's code opens it.

    An address that is wrong, was used or is over gets one and the same answer.
    """
    token = request.GET.get("t", "")
    source = source_address(request)
    if not token:
        return _closed_to_robots(_code(request, source))
    if not limits.allowed("look at times", source, MOST_LOOKS):
        return _closed_to_robots(_later(request))
    found = services.opened(token, now=now_here())
    if found is None:
        within = limits.allowed("wrong address", source, MOST_WRONG)
        return _closed_to_robots(_gone(request) if within else _later(request))
    with override(pages.language_of(found, request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME))):
        return _closed_to_robots(
            _answer(request, found, source) if request.method == "POST" else _times(request, found)
        )


def _code(request: HttpRequest, source: str) -> HttpResponse:
    """Reference and code, as in a letter; right ones lead to the address they stand for."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if not (
            limits.allowed("try a code", source, MOST_CODES)
            and limits.allowed("try a code of", told["reference"] or source, MOST_CODES_A_REFERENCE)
        ):
            return _later(request)
        token = services.token_for(told["reference"], told["code"], now=now_here()) if all(told.values()) else None
        if token:
            return HttpResponseRedirect(f"{reverse('home_security:choose')}?t={token}")
        form.add_error(None, gettext("We found no times with that reference and code. Check both, or call us."))
    context = {"page": contact_line(), "form": form}
    return render(request, "home_security/choose_code.html", context, status=status_of(form))


def _times(request: HttpRequest, found: Invitation, form: Any = None, taken: bool = False) -> HttpResponse:
    page = pages.choose_page(found, now_here()) | {"taken": taken}
    context = {"page": page, "form": form or SlotForm(), "none": NoneSuitsForm()}
    status = 409 if taken else status_of(form) if form else 200
    return render(request, "home_security/choose.html", context, status=status)


def _answer(request: HttpRequest, found: Invitation, source: str) -> HttpResponse:
    """What the pressed button says: this time, none, call it off, or no visit at all."""
    if not limits.allowed("answer times", source, MOST_ANSWERS):
        return _later(request)
    act = request.POST.get("act", "pick")
    try:
        if act == "pick":
            return _pick(request, found)
        return _end(request, found, act)
    except TimeTaken:
        return _times(request, found, taken=True)
    except RuleBroken:  # answered in another window meanwhile: the page says what is so now
        return redirect(request.get_full_path())


def _pick(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = SlotForm(request.POST)
    if not form.is_valid():
        return _times(request, found, form)
    services.choose(found, form.cleaned_data["time"], now=now_here(), by=Actor.visitor())
    return redirect(request.get_full_path())


def _end(request: HttpRequest, found: Invitation, act: str) -> HttpResponse:
    """What ends the invitation: afterwards its address opens nothing, so the answer is the page itself."""
    now, by = now_here(), Actor.visitor()
    if act == "none":
        form = NoneSuitsForm(request.POST)
        services.none_suits(found, note=form.cleaned_data["note"] if form.is_valid() else "", now=now, by=by)
    elif act == "off":
        services.call_off(found, now=now, by=by)
    elif act == "withdraw":
        services.withdraw(found, now=now, by=by)
    else:
        return _times(request, found)
    return render(request, "home_security/choose_done.html", {"page": contact_line() | {"done": act}})


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "home_security/choose_gone.html", {"page": contact_line()}, status=404)


def _later(request: HttpRequest) -> HttpResponse:
    return render(request, "home_security/ask_later.html", {"page": contact_line()}, status=429)


def _closed_to_robots(response: HttpResponse) -> HttpResponse:
    """Kept out of indexes; and what leads on from here is told our name, but not the address that opens the page.

    Not "no-referrer": browsers would then send forms without saying where from, and those are refused.
    """
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "strict-origin"
    return response


# -- offering ---------------------------------------------------------------------------------------------------------


@guarded(Permission.EDIT_HOMES)
@require_POST
def offer_times(request: HttpRequest, reference: str) -> HttpResponse:
    """Send one home times to choose from."""
    found = asking.request(reference)
    if found is None or not found.is_live:
        raise Http404
    try:
        made = services.offer_times(found, now=now_here(), by=actor_of(request))
        n = len(made.times)
        words = ngettext("{n} time is on its way to {reference}.", "{n} times are on their way to {reference}.", n)
        messages.success(request, words.format(n=n, reference=found.reference))
    except RuleBroken as problem:
        messages.error(request, str(problem))
    return redirect("home_security:times", reference=found.reference)


@guarded(Permission.EDIT_HOMES)
@require_POST
def offer_next(request: HttpRequest) -> HttpResponse:
    """Send times to choose from to the next homes of the list."""
    form = NextForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(words) for faults in form.errors.values() for words in faults))
        return redirect("home_security:requests")
    try:
        sent, problems = services.offer_to_next(form.cleaned_data["count"], now=now_here(), by=actor_of(request))
    except (DataProblem, RuleBroken) as problem:
        messages.error(request, str(problem))
        return redirect("home_security:requests")
    words = ngettext("Times are on their way to {n} home.", "Times are on their way to {n} homes.", sent)
    (messages.success if sent else messages.error)(request, " ".join([words.format(n=sent), *problems[:3]]))
    return redirect("home_security:requests")
