"""A crew's phone meets what goes wrong: another crew was there first, the session ran out, two days went by.

A visit done without signal, and a server killed in the middle of taking it, are in test_safe_homes_thread.py.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tools import demo_site
from tools.demo_site import DemoSite

TODAY = "/deliver/homes/crew/"
MODELS = "from frankpledge.delivery.home_security.models import *\n"
CREW_DAY = f"""{MODELS}
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
WHAT_IS_THERE = (
    MODELS
    + """
visit = Visit.objects.get(pk={visit})
print(visit.state, SentVisit.objects.filter(visit=visit).count(), Fitted.objects.filter(visit=visit).count())
"""
)


@pytest.fixture
def phone(site: DemoSite, browser: Browser) -> Iterator[Page]:
    """A crew's phone, with a session of its own to sign out of."""
    context = demo_site.new_context(browser, 390, 844, base_url=site.address)
    page = context.new_page()
    demo_site.sign_in(page, site, "crew")
    yield page
    context.close()


def is_ready_for_no_signal(page: Page) -> None:
    page.goto(TODAY)
    expect(page.locator("body[data-kept='3']")).to_have_count(1, timeout=20_000)


def test_what_meets_on_a_phone_is_kept_and_said_and_nothing_of_the_day_stays(site, phone, axe):
    _, second, third = site.run(CREW_DAY).split()
    context = phone.context
    is_ready_for_no_signal(phone)

    # without signal; meanwhile another crew did the visit: both reports are kept and it says so
    context.set_offline(True)
    phone.goto(f"{TODAY}{second}/")
    expect(phone.locator("h1")).to_have_text("3 Lark Close")
    expect(phone.locator("body[data-ready]")).to_have_count(1)
    phone.locator("#not_signed_because").fill("Hand in plaster")
    phone.get_by_role("button", name="Finish this visit").click()
    site.run(OTHER_CREW_WAS_THERE.format(visit=second))
    signed_in = context.cookies()
    context.clear_cookies()  # the session ran out in the van: the report waits until somebody signs in
    context.set_offline(False)
    expect(phone.locator("[data-banner]")).to_contain_text("Sign in once more", timeout=20_000)
    axe(phone)
    expect(phone.locator(f"[data-visit='{second}']")).to_contain_text("Not yet sent")
    context.add_cookies(signed_in)
    expect(phone.locator(f"[data-visit='{second}']")).to_contain_text("Two reports: both kept", timeout=30_000)
    axe(phone)

    # a visit begun and not finished, and no signal for two days: its page is wiped when the day ends, and what was
    # filled in goes as not finished
    is_ready_for_no_signal(phone)
    phone.goto(f"{TODAY}{third}/")
    expect(phone.locator("body[data-ready]")).to_have_count(1)
    phone.locator("#advice").fill("Keep the keys out of sight")
    context.set_offline(True)
    phone.clock.set_system_time(datetime.now() + timedelta(days=2))
    phone.reload()
    expect(phone.locator("h1")).to_have_text("No visits are on this phone")
    expect(phone.locator("[data-banner]")).to_contain_text("not yet sent: one visit")
    axe(phone)
    context.set_offline(False)
    expect(phone.locator("[data-banner]")).to_be_hidden(timeout=30_000)
    assert site.run(WHAT_IS_THERE.format(visit=third)).startswith("not finished 1 0")

    # signed out: nothing of the day is left on the phone
    expect(phone.locator("body[data-waits='0'][data-state='ok']")).to_have_count(1, timeout=20_000)
    phone.get_by_role("button", name="Sign out").click()
    phone.wait_for_url("**/account/sign-in/**")
    context.set_offline(True)
    phone.goto(TODAY)
    expect(phone.locator("h1")).to_have_text("No visits are on this phone")
    left = phone.evaluate("caches.keys().then((names) => names.filter((name) => name.startsWith('crew-day')))")
    assert left == []
