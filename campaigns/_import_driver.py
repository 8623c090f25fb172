"""The processes of the campaign `killed-imports`. Run as a script: KILLS SEED FOLDER; prints the outcome as JSON.

Django and Arrow are loaded once; every import, check and resume is a fork of this process with a database and data
folder of its own, copied from a template in which two months are already imported. This process itself never opens
the database through Django and never computes with Arrow, so there are no threads and no connections to be forked.
"""

import gzip
import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

PATIENCE_S = 60.0
_DRIVER = os.getpid()


class Ground:
    """A database and a data folder, copied from the template for one trial and thrown away after it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.data = folder / name

    def __enter__(self) -> "Ground":
        shutil.copytree(self.folder / "template", self.data)
        if _on_postgres():
            _administer(f"create database {self.name} template {_template()}")
        return self

    def __exit__(self, *_: object) -> None:
        if _on_postgres():
            _administer(f"drop database {self.name} with (force)")
        shutil.rmtree(self.data)

    def stand_on(self) -> None:
        """Point this process's settings here. Only in a fork, before its first query."""
        from django.conf import settings
        from django.db import connection

        settings.DATA_DIR = self.data
        connection.settings_dict["NAME"] = self.name if _on_postgres() else str(self.data / "frankpledge.sqlite3")

    def wait_until_alone(self) -> None:
        """On PostgreSQL a killed client's last statement may still be under way in the server."""
        deadline = time.monotonic() + PATIENCE_S
        while _on_postgres() and _others(self.name):
            if time.monotonic() > deadline:
                raise TimeoutError("a connection of a killed import did not end")
            time.sleep(0.005)


