"""Pages of Assess."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frankpledge.foundation.jobs import services as jobs
from frankpledge.oversight.assessment import documents, forms, pages, permissions, profiling, rules, selectors, services
from frankpledge.oversight.assessment.vocabulary import PROFILE_PARTS, RequestKind
from frankpledge.records.meetings.vocabulary import Outcome
from frankpledge.reports.spreadsheets import Sheet, to_csv, to_ods
from frankpledge.ui.forms import done, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import CannotCompute, DataProblem
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.questions import Question

form_view = require_http_methods(["GET", "HEAD", "POST"])
PUBLIC_FORMS = ("public", "public-ods", "summary")
COMPOSE_JOB = "compose assessment"
PDF, DOCX, ODS, CSV, JSON = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.spreadsheet",
    "text/csv; charset=utf-8",
    "application/json",
)


@guarded(Permission.VIEW_PICTURE)
@require_safe
def assess(request: HttpRequest) -> HttpResponse:
    """What is behind this door, with its first numbers."""
    return render(request, "assessment/assess.html", {"page": pages.assess(request.user)})


# -- the strategic assessment


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def strategic_all(request: HttpRequest) -> HttpResponse:
    """All assessments."""
    return render(request, "assessment/strategic_all.html", {"page": pages.strategic_all_page(request.user)})


@guarded(Permission.WRITE_ASSESSMENT)
@form_view
def compose(request: HttpRequest) -> HttpResponse:
    """Compose a whole draft for an area: a piece of work with progress."""
    form = forms.AreaForm(_posted(request), areas=pages.area_groups())
    if form.is_valid():
        job = jobs.start(COMPOSE_JOB, {"area": form.cleaned_data["area"]}, by=actor_of(request))
        return redirect("jobs:job", key=job.pk)
    return render(request, "assessment/compose.html", {"form": form}, status=status_of(form))


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def strategic(request: HttpRequest, reference: str) -> HttpResponse:
    """One assessment as it stands."""
    found = _found(selectors.assessment(reference))
    if not permissions.may_see(request.user, found.made_of) and (newest := selectors.newest_edition(found)):
        return redirect("assessment:edition", reference=reference, number=newest.number)
    permissions.check_can_see(request.user, found.made_of)
    return render(request, "assessment/strategic.html", {"page": pages.strategic_page(found, request.user)})


@guarded(Permission.WRITE_ASSESSMENT)
@require_POST
def refresh(request: HttpRequest, reference: str) -> HttpResponse:
    """Its figures anew from what has come in."""
    found = _found(selectors.assessment(reference))
    job = jobs.start(COMPOSE_JOB, {"area": found.area_code}, by=actor_of(request))
    return redirect("jobs:job", key=job.pk)


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def section(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """One section, to read."""
    found = _found(selectors.assessment(reference))
    one = _found(selectors.section(found, key))
    permissions.check_can_see(request.user, found.made_of)
    return render(request, "assessment/section.html", {"page": pages.section_page(found, one, request.user)})


@guarded(Permission.WRITE_ASSESSMENT)
@form_view
def section_words(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Words beside a section's figures."""
    found = _found(selectors.assessment(reference))
    one = _found(selectors.section(found, key))
    start = {"words": one.words or one.drafted, "included": one.included, "version": one.version}
    form = forms.WordsForm(request.POST) if request.method == "POST" else forms.WordsForm(initial=start)

    def save() -> HttpResponse:
        said = form.cleaned_data
        words = "" if said["words"].strip() == one.drafted.strip() else said["words"]
        services.write_section(
            found, key, words=words, included=said["included"], version=said["version"], by=actor_of(request)
        )
        messages.success(request, gettext("Saved."))
        return redirect("assessment:section", reference=reference, key=key)

    page = pages.section_page(found, one, request.user)
    return done(form, save) or render(
        request, "assessment/section_words.html", {"form": form, "page": page}, status=status_of(form)
    )


@guarded(Permission.APPROVE_ASSESSMENT)
@form_view
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    """Freeze it as an edition."""
    found = _found(selectors.assessment(reference))
    form = forms.DecisionForm(_posted(request), initial={"decided_on": timezone.localdate().isoformat()})

    def save() -> HttpResponse:
        said = form.cleaned_data
        made = services.approve(found, **said, by=actor_of(request))
        messages.success(request, gettext("Approved as edition %(number)s.") % {"number": made.number})
        return redirect("assessment:edition", reference=reference, number=made.number)

    return done(form, save) or render(
        request, "assessment/approve.html", {"form": form, "page": pages.approve_page(found)}, status=status_of(form)
    )


