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
from typing import TYPE_CHECKING, Any

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
    """Mark what uses the database, so that it can be run again on the other one."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")
    database_tests = [item for item in items if item.get_closest_marker("database")]
    note = os.environ.get("FRANKPLEDGE_NOTE_DATABASE_TESTS")
    if note and database_tests:
        Path(note).touch()
    if os.environ.get("FRANKPLEDGE_ONLY_DATABASE_TESTS"):
        config.hook.pytest_deselected(items=[item for item in items if item not in database_tests])
        items[:] = database_tests


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the browser's tests on one worker, which starts one demo for all of them; deal out every other test.

    xdist's own groups are written into the tests' names, and pytest 9.2 takes no notice of that.
    """
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    class OneBrowser(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "browser" if nodeid.startswith("tests/browser/") else nodeid

    return OneBrowser(config, log)


def _keep_together(item: pytest.Item, group: str) -> None:
    """Have one worker run all of ``group``, so that what it shares (a demo, a browser) is made once.

    pytest-xdist 3.8 writes the group into ``item._nodeid``, which pytest 9.2 no longer reads: it is said here as well.
    """
    item.add_marker(pytest.mark.xdist_group(group))
    if "PYTEST_XDIST_WORKER" in os.environ and not item.nodeid.endswith(f"@{group}"):
        item._id = type(item._id).parse(f"{item.nodeid}@{group}")


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
