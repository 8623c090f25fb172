"""Components of the pages: GOV.UK Frontend's markup, in our own clothes, from one line in a template.

Each tag renders ``ui/components/<name>.html``. The markup follows the fixtures GOV.UK Frontend publishes, so that its
styles and scripts fit; a test compares the two.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from frankpledge.vocabulary.wording import whole

register = template.Library()

# word of a status -> (class of its colours, icon that says the same without colour)
STATUSES: dict[str, tuple[str, str]] = {
    "good": ("fp-status--good", "tick"),
    "bad": ("fp-status--bad", "warning"),
    "warning": ("fp-status--warning", "clock"),
    "plain": ("fp-status--plain", "dot"),
    "unknown": ("fp-status--unknown", "question"),
    "busy": ("fp-status--busy", "busy"),
    "met": ("fp-status--met", "tick"),
    "on-course": ("fp-status--good", "arrow"),
    "same": ("fp-status--plain", "wave"),
    "few": ("fp-status--unknown", "dots"),
    "none": ("fp-status--none", "out"),
    "late": ("fp-status--bad", "cross"),
}
NOTICES = {"success": "success", "error": "error", "warning": "warning"}
_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.RadioSelect, "choices"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
    (forms.HiddenInput, "hidden"),
)


@register.filter
def with_commas(number: int) -> str:
    """``1234`` as ``1,234``: the same in English and Welsh."""
    return whole(number)


@register.inclusion_tag("ui/components/icon.html")
def icon(name: str) -> dict[str, str]:
    """A small drawing beside a word. It is hidden from screen readers: the word carries the meaning."""
    return {"name": name}


@register.inclusion_tag("ui/components/status.html")
def status(kind: str, word: str) -> dict[str, str]:
    """A status word with its shape and colour; ``kind`` is a key of ``STATUSES``."""
    css, shape = STATUSES[kind]
    return {"css": css, "icon": shape, "word": word}


@register.inclusion_tag("ui/components/notice.html")
def notice(text: str, kind: str = "info") -> dict[str, str]:
    """One message across the page: ``success``, ``warning``, ``error`` or information."""
    return {"text": text, "kind": NOTICES.get(kind, "info")}


@register.inclusion_tag("ui/components/warning.html")
def warning(text: str) -> dict[str, str]:
    """GOV.UK's warning text: one sentence that must not be missed."""
    return {"text": text}


@register.inclusion_tag("ui/components/button.html")
def button(text: str, href: str = "", kind: str = "", name: str = "", value: str = "") -> dict[str, str]:
    """A button, or a link that looks like one where ``href`` is given; ``kind`` secondary or warning."""
    return {"text": text, "href": href, "kind": kind, "name": name, "value": value}


@register.inclusion_tag("ui/components/breadcrumbs.html")
def breadcrumbs(*pairs: str) -> dict[str, Any]:
    """The way here: name, address, name, address, ... and at the end the name of this page alone."""
    steps = [{"name": pairs[i], "url": pairs[i + 1]} for i in range(0, len(pairs) - 1, 2)]
    return {"steps": steps, "here": pairs[-1] if len(pairs) % 2 else ""}


@register.inclusion_tag("ui/components/progress.html")
def progress(percent: int, label: str) -> dict[str, Any]:
    """How far a long piece of work has come, in per cent, as a bar and as words."""
    return {"percent": max(0, min(100, int(percent))), "label": label}


@register.inclusion_tag("ui/components/figure_card.html")
def figure_card(
    label: str,
    value: Any,
    unit: str = "",
    interval: str = "",
    note: str = "",
    kind: str = "",
    word: str = "",
    href: str = "",
) -> dict[str, Any]:
    """A number with its unit, its interval in smaller grey, what it is compared with, and a status word."""
    return {
        "label": label,
        "value": value,
        "unit": unit,
        "interval": interval,
        "note": note,
        "kind": kind,
        "word": word,
        "href": href,
    }


@register.inclusion_tag("ui/components/sum_bar.html")
def sum_bar(stored: int, quarantined: int, held: int) -> dict[str, Any]:
    """Where the rows of a file went, as one bar; the sum beside it says the same in figures."""
    read = stored + quarantined + held
    parts, start = [], 0.0
    for name, rows in (("stored", stored), ("quarantined", quarantined), ("held", held)):
        width = 100 * rows / read if read else 0.0
        parts.append({"name": name, "x": f"{start:.3f}%", "width": f"{width:.3f}%"})
        start += width
    return {"parts": parts}


@register.inclusion_tag("ui/components/count_bar.html")
def count_bar(count: int, most: int) -> dict[str, Any]:
    """A count in a table with a bar of its length against the ``most`` of the column."""
    return {"count": count, "width": f"{100 * count / most if most else 0:.2f}%"}


@register.inclusion_tag("ui/components/usual_range.html")
def usual_range(value: float, low: float, high: float) -> dict[str, Any]:
    """The band of usual values and where this one stands: a dot inside it, a diamond outside."""
    start, end = min(low, value), max(high, value)
    length = (end - start) or 1.0
    start, length = start - 0.2 * length, 1.4 * length

    def at(number: float) -> str:
        return f"{100 * (number - start) / length:.2f}%"

    return {
        "from_": at(low),
        "width": f"{100 * (high - low) / length:.2f}%",
        "at": at(value),
        "outside": not low <= value <= high,
    }


@register.inclusion_tag("ui/components/empty.html")
def empty(title: str, text: str, action: str = "", href: str = "") -> dict[str, str]:
    """A page or part with nothing in it yet: what it is for, who fills it, the first button."""
    return {"title": title, "text": text, "action": action, "href": href}


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any], what: str) -> dict[str, Any]:
    """Links to the other pages of a list, keeping the rest of the address's query; ``what`` names the list."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return {
        "page": page,
        "numbers": numbers,
        "query": query.urlencode(),
        "what": what,
        "ellipsis": page.paginator.ELLIPSIS,
    }


@register.simple_block_tag
def details(content: str, summary: str, opened: bool = False) -> SafeString:
    """What is one click away. ``content`` comes from the template, escaped there."""
    return format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        mark_safe(" open" if opened else ""),  # a constant
        summary,
        mark_safe(content),  # rendered and escaped by the template engine
    )


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """All faults of a form at its top, each a link to its field; one that several fields have names its field."""
    faults = [{"text": text, "href": ""} for text in form.non_field_errors()]
    found = [(bound, text) for bound in form for text in _faults(bound)]
    times = Counter(text for _, text in found)
    for bound, text in found:
        said = f"{bound.label}: {text}" if times[text] > 1 else text
        faults.append({"text": said, "href": f"#{_first_id(bound)}"})
    return {"faults": faults}


# a box says by its width what goes into it, also where a page names none
_NATURAL_WIDTHS = {"date": "10", "time": "10", "datetime-local": "20", "number": "5"}


def _natural_width(widget: forms.Widget) -> str:
    if widget.attrs.get("inputmode") in ("numeric", "decimal"):
        return "10"
    return _NATURAL_WIDTHS.get(getattr(widget, "input_type", ""), "")


@register.inclusion_tag("ui/components/field.html")
def field(bound: forms.BoundField, width: str = "", legend: str = "", *, inline: bool = False) -> dict[str, Any]:
    """Label, hint, fault and control of one form field; ``width``: GOV.UK, such as ``10``; ``inline``: short words."""
    kind = next((name for widget, name in _KINDS if isinstance(bound.field.widget, widget)), "input")
    hint_id, error_id = f"{bound.id_for_label or bound.auto_id}-hint", f"{bound.id_for_label or bound.auto_id}-error"
    described = [hint_id] * bool(bound.help_text) + [error_id] * bool(bound.errors)
    return {
        "bound": bound,
        "fault": next(iter(_faults(bound)), ""),
        "kind": kind,
        "legend": legend or bound.label,
        "inline": inline,
        "hint_id": hint_id,
        "error_id": error_id,
        "control": "" if kind in ("choices",) else _control(bound, kind, width, described),
        "described": " ".join(described),
    }


def _control(bound: forms.BoundField, kind: str, width: str, described: Sequence[str]) -> SafeString:
    css = {
        "input": "govuk-input",
        "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
        "select": "govuk-select",
        "file": "govuk-file-upload",
        "textarea": "govuk-textarea",
        "checkbox": "govuk-checkboxes__input",
        "hidden": "",
    }[kind]
    width = width or _natural_width(bound.field.widget)
    if width and kind == "input":
        css += f" govuk-input--width-{width}"
    if bound.errors and kind != "checkbox":
        css += f" {css.split(' ')[0]}--error"
    attributes: dict[str, Any] = {"class": css} if css else {}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if kind == "password":
        attributes |= {"spellcheck": "false", "autocapitalize": "none"}
    # the server says what is missing, in words; the browser's own bubbles are neither translated nor read out by all
    bound.form.use_required_attribute = False
    attributes["aria-invalid"] = "true" if bound.errors else None
    return bound.as_widget(attrs={name: value for name, value in attributes.items() if value is not None})


def _faults(bound: forms.BoundField) -> list[str]:
    """What is wrong with a field, in words. An empty field is named: in a list "This field is required" names none."""
    words: list[str] = []
    for error in bound.errors.as_data():
        if error.code == "required" and error.message == forms.Field.default_error_messages["required"]:
            chosen = isinstance(bound.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.Select))
            said = gettext("Choose an answer: %(label)s") if chosen else gettext("Fill this in: %(label)s")
            words.append(said % {"label": bound.label})
        else:
            words += [str(message) for message in error.messages]
    return words


def _first_id(bound: forms.BoundField) -> str:
    """The id a fault's link goes to: the first control of a group has ``_0`` after the group's id."""
    if isinstance(bound.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id
