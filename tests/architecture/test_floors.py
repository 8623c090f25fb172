"""What the import contracts say, and what they cannot say, about where things live."""

import sys
from pathlib import Path

import pytest

from tests.architecture.sources import imports, modules, name_of, starting_with
from tools import checks

HOMELESS = {"common", "core", "utils", "helpers", "misc", "manager", "base"}
WEB = ("django.http", "django.forms", "django.shortcuts", "django.template", "django.views", "django.middleware")
BELOW_THE_WEB = ("services", "selectors", "permissions", "rules", "models", "vocabulary")
ROOMS = ("foundation/*", "records/*", "delivery/*", "oversight/*")


def room_modules(*names: str) -> list[Path]:
    """The modules with these names in every room."""
    return [file for room in ROOMS for name in names for file in modules(f"{room}/{name}.py")]


def test_imports_keep_the_contracts() -> None:
    """Imports go down only, rooms are layered, tables are private, and there are no circles."""
    if problem := checks.check_imports():
        pytest.fail(problem, pytrace=False)


def test_nothing_below_the_views_knows_the_web() -> None:
    """A service never sees a request, a form or a response."""
    offenders = {
        name_of(file): found
        for file in [*room_modules(*BELOW_THE_WEB), *modules("workflows/*.py")]
        if (found := starting_with(imports(file), *WEB))
    }
    assert not offenders


def test_rules_are_plain_python() -> None:
    """A rule can be tried without a database, and read by somebody who does not know Django."""
    offenders = {
        name_of(file): found
        for file in modules("**/rules.py")
        if (found := starting_with(imports(file), "django", "allauth", "axes"))
    }
    assert not offenders


def test_the_shared_vocabulary_needs_only_the_standard_library() -> None:
    """Everyone imports it, so it must cost nothing."""
    allowed = {*sys.stdlib_module_names, "frankpledge"}
    offenders = {
        name_of(file): found
        for file in modules("vocabulary/*.py")
        if (found := {name for name in imports(file) if name.split(".")[0] not in allowed})
    }
    assert not offenders


def test_the_command_line_reaches_django_only_while_a_command_runs() -> None:
    """No module of the command line imports Django, a room or a workflow when it is itself imported."""
    database_side = [
        f"frankpledge.{floor}" for floor in ("workflows", "oversight", "records", "foundation", "server", "ui")
    ]
    offenders = {
        name_of(file): found
        for file in modules("cli/*.py")
        if (found := starting_with(imports(file, top_level_only=True), "django", *database_side))
    }
    assert not offenders


def test_every_module_has_found_its_home() -> None:
    """A module called after nothing in particular holds nothing in particular."""
    homeless = [name_of(file) for file in modules() if HOMELESS & {file.stem, *file.relative_to(file.parents[1]).parts}]
    assert not homeless


FLOORS_WITHOUT_SETTINGS = ["analysis", "evidence", "foundation", "oversight", "records", "reports", "sources", "ui"]


@pytest.mark.parametrize("floor", FLOORS_WITHOUT_SETTINGS)
def test_environment_variables_are_read_by_the_settings_only(floor: str) -> None:
    """What an installation can set is documented in one place because it is read in one place."""
    readers = [
        name_of(file) for file in modules(f"{floor}/**/*.py") if "os.environ" in file.read_text(encoding="utf-8")
    ]
    assert not readers
