"""What the public form asks, in which order, and what it says back. Nothing here tells who lives where."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from frankpledge.delivery.home_security.forms import public as forms
from frankpledge.delivery.home_security.models import HomeRequest
from frankpledge.delivery.home_security.selectors import asking as selectors
from frankpledge.delivery.home_security.services.asking import Asked
from frankpledge.delivery.home_security.vocabulary import Burgled, ContactKind, HeardFrom, Need
from frankpledge.foundation.places import selectors as places
from frankpledge.foundation.places.matching import Decision
from frankpledge.vocabulary.premises import Tenure

STEPS = ("address", "tenure", "burgled", "needs", "contact", "heard")
HOME, CHECK, DONE, CHANGE, PRIVACY, START = "home", "check", "done", "change", "privacy", ""
KEPT_MINUTES = 60

QUESTIONS: Mapping[str, tuple[Any, Any]] = {
    "address": (
        gettext_lazy("What is your address?"),
        gettext_lazy("We only use it to find the home to visit."),
    ),
    HOME: (gettext_lazy("Which of these is your home?"), ""),
    "tenure": (gettext_lazy("Do you own or rent your home?"), gettext_lazy("The visit is free either way.")),
    "burgled": (
        gettext_lazy("Has your home, or one near it, been burgled in the last 12 months?"),
        gettext_lazy(
            "We ask because burglars often come back to the same street. Your answer helps us see who to visit first. "
            "Everyone can have a visit."
        ),
    ),
    "needs": (
        gettext_lazy("Does any of this fit your home?"),
        gettext_lazy("Choose all that fit, or none. You do not have to answer. It helps us see who to visit first."),
    ),
    "contact": (gettext_lazy("How can we reach you?"), ""),
    "heard": (gettext_lazy("How did you hear of us?"), gettext_lazy("It shows us what is worth its money.")),
}


def number_of(step: str) -> int:
    """Which question it is, from 1; choosing the home belongs to the address."""
    return STEPS.index("address" if step == HOME else step) + 1


def form_of(step: str, data: Any, answers: Mapping[str, Any]) -> Any:
    """The form of a step, filled with the answer given before."""
    given = answers.get(step)
    if step == "address":
        return forms.AddressForm(data, initial=given)
    if step == "contact":
        return forms.ContactForm(data, initial=given)
    if step == "needs":
        return forms.NeedsForm(data, initial={"answer": given})
    if step == HOME:
        return forms.ChoiceForm(data, initial={"answer": given}, choices=homes_offered(answers))
    choices = {"tenure": forms.TENURES, "burgled": forms.BURGLED, "heard": forms.HEARD}[step]
    # "I do not know" is an empty tenure, so a missing answer cannot be told from it: nothing is lost by that.
    return forms.ChoiceForm(data, initial={"answer": given}, choices=choices, required=step != "tenure")


def find_home(address: str, postcode: str) -> dict[str, Any]:
    """What the address list makes of an address: one home, several to choose from, or none.

    ``here`` says whether the postcode is one of ours. Only addresses come back, never whether anybody asked there.
    """
    gazetteer = places.gazetteer()
    match = gazetteer.match(address, postcode)
    offered = [[one.uprn, one.address] for one in match.candidates] if match.decision is Decision.ASK else []
    return {
        "address": address,
        "postcode": postcode,
        "uprn": match.uprn,
        "found": match.candidates[0].address if match.decision is Decision.MATCHED else "",
        "offered": offered,
        "here": bool(match.uprn or offered) or _is_ours(postcode),
    }


def _is_ours(postcode: str) -> bool:
    """Whether any home we know has a postcode of that sector."""
    sector = postcode[:-2]
    return any(parts.sector == sector for _, parts in places.gazetteer().known.values())


def homes_offered(answers: Mapping[str, Any]) -> list[forms.Choice]:
    """The homes an address may mean, and none of them."""
    offered = (answers.get("address") or {}).get("offered", [])
    return [*((uprn, words, "") for uprn, words in offered), (forms.NONE_OF_THESE, gettext("None of these"), "")]


def next_step(step: str, answers: Mapping[str, Any]) -> str:
    """Where to go after a step: the next question without an answer, or the check."""
    if step == "address" and answers["address"].get("offered"):
        return HOME
    return next((one for one in STEPS if one not in answers), CHECK)


def step_before(step: str) -> str:
    """Where "Back" leads."""
    if step == CHECK:
        return STEPS[-1]
    if step == HOME:
        return "address"
    number = STEPS.index(step)
    return STEPS[number - 1] if number else START


def first_missing(answers: Mapping[str, Any]) -> str | None:
    """The first question that has no answer yet."""
    return next((step for step in STEPS if step not in answers), None)


def question_page(step: str, form: Any) -> dict[str, Any]:
    """The words round one question, and its choices with the hint of each."""
    title, why = QUESTIONS[step]
    kind = {"address": "address", "contact": "contact"}.get(step, "choices")
    subwidgets = form["answer"].subwidgets if kind == "choices" else ()
    return {
        "choices": [(one, form.hints.get(one.data["value"], "")) for one in subwidgets],
        "step": step,
        "title": title,
        "why": why,
        "number": number_of(step),
        "of": len(STEPS),
        "back": step_before(step),
        "kind": kind,
    } | contact_line()


def contact_line() -> dict[str, Any]:
    """Whom to call, where the installation says."""
    return {"telephone": settings.PUBLIC_TELEPHONE}


def privacy_page() -> dict[str, Any]:
    """What residents are told of their data, with the partnership's own notice where the installation names one."""
    return contact_line() | {"notice": settings.PRIVACY_NOTICE}


