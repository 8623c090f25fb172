"""Pages of indicators and figures."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.records.indicators import pages, permissions, selectors, services
from frankpledge.records.indicators.forms import FigureForm, IndicatorForm, ReleaseForm, TakeBackForm, initial_of
from frankpledge.records.indicators.models import Indicator
from frankpledge.ui.forms import done, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_PLAN)
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """All indicators with their newest figure."""
    return render(request, "indicators/indicators.html", {"page": pages.list_page(request.user)})


@guarded(Permission.VIEW_PLAN)
@require_safe
def card(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator on one page."""
    page = pages.card_page(_found(key), request.user)
    if page["reminder"]:
        page["mail"] = pages.mail_address(page["reminder"], request.build_absolute_uri("/").rstrip("/"))
    return render(request, "indicators/card.html", {"page": page})


@guarded(Permission.EDIT_INDICATORS)
@form_view
def add(request: HttpRequest) -> HttpResponse:
    """Describe a new indicator."""
    form = IndicatorForm(request.POST or None)
    if made := done(form, lambda: services.add_indicator(**_told(form), by=actor_of(request))):
        return redirect("indicators:card", key=made.key)
    return render(request, "indicators/edit.html", {"form": form, "indicator": None}, status=status_of(form))


@guarded(Permission.EDIT_INDICATORS)
@form_view
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Change an indicator's description; whoever comes second is shown both."""
    found, current = _found(key), None
    form = IndicatorForm(request.POST) if request.method == "POST" else IndicatorForm(initial=initial_of(found))
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            services.change_indicator(found, version=version, **_told(form), by=actor_of(request))
            messages.success(request, gettext("It is saved."))
            return redirect("indicators:card", key=key)
        except services.ChangedMeanwhile as meanwhile:
            current = meanwhile.current
            form = _with_version(request, current.version)
            form.add_error(None, meanwhile.sentence)
        except (DataProblem, RuleBroken) as problem:
            form.add_error(None, problem.sentence)
    both = pages.differences(current, form) if current else []
    about = {"form": form, "indicator": found, "both": both}
    return render(request, "indicators/edit.html", about, status=status_of(form))


@guarded(Permission.FILL_FIGURES)
@form_view
def fill(request: HttpRequest, key: str) -> HttpResponse:
    """Fill in a figure: the address to send to the person who answers for it."""
    found = _found(key)
    if not permissions.can_fill(request.user, found) or found.is_computed:
        raise Http404
    periods = pages.periods_to_fill(found, timezone.localdate())
    start = {"denominator_edition": found.denominator_edition, "document": found.source}
    form = FigureForm(request.POST or None, periods=periods, initial=start)
    if saved := done(form, lambda: pages.save_filled(found, form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The figure is saved. Thank you."))
        return redirect("indicators:figure", key=saved.key)
    return render(request, "indicators/fill.html", {"form": form, "indicator": found}, status=status_of(form))


@guarded(Permission.EDIT_INDICATORS)
@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Work out every computed indicator where its evidence changed."""
    return redirect("jobs:job", key=services.start_computing(by=actor_of(request)))


@guarded(Permission.VIEW_PLAN)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """All figures that stand now."""
    return render(request, "indicators/figures.html", {"page": pages.figures_page(request.GET, request.user)})


@guarded(Permission.VIEW_PLAN)
@require_safe
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """One figure: why it is what it is."""
    found = selectors.figure(key, reader=permissions.Reader(request.user))
    if found is None:
        raise Http404
    return render(request, "indicators/figure.html", {"page": pages.figure_page(found, request.user)})


@guarded(Permission.SIGN_CLAIMS)
@form_view
def release(request: HttpRequest) -> HttpResponse:
    """Figures of restricted records: choose those the whole partnership may see (``?figure=F12``: chosen already)."""
    page = pages.release_page(request.user)
    form = ReleaseForm(request.POST or None, figures=page["rows"], initial={"figures": request.GET.getlist("figure")})
    released = done(form, lambda: services.release_figures(**form.told(), by=actor_of(request)))
    if released is not None:
        messages.success(request, pages.released_words(len(released)))
        return redirect("indicators:release")
    return render(request, "indicators/release.html", {"page": page, "form": form}, status=status_of(form))


@guarded(Permission.SIGN_CLAIMS)
@form_view
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    """End the release of a figure, for a stated reason."""
    found = selectors.figure(key, reader=permissions.Reader(request.user))
    if found is None or found.released is None:
        raise Http404
    form = TakeBackForm(request.POST or None)
    if done(form, lambda: services.take_back_release(key=key, **form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The release is taken back."))
        return redirect("indicators:figure", key=key)
    return render(request, "indicators/take_back.html", {"figure": found, "form": form}, status=status_of(form))


def _told(form: IndicatorForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name in services.FIELDS}


def _with_version(request: HttpRequest, version: int) -> IndicatorForm:
    """What was written, once more, ready to be saved over what stands now."""
    told = request.POST.copy()
    told["version"] = str(version)
    form = IndicatorForm(told)
    form.is_valid()
    return form


def _found(key: str) -> Indicator:
    found = selectors.indicator_by_key(key)
    if found is None:
        raise Http404
    return found
