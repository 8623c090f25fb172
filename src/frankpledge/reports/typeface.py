"""The house typeface for printed documents: TrueType files from the compressed web fonts the pages use.

Source: W3C WOFF File Format 2.0 (2022), sections 4 (structure) and 5 (compressed data, glyf table).
"""

import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import typst

from frankpledge.vocabulary.errors import DataProblem

HOUSE = "Atkinson Hyperlegible Next"
# The file with the letters of Welsh has the same name, and of two fonts of one name typst takes one.
MORE_LETTERS = "Atkinson Hyperlegible More"
FAMILIES = [HOUSE, MORE_LETTERS, "Liberation Sans", "Arial", "Helvetica", "DejaVu Sans", "Libertinus Serif"]
_BUILT = "ui/static/ui/built/fonts/atkinson-hyperlegible-next-{part}-wght-normal.woff2"

# The tags a web font names by number (W3C WOFF 2.0, 4.1).
_TAGS = """
    cmap head hhea hmtx maxp name OS/2 post cvt. fpgm glyf loca prep CFF. VORG EBDT EBLC gasp hdmx kern LTSH
    PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG. sbix acnt avar bdat bloc
    bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill
"""
_NAMES = [tag.replace(".", " ") for tag in _TAGS.split()]
_ON_CURVE = 1
_MORE, _WORDS, _SCALE, _TWO_SCALES, _MATRIX, _INSTRUCTED = 0x20, 0x01, 0x08, 0x40, 0x80, 0x100


class _Bytes:
    """Bytes read from the front."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        part = self.data[self.at : self.at + count]
        if len(part) != count:
            raise DataProblem("The typeface ends too early.", remedy="Build the assets again.")
        self.at += count
        return part

    def number(self, count: int) -> int:
        return int.from_bytes(self.take(count), "big")

    def base128(self) -> int:
        value = 0
        while True:
            byte = self.number(1)
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                return value

    def short255(self) -> int:
        """A number of one to three bytes, 255UInt16."""
        first = self.number(1)
        if first == 253:
            return self.number(2)
        if first == 255:
            return 253 + self.number(1)
        return 506 + self.number(1) if first == 254 else first


@cache
def fonts() -> typst.Fonts:
    """The typefaces documents are set in: the house's where the assets are built, those of the machine, and typst's."""
    folder = tempfile.TemporaryDirectory(prefix="frankpledge-fonts-")
    for part, family in (("latin", HOUSE), ("latin-ext", MORE_LETTERS)):
        built = files("frankpledge").joinpath(_BUILT.format(part=part))
        if built.is_file():
            Path(folder.name, f"{part}.ttf").write_bytes(as_truetype(built.read_bytes(), family=family))
    found = typst.Fonts(font_paths=[folder.name])
    _KEPT.append(folder)  # typst reads a font when it is first needed
    return found


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


def as_truetype(woff2: bytes, *, family: str = HOUSE) -> bytes:
    """The TrueType font inside ``woff2``, under the name ``family`` (as long as its own).

    Raises DataProblem for what is none.
    """
    if woff2[:4] != b"wOF2":
        raise DataProblem("The typeface is no WOFF2 file.", remedy="Build the assets again.")
    try:
        return _unpacked(woff2, family)
    except (OSError, ValueError, IndexError, KeyError, struct.error) as reason:
        raise DataProblem("The typeface is damaged.", remedy="Build the assets again.") from reason


def _unpacked(woff2: bytes, family: str) -> bytes:
    flavour, _, count = struct.unpack(">4sIH", woff2[4:14])
    packed_size = struct.unpack(">I", woff2[20:24])[0]
    reader = _Bytes(woff2)
    reader.at = 48
    entries = [_entry(reader) for _ in range(count)]
    packed = reader.take(packed_size)
    size = sum(length for _, _, length in entries)
    content = _Bytes(pa.Codec("brotli").decompress(packed, decompressed_size=size).to_pybytes())
    tables: dict[str, bytes] = {}
    for name, changed, length in entries:
        part = content.take(length)
        if name == "glyf" and changed:
            tables["glyf"], tables["loca"] = _glyphs(part)
        elif changed and name != "loca":
            raise DataProblem(f"The typeface packs its table {name} in a way that is not read.")
        elif name != "loca":
            tables[name] = part
    for letters in ("utf-16-be", "ascii"):
        tables["name"] = tables["name"].replace(HOUSE.encode(letters), family.encode(letters))
    head = bytearray(tables["head"])
    head[50:52] = b"\x00\x01"  # places of glyphs are written with four bytes
    tables["head"] = bytes(head)
    return _file(flavour, tables)


def _entry(reader: _Bytes) -> tuple[str, bool, int]:
    """A table's name, whether it was changed for packing, and its length as packed."""
    flags = reader.number(1)
    name = reader.take(4).decode("ascii") if flags & 63 == 63 else _NAMES[flags & 63]
    version = flags >> 6
    length = reader.base128()
    changed = version == 0 if name in ("glyf", "loca") else version != 0
    return name, changed, reader.base128() if changed else length


