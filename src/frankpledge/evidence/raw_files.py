"""Files as they were handed over, kept only until they have been read. They may hold personal data.

Each lies in a folder of its own, named by its checksum and a random part, under the name it came with. It is written
under a passing name, forced to disk and only then renamed, so whoever is killed leaves nothing that looks whole.
"""

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from frankpledge.evidence.store import sync_folder
from frankpledge.vocabulary.errors import DataProblem

PASSING_PREFIX = "passing-"
NAME_LENGTH = 150
#: A folder that nothing names is removed only after this long: its catalogue row may be about to be committed.
ORPHAN_AGE_S = 3_600
_UNSAFE = re.compile(r"[^\w.() +-]")


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file as received. ``folder`` and ``name`` say where it lies, ``sha256`` is of its bytes."""

    folder: str
    name: str
    sha256: str
    size_bytes: int


class RawFiles:
    """The folder of files waiting to be read."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def receive(self, chunks: Iterable[bytes], *, name: str, limit_bytes: int) -> RawFile:
        """Write the bytes, forced to disk. Raises DataProblem for none, or more than ``limit_bytes``."""
        name = safe_name(name)
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        passing = self.root / f"{PASSING_PREFIX}{secrets.token_hex(8)}"
        passing.mkdir(mode=0o700)
        try:
            sha256, size = _write(passing / name, chunks, name, limit_bytes)
            folder = f"{sha256}-{secrets.token_hex(4)}"
            sync_folder(passing)
            passing.rename(self.root / folder)
        except BaseException:
            shutil.rmtree(passing, ignore_errors=True)
            raise
        sync_folder(self.root)
        return RawFile(folder, name, sha256, size)

    def path(self, folder: str, name: str) -> Path:
        """Where the file lies; ValueError for names that are not of this folder."""
        if Path(folder).name != folder or safe_name(name) != name:
            raise ValueError(f"“{folder}/{name}” is not a file waiting to be read.")
        return self.root / folder / name

    def discard(self, folder: str) -> None:
        """Remove a file that has been read. Doing it twice changes nothing."""
        if Path(folder).name != folder or folder in ("", ".", ".."):
            raise ValueError(f"“{folder}” is not the folder of a file waiting to be read.")
        shutil.rmtree(self.root / folder, ignore_errors=True)

    def sweep(self, keep: set[str]) -> list[str]:
        """Remove folders not in ``keep`` that have lain for an hour, and return their names."""
        if not self.root.is_dir():
            return []
        long_ago = time.time() - ORPHAN_AGE_S
        orphans = sorted(
            folder.name
            for folder in self.root.iterdir()
            if folder.name not in keep and folder.stat().st_mtime < long_ago
        )
        for folder in orphans:
            self.discard(folder)
        return orphans


def safe_name(name: str) -> str:
    """The last part of ``name`` with everything that could mean something to a file system replaced."""
    last = re.split(r"[/\\]", name)[-1]
    cleaned = _UNSAFE.sub("_", last).strip(" .")[-NAME_LENGTH:]
    return cleaned.lstrip(".") or "file"


def _write(path: Path, chunks: Iterable[bytes], name: str, limit_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        for chunk in chunks:
            size += len(chunk)
            if size > limit_bytes:
                most = f"{limit_bytes / 2**20:,.0f} MB"
                raise DataProblem(f"is larger than {most}, the most that can be added here.", file=name)
            digest.update(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    if not size:
        raise DataProblem("is empty.", file=name, remedy="Export it again and add it then.")
    return digest.hexdigest(), size
