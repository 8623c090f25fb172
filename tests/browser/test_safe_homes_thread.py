"""From a burglary in a partner's file to a home that is protected, and counted: one walk through every room it passes.

Set ``FRANKPLEDGE_WALK`` to a folder to keep a picture of each step (see docs/safe-homes-walk.md).
"""

import io
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from frankpledge.sources.profiles import shipped
from tools import demo_site
from tools.demo_site import DemoSite

LONDON = ZoneInfo("Europe/London")
LAST_START = 22  # later in the day no crew can be there and back
CREW, HOMES = "/deliver/homes/crew/", "/deliver/homes/"
CODE = "SD7 4413 90U"
WORK_MS = 60_000
MODELS = "from frankpledge.delivery.home_security.models import *\n"
A_HOME_WITHOUT_ANYTHING = f"""{MODELS}
import json
from datetime import datetime, time, timedelta
from django.utils import timezone
from frankpledge.delivery.home_security.rules.asking import neighbours
from frankpledge.delivery.home_security.selectors import knowing
from frankpledge.foundation.places import selectors as places
now = timezone.localtime()
ends = max(time(16, 30), min(now + timedelta(hours=3), now.replace(hour=23, minute=59)).time())
Shift.objects.filter(day=now.date()).update(ends=ends)  # whenever this runs, the working day has room left
known = set(knowing.first_fitted()) | set(HomeRequest.objects.values_list("uprn", flat=True))
free = (home for home in places.homes_in(in_neighbourhood=True) if home.uprn not in known)
for one in free:
    home = places.premises_of([one.uprn])[one.uprn]
    if len(neighbours(home, places.premises_round(home.easting, home.northing, 400.0))) == 8:
        break
print(json.dumps({{"uprn": home.uprn, "address": home.address, "postcode": home.postcode, "easting": str(home.easting),
                  "northing": str(home.northing), "lsoa": home.small_area}}))
"""
GIVE_THE_PHONE_TO = f"""{MODELS}
from frankpledge.foundation.agencies.selectors import person_by_email
dee = person_by_email("crew@aldercombe.example")
CrewMember.objects.filter(person_id=dee.pk).update(person_id=None)
member = CrewMember.objects.filter(crew__name="{{crew}}").first()
member.person_id = dee.pk
member.save()
print(Visit.objects.get(uprn="{{uprn}}", state="planned").pk)
"""
WHAT_IS_THERE = f"""{MODELS}
from frankpledge.delivery.home_security.selectors import knowing
visit = Visit.objects.get(pk={{visit}})
print(visit.state, SentVisit.objects.filter(visit=visit).count(),
      *visit.fitted.order_by("measure__key").values_list("measure__key", flat=True),
      visit.photos.count(), visit.photos.first().caption, bool(visit.signature), knowing.first_fitted()[visit.uprn])
"""


def new_file(folder: Path, home: dict[str, str], day: date) -> Path:
    """The force's extract of this month: one burglary, at this home, in the afternoon of ``day``."""
    row = {
        "crime_ref": f"BK/900417/{day:%y}", "offence": "Burglary - residential", "hocode": "28/3",
        "from_date": f"{day:%d/%m/%Y}", "from_time": "13:05", "to_date": f"{day:%d/%m/%Y}", "to_time": "15:40",
        **home, "victim_ref": "V0f3a91c2b7", "mo": "Rear ground-floor window forced",
    }  # fmt: skip
    path = folder / f"police-extract-brackenshire-constabulary-{day:%Y-%m}.csv"
    columns = shipped()["police-extract"].column_names
    path.write_text("\n".join([",".join(columns), ",".join(f'"{row.get(name, "")}"' for name in columns)]) + "\n")
    return path


@pytest.fixture
def snap() -> Callable[..., None]:
    """Keeps a small picture of a step where ``FRANKPLEDGE_WALK`` says."""
    folder = os.environ.get("FRANKPLEDGE_WALK", "")

    def taken(page: Page, name: str, *, whole: bool = False) -> None:
        if folder:
            picture = Image.open(io.BytesIO(page.screenshot(full_page=whole, animations="disabled")))
            Path(folder).mkdir(parents=True, exist_ok=True)
            picture.convert("RGB").quantize(64).save(Path(folder) / f"{name}.png", optimize=True)

    return taken


@pytest.fixture
def phone(site: DemoSite, browser: Browser, signed_in: Callable[[str], Any]) -> Iterator[Page]:
    """A crew's phone. What it asks for without signal, or of a server that is gone, is no fault of its pages."""
    context = demo_site.new_context(browser, 390, 844, base_url=site.address, storage_state=signed_in("crew"))
    yield context.new_page()
    context.close()


