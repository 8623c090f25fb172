"""Settings: what an installation refuses to start with, what browsers are told, and that each is written down."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client, override_settings

from frankpledge.vocabulary.permissions import Role
from tests.people import signed_in

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a0B1c2D3e4F5g6H7i8J9k0L1m2N3o4P5q6R7s8T9u0V1w2X3y4Z5"
REAL = {"FRANKPLEDGE_HOSTS": "frankpledge.aldercombe.example", "FRANKPLEDGE_SECRET_KEY": SECRET}


def start(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A process of its own with these variables, as an installation starts."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FRANKPLEDGE_", "DATABASE_URL", "DJANGO_"))
    }
    environment = {**kept, "PYTHONPATH": str(ROOT / "src"), "FRANKPLEDGE_DATA": str(folder), **variables}
    environment["DJANGO_SETTINGS_MODULE"] = "frankpledge.server.settings"
    command = [sys.executable, *(arguments or ("-m", "django", "check"))]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def value_of(folder: Path, expression: str, **variables: str) -> str:
    done = start(folder, "-c", f"from django.conf import settings; print({expression})", **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"FRANKPLEDGE_HOSTS": "frankpledge.aldercombe.example"}, "FRANKPLEDGE_SECRET_KEY is not set"),
        ({**REAL, "FRANKPLEDGE_SECRET_KEY": "too short"}, "at least 50 characters"),
        ({**REAL, "FRANKPLEDGE_SECRET_KEY": "ab" * 40}, "at least 50 characters"),
        ({"FRANKPLEDGE_HOSTS": "*"}, "must name the hosts"),
        ({**REAL, "FRANKPLEDGE_DEMO": "1"}, "runs on a loopback address only"),
        ({"FRANKPLEDGE_DEMO": "1", "FRANKPLEDGE_BIND": "0.0.0.0"}, "runs on a loopback address only"),
        ({"FRANKPLEDGE_DEMO": "1", "FRANKPLEDGE_BIND": "192.0.2.7"}, "runs on a loopback address only"),
        ({"FRANKPLEDGE_DEMO_PASSWORD": "word"}, "for the demonstration only"),
        ({"FRANKPLEDGE_OIDC_SERVER": "https://id.example"}, "FRANKPLEDGE_OIDC_CLIENT_ID"),
        ({"FRANKPLEDGE_SESSION_IDLE_MINUTES": "soon"}, "must be a whole number"),
        ({"FRANKPLEDGE_SESSION_IDLE_MINUTES": "-1"}, "must not be negative"),
        ({**REAL, "FRANKPLEDGE_PUBLIC_ADDRESS": "http://homes.example"}, "stands in messages to residents"),
        ({"FRANKPLEDGE_PUBLIC_ADDRESS": "javascript:alert(1)"}, "stands in messages to residents"),
        ({"FRANKPLEDGE_PUBLIC_ADDRESS": "https://us@elsewhere.example"}, "stands in messages to residents"),
    ],
)
def test_an_unsafe_installation_does_not_start(tmp_path: Path, variables: dict[str, str], sentence: str) -> None:
    done = start(tmp_path, **variables)
    assert done.returncode != 0
    assert sentence in done.stderr


def test_an_installation_makes_its_own_secret_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    first, second = value_of(tmp_path, "settings.SECRET_KEY"), value_of(tmp_path, "settings.SECRET_KEY")
    assert first == second
    assert len(first) >= 50
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert value_of(tmp_path / "another", "settings.SECRET_KEY") != first


def test_debugging_pages_cannot_be_switched_on(tmp_path: Path) -> None:
    assert value_of(tmp_path, "settings.DEBUG", DEBUG="1", DJANGO_DEBUG="1", FRANKPLEDGE_DEBUG="1") == "False"


@pytest.mark.parametrize(
    "oidc",
    [
        {},
        {
            "FRANKPLEDGE_OIDC_SERVER": "https://id.example",
            "FRANKPLEDGE_OIDC_CLIENT_ID": "a",
            "FRANKPLEDGE_OIDC_CLIENT_SECRET": "b",
        },
    ],
)
def test_a_real_installation_passes_djangos_deployment_check(tmp_path: Path, oidc: dict[str, str]) -> None:
    done = start(tmp_path, "-m", "django", "check", "--deploy", "--fail-level", "WARNING", **REAL, **oidc)
    assert done.returncode == 0, done.stderr


def test_only_one_check_is_silenced_and_the_settings_say_why() -> None:
    from django.conf import settings

    assert settings.SILENCED_SYSTEM_CHECKS == ["security.W021"]


def test_a_real_installation_speaks_https_only(tmp_path: Path) -> None:
    names = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE")
    expression = f"[getattr(settings, name) for name in {names}] + [settings.SECURE_HSTS_SECONDS]"
    assert value_of(tmp_path, expression, **REAL) == "[True, True, True, True, 31536000]"


def test_passwords_are_hashed_with_argon2(tmp_path: Path) -> None:
    assert value_of(tmp_path, "settings.PASSWORD_HASHERS") == "['django.contrib.auth.hashers.Argon2PasswordHasher']"


def test_every_variable_is_written_down_and_every_one_written_down_is_read() -> None:
    read = set()
    for file in (ROOT / "src").rglob("*.py"):
        read |= set(re.findall(r"(?<!_)FRANKPLEDGE_[A-Z_]*[A-Z]", file.read_text(encoding="utf-8")))
    documented = set(
        re.findall(r"`(FRANKPLEDGE_[A-Z_]*[A-Z])`", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"))
    )
    assert read - documented == set()
    assert documented - read == set()


# -- what browsers are told -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_page_forbids_foreign_scripts_frames_and_devices() -> None:
    for answer in (Client().get("/account/sign-in/"), signed_in(Role.ADMINISTRATOR).get("/administration/people/")):
        policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.django_db
def test_no_page_carries_styles_or_scripts_of_its_own() -> None:
    """The policy would block them: a page that relied on one would be broken."""
    client = signed_in(Role.ADMINISTRATOR)
    for path in ("/account/", "/account/second-factor/", "/administration/people/", "/administration/audit/"):
        page = client.get(path).content.decode()
        assert " style=" not in page
        assert not re.findall(r"<script(?![^>]*(src=|application/json))", page)
        assert not re.findall(r"\son[a-z]+=", page)


@pytest.mark.django_db
def test_what_a_signed_in_person_sees_is_kept_by_nobody() -> None:
    client = signed_in(Role.ADMINISTRATOR)
    for path in ("/", "/account/", "/administration/people/", "/there-is-nothing-here/", "/assess/evidence/"):
        assert "no-store" in client.get(path)["Cache-Control"], path


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts_and_other_sites() -> None:
    answer = signed_in(Role.ADMINISTRATOR).get("/account/password/")
    client = Client()
    client.get("/account/sign-in/")
    for cookie in (*answer.cookies.values(), *client.cookies.values()):
        assert cookie["httponly"], cookie
        assert cookie["samesite"] == "Lax", cookie


@pytest.mark.django_db
def test_a_form_sent_from_elsewhere_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(_administrator(), backend="frankpledge.foundation.agencies.sign_in.PersonBackend")
    for path in ("/administration/people/add/", "/account/password/", "/language/", "/account/sign-out/"):
        assert client.post(path).status_code == 403, path


def _administrator():  # type: ignore[no-untyped-def]
    from tests.people import make_person

    return make_person(Role.ADMINISTRATOR)


# -- the demonstration ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.9.9.9", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 403),
        ("", {}, 403),
        ("127.0.0.1", {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}, 403),
        ("127.0.0.1", {"HTTP_FORWARDED": "for=192.0.2.7"}, 403),
    ],
)
def test_the_demonstration_answers_this_computer_only(address: str, headers: dict[str, str], status: int) -> None:
    with override_settings(DEMO=True):
        assert Client().get("/account/sign-in/", REMOTE_ADDR=address, **headers).status_code == status
    assert Client().get("/account/sign-in/", REMOTE_ADDR=address or "127.0.0.1", **headers).status_code == 200
