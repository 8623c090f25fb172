"""Named writes: documents, claims and their corrections, settled counts, signed explanations, publication."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from frankpledge.analysis.claims import forms as named_forms
from frankpledge.analysis.claims.language import parse
from frankpledge.analysis.claims.reading import document as read_document
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.oversight.claims import permissions, rules, selectors
from frankpledge.oversight.claims.models import (
    KEY_LENGTH,
    NAME_LENGTH,
    QUANTITY_LENGTH,
    TROUBLE_LENGTH,
    Claim,
    Document,
    Explanation,
    Settlement,
)
from frankpledge.oversight.claims.vocabulary import Standing
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken

LONGEST = 2_000
CONTENT = ("figures", "targets", "actions", "money", "starts")


@transaction.atomic
def add_document(
    *,
    title: str,
    edition: str = "",
    partnership: str = "",
    key: str = "",
    content: Mapping[str, Any] | None = None,
    is_example: bool = False,
    by: Actor,
) -> Document:
    """Begin the ledger of a document. Raises RuleBroken for one that is there already."""
    permissions.check_can_edit(by)
    named = _needed(title, NAME_LENGTH, "the title")
    slug = slugify(key or named)[:KEY_LENGTH]
    if not slug or slug == "add":
        raise RuleBroken("Give the document a title with letters in it.")
    if Document.objects.filter(key=slug).exists():
        raise RuleBroken(f"There is a ledger of “{named}” already.")
    made = Document.objects.create(
        key=slug,
        title=named,
        edition=_fit(edition),
        partnership=_fit(partnership),
        is_example=is_example,
        content=dict(content or {}),
        made_at=timezone.now(),
        made_by_name=_fit(by.name),
    )
    _note(Act.COLLECTION, f"began the ledger of “{named}”", made, by)
    return made


@transaction.atomic
def load_document(given: Mapping[str, Any], *, is_example: bool, by: Actor) -> Document:
    """A whole document with its claims, from its JSON shape. Loaded again it changes nothing and is given back."""
    permissions.check_can_edit(by)
    held = selectors.find(str(given["key"]))
    if held is not None:
        return held
    read_document(given)  # refuses a shape that cannot be checked, before anything is kept
    made = add_document(
        title=given["title"],
        edition=given.get("edition", ""),
        partnership=given.get("partnership", ""),
        key=given["key"],
        content={name: given[name] for name in CONTENT if name in given},
        is_example=is_example,
        by=by,
    )
    now = timezone.now()
    Claim.objects.bulk_create(
        Claim(
            document=made,
            key=item["key"],
            order=order,
            content={name: value for name, value in item.items() if name != "key"},
            made_at=now,
            made_by_name=_fit(by.name),
        )
        for order, item in enumerate(given.get("claims", ()), start=1)
    )
    return made


@transaction.atomic
def add_claim(
    *,
    document: Document,
    words: str,
    stated: str = "",
    formula: str = "",
    unit: str = "",
    where: str = "",
    by: Actor,
) -> Claim:
    """Add a claim. ``formula`` may name the document's figures and the register's (``F12 / F13 * 100``).

    Raises RuleBroken, or CannotCompute for a formula that cannot be read.
    """
    permissions.check_can_edit(by)
    held = Document.objects.select_for_update().get(pk=document.pk)
    content = _content(words=words, stated=stated, formula=formula, unit=unit, where=where)
    taken = list(Claim.objects.filter(document=held).values_list("key", flat=True))
    return _saved(held, rules.next_key(taken, "C"), 1, len(set(taken)) + 1, content, "", by)


@transaction.atomic
def correct_claim(
    *, document: Document, key: str, words: str, stated: str = "", because: str, seen: int | None = None, by: Actor
) -> Claim:
    """A new version of a claim; the old one stays in its history.

    ``seen``: the version the writer saw. Raises RuleBroken when somebody corrected it meanwhile, saying what stands.
    """
    permissions.check_can_edit(by)
    Document.objects.select_for_update().get(pk=document.pk)
    versions = selectors.history(document, key)
    if not versions:
        raise RuleBroken(f"There is no claim {key}.")
    last = versions[0]
    if seen is not None and seen != last.version:
        raise RuleBroken(
            f"{last.made_by_name} corrected it while you were writing. It now says: “{last.content['words']}” "
            "Compare the two and save again what should stand."
        )
    reason = _needed(because, LONGEST, "why it is corrected")
    changed = _content(words=words, stated=stated, formula="", unit="", where="")
    kept = {name: value for name, value in last.content.items() if name not in {"words", "stated"}}
    content = {**kept, "words": changed["words"], **({"stated": changed["stated"]} if "stated" in changed else {})}
    return _saved(document, key, last.version + 1, last.order, content, reason, by)


def _saved(
    document: Document, key: str, version: int, order: int, content: dict[str, Any], because: str, by: Actor
) -> Claim:
    made = Claim.objects.create(
        document=document,
        key=key,
        version=version,
        order=order,
        content=content,
        because=because,
        made_at=timezone.now(),
        made_by_name=_fit(by.name),
    )
    what = f"corrected claim {key}" if version > 1 else f"added claim {key}"
    _note(Act.ALTERATION if version > 1 else Act.COLLECTION, what, document, by, {"version": version}, because)
    return made


def _content(*, words: str, stated: str, formula: str, unit: str, where: str) -> dict[str, Any]:
    content: dict[str, Any] = {"words": _needed(words, LONGEST, "the words as they are printed")}
    for name, text in (("unit", unit), ("where", where)):
        if text.strip():
            content[name] = _fit(text)
    if formula.strip():
        text = formula.strip()
        if named_forms.find(text) is None:
            parse(text)
        content["formulae"] = [text]
    if stated.strip():
        content["stated"] = read_number(stated)
    return content


def read_number(text: str) -> int | float:
    """A printed number as somebody types it: ``£98,000``, ``17 %``, ``11.7``. Raises RuleBroken for anything else."""
    plain = text.strip().strip("£%").replace(",", "").replace("−", "-").strip()
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise RuleBroken(f"“{text.strip()}” is not a number. Write it as it is printed, such as 11.7.") from error
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise RuleBroken(f"“{text.strip()}” is too large to be a printed number.")
    return int(number) if number == number.to_integral_value() and "." not in plain else float(number)


@transaction.atomic
def settle_count(*, document: Document, quantity: str, value: int, because: str, by: Actor) -> Settlement:
    """Settle one count for a quantity the document prints with two values; every claim is rechecked with it.

    Raises RuleBroken for a quantity that is not in doubt, a count below nought, and without a reason.
    """
    permissions.check_can_edit(by)
    reason = _needed(because, LONGEST, "who says so")
    found = next((one for one in selectors.ledger(document).unsettled() if one.quantity == quantity), None)
    if found is None:
        raise RuleBroken("This count is not in doubt any more. Look at the page again.")
    if not 0 <= value < 10**12:
        raise RuleBroken("A count is nought or more.")
    made = Settlement.objects.create(
        document=document,
        quantity=quantity[:QUANTITY_LENGTH],
        names=list(found.names),
        value=value,
        because=reason,
        made_at=timezone.now(),
        made_by_name=_fit(by.name),
    )
    _note(Act.ALTERATION, f"settled {quantity} at {value}", document, by, {"value": value}, reason)
    return made


@transaction.atomic
def explain(*, document: Document, trouble: str, text: str, by: Actor) -> Explanation:
    """Sign for a conflict: the explanation is printed with the document. It lasts while the figures stay as they are.

    Raises RuleBroken without words, or for what is not in conflict; NotPermitted for who may not sign.
    """
    permissions.check_can_sign(by)
    words = _needed(text, LONGEST, "the explanation as it will be printed")
    found = next((one for one in rules.troubles(selectors.ledger(document).check) if one.key == trouble), None)
    if found is None:
        raise RuleBroken("This is not in conflict any more, so there is nothing to explain.")
    assert by.id is not None
    made = Explanation.objects.create(
        document=document,
        trouble=found.key[:TROUBLE_LENGTH],
        mark=found.mark,
        text=words,
        signed_at=timezone.now(),
        signed_by_id=by.id,
        signed_by_name=_fit(by.name),
    )
    _note(Act.ALTERATION, f"signed an explanation of {found.key}"[:NAME_LENGTH], document, by, {}, words)
    return made


def may_publish(document: Document | str) -> rules.Publication:
    """Whether a document (or the one of that key) may go out: nothing open, and what is printed with it.

    A document without a ledger claims nothing, so nothing is in its way.
    """
    held = selectors.find(document) if isinstance(document, str) else document
    if held is None:
        return rules.Publication(Standing.CLEAR, (), ())
    return selectors.ledger(held).publication


@transaction.atomic
def publish(*, document: Document, by: Actor) -> Document:
    """Mark a document as published. Raises RuleBroken while a conflict is neither mended nor explained."""
    permissions.check_can_publish(by)
    held = Document.objects.select_for_update().get(pk=document.pk)
    standing = may_publish(held)
    if not standing.may:
        raise RuleBroken(
            f"Conflicts open: {len(standing.open)}. Correct them, or have them explained and signed, then publish."
        )
    held.published_at = timezone.now()
    held.published_by_name = _fit(by.name)
    held.save(update_fields=["published_at", "published_by_name"])
    audit.record(
        act=Act.DISCLOSURE,
        what=f"published “{held.title}”"[:NAME_LENGTH],
        subject=f"claims:{held.key}",
        recipient="the public",
        by=by,
        details={"explained": len(standing.signed)},
    )
    return held


def _needed(text: str, length: int, what: str) -> str:
    found = storable(text).strip()
    if not found:
        raise RuleBroken(f"Say {what}.")
    if len(found) > length:
        raise RuleBroken(f"Say {what} in at most {length:,} characters.")
    return found


def _fit(text: str) -> str:
    return storable(text).strip()[:NAME_LENGTH]


def _note(
    act: Act, what: str, document: Document, by: Actor, details: dict[str, Any] | None = None, purpose: str = ""
) -> None:
    audit.record(
        act=act,
        what=what[:NAME_LENGTH],
        subject=f"claims:{document.key}",
        by=by,
        details=details,
        purpose=purpose or None,
    )
