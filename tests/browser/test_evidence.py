"""A file is added and a batch withdrawn, by hand, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.incidents.police_files import write_street_file

READ_MS = 60_000  # the worker looks for new work every second or so


def add_file(page: Page, path: Path) -> None:
    page.goto("/assess/evidence/")
    page.get_by_role("button", name="Add a file").click()
    page.get_by_label("Choose a file").set_input_files(path)
    page.get_by_role("button", name="Send the file").click()
    expect(page.locator("h1")).to_have_text("Reading your file")


@pytest.mark.parametrize(("javascript", "month"), [(True, "2021-03"), (False, "2021-04")])
def test_a_file_is_added_watched_and_found_again(page_as, axe, tmp_path, javascript, month):
    page = page_as("analyst", javascript=javascript)
    add_file(page, write_street_file(tmp_path, month, 60))
    expect(page.get_by_text("finished").first).to_be_visible(timeout=READ_MS)
    expect(page.locator("#work")).to_contain_text("54 stored")
    if javascript:
        axe(page)
    page.locator("#work a", has_text=f"police-uk-street.leicestershire.{month}").click()
    expect(page.locator("h1")).to_contain_text("data.police.uk crime")
    expect(page.locator("main")).to_contain_text("6 rows are in quarantine, for 1 reason")


def test_a_batch_is_withdrawn_only_when_asked_twice(page_as, axe, tmp_path):
    page = page_as("analyst", width=390)
    add_file(page, write_street_file(tmp_path, "2021-05", 60))
    page.locator("#work a", has_text="police-uk-street.leicestershire.2021-05").click(timeout=READ_MS)
    axe(page)
    page.get_by_role("button", name="Withdraw this batch").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why the batch is withdrawn.")
    axe(page)
    page.get_by_label("Why is it withdrawn?").fill("Sent by mistake in a test.")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("Are you sure?")
    axe(page)
    page.get_by_role("button", name="Yes, withdraw it").click()
    expect(page.get_by_role("status")).to_contain_text("The batch is withdrawn.")
    axe(page)


def test_quarantined_rows_are_read_by_who_may(page_as, axe, tmp_path):
    page = page_as("analyst")
    add_file(page, write_street_file(tmp_path, "2021-06", 60))
    page.locator("#work a", has_text="police-uk-street.leicestershire.2021-06").click(timeout=READ_MS)
    page.get_by_role("link", name="See rows").click()
    expect(page.locator("h1")).to_have_text("6 rows are in quarantine, for 1 reason")
    axe(page)
    address = page.url
    page_as("manager").goto(address)
    other = page_as("manager")
    assert other.goto(address).status == 404
