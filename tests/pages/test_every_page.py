"""What holds on every page of the face, whoever looks and whatever is there."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import NoReverseMatch, resolve, reverse

from frankpledge.foundation.agencies.services import add_demo_people
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows import demo_actions, demo_claims, demo_indicators, demo_plan
from tests.pages.html import check_page
from tests.pages.made_up import BY, receive_months
from tests.security.table import ROUTES

ANALYST_PAGES = (
    "/",
    "/assess/",
    "/assess/picture/",
    "/assess/evidence/",
    "/assess/evidence/add/",
    "/assess/evidence/duty/",
    "/assess/evidence/profiles/",
)


def own_addresses(batch_key: str) -> list[str]:
    return [
        *ANALYST_PAGES,
        reverse("incidents:batch", args=[batch_key]),
        reverse("incidents:quarantine", args=[batch_key]),
        reverse("incidents:withdraw", args=[batch_key]),
    ]


@pytest.mark.parametrize("address", ANALYST_PAGES)
def test_a_page_is_whole_before_anything_has_come_in(as_role, partnership, address):
    answer = as_role(Role.ANALYST).get(address)
    assert answer.status_code == 200
    check_page(answer.content.decode())


@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_every_page_is_whole_with_evidence(as_role, aldershire, language):
    batch = receive_months(3)[-1]
    browser = as_role(Role.ANALYST)
    browser.post("/language/", {"language": language, "next": "/"})
    for address in own_addresses(batch.key):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert check_page(answer.content.decode()).all("html")[0]["lang"] == language


@pytest.mark.parametrize(
    ("role", "doors"),
    [
        (Role.ANALYST, ["Assess", "Plan", "Task", "Deliver", "Account"]),
        (Role.COORDINATOR, ["Assess", "Plan", "Task", "Deliver", "Account", "Sharing agreements"]),
        (Role.OFFICER, ["Assess", "Plan", "Task", "Deliver", "Account"]),
        (Role.REPRESENTATIVE, ["Assess", "Plan", "Task", "Deliver", "Account"]),
        (Role.MANAGER, ["Assess", "Plan", "Task", "Deliver", "Account"]),
        (Role.SCRUTINY, ["Assess", "Plan", "Task", "Deliver", "Account"]),
        (Role.CREW, ["Deliver"]),
        (Role.ADMINISTRATOR, ["Administration"]),
    ],
)
def test_a_person_sees_only_the_doors_they_may_open(as_role, partnership, role, doors):
    browser = as_role(role)
    shown = browser.get("/").context["frame"]["doors"]
    assert [door.name for door in shown] == doors
    for door in shown:
        assert browser.get(door.url).status_code == 200


@pytest.mark.parametrize(
    ("address", "rooms", "here"),
    [
        ("/plan/", ["The plan", "Indicators", "Milestones", "Money"], "The plan"),
        ("/plan/indicators/figures/", ["The plan", "Indicators", "Milestones", "Money"], "Indicators"),
        ("/task/mine/", ["All actions", "My actions", "Decisions"], "My actions"),
        (
            "/account/claims/",
            ["Performance", "Did it work?", "Claims, checked", "The golden thread"],
            "Claims, checked",
        ),
    ],
)
def test_a_door_shows_its_rooms_and_which_one_this_is(as_role, partnership, address, rooms, here):
    shown = as_role(Role.SCRUTINY).get(address).context["frame"]["rooms"]
    assert [room.name for room in shown] == rooms
    assert [room.name for room in shown if room.here] == [here]


def test_no_rooms_are_shown_where_there_is_one_or_none(as_role, partnership):
    assert as_role(Role.ANALYST).get("/").context["frame"]["rooms"] == []
    assert as_role(Role.CREW).get("/").context["frame"]["rooms"] == []


# Addresses without a key that no link leads to as long as nothing is amiss: they are offered when it is.
ONLY_WHEN_NEEDED = {
    "plan:begin",
    "plan:publish",
    "incidents:mapping",
    "assessment:county_add",
    "incidents:upload_question",
    "indicators:release",
}
DOORS = ("/assess/", "/plan/", "/task/", "/account/performance/", "/account/claims/", "/account/thread/")


def first_pages(browser) -> set[str]:
    """Names of the pages behind the doors whose address needs no key: each must be linked from somewhere."""
    found = set()
    for name in ROUTES:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if address.startswith(DOORS) and browser.get(address).status_code == 200:
            found.add(name)
    return found - ONLY_WHEN_NEEDED


def walk(browser) -> dict[str, str]:
    """Every page that links lead to from My work, one for each route: name of the route, address."""
    seen: dict[str, str] = {}
    ahead = [("/", "sign-in")]
    while ahead:
        address, by_way_of = ahead.pop(0)
        name = resolve(urlsplit(address).path).view_name
        if name in seen:
            continue
        seen[name] = address
        answer = browser.get(address)
        assert answer.status_code in (200, 302), f"{by_way_of} links to {address}: {answer.status_code}"
        if answer.status_code == 302:
            ahead.append((answer["Location"], address))
        elif answer["Content-Type"].startswith("text/html"):
            page = check_page(answer.content.decode())
            links = [link.get("href") or "" for link in page.all("a")]
            inside = [urljoin(address, link) for link in links if not link.startswith(("#", "mailto:", "http"))]
            ahead.extend((link, address) for link in inside if not link.startswith("/deliver/"))
    return seen


def test_every_link_leads_somewhere_and_every_page_is_led_to(as_role, aldershire, settings):
    """Walks each role's doors over a partnership with a plan, indicators, actions, claims and records."""
    receive_months(3)
    settings.DEMO = True
    add_demo_people(by=BY)
    for story in (demo_indicators, demo_plan, demo_actions, demo_claims):
        story.load(by=BY)
    reached = {name for role in Role for name in walk(as_role(role))}
    assert sorted(first_pages(as_role(*Role)) - reached) == []


