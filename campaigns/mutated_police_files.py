"""Record files are damaged in many ways, then read: no crash, no row lost, a sentence for each fault."""

import csv
import gzip
import io
import random
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from frankpledge.sources.handing_over import EVENT_SCHEMA
from frankpledge.sources.judging import WITHHELD
from frankpledge.sources.parcels import Parcel, unpack
from frankpledge.sources.profiles import shipped
from frankpledge.sources.reading import read_parcel
from frankpledge.sources.registry import SOURCES, read_any
from frankpledge.vocabulary.deliveries import RAW_LIMIT, Delivery, Refusal
from tools.campaigns import Result

NAME = "mutated-police-files"
DESCRIPTION = "record files damaged byte by byte and cell by cell: no crash, rows balance, every fault has a sentence"
LONG = 10_000
SHORT = 200

STREET_HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)
OUTCOMES_HEADER = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type"
STOPS_HEADER = (
    "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
    "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
    "Outcome linked to object of search,Removal of more than just outer clothing"
)
EXTRACT_HEADER = (
    "crime_ref,offence,hocode,from_date,from_time,to_date,to_time,uprn,address,postcode,easting,northing,lsoa,"
    "victim_ref,mo"
)

PRIVATE_WORDS = ("SECRETPERSON", "Private Street")

# Cells that have been seen to break readers of such files, or that somebody might hope to.
AWKWARD_CELLS = (
    "", " ", "0", "-1", "1e5", "nan", "inf", "-0.0", "1,5", "None", "NULL", "#REF!", "=1+1", "2021-13", "2021-00",
    "2021-1", "20021-01", "1900-02", "August 20023", "31/04/2021", "29/02/1900", "01/02/21", "44197", "99:99", "24:00",
    "52.63", "-1.13", "0.0", "181", "9" * 400, "E01025631", "e01025631", "E0102563", "E02005345", "Burglary",
    "burglary", "Burglary ", "Witchcraft", "Leicestershire Police", "Ministry of Silly Walks", "\u202egnp.exe",
    "\u0000", "\u001b[2J", "\ufeff", "\u0661\u0662", "\u2028", "Tŷ Ddewi", "🚓", "a" * 5_000, '"', '""', '"open',
    'sh"ut', '"a,b"', '"two\nlines"', "<script>alert(1)</script>", "'; drop table events; --", "../../etc/passwd",
)  # fmt: skip


def street_file(
    chance: random.Random, rows: int = 40, month: str = "2021-01", force: str = "Leicestershire Police"
) -> bytes:
    """A made-up street-level file: crimes and anti-social behaviour, some without a place, two crimes sharing an id."""
    kinds = ("Anti-social behaviour", "Burglary", "Drugs", "Vehicle crime", "Violence and sexual offences")
    lines = [STREET_HEADER]
    for number in range(rows):
        kind = kinds[number % len(kinds)]
        crime_id = "" if kind == kinds[0] else f"{chance.getrandbits(256):064x}"
        place = ("", "", "No Location", "", "")
        if number % 9:
            lon, lat = -1.13 + chance.randrange(-50, 50) / 1000, 52.63 + chance.randrange(-50, 50) / 1000
            place = (f"{lon:.6f}", f"{lat:.6f}", "On or near Mill Lane", f"E0102{5600 + number % 50}", "Blaby 002A")
        outcome = "" if kind == kinds[0] else "Under investigation"
        lines.append(",".join((crime_id, month, force, force, *place, kind, outcome, "")))
    lines.append(lines[2].replace("Burglary", "Drugs"))
    return ("\r\n".join(lines) + "\r\n").encode()


def outcomes_file(chance: random.Random, rows: int = 20) -> bytes:
    """A made-up outcomes file with the published columns."""
    lines = [OUTCOMES_HEADER]
    for _ in range(rows):
        where = "-1.137,52.639,On or near Mill Lane,E01025631,Blaby 002A"
        force = "Leicestershire Police,Leicestershire Police"
        lines.append(f"{chance.getrandbits(256):064x},2021-01,{force},{where},Local resolution")
    return ("\n".join(lines) + "\n").encode()


