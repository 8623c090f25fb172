"""Parquet files of what partners sent, each written once, whole or not at all.

A file is written under a passing name, forced to disk, renamed to a name made of its content's checksum, and the folder
is forced to disk too. Whoever is killed on the way leaves at most a file that no catalogue row names; ``sweep`` removes
those. One lock on the folder keeps the two apart: writers share it from the first byte until their catalogue row is
committed, a sweep needs it alone.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from frankpledge.evidence.schema import SCHEMAS, STORED_SCHEMAS
from frankpledge.vocabulary.columns import BATCH_COLUMN, Shape

SUFFIX = ".parquet"
PASSING_PREFIX = "passing-"  # a file under this prefix is still being written, or was when its writer was killed
LOCK_NAME = "lock"
SORT_ORDER: dict[Shape, tuple[str, ...]] = {
    Shape.EVENTS: ("small_area", "month", "crime_type", "line"),
    Shape.COUNTS: ("area", "month", "crime_type", "line"),
    Shape.PREMISES: ("small_area", "line"),
    Shape.ANSWERS: ("question", "area", "line"),
}
ROW_GROUP_ROWS = 131_072
_CONTENT_MARK = b"frankpledge.content_sha256"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of the store. ``name`` is relative to the store's folder, ``sha256`` is of the file's bytes."""

    name: str
    rows: int
    bytes_: int
    sha256: str


class EvidenceStore:
    """The folder of event files. Safe for several processes of one machine at once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        """Where the file called ``name`` stands; ValueError for a name that is not one of the store's."""
        if Path(name).name != name or not name.endswith(SUFFIX):
            raise ValueError(f"“{name}” is not the name of a file in the evidence store.")
        return self.root / name

    def write(self, events: pa.Table, *, content_sha256: str, batch: str, shape: Shape = Shape.EVENTS) -> StoredFile:
        """Write ``events`` (the columns of its shape, ``COLUMNS_OF``) as the file of the batch with key ``batch``.

        Rows are ordered by area, then month, so that a query for some areas skips the rest. A file of the same
        content that is already there and reads whole is kept as it is. Call inside ``writing()``.
        """
        name = f"{batch}.{content_sha256[:32]}{SUFFIX}"
        path = self.path(name)
        if not _reads_whole(path, content_sha256, events.num_rows):
            self._write_new(path, _stored_table(events, content_sha256, batch, shape))
        return StoredFile(name, events.num_rows, path.stat().st_size, _sha256(path))

    def _write_new(self, path: Path, table: pa.Table) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor, passing = tempfile.mkstemp(prefix=PASSING_PREFIX, suffix=SUFFIX, dir=self.root)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                pq.write_table(
                    table, stream, compression="zstd", row_group_size=ROW_GROUP_ROWS, write_page_checksum=True
                )
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(passing, path)
        except BaseException:
            Path(passing).unlink(missing_ok=True)
            raise
        sync_folder(self.root)

    def read(self, name: str) -> pa.Table:
        """The rows of the file called ``name``, without the key of the batch in front. OSError when it is not there."""
        return pq.read_table(self.path(name), partitioning=None).drop_columns([BATCH_COLUMN])

    def verify(self, name: str, sha256: str) -> bool:
        """Whether the file called ``name`` is there with exactly these bytes."""
        path = self.path(name)
        return path.is_file() and _sha256(path) == sha256

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the folder's lock together with other writers: nothing is swept meanwhile.

        The lock dies with the process, so a killed writer leaves none behind.
        """
        with self._lock_file() as descriptor:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield

    def sweep(self, keep: Callable[[], set[str]]) -> list[str]:
        """Remove every file that ``keep()`` does not name, and return the names removed.

        ``keep`` is asked only once no writer is under way, so a file between its rename and its catalogue row is never
        taken for an orphan. While somebody writes, nothing is removed: the next sweep will.
        """
        with self._lock_file() as descriptor:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return []
            kept = keep()
            orphans = sorted(path for path in self.root.glob(f"*{SUFFIX}") if path.name not in kept)
            for orphan in orphans:
                orphan.unlink()
            return [orphan.name for orphan in orphans]

    @contextmanager
    def _lock_file(self) -> Iterator[int]:
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.root / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield descriptor
        finally:
            os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Force the folder's list of names to disk: a rename is only safe from a power cut after this."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _stored_table(events: pa.Table, content_sha256: str, batch: str, shape: Shape) -> pa.Table:
    schema = SCHEMAS[shape]
    order = [(column, "ascending") for column in SORT_ORDER[shape]]
    ordered = events.select(schema.names).cast(schema).sort_by(order)
    keys = pa.repeat(pa.scalar(batch, pa.string()), ordered.num_rows)
    stored = ordered.add_column(0, STORED_SCHEMAS[shape].field(BATCH_COLUMN), keys)
    return stored.replace_schema_metadata({_CONTENT_MARK: content_sha256.encode()})


def _reads_whole(path: Path, content_sha256: str, rows: int) -> bool:
    """Whether ``path`` holds this content and every page of it agrees with its checksum."""
    if not path.is_file():
        return False
    try:
        table = pq.read_table(path, page_checksum_verification=True, partitioning=None)
    except (pa.ArrowException, OSError):
        return False
    marks = table.schema.metadata or {}
    return marks.get(_CONTENT_MARK) == content_sha256.encode() and table.num_rows == rows


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
