"""Installs hash-locked wheels: with pip everywhere, with uv as an accelerator where there is one.

Every lock is installed with hashes required and wheels only: no compiler, and nothing that is not in the lock.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.places import VENV_PYTHON, fail, fingerprint, run, say

LOCKED = ["--require-hashes", "--only-binary", ":all:"]
PIP_QUIET = [
    "--quiet",
    "--disable-pip-version-check",
    "--no-input",
    "--progress-bar",
    "off",
    "--root-user-action=ignore",
]
# uv would otherwise fetch a Python of its own, and trust only the certificates it carries
UV_ENVIRONMENT = {"UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
OLDEST_OUTSIDE_PIP = (22, 3)  # the first pip that can install into another environment
NO_PIP = (
    "Python's installer is missing: install the Debian package python3-venv "
    "(apt-get install python3-venv) and run this again."
)


def install_locked(lock: Path, *, anew: bool) -> None:
    """Install a lock file into the project's environment.

    Args:
        anew: install also what seems to be there; a killed installer leaves packages that only look whole.
    """
    if not uv_install(lock, anew=anew):
        run(
            [*pip(), "install", *PIP_QUIET, *LOCKED, *(["--force-reinstall"] if anew else []), "-r", lock],
            f"The packages of {lock.name} could not be installed; the lines above are pip's. Is the network there?",
        )


def uv_install(lock: Path, *, anew: bool) -> bool:
    """Install a lock with uv; False if there is no uv or it failed, so that pip does it."""
    uv = shutil.which("uv")
    if uv is None:
        return False
    flags = ["--quiet", "--python", str(VENV_PYTHON), *LOCKED, *(["--reinstall"] if anew else [])]
    command = [uv, "pip", "install", *flags, "-r", str(lock)]
    done = subprocess.run(command, env={**os.environ, **UV_ENVIRONMENT}, capture_output=True, text=True)
    if done.returncode != 0:
        say("uv could not install the packages here; going on with pip.")
    return done.returncode == 0


def install_aside(lock: Path, folder: Path, what: str) -> None:
    """Install a lock into a plain folder that nothing else imports from, unless that was done."""
    stamp, fresh = folder / ".stamp", fingerprint([lock], sys.version)
    if stamp.is_file() and stamp.read_text() == fresh:
        return
    say(f"Fetching {what} ...")
    shutil.rmtree(folder, ignore_errors=True)
    run(
        [*pip(), "install", *PIP_QUIET, *LOCKED, "--no-deps", "--target", folder, "-r", lock],
        f"Could not fetch {what}; the lines above are pip's. Is the network there?",
    )
    stamp.write_text(fresh)


def pip() -> list[str | Path]:
    """The pip command that installs into the project's environment: its own pip, or the outside one pointed at it."""
    if runs([VENV_PYTHON, "-m", "pip", "--version"]):
        return [VENV_PYTHON, "-m", "pip"]
    if outside_pip_version() >= OLDEST_OUTSIDE_PIP:
        return [sys.executable, "-m", "pip", "--python", VENV_PYTHON]
    fail(NO_PIP)


def outside_pip_version() -> tuple[int, ...]:
    """The version of the pip of the Python that runs this; (0,) without one."""
    done = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, text=True)
    words = done.stdout.split()
    if done.returncode != 0 or len(words) < 2:
        return (0,)
    return tuple(int(part) for part in words[1].split(".")[:2] if part.isdigit())


def runs(command: list[str | Path]) -> bool:
    """True if the command starts and ends well."""
    try:
        return subprocess.run([str(part) for part in command], capture_output=True).returncode == 0
    except OSError:
        return False
