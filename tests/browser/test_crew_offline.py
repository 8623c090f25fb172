"""A visit done without signal on a phone, and a server that is killed in the middle of taking it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import database_of_its_own
from tests.homes import crewing
from tools import demo_site
from tools.demo_site import DemoSite

REPOSITORY = Path(__file__).resolve().parents[2]
TODAY = "/deliver/homes/crew/"
CODE = "SD7 4413 90U"
SET_UP = "import django; django.setup()\nfrom frankpledge.delivery.home_security.models import *\n"
CREW_DAY = """
from frankpledge.foundation.agencies.selectors import person_by_email
from tests.homes.crewing import make_day
dee = person_by_email("crew@aldercombe.example")
CrewMember.objects.filter(person_id=dee.pk).update(person_id=None)
print(*[visit.pk for visit in make_day(person_id=dee.pk, crew="Phone").visits])
"""
OTHER_CREW_WAS_THERE = """
from uuid import uuid4
from frankpledge.delivery.home_security.services.crew import report_visit
from frankpledge.vocabulary.actors import Actor
from tests.homes.crewing import told
report_visit({visit}, client_key=uuid4(), version=1, told=told(), by=Actor.system("the other crew"))
"""
WHAT_IS_THERE = """
visit = Visit.objects.get(pk={visit})
print(visit.state, SentVisit.objects.filter(visit=visit).count(), Fitted.objects.filter(visit=visit).count(),
      visit.photos.count(), bool(visit.signature), *[len(bytes(photo.image)) > 300 for photo in visit.photos.all()])