def stops_file(chance: random.Random, rows: int = 20) -> bytes:
    """A made-up stop-and-search file with the published columns."""
    lines = [STOPS_HEADER]
    for number in range(rows):
        where = "52.639335,-1.133940" if number % 3 else ","
        when = f"2021-01-{1 + number % 28:02d}T{chance.randrange(24):02d}:{chance.randrange(60):02d}:00+00:00"
        lines.append(
            f"Person search,{when},,,{where},Male,18-24,Not stated,White,Misuse of Drugs Act 1971 (section 23),"
            "Controlled drugs,A no further action disposal,False,False"
        )
    return ("\n".join(lines) + "\n").encode()


def extract_file(chance: random.Random, rows: int = 20) -> bytes:
    """A made-up police extract with the private columns filled in."""
    lines = [EXTRACT_HEADER]
    for number in range(rows):
        day, hour = 1 + number % 28, chance.randrange(1, 23)
        lines.append(
            f"B/{number:05d}/21,Burglary - residential,28/3,{day:02d}/01/2021,{hour:02d}:10,{day:02d}/01/2021,"
            f'{hour + 1:02d}:00,{100000000000 + number},"{number} Private Street, Nowhere",ZZ1 1ZZ,'
            f"{458000 + number},{304000 + number},E01025631,V{number},rear window forced by SECRETPERSON"
        )
    return ("\n".join(lines) + "\n").encode()


BASES: dict[str, Callable[[random.Random], bytes]] = {
    "2021-01-leicestershire-street.csv": street_file,
    "crimes.csv": street_file,
    "2021-01-leicestershire-outcomes.csv": outcomes_file,
    "2021-01-leicestershire-stop-and-search.csv": stops_file,
    "police-extract-brackenshire-2021-01.csv": extract_file,
}


# Ways of damaging a file


def _flip(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    piece = chance.choice(
        (b"\0", b"\xff", b"\xe9", b'"', b",", b"\n", b"\r", b"\r\n", b"\n\n\n", b"\x1f", b"\t", b"  ")
    )
    return data[:at] + piece + data[at:]


def _cut_out(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randrange(1, 200) :]


def _cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _repeat_piece(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    end = start + chance.randrange(1, 400)
    return data[:end] + data[start:end] + data[end:]


def _line_ends(data: bytes, chance: random.Random) -> bytes:
    ends = (b"\n", b"\r\n", b"\r")
    return b"".join(line + chance.choice(ends) for line in data.splitlines())


def _blank_lines(data: bytes, chance: random.Random) -> bytes:
    blanks = (b"", b"", b"\n", b"\r\n", b" \n", b"\n\n\n")
    return b"".join(line + chance.choice(blanks) for line in data.splitlines(keepends=True))


def _shuffle_lines(data: bytes, chance: random.Random) -> bytes:
    head, *lines = data.splitlines(keepends=True)
    chance.shuffle(lines)
    return head + b"".join(lines)


def _drop_header(data: bytes, chance: random.Random) -> bytes:
    return data.split(b"\n", 1)[-1]


def _other_encoding(data: bytes, chance: random.Random) -> bytes:
    text = data.decode(errors="replace")
    return text.encode(
        chance.choice(("utf-16", "utf-16-le", "utf-8-sig", "utf-32", "cp500", "utf-7")), errors="replace"
    )


def _web_page(data: bytes, chance: random.Random) -> bytes:
    return b"<!DOCTYPE html><html><body>503 Service Unavailable</body></html>" + data[: chance.randrange(200)]


def _in_cells(change: Callable[[list[list[str]], random.Random], None]) -> Callable[[bytes, random.Random], bytes]:
    """A change of the table of cells, made on text split at commas as careless software does."""

    def damage(data: bytes, chance: random.Random) -> bytes:
        rows = [line.split(",") for line in data.decode(errors="surrogateescape").splitlines()] or [[""]]
        change(rows, chance)
        return "\n".join(",".join(row) for row in rows).encode(errors="surrogateescape")

    return damage


def _awkward_cell(rows: list[list[str]], chance: random.Random) -> None:
    row = chance.choice(rows)
    row[chance.randrange(len(row))] = chance.choice(AWKWARD_CELLS)


def _awkward_column(rows: list[list[str]], chance: random.Random) -> None:
    column, cell = chance.randrange(len(rows[0])), chance.choice(AWKWARD_CELLS)
    for row in rows[1:]:
        if column < len(row):
            row[column] = cell


def _lose_cell(rows: list[list[str]], chance: random.Random) -> None:
    row = chance.choice(rows)
    del row[chance.randrange(len(row))]


def _extra_cell(rows: list[list[str]], chance: random.Random) -> None:
    row = chance.choice(rows)
    row.insert(chance.randrange(len(row) + 1), chance.choice(AWKWARD_CELLS))


def _swap_cells(rows: list[list[str]], chance: random.Random) -> None:
    row = chance.choice(rows)
    one, other = chance.randrange(len(row)), chance.randrange(len(row))
    row[one], row[other] = row[other], row[one]


def _swap_columns(rows: list[list[str]], chance: random.Random) -> None:
    one, other = chance.randrange(len(rows[0])), chance.randrange(len(rows[0]))
    for row in rows:
        if max(one, other) < len(row):
            row[one], row[other] = row[other], row[one]


def _double_rows(rows: list[list[str]], chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 5)):
        rows.insert(chance.randrange(1, len(rows) + 1), list(chance.choice(rows)))


def _rename_column(rows: list[list[str]], chance: random.Random) -> None:
    column = chance.randrange(len(rows[0]))
    rows[0][column] = chance.choice((rows[0][column].upper(), rows[0][column] + " ", chance.choice(rows[0])))


def _huge_cell(rows: list[list[str]], chance: random.Random) -> None:
    row = chance.choice(rows)
    row[chance.randrange(len(row))] = "x" * 1_000_001


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip,
    _flip,
    _insert,
    _insert,
    _cut_out,
    _cut_off,
    _repeat_piece,
    _line_ends,
    _blank_lines,
    _shuffle_lines,
    _drop_header,
    _other_encoding,
    _web_page,
    *(
        _in_cells(change)
        for change in (
            *(_awkward_cell, _lose_cell, _extra_cell, _swap_cells, _double_rows) * 4,
            _awkward_column,
            _swap_columns,
            _rename_column,
            _huge_cell,
        )
    ),
)


