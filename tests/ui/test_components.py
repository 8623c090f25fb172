"""The components give GOV.UK Frontend's own markup, so that its styles, scripts and accessibility work carry over."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"


class Outline(HTMLParser):
    """A piece of HTML as its tags with their classes and roles, and its words: what styles and readers go by."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...], str | None]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append((tag, tuple(sorted((told.get("class") or "").split())), told.get("role")))

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def rendered(text: str, **values: object) -> str:
    request = RequestFactory().get("/list/?order=name")
    return Template("{% load components %}" + text).render(RequestContext(request, values))


def published(component: str, example: str) -> str:
    """GOV.UK Frontend's own HTML of one example."""
    file = FIXTURES / component / "fixtures.json"
    if not file.is_file():
        pytest.skip("needs the locked npm packages, which `python3 run.py setup` installs")
    return next(f["html"] for f in json.loads(file.read_text())["fixtures"] if f["name"] == example)


class Everything(forms.Form):
    name = forms.CharField(label="National Insurance number")
    hinted = forms.CharField(label="National insurance number", help_text="It’s on your card.")
    choice = forms.ChoiceField(label="Label text goes here", choices=[("1", "One"), ("2", "Two"), ("3", "Three")])
    file = forms.FileField(label="Upload a file")
    more = forms.CharField(label="Can you provide more detail?", widget=forms.Textarea(attrs={"rows": 5}))
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    which = forms.ChoiceField(
        label="Have you changed your name?", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect
    )
    many = forms.MultipleChoiceField(
        label="What is your nationality?",
        choices=[("b", "British"), ("i", "Irish"), ("o", "Citizen of another country")],
        widget=forms.CheckboxSelectMultiple,
    )


@pytest.mark.parametrize(
    ("template", "component", "example"),
    [
        ("{% field form.name %}", "input", "default"),
        ("{% field form.choice %}", "select", "default"),
        ("{% field form.file %}", "file-upload", "default"),
        ("{% field form.more %}", "textarea", "default"),
        ("{% field form.secret %}", "password-input", "default"),
        ("{% button 'Save and continue' %}", "button", "default"),
        ("{% warning 'You can be fined up to £5,000 if you don’t register.' %}", "warning-text", "default"),
    ],
)
def test_markup_is_that_of_govuk_frontend(template, component, example):
    ours, theirs = Outline(rendered(template, form=Everything())), Outline(published(component, example))
    assert [(tag, css) for tag, css, _role in ours.tags] == [(tag, css) for tag, css, _role in theirs.tags]


@pytest.mark.parametrize(("field", "component"), [("which", "radios"), ("many", "checkboxes")])
def test_groups_of_choices_are_those_of_govuk_frontend(field, component):
    ours = Outline(rendered("{% field form." + field + " %}", form=Everything()))
    theirs = Outline(published(component, "default"))
    # our question is bold: one class more
    own = [(tag, tuple(c for c in css if c != "govuk-fieldset__legend--s")) for tag, css, _ in ours.tags]
    assert own == [(tag, css) for tag, css, _ in theirs.tags]
    assert ours.words == theirs.words


def test_a_faulty_field_says_so_in_words_and_to_a_screen_reader():
    html = rendered("{% field form.hinted %}", form=Everything({}))
    assert 'aria-describedby="id_hinted-hint id_hinted-error"' in html
    assert 'aria-invalid="true"' in html and "govuk-input--error" in html
    assert re.search(r'id="id_hinted-error".*Error:.*Fill this in: ', html, re.S)
    assert " required" not in html


def test_the_error_summary_leads_to_each_field():
    html = rendered("{% error_summary form %}", form=Everything({}))
    assert html.count("<li>") == 8
    assert 'href="#id_name"' in html and 'href="#id_which_0"' in html and 'href="#id_many_0"' in html
    assert rendered("{% error_summary form %}", form=Everything()).strip() == ""


def test_a_fault_of_several_fields_says_in_the_summary_which_field_it_is_of():
    class Days(forms.Form):
        first = forms.DateField(label="First day", error_messages={"required": "Give the day."})
        last = forms.DateField(label="Last day", error_messages={"required": "Give the day."})

    html = rendered("{% error_summary form %}", form=Days({}))
    assert "First day: Give the day." in html and "Last day: Give the day." in html
    assert "Last day:" not in rendered("{% error_summary form %}", form=Days({"first": "2026-11-21"}))


def test_every_status_has_a_shape_beside_its_colour():
    from frankpledge.ui.templatetags.components import STATUSES

    drawn = {kind: rendered("{% status kind 'word' %}", kind=kind) for kind in STATUSES}
    assert all("<svg" in html and "word" in html for html in drawn.values())
    shapes = {re.search(r"<svg.*</svg>", html, re.S)[0] for kind, html in drawn.items() if kind != "met"}
    assert len(shapes) == len(STATUSES) - 1  # a target met is good news said louder: the same tick


def test_words_from_outside_are_escaped_everywhere():
    evil = "<script>alert(1)</script>"
    templates = (
        "{% button evil %}{% button evil href=evil %}{% notice evil %}{% warning evil %}{% status 'good' evil %}"
        "{% figure_card evil evil evil evil evil %}{% empty evil evil evil evil %}{% breadcrumbs evil evil evil %}"
        "{% progress 5 evil %}{% details evil %}{{ evil }}{% enddetails %}"
    )
    assert "<script>" not in rendered(templates, evil=evil)


def test_progress_stays_between_nothing_and_all():
    assert 'value="100"' in rendered("{% progress 140 'work' %}")
    assert 'value="0"' in rendered("{% progress -1 'work' %}")


def test_pages_of_a_list_keep_the_question():
    html = rendered("{% pagination page 'Pages' %}", page=Paginator(range(100), 10).get_page(2))
    assert "?order=name&amp;page=3" in html and 'aria-current="page"' in html
    assert rendered("{% pagination page 'Pages' %}", page=Paginator(range(5), 10).get_page(1)).strip() == ""


def test_the_parts_of_a_sum_fill_the_bar():
    html = rendered("{% sum_bar 90 9 1 %}")
    assert re.findall(r'width="([\d.]+)%"', html) == ["90.000", "9.000", "1.000"]
    assert re.findall(r'width="([\d.]+)%"', rendered("{% sum_bar 0 0 0 %}")) == ["0.000"] * 3


def test_a_value_outside_its_usual_range_is_a_diamond_not_a_dot():
    assert "<circle" in rendered("{% usual_range 5 4 6 %}")
    outside = rendered("{% usual_range 9 4 6 %}")
    assert "<circle" not in outside and "fp-range__outside" in outside


def test_icons_are_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in Template("{% load components %}{% icon 'tick' %}").render(Context())
