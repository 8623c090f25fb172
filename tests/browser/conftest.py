"""A real browser against a real server: what the browser tests share."""

import os
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tools import demo_site
from tools.demo_site import DemoSite

LAST = ("test_safe_homes_thread.py", "test_crew_offline.py")  # they change the demo more than others can bear
PATIENCE_MS = 15_000  # a busy machine takes its time; what is there already is not waited for
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser and reads a database, so it runs on both; what kills the demo last."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker("browser")
            item.add_marker("database")
            item.add_marker(pytest.mark.timeout(300))
    items.sort(key=lambda item: LAST.index(item.path.name) + 1 if item.path.name in LAST else 0)


@pytest.fixture(scope="session")
def site() -> Iterator[DemoSite]:
    """The demo partnership, served by a process of its own on SQLite or, when DATABASE_URL is given, on PostgreSQL.

    There is one for the whole session: a test that kills it starts it again.
    """
    with _database_of_its_own() as address, demo_site.demo_site(database_url=address) as running:
        yield running


class _database_of_its_own:
    """A fresh database on the server DATABASE_URL names, dropped afterwards; an empty address without it."""

    def __enter__(self) -> str:
        self.server = os.environ.get("DATABASE_URL", "")
        self.name = f"frankpledge_browser_{uuid.uuid4().hex[:12]}"
        if not self.server:
            return ""
        self._ask(f'CREATE DATABASE "{self.name}"')
        stem, _, _ = self.server.rpartition("/")
        return f"{stem}/{self.name}"

    def __exit__(self, *_error: object) -> None:
        if self.server:
            self._ask(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _ask(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium."""
    program = demo_site.find_chromium()
    if program is None:
        pytest.skip(f"the browser tests need Chromium; {demo_site.HOW_TO_GET_A_BROWSER}")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = demo_site.launch(playwright, program)
        yield running
        running.close()


@pytest.fixture(scope="session")
def signed_in(site: DemoSite, browser: Browser) -> Callable[[str], Any]:
    """Gives the cookies of a demo role; each role signs in through the page once in a session."""
    states: dict[str, Any] = {}

    def state_of(role: str) -> Any:
        if role not in states:
            context = demo_site.new_context(browser)
            demo_site.sign_in(context.new_page(), site, role)
            states[role] = context.storage_state()
            context.close()
        return states[role]

    return state_of


@pytest.fixture
def page_as(site: DemoSite, browser: Browser, signed_in: Callable[[str], Any]) -> Iterator[Callable[..., Page]]:
    """Opens a page as a demo role (None: signed out): ``page_as("analyst", width=390, javascript=False)``.

    Addresses are relative to the site: ``page.goto("/assess/")``. A script error fails the test.
    """
    contexts, errors = [], []

    def opened(role: str | None, *, width: int = 1280, height: int = 900, javascript: bool = True) -> Page:
        context = demo_site.new_context(
            browser,
            width,
            height,
            base_url=site.address,
            java_script_enabled=javascript,
            storage_state=signed_in(role) if role else None,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    refusals = ("status of 403", "status of 404", "status of 422")
    unexpected = [error for error in errors if not any(refusal in error for refusal in refusals)]
    assert not unexpected, unexpected


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Asserts that axe finds nothing against WCAG 2.2 AA on a page.

    What it sees does not depend on the database, and looking takes half of these tests' time: on SQLite only.
    """

    def holds(page: Page) -> None:
        if os.environ.get("DATABASE_URL"):
            return
        only = {"runOnly": {"type": "tag", "values": WCAG_2_2_AA}, "resultTypes": ["violations"]}
        found = Axe().run(page, options=only).response["violations"]
        assert not found, "\n".join(
            f"{violation['id']}: {violation['help']}: {[node['html'][:200] for node in violation['nodes'][:3]]}"
            for violation in found
        )

    return holds
