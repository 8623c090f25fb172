"""The golden thread walked both ways by hand, and an action done on a phone, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect


def follow(page: Page, stage: str, name: str) -> None:
    """Press a thing in the list beside the picture."""
    page.locator(".fp-thread__list > div", has=page.get_by_role("heading", name=stage, exact=True)).get_by_role(
        "link", name=name, exact=True
    ).click()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_thread_is_walked_from_the_priority_to_the_result_and_back(page_as, axe, javascript):
    page = page_as("coordinator", javascript=javascript)
    page.goto("/account/thread/")
    page.get_by_role("link", name="Burglary at home", exact=True).last.click()
    expect(page.locator("h1")).to_contain_text("“Burglary at home”: why")
    follow(page, "Action", "Visit every neighbour of a burgled home within two days")
    expect(page.locator("h1")).to_contain_text("Visit every neighbour")
    follow(page, "Result", "Domestic burglary")
    expect(page.locator("h1")).to_contain_text("“Domestic burglary”: why")
    follow(page, "Target", "Domestic burglary")
    follow(page, "Objective", "Fewer homes burgled")
    follow(page, "Priority", "Burglary at home")
    expect(page.locator("h1")).to_contain_text("“Burglary at home”: why")
    if javascript:
        axe(page)


def test_a_card_shows_the_thread_it_hangs_on(page_as, axe):
    page = page_as("coordinator")
    page.goto("/plan/indicators/burglary/")
    expect(page.locator("#strip")).to_contain_text("Burglary at home")
    expect(page).to_have_title(re.compile("^Domestic burglary"))
    axe(page)
    page.get_by_role("link", name="Why?").click()
    expect(page.locator("main")).to_contain_text("Rests on 3 files")
    axe(page)


@pytest.mark.parametrize("address", ["/plan/indicators/", "/plan/indicators/add/", "/plan/indicators/figures/",
                                     "/task/", "/task/add/", "/task/chase/", "/account/thread/"])  # fmt: skip
def test_the_pages_hold_on_a_phone(page_as, axe, address):
    page = page_as("coordinator", width=390)
    page.goto(address)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_an_officer_does_an_action_in_a_corridor(page_as, axe):
    page = page_as("officer", width=390)
    page.goto("/")
    page.get_by_role("link", name=re.compile("My actions")).first.click()
    axe(page)
    page.get_by_role("button", name="Note").first.click()
    page.get_by_label("In a sentence or two").fill("Rang them, back on Monday.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("My actions")
    expect(page.locator("main")).to_contain_text("It is saved.")
