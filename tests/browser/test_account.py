"""Signing in and administration in a real browser: security keys under the strict content policy, and accessibility."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tools.demo_site import PASSWORD, DemoSite

WIDTHS = (1280, 390)
ADMINISTRATION = (
    "/administration/people/",
    "/administration/people/add/",
    "/administration/people/1/",
    "/administration/people/1/roles/add/",
    "/administration/people/1/correct/",
    "/administration/agencies/add/",
    "/administration/partnership/",
    "/administration/agreements/",
    "/administration/agreements/add/",
    "/administration/agreements/1/",
    "/administration/agreements/1/end/",
    "/administration/audit/",
    "/account/",
    "/account/password/",
    "/account/second-factor/",
    "/account/second-factor/keys/",
)
DOOR = (
    "/account/sign-in/",
    "/account/password/forgotten/",
    "/account/password/forgotten/sent/",
    "/account/password/new/",
)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def hold_at_every_width(page: Page, addresses: tuple[str, ...], axe: Callable[[Page], None]) -> None:
    for address in addresses:
        page.goto(address)
        assert page.url.endswith(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert fits(page), f"{address} at {width}"
            axe(page)


def test_administration_is_accessible_and_fits(page_as: Callable[..., Page], axe: Callable[[Page], None]) -> None:
    hold_at_every_width(page_as("administrator"), ADMINISTRATION, axe)


def test_the_door_is_accessible_and_fits(page_as: Callable[..., Page], axe: Callable[[Page], None]) -> None:
    hold_at_every_width(page_as(None), DOOR, axe)


def test_a_form_with_faults_is_accessible_and_takes_the_reader_to_them(
    page_as: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    page = page_as("administrator")
    page.goto("/administration/people/add/")
    page.get_by_role("button", name="Add the person").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    axe(page)
    page.get_by_role("link", name="Enter the person’s name.").click()
    expect(page.locator("[name=name]")).to_be_focused()


def test_signing_in_by_keyboard_alone(page_as: Callable[..., Page]) -> None:
    page = page_as(None)
    page.goto("/account/sign-in/")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type("scrutiny@aldercombe.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").wait_for()


def test_a_security_key_can_be_added_and_opens_the_door(page_as: Callable[..., Page], site: DemoSite) -> None:
    """Browsers give keys to names, not to numbers: hence localhost."""
    page = page_as(None)
    here = site.address.replace("127.0.0.1", "localhost")
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": key})

    def by_password() -> None:
        page.goto(f"{here}/account/sign-in/")
        page.get_by_label("E-mail address").fill("representative@aldercombe.example")
        page.locator("#id_password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()

    by_password()
    page.goto(f"{here}/account/second-factor/keys/add/")
    page.get_by_label("Name of the key").fill("The blue one")
    page.get_by_role("button", name="Add the key").click()
    page.wait_for_url("**/second-factor/codes/")
    page.get_by_role("button", name="Sign out").click()

    by_password()
    page.wait_for_url("**/sign-in/code/")
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url(f"{here}/")

    # as it was, for whoever comes next
    page.goto(f"{here}/account/second-factor/keys/")
    page.get_by_role("link", name="Remove The blue one").click()
    page.wait_for_url("**/confirm/**")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Remove the key").click()
    page.get_by_text("You have not added a key yet.").wait_for()
