"""`run.py screenshots DIR`: photographs every page as every demo role, at 1280 and 390 pixels.

Runs inside the environment.

A demo of its own is started; each role signs in through the page people use and follows the links it is offered. Pages
that differ only in a number or a query are one page, photographed once.
"""

import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from frankpledge.vocabulary.permissions import Role
from tools import demo_site
from tools.demo_site import DemoSite

WIDTHS = (1280, 390)
MOST_PAGES = 150
START = ["/", "/assess/", "/assess/picture/", "/assess/evidence/", "/assess/evidence/add/"]
SIGNED_OUT = ["/", "/nothing-is-here/"]
# leaving, downloading and switching language are no pages
NOT_PAGES = re.compile(r"/(sign-out|language|static)/|\.[a-z]{2,5}(\?|$)|/file/")
# a number, a UUID, or a batch's key: source.publisher.month.version
VARIABLE = re.compile(r"^(\d+|[0-9a-f]{8}(-[0-9a-f]{4,})+|[\w-]+(\.[\w-]+){2,})$")


def kind_of(address: str) -> str:
    """What page an address is, without its variable parts: /work/17/ and /work/18/ are one page.

    Of a query only the names count: a picture of one area is another page than the choice of an area.
    """
    parts = urlsplit(address)
    path = "/".join("x" if VARIABLE.match(part) else part for part in parts.path.split("/"))
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return "?".join([path, *(["&".join(names)] if names else [])])


def name_of(kind: str) -> str:
    """A page's kind as part of a file name."""
    path, _, query = kind.partition("?")
    name = path.strip("/").replace("/", "_") or "first-page"
    return f"{name}-by-{query.replace('&', '-')}" if query else name


def links(page: Page, site: DemoSite) -> list[str]:
    """The addresses of this site that the page links to, in order."""
    found = page.locator("a[href]").evaluate_all("links => links.map(link => link.href)")
    own = [address.split("#")[0] for address in found if address.startswith(site.address + "/")]
    return [address.removeprefix(site.address) for address in own if not NOT_PAGES.search(address)]


def photograph(page: Page, folder: Path, role: str, kind: str) -> None:
    """Take the page at each width, whole."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=folder / f"{role}-{name_of(kind)}-{width}.png", full_page=True)


def photograph_role(browser: Browser, site: DemoSite, folder: Path, role: str | None) -> int:
    """Walk the site as a role (None: signed out) and photograph each kind of page once; how many there were."""
    context = demo_site.new_context(browser, base_url=site.address)
    page = context.new_page()
    waiting = list(SIGNED_OUT if role is None else START)
    seen: set[str] = set()
    if role is not None:
        demo_site.sign_in(page, site, role)
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(address)
        if role is not None and answer is not None and answer.status == 404:
            continue  # this role is not offered the page
        photograph(page, folder, role or "signed-out", kind)
        if role is not None:
            waiting += links(page, site)
    context.close()
    return len(seen)


def main(folder: Path) -> int:
    """Photograph everything into ``folder``."""
    program = demo_site.find_chromium()
    if program is None:
        sys.exit(f"Screenshots need Chromium: {demo_site.HOW_TO_GET_A_BROWSER}.")
    folder.mkdir(parents=True, exist_ok=True)
    with demo_site.demo_site() as site, sync_playwright() as playwright:
        browser = demo_site.launch(playwright, program)
        for role in [None, *Role]:
            pages = photograph_role(browser, site, folder, role)
            print(f"{role or 'signed out'}: {pages} pages", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
