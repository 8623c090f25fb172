"""Signing in by the partnership's own provider. The settings decide at start, so each trial is a process of its own."""

import subprocess
from pathlib import Path

import pytest

from tests.security.test_settings import ROOT, start

PROVIDER = {
    "FRANKPLEDGE_OIDC_SERVER": "https://id.aldercombe.example/realm",
    "FRANKPLEDGE_OIDC_CLIENT_ID": "frankpledge",
    "FRANKPLEDGE_OIDC_CLIENT_SECRET": "between-us",
    "FRANKPLEDGE_OIDC_NAME": "Aldercombe Council",
}

PREPARE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import django
django.setup()
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.test.utils import setup_test_environment
setup_test_environment()
call_command("migrate", verbosity=0)
from frankpledge.foundation.agencies.models import Person
from frankpledge.foundation.agencies import policy, services
from frankpledge.vocabulary.permissions import Role
from tests.people import make_person, TESTS
"""

ARRIVE = """
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage

def arrive(email, verified=True):
    '''Somebody comes back from the provider, which vouches for this address.'''
    request = RequestFactory().get("/account/provider/provider/login/callback/")
    request.session = Client().session
    request.user = AnonymousUser()
    request._messages = FallbackStorage(request)
    with context.request_context(request):
        login = SocialLogin(
            user=Person(email=email, name="Somebody"),
            account=SocialAccount(provider="provider", uid=email),
            email_addresses=[EmailAddress(email=email, verified=verified, primary=True)],
            provider=get_adapter().get_provider(request, "provider"),
        )
        login.state = {}
        answer = complete_social_login(request, login)
    return answer, request
"""


def trial(folder: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    done = start(folder, "-c", PREPARE + script, **variables)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.slow
def test_every_address_of_the_provider_has_a_policy_and_the_door_has_a_second_button(tmp_path: Path) -> None:
    script = """
from tests.security.routes import walk
from tests.security.table import ROUTES
found = {route.name: policy.guard_of(route.name, route.view) for route in walk()}
assert None not in found.values(), found
print(sorted(set(found) - set(ROUTES)))
page = Client().get("/account/sign-in/").content.decode()
assert 'action="/account/provider/provider/login/"' in page
"""
    names = [
        "openid_connect_callback",
        "openid_connect_login",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
    ]
    assert trial(tmp_path, script, **PROVIDER).stdout.strip() == str(names)


@pytest.mark.slow
def test_the_provider_lets_in_people_we_know_and_nobody_else(tmp_path: Path) -> None:
    script = """
known = make_person(Role.ANALYST, email="known@aldercombe.example")
fresh = make_person(Role.ANALYST, email="fresh@aldercombe.example", second_factor=False)
make_person(Role.ANALYST, email="unproven@aldercombe.example")
closed = services.disable_person(person=make_person(Role.ANALYST, email="closed@aldercombe.example"), by=TESTS)
before = Person.objects.count()

answer, request = arrive("known@aldercombe.example")
assert answer["Location"] == "/account/sign-in/code/", answer  # our second factor is asked all the same
assert not request.user.is_authenticated

answer, request = arrive("fresh@aldercombe.example")
assert request.user == fresh
assert policy.needs_second_factor(fresh)

for email, verified in (
    ("stranger@elsewhere.example", True),
    ("unproven@aldercombe.example", False),
    ("closed@aldercombe.example", True),
):
    answer, request = arrive(email, verified)
    assert not request.user.is_authenticated, email
    assert answer.status_code in (200, 302), answer
    assert answer.get("Location", "") in ("", "/account/sign-in/"), answer["Location"]
assert Person.objects.count() == before
"""
    trial(tmp_path, ARRIVE + script, **PROVIDER)
