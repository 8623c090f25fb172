"""The staff's pages of safe homes, area schemes and bought services on a phone: no barrier, nothing wider than it."""

from playwright.sync_api import Error, Page

HOMES, SCHEMES, SERVICES = "/deliver/homes/", "/deliver/schemes/", "/deliver/services/"
PAGES = (
    HOMES,
    f"{HOMES}requests/?first=1&second=2",
    f"{HOMES}requests/first/",
    f"{HOMES}requests/points/",
    f"{HOMES}requests/take/",
    f"{HOMES}requests/to-find/",
    f"{HOMES}choose/",
    f"{HOMES}cocoons/",
    f"{HOMES}cocoons/1/",
    f"{HOMES}contacts/",
    f"{HOMES}crews/",
    f"{HOMES}stock/",
    f"{HOMES}empty/",
    f"{HOMES}reports/",
    f"{HOMES}kits/",
    f"{HOMES}kits/look-up/",
    f"{HOMES}quality/",
    f"{HOMES}quality/calls/1/",
    f"{HOMES}damage/",
    f"{HOMES}damage/1/",
    f"{HOMES}sales/",
    f"{HOMES}suppliers/",
    f"{HOMES}suppliers/add/",
    f"{HOMES}returns/",
    f"{HOMES}passed-on/",
    SCHEMES,
    f"{SCHEMES}gates/",
    f"{SCHEMES}gates/1/",
    f"{SCHEMES}watches/",
    f"{SCHEMES}watches/1/",
    f"{SCHEMES}volunteers/",
    f"{SCHEMES}shops/",
    f"{SCHEMES}shops/1/",
    SERVICES,
    f"{SERVICES}add/",
    f"{SERVICES}1/",
    "/task/decisions/",
    "/task/decisions/delegations/",
    "/account/homes/burglaries/",
    "/account/homes/coverage/",
    "/account/homes/lessons/",
    "/account/homes/lessons/add/",
)


def fault(page: Page, address: str, axe) -> str:
    """What is wrong with a page, or nothing."""
    try:
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            return f"{address} answers {answer.status if answer else 'nothing'}"
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            return f"{address} is wider than a phone"
        axe(page)
    except (AssertionError, Error) as problem:
        return f"{address}: {problem}"
    return ""


def test_every_page_of_deliver_holds_on_a_phone(page_as, axe):
    page = page_as("coordinator", width=390)
    faults = [found for found in (fault(page, address, axe) for address in PAGES) if found]
    assert not faults, "\n".join(faults)
