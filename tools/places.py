"""Where things are in a checkout, and how a command of ours ends when it cannot go on."""

import hashlib
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
VENV_PYTHON = VENV_BIN / "python"
BUILD = ROOT / ".build"
LOCKS = ROOT / "locks"
PACKAGE = ROOT / "src" / "frankpledge"


class CannotGoOn(Exception):
    """Something is missing or failed; the message is one sentence for the person at the keyboard."""


def fail(sentence: str) -> NoReturn:
    """Stop with one sentence that says what to do."""
    raise CannotGoOn(sentence)


def say(sentence: str) -> None:
    """Tell the person what is going on."""
    print(sentence, flush=True)


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """One SHA-256 over the names and bytes of ``files`` (missing ones count as missing) and some words."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest() if file.is_file() else b"missing")
    for word in more:
        digest.update(word.encode() + b"\0")
    return digest.hexdigest()


def run(command: Sequence[str | Path], why: str, *, env: Mapping[str, str] | None = None) -> None:
    """Run one command from the project root; if it fails, show what it printed and stop with ``why``."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        print(done.stdout[-6000:], file=sys.stderr)
        fail(why)