@guarded(Permission.WRITE_ASSESSMENT)
@form_view
def word_template(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the council's own Word template."""
    found = _found(selectors.assessment(reference))
    form = forms.TemplateForm(request.POST, request.FILES) if request.method == "POST" else forms.TemplateForm()

    def save() -> HttpResponse:
        said = form.cleaned_data
        file = said["file"]
        services.keep_word_template(found, content=file.read(), name=file.name, by=actor_of(request))
        messages.success(request, gettext("The template is kept. Word files are made in it from now on."))
        return redirect("assessment:strategic", reference=reference)

    return done(form, save) or render(
        request, "assessment/template.html", {"form": form, "assessment": found}, status=status_of(form)
    )


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def strategic_file(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """The draft as a file."""
    found = _found(selectors.assessment(reference))
    permissions.check_can_see(request.user, found.made_of)
    sections = selectors.sections(found)
    document = selectors.document_of(found, sections)
    name, partnership = f"{found.area_name} draft", pages.partnership_name()
    built = lambda: documents.assessment_document(  # noqa: E731
        document, edition=None, partnership=partnership, changes=pages.changes_since(found, sections)
    )
    makers = {
        **_writers(built, bytes(found.word_template) if found.word_template else None),
        **_data(document),
        "summary": lambda: _pdf(documents.summary_document(document, edition=None, partnership=partnership)),
    }
    return _file(makers, kind, name)


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def edition(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """An approved edition."""
    found = _found(selectors.assessment(reference))
    one = _found(selectors.edition(found, number))
    return render(
        request,
        "assessment/edition.html",
        {"page": pages.edition_page(found, one, request.GET.get("section"), request.user)},
    )


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def edition_file(request: HttpRequest, reference: str, number: int, kind: str) -> HttpResponse:
    """An approved edition as a file."""
    found = _found(selectors.assessment(reference))
    one = _found(selectors.edition(found, number))
    if kind not in PUBLIC_FORMS:
        permissions.check_can_see(request.user, one.document.get("made_of", {}))
    template = bytes(found.word_template) if found.word_template else None
    partnership = pages.partnership_name()
    exported = {
        "form": rules.EXPORT_FORM,
        "sha256": one.sha256,
        "approved_on": timezone.localdate(one.approved_at).isoformat(),
        "edition": one.document,
    }
    makers = {
        **_writers(lambda: pages.edition_document(found, one), template),
        **_data(one.document),
        "public": lambda: _pdf(pages.edition_document(found, one, public=True)),
        "public-ods": lambda: _ods(one.document, public=True),
        "summary": lambda: _pdf(documents.summary_document(one.document, edition=number, partnership=partnership)),
        "json": lambda: (json.dumps(exported, ensure_ascii=False, indent=1).encode(), JSON, "json"),
    }
    return _file(makers, kind, f"{found.area_name} edition {number}")


@guarded(Permission.WRITE_ASSESSMENT)
@form_view
def county_add(request: HttpRequest) -> HttpResponse:
    """Put exported editions of several districts side by side."""
    form = forms.CountyForm(request.POST, request.FILES) if request.method == "POST" else forms.CountyForm()

    def save() -> HttpResponse:
        said = form.cleaned_data
        exports = [(file.name, file.read().decode("utf-8", "replace")) for file in said["editions"]]
        view = services.make_county_view(title=said["title"], exports=exports, by=actor_of(request))
        return redirect("assessment:county", number=view.pk)

    return done(form, save) or render(request, "assessment/county_add.html", {"form": form}, status=status_of(form))


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def county(request: HttpRequest, number: int) -> HttpResponse:
    """Districts side by side."""
    view = _found(selectors.county_view(number))
    return render(request, "assessment/county.html", {"page": pages.county_page(view)})


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def county_file(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Districts side by side, as a file."""
    view = _found(selectors.county_view(number))
    sheet = Sheet(
        view.title, tuple(view.table["columns"]), tuple(map(tuple, view.table["rows"])), tuple(view.table["notes"])
    )
    return _file({**_writers(lambda: pages.county_document(view), None), **_sheets([sheet])}, kind, view.title)


# -- problem profiles


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """All problem profiles."""
    return render(request, "assessment/problems.html", {"page": pages.profiles_page(request.user)})


@guarded(Permission.WRITE_ASSESSMENT)
@form_view
def problem_draw(request: HttpRequest) -> HttpResponse:
    """Draw a profile for the question in the address."""
    asked = {name: [str(value) for value in values] for name, values in request.GET.lists()}
    form = forms.DrawForm(_posted(request))
    try:
        question = Question.from_query(asked)
        if request.method == "POST" and form.is_valid():
            by = actor_of(request)
            drawn = profiling.draw_profile(question, allowed=permissions.sources_of(by))
            made = services.keep_profile(drawn=drawn, question=question, title=form.cleaned_data["title"], by=by)
            return redirect("assessment:problem", reference=made.reference)
    except (DataProblem, CannotCompute) as problem:
        form.add_error(None, problem.sentence) if form.is_bound else messages.error(request, problem.sentence)
        question = None
    return render(request, "assessment/problem_draw.html", {"form": form, "question": question}, status=status_of(form))


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def problem(request: HttpRequest, reference: str) -> HttpResponse:
    """One problem profile."""
    found = _found(selectors.profile(reference))
    permissions.check_can_see(request.user, found.made_of)
    return render(request, "assessment/problem.html", {"page": pages.profile_page(found, request.user)})


@guarded(Permission.WRITE_ASSESSMENT)
@form_view
def problem_words(request: HttpRequest, reference: str) -> HttpResponse:
    """Words beside the parts of a profile."""
    found = _found(selectors.profile(reference))
    start = {**found.words, "version": found.version}
    form = forms.ProfileWordsForm(request.POST) if request.method == "POST" else forms.ProfileWordsForm(initial=start)

    def save() -> HttpResponse:
        said = form.cleaned_data
        words = {part.key: said[part.key] for part in PROFILE_PARTS}
        services.write_profile(found, words=words, version=said["version"], by=actor_of(request))
        messages.success(request, gettext("Saved."))
        return redirect("assessment:problem", reference=reference)

    return done(form, save) or render(
        request, "assessment/problem_words.html", {"form": form, "profile": found}, status=status_of(form)
    )


@guarded(Permission.WRITE_ASSESSMENT)
@require_POST
def problem_refresh(request: HttpRequest, reference: str) -> HttpResponse:
    """Its figures anew from what has come in."""
    found = _found(selectors.profile(reference))
    by = actor_of(request)
    question = Question.from_dict(found.question)
    try:
        drawn = profiling.draw_profile(question, allowed=permissions.sources_of(by))
        services.keep_profile(drawn=drawn, question=question, of=found, by=by)
        messages.success(request, gettext("Drawn anew from what is here now."))
    except (DataProblem, CannotCompute) as problem:
        messages.error(request, problem.sentence)
    return redirect("assessment:problem", reference=reference)


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def problem_file(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """A problem profile as a file."""
    found = _found(selectors.profile(reference))
    permissions.check_can_see(request.user, found.made_of)
    return _file(_writers(lambda: pages.profile_document(found), None), kind, found.title)


# -- the scan


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def scans(request: HttpRequest) -> HttpResponse:
    """All scans."""
    return render(request, "assessment/scans.html", {"page": pages.scans_page(request.user)})


@guarded(Permission.WRITE_ASSESSMENT)
@form_view
def scan_start(request: HttpRequest) -> HttpResponse:
    """Open a scan with the themes of the area's assessment."""
    form = forms.ScanStartForm(_posted(request), areas=pages.area_groups())

    def save() -> HttpResponse:
        said = form.cleaned_data
        issues = pages.proposed_issues(said["area"])
        made = services.start_scan(title=said["title"], area_code=said["area"], issues=issues, by=actor_of(request))
        return redirect("assessment:scan_scores", reference=made.reference)

    return done(form, save) or render(request, "assessment/scan_start.html", {"form": form}, status=status_of(form))


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def scan(request: HttpRequest, reference: str) -> HttpResponse:
    """The ranks and how far they follow from the weights."""
    found = _found(selectors.scan(reference))
    return render(request, "assessment/scan.html", {"page": pages.scan_page(found, request.user)})


@guarded(Permission.WRITE_ASSESSMENT)
@form_view
def scan_scores(request: HttpRequest, reference: str) -> HttpResponse:
    """Weights, scores, confidence, reasons."""
    found = _found(selectors.scan(reference))
    form = pages.scores_form(found, _posted(request))

    def save() -> HttpResponse:
        said = form.cleaned_data
        issues = pages.with_keys(found, form.issues())
        services.score_scan(found, weights=form.weights(), issues=issues, version=said["version"], by=actor_of(request))
        return redirect("assessment:scan", reference=reference)

    return done(form, save) or render(
        request,
        "assessment/scan_scores.html",
        {"form": form, "page": pages.scores_page(found, form)},
        status=status_of(form),
    )


@guarded(Permission.WRITE_ASSESSMENT)
@form_view
def scan_decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Record the scores as a decision."""
    found = _found(selectors.scan(reference))
    form = forms.DecisionForm(_posted(request), initial={"decided_on": timezone.localdate().isoformat()})

    def save() -> HttpResponse:
        said = form.cleaned_data
        decision = services.record_scan(found, **said, by=actor_of(request))
        messages.success(request, gettext("Recorded as %(reference)s.") % {"reference": decision.reference})
        return redirect("assessment:scan", reference=reference)

    return done(form, save) or render(
        request, "assessment/scan_decide.html", {"form": form, "scan": found}, status=status_of(form)
    )


# -- the evidence gate


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """All requests for a new group or service."""
    return render(request, "assessment/requests.html", {"page": pages.requests_page(request.user)})


@guarded(Permission.WRITE_ASSESSMENT)
@form_view
def request_ask(request: HttpRequest) -> HttpResponse:
    """Keep a request."""
    start = {"asked_on": timezone.localdate().isoformat()}
    form = forms.RequestForm(_posted(request), areas=pages.area_groups(), initial=start)

    def save() -> HttpResponse:
        said = form.cleaned_data
        said = {**said, "kind": RequestKind(said["kind"]), "area_code": said["area"]}
        said.pop("area")
        made = services.ask(**said, by=actor_of(request))
        return redirect("assessment:request", reference=made.reference)

    return done(form, save) or render(request, "assessment/request_ask.html", {"form": form}, status=status_of(form))


@guarded(Permission.VIEW_ASSESSMENT)
@require_safe
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """What is asked, what the assessment says, what was decided."""
    found = _found(selectors.request(reference))
    return render(request, "assessment/request.html", {"page": pages.request_page(found, request.user)})


@guarded(Permission.WRITE_ASSESSMENT)
@form_view
def request_decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Record the answer."""
    found = _found(selectors.request(reference))
    form = forms.AnswerForm(_posted(request), initial={"decided_on": timezone.localdate().isoformat()})

    def save() -> HttpResponse:
        said = form.cleaned_data
        said["outcome"] = Outcome(said["outcome"])
        services.decide_request(found, **said, by=actor_of(request))
        messages.success(request, gettext("The answer is recorded."))
        return redirect("assessment:request", reference=reference)

    return done(form, save) or render(
        request,
        "assessment/request_decide.html",
        {"form": form, "page": pages.request_page(found, request.user)},
        status=status_of(form),
    )


# -- what the views share

Made = tuple[bytes, str, str]  # content, type, ending
Maker = Callable[[], Made]


def _writers(built: Callable[[], Any], template: bytes | None) -> dict[str, Maker]:
    """PDF and Word of one document."""
    return {"pdf": lambda: _pdf(built()), "docx": lambda: _word(built(), template)}


def _pdf(document: Any) -> Made:
    from frankpledge.reports.pdf import to_pdf

    return to_pdf(document), PDF, "pdf"


def _word(document: Any, template: bytes | None) -> Made:
    from frankpledge.reports.word import to_word

    return to_word(document, template=template), DOCX, "docx"


def _data(document: Any) -> dict[str, Maker]:
    return _sheets(documents.data_sheets(document))


def _sheets(sheets: Any) -> dict[str, Maker]:
    """All sheets as ODS, the first as CSV."""
    return {"ods": lambda: (to_ods(sheets), ODS, "ods"), "csv": lambda: (to_csv(sheets[0]).encode(), CSV, "csv")}


def _ods(document: Any, *, public: bool) -> Made:
    return to_ods(documents.data_sheets(document, public=public)), ODS, "ods"


def _file(makers: dict[str, Maker], kind: str, name: str) -> HttpResponse:
    """The file asked for; 404 for a kind there is none of."""
    if kind not in makers:
        raise Http404
    content, type_, ending = makers[kind]()
    answer = HttpResponse(content, content_type=type_)
    kinds = {"public": "-public", "public-ods": "-public", "summary": "-summary"}
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name)}{kinds.get(kind, "")}.{ending}"'
    return answer


def _posted(request: HttpRequest) -> Any:
    """What was sent, even if it was empty; None where nothing was."""
    return request.POST if request.method == "POST" else None


def _found(found: Any) -> Any:
    if found is None:
        raise Http404
    return found
