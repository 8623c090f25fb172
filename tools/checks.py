"""`run.py check`: format, lint, types, import contracts, lock files. Runs inside the environment."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tools.places import LOCKS, ROOT, VENV_BIN

PYTHON_SOURCES = ["run.py", "src", "tests", "tools", "benchmarks", "campaigns"]
# A package's own funding link in package-lock.json points at no registry.
FUNDING = re.compile(r'"funding": (\{[^{}]*\}|\[[^\[\]]*\]|"[^"]*")', re.DOTALL)
ADDRESS = re.compile(r"(?:https?|ftp|git|file|ssh)(?:\+\w+)?://\S+", re.IGNORECASE)


def outcome(*command: str) -> str:
    """Run a tool of the environment from the project root: what it printed if it failed, else nothing."""
    done = subprocess.run([str(VENV_BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or f"{command[0]} failed"


def sources() -> list[str]:
    """The folders of our Python that are there."""
    return [name for name in PYTHON_SOURCES if (ROOT / name).exists()]


def check_format() -> str:
    """Is everything formatted?"""
    return outcome("ruff", "format", "--check", "--quiet", *sources())


def check_lint() -> str:
    """Does the linter agree?"""
    return outcome("ruff", "check", "--quiet", *sources())


def check_types() -> str:
    """Do the types hold?"""
    return outcome("mypy", "--no-error-summary")


def check_imports() -> str:
    """Are the import contracts kept?"""
    return outcome("lint-imports", "--no-logo")


def check_locks() -> str:
    """Are lock files free of addresses?"""
    return "\n".join(f"{file.name}: {found}" for file in lock_files() for found in addresses(file.read_text()))


def lock_files() -> list[Path]:
    """Every file that pins packages."""
    return [*sorted(LOCKS.glob("*.txt")), ROOT / "package-lock.json"]


def addresses(lock: str) -> list[str]:
    """The addresses in the text of a lock file, and npm's ``resolved`` lines; funding links are not counted."""
    text = FUNDING.sub("", lock)
    return ADDRESS.findall(text) + re.findall(r'"resolved":.*', text)


CHECKS: dict[str, Callable[[], str]] = {
    "format": check_format,
    "lint": check_lint,
    "types": check_types,
    "import contracts": check_imports,
    "lock files hold no addresses": check_locks,
}


def main() -> int:
    """Run every check, say how each ended, and give back 1 if one failed."""
    worst = 0
    for name, check in CHECKS.items():
        problem = check()
        print(f"{'FAIL' if problem else 'ok  '} {name}", flush=True)
        if problem:
            print(problem, flush=True)
            worst = 1
    return worst


if __name__ == "__main__":
    sys.exit(main())
