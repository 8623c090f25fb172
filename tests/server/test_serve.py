"""The one command: it starts quickly, keeps its parts together, and leaves nothing behind."""

import fcntl
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from dataclasses import replace

import psutil
import pytest

from frankpledge.server.installation import Installation
from tests.server.serving import Server

pytestmark = pytest.mark.slow


def gone(processes, within_s):
    """Whether all of them ended in time."""
    _, alive = psutil.wait_procs(processes, timeout=within_s)
    return not alive


def worker_of(server):
    """The process that does jobs: the child of the first process that has no children of its own."""
    children = psutil.Process(server.process.pid).children()
    return next(child for child in children if not child.children())


@pytest.mark.database
def test_from_an_empty_folder_to_a_page_and_back_again_at_once(server):
    server.start("--no-demo")
    assert server.status("/") in (200, 302)
    said = server.said()
    assert f"http://127.0.0.1:{server.port}" in said
    assert "Traceback" not in said
    assert "Nobody has an account yet" in said
    parts = server.processes()
    assert server.stop() < 5
    assert server.process.returncode == 0
    assert gone(parts, 1)
    assert server.said().endswith("Stopped.\n")

    server.start("--no-demo")
    assert server.spent_s() < 3.0
    assert "Making the database" not in server.said()
    assert server.stop(signal.SIGTERM) < 5
    assert server.process.returncode == 0


def test_nobody_else_on_the_machine_can_read_what_it_writes(server):
    server.start("--no-demo")
    server.stop()
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    for path in server.data.rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_a_question_in_an_address_is_not_written_to_the_access_log(standing):
    standing.start("--no-demo")
    standing.status("/account/sign-in/?name=somebody")
    standing.stop()
    log = (standing.data / "log" / "access.log").read_text()
    assert "/account/sign-in/" in log
    assert "somebody" not in log


