"""Pages of lessons learned: all of them, and writing one down."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from frankpledge.oversight.evaluation import lesson_pages, lessons
from frankpledge.oversight.evaluation.lesson_forms import LessonForm
from frankpledge.ui.forms import status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_EVALUATION)
@require_safe
def lessons_list(request: HttpRequest) -> HttpResponse:
    """What was learned, failures first."""
    asked = {name: request.GET.get(name) for name in ("outcome", "about")}
    return render(request, "evaluation/lessons.html", {"page": lesson_pages.lessons_page(request.user, **asked)})


@guarded(Permission.EDIT_HOMES)
@form_view
def add(request: HttpRequest) -> HttpResponse:
    """Write a lesson down."""
    form = LessonForm(request.POST or None, initial={"said_on": timezone.localdate(), "said_by": str(request.user)})
    if form.is_valid():
        try:
            lessons.add_lesson(**form.said(), by=actor_of(request))
            return redirect("evaluation:lessons")
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
    return render(request, "evaluation/lesson.html", {"form": form}, status=status_of(form))


@guarded(Permission.EDIT_HOMES)
@form_view
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Change a lesson."""
    held = lessons.lesson(key)
    if held is None:
        raise Http404
    form = LessonForm(request.POST or None, initial={name: getattr(held, name) for name in lessons.FIELDS})
    version, clashes = held.version, lesson_pages.NONE
    if form.is_valid():
        try:
            lessons.change_lesson(held, version=form.cleaned_data["version"] or 0, **form.said(), by=actor_of(request))
            return redirect("evaluation:lessons")
        except lessons.ChangedMeanwhile as changed:
            labels = {name: field.label for name, field in form.fields.items()}
            clashes = lesson_pages.differences(changed.current, form.said(), labels)
            form.add_error(None, changed.sentence)
        except RuleBroken as broken:
            form.add_error(None, broken.sentence)
            version = form.cleaned_data["version"] or 0
    context = {"form": form, "lesson": held, "version": version, "clashes": clashes}
    return render(request, "evaluation/lesson.html", context, status=status_of(form))