def appears(page: Page, address: str, words: str) -> None:
    """Look again until it says so: the work is done behind the pages."""
    for _ in range(WORK_MS // 500):
        page.goto(address)
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{address} never said: {words}")


def counted(page: Page) -> int:
    """How many homes the page of coverage counts as protected."""
    page.goto("/account/homes/coverage/")
    return int(
        page.get_by_text(re.compile("homes in the programme’s area are protected"))
        .inner_text()
        .split()[0]
        .replace(",", "")
    )


def do_the_visit(page: Page, folder: Path) -> None:
    """With fingers: look, fit what was planned, hand over the kit, photograph, let them sign."""
    expect(page.locator("body[data-ready]")).to_have_count(1)
    page.get_by_role("radio", name="Weak").first.check()
    page.locator("[data-more]").first.click()
    page.locator("#kit_code").fill(CODE)
    photo = folder / "lock.jpg"
    Image.radial_gradient("L").resize((640, 480)).convert("RGB").save(photo)
    page.locator("#photos").set_input_files(photo)
    expect(page.locator("[data-photos] li")).to_have_count(1)
    page.get_by_label("What photo 1 shows").fill("New lock on the back door")
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 30 + 20 * step, box["y"] + 50 + 24 * (step % 2) - step)
    page.mouse.up()
    page.locator("#signed_by").fill("Mrs A.")


def test_a_burglary_in_a_file_leads_to_a_home_that_is_protected_and_counted(page_as, phone, site, axe, snap, tmp_path):
    now = datetime.now(LONDON)
    if now.hour >= LAST_START:
        pytest.skip(f"only on a day with time left for a visit: until {LAST_START}:00")
    home = json.loads(site.run(A_HOME_WITHOUT_ANYTHING))
    number, _, street = home["address"].partition(" ")
    coordinator = page_as("coordinator")
    protected = counted(coordinator)

    # the analyst adds the force's new file; the platform raises the alert and answers it
    analyst = page_as("analyst")
    analyst.goto("/assess/evidence/add/")
    analyst.get_by_label("Choose a file").set_input_files(new_file(tmp_path, home, now.date() - timedelta(days=1)))
    analyst.get_by_role("button", name="Send the file").click()
    expect(analyst.get_by_text("1 stored").first).to_be_visible(timeout=WORK_MS)
    snap(analyst, "1-the-file-is-in")
    appears(coordinator, HOMES, f"Burglary on {street}")

    # the coordinator approves: letters to the neighbours, the burgled home into a crew's day
    task = coordinator.locator(".fp-task", has_text=f"Burglary on {street}")
    expect(task.locator("ol > li")).to_have_count(9)
    axe(coordinator)
    snap(coordinator, "2-what-to-decide")
    task.get_by_role("button").click()
    said = coordinator.get_by_text(re.compile(r"\d+ letters are on their way\. Crew . visits the burgled home at"))
    crew = re.search(r"Crew (.) visits", said.first.inner_text())[1]
    snap(coordinator, "3-a-crew-goes-there")

    # the crew's phone has it; then there is no signal, and the whole visit is done all the same
    visit = site.run(GIVE_THE_PHONE_TO.format(crew=crew, uprn=home["uprn"]))
    phone.goto(CREW)
    expect(phone.locator("body[data-kept]")).to_have_count(1, timeout=20_000)
    ended, all_ = map(int, re.findall(r"\d+", phone.locator("h1").inner_text()))
    context = phone.context
    context.set_offline(True)
    phone.goto(CREW)
    expect(phone.locator("[data-banner]")).to_contain_text("No signal since")
    snap(phone, "4-no-signal", whole=True)
    phone.goto(f"{CREW}{visit}/")
    expect(phone.locator("h1")).to_have_text(home["address"])
    do_the_visit(phone, tmp_path)
    phone.reload()  # the phone went dark in between
    expect(phone.get_by_label("What photo 1 shows")).to_have_value("New lock on the back door")
    axe(phone)
    snap(phone, "5-done-without-signal", whole=True)
    phone.get_by_role("button", name="Finish this visit").click()
    expect(phone.locator("h1")).to_have_text(f"{ended + 1} of {all_} done", timeout=15_000)
    row = phone.locator(f"[data-visit='{visit}']")
    expect(row).to_contain_text("Not yet sent")
    expect(phone.locator("[data-banner]")).to_contain_text("not yet sent: one visit, one photo, one signature")
    axe(phone)
    snap(phone, "6-not-yet-sent", whole=True)

    # signal returns; the server takes the report and is killed before it can say so
    killed = []

    def taken_and_killed(route: Route) -> None:
        if route.request.method == "POST" and not killed:
            killed.append(route.fetch().status)
            site.kill()
            route.abort()
        else:
            route.continue_()

    context.route(f"**{CREW}{visit}/", taken_and_killed)
    context.set_offline(False)
    expect(phone.locator("[data-banner]")).to_contain_text("nobody answers", timeout=30_000)
    assert killed == [200]
    expect(row).to_contain_text("Not yet sent")
    snap(phone, "7-the-server-is-gone")
    site.start()
    expect(row).to_contain_text("Sent ✓", timeout=30_000)
    expect(phone.locator("[data-banner]")).to_be_hidden()
    snap(phone, "8-sent-once", whole=True)
    here = f"done 1 deadlock marking-kit 1 New lock on the back door True {now.date()}"
    assert site.run(WHAT_IS_THERE.format(visit=visit)) == here

    # and it is counted: on the page of coverage, and in the answer to "did it work?"
    assert counted(coordinator) == protected + 1
    snap(coordinator, "9-coverage")
    coordinator.goto("/account/homes/")
    coordinator.get_by_role("button", name="Work it out").click()
    coordinator.get_by_role("button", name="See the answer").click(timeout=WORK_MS)
    expect(coordinator.locator("main")).to_contain_text(f"{protected + 1:,} protected by the end")
    snap(coordinator, "10-did-it-work")