def test_crew_find_no_picture_no_evidence_and_no_way_there(as_role, aldershire):
    browser = as_role(Role.CREW)
    for address in ANALYST_PAGES[1:]:
        assert browser.get(address).status_code == 404
    assert "/assess/" not in browser.get("/").content.decode()


def test_an_officer_sees_the_picture_but_no_button_they_may_not_press(as_role, aldershire):
    receive_months(3)
    page = as_role(Role.OFFICER).get("/assess/picture/").content.decode()
    assert "Burglary in Aldershire" in page
    assert "/assess/evidence/" not in page


def test_the_partnership_shows_its_own_name_and_colour(as_role, partnership):
    from frankpledge.foundation.agencies.services import name_partnership
    from tests.pages.made_up import BY

    name_partnership(name="Safer Quarry", welsh_name="Chwarel Ddiogelach", colour="#ffdd00", by=BY)
    browser = as_role(Role.CREW)
    page = check_page(browser.get("/").content.decode())
    sheets = [link["href"] for link in page.all("link") if link["rel"] == "stylesheet"]
    assert "Safer Quarry" in page.html and sheets[-1] == "/colours/ffdd00.css"
    assert b"--fp-brand:#ffdd00;--fp-brand-text:#0b0c0c" in browser.get("/colours/ffdd00.css").content
    browser.post("/language/", {"language": "cy", "next": "/"})
    assert "Chwarel Ddiogelach" in browser.get("/").content.decode()


def test_the_colour_sheet_needs_no_sign_in_and_takes_nothing_but_a_colour(client, db):
    assert client.get("/colours/17315c.css").status_code == 200
    assert client.get("/colours/17315c%7D.css").status_code == 404


def test_a_lost_address_says_nothing_was_changed(as_role, partnership):
    answer = as_role(Role.ANALYST).get("/no/such/page/")
    assert answer.status_code == 404
    assert "Nothing was changed" in check_page(answer.content.decode()).html


def test_an_unforeseen_error_gives_a_reference_that_stands_in_the_log(as_role, partnership, monkeypatch, caplog):
    from frankpledge.oversight.overview import pages

    def broken(person):
        raise RuntimeError("the pipe burst")

    monkeypatch.setattr(pages, "my_work", broken)
    browser = as_role(Role.ANALYST)
    browser.raise_request_exception = False
    answer = browser.get("/")
    page = check_page(answer.content.decode())
    assert answer.status_code == 500
    (reference,) = [text for text in page.text("strong") if len(text) == 8]
    assert f"Reference {reference}" in caplog.text
    assert "the pipe burst" not in page.html