def fork(work: Callable[[], Any]) -> tuple[int, int]:
    """Do ``work`` in a fork; returns its process and a pipe on which its result or its problem comes as JSON."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        return child, reader
    try:
        told = {"result": work()}
    except BaseException as problem:  # noqa: BLE001 - the door of the process: the driver is told what happened
        told = {"problem": f"{type(problem).__name__}: {problem}", "trace": traceback.format_exc()}
    _close_connection()
    os.write(writer, json.dumps(told).encode())
    os._exit(0)


def result_of(child: tuple[int, int]) -> Any:
    """Wait for a fork; its result. Raises RuntimeError with its problem."""
    process, pipe = child
    with os.fdopen(pipe, "rb") as stream:
        text = stream.read()
    os.waitpid(process, 0)
    told = json.loads(text) if text else {"problem": "it ended without a word"}
    if "problem" in told:
        print(told.get("trace", ""), file=sys.stderr)
        raise RuntimeError(told["problem"])
    return told["result"]


def kill(child: tuple[int, int]) -> None:
    """SIGKILL, and wait until the process is gone."""
    os.kill(child[0], signal.SIGKILL)
    os.waitpid(child[0], 0)
    os.close(child[1])


def import_files(ground: Ground, files: Path) -> float:
    """Import; seconds it took."""
    from frankpledge.vocabulary.actors import Actor
    from frankpledge.workflows.import_incidents import import_paths

    ground.stand_on()
    began = time.monotonic()
    import_paths([files], by=Actor.system("campaign"))
    return time.monotonic() - began


def look(ground: Ground) -> dict[str, Any]:
    """Check that everything is whole; the number of batches and the word for the whole state."""
    from frankpledge.foundation.audit.selectors import verify
    from frankpledge.records.incidents.models import Batch
    from tests.incidents.state import check_whole, state_hash

    ground.stand_on()
    check_whole()
    verification = verify()
    assert verification.unbroken, verification.sentence()
    return {"batches": Batch.objects.count(), "state": state_hash()}


def prepare(template: Ground, earlier: Path) -> None:
    """Make the template: tables, and the earlier months."""
    from django.core.management import call_command

    template.stand_on()
    call_command("migrate", verbosity=0)
    import_files(template, earlier)


def write_files(folder: Path) -> tuple[Path, Path]:
    """The files of the template, and those of the import that is killed: a corrected month and five new ones."""
    from tests.incidents.police_files import write_street_file

    earlier, files = folder / "earlier", folder / "files"
    for month in ("2022-03", "2022-04"):
        write_street_file(earlier, month, 300)
    write_street_file(files, "2022-04", 320, edition=2)
    for month in ("2022-05", "2022-06", "2022-07", "2022-08"):
        write_street_file(files, month, 300)
    plain = write_street_file(files, "2022-09", 280)
    plain.with_name(f"{plain.name}.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    return earlier, files


class Campaign:
    """All trials, and what came of them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.problems: list[str] = []
        self.moments: Counter[str] = Counter()
        self.earlier, self.files = write_files(folder)
        template = Ground(folder, "template")
        template.data.mkdir(exist_ok=True)  # Django may have made it for its secret key
        if _on_postgres():
            _administer(f"create database {_template()}")
        template.name = _template()
        result_of(fork(lambda: prepare(template, self.earlier)))
        with Ground(folder, _trial("whole")) as ground:
            self.before = result_of(fork(lambda: look(ground)))
            self.duration_s = result_of(fork(lambda: import_files(ground, self.files)))
            self.after = result_of(fork(lambda: look(ground)))

    def trial(self, number: int) -> None:
        """One kill, the check after it, the resume, and the check after that."""
        company = number % 2 == 1
        with Ground(self.folder, _trial(str(number))) as ground:
            victim = fork(lambda: import_files(ground, self.files))
            beside = fork(lambda: import_files(ground, self.files)) if company else None
            time.sleep(self.chance.uniform(0, self.duration_s * (2.2 if company else 1.1)))
            kill(victim)
            try:
                if beside is not None:
                    result_of(beside)
                ground.wait_until_alone()
                found = result_of(fork(lambda: look(ground)))
                self._note_moment(found["batches"], company)
                result_of(fork(lambda: import_files(ground, self.files)))
                if result_of(fork(lambda: look(ground)))["state"] != self.after["state"]:
                    raise RuntimeError("the resumed import ended in another state")
            except (RuntimeError, TimeoutError) as problem:
                self.problems.append(f"kill {number}: {problem}")

    def _note_moment(self, batches: int, company: bool) -> None:
        done, all_ = batches - self.before["batches"], self.after["batches"] - self.before["batches"]
        self.moments["beside another" if company else f"after {done} of {all_} batches"] += 1

    def close(self) -> None:
        """Take the template away."""
        if _on_postgres():
            _administer(f"drop database {_template()} with (force)")


def _url() -> str:
    return os.environ.get("DATABASE_URL", "")


def _on_postgres() -> bool:
    return _url().startswith("postgres")


def _template() -> str:
    return f"killed_imports_{_DRIVER}"


def _trial(name: str) -> str:
    return f"{_template()}_{name}"


def _administer(statement: str) -> None:
    import psycopg

    with psycopg.connect(_url(), autocommit=True) as connection:
        connection.execute(statement)


def _others(database: str) -> int:
    import psycopg

    with psycopg.connect(_url(), autocommit=True) as connection:
        row = connection.execute("select count(*) from pg_stat_activity where datname = %s", [database]).fetchone()
    return int(row[0]) if row else 0


def _close_connection() -> None:
    from django.db import connection

    connection.close()


def _load() -> None:
    """Everything a fork needs, imported here once."""
    django.setup()
    import frankpledge.foundation.audit.selectors  # noqa: F401
    import frankpledge.workflows.import_incidents  # noqa: F401
    import tests.incidents.state  # noqa: F401


def main(kills: int, seed: int, folder: Path) -> None:
    """Run the campaign and print what came of it."""
    _load()
    campaign = Campaign(folder, seed)
    for number in range(kills):
        campaign.trial(number)
    campaign.close()
    moments = ", ".join(f"{count} {moment}" for moment, count in sorted(campaign.moments.items()))
    print(json.dumps({"kills": kills, "problems": campaign.problems, "moments": moments}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
