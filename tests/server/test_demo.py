"""The demo partnership at the first start, killed half way and finished by the next."""

import http.cookiejar
import os
import re
import signal
import time
import urllib.parse
import urllib.request

import psutil
import pytest

from frankpledge.sources.simulator import simulate
from frankpledge.vocabulary.permissions import Role

pytestmark = [pytest.mark.slow, pytest.mark.database, pytest.mark.timeout(600)]


def wait_until_it_says(server, words, seconds=120):
    """Wait for a line of the start."""
    deadline = time.monotonic() + seconds
    while words not in server.said():
        assert time.monotonic() < deadline, server.said()
        assert server.process.poll() is None, server.said()
        time.sleep(0.02)


def sign_in(server, email, password):
    """Sign in as a browser would; returns the page people come to and its address."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    address = f"http://127.0.0.1:{server.port}/account/sign-in/"
    form = browser.open(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form).group(1)
    fields = {"csrfmiddlewaretoken": token, "login": email, "password": password}
    answer = browser.open(address, urllib.parse.urlencode(fields).encode())
    return answer.read().decode(), urllib.parse.urlsplit(answer.geturl()).path


def test_a_demo_killed_half_way_is_finished_by_the_next_start_and_kept_by_all_later_ones(server):
    server.begin("--demo-password", "a word")
    wait_until_it_says(server, "imported")
    time.sleep(0.5)
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()

    server.start("--demo-password", "a word")
    said = server.said()
    assert "The demo partnership is there" in said
    # Killed and taken up again, it is what it is when nobody interferes: every file once.
    assert server.ask("select count(*) from incidents_batch") == len(simulate(seed=1).record_files)
    for role in Role:
        assert re.search(rf"{role} +{role}@aldercombe\.example +a word", said)
    page, address = sign_in(server, "analyst@aldercombe.example", "a word")
    assert address == "/"
    assert "Aldercombe" in page
    server.stop()

    server.start("--demo-password", "a word")
    assert server.spent_s() < 3.0
    assert "Making the demo" not in server.said()
    server.stop()
    assert "holds the demo partnership" in server.refuse("--no-demo")

    # Without a given password one is made, and the second factor is asked.
    server.start()
    made = re.search(r"analyst@aldercombe\.example +(\S+)", server.said()).group(1)
    assert len(made) >= 10
    page, address = sign_in(server, "analyst@aldercombe.example", made)
    assert address != "/"
    assert "code" in page.lower()
    server.stop()
    server.start()
    assert made in server.said()
    server.stop()


def test_ctrl_c_while_the_demo_is_made_leaves_nothing_running(server):
    server.begin()
    wait_until_it_says(server, "simulated")
    parts = server.processes()
    assert server.stop() < 5
    assert server.process.returncode == 130
    assert not psutil.wait_procs(parts, timeout=3)[1]
