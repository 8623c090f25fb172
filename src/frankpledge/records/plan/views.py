"""Pages of the plan: at a glance, priorities, targets, milestones, matrix, versions, reviews, the public summary."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from frankpledge.records.plan import document, forms, pages, selectors, services
from frankpledge.records.plan.models import Milestone, Objective, Priority, Target
from frankpledge.records.plan.money_views import form_page, form_view, plan_of
from frankpledge.reports.pdf import to_pdf
from frankpledge.reports.word import to_word
from frankpledge.ui.forms import done
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.permissions import Permission


@guarded(Permission.VIEW_PLAN)
@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The plan at a glance."""
    named = request.GET.get("plan", "")
    found = plan_of(request) if named else selectors.current_plan()
    return render(request, "plan/plan.html", {"page": pages.plan_page(found, request.user)})


@guarded(Permission.EDIT_PLAN)
@form_view
def begin(request: HttpRequest) -> HttpResponse:
    """A new plan."""
    form = forms.PlanForm(request.POST or None)
    if made := done(form, lambda: services.add_plan(**form.cleaned_data, by=actor_of(request))):
        return redirect(f"{reverse('plan:plan')}{made.query}")
    return form_page(request, form, None, gettext("Begin a plan"), gettext("Begin it"), "plan:plan")


@guarded(Permission.EDIT_PLAN)
@form_view
def change_plan(request: HttpRequest) -> HttpResponse:
    """Correct the head of a plan."""
    of = plan_of(request)
    start = {name: getattr(of, name) for name in ("title", "label", "area_name", "aim")}
    form = forms.HeadForm(request.POST or None, initial=start)
    if done(form, lambda: services.change_plan(plan=of, **form.cleaned_data, by=actor_of(request))):
        return redirect(f"{reverse('plan:plan')}{of.query}")
    return form_page(request, form, of, gettext("Change the head of the plan"), gettext("Save it"), "plan:plan")


# --- priorities and objectives


@guarded(Permission.VIEW_PLAN)
@require_safe
def priority(request: HttpRequest, key: int) -> HttpResponse:
    """One priority."""
    return render(request, "plan/priority.html", {"page": pages.priority_page(_priority(key), request.user)})


@guarded(Permission.EDIT_PLAN)
@form_view
def add_priority(request: HttpRequest) -> HttpResponse:
    """A new priority."""
    of = plan_of(request)
    form = forms.PriorityForm(request.POST or None, agencies=pages.agency_choices())
    if made := done(form, lambda: services.add_priority(plan=of, **_priority_data(form), by=actor_of(request))):
        return redirect("plan:priority", key=made.pk)
    return form_page(request, form, of, gettext("Add a priority"), gettext("Add the priority"), "plan:plan")


@guarded(Permission.EDIT_PLAN)
@form_view
def change_priority(request: HttpRequest, key: int) -> HttpResponse:
    """Correct a priority."""
    found = _priority(key)
    fields = ("title", "why", "victims", "offenders", "locations", "times")
    start: dict[str, Any] = {name: getattr(found, name) for name in fields}
    start |= {"figure_keys": ", ".join(found.figure_keys), "lead_agency": str(found.lead_agency_id or "")}
    form = forms.PriorityForm(request.POST or None, initial=start, agencies=pages.agency_choices())
    if done(form, lambda: services.change_priority(priority=found, **_priority_data(form), by=actor_of(request))):
        return redirect("plan:priority", key=key)
    return form_page(request, form, None, found.title, gettext("Save the priority"), "plan:priority", key=key)


def _priority_data(form: forms.PriorityForm) -> dict[str, Any]:
    data = dict(form.cleaned_data)
    agency = data.pop("lead_agency")
    name = dict(pages.agency_choices()).get(agency, "")
    return data | {"lead_agency_id": int(agency) if agency else None, "lead_agency_name": name}