def check_page(answers: Mapping[str, Any]) -> dict[str, Any]:
    """All answers with the way to change each."""
    address, contact = answers["address"], answers["contact"]
    home = address["found"] or f"{address['address']}, {address['postcode']}"
    needs = [forms.words_of(forms.NEEDS, value) for value in answers["needs"]]
    reach = ", ".join(
        part
        for part in (forms.words_of(forms.REACH_BY, contact["reach_by"]), contact["telephone"], contact["email"])
        if part
    )
    rows = (
        ("address", gettext("Address"), home),
        ("tenure", gettext("Own or rent"), forms.words_of(forms.TENURES, answers["tenure"])),
        ("burgled", gettext("Burglary"), forms.words_of(forms.BURGLED, answers["burgled"])),
        ("needs", gettext("About your home"), "; ".join(needs) or gettext("Nothing chosen")),
        ("contact", gettext("Your name"), contact["name"]),
        ("contact", gettext("How we reach you"), reach),
        ("heard", gettext("How you heard of us"), forms.words_of(forms.HEARD, answers["heard"])),
    )
    shown = [{"step": step, "label": label, "value": value} for step, label, value in rows]
    return {"rows": shown, "certain": bool(address["uprn"]), "here": address["here"], "back": STEPS[-1]}


def asked(answers: Mapping[str, Any], agreed: Mapping[str, Any], language: str) -> Asked:
    """What the service takes down."""
    address, contact = answers["address"], answers["contact"]
    return Asked(
        address=address["address"],
        postcode=address["postcode"],
        uprn=address["uprn"],
        tenure=Tenure(answers["tenure"]) if answers["tenure"] else None,
        burgled=Burgled(answers["burgled"]),
        needs=[Need(value) for value in answers["needs"]],
        name=contact["name"],
        telephone=contact["telephone"],
        email=contact["email"],
        reach_by=ContactKind(contact["reach_by"]),
        heard_from=HeardFrom(answers["heard"]),
        language=language,
        consent_contact=bool(agreed["consent_contact"]),
        consent_onward=bool(agreed["consent_onward"]),
    )


def kept_of(made: HomeRequest) -> dict[str, Any]:
    """What the last page needs to say, kept in the visitor's session instead of the answers."""
    ways = {ContactKind.TEXT.value: made.telephone[-3:], ContactKind.EMAIL.value: made.email}
    return {
        "reference": made.reference,
        "password": made.password,
        "way": made.reach_by,
        "ending": ways.get(made.reach_by, ""),
        "settled": bool(made.uprn),
        "burgled": made.burgled == Burgled.MY_HOME,
    }


def done_page(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The reference, what happens next, and how long others waited, where that is known."""
    return {**kept, "waits": selectors.waits(timezone.now())} | contact_line()
