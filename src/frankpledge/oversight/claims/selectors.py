"""Named reads: documents, their claims as they stand, and what the checker says of them today."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from frankpledge.analysis.claims.across import check_document
from frankpledge.analysis.claims.claims import DocumentCheck
from frankpledge.analysis.claims.reading import document as read_document
from frankpledge.analysis.claims.settling import Unsettled, unsettled
from frankpledge.oversight.claims import rules
from frankpledge.oversight.claims.models import Claim, Document, Explanation, Settlement
from frankpledge.records.indicators import selectors as indicators
from frankpledge.records.indicators.permissions import Reader

_FIGURE = re.compile(r"\bF\d+\b")


@dataclass(frozen=True, slots=True)
class Ledger:
    """A document with its claims checked and what stands in the way of publication."""

    document: Document
    claims: tuple[Claim, ...]
    check: DocumentCheck
    publication: rules.Publication
    settlements: tuple[Settlement, ...]

    def unsettled(self) -> list[Unsettled]:
        """Counts printed with two values, turned round. Worked out when it is asked for."""
        return unsettled(self.check.document, self.check.findings)


def find(key: str) -> Document | None:
    """The document of this key, or None. One query."""
    return Document.objects.filter(key=key).first()


def documents() -> QuerySet[Document]:
    """All documents: our own before worked examples, the newest first."""
    return Document.objects.all()


def ledger(document: Document) -> Ledger:
    """A document, checked now. Three queries, and one for the figures its claims name."""
    return ledgers([document])[0]


def ledgers(found: Iterable[Document]) -> list[Ledger]:
    """Several documents, checked now, in the same order. Three queries for all, and one for figures."""
    held = list(found)
    keys = [document.pk for document in held]
    claims: dict[int, dict[str, Claim]] = {key: {} for key in keys}
    for claim in Claim.objects.filter(document_id__in=keys).order_by("order", "version"):
        claims[claim.document_id][claim.key] = claim
    settled: dict[int, list[Settlement]] = {key: [] for key in keys}
    for settlement in Settlement.objects.filter(document_id__in=keys).order_by("pk"):
        settled[settlement.document_id].append(settlement)
    explained: dict[int, dict[str, tuple[str, str, str]]] = {key: {} for key in keys}
    for one in Explanation.objects.filter(document_id__in=keys).order_by("pk"):
        explained[one.document_id][one.mark] = (one.text, one.signed_by_name, one.signed_at.date().isoformat())
    figures = _named_figures(claim for by_key in claims.values() for claim in by_key.values())
    return [
        _ledger(document, list(claims[document.pk].values()), settled[document.pk], explained[document.pk], figures)
        for document in held
    ]


def _ledger(
    document: Document,
    claims: list[Claim],
    settlements: list[Settlement],
    explained: dict[str, tuple[str, str, str]],
    figures: list[dict[str, Any]],
) -> Ledger:
    content = dict(document.content)
    values = {name: one.value for one in settlements for name in one.names}
    content["figures"] = [_settled(figure, values) for figure in content.get("figures", ())] + figures
    content |= {"key": document.key, "title": document.title, "claims": [_as_item(claim) for claim in claims]}
    check = check_document(read_document(content))
    return Ledger(document, tuple(claims), check, rules.publication(check, explained), tuple(settlements))


def _settled(figure: dict[str, Any], values: dict[str, int]) -> dict[str, Any]:
    return {**figure, "value": values[figure["name"]]} if figure["name"] in values else figure


def _as_item(claim: Claim) -> dict[str, Any]:
    return {**claim.content, "key": claim.key}


def _named_figures(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """The partnership's own figures that formulae name (``F12``), each by its newest value: claims follow figures."""
    names = sorted({name for claim in claims for name in _FIGURE.findall(str(claim.content.get("formulae", "")))})
    return (
        [figure_item(name, found) for name, found in indicators.figures(names, reader=Reader()).items()]
        if names
        else []
    )


def figure_item(name: str, found: Any) -> dict[str, Any]:
    """A figure of the register as a claim's input; a later one that took its place stands for it.

    A claim is made in public, so a figure that is not everybody's to see has no value here until it is released.
    """
    now = indicators.newest_of(found, reader=Reader())
    return {
        "name": name,
        "value": None if now.value is None else float(now.value),
        "unit": {"pounds": "£", "percent": "%", "count": ""}.get(str(now.unit), str(now.unit)),
        "quantity": now.name,
        "place": now.area_name,
        "period": f"{now.first_on:%Y-%m}/{now.last_on:%Y-%m}",
        "where": now.words if now.is_hidden else now.document or now.method,
    }


def history(document: Document, key: str) -> list[Claim]:
    """Every version of a claim, the newest first. One query."""
    return list(Claim.objects.filter(document=document, key=key).order_by("-version"))


def naming_figures() -> list[tuple[Claim, list[str]]]:
    """Our own claims as they stand that name figures of the register, each with their keys (``F12``). One query."""
    found = Claim.objects.filter(document__is_example=False).select_related("document").order_by("order", "version")
    newest = {(claim.document_id, claim.key): claim for claim in found}
    named = [(claim, _FIGURE.findall(str(claim.content.get("formulae", "")))) for claim in newest.values()]
    return [(claim, keys) for claim, keys in named if keys]
