"""Workers are killed with SIGKILL at random moments, on each database: every job ends as if nothing had happened."""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from campaigns._job_worker import STEPS
from tools.campaigns import Result
from tools.database import NoPostgres, postgres_url

NAME = "killed-jobs"
DESCRIPTION = "workers killed at random moments: no job lost, half done, or done by two at once"
LONG = 400
SHORT = 8
WORKERS = 2
LONGEST_LIFE_S = 0.6
PATIENCE_S = 120
SCRIPT = Path(__file__).with_name("_job_worker.py")
SOURCE = Path(__file__).parent.parent / "src"


def run(n: int, seed: int) -> Result:
    """Kill `n` workers in all, half of them on each database. A failure is a job that did not end as it should."""
    chance = random.Random(seed)
    failures, told = 0, []
    with tempfile.TemporaryDirectory(prefix="frankpledge-killed-jobs-") as name:
        for database, url in _databases(Path(name)):
            jobs, wrong = _kill(Path(name) / database, url, -(-n // 2), chance)
            failures += wrong
            told.append(f"{jobs} jobs on {database}")
    return Result(n=n, failures=failures, notes=", ".join(told))


def _databases(folder: Path) -> Iterator[tuple[str, str]]:
    (folder / "SQLite").mkdir()
    yield "SQLite", f"sqlite:///{folder / 'SQLite' / 'jobs.sqlite3'}"
    try:
        with postgres_url() as url, _own_database(url) as own:
            (folder / "PostgreSQL").mkdir()
            yield "PostgreSQL", own
    except NoPostgres as why:
        print(f"not on PostgreSQL: {why}")


@contextmanager
def _own_database(url: str) -> Iterator[str]:
    """A new database on the server, dropped afterwards."""
    import psycopg

    name = f"killed_jobs_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
        try:
            yield f"{url.rsplit('/', 1)[0]}/{name}"
        finally:
            connection.execute(f"drop database {name} with (force)")


def _kill(folder: Path, url: str, kills: int, chance: random.Random) -> tuple[int, int]:
    """Returns how many jobs there were and how many of them ended wrong."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "FRANKPLEDGE_DATA": str(folder),
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "frankpledge.server.settings",
    }
    jobs = kills * 2
    subprocess.run([sys.executable, "-m", "frankpledge.server", "migrate"], env=environment, check=True, stdout=-3)
    subprocess.run([sys.executable, str(SCRIPT), "start", str(jobs), str(folder)], env=environment, check=True)
    workers = [_worker(folder, environment) for _ in range(WORKERS)]
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(0, LONGEST_LIFE_S))
            place = chance.randrange(WORKERS)
            workers[place].kill()
            workers[place].wait()
            workers[place] = _worker(folder, environment)
        standing = _wait_for_the_end(environment)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    return jobs, jobs - sum(_is_right(folder, job) for job in standing)


def _worker(folder: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """A worker that has begun."""
    worker = subprocess.Popen([sys.executable, str(SCRIPT), "work", str(folder)], env=environment)
    while not (folder / f"ready-{worker.pid}").exists() and worker.poll() is None:
        time.sleep(0.01)
    return worker


def _wait_for_the_end(environment: dict[str, str]) -> list[dict[str, Any]]:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        told = subprocess.run(
            [sys.executable, str(SCRIPT), "report"], env=environment, check=True, capture_output=True
        ).stdout
        standing: list[dict[str, Any]] = json.loads(told)
        if time.monotonic() > deadline or all(job["state"] not in ("queued", "running") for job in standing):
            return standing
        time.sleep(0.5)


def _is_right(folder: Path, job: dict[str, Any]) -> bool:
    number = job["arguments"]["number"]
    whole = job["state"] == "succeeded" and job["result"] == sum((number + 1) * step for step in range(STEPS))
    return whole and not (folder / str(number) / "company").exists()
