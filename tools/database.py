"""A PostgreSQL for the tests: the one named by ``DATABASE_URL``, one found on this machine, or one from a PyPI wheel.

A server of our own lives in a temporary folder, listens on a Unix socket there and nowhere else, and is gone with it.
PostgreSQL refuses to run as root, so as root it is started as another user.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tools import installer
from tools.places import BUILD, LOCKS, CannotGoOn

DATABASE = "frankpledge"
WHEEL_LOCK = LOCKS / "postgres.txt"
# Losing the data of a test is no loss, so nothing waits for the disk.
SETTINGS = {"listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
HOW_TO_ENABLE = "install the Debian package postgresql, or set DATABASE_URL to a server where databases may be created"


class NoPostgres(Exception):
    """There is no PostgreSQL to be had; the message says why."""


@contextmanager
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server on which test databases may be made, for as long as the block lasts.

    Raises:
        NoPostgres: if there is none.
    """
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres:", "postgresql:")):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="frankpledge-postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        programs = find_programs(folder)
        server = start(programs, folder)
        try:
            yield f"postgresql://{DATABASE}@{quote(str(folder), safe='')}/{DATABASE}"
        finally:
            stop(server)


def find_programs(folder: Path) -> Path:
    """The folder that holds initdb and postgres: Debian's newest, the one on the PATH, or the wheel's."""
    by_version = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version_of, reverse=True)
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    for candidate in [*by_version, *on_path]:
        if (candidate / "initdb").exists() and (candidate / "postgres").exists():
            return candidate
    return programs_from_wheel(folder)


def version_of(programs: Path) -> float:
    """The version in a path such as /usr/lib/postgresql/15/bin."""
    try:
        return float(programs.parent.name)
    except ValueError:
        return 0.0


def programs_from_wheel(folder: Path) -> Path:
    """The programs of the PyPI wheel; as root a copy of them, where the user that runs them may read."""
    wheel = BUILD / "postgres"
    try:
        installer.install_aside(WHEEL_LOCK, wheel, "PostgreSQL, to run the tests on")
    except CannotGoOn as problem:
        raise NoPostgres(str(problem)) from problem
    if os.geteuid() == 0:
        wheel = Path(shutil.copytree(wheel, folder / "programs", symlinks=True))
    found = next(wheel.glob("*/pginstall/bin"), None)
    if found is None:
        raise NoPostgres("the wheel holds no PostgreSQL for this machine")
    return found


def start(programs: Path, folder: Path) -> subprocess.Popen[bytes]:
    """Make a cluster in ``folder`` and start it; returns when it answers."""
    identity = another_user() if os.geteuid() == 0 else {}
    if identity:
        os.chown(folder, identity["user"], identity["group"])
    data, log = folder / "data", folder / "log"
    making = [programs / "initdb", "-D", data, "-U", DATABASE, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    made = subprocess.run([str(part) for part in making], cwd=folder, capture_output=True, text=True, **identity)
    if made.returncode != 0:
        raise NoPostgres(f"initdb failed: {made.stderr.strip().splitlines()[-1:]}")
    flags = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), "-k", str(folder), *flags],
            cwd=folder, stdout=output, stderr=output, **identity,
        )  # fmt: skip
    wait_until_ready(server, programs, folder)
    return server


def another_user() -> dict[str, Any]:
    """Whom to be instead of root, as arguments of a started process: Debian's postgres, else nobody."""
    for name in ("postgres", "nobody"):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": person.pw_uid, "group": person.pw_gid, "umask": 0o077}
    raise NoPostgres("PostgreSQL does not run as root, and this machine has neither the user postgres nor nobody")


def wait_until_ready(server: subprocess.Popen[bytes], programs: Path, folder: Path) -> None:
    """Wait until the server takes connections, then make the database."""
    command = [str(programs / "createdb"), "-h", str(folder), "-U", DATABASE, DATABASE]
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        if subprocess.run(command, capture_output=True).returncode == 0:
            return
        time.sleep(0.1)
    stop(server)
    raise NoPostgres(f"it did not start: {(folder / 'log').read_text(errors='replace').strip()[-300:]}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ask the server to end at once but tidily; insist after ten seconds."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


if __name__ == "__main__":
    with postgres_url() as address:
        print(address, flush=True)
        sys.stdin.read()
