"""The picture in a real browser: for everybody, on a phone, by keyboard alone, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

PICTURE = "/assess/picture/"


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("address", ["/", "/assess/", PICTURE, "/assess/evidence/", "/assess/evidence/add/"])
def test_pages_have_no_barrier_and_fit_the_screen(page_as, axe, address, width):
    page = page_as("analyst", width=width)
    page.goto(address)
    expect(page.locator("h1")).to_have_count(1)
    axe(page)
    assert fits(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_picture_in_welsh_has_no_barrier_either(page_as, axe, width):
    page = page_as("scrutiny", width=width)
    page.goto(PICTURE)
    page.get_by_role("button", name="Cymraeg").click()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    expect(page.locator("h1")).to_contain_text("Bwrgleriaeth")
    axe(page)
    assert fits(page)


def focused(page: Page) -> dict[str, str]:
    return page.evaluate(
        "({tag: document.activeElement.tagName.toLowerCase(), id: document.activeElement.id,"
        " text: document.activeElement.textContent.trim(), css: document.activeElement.getAttribute('class') ?? ''})"
    )


def press_until(page: Page, key: str, wanted, *, at_most: int = 60) -> dict[str, str]:
    """Press ``key`` until what has the focus is what we want."""
    for _ in range(at_most):
        page.keyboard.press(key)
        found = focused(page)
        if wanted(found):
            return found
    raise AssertionError(f"{key} never led there; last: {found}")


def test_the_whole_page_is_reached_by_keyboard_alone(page_as):
    page = page_as("analyst")
    page.goto(PICTURE)
    assert press_until(page, "Tab", lambda f: "govuk-skip-link" in f["css"], at_most=3)
    page.keyboard.press("Enter")
    # from the main part: the filters, then the map, then the tables
    press_until(page, "Tab", lambda f: f["id"] == "filter-area", at_most=5)
    press_until(page, "Tab", lambda f: f["id"] == "filter-type", at_most=2)
    press_until(page, "Tab", lambda f: "fp-map__area" in f["css"])
    before = page.evaluate("document.activeElement.dataset.code")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.code") != before
    found = press_until(page, "Tab", lambda f: f["tag"] == "summary" and "as a table" in f["text"])
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open"), found


def test_a_filter_changes_the_picture_without_a_new_page(page_as):
    page = page_as("analyst")
    page.goto(PICTURE)
    page.evaluate("window.stillTheSamePage = true")
    page.locator("#filter-type").focus()
    page.locator("#filter-type").select_option(label="Robbery")
    expect(page.locator("h1")).to_have_text("Robbery in Aldercombe")
    assert page.evaluate("window.stillTheSamePage") is True
    assert "type=robbery" in page.url
    expect(page).to_have_title("Robbery in Aldercombe · Safer Aldercombe Partnership")
    expect(page.locator("#crumbs")).to_contain_text("Robbery in Aldercombe")
    assert focused(page)["id"] == "filter-type"
    expect(page.locator("[data-announce]")).not_to_be_empty()
    page.go_back()
    expect(page.locator("h1")).to_have_text("Burglary in Aldercombe")


def test_on_a_phone_the_filters_fold_away_and_open(page_as):
    page = page_as("analyst", width=390)
    page.goto(PICTURE)
    expect(page.locator("#filter-area")).not_to_be_visible()
    page.get_by_text("Change what is shown").click()
    page.locator("#filter-type").select_option(label="Robbery")
    expect(page.locator("h1")).to_have_text("Robbery in Aldercombe")
    expect(page.locator("#filter-area")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_without_javascript_there_is_the_same_picture(page_as, width):
    page = page_as("officer", width=width, javascript=False)
    page.goto(PICTURE)
    expect(page.locator("svg.fp-map")).to_be_visible()
    expect(page.locator("#filter-type")).to_be_visible()
    page.locator("#filter-type").select_option(label="Robbery")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("h1")).to_have_text("Robbery in Aldercombe")
    page.get_by_text("areas as a table").last.click()
    expect(page.get_by_role("columnheader", name="Small area").last).to_be_visible()


def test_the_table_downloads(page_as):
    page = page_as("analyst")
    page.goto(PICTURE)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download").first.click()
    name = waiting.value.suggested_filename
    assert name.startswith("burglary-X") and name.endswith(".csv")


def test_nothing_is_asked_of_another_machine(page_as, site):
    page = page_as("analyst")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(PICTURE)
    page.wait_for_load_state("networkidle")
    assert asked and all(url.startswith(site.address) for url in asked)
