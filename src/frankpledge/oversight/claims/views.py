"""Pages of the claim ledger."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.oversight.claims import pages, selectors, services
from frankpledge.oversight.claims.forms import ClaimForm, CorrectForm, DocumentForm, ExplainForm, SettleForm
from frankpledge.oversight.claims.models import Document
from frankpledge.ui.forms import done, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import CannotCompute, RuleBroken
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_CLAIMS)
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """Every document with a ledger."""
    return render(request, "claims/documents.html", {"page": pages.documents_page(request.user)})


@guarded(Permission.VIEW_CLAIMS)
@require_safe
def document(request: HttpRequest, key: str) -> HttpResponse:
    """Every number of one document, checked."""
    page = pages.document_page(_found(key), request.user, request.GET.get("show", "all"))
    return render(request, "claims/document.html", {"page": page, "form": SettleForm()})


@guarded(Permission.VIEW_CLAIMS)
@require_safe
def ledger(request: HttpRequest, key: str) -> HttpResponse:
    """The ledger as a spreadsheet."""
    found = _found(key)
    response = HttpResponse(pages.ledger_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="claims-{found.key}.csv"'
    return response


@guarded(Permission.EDIT_CLAIMS)
@form_view
def add_document(request: HttpRequest) -> HttpResponse:
    """Begin the ledger of a document."""
    form = DocumentForm(request.POST or None)
    if made := done(form, lambda: services.add_document(**form.cleaned_data, by=actor_of(request)), field="title"):
        return redirect("claims:document", key=made.key)
    return _form(request, "claims/add_document.html", form, {})


@guarded(Permission.EDIT_CLAIMS)
@form_view
def add_claim(request: HttpRequest, key: str) -> HttpResponse:
    """A claim over figures."""
    found = _found(key)
    form = ClaimForm(request.POST or None)
    if form.is_valid():
        try:
            services.add_claim(document=found, **form.cleaned_data, by=actor_of(request))
            return redirect("claims:document", key=key)
        except (CannotCompute, RuleBroken) as problem:
            form.add_error("formula" if isinstance(problem, CannotCompute) else "stated", problem.sentence)
    return _form(request, "claims/add_claim.html", form, {"document": found})


@guarded(Permission.EDIT_CLAIMS)
@form_view
def correct(request: HttpRequest, key: str, claim: str) -> HttpResponse:
    """A new version of a claim."""
    found = _found(key)
    versions = selectors.history(found, claim)
    if not versions:
        raise Http404
    last = versions[0]
    initial = {"words": last.content["words"], "stated": last.content.get("stated", ""), "seen": last.version}
    form = CorrectForm(request.POST or None, initial=initial)
    if done(
        form,
        lambda: services.correct_claim(document=found, key=claim, **form.cleaned_data, by=actor_of(request)),
        field="words",
    ):
        return redirect("claims:document", key=key)
    return _form(request, "claims/correct.html", form, {"document": found, "versions": versions, "claim": last})


@guarded(Permission.SIGN_CLAIMS)
@form_view
def explain(request: HttpRequest, key: str) -> HttpResponse:
    """A signed explanation of one conflict."""
    found = _found(key)
    page = pages.explain_page(found, request.GET.get("what", ""))
    if page is None:
        raise Http404
    form = ExplainForm(request.POST or None)
    if form.is_valid():
        services.explain(document=found, trouble=page["trouble"].key, **form.cleaned_data, by=actor_of(request))
        messages.success(request, gettext("Your explanation is signed. It is printed with the document."))
        return redirect("claims:document", key=key)
    return _form(request, "claims/explain.html", form, page)


@guarded(Permission.EDIT_CLAIMS)
@require_POST
def settle(request: HttpRequest, key: str) -> HttpResponse:
    """One count for the whole document; every claim is rechecked."""
    found = _found(key)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Pick a count and say who says so."))
        return redirect("claims:document", key=key)
    services.settle_count(document=found, **form.cleaned_data, by=actor_of(request))
    messages.success(request, gettext("The count is settled. Every claim is checked again with it."))
    return redirect("claims:document", key=key)


@guarded(Permission.SIGN_CLAIMS)
@require_POST
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Mark as published, unless a conflict is open."""
    try:
        services.publish(document=_found(key), by=actor_of(request))
        messages.success(request, gettext("The document is marked as published."))
    except RuleBroken as problem:
        messages.error(request, problem.sentence)
    return redirect("claims:document", key=key)


def _form(request: HttpRequest, template: str, form: Any, page: dict[str, Any]) -> HttpResponse:
    return render(request, template, {"form": form, "page": page}, status=status_of(form))


def _found(key: str) -> Document:
    found = selectors.find(key)
    if found is None:
        raise Http404
    return found
