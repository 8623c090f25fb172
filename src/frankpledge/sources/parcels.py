"""Opening what was delivered: files, .gz, .zip and folders of them, as bytes in memory, within limits.

Nothing is ever unpacked to disk, so a member's path cannot lead anywhere. Links are not followed. The first bytes of a
file say what it is, not its name. One file is in memory at a time.
"""

import hashlib
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from frankpledge.sources.workbooks import is_book
from frankpledge.vocabulary.deliveries import Refusal
from frankpledge.vocabulary.errors import DataProblem

MEGABYTE = 1_000_000
LARGEST_FILE = 128 * MEGABYTE  # unpacked; the largest force publishes about 30 MB a month
LARGEST_ARCHIVE = 20_000 * MEGABYTE  # all members unpacked; the full national archive is about half
MOST_MEMBERS = 20_000
GREATEST_RATIO = 200  # unpacked to packed; police files reach about 10, a bomb 1,000
FREE_SIZE = 1 * MEGABYTE  # below this no ratio is suspicious
PIECE = 1 * MEGABYTE

_GZIP, _ZIP, _EMPTY_ZIP = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
_CLUTTER = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivered file, unpacked. ``sha256`` is of the bytes as delivered: of the .gz when it came as one."""

    name: str
    data: bytes
    sha256: str

    @property
    def own_name(self) -> str:
        """The file's own name without folders, archive or ``.gz``: what naming rules look at."""
        return self.name.rsplit("/", 1)[-1].removesuffix(".gz")


class _NotReadable(Exception):
    """What is wrong with one file and what to do, as the part of a sentence after its name."""


def unpack(path: Path) -> Iterator[Parcel | Refusal]:
    """Every file in ``path`` (a file, an archive, or a folder of either), in name order; Refusal for the unreadable.

    Raises DataProblem when there is nothing at ``path`` or the folder holds no file at all.
    """
    if path.is_dir():
        files = sorted(_files_under(path), key=lambda file: file.relative_to(path).as_posix())
        if not files:
            raise DataProblem(
                "This folder holds no files.", file=str(path), remedy="Name the folder with the files in it."
            )
        for file in files:
            yield from _open_file(file, printable(file.relative_to(path).as_posix()))
    elif path.exists():
        yield from _open_file(path, printable(path.name), follow=True)
    else:
        raise DataProblem("There is no such file or folder.", file=str(path), remedy="Check the path.")


def unpack_bytes(name: str, data: bytes) -> Iterator[Parcel | Refusal]:
    """The same for the bytes of one file that is called ``name``."""
    name = printable(name)
    try:
        if data.startswith((_ZIP, _EMPTY_ZIP)) and not is_book(data):
            yield from _members(io.BytesIO(data), name)
            return
        if len(data) > LARGEST_FILE:
            raise _NotReadable(_too_large())
        yield _parcel(name, data)
    except _NotReadable as why:
        yield Refusal(name, f"{name} {why}")


def printable(name: str) -> str:
    """A file name safe to print: control characters and broken text replaced, at most 300 characters."""
    return "".join(c if c.isprintable() else "?" for c in name)[-300:]


