"""The forms at the door, in our words. What they check is django-allauth's; settings name these classes."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from frankpledge.foundation.agencies import services

EMAIL = _("E-mail address")
PASSWORD = _("Password")
CURRENT = _("Present password")
NEW = _("New password")
AGAIN = _("New password again")
CODE = _("Code")
KEY = _("Name of the key")
LENGTH = _("At least 12 characters. Three or four words that do not belong together are easy to keep.")
FAULTS = {"required": _("Fill this in.")}


class _OurWords:
    """Gives a form's fields our labels and hints, and takes away what stands greyed inside the box."""

    words: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.label = self.words.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            field.error_messages.update(FAULTS)


class SignInForm(_OurWords, account.LoginForm):
    """E-mail address and password."""

    words = {"login": EMAIL, "password": PASSWORD}


class ConfirmForm(_OurWords, account.ReauthenticateForm):
    """The password once more."""

    words = {"password": PASSWORD}


class ForgottenForm(_OurWords, account.ResetPasswordForm):
    """Where to send a link."""

    words = {"email": EMAIL}


class NewPasswordForm(_OurWords, account.ResetPasswordKeyForm):
    """A password by a one-time link."""

    words = {"password1": NEW, "password2": AGAIN}
    hints = {"password1": LENGTH}


class ChangePasswordForm(_OurWords, account.ChangePasswordForm):
    """Another password."""

    words = {"oldpassword": CURRENT, "password1": NEW, "password2": AGAIN}
    hints = {"password1": LENGTH}


class SetPasswordForm(_OurWords, account.SetPasswordForm):
    """A first password, for somebody who signs in by their provider."""

    words = {"password1": NEW, "password2": AGAIN}
    hints = {"password1": LENGTH}


class CodeForm(_OurWords, second_factor.AuthenticateForm):
    """A code from the app, or a recovery code."""

    words = {"code": CODE}
    hints = {"code": _("Six digits from your app, or one of your recovery codes.")}

    def demo_code(self) -> str | None:
        """In the demonstration nobody holds the phone, so the page shows the code; None everywhere else."""
        return services.demo_code(self.user.email) if settings.DEMO and self.user.is_demo else None


class ConfirmCodeForm(_OurWords, second_factor.ReauthenticateForm):
    """A code once more."""

    words = {"code": CODE}
    hints = {"code": _("Six digits from your app, or one of your recovery codes.")}


class AddAppForm(_OurWords, ActivateTOTPForm):
    """The first code of a new app shows that it works."""

    words = {"code": CODE}
    hints = {"code": _("The six digits the app shows now.")}


class AddKeyForm(_OurWords, AddWebAuthnForm):
    """A security key and what to call it."""

    words = {"name": KEY}


class EditKeyForm(_OurWords, EditWebAuthnForm):
    """What to call a security key."""

    words = {"name": KEY}
