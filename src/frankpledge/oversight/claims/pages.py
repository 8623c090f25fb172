"""What the pages of this room show."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from frankpledge.analysis.claims.claims import Checked, Finding, Recomputed, Verdict
from frankpledge.analysis.claims.settling import Unsettled
from frankpledge.analysis.claims.stated import plain, read_stated
from frankpledge.oversight.claims import rules, selectors
from frankpledge.oversight.claims.models import Document
from frankpledge.oversight.claims.permissions import abilities
from frankpledge.oversight.claims.vocabulary import TABS, Standing
from frankpledge.reports import claim_plots
from frankpledge.reports.spreadsheets import Sheet, to_csv
from frankpledge.vocabulary.wording import said, word

_KINDS = {"agrees": "good", "rounding": "plain", "conflict": "bad", "cannot be checked": "unknown", "derived": "plain"}
_SHORTEST = 34  # letters of a statement's name beside the picture


def documents_page(person: Any) -> dict[str, Any]:
    """Every document with its standing."""
    rows = [_document_row(one) for one in selectors.ledgers(selectors.documents())]
    blocked = sum(row["blocked"] for row in rows)
    own = [row for row in rows if not row["document"].is_example]
    lead = (
        ngettext(
            "%(count)s document cannot be published: a number in it contradicts another.",
            "%(count)s documents cannot be published: a number in each contradicts another.",
            blocked,
        )
        % {"count": blocked}
        if blocked
        else gettext("No document contradicts itself.")
    )
    return {
        **abilities(person),
        "rows": rows,
        "groups": [
            (gettext("Our documents"), own),
            (gettext("Worked examples"), [row for row in rows if row["document"].is_example]),
        ],
        "lead": lead,
    }


def _document_row(one: selectors.Ledger) -> dict[str, Any]:
    counts = _counts(one.check.checked)
    open_ = len(one.publication.open)
    blocked = one.publication.standing is Standing.BLOCKED
    return {
        "document": one.document,
        "counts": counts,
        "claims": len(one.check.checked),
        "open": open_,
        "blocked": blocked,
        "kind": "bad" if blocked else "good",
        "word": said(word(one.publication.standing.value), gettext),
    }


def _counts(checked: Sequence[Checked]) -> dict[str, int]:
    return {verdict.name.lower(): sum(one.verdict is verdict for one in checked) for verdict in Verdict}


@dataclass(frozen=True, slots=True)
class Row:
    """One claim of the page."""

    checked: Checked
    version: int
    kind: str
    verdict: str
    stated: str
    unit: str
    sums: Sequence[tuple[Recomputed, str]]
    why: str
    needs: Sequence[str]
    picture: str
    blocks: bool
    signed: rules.Signed | None
    explain: str
    recomputed: str


def document_page(document: Document, person: Any, tab: str) -> dict[str, Any]:
    """One document: claims with their verdicts, what lies between them, counts to settle, and publication."""
    one = selectors.ledger(document)
    counts = _counts(one.check.checked)
    tab = tab if tab in TABS else "all"
    signed = {given.trouble.key: given for given in one.publication.signed}
    versions = {claim.key: claim.version for claim in one.claims}
    rows = [_row(document, checked, versions, signed) for checked in one.check.checked]
    rows.sort(key=lambda row: _RANK[row.checked.verdict])
    shown = rows if tab == "all" else [row for row in rows if _tab_of(row.checked.verdict) == tab]
    drawn = [row for row in shown if row.picture]
    return {
        **abilities(person),
        "document": document,
        "tab": tab,
        "tabs": _tabs(counts, len(rows)),
        "lead": _lead(counts, one, len(rows)),
        "rows": drawn,
        "others": [row for row in shown if not row.picture],
        "findings": _findings(document, one.check.findings, signed) if tab in {"all", "conflict"} else [],
        "publication": one.publication,
        "open_words": _open_words(one.publication),
        "blocked": one.publication.standing is Standing.BLOCKED,
        "checked_on": date_format(timezone.localdate(), "j F Y"),
        "unsettled": [_settling(i, found) for i, found in enumerate(one.unsettled())],
        "settlements": one.settlements,
    }


_RANK = {Verdict.CONFLICT: 0, Verdict.ROUNDING: 1, Verdict.AGREES: 2, Verdict.CANNOT: 3, Verdict.DERIVED: 4}


def _tab_of(verdict: Verdict) -> str:
    return "derived" if verdict in {Verdict.DERIVED, Verdict.CANNOT} else verdict.value


def _tabs(counts: dict[str, int], every: int) -> list[tuple[str, str, int]]:
    return [
        ("all", gettext("All"), every),
        ("conflict", gettext("Conflict"), counts["conflict"]),
        ("rounding", gettext("Rounding"), counts["rounding"]),
        ("agrees", gettext("Agrees"), counts["agrees"]),
        ("derived", gettext("No figure printed"), counts["derived"] + counts["cannot"]),
    ]


def _lead(counts: dict[str, int], one: selectors.Ledger, every: int) -> str:
    sentences = [
        ngettext(
            "%(wrong)s of the %(all)s statements contradicts the document’s own figures.",
            "%(wrong)s of the %(all)s statements contradict the document’s own figures.",
            counts["conflict"],
        )
        % {"wrong": counts["conflict"], "all": every}
        if counts["conflict"]
        else gettext("None of the %(all)s statements contradicts the document’s own figures.") % {"all": every}
    ]
    if counts["rounding"]:
        sentences.append(
            ngettext("%(count)s more is loose but fair.", "%(count)s more are loose but fair.", counts["rounding"])
            % {"count": counts["rounding"]}
        )
    between = sum(finding.is_conflict for finding in one.check.findings)
    if between:
        sentences.append(
            ngettext(
                "%(count)s conflict lies between statements.", "%(count)s conflicts lie between statements.", between
            )
            % {"count": between}
        )
    return " ".join(sentences)


def _open_words(publication: rules.Publication) -> str:
    count = len(publication.open)
    return ngettext(
        "%(count)s conflict is open and not explained. A signed explanation would be printed with the page.",
        "%(count)s conflicts are open and not explained. A signed explanation would be printed with the page.",
        count,
    ) % {"count": count}


def _row(document: Document, checked: Checked, versions: dict[str, int], signed: dict[str, rules.Signed]) -> Row:
    claim = checked.claim
    money = "£" if claim.unit.startswith("£") else ""
    suffix = " %" if claim.unit in {"%", "per cent"} else ""
    sums = [(result, _value_words(result, money, suffix)) for result in checked.results]
    return Row(
        checked=checked,
        version=versions.get(claim.key, 1),
        kind=_KINDS[checked.verdict],
        verdict=said(word(checked.verdict.value), gettext),
        stated=_stated_words(checked, money, suffix),
        unit="" if suffix or claim.unit == "£" else claim.unit.removeprefix("£ "),
        sums=sums,
        why=said(checked.why, gettext),
        needs=[said(need, gettext) for need in checked.needs[:1]],
        picture=_picture(checked, money, suffix),
        blocks=checked.verdict is Verdict.CONFLICT and claim.key not in signed,
        signed=signed.get(claim.key),
        explain=_explain_address(document, claim.key),
        recomputed=" · ".join(words for _, words in sums),
    )


def _explain_address(document: Document, trouble: str) -> str:
    from urllib.parse import urlencode

    return f"{reverse('claims:explain', args=[document.key])}?{urlencode({'what': trouble})}"


def _stated_words(checked: Checked, money: str, suffix: str) -> str:
    stated = checked.claim.stated
    if stated is None:
        return ""
    if isinstance(stated, list | tuple):
        return ", ".join(plain(Fraction(str(cell))) for cell in stated)
    if isinstance(stated, str):
        return stated
    sign = {"above": "> ", "below": "< "}.get(read_stated(stated, checked.claim.words).bound.value, "")
    return f"{sign}{money}{plain(Fraction(str(stated)))}{suffix}"


def _value_words(result: Recomputed, money: str, suffix: str) -> str:
    value = result.value
    if isinstance(value, tuple):
        return ", ".join("t.b.c." if cell is None else plain(cell) for cell in value)
    if isinstance(value, str):
        return value
    return f"{money}{plain(value, 1 if suffix and abs(value) >= 1 else 2)}{suffix}"


def _picture(checked: Checked, money: str, suffix: str) -> str:
    claim = checked.claim
    found = [
        (result.value, f"{_value_words(result, money, suffix)}{', ' + result.label if result.label else ''}")
        for result in checked.results
        if isinstance(result.value, Fraction)
    ]
    if checked.allowed is None or not found or not isinstance(claim.stated, int | float):
        return ""
    if checked.verdict is Verdict.AGREES and found[0][0] == Fraction(str(claim.stated)):
        return ""
    short = [(value, words.partition(",")[0] if money == "" else words) for value, words in found]
    return claim_plots.number_line(
        Fraction(str(claim.stated)),
        checked.allowed,
        short if len(found) > 1 else [(found[0][0], _value_words(checked.results[0], money, suffix))],
        stated_words=f"{gettext('stated')} {_stated_words(checked, money, suffix)}",
        prefix=f"line-{claim.key}",
        title=gettext("What is stated and what its figures give: %(words)s") % {"words": claim.words},
    )


def _findings(document: Document, findings: Sequence[Finding], signed: dict[str, rules.Signed]) -> list[dict[str, Any]]:
    ranked = sorted(findings, key=lambda finding: not finding.is_conflict)
    return [
        {
            "finding": finding,
            "kind": said(word(finding.kind.value), gettext),
            "sentence": said(finding.sentence, gettext),
            "blocks": finding.is_conflict and finding.key not in signed,
            "signed": signed.get(finding.key),
            "explain": _explain_address(document, finding.key),
        }
        for finding in ranked
    ]


def _settling(number: int, one: Unsettled) -> dict[str, Any]:
    labels = [_short(statement.words) for statement in one.statements]
    best = max((sum(candidate.fits) for candidate in one.candidates), default=0)
    fits_all = any(all(candidate.fits) for candidate in one.candidates)
    return {
        "one": one,
        "heading": gettext("No single count fits all %(count)s statements") % {"count": len(one.statements)},
        "best": best,
        "fits_all": fits_all,
        "picture": claim_plots.counts(
            one,
            prefix=f"counts-{number}",
            title=gettext("Counts each statement allows"),
            labels=labels,
            printed=gettext("printed"),
            only=gettext("only"),
        ),
        "table": [
            (
                label,
                ", ".join(map(str, statement.allowed))
                if statement.printed is None
                else gettext("printed %(count)s") % {"count": statement.printed},
            )
            for label, statement in zip(labels, one.statements, strict=True)
        ],
        "columns": [_short(claim.words) for claim in one.claims],
        "candidates": [
            {
                "count": candidate.count,
                "cells": [
                    {"value": plain(value, 1), "fits": fits}
                    for value, fits in zip(candidate.values, candidate.fits, strict=True)
                ],
            }
            for candidate in one.candidates
        ],
    }


def _short(words: str) -> str:
    text = words.strip()
    return text if len(text) <= _SHORTEST else f"{text[: _SHORTEST - 1].rsplit(' ', 1)[0]} …"


def explain_page(document: Document, trouble: str) -> dict[str, Any] | None:
    """The trouble somebody is asked to explain, or None when there is none of that key."""
    found = next((one for one in rules.troubles(selectors.ledger(document).check) if one.key == trouble), None)
    if found is None:
        return None
    return {"document": document, "trouble": found, "sentence": said(found.sentence, gettext)}


def ledger_csv(document: Document) -> str:
    """The whole ledger as a table: every claim, what lies between them, and what was signed."""
    one = selectors.ledger(document)
    signed = {given.trouble.key: f"{given.text} ({given.by_name}, {given.on})" for given in one.publication.signed}
    rows = [
        (
            checked.claim.key,
            checked.claim.words,
            checked.claim.where,
            _stated_words(checked, "", ""),
            "; ".join(formula.text for formula in checked.claim.formulae),
            "; ".join(_value_words(result, "", "") for result in checked.results),
            checked.verdict.value,
            str(checked.why),
            signed.get(checked.claim.key, ""),
        )
        for checked in one.check.checked
    ]
    rows += [
        ("", "", "", "", "", "", finding.kind.value, str(finding.sentence), signed.get(finding.key, ""))
        for finding in one.check.findings
    ]
    columns = ("claim", "words", "where", "stated", "formula", "recomputed", "verdict", "why", "signed explanation")
    notes = (f"{document.title}. Checked {timezone.localdate().isoformat()}.",)
    return to_csv(Sheet("ledger", columns, tuple(rows), notes))
