"""A resident asks for a visit on a phone: by keyboard alone, without JavaScript, in English and Welsh."""

import re

import pytest
from playwright.sync_api import Page, expect

ASK = "/deliver/homes/ask/"
REFERENCE = re.compile(r"H-[2-9A-HJ-NP-TV-Y]{6}")


def continue_by_keyboard(page: Page) -> None:
    """Enter in the last field sends a form; of choices the button is reached by the tabulator."""
    page.locator("main button[type=submit]").focus()
    page.keyboard.press("Enter")


def fill(page: Page, each=lambda: None) -> None:
    """Answer all six questions with keys only."""
    page.goto(f"{ASK}address/")
    each()
    page.locator("[name=address]").focus()
    page.keyboard.type("4 Gravel Street")
    page.keyboard.press("Tab")
    page.keyboard.type("xa1 1aa")
    page.keyboard.press("Enter")
    for step in ("tenure", "burgled"):
        expect(page).to_have_url(re.compile(f"{step}/$"))
        each()
        page.locator("[name=answer]").first.focus()
        page.keyboard.press("Space")
        continue_by_keyboard(page)
    expect(page).to_have_url(re.compile("needs/$"))
    each()
    continue_by_keyboard(page)
    expect(page).to_have_url(re.compile("contact/$"))
    each()
    page.locator("[name=name]").focus()
    page.keyboard.type("Mrs K")
    page.locator("[name=reach_by]").first.focus()
    page.keyboard.press("Space")
    page.locator("[name=telephone]").focus()
    page.keyboard.type("07700 900417")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("heard/$"))
    each()
    page.locator("[name=answer]").first.focus()
    page.keyboard.press("Space")
    continue_by_keyboard(page)
    expect(page).to_have_url(re.compile("check/$"))
    each()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_resident_asks_by_keyboard_alone(page_as, javascript):
    page = page_as(None, width=390, javascript=javascript)
    fill(page)
    page.locator("[name=consent_contact]").focus()
    page.keyboard.press("Space")
    continue_by_keyboard(page)
    expect(page.locator("h1")).to_have_text("We have your request")
    assert REFERENCE.search(page.locator("main").inner_text())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390 if javascript else True


@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_no_page_of_the_form_shuts_anybody_out(page_as, axe, language):
    page = page_as(None, width=390)
    page.goto(ASK)
    if language == "cy":
        page.get_by_role("button", name="Cymraeg").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    axe(page)
    fill(page, lambda: axe(page))
    continue_by_keyboard(page)  # without consent: what is wrong is said
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    axe(page)
    for other in ("change", "privacy"):
        page.goto(f"{ASK}{other}/")
        axe(page)
