"""What the pages of addresses say."""

from typing import Any

from django.utils.translation import gettext, ngettext

from frankpledge.foundation.places import selectors
from frankpledge.foundation.places.models import AddressQuestion
from frankpledge.foundation.places.selectors import NearbyHome, Sight
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.wording import whole


def list_page(*, sight: Sight, by: Actor) -> dict[str, Any]:
    """Addresses that wait to be settled, of the files that ``sight`` opens; the look is recorded."""
    waiting = selectors.addresses_waiting(sight)
    found = selectors.address_questions(sight=sight, by=by)
    return {
        "lead": ngettext(
            "%(n)s address could be more than one home. Somebody who knows the place can say which.",
            "%(n)s addresses could be more than one home. Somebody who knows the place can say which.",
            waiting,
        )
        % {"n": whole(waiting)}
        if waiting
        else gettext("Every address is settled."),
        "rows": [
            {
                "number": question.pk,
                "address": written(question),
                "best": f"{homes[0].address}, {homes[0].postcode}" if homes else gettext("no home like it"),
                "others": whole(max(len(homes) - 1, 0)),
            }
            for question, homes in found
        ],
        "more": waiting - len(found),
    }


def choices(question: AddressQuestion, homes: list[NearbyHome]) -> list[tuple[str, str]]:
    """The homes to choose from, each with why it is offered."""
    why = {one["uprn"]: ", ".join(gettext(reason) for reason in one["reasons"]) for one in question.candidates}
    return [(home.uprn, f"{home.address}, {home.postcode} ({why[home.uprn]})") for home in homes]


def written(question: AddressQuestion) -> str:
    """The address as the file has it."""
    return ", ".join(part for part in (question.address, question.postcode) if part)
