"""A demo installation of its own, and a browser that signs in to it. Runs inside the environment, on loopback only.

The browser tests and the screenshots use the same one.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

PASSWORD = "a word for trying things"
DOMAIN = "aldercombe.example"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET_A_BROWSER = "install the Debian package chromium (apt-get install chromium)"
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_S = 240


@dataclass(frozen=True)
class DemoSite:
    """A running demo installation: its address, where its state and its output are, and its process."""

    address: str
    data: Path
    log: Path
    process: subprocess.Popen[bytes]


@contextmanager
def demo_site(*, database_url: str = "") -> Iterator[DemoSite]:
    """Start `serve` as a real process with a data folder of its own; stop it and remove the folder afterwards.

    Args:
        database_url: the PostgreSQL database to use; SQLite in the data folder without.

    Raises:
        RuntimeError: if no page answers in four minutes; the message holds what the server printed.
    """
    folder = Path(tempfile.mkdtemp(prefix="frankpledge-demo-"))
    port = free_port()
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("FRANKPLEDGE_", "DJANGO_"))}
    settings["DATABASE_URL"] = database_url
    command = [sys.executable, "-m", "frankpledge.server", "serve", "--port", str(port), "--data", str(folder / "data")]
    with (folder / "log").open("wb") as output:
        process = subprocess.Popen(
            [*command, "--demo-password", PASSWORD],
            cwd=folder, env=settings, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    site = DemoSite(f"http://127.0.0.1:{port}", folder / "data", folder / "log", process)
    try:
        wait_for_first_page(site)
        yield site
    finally:
        end_group(process)
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_first_page(site: DemoSite) -> None:
    """Return when the site answers a page."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and site.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{site.address}/", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"The demo did not start:\n{site.log.read_text(errors='replace')[-4000:]}")


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Stop a process and everything it started, as Ctrl-C would; by force after ten seconds."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def find_chromium() -> str | None:
    """The machine's Chromium or Chrome, if it has one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def launch(playwright: Playwright, program: str) -> Browser:
    """Start the machine's browser without a window and without talking to anyone but us."""
    flags = FLAGS if os.geteuid() else [*FLAGS, "--no-sandbox"]
    return playwright.chromium.launch(executable_path=program, headless=True, args=flags)


def new_context(browser: Browser, width: int = 1280, height: int = 900, **options: object) -> BrowserContext:
    """A fresh browser profile that can reach this machine only; anything else it asks for is refused."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
    context.route(
        lambda address: (
            not address.startswith(("http://127.0.0.1:", "http://localhost:", "file:", "data:", "blob:", "about:"))
        ),
        lambda route: route.abort(),
    )
    return context


def sign_in(page: Page, site: DemoSite, role: str) -> None:
    """Sign in through the page people use, as the demo account of a role."""
    page.goto(f"{site.address}/")  # leads to the sign-in page
    page.locator("input[name=login]").fill(f"{role}@{DOMAIN}")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    page.wait_for_load_state()
    if page.locator("input[name=password]").count():
        raise RuntimeError(f"{role} could not sign in: {page.locator('main').inner_text()[:500]}")