def _files_under(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name in _CLUTTER or entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _files_under(entry)
        else:
            yield entry


def _open_file(file: Path, name: str, *, follow: bool = False) -> Iterator[Parcel | Refusal]:
    try:
        status = file.stat() if follow else file.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise _NotReadable("is a link, and links are not followed; name the file itself.")
        if not stat.S_ISREG(status.st_mode):
            raise _NotReadable("is not an ordinary file; give a file or a folder.")
        with file.open("rb") as stream:
            start = stream.read(4)
        if start in (_ZIP, _EMPTY_ZIP) and not (status.st_size <= LARGEST_FILE and is_book(file.read_bytes())):
            yield from _members(file, name)
            return
        if status.st_size > LARGEST_FILE:
            raise _NotReadable(_too_large())
        yield _parcel(name, file.read_bytes())
    except _NotReadable as why:
        yield Refusal(name, f"{name} {why}")
    except OSError as why:
        yield Refusal(name, f"{name} cannot be opened ({why.strerror or why}); check that it may be read.")


def _parcel(name: str, data: bytes) -> Parcel:
    """The unpacked file; raises _NotReadable when it is compressed twice, cut short or too large."""
    sha256 = hashlib.sha256(data).hexdigest()
    if data.startswith(_GZIP):
        data = _gunzip(data)
        if data.startswith((_GZIP, _ZIP)):
            raise _NotReadable("is compressed twice over, which is not accepted; unpack it once and send the file.")
    return Parcel(name, data, sha256)


def _gunzip(packed: bytes) -> bytes:
    limit = min(LARGEST_FILE, max(FREE_SIZE, GREATEST_RATIO * len(packed)))
    pieces: list[bytes] = []
    size, rest = 0, packed
    while rest.strip(b"\0"):  # a .gz may hold several parts one after the other, and padding
        unpacker = zlib.decompressobj(wbits=31)
        try:
            pieces.append(unpacker.decompress(rest, limit - size + 1))
        except zlib.error:
            raise _NotReadable("is a damaged .gz file; download or export it again.") from None
        size += len(pieces[-1])
        if size > limit:
            raise _NotReadable(_too_large() if size > LARGEST_FILE else _bomb())
        if not unpacker.eof:
            raise _NotReadable("is cut short: the .gz file ends too early; download or export it again.")
        rest = unpacker.unused_data
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _members(file: Path | BinaryIO, name: str) -> Iterator[Parcel | Refusal]:
    """The files of one archive. Sizes are counted as they come out, never believed from the archive's own list."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise _NotReadable("is a damaged or cut-off .zip archive; download or export it again.") from None
    with archive:
        entries = [entry for entry in archive.infolist() if not _is_clutter(entry)]
        if any(entry.filename == "[Content_Types].xml" for entry in entries):
            raise _NotReadable(
                "is an office document, not a table; save the table in it as XLSX, ODS or CSV and send that."
            )
        if not entries:
            raise _NotReadable("is an archive with no files in it; check what was packed.")
        if len(entries) > MOST_MEMBERS:
            raise _NotReadable(f"holds more than {MOST_MEMBERS:,} files; send it in smaller archives.")
        total = 0
        for entry in sorted(entries, key=lambda entry: entry.filename):
            member = f"{name}/{printable(entry.filename)}"
            try:
                packed = _read_member(archive, entry)
                total += len(packed)
                if total > LARGEST_ARCHIVE:
                    raise _NotReadable(f"makes the archive larger than {LARGEST_ARCHIVE // MEGABYTE:,} MB; split it.")
                if packed.startswith((_ZIP, _EMPTY_ZIP)) and not is_book(packed):
                    raise _NotReadable("is an archive inside an archive, which is not accepted; unpack it once.")
                yield _parcel(member, packed)
            except _NotReadable as why:
                yield Refusal(member, f"{member} {why}")


def _read_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _NotReadable("is a link, and links are not followed; pack the file itself.")
    if entry.flag_bits & 0x1:
        raise _NotReadable("is protected by a password; send the archive without one.")
    limit = min(LARGEST_FILE, max(FREE_SIZE, GREATEST_RATIO * entry.compress_size))
    pieces: list[bytes] = []
    size = 0
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(PIECE):
                size += len(piece)
                if size > limit:
                    raise _NotReadable(_too_large() if size > LARGEST_FILE else _bomb())
                pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError, OSError):
        # the archive's list and its contents disagree, or the packing is of a kind that cannot be undone
        raise _NotReadable("cannot be unpacked: the archive is damaged; download or export it again.") from None
    return b"".join(pieces)


def _is_clutter(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.split("/")
    return entry.is_dir() or bool(_CLUTTER.intersection(parts)) or parts[-1].startswith(".")


def _too_large() -> str:
    return f"is larger than {LARGEST_FILE // MEGABYTE} MB unpacked, the most one file may be; split it by month."


def _bomb() -> str:
    return f"unpacks to more than {GREATEST_RATIO} times its size, as no real file does; it was not opened further."
