"""Files that are not what they say, or mean harm: each ends in one clear sentence, in little time and memory."""

import gzip
import io
import os
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from campaigns.mutated_police_files import OUTCOMES_HEADER, STOPS_HEADER
from frankpledge.sources import parcels, police_uk, sheets
from frankpledge.sources.profiles import shipped
from frankpledge.vocabulary.deliveries import Delivery, Refusal
from tests.sources.reading import NAME, STREET, read_all, read_one, refusal_of, street_row, write_street

GOOD = f"{STREET}\n{street_row()}\n".encode()

NOT_POLICE_DATA = [
    (b"", "is empty"),
    (b"\xef\xbb\xbf\r\n\r\n", "is empty"),
    (b"\0" * 5_000, "is empty"),
    (STREET.encode() + b"\n", "has a header and no rows"),
    (STREET.encode(), "has a header and no rows"),
    (b"<!DOCTYPE html>\n<html><title>503</title></html>", "is a web page"),
    (b"<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY lol 'lol'>]>", "is XML, not CSV"),
    (b'{"type": "FeatureCollection", "features": []}', "is JSON, not CSV"),
    (GOOD.decode().encode("utf-16"), "is written in UTF-16"),
    (GOOD.decode().encode("utf-16-le"), "is written in UTF-16"),
    (GOOD.decode().encode("utf-16-be"), "is written in UTF-16"),
    (b"%PDF-1.7 ...", "is a PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old office document"),
    (b"PAR1" + b"\x15" * 20, "is a Parquet file"),
    (b"SQLite format 3\0", "is a database"),
    (b"\xe7n\xad\xff\xfe\xfd\n1,2\n", "cannot be read as CSV"),
    (b"name,age\nA,1\n", "is not a street-level crime file"),
    (GOOD.replace(b"Crime type,", b"").replace(b"Burglary,", b""), "lacks the column “Crime type”"),
    (
        GOOD.replace(b"Month,", b"").replace(b"Longitude", b"Long"),
        "looks like a street-level crime file of data.police.uk but lacks the columns “Month”, “Longitude”",
    ),
    (GOOD.replace(b"Context", b"Month"), "has the column “Month” twice"),
    (b"LAD17CD,LAD17NM,CSP17CD,CSP17NM\nE06000001,Hartlepool,E22000027,x\n", "the ONS lookup from districts"),
    (b"lsoa11_code,households\nE01000001,876\n", "looks like census 2011 households"),
]


@pytest.mark.parametrize(("data", "words"), NOT_POLICE_DATA)
def test_what_is_not_police_data_is_refused_in_one_sentence(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / NAME).write_bytes(data)
    sentence = refusal_of(tmp_path / NAME)
    assert sentence.startswith(NAME)
    assert words in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("header", [STREET, OUTCOMES_HEADER, STOPS_HEADER])
def test_police_headers_are_told_apart(tmp_path: Path, header: str) -> None:
    path = tmp_path / "2021-01-leicestershire-stop-and-search.csv"
    path.write_text(header + "\n")
    assert "has a header and no rows" in refusal_of(path)


def test_the_police_reader_names_a_partners_file(tmp_path: Path) -> None:
    path = tmp_path / "police-extract-brackenshire-2025-04.csv"
    path.write_text(",".join(shipped()["police-extract"].column_names) + "\n")
    (refusal,) = police_uk.read(path)
    assert isinstance(refusal, Refusal)
    assert "looks like a police extract, not" in refusal.sentence


@pytest.mark.parametrize("length", [3, 12, 60, -1, -8])
def test_a_truncated_gz_is_refused(tmp_path: Path, length: int) -> None:
    (tmp_path / f"{NAME}.gz").write_bytes(gzip.compress(GOOD * 5)[:length])
    sentence = refusal_of(tmp_path / f"{NAME}.gz")
    assert "is cut short" in sentence or "damaged" in sentence


def test_a_damaged_gz_is_refused(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(os.urandom(2_000)))
    packed[500:520] = b"\0" * 20
    (tmp_path / f"{NAME}.gz").write_bytes(packed)
    assert "download or export it again" in refusal_of(tmp_path / f"{NAME}.gz")