"""


class Installation:
    """A demo of this test's own, which it may kill and start again at the same address with the same data."""

    def __init__(self, site: DemoSite, database: str) -> None:
        self.site, self.database, self.again = site, database, None

    def kill(self) -> None:
        """As a power cut would."""
        os.killpg((self.again or self.site.process).pid, signal.SIGKILL)
        (self.again or self.site.process).wait()

    def start_again(self) -> None:
        port = str(urlsplit(self.site.address).port)
        command = [sys.executable, "-m", "frankpledge.server", "serve", "--port", port, "--data", str(self.site.data)]
        with self.site.log.open("ab") as output:
            self.again = subprocess.Popen(
                [*command, "--demo-password", demo_site.PASSWORD],
                cwd=self.site.data.parent, env=self.environment(), stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        demo_site.wait_for_first_page(DemoSite(self.site.address, self.site.data, self.site.log, self.again))

    def environment(self) -> dict[str, str]:
        """What its processes are told: where its data is."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("FRANKPLEDGE_", "DJANGO_"))}
        return {**ours, "DATABASE_URL": self.database}

    def ask(self, code: str) -> str:
        """Run a few lines beside it, on its database."""
        told = {"FRANKPLEDGE_DATA": str(self.site.data), "DJANGO_SETTINGS_MODULE": "frankpledge.server.settings"}
        run = subprocess.run(
            [sys.executable, "-c", SET_UP + code],
            cwd=REPOSITORY, env={**self.environment(), **told}, capture_output=True, text=True,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        return run.stdout.strip()


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with database_of_its_own() as database, demo_site.demo_site(database_url=database) as site:
        running = Installation(site, database)
        yield running
        if running.again:
            demo_site.end_group(running.again)


@pytest.fixture
def phone(installation, browser) -> Iterator[Page]:
    context = demo_site.new_context(browser, 390, 844, base_url=installation.site.address)
    page = context.new_page()
    demo_site.sign_in(page, installation.site, "crew")
    yield page
    context.close()


def photograph(tmp_path: Path) -> Path:
    file = tmp_path / "lock.jpg"
    file.write_bytes(crewing.photo())
    return file


def fill_in(page: Page, tmp_path: Path) -> None:
    """Do a whole visit with fingers."""
    expect(page.locator("body[data-ready]")).to_have_count(1)
    page.get_by_role("radio", name="Weak").first.check()
    page.locator("[data-more]").first.click()
    page.locator("#serial_alarm").fill("AK26018447")
    page.locator("#kit_code").fill(CODE)
    page.locator("#photos").set_input_files(photograph(tmp_path))
    expect(page.locator("[data-photos] li")).to_have_count(1)
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 30 + 30 * step, box["y"] + 40 + 30 * (step % 2))
    page.mouse.up()
    page.locator("#signed_by").fill("Mrs A.")


def is_ready_for_no_signal(page: Page) -> None:
    page.goto(TODAY)
    expect(page.locator("body[data-kept='3']")).to_have_count(1, timeout=20_000)


def test_a_visit_without_signal_is_sent_once_though_the_server_is_killed_in_the_middle(
    installation, phone, axe, tmp_path
):
    first, second, third = installation.ask(CREW_DAY).split()
    context = phone.context
    is_ready_for_no_signal(phone)
    expect(phone.locator("h1")).to_have_text("0 of 3 done")
    axe(phone)

    # no signal: the page opens all the same, and everything stays on the phone
    context.set_offline(True)
    phone.goto(TODAY)
    expect(phone.locator("[data-banner]")).to_contain_text("No signal")
    phone.get_by_role("link", name="Start this visit").first.click()
    expect(phone.locator("h1")).to_have_text("14 Willow Bank")
    fill_in(phone, tmp_path)
    phone.reload()  # the phone went dark in between
    expect(phone.locator("#serial_alarm")).to_have_value("AK26018447")
    expect(phone.locator("[data-photos] li")).to_have_count(1)
    axe(phone)
    phone.get_by_role("button", name="Finish this visit").click()
    expect(phone.locator("h1")).to_have_text("1 of 3 done")
    expect(phone.locator(f"[data-visit='{first}']")).to_contain_text("Not yet sent")
    expect(phone.locator("[data-banner]")).to_contain_text("One visit is safe on this phone and not yet sent")
    axe(phone)

    # signal returns; the server takes the report and is killed before it can say so
    killed = []

    def taken_and_killed(route: Route) -> None:
        if route.request.method == "POST" and not killed:
            killed.append(route.fetch().status)
            installation.kill()
            route.abort()
        else:
            route.continue_()

    context.route(f"**{TODAY}{first}/", taken_and_killed)
    context.set_offline(False)
    expect(phone.locator("[data-banner]")).to_contain_text("nobody answers", timeout=30_000)
    assert killed == [200]
    expect(phone.locator(f"[data-visit='{first}']")).to_contain_text("Not yet sent")
    installation.start_again()
    expect(phone.locator(f"[data-visit='{first}']")).to_contain_text("Sent", timeout=30_000)
    expect(phone.locator("[data-banner]")).to_be_hidden()
    assert installation.ask(WHAT_IS_THERE.format(visit=first)) == "done 1 2 1 True True"

    # without signal again; meanwhile another crew did the next visit: both reports are kept and it says so
    is_ready_for_no_signal(phone)
    context.set_offline(True)
    phone.get_by_role("link", name="Start this visit").first.click()
    expect(phone.locator("h1")).to_have_text("3 Lark Close")
    expect(phone.locator("body[data-ready]")).to_have_count(1)
    phone.locator("#not_signed_because").fill("Hand in plaster")
    phone.get_by_role("button", name="Finish this visit").click()
    installation.ask(OTHER_CREW_WAS_THERE.format(visit=second))
    signed_in = context.cookies()
    context.clear_cookies()  # the session ran out in the van: the report waits until somebody signs in
    context.set_offline(False)
    expect(phone.locator("[data-banner]")).to_contain_text("Sign in once more", timeout=20_000)
    axe(phone)
    expect(phone.locator(f"[data-visit='{second}']")).to_contain_text("Not yet sent")
    context.add_cookies(signed_in)
    expect(phone.locator(f"[data-visit='{second}']")).to_contain_text("Two reports: both kept", timeout=30_000)
    axe(phone)

    # a visit begun and not finished when the day ends: its page is wiped, what was filled in goes as not finished
    is_ready_for_no_signal(phone)
    phone.get_by_role("link", name="Start this visit").first.click()
    expect(phone.locator("body[data-ready]")).to_have_count(1)
    phone.locator("#advice").fill("Keep the keys out of sight")
    context.set_offline(True)
    phone.clock.set_system_time(datetime.now() + timedelta(days=1))
    phone.reload()
    expect(phone.locator("h1")).to_have_text("No visits are on this phone")
    expect(phone.locator("[data-banner]")).to_contain_text("One visit is safe on this phone")
    axe(phone)
    context.set_offline(False)
    expect(phone.locator("[data-banner]")).to_be_hidden(timeout=30_000)
    assert installation.ask(WHAT_IS_THERE.format(visit=third)).startswith("not finished 1 0 0")

    # signed out: nothing of the day is left on the phone
    expect(phone.locator("body[data-waits='0'][data-state='ok']")).to_have_count(1, timeout=20_000)
    phone.get_by_role("button", name="Sign out").click()
    phone.wait_for_url("**/account/sign-in/**")
    context.set_offline(True)
    phone.goto(TODAY)
    expect(phone.locator("h1")).to_have_text("No visits are on this phone")
    left = phone.evaluate("caches.keys().then((names) => names.filter((name) => name.startsWith('crew-day')))")
    assert left == []
