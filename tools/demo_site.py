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
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tools.places import ROOT

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


class DemoSite:
    """A demo installation served by a process of its own. It may be killed, and started again where it was.

    ``address``: where it is served; ``data`` and ``log``: where its state and its output are.
    """

    def __init__(self, folder: Path, *, database_url: str = "") -> None:
        self.address = f"http://127.0.0.1:{free_port()}"
        self.data, self.log = folder / "data", folder / "log"
        self._database_url = database_url
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve it, and return when a page answers. Data and address stay, so whoever was signed in still is.

        Raises:
            RuntimeError: if no page answers in four minutes; the message holds what the server printed.
        """
        port = self.address.rpartition(":")[2]
        command = [sys.executable, "-m", "frankpledge.server", "serve", "--port", port, "--data", str(self.data)]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*command, "--demo-password", PASSWORD],
                cwd=self.log.parent, env=self._environment(), stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        self._wait_for_first_page(self._process)

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        """As Ctrl-C would; by force after ten seconds."""
        if self._process is not None:
            end_group(self._process)

    def run(self, code: str) -> str:
        """Run a few lines of Python beside it, on its database; what they printed."""
        told = {"FRANKPLEDGE_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "frankpledge.server.settings"}
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            cwd=ROOT, env={**self._environment(), **told}, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def _environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("FRANKPLEDGE_", "DJANGO_"))}
        return {**ours, "DATABASE_URL": self._database_url}

    def _wait_for_first_page(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise RuntimeError(f"The demo did not start:\n{self.log.read_text(errors='replace')[-4000:]}")


@contextmanager
def demo_site(*, database_url: str = "") -> Iterator[DemoSite]:
    """Serve a new demo from a data folder of its own; stop it and remove the folder afterwards.

    Args:
        database_url: the PostgreSQL database to use; SQLite in the data folder without.

    Raises:
        RuntimeError: if it does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="frankpledge-demo-"))
    site = DemoSite(folder, database_url=database_url)
    try:
        site.start()
        yield site
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