def damaged_file(chance: random.Random) -> tuple[str, bytes]:
    """Name and bytes of a made-up record file with one to four things wrong with it, plain or packed."""
    name = chance.choice(list(BASES))
    data = BASES[name](chance)
    for _ in range(chance.randrange(1, 5)):
        data = chance.choice(DAMAGES)(data, chance) or b"\n"
    return chance.choice((_plain, _plain, _gzipped, _cut_gzip, _zipped))(name, data, chance)


def _plain(name: str, data: bytes, chance: random.Random) -> tuple[str, bytes]:
    return name, data


def _gzipped(name: str, data: bytes, chance: random.Random) -> tuple[str, bytes]:
    return f"{name}.gz", gzip.compress(data, mtime=0)


def _cut_gzip(name: str, data: bytes, chance: random.Random) -> tuple[str, bytes]:
    packed = gzip.compress(data, mtime=0)
    return f"{name}.gz", packed[: chance.randrange(2, len(packed))]


def _zipped(name: str, data: bytes, chance: random.Random) -> tuple[str, bytes]:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"2021-01/{name}", data)
        archive.writestr("2021-02/empty.csv", b"")
    return "archive.zip", whole.getvalue()


# What must hold of every file

PRIVATE_COLUMNS = shipped()["police-extract"].private


def objections(path: Path) -> list[str]:
    """Everything that is wrong with how the file at ``path`` was read, in words; empty when all is well."""
    found: list[str] = []
    outcomes = list(read_any(path))
    if not outcomes:
        found.append("nothing came back: neither a delivery nor a refusal")
    for outcome in outcomes:
        found += _about_refusal(outcome) if isinstance(outcome, Refusal) else _about_delivery(outcome)
    for parcel in unpack(path):
        if isinstance(parcel, Parcel):
            found += _about_parcel(parcel)
    return found


def _about_refusal(refusal: Refusal) -> Iterator[str]:
    sentence = refusal.sentence
    if not sentence.startswith(refusal.file) or not sentence.rstrip().endswith((".", "?")) or "\n" in sentence:
        yield f"a refusal that is not a sentence about its file: {sentence!r}"
    if len(sentence) > 800:
        yield f"a refusal of {len(sentence)} characters"


def _about_delivery(delivery: Delivery) -> Iterator[str]:
    balance = delivery.balance
    if (balance.stored, balance.quarantined) != (delivery.events.num_rows, len(delivery.rejected)):
        yield "the balance does not say what was delivered"
    if not balance.holds or balance.duplicates != delivery.duplicates:
        yield "the balance does not hold"
    if delivery.events.schema != EVENT_SCHEMA:
        yield "the events have other columns than agreed"
    for column in ("line", "crime_type", "publisher_type", "month", "occurred_from", "occurred_to", "precision"):
        if delivery.events[column].null_count:
            yield f"a stored event lacks its {column}"
    lines = delivery.events["line"].to_pylist() + [row.line for row in delivery.rejected]
    if len(lines) != len(set(lines)):
        yield "one line ended in two places"
    for row in delivery.rejected:
        if not row.sentence.endswith((".", "?")) or "\n" in row.sentence or len(row.raw) > RAW_LIMIT:
            yield f"a rejected row without a proper sentence: {row.sentence!r}"


def _about_parcel(parcel: Parcel) -> Iterator[str]:
    """Both ways of reading agree, no row is lost, and stored cells are the cells of the file."""
    fast = list(read_parcel(parcel, SOURCES))
    plain = list(read_parcel(parcel, SOURCES, plain=True))
    if fast != plain:
        yield "the fast and the plain way of reading differ"
    deliveries = [outcome for outcome in fast if isinstance(outcome, Delivery)]
    yield from _about_privacy(parcel, deliveries)
    if not deliveries or b'"' in parcel.data:
        return
    text = parcel.data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    written = [line for line in text if line.strip()]
    read = sum(delivery.balance.read for delivery in deliveries)
    if read != len(written) - 1:
        yield f"{len(written) - 1} rows are in the file, {read} were read"
    header = written[0].decode().split(",")
    column = next((name for name in ("Crime type", "Outcome type", "Type", "offence") if name in header), "")
    for delivery in deliveries:
        events = delivery.events
        for line, kind in zip(events["line"].to_pylist(), events["publisher_type"].to_pylist(), strict=True):
            if text[line - 1].decode().split(",")[header.index(column)] != kind:
                yield f"line {line} was stored as something else"


def _about_privacy(parcel: Parcel, deliveries: list[Delivery]) -> Iterator[str]:
    """What stands in a private column is in no rejected row (a private text in another column is that column's)."""
    lines = re.split(r"\r\n|\r|\n", parcel.data.decode(errors="replace"))
    for row in (row for delivery in deliveries for row in delivery.rejected):
        shown = row.raw + row.sentence
        if any(word in shown for word in PRIVATE_WORDS) and WITHHELD in row.raw:
            header, cells = next(csv.reader([lines[0]])), next(csv.reader([lines[row.line - 1]]))
            open_cells = [
                cell
                for name, cell in zip(header, cells, strict=False)
                if name not in shipped()["police-extract"].private
            ]
            if not any(word in cell for cell in open_cells for word in PRIVATE_WORDS):
                yield "a rejected row lets a private cell through"
        elif any(word in shown for word in PRIVATE_WORDS) and row.column is None:
            yield "a line that is no row is shown although it may hold private cells"


def run(n: int, seed: int) -> Result:
    """Reads ``n`` damaged files; a failure is a crash or an objection. Prints the seed of each failure."""
    failures = refused = stored = quarantined = 0
    with tempfile.TemporaryDirectory(prefix="frankpledge-mutated-") as folder:
        for trial in range(n):
            name, data = damaged_file(random.Random(f"{seed}-{trial}"))
            path = Path(folder) / name
            path.write_bytes(data)
            try:
                wrong = objections(path)
                outcomes = list(read_any(path))
            except Exception as why:  # noqa: BLE001 - a crash of any kind is what this campaign looks for
                wrong, outcomes = [f"crashed: {why!r}"], []
            if wrong:
                failures += 1
                print(f"seed {seed}-{trial} {name}: {wrong[0]}")
            refused += sum(isinstance(outcome, Refusal) for outcome in outcomes)
            for outcome in outcomes:
                if isinstance(outcome, Delivery):
                    stored += outcome.balance.stored
                    quarantined += outcome.balance.quarantined
            path.unlink()
    return Result(
        n=n, failures=failures, notes=f"{stored:,} rows stored, {quarantined:,} quarantined, {refused:,} refusals"
    )
