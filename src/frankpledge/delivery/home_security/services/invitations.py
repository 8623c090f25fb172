"""Addresses and codes that open the page of offered times without an account, and what ends their life.

The server's secret makes them from a salt; only hashes are kept. A message holds marks in their place until it is sent.
"""

import hashlib
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from frankpledge.delivery.home_security.models import HomeRequest, Invitation
from frankpledge.delivery.home_security.rules import choosing as rules
from frankpledge.delivery.home_security.selectors.choosing import LIVE
from frankpledge.delivery.home_security.vocabulary import InvitationState

# In the words of a message, until it goes out
ADDRESS_MARK, PAGE_MARK, CODE_MARK = "[[address]]", "[[page]]", "[[code]]"
_TOKEN, _CODE, _CODE_KEPT = "homes.choose.token", "homes.choose.code", "homes.choose.code.kept"


def new_salt() -> str:
    """What, together with the server's secret, makes an address and a code."""
    return secrets.token_hex(24)


def token_of(salt: str, token_hash: str = "") -> str:
    """The part of an address nobody can guess: 256 bits. With its hash also one made under an older secret is found."""
    made = [salted_hmac(_TOKEN, salt, secret=secret, algorithm="sha256").hexdigest() for secret in _secrets()]
    return next((token for token in made if hash_of(token) == token_hash), made[0])


def code_of(salt: str, reference: str, code_hash: str = "") -> str:
    """The short code for a letter, made from the same salt."""
    made = [
        rules.new_code(int(salted_hmac(_CODE, salt, secret=secret, algorithm="sha256").hexdigest(), 16))
        for secret in _secrets()
    ]
    return next((code for code in made if code_hash in code_hashes(reference, code)), made[0])


def hash_of(token: str) -> str:
    """What is kept of an address."""
    return hashlib.sha256(token.encode()).hexdigest()


def code_hashes(reference: str, code: str) -> list[str]:
    """What is kept of a code, under each secret: keyed, because a short code alone could be found by trying all."""
    return [
        salted_hmac(_CODE_KEPT, f"{reference} {code}", secret=secret, algorithm="sha256").hexdigest()
        for secret in _secrets()
    ]


def filled(body: str, invitation: Invitation | None) -> str:
    """The words of a message as they go out: with the address and the code, which stand nowhere else."""
    if invitation is None:
        return body
    page = settings.PUBLIC_ADDRESS + reverse("home_security:choose")
    address = f"{page}?t={token_of(invitation.salt, invitation.token_hash)}"
    code = code_of(invitation.salt, invitation.request.reference, invitation.code_hash)
    return body.replace(ADDRESS_MARK, address).replace(PAGE_MARK, page).replace(CODE_MARK, code)


def close(request: HomeRequest, state: InvitationState = InvitationState.REPLACED) -> None:
    """End what a request was offered or chose: its address opens nothing any more. Belongs in a transaction."""
    live = Invitation.objects.filter(request=request, state__in=LIVE)
    live.update(state=state.value, answered_at=timezone.now())


def forget_words(request: HomeRequest) -> None:
    """Erase what a resident who wants no visit any more wrote beside offered times."""
    Invitation.objects.filter(request=request).update(note="")


def _secrets() -> Iterator[str]:
    """The server's secret, then those it had before."""
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS
