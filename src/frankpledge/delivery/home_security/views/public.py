"""The public form: anybody may ask for a visit, without an account and without JavaScript."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from frankpledge.delivery.home_security.forms.public import NONE_OF_THESE, AgreeForm, ChangeForm
from frankpledge.delivery.home_security.pages import public as pages
from frankpledge.delivery.home_security.selectors import asking as selectors
from frankpledge.delivery.home_security.services import asking as services
from frankpledge.delivery.home_security.services import limits
from frankpledge.delivery.home_security.vocabulary import Channel, ErasedBecause
from frankpledge.foundation.agencies.sign_in import source_address
from frankpledge.foundation.places.matching import postcode_in
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import anonymous
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem, RuleBroken

ANSWERS, KEPT = "homes_answers", "homes_done"
MOST_REQUESTS, MOST_LOOK_UPS, MOST_CHANGES = 20, 60, 20  # an hour, from one address


@anonymous
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, step: str = pages.START) -> HttpResponse:
    """The form's pages by the last part of their address; what is no page of it leads to its beginning."""
    if step in (pages.DONE, pages.CHANGE):
        return _done(request) if step == pages.DONE else _change(request)
    if step == pages.PRIVACY:
        return render(request, "home_security/ask_privacy.html", {"page": pages.privacy_page()})
    if step == pages.CHECK:
        return _check(request)
    if step in (*pages.STEPS, pages.HOME):
        return _question(request, step)
    return _start(request) if step == pages.START else redirect("home_security:ask")


def _start(request: HttpRequest) -> HttpResponse:
    page = pages.contact_line() | {"over": request.GET.get("over") == "1"}
    return render(request, "home_security/ask.html", {"page": page})


def _question(request: HttpRequest, step: str) -> HttpResponse:
    answers = _answers(request)
    if step != "address" and "address" not in answers:
        return _over()
    form = pages.form_of(step, _sent(request), answers)
    if request.method == "POST" and form.is_valid():
        if step == "address" and not limits.allowed("look up", source_address(request), MOST_LOOK_UPS):
            return _too_often(request)
        _keep(request, answers, step, form)
        return redirect("home_security:ask", step=pages.next_step(step, answers))
    page = pages.question_page(step, form)
    return render(request, "home_security/ask_step.html", {"page": page, "form": form}, status=status_of(form))


def _keep(request: HttpRequest, answers: dict[str, Any], step: str, form: Any) -> None:
    """Put a step's answer with the others."""
    told = form.cleaned_data
    if step == "address":
        answers[step] = pages.find_home(told["address"], told["postcode"])
        answers.pop(pages.HOME, None)
    elif step == pages.HOME:
        words = dict(answers["address"].get("offered") or [])
        chosen = "" if told["answer"] == NONE_OF_THESE else told["answer"]
        answers["address"] |= {"uprn": chosen, "found": words.get(chosen, "")}
        answers[step] = told["answer"]
    else:
        answers[step] = told if step == "contact" else told["answer"]
    request.session[ANSWERS] = {"at": time.time(), "answers": answers}


def _check(request: HttpRequest) -> HttpResponse:
    answers = _answers(request)
    if (missing := pages.first_missing(answers)) is not None:
        return redirect("home_security:ask", step=missing) if answers else _over()
    form = AgreeForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        if not limits.allowed("ask", source_address(request), MOST_REQUESTS):
            return _too_often(request)
        try:
            return _send(request, answers, form.cleaned_data)
        except DataProblem as problem:
            form.add_error(None, problem.sentence)
    page = pages.check_page(answers)
    return render(request, "home_security/ask_check.html", {"page": page, "form": form}, status=status_of(form))


def _send(request: HttpRequest, answers: dict[str, Any], agreed: dict[str, Any]) -> HttpResponse:
    """Take the request; of the answers nothing stays in the session."""
    asked = pages.asked(answers, agreed, get_language() or "en-gb")
    made = services.ask(asked, channel=Channel.FORM, by=Actor.visitor())
    request.session.pop(ANSWERS, None)
    request.session[KEPT] = {"at": time.time(), **pages.kept_of(made)}
    return redirect("home_security:ask", step=pages.DONE)


def _done(request: HttpRequest) -> HttpResponse:
    kept = request.session.get(KEPT)
    if not kept or _is_old(kept["at"]):
        return redirect("home_security:ask")
    return render(request, "home_security/ask_done.html", {"page": pages.done_page(kept)})


def _change(request: HttpRequest) -> HttpResponse:
    """Call a visit off with the reference and the postcode, or erase a finished request.

    A wrong one of either gets the same answer.
    """
    form, gone = ChangeForm(_sent(request)), ""
    if request.method == "POST" and form.is_valid():
        if not limits.allowed("change", source_address(request), MOST_CHANGES):
            return _too_often(request)
        gone = _gone(form.cleaned_data["reference"], form.cleaned_data["postcode"])
        if not gone:
            form.add_error(
                None, gettext("We found no request with that reference and postcode. Check both, or call us.")
            )
    context = {"page": pages.contact_line() | {"gone": gone}, "form": form}
    return render(request, "home_security/ask_change.html", context, status=200 if gone else status_of(form))


def _gone(reference: str, postcode: str) -> str:
    """What became of the request: "called off", or "erased" where it was finished already; empty if none is meant."""
    found = selectors.request(reference)
    if found is None or postcode_in(found.postcode) != postcode_in(postcode):
        return ""
    try:
        services.withdraw(found, because="asked on the public page", by=Actor.visitor())
    except RuleBroken:  # finished: no visit to call off, but there is somebody to forget
        services.erase(found, because=ErasedBecause.ASKED, by=Actor.visitor())
        return "erased"
    return "called off"


def _answers(request: HttpRequest) -> dict[str, Any]:
    """What was answered within the last hour; older answers are forgotten."""
    held = request.session.get(ANSWERS)
    if not held or _is_old(held["at"]):
        request.session.pop(ANSWERS, None)
        return {}
    return dict(held["answers"])


def _is_old(at: float) -> bool:
    return time.time() - at > pages.KEPT_MINUTES * 60


def _over() -> HttpResponse:
    """Time ran out, or somebody came in by the middle: from the beginning, and it says why."""
    response = redirect("home_security:ask")
    response["Location"] += "?over=1"
    return response


def _too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "home_security/ask_later.html", {"page": pages.contact_line()}, status=429)


def _sent(request: HttpRequest) -> Any:
    """What was sent, which may be nothing at all; None where nothing was."""
    return request.POST if request.method == "POST" else None