def test_a_gz_with_the_wrong_ending_and_a_csv_named_gz_are_known_by_their_bytes(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(gzip.compress(GOOD))
    assert read_one(tmp_path / NAME).balance.stored == 1
    (tmp_path / f"{NAME}.gz").write_bytes(GOOD)
    assert read_one(tmp_path / f"{NAME}.gz").balance.stored == 1


def test_a_truncated_csv_loses_only_its_last_row_and_says_so(tmp_path: Path) -> None:
    path = write_street(tmp_path, [street_row("a"), street_row("b")])
    path.write_bytes(path.read_bytes()[:-60])
    delivery = read_one(path)
    assert delivery.balance.stored == 1
    assert delivery.rejected[0].line == 3


def _zip(**members: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return whole.getvalue()


def _bomb(megabytes: int) -> bytes:
    whole = io.BytesIO()
    with (
        zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open(NAME, "w") as member,
    ):
        member.write(STREET.encode() + b"\n")
        for _ in range(megabytes):
            member.write(b"\0" * 1_000_000)
    return whole.getvalue()


@pytest.mark.parametrize("kind", ["zip", "gz"])
def test_a_bomb_is_not_opened_further_than_needed(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"bomb.{kind}"
    path.write_bytes(_bomb(300) if kind == "zip" else gzip.compress(b"\0" * 300_000_000, 9))
    tracemalloc.start()
    sentence = refusal_of(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "as no real file does" in sentence
    assert peak < 3 * parcels.LARGEST_FILE


def test_a_bomb_that_lies_about_its_size_is_measured_as_it_comes_out(tmp_path: Path) -> None:
    data = bytearray(_bomb(300))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 1_000)  # the size the archive's own list claims
    (tmp_path / "bomb.zip").write_bytes(data)
    sentence = refusal_of(tmp_path / "bomb.zip")
    assert "damaged" in sentence or "as no real file does" in sentence


def test_an_archive_in_an_archive_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    inner = _zip(**{NAME: GOOD})
    (tmp_path / "a.zip").write_bytes(_zip(**{"inner.zip": inner, "twice.gz": gzip.compress(inner), NAME: GOOD}))
    one, two, three = read_all(tmp_path / "a.zip")
    assert isinstance(one, Delivery)
    assert one.file == f"a.zip/{NAME}"
    assert isinstance(two, Refusal)
    assert "archive inside an archive" in two.sentence
    assert isinstance(three, Refusal)
    assert "compressed twice" in three.sentence


def test_paths_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "a.zip"
    path.write_bytes(_zip(**{"../../evil.csv": GOOD, "/etc/evil.csv": GOOD, "C:\\evil.csv": GOOD}))
    before = sorted(tmp_path.rglob("*"))
    assert len(read_all(path)) == 3
    assert sorted(tmp_path.rglob("*")) == before


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = write_street(tmp_path / "outside", [street_row()])
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "link.csv").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    for refusal in read_all(folder):
        assert isinstance(refusal, Refusal)
        assert "is a link, and links are not followed" in refusal.sentence
    info = zipfile.ZipInfo("link.csv")
    info.external_attr = 0o120777 << 16
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    (tmp_path / "a.zip").write_bytes(whole.getvalue())
    assert "is a link" in refusal_of(tmp_path / "a.zip")


def test_archives_that_cannot_be_opened_are_said_to_be_so(tmp_path: Path) -> None:
    whole = _zip(**{NAME: GOOD})
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    assert "damaged or cut-off .zip" in refusal_of(tmp_path / "cut.zip")
    (tmp_path / "none.zip").write_bytes(_zip())
    assert "no files in it" in refusal_of(tmp_path / "none.zip")
    (tmp_path / "book.xlsx").write_bytes(_zip(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}))
    assert "is a damaged spreadsheet" in refusal_of(tmp_path / "book.xlsx") or "as a spreadsheet" in refusal_of(
        tmp_path / "book.xlsx"
    )
    locked = bytearray(whole)
    locked[6] |= 1
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    assert "protected by a password" in refusal_of(tmp_path / "locked.zip")
    flipped = bytearray(whole)
    flipped[60] ^= 0xFF
    (tmp_path / "flipped.zip").write_bytes(flipped)
    assert "damaged" in refusal_of(tmp_path / "flipped.zip")


def test_limits_on_size_members_and_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_street(tmp_path, [street_row(str(i)) for i in range(50)])
    with monkeypatch.context() as limit:
        limit.setattr(parcels, "LARGEST_FILE", 1_000)
        assert "is larger than" in refusal_of(path)
    with monkeypatch.context() as limit:
        limit.setattr(sheets, "MOST_LINES", 10)
        assert "has more than 10 lines" in refusal_of(path)
    (tmp_path / "a.zip").write_bytes(_zip(**{"a.csv": GOOD, "b.csv": GOOD}))
    with monkeypatch.context() as limit:
        limit.setattr(parcels, "MOST_MEMBERS", 1)
        assert "holds more than 1 files" in refusal_of(tmp_path / "a.zip")
    with monkeypatch.context() as limit:
        limit.setattr(parcels, "LARGEST_ARCHIVE", len(GOOD))
        outcomes = read_all(tmp_path / "a.zip")
        assert [type(outcome) for outcome in outcomes] == [Delivery, Refusal]


@pytest.mark.parametrize("row", ["1,2,3", street_row(kind="Witchcraft")])
def test_a_file_wrong_throughout_is_refused_before_it_fills_the_quarantine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str
) -> None:
    monkeypatch.setattr("frankpledge.sources.sheets.MOST_REJECTED", 100)
    monkeypatch.setattr("frankpledge.sources.judging.MOST_REJECTED", 100)
    sentence = refusal_of(write_street(tmp_path, [street_row(), *[row] * 200]))
    assert "has more than 100" in sentence
    assert "line 3" in sentence


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_street(tmp_path, [street_row()])

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert refusal_of(path) == f"{NAME} cannot be opened (Permission denied); check that it may be read."


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert "is not an ordinary file" in refusal_of(tmp_path)


def test_names_of_files_cannot_paint_the_screen(tmp_path: Path) -> None:
    (tmp_path / "\x1b[2Jevil\n.csv").write_text("")
    assert refusal_of(tmp_path).startswith("?[2Jevil?.csv is empty")


def test_mixed_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    rows = [STREET, street_row("a"), street_row("b"), street_row("c")]
    (tmp_path / NAME).write_bytes(b"\xef\xbb\xbf" + "{}\r\n{}\n{}\r{}".format(*rows).encode())
    delivery = read_one(tmp_path / NAME)
    assert delivery.events["reference"].to_pylist() == ["a", "b", "c"]
    assert delivery.events["line"].to_pylist() == [2, 3, 4]