@guarded(Permission.EDIT_PLAN)
@form_view
def add_objective(request: HttpRequest, key: int) -> HttpResponse:
    """A new objective of a priority."""
    found = _priority(key)
    form = forms.ObjectiveForm(request.POST or None, initial={"aim": "fewer"})
    if done(form, lambda: services.add_objective(priority=found, **form.cleaned_data, by=actor_of(request))):
        return redirect("plan:priority", key=key)
    return form_page(
        request, form, None, gettext("Add an objective"), gettext("Add it"), "plan:priority", found.title, key=key
    )


@guarded(Permission.EDIT_PLAN)
@form_view
def change_objective(request: HttpRequest, key: int) -> HttpResponse:
    """Correct an objective."""
    found = _objective(key)
    start = {name: getattr(found, name) for name in ("title", "subject", "aim")}
    form = forms.ObjectiveForm(request.POST or None, initial=start)
    if done(form, lambda: services.change_objective(objective=found, **form.cleaned_data, by=actor_of(request))):
        return redirect("plan:priority", key=found.priority_id)
    back = found.priority_id
    return form_page(
        request, form, None, gettext("Change the objective"), gettext("Save it"), "plan:priority", key=back
    )


# --- targets


@guarded(Permission.EDIT_PLAN)
@form_view
def add_target(request: HttpRequest, key: int) -> HttpResponse:
    """A new target of an objective."""
    found = _objective(key)
    form = forms.TargetForm(request.POST or None, **_choices())
    if made := done(form, lambda: services.add_target(objective=found, **form.cleaned_data, by=actor_of(request))):
        return redirect("plan:target", key=made.pk)
    back = found.priority_id
    return form_page(
        request, form, None, gettext("Set a target"), gettext("Set it"), "plan:priority", found.title, key=back
    )


@guarded(Permission.VIEW_PLAN)
@require_safe
def target(request: HttpRequest, key: int) -> HttpResponse:
    """A target with its profile and reviews."""
    return render(request, "plan/target.html", {"page": pages.target_page(_target(key), request.user)})


@guarded(Permission.EDIT_PLAN)
@form_view
def change_target(request: HttpRequest, key: int) -> HttpResponse:
    """Correct a target."""
    found = _target(key)
    start: dict[str, Any] = {name: getattr(found, name) for name in ("title", "baseline_figure_key", "due_on")}
    start |= {"indicator_id": str(found.indicator_id or ""), "change_percent": found.change_percent}
    start["value"] = None if found.change_percent is not None else found.value
    form = forms.TargetForm(request.POST or None, initial=start, **_choices(found))
    if done(
        form, lambda: services.change_target(target=found, **_kept(found, form.cleaned_data), by=actor_of(request))
    ):
        return redirect("plan:target", key=key)
    return form_page(request, form, None, gettext("Change the target"), gettext("Save it"), "plan:target", key=key)


def _choices(found: Target | None = None) -> dict[str, Any]:
    return {"indicators": pages.indicator_choices(), "figures": pages.figure_choices(found)}


def _kept(found: Target, data: dict[str, Any]) -> dict[str, Any]:
    """What the form does not ask for stays: a baseline stated in a document, the unit, the denominator."""
    if data["baseline_figure_key"]:
        return data
    names = (
        "baseline_value",
        "baseline_last_on",
        "baseline_words",
        "unit",
        "denominator",
        "denominator_words",
        "is_rate",
    )
    return data | {name: getattr(found, name) for name in names}


@guarded(Permission.EDIT_PLAN)
@form_view
def profile(request: HttpRequest, key: int) -> HttpResponse:
    """The quarters of a target: proposed from history, changed by who knows better."""
    found = _target(key)
    start, said = pages.proposed(found) if request.method != "POST" else ({}, "")
    form = forms.ProfileForm(request.POST or None, initial=start, quarters=pages.profile_quarters(found))

    def save() -> Target:
        method = form.cleaned_data["method"]
        return services.set_profile(target=found, values=form.values(), method=method, by=actor_of(request))

    if done(form, save):
        return redirect("plan:target", key=key)
    return form_page(
        request, form, None, gettext("Profile by quarter"), gettext("Save the profile"), "plan:target", said, key=key
    )