def test_a_request_cannot_say_where_the_site_begins(standing):
    standing.start("--no-demo")
    with socket.create_connection(("127.0.0.1", standing.port), timeout=10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nSCRIPT_NAME: /x\r\nConnection: close\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.database
def test_a_worker_that_dies_is_started_again(standing):
    standing.start("--no-demo")
    time.sleep(1)
    first = worker_of(standing)
    first.kill()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        time.sleep(0.1)
        children = psutil.Process(standing.process.pid).children()
        second = [child for child in children if not child.children() and child.pid != first.pid]
        if len(children) == 2 and second:
            break
    else:
        pytest.fail("no new worker")
    assert standing.status("/") in (200, 302)
    assert "The worker ended by itself and is started again." in standing.said()


def test_when_the_web_process_dies_everything_goes_and_says_so(standing):
    standing.start("--no-demo")
    parts = standing.processes()
    worker = worker_of(standing)
    web = next(child for child in psutil.Process(standing.process.pid).children() if child != worker)
    web.kill()
    assert standing.process.wait(timeout=10) == 1
    assert "The web process ended by itself; stopping." in standing.said()
    assert gone(parts, 5)


def test_nothing_outlives_a_server_that_was_killed(standing):
    standing.start("--no-demo")
    parts = standing.processes()
    standing.process.kill()
    standing.process.wait()
    assert gone(parts[1:], 10)


def test_a_port_that_is_taken_is_one_sentence_that_names_a_free_one(standing, tmp_path):
    standing.start("--no-demo")
    second = Server(tmp_path / "other")
    second.port = standing.port
    sentence = second.refuse("--no-demo")
    assert sentence.startswith(f"Port {standing.port} is in use by another program. Try --port ")


@pytest.mark.parametrize("arguments", [[], ["--demo-password", "word"], ["--no-demo", "--demo-password", "word"]])
def test_the_demo_is_never_served_on_an_address_others_can_reach(server, arguments):
    assert "on this machine's own address only" in server.refuse("--host", "0.0.0.0", *arguments)
    assert not server.data.exists()


def test_an_open_address_needs_the_names_people_use_for_it(server):
    assert "FRANKPLEDGE_HOSTS" in server.refuse("--host", "0.0.0.0", "--no-demo")


def test_an_address_of_another_machine_is_refused_in_a_sentence(server):
    assert server.refuse("--host", "nowhere.invalid", "--no-demo") != ""
    server.environment["FRANKPLEDGE_HOSTS"] = "nowhere.example"
    assert server.refuse("--host", "192.0.2.1", "--no-demo") == "192.0.2.1 is not an address of this machine."


def test_a_demo_password_without_the_demo_is_refused(server):
    assert "--demo-password is for the demo" in server.refuse("--no-demo", "--demo-password", "word")


@pytest.mark.database
def test_a_database_of_a_newer_version_is_left_alone(standing):
    subprocess.run(
        [sys.executable, "-m", "frankpledge.server", "migrate", "--data", str(standing.data)],
        env=standing.environment,
        check=True,
    )
    standing.ask("insert into django_migrations (app, name, applied) values ('jobs', '9999_later', '2030-01-01')")
    sentence = standing.refuse("--no-demo")
    assert sentence.startswith("The database was made by a newer version of Frankpledge (jobs 9999_later is not known")


@pytest.mark.database
def test_migrate_says_when_there_is_nothing_to_do(server):
    command = [sys.executable, "-m", "frankpledge.server", "migrate", "--data", str(server.data)]
    said = [
        subprocess.run(command, env=server.environment, check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    ]
    assert said == ["Making the database.\n", "The database is up to date.\n"]


def test_a_database_that_does_not_answer_is_one_sentence(server):
    server.environment["DATABASE_URL"] = "postgres://nobody@127.0.0.1:9/nothing"
    sentence = server.refuse("--no-demo")
    assert sentence.startswith("The database does not answer:")
    assert "\n" not in sentence


def test_a_second_start_waits_while_another_prepares_the_installation(standing):
    Installation.open(standing.data)
    with (standing.data / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        standing.begin("--no-demo")
        deadline = time.monotonic() + 20
        while "waiting for it" not in standing.said():
            assert time.monotonic() < deadline, standing.said()
            time.sleep(0.05)
    assert standing.status("/") in (200, 302)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    assert "file" in Server(tmp_path / "file" / "data", output=tmp_path / "output").refuse("--no-demo")


@pytest.mark.database
def test_a_worker_of_its_own_leaves_when_asked(server):
    process = subprocess.Popen(
        [sys.executable, "-m", "frankpledge.server", "worker", "--data", str(server.data)],
        env={**server.environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = [process.stdout.readline(), process.stdout.readline()]
        assert lines[1].startswith("Doing waiting work")
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0
    finally:
        process.kill()
        process.wait()
    assert os.path.exists(server.data)


def test_a_real_installation_hands_out_styles_under_names_that_never_mean_anything_else(standing):
    manifest = standing.data / "static" / "staticfiles.json"
    written = manifest.stat().st_mtime_ns
    standing.start("--no-demo")
    assert manifest.stat().st_mtime_ns == written
    assert standing.spent_s() < 3.0
    page = standing.text("/account/sign-in/")
    (sheet,) = re.findall(r'href="(/static/ui/built/frankpledge\.[0-9a-f]{12}\.css)"', page)
    (script,) = re.findall(r'src="(/static/ui/built/js/frankpledge\.[0-9a-f]{12}\.js)"', page)
    assert re.search(r"/\*|fonts/[a-z-]+\.[0-9a-f]{12}\.woff2", standing.text(sheet))
    (imported,) = re.findall(r'from "\./(govuk-frontend\.min\.[0-9a-f]{12}\.js)"', standing.text(script))
    assert standing.status(f"/static/ui/built/js/{imported}") == 200
    assert "immutable" in standing.headers(sheet)["Cache-Control"]
    standing.stop()


def test_a_new_version_brings_its_own_styles(standing):
    installation = Installation.open(standing.data)
    installation.remember(replace(installation.memory(), static_files="those of an earlier version"))
    stale = standing.data / "static" / "staticfiles.json"
    stale.write_text('{"paths": {}, "version": "1.1", "hash": ""}')
    standing.start("--no-demo")
    assert re.search(r"frankpledge\.[0-9a-f]{12}\.css", standing.text("/account/sign-in/"))
    standing.stop()
