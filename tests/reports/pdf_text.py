"""Reads the words back from a PDF as typst writes it: enough for a test, not a reader of all PDFs."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
# brackets may stand unescaped in a string where they are in pairs
_PAIRED = rb"(?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))*"
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|(\(" + _PAIRED + rb"\))|<([0-9A-Fa-f]+)>", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_text(pdf: bytes) -> list[str]:
    """The words of each page in reading order, without the breaks between lines."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    return [_page(page, objects) for page in pages]


def _page(page: bytes, objects: dict[int, bytes]) -> str:
    resources = objects[_reference(rb"Resources", page)]
    fonts = re.search(rb"/Font\s*(?:<<(.*?)>>|(\d+) 0 R)", resources, re.DOTALL)
    if fonts is None:
        return ""
    named = fonts[1] or objects[int(fonts[2])]
    letters = {
        name: _letters(objects[_reference(rb"ToUnicode", objects[int(number)])])
        for name, number in re.findall(rb"/(f\d+)\s+(\d+) 0 R", named)
    }
    content = zlib.decompress(_found(_STREAM, objects[_reference(rb"Contents", page)]))
    words, font = "", b""
    for chosen, literal, hexed in _SHOWN.findall(content):
        if chosen:
            font, words = chosen, words + "\n"
            continue
        codes = bytes.fromhex(hexed.decode()) if hexed else _ESCAPED.sub(_unescaped, literal[1:-1])
        words += "".join(letters.get(font, {}).get(codes[i : i + 2], "") for i in range(0, len(codes), 2))
    return words


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if code.isdigit() else _NAMED.get(code, code)


def _reference(name: bytes, body: bytes) -> int:
    return int(_found(re.compile(rb"/" + name + rb"\s*(\d+) 0 R"), body))


def _found(pattern: re.Pattern[bytes], body: bytes) -> bytes:
    match = pattern.search(body)
    assert match is not None
    return match[1]


def _letters(cmap: bytes) -> dict[bytes, str]:
    text = zlib.decompress(_found(_STREAM, cmap))
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(letter.decode()).decode("utf-16-be")
        for code, letter in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", text)
    }
