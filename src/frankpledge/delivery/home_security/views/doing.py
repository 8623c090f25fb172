"""Pages of crews, routes and stock."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.delivery.home_security.forms.doing import (
    AbsenceForm,
    CountForm,
    CrewForm,
    DeliveryForm,
    ShiftForm,
    SupervisorForm,
)
from frankpledge.delivery.home_security.pages import doing as pages
from frankpledge.delivery.home_security.pages import stock as stock_pages
from frankpledge.delivery.home_security.selectors import asking, stock
from frankpledge.delivery.home_security.selectors import doing as selectors
from frankpledge.delivery.home_security.services import answering, taking_over
from frankpledge.delivery.home_security.services import asking as offers
from frankpledge.delivery.home_security.services import crew as reports
from frankpledge.delivery.home_security.services import doing as services
from frankpledge.delivery.home_security.services import stock as stock_services
from frankpledge.ui.forms import done, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_HOMES)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Safe homes today, or on the day of ``?day=``."""
    return render(
        request, "home_security/today.html", {"page": pages.today_page(request.user, pages.now_here(), _day(request))}
    )


@guarded(Permission.EDIT_HOMES)
@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """A sheet for each crew, to print. The look is recorded: names, telephone numbers and passwords stand on it."""
    now = pages.now_here()
    page = pages.sheets_page(now, _day(request) or now.date())
    visits = [one["visit"] for sheet in page["sheets"] for one in sheet["visits"]]
    if visits:
        reports.note_look(visits, what="looked at the day sheets", by=actor_of(request))
    return render(request, "home_security/sheets.html", {"page": page})


@guarded(Permission.EDIT_HOMES)
@require_POST
def plan_day(request: HttpRequest) -> HttpResponse:
    """Search the routes of a day; the work has a page of its own."""
    day = _written(request.POST.get("day", "")) or pages.now_here().date()
    return redirect("jobs:job", key=services.start_planning(day, by=actor_of(request)))


@guarded(Permission.EDIT_HOMES)
@require_POST
def answer_cocoon(request: HttpRequest, key: int) -> HttpResponse:
    """Approve a cocoon: letters go out, the burgled home gets a visit today where one fits."""
    found = asking.cocoon(key)
    if found is None:
        raise Http404
    return _tried(request, lambda: answering.answer(found, now=pages.now_here(), by=actor_of(request)))


@guarded(Permission.EDIT_HOMES)
@require_POST
def visit_again(request: HttpRequest, key: int) -> HttpResponse:
    """Go back today to a home where nobody answered."""
    found = selectors.visit(key)
    crew = selectors.crews().filter(pk=_number(request.POST.get("crew", ""))).first()
    if found is None or crew is None:
        raise Http404

    def again() -> str:
        services.visit_again(found, crew=crew, now=pages.now_here(), by=actor_of(request))
        return gettext("Crew {crew} goes back today. Its phone has the new order.").format(crew=crew.name)

    return _tried(request, again)


@guarded(Permission.EDIT_HOMES)
@form_view
def times(request: HttpRequest, reference: str) -> HttpResponse:
    """Times for one home; choosing one books it and tells the resident. The look is recorded: it names the home."""
    found = asking.request(reference)
    if found is None or not found.is_live:
        raise Http404
    if request.method == "POST":
        return _booked(request, found)
    offers.note_look(found, by=actor_of(request))
    return render(request, "home_security/times.html", {"page": pages.times_page(found, pages.now_here())})


def _booked(request: HttpRequest, found: Any) -> HttpResponse:
    day, crew_key, starts = (request.POST.get("time", "").split(" ") + ["", "", ""])[:3]
    on, crew = _written(day), selectors.crews().filter(pk=_number(crew_key)).first()
    if on is None or crew is None:
        messages.error(request, gettext("Choose a time."))
        return redirect("home_security:times", reference=found.reference)

    def book() -> str:
        services.book(found, day=on, crew=crew, starts=_number(starts), now=pages.now_here(), by=actor_of(request))
        return gettext("{reference} is booked.").format(reference=found.reference)

    return _tried(request, book)


@guarded(Permission.VIEW_HOMES)
@require_safe
def crews(request: HttpRequest) -> HttpResponse:
    """Who works when, who is away."""
    return _crews(request)


def _crews(request: HttpRequest, **sent: Form) -> HttpResponse:
    """The page of crews; a form that was sent with a fault stands in it as it was written."""
    about = {
        "page": pages.crews_page(request.user, pages.now_here().date()),
        "away": AbsenceForm(),
        "shift": ShiftForm(),
        "supervisor": SupervisorForm(),
        "faulty": next(iter(sent.values()), None),
    }
    return render(request, "home_security/crews.html", about | sent, status=422 if sent else 200)


@guarded(Permission.EDIT_HOMES)
@form_view
def add_crew(request: HttpRequest) -> HttpResponse:
    """Set up a crew with its van; the first one brings the catalogue of measures with it."""
    form = CrewForm(
        request.POST if request.method == "POST" else None, accounts=selectors.crew_accounts(pages.now_here().date())
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        skills = ["electrical"] if told["electrical"] else []
        new = taking_over.NewCrew(told["name"], told["area_name"], told["registration"], form.people(), skills)
        taking_over.start_crew(new, by=actor_of(request))
        messages.success(request, gettext("Crew {crew} is set up. Put it to work on a day.").format(crew=new.name))
        return redirect("home_security:crews")
    return render(request, "home_security/crew_new.html", {"form": form}, status=status_of(form))


@guarded(Permission.EDIT_HOMES)
@require_POST
def add_supervisor(request: HttpRequest) -> HttpResponse:
    """Add somebody who stands in for anybody."""
    form = SupervisorForm(request.POST)

    def add() -> str:
        made = taking_over.add_supervisor(name=form.cleaned_data["supervisor"], by=actor_of(request))
        return gettext("{name} stands in where somebody is away.").format(name=made.name)

    return redirect("home_security:crews") if _said(request, form, add) else _crews(request, supervisor=form)


@guarded(Permission.EDIT_HOMES)
@require_POST
def absent(request: HttpRequest) -> HttpResponse:
    """Somebody is away."""
    form = AbsenceForm(request.POST)

    def note() -> str:
        told = form.cleaned_data
        problems = services.note_absence(
            told["member"], first_on=told["first_on"], last_on=told["last_on"], why=told["why"], by=actor_of(request)
        )
        return " ".join(problems) or gettext("Noted. Supervisors stand in where a crew would be one person.")

    return redirect("home_security:crews") if _said(request, form, note) else _crews(request, away=form)


@guarded(Permission.EDIT_HOMES)
@require_POST
def shift(request: HttpRequest) -> HttpResponse:
    """Put a crew to work on a day."""
    form = ShiftForm(request.POST)

    def put() -> str:
        made = services.set_shift(**form.cleaned_data, by=actor_of(request))
        return gettext("Crew {crew} works: {names}.").format(crew=made.crew.name, names=", ".join(made.names))

    return redirect("home_security:crews") if _said(request, form, put) else _crews(request, shift=form)


@guarded(Permission.VIEW_HOMES)
@require_safe
def stock_levels(request: HttpRequest) -> HttpResponse:
    """What lies where, and what to order."""
    return _stock(request, CountForm())


def _stock(request: HttpRequest, form: Form) -> HttpResponse:
    page = stock_pages.stock_page(request.user, pages.now_here().date())
    return render(request, "home_security/stock.html", {"page": page, "count": form}, status=status_of(form))


@guarded(Permission.EDIT_HOMES)
@require_POST
def delivered(request: HttpRequest, key: int) -> HttpResponse:
    """An order came in."""
    found, form = stock.order(key), DeliveryForm(request.POST)
    if found is None:
        raise Http404

    def take() -> str:
        stock_services.take_delivery(found, count=form.cleaned_data["count"], by=actor_of(request))
        return gettext("It lies in the store now.")

    return _filled(request, form, take, "home_security:stock")


@guarded(Permission.EDIT_HOMES)
@require_POST
def counted(request: HttpRequest) -> HttpResponse:
    """Somebody counted what is there."""
    form = CountForm(request.POST)

    def count() -> str:
        told = form.cleaned_data
        stock_services.count_again(
            told["item"], told["place"], count=told["count"], note=told["note"], by=actor_of(request)
        )
        return gettext("Noted. The difference stands among the latest moves.")

    return redirect("home_security:stock") if _said(request, form, count) else _stock(request, form)


@guarded(Permission.EDIT_HOMES)
@require_POST
def load_vans(request: HttpRequest) -> HttpResponse:
    """Carry into each van what its visits of the day need."""

    def load() -> str:
        lacking = stock_services.load_vans(pages.now_here().date(), by=actor_of(request))
        if lacking:
            return gettext("The store lacks: {things}.").format(things="; ".join(lacking))
        return gettext("Every van has what its visits need.")

    return _tried(request, load, "home_security:stock")


def _said(request: HttpRequest, form: Form, do: Callable[[], str]) -> bool:
    """Whether a form was right and done, which is said; if not, its faults stand in it."""
    words = done(form, do)
    if words is None:
        return False
    messages.success(request, words)
    return True


def _filled(request: HttpRequest, form: Form, do: Callable[[], str], there: str) -> HttpResponse:
    if not form.is_valid():
        messages.error(request, " ".join(str(words) for faults in form.errors.values() for words in faults))
        return redirect(there)
    return _tried(request, do, there)


def _tried(request: HttpRequest, do: Callable[[], str], there: str = "home_security:today") -> HttpResponse:
    """Do it and say so, or say why not; either way the page they came from follows."""
    try:
        messages.success(request, do())
    except (DataProblem, RuleBroken) as problem:
        messages.error(request, str(problem))
    return redirect(there)


def _day(request: HttpRequest) -> date | None:
    return _written(request.GET.get("day", ""))


def _written(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