def _glyphs(packed: bytes) -> tuple[bytes, bytes]:
    """The tables glyf and loca."""
    head = _Bytes(packed)
    head.number(2)
    head.number(2)
    count, _ = head.number(2), head.number(2)
    sizes = [head.number(4) for _ in range(7)]
    streams = _Streams(*(_Bytes(head.take(size)) for size in sizes))
    mapped = streams.boxes.take(4 * ((count + 31) // 32))
    written, places = bytearray(), [0]
    for glyph in range(count):
        written += _glyph(streams, bool(mapped[glyph >> 3] & 0x80 >> (glyph & 7)))
        written += b"\x00" * (-len(written) % 4)
        places.append(len(written))
    return bytes(written), struct.pack(f">{len(places)}I", *places)


@dataclass
class _Streams:
    contours: _Bytes
    points: _Bytes
    flags: _Bytes
    glyphs: _Bytes
    composites: _Bytes
    boxes: _Bytes
    instructions: _Bytes


def _glyph(streams: _Streams, boxed: bool) -> bytes:
    contours = streams.contours.number(2)
    if contours == 0:
        return b""
    if contours == 0xFFFF:
        return _composite(streams)
    ends, total = [], 0
    for _ in range(contours):
        total += streams.points.short255()
        ends.append(total - 1)
    points = list(_points(streams, total))
    told = streams.instructions.take(streams.glyphs.short255())
    box = streams.boxes.take(8) if boxed else _box(points)
    flags = bytes(_ON_CURVE if on else 0 for _, _, on in points)
    across = _steps([x for x, _, _ in points])
    up = _steps([y for _, y, _ in points])
    written = struct.pack(">h", contours) + box + struct.pack(f">{contours}H", *ends)
    return written + struct.pack(">H", len(told)) + told + flags + across + up


def _steps(places: list[int]) -> bytes:
    steps = [b - a for a, b in zip([0, *places], places, strict=False)]
    return struct.pack(f">{len(steps)}h", *steps)


def _box(points: list[tuple[int, int, bool]]) -> bytes:
    across, up = [x for x, _, _ in points], [y for _, y, _ in points]
    return struct.pack(">4h", min(across), min(up), max(across), max(up))


def _points(streams: _Streams, count: int) -> Iterator[tuple[int, int, bool]]:
    """Points as places, on the curve or not; each step is packed in one to four bytes."""
    x = y = 0
    for _ in range(count):
        flag = streams.flags.number(1)
        kind, on = flag & 0x7F, not flag & 0x80
        step_x, step_y = _step(kind, streams.glyphs)
        x, y = x + step_x, y + step_y
        yield x, y, on


def _step(kind: int, data: _Bytes) -> tuple[int, int]:
    def signed(flag: int, size: int) -> int:
        return size if flag & 1 else -size

    if kind < 10:
        return 0, signed(kind, ((kind & 14) << 7) + data.number(1))
    if kind < 20:
        return signed(kind, (((kind - 10) & 14) << 7) + data.number(1)), 0
    if kind < 84:
        base, both = kind - 20, data.number(1)
        return signed(kind, 1 + (base & 0x30) + (both >> 4)), signed(kind >> 1, 1 + ((base & 12) << 2) + (both & 15))
    if kind < 120:
        base, across, up = kind - 84, data.number(1), data.number(1)
        return signed(kind, 1 + ((base // 12) << 8) + across), signed(kind >> 1, 1 + (((base % 12) >> 2) << 8) + up)
    if kind < 124:
        first, middle, last = data.number(1), data.number(1), data.number(1)
        return signed(kind, (first << 4) + (middle >> 4)), signed(kind >> 1, ((middle & 15) << 8) + last)
    return signed(kind, data.number(2)), signed(kind >> 1, data.number(2))


def _composite(streams: _Streams) -> bytes:
    """A glyph made of others; its box is always given."""
    parts, flags, instructed = b"", _MORE, False
    while flags & _MORE:
        flags = streams.composites.number(2)
        size = 2 + (4 if flags & _WORDS else 2)
        size += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0
        parts += struct.pack(">H", flags) + streams.composites.take(size)
        instructed = instructed or bool(flags & _INSTRUCTED)
    written = b"\xff\xff" + streams.boxes.take(8) + parts
    if instructed:
        told = streams.instructions.take(streams.glyphs.short255())
        written += struct.pack(">H", len(told)) + told
    return written


def _file(flavour: bytes, tables: dict[str, bytes]) -> bytes:
    """The tables as one file, by name; sums of their bytes are left at nought, which readers of fonts do not check."""
    power = len(tables).bit_length() - 1
    search = 16 << power
    head = flavour + struct.pack(">4H", len(tables), search, power, 16 * len(tables) - search)
    at = len(head) + 16 * len(tables)
    directory, body = b"", b""
    for name in sorted(tables):
        content = tables[name]
        directory += struct.pack(">4sIII", name.encode("ascii"), 0, at + len(body), len(content))
        body += content + b"\x00" * (-len(content) % 4)
    return head + directory + body
