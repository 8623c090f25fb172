"""The door: how people prove who they are. Settings name these classes; django-allauth and django-axes call them."""

import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from axes.handlers.database import AxesDatabaseHandler
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from frankpledge.foundation.agencies import selectors, sessions
from frankpledge.foundation.agencies.models import Person
from frankpledge.foundation.audit.services import record
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.actors import Actor

LIMIT_PER_ACCOUNT_AND_SOURCE = 5
LIMIT_PER_ACCOUNT = 20
LIMIT_PER_SOURCE = 50
"""Wrong passwords before the door closes. A source may be a whole council behind one address: hence its figure."""

COOL_OFF = timedelta(minutes=15)
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def source_address(request: HttpRequest) -> str:
    """The address the request came from, by way of as many proxies as the settings name. Empty when unknown."""
    return get_client_ip(request) or ""


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """The e-mail address somebody tried to sign in with, as attempts are counted under."""
    given = (credentials or {}).get("email") or (credentials or {}).get("username") or request.POST.get("login")
    return given.strip().lower().replace("\x00", "")[:255] if given else None


def cool_off(_request: HttpRequest | None) -> timedelta:
    """How long the door stays closed after too many wrong passwords."""
    return COOL_OFF


def has_second_factor(person: Person) -> bool:
    """Has this person set up a code app or a security key?"""
    return Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS).exists()


def needs_second_factor(person: Person) -> bool:
    """Must this person set one up before anything else? Everybody must, but demo accounts with a given password."""
    return not (person.is_demo and settings.DEMO_PASSWORD) and not has_second_factor(person)


class PersonBackend(AuthenticationBackend):
    """Signs in people by e-mail address and password, and gives one same answer to everything that is not right."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Active people may; accounts of the demonstration only while it runs. Asked again at every request."""
        return bool(user.is_active and (settings.DEMO or not user.is_demo))

    def _check_password(self, user: Any, password: str) -> Any:
        # allauth would send a disabled person who knows the password to a page of their own, which tells a guesser that
        # the password was right.
        if not user:
            return None
        self._did_check_password = True
        return user if user.check_password(password) and self.user_can_authenticate(user) else None


class LockOut(AxesDatabaseHandler):
    """Counts wrong passwords per account and source, per account, and per source, each with its own limit."""

    def get_failures(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """The worst of the three counts, on the scale of the strictest: reaching its limit closes the door."""
        counts = [
            attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        ]
        limits = (LIMIT_PER_ACCOUNT_AND_SOURCE, LIMIT_PER_ACCOUNT, LIMIT_PER_SOURCE)
        return max(count * LIMIT_PER_ACCOUNT_AND_SOURCE // limit for count, limit in zip(counts, limits, strict=True))


class DoorKeeper(DefaultAccountAdapter):
    """What happens at sign-in and sign-out, each recorded in the audit trail. Nobody lets themselves in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "incorrect_code": _("The code is not right. Codes change every 30 seconds: use the one shown now."),
        "incorrect_password": _("The password is not right."),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Never: an administrator adds people."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in, start the session's clocks, and record it: all of them or none."""
        with transaction.atomic():
            super().login(request, user)
            sessions.begin(request)
            record(act=Act.SIGN_IN, what="Signed in.", subject=f"agencies:person {user.pk}", by=user.actor)

    def logout(self, request: HttpRequest) -> None:
        """Sign out and record it."""
        with transaction.atomic():
            if isinstance(person := _person(request), Person):
                subject = f"agencies:person {person.pk}"
                record(act=Act.SIGN_OUT, what="Signed out.", subject=subject, by=person.actor)
            super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a wrong password: against whom if the account exists, and from where. Never what was typed."""
        person = selectors.person_by_email(credentials.get("email") or "")
        with transaction.atomic():
            record(
                act=Act.SIGN_IN_REFUSED,
                what="Sign-in was refused: wrong password or locked out.",
                subject=f"agencies:person {person.pk}" if person else "agencies:nobody",
                by=Actor.visitor(),
                details={"source": source_address(request)},
            )

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A disabled person is told what a stranger is told."""
        messages.error(request, gettext("You could not be signed in. Ask your administrator."))
        return redirect("account_login")

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Is this the signed-in person's password? Wrong ones count towards the lock."""
        checked = self.authenticate(context.request, email=user.email, password=password)
        return checked is not None and checked.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Changing a second factor asks for the password again; setting up the first after signing in does not."""
        if app == "allauth.mfa" and _is_setting_up(context.request):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def add_message(
        self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say what the person must know; allauth's "you have signed in" is plain from the page itself."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **kwargs)


def _person(request: HttpRequest) -> Person | AnonymousUser:
    return request.user


def _is_setting_up(request: HttpRequest) -> bool:
    """Has this person just signed in, without a second factor older than this sign-in?"""
    person, began = _person(request), request.session.get(sessions.BEGAN_AT)
    if not isinstance(person, Person) or began is None:
        return False
    if time.time() - began > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        return False
    before = datetime.fromtimestamp(began, UTC)
    return not Authenticator.objects.filter(user=person, created_at__lt=before).exists()


class SecondFactors(DefaultMFAAdapter):
    """Second factors: named after the partnership in code apps, kept encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is not right. Codes change every 30 seconds: use the one shown now."),
    }

    def get_totp_issuer(self) -> str:
        """What a code app shows above the code."""
        ours = selectors.partnership()
        return ours.name if ours else "Frankpledge"

    def encrypt(self, text: str) -> str:
        """The secret as stored: a copied database alone gives nobody a working code."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises InvalidToken if the installation's secret was changed and the old one not named."""
        return _seal().decrypt(encrypted_text.encode()).decode()


def _seal() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = [
        salted_hmac("frankpledge.agencies.second-factor", "", secret=key, algorithm="sha256").digest() for key in keys
    ]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
