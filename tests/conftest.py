"""What every test stands on: a data folder of its own, the settings, and the word `database` on tests that use one.

The database is SQLite in that folder, or the server named by ``DATABASE_URL``. `python3 run.py test` runs the suite on
the first and everything marked `database` again on PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from frankpledge.foundation.agencies.models import Person

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"

if "DJANGO_SETTINGS_MODULE" in os.environ and "PYTEST_XDIST_WORKER" not in os.environ:
    raise pytest.UsageError(
        "Unset DJANGO_SETTINGS_MODULE to run the tests: they make a data folder first, then load the settings."
    )

DATA_FOLDER = Path(tempfile.mkdtemp(prefix="frankpledge-tests-"))
atexit.register(shutil.rmtree, DATA_FOLDER, ignore_errors=True)
os.environ["FRANKPLEDGE_DATA"] = str(DATA_FOLDER)
os.environ["DJANGO_SETTINGS_MODULE"] = "frankpledge.server.settings"
# Playwright's loop and Django's test client meet in one thread; the check against that guards asynchronous code only.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def _settings_for_tests() -> None:
    """Load the settings and change only what would make tests slow or depend on built files."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file, as in a real installation: an in-memory database has neither write-ahead log nor a second connection.
        database.setdefault("TEST", {})["NAME"] = str(DATA_FOLDER / "test.sqlite3")


_settings_for_tests()

DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what uses the database, so that it can be run again on the other one; keep the browser on one worker."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
    database_tests = [item for item in items if item.get_closest_marker("database")]
    note = os.environ.get("FRANKPLEDGE_NOTE_DATABASE_TESTS")
    if note and database_tests:
        Path(note).touch()
    if os.environ.get("FRANKPLEDGE_ONLY_DATABASE_TESTS"):
        config.hook.pytest_deselected(items=[item for item in items if item not in database_tests])
        items[:] = database_tests


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files beside the repository; a test that needs it is skipped where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("needs the shared folder of real files beside the repository")
    return SHARED


@pytest.fixture(autouse=True, scope="session")
def _audit_trail_can_be_emptied_between_tests() -> Iterator[None]:
    """Tests that commit end by emptying the database. The audit trail's triggers refuse that, so step aside for it."""
    from django.db import connection
    from django.test import TransactionTestCase

    from frankpledge.foundation.audit import triggers

    empty = TransactionTestCase._fixture_teardown

    def lift_triggers_and_empty(self: TransactionTestCase) -> None:
        triggers.remove(connection)
        try:
            empty(self)
        finally:
            triggers.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lift_triggers_and_empty)
        yield


@pytest.fixture
def person_with(db: None) -> Callable[..., "Person"]:
    """``person_with(Role.ANALYST)``: somebody with these roles and a second factor, ready for ``force_login``."""
    from tests.people import make_person

    return make_person
