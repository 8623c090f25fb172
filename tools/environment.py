"""Makes `.venv` in the project root complete: the locked packages, the project itself, the face and the translations.

Each part has a stamp of what it was made from. When all stamps hold, `ensure` costs a few milliseconds. A `.venv`
that is already there, from whatever hand, is completed and never thrown away unless its Python no longer runs.
"""

import fcntl
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import build_assets, installer
from tools.places import BUILD, LOCKS, PACKAGE, ROOT, VENV, VENV_BIN, VENV_PYTHON, fail, fingerprint, run, say

STAMPS = VENV / "frankpledge-stamps.json"
COMMAND = VENV_BIN / "frankpledge"
SERVER_LOCK = LOCKS / "server.txt"
TEST_LOCK = LOCKS / "test.txt"
BENCH_LOCK = LOCKS / "bench.txt"
GROWING = (SERVER_LOCK, TEST_LOCK, BENCH_LOCK)  # each holds everything the one before it does


def ensure(*, with_tests: bool = False, with_yardsticks: bool = False) -> None:
    """Make everything that is missing, and nothing else.

    Args:
        with_tests: install the test tools too, on top of what the server needs.
        with_yardsticks: install also the packages that the benchmarks measure against.
    """
    lock = BENCH_LOCK if with_yardsticks else TEST_LOCK if with_tests else SERVER_LOCK
    if is_complete(lock):
        return
    with one_at_a_time():
        make_venv()
        install_packages(lock)
        install_project()
        build_assets.build()
        compile_translations()


def is_complete(lock: Path) -> bool:
    """True if every stamp holds, of the packages those up to ``lock``."""
    stamps = read_stamps()
    return (
        VENV_PYTHON.exists()
        and COMMAND.exists()
        and holds(lock)
        and stamps.get("project") == project_stamp()
        and build_assets.is_built()
        and stamps.get("translations") == translations_stamp()
        and all(compiled(source).is_file() for source in translations())
    )


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the set-up lock: a second command started meanwhile waits, then finds the work done."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "setup.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def make_venv() -> None:
    """Make `.venv` if there is none or its Python no longer runs; without pip where Debian split that off."""
    if VENV_PYTHON.exists() and installer.runs([VENV_PYTHON, "-c", "import sys; assert sys.version_info >= (3, 11)"]):
        return
    if importlib.util.find_spec("venv") is None:
        fail(installer.NO_PIP)
    say("Making the environment .venv ...")
    shutil.rmtree(VENV, ignore_errors=True)
    if importlib.util.find_spec("ensurepip") and installer.runs([sys.executable, "-m", "venv", VENV]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if installer.outside_pip_version() < installer.OLDEST_OUTSIDE_PIP:
        fail(installer.NO_PIP)
    run([sys.executable, "-m", "venv", "--without-pip", VENV], "The environment .venv could not be made; see above.")


def up_to(lock: Path) -> tuple[Path, ...]:
    """The locks that an environment with all packages of ``lock`` satisfies."""
    return GROWING[: GROWING.index(lock) + 1]


def holds(lock: Path) -> bool:
    """True if the packages of ``lock`` are installed as their stamps say."""
    stamps = read_stamps()
    return all(stamps.get(each.name) == lock_stamp(each) for each in up_to(lock))


def install_packages(lock: Path) -> None:
    """Install the lock the command needs, unless its stamp holds."""
    if holds(lock):
        return
    say(f"Installing the {count_pins(lock)} packages of locks/{lock.name} (once; about a minute) ...")
    interrupted = bool(read_stamps().get("installing"))
    write_stamp("installing", lock.name)
    installer.install_locked(lock, anew=interrupted)
    write_stamp("installing", "")
    for each in up_to(lock):
        write_stamp(each.name, lock_stamp(each))


def install_project() -> None:
    """Install the project itself so that it runs from the source folder, without asking the network."""
    if COMMAND.exists() and read_stamps().get("project") == project_stamp():
        return
    flags = [*installer.PIP_QUIET, "--no-deps", "--no-build-isolation", "--no-index", "--force-reinstall"]
    run([*installer.pip(), "install", *flags, "-e", ROOT], "Frankpledge itself could not be installed; see above.")
    write_stamp("project", project_stamp())


def compile_translations() -> None:
    """Compile the catalogues of translated words where they changed."""
    stamp = translations_stamp()
    if read_stamps().get("translations") == stamp and all(compiled(source).is_file() for source in translations()):
        return
    for source in translations():
        command = [str(VENV_BIN / "pybabel"), "--quiet", "compile", "-i", str(source), "-o", str(compiled(source))]
        run(command, f"The translations in {source.relative_to(ROOT)} could not be compiled; see above.")
    write_stamp("translations", stamp)


def translations() -> list[Path]:
    """Every catalogue of translated words."""
    return sorted(PACKAGE.glob("**/locale/*/LC_MESSAGES/django.po"))


def compiled(source: Path) -> Path:
    """Where the compiled form of a catalogue stands."""
    return source.with_suffix(".mo")


def count_pins(lock: Path) -> int:
    """How many packages a lock file names (a package locked in two versions for two Pythons counts once)."""
    return len({line.partition("==")[0] for line in lock.read_text().splitlines() if line[:1].isalnum()})


def lock_stamp(lock: Path) -> str:
    """What an installed lock depends on: its text, this Python, and where the environment stands."""
    return fingerprint([lock], ".".join(map(str, sys.version_info[:2])), str(ROOT))


def project_stamp() -> str:
    """What the installed project depends on, apart from its sources, which run where they are."""
    return fingerprint([ROOT / "pyproject.toml"], str(ROOT))


def translations_stamp() -> str:
    """What the compiled translations depend on."""
    return fingerprint(translations())


def read_stamps() -> dict[str, str]:
    """The stamps of the environment; none if it was made by another hand or interrupted while they were written."""
    try:
        return dict(json.loads(STAMPS.read_text()))
    except (OSError, ValueError):
        return {}


def write_stamp(name: str, stamp: str) -> None:
    """Record that one part was made from this; the file is whole at every moment."""
    fresh = STAMPS.with_suffix(".new")
    fresh.write_text(json.dumps({**read_stamps(), name: stamp}, indent=1))
    fresh.replace(STAMPS)


def in_environment(module: str, *arguments: str) -> int:
    """Run one of our modules inside the environment and give back how it ended."""
    return subprocess.run([str(VENV_PYTHON), "-m", module, *arguments], cwd=ROOT).returncode