@guarded(Permission.EDIT_PLAN)
@form_view
def review(request: HttpRequest, key: int) -> HttpResponse:
    """The yearly review of a target."""
    found = _target(key)
    form = forms.ReviewForm(request.POST or None, initial={"reviewed_on": _today(), "outcome": "keep"})
    if done(form, lambda: services.review_target(target=found, **form.cleaned_data, by=actor_of(request))):
        return redirect("plan:target", key=key)
    return form_page(
        request, form, None, gettext("Review the target"), gettext("Record the review"), "plan:target",
        f"{found.title}: {pages.sense_words(found)}", key=key,
    )  # fmt: skip


@guarded(Permission.VIEW_PLAN)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What the yearly reviews decided."""
    return render(request, "plan/reviews.html", {"page": pages.reviews_page(plan_of(request), request.user)})


# --- milestones


@guarded(Permission.VIEW_PLAN)
@require_safe
def milestones(request: HttpRequest) -> HttpResponse:
    """All milestones."""
    return render(request, "plan/milestones.html", {"page": pages.milestones_page(plan_of(request), request.user)})


@guarded(Permission.EDIT_PLAN)
@form_view
def add_milestone(request: HttpRequest) -> HttpResponse:
    """A new milestone."""
    of = plan_of(request)
    held = {str(one.pk): one for one in selectors.priorities(of)}
    names = [(key, one.title) for key, one in held.items()]
    form = forms.MilestoneForm(request.POST or None, priorities=names, agencies=pages.agency_choices())
    if done(form, lambda: services.add_milestone(plan=of, **_milestone_data(form, held), by=actor_of(request))):
        return redirect(f"{reverse('plan:milestones')}{of.query}")
    return form_page(request, form, of, gettext("Add a milestone"), gettext("Add it"), "plan:milestones")


def _milestone_data(form: forms.MilestoneForm, held: dict[str, Priority]) -> dict[str, Any]:
    data = dict(form.cleaned_data)
    agency = data.pop("agency")
    data["priority"] = held.get(data["priority"])
    name = dict(pages.agency_choices()).get(agency, "")
    return data | {"agency_id": int(agency) if agency else None, "agency_name": name}


@guarded(Permission.VIEW_PLAN)
@require_safe
def milestone(request: HttpRequest, key: int) -> HttpResponse:
    """One milestone."""
    page = pages.milestone_page(_milestone(key), request.user)
    return render(request, "plan/milestone.html", {"page": page, "form": _settle_form(page["milestone"])})


@guarded(Permission.EDIT_PLAN)
@require_http_methods(["POST"])
def settle_milestone(request: HttpRequest, key: int) -> HttpResponse:
    """Done, open or dropped."""
    found = _milestone(key)
    form = forms.SettleForm(request.POST)
    if done(form, lambda: services.settle_milestone(milestone=found, **form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The milestone is noted."))
        return redirect(f"{reverse('plan:milestones')}{found.plan.query}")
    page = pages.milestone_page(found, request.user)
    return render(request, "plan/milestone.html", {"page": page, "form": form}, status=422)


def _settle_form(found: Milestone) -> forms.SettleForm:
    return forms.SettleForm(initial={"state": "done", "done_on": found.done_on or _today(), "note": found.note})


# --- matrix


@guarded(Permission.VIEW_PLAN)
@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """Objectives by the aims of other strategies."""
    return render(request, "plan/matrix.html", {"page": pages.matrix_page(plan_of(request), request.user)})


@guarded(Permission.EDIT_PLAN)
@form_view
def add_aim(request: HttpRequest) -> HttpResponse:
    """An aim of another strategy."""
    of = plan_of(request)
    form = forms.AimForm(request.POST or None)
    if done(form, lambda: services.add_wider_aim(plan=of, **form.cleaned_data, by=actor_of(request))):
        return redirect(f"{reverse('plan:matrix')}{of.query}")
    return form_page(request, form, of, gettext("Add a wider aim"), gettext("Add it"), "plan:matrix")


@guarded(Permission.EDIT_PLAN)
@form_view
def link_aim(request: HttpRequest) -> HttpResponse:
    """A cell of the matrix."""
    of = plan_of(request)
    found = selectors.matrix(of)
    objectives, aims = ({str(one.pk): one for one in part} for part in (found.objectives, found.aims))
    form = forms.LinkForm(
        request.POST or None,
        objectives=[(key, str(one)) for key, one in objectives.items()],
        aims=[(key, str(one)) for key, one in aims.items()],
    )
    if form.is_valid():
        data = form.cleaned_data
        ends: dict[str, Any] = {"objective": objectives[data["objective"]], "aim": aims[data["aim"]]}
        services.link_aim(**ends, way=data["way"] or None, note=data["note"], by=actor_of(request))
        return redirect(f"{reverse('plan:matrix')}{of.query}")
    return form_page(request, form, of, gettext("Link an objective and an aim"), gettext("Link them"), "plan:matrix")


# --- versions


@guarded(Permission.VIEW_PLAN)
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Versions side by side."""
    chosen = {"before": request.GET.get("before"), "after": request.GET.get("after")}
    page = pages.versions_page(plan_of(request), request.user, **chosen)
    return render(request, "plan/versions.html", {"page": page})


