"""The crew's page of today's visits, opened for the first time on a slow phone over a 3G network.

A demo is served, and Chromium slows itself down: the network as WebPageTest's "3G" (1.6 Mbit/s down, 768 kbit/s up, 300
ms there and back), the processor to a quarter. The yardstick of the time is the page that only says the server is well,
opened in the same way in the same run; of the bytes, the 150 KB that were promised.
"""

import statistics
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tools import demo_site
from tools.bench import NothingToMeasure, Row
from tools.demo_site import DemoSite

KB = 1_000
MOST_CODE = 150 * KB
MOST_TIMES_EMPTY = 5.0
TURNS = 5
CREW, EMPTY = "/deliver/homes/crew/", "/healthz"
NETWORK = {"offline": False, "latency": 300, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 768_000 / 8}
SLOWER = 4
CODE = ("Stylesheet", "Script", "Font", "Image", "Manifest")
USABLE, LOADED = "body[data-state]", "body"  # usable: the script has read what the phone holds


def run() -> list[Row]:
    """Measure the promise about the crew's first page. Raises NothingToMeasure without a browser."""
    program = demo_site.find_chromium()
    if program is None:
        raise NothingToMeasure(f"needs Chromium; {demo_site.HOW_TO_GET_A_BROWSER}")
    with demo_site.demo_site() as site, sync_playwright() as playwright:
        browser = demo_site.launch(playwright, program)
        context = demo_site.new_context(browser)
        demo_site.sign_in(context.new_page(), site, "crew")
        state = context.storage_state()
        pages, empties, code = [], [], 0
        for _ in range(TURNS):
            empties.append(_opened(browser, site, state, EMPTY, LOADED)[0])
            seconds, code = _opened(browser, site, state, CREW, USABLE)
            pages.append(seconds)
        browser.close()
    page, empty = statistics.median(pages), statistics.median(empties)
    return [
        Row(
            "crew page first load, code over the wire",
            f"{code / KB:.0f} KB",
            f"promised: {MOST_CODE // KB} KB",
            code / MOST_CODE,
            "at most 1",
            code <= MOST_CODE,
        ),
        Row(
            f"crew page first load, until it is usable (3G, processor {SLOWER} times slower)",
            f"{page:.2f} s",
            f"an empty page of the same server: {empty:.2f} s",
            page / empty,
            f"at most {MOST_TIMES_EMPTY:.0f}",
            page / empty <= MOST_TIMES_EMPTY,
        ),
    ]


def _opened(browser: Browser, site: DemoSite, state: Any, address: str, until: str) -> tuple[float, int]:
    """Seconds until a page is there for a phone that never saw it, and the bytes of code that came, as they came."""
    context = demo_site.new_context(browser, 390, 844, base_url=site.address, storage_state=state)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    wire.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", NETWORK)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="commit")
    page.wait_for_selector(until)
    seconds = page.evaluate("performance.now()") / 1000
    page.wait_for_load_state("networkidle")
    context.close()
    return seconds, sum(int(size) for request, size in sizes.items() if kinds.get(request) in CODE)