@guarded(Permission.EDIT_PLAN)
@form_view
def refresh(request: HttpRequest) -> HttpResponse:
    """The yearly refresh: a new version, as a draft."""
    of = plan_of(request)
    form = forms.VersionForm(request.POST or None)
    if made := done(form, lambda: services.new_version(plan=of, **form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The new version is a draft. The one in force stays until you publish it."))
        return redirect(f"{reverse('plan:plan')}{made.query}")
    return form_page(request, form, of, gettext("Refresh the plan"), gettext("Begin the new version"), "plan:versions")


@guarded(Permission.EDIT_PLAN)
@form_view
def publish(request: HttpRequest) -> HttpResponse:
    """Asked once more, then the draft is in force."""
    of = plan_of(request)
    form = forms.PublishForm(request.POST if request.method == "POST" else None)
    if done(form, lambda: services.publish_plan(plan=of, by=actor_of(request))):
        messages.success(request, gettext("This version is in force now."))
        return redirect(f"{reverse('plan:plan')}{of.query}")
    lead = gettext(
        "Everybody in the partnership will be held to it from now on. The version before it is kept and stays readable."
    )
    title = gettext("Put version %(version)s in force") % {"version": of.version}
    return form_page(request, form, of, title, gettext("Yes, put it in force"), "plan:plan", lead)


@guarded(Permission.VIEW_PLAN)
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """The public summary, to read, print or save."""
    return render(request, "plan/summary.html", {"page": pages.summary_page(plan_of(request))})


@guarded(Permission.VIEW_PLAN)
@require_safe
def summary_file(request: HttpRequest) -> HttpResponse:
    """The public summary as PDF or Word."""
    of = plan_of(request)
    made = document.summary(of)
    if request.GET.get("as") == "word":
        return _file(to_word(made), f"plan-{of.series}.docx", _WORD)
    return _file(to_pdf(made), f"plan-{of.series}.pdf", "application/pdf")


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# --- finding


def _today() -> date:
    return timezone.localdate()


def _priority(key: int) -> Priority:
    found = selectors.priority_by_id(key)
    if found is None:
        raise Http404
    return found


def _objective(key: int) -> Objective:
    found = selectors.objective(key)
    if found is None:
        raise Http404
    return found


def _target(key: int) -> Target:
    found = selectors.target(key)
    if found is None:
        raise Http404
    return found


def _milestone(key: int) -> Milestone:
    found = selectors.milestone(key)
    if found is None:
        raise Http404
    return found
