"""Partners' files of every shape are damaged cell by cell and byte by byte, as text and as spreadsheets, then read."""

import csv
import io
import random
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from frankpledge.sources.handing_over import SCHEMA_OF
from frankpledge.sources.profiles import shipped
from frankpledge.sources.registry import read_any
from frankpledge.vocabulary.columns import Shape
from frankpledge.vocabulary.deliveries import RAW_LIMIT, Delivery, Refusal
from tests.sources.books import SheetOf, ods, xlsx, zipped
from tools.campaigns import Result

NAME = "mutated-partner-files"
DESCRIPTION = (
    "partners' files of nine profiles damaged by cell and byte, as CSV, XLSX and ODS: no crash, rows balance, "
    "no row lost, nothing private let through"
)
LONG = 10_000
SHORT = 150

SECRET = "SECRETPERSON"  # stands in every private cell and must be nowhere in what is delivered
SPARED = 0.8  # of the damages leave the header as it is, or nearly every file would only be refused
Grid = list[list[str]]

AWKWARD = (
    "", " ", "0", "-1", "1e5", "1.00E+11", "nan", "NULL", "NA", "#REF!", "=1+1", "Total", "Grand total", "Sub-total:",
    "£1,200", "1,234", "1,23", "<5", "*", "2 025", "31/04/2025", "29/02/1900", "August 20023", "01/02/25", "45730",
    "2025-04-31", "30/03/2025 01:30", "24:00", "13/13/2025", "0001-01-01", "E01025631", "E0102563", "LE16 7AA", "ZZ99",
    "2025 Q5", "20023/24", "2017/19", "9" * 400, "\u202egnp.exe", "\u0000", "\x1f", "\ufeff", "\u0661\u0662", "\u2028",
    "Tŷ Ddewi", "🚓", "a" * 3_000, '"', '"open', "a\nb", "a;b", "a\tb", "a,b", "<script>alert(1)</script>", "../../x",
)  # fmt: skip


def _extract(chance: random.Random) -> Grid:
    rows = [["Crime Reference", "Offence Code", "From", "To", "UPRN", "Address", "Postcode", "Easting", "Northing"]]
    rows[0] += ["LSOA", "Victim Reference", "Modus Operandi"]
    for at in range(15):
        day, hour = 1 + at % 28, chance.randrange(2, 22)
        rows.append([f"26/{at}/25", chance.choice(("28E", "58A", "Shoplifting")), f"{day:02d}/04/2025 {hour:02d}:15"])
        rows[-1] += [f"{day:02d}/04/2025 {hour + 1:02d}:15", f"{100_000_000_000 + at}", f"{at} {SECRET} Street", SECRET]
        rows[-1] += [f"{458_000 + at}", f"{304_000 + at}", "E01025631", f"{SECRET}{at}", f"forced by {SECRET}"]
    return rows


def _dated(chance: random.Random) -> Grid:
    rows = [list(shipped()["police-extract"].column_names)]
    for at in range(15):
        when = [f"{1 + at:02d}/04/2025", "10:15", f"{1 + at:02d}/04/2025", "11:00"]
        where = [f"{100_000_000_000 + at}", f"{at} {SECRET} Street", SECRET, f"{458_000 + at}", f"{304_000 + at}"]
        rows.append([f"B{at}", "Burglary - residential", "28/3", *when, *where, "E01025631", SECRET, SECRET])
    return rows


def _voids(chance: random.Random) -> Grid:
    rows = [["property_ref", "uprn", "address", "postcode", "void_from", "void_to", "easting", "northing", "lsoa"]]
    for at in range(15):
        ends = f"{1 + at:02d}/06/2025" if chance.random() < 0.5 else ""
        rows.append(
            [f"V{at}", f"{100_000_000_000 + at}", f"{at} {SECRET} Street", SECRET, f"{1 + at:02d}/05/2025", ends]
        )
        rows[-1] += [f"{458_000 + at}", f"{304_000 + at}", "E01025631"]
    return rows


def _health(chance: random.Random) -> Grid:
    rows = [["outward_postcode", "quarter", "cause", "admissions"]]
    for at in range(15):
        number = chance.choice(("<5", "*", "12", "1,204"))
        rows.append([f"LE{1 + at}", chance.choice(("2025 Q1", "2025 Q2")), chance.choice(("Assault", "T51")), number])
    return rows


def _wards(chance: random.Random) -> Grid:
    rows = [["MajorText", "MinorText", "WardName", "WardCode", "LookUp_BoroughName", "202502", "202503", "202504"]]
    for at in range(12):
        counts = [str(chance.randrange(9)) for _ in range(3)]
        rows.append(["BURGLARY", chance.choice(("RAPE", "NFIB", "SHOPLIFTING")), "Town", f"E0501357{at % 10}", "Brent"])
        rows[-1] += counts
    return rows


def _quarters(chance: random.Random) -> Grid:
    rows = [["Financial_Year", "Financial_Quarter", "Force_Name", "Offence_Description", "Offence_Group"]]
    rows[0] += ["Offence_Subgroup", "Offence_Code", "Number_of_Offences"]
    for at in range(12):
        rows.append(["2017/18", str(1 + at % 4), chance.choice(("Kent", "CIFAS")), "x", "y", "Arson", "56A", str(at)])
    return rows


def _licences(chance: random.Random) -> Grid:
    rows = [
        ["licence_no", "premises_name", "licence_type", "uprn", "address", "postcode", "granted_on", "licence_holder"]
    ]
    for at in range(12):
        rows.append([f"L{at}", "The Crown", "Public house", "", f"{at} High Street", "LE16 7AA", "01/02/2019", SECRET])
    return rows


def _answers(chance: random.Random) -> Grid:
    rows = [["respondent", "completed_on", "ward", "weight", "safe_day", "safe_dark", "comments"]]
    for at in range(12):
        rows.append([str(at), f"{1 + at:02d}/06/2025", "E05005443", "1.25", "Very safe", "Fairly safe", SECRET])
    return rows


def _points(chance: random.Random) -> Grid:
    rows = [["month", "longitude", "latitude", "location", "lsoa_code"]]
    rows += [["2022-01-01", f"-1.1{at:02d}", "52.98", "x", "E01013893"] for at in range(12)]
    return rows


BASES: dict[str, Callable[[random.Random], Grid]] = {
    "recorded-crime-leicestershire": _extract,
    "police-extract-brackenshire-2025-04": _dated,
    "void-homes-mercia-homes": _voids,
    "health-counts-leicester": _health,
    "met-wards": _wards,
    "home-office": _quarters,
    "licensed-premises-harborough-2025-04": _licences,
    "survey-answers-harborough": _answers,
    "our_burglary": _points,
}


# Damage to the cells


def _awkward(grid: Grid, chance: random.Random) -> None:
    row = chance.choice(grid)
    row[chance.randrange(len(row))] = chance.choice(AWKWARD)


def _awkward_column(grid: Grid, chance: random.Random) -> None:
    place, cell = chance.randrange(len(grid[0])), chance.choice(AWKWARD)
    for row in grid[1:]:
        if place < len(row):
            row[place] = cell


def _swap(grid: Grid, chance: random.Random) -> None:
    row = chance.choice(grid)
    a, b = chance.randrange(len(row)), chance.randrange(len(row))
    row[a], row[b] = row[b], row[a]


def _lose(grid: Grid, chance: random.Random) -> None:
    row = chance.choice(grid)
    if len(row) > 1:
        del row[chance.randrange(len(row))]


def _extra(grid: Grid, chance: random.Random) -> None:
    row = chance.choice(grid)
    row.insert(chance.randrange(len(row) + 1), chance.choice(AWKWARD))


def _again(grid: Grid, chance: random.Random) -> None:
    grid.insert(chance.randrange(1, len(grid) + 1), list(chance.choice(grid)))


def _total(grid: Grid, chance: random.Random) -> None:
    grid.append([chance.choice(("Total", "Grand total", "TOTALS:")), *("" for _ in grid[0][1:-1]), "99"])


def _notes(grid: Grid, chance: random.Random) -> None:
    grid[:0] = [["Made by the data team"], *([] for _ in range(chance.randrange(3)))]


def _blank(grid: Grid, chance: random.Random) -> None:
    grid.insert(chance.randrange(1, len(grid) + 1), ["" for _ in grid[-1]])


def _columns(grid: Grid, chance: random.Random) -> None:
    order = list(range(min(map(len, grid), default=0)))
    chance.shuffle(order)
    for row in grid:
        row[: len(order)] = [row[place] for place in order]


def _rename(grid: Grid, chance: random.Random) -> None:
    place = chance.randrange(len(grid[0])) if grid[0] else 0
    if grid[0]:
        grid[0][place] = chance.choice((grid[0][place].upper(), f" {grid[0][place]} ", "", "other", grid[0][0]))


CELL_DAMAGES = (_awkward, _awkward, _awkward, _awkward_column, _swap, _lose, _extra, _again, _total, _notes)
CELL_DAMAGES += (_blank, _columns, _rename)


# Ways of writing the grid, and damage to the bytes


def _as_text(grid: Grid, chance: random.Random) -> tuple[str, bytes]:
    text = io.StringIO()
    delimiter = chance.choice((",", ",", ";", "\t", "|"))
    csv.writer(text, delimiter=delimiter, lineterminator=chance.choice(("\n", "\r\n"))).writerows(grid)
    encoding = chance.choice(("utf-8", "utf-8", "utf-8-sig", "cp1252"))
    return ".csv", text.getvalue().encode(encoding, errors="replace")


def _printable(grid: Grid) -> Grid:
    """XML knows no control characters, so a spreadsheet cannot hold them."""
    return [["".join(mark for mark in cell if mark >= " " or mark in "\t\n") for cell in row] for row in grid]


def _as_xlsx(grid: Grid, chance: random.Random) -> tuple[str, bytes]:
    sheets = {"Data": SheetOf([[_typed(cell, chance) for cell in row] for row in _printable(grid)])}
    if chance.random() < 0.3:
        sheets["Lists"] = SheetOf([["a", "b"], ["c", "d"]], hidden=True)
    if chance.random() < 0.3:
        sheets["About"] = SheetOf([["Made by the data team"]])
    return ".xlsx", xlsx(sheets)


def _as_ods(grid: Grid, chance: random.Random) -> tuple[str, bytes]:
    return ".ods", ods([[_typed(cell, chance) for cell in row] for row in _printable(grid)])


def _typed(cell: str, chance: random.Random) -> str | int:
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 13 and chance.random() < 0.8 else cell


def _bytes_damaged(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    kind = chance.randrange(5)
    if kind == 0:
        return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    if kind == 1:
        return data[:at] + chance.choice((b"\0", b"\xff", b"\xe9", b'"', b"\n", b"\r", b",", b"<", b"PK")) + data[at:]
    if kind == 2:
        return data[:at] + data[at + chance.randrange(1, 120) :]
    if kind == 3:
        return data[:at]
    end = at + chance.randrange(1, 300)
    return data[:end] + data[at:end] + data[end:]


def _inside_damaged(book: bytes, chance: random.Random) -> bytes:
    """A spreadsheet whose archive is whole and one of whose parts is not."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name in members if members[name]])
    return zipped({**members, name: _bytes_damaged(members[name], chance)})


def damaged_file(chance: random.Random) -> tuple[str, bytes, Grid | None]:
    """Name and bytes of a damaged partner file, and its cells when its bytes are whole."""
    stem = chance.choice(list(BASES))
    grid = BASES[stem](chance)
    for _ in range(chance.randrange(0, 5)):
        header = list(grid[0])
        chance.choice(CELL_DAMAGES)(grid, chance)
        if chance.random() < SPARED and len(grid[0]) == len(header):
            grid[0] = header
        if not grid or not all(grid):
            grid = [row or [""] for row in grid]
    ending, data = chance.choice((_as_text, _as_text, _as_xlsx, _as_ods))(grid, chance)
    if chance.random() < 0.35:
        damage = _bytes_damaged if ending == ".csv" or chance.random() < 0.3 else _inside_damaged
        for _ in range(chance.randrange(1, 4)):
            data = damage(data, chance) or b"\n"
        return stem + ending, data, None
    return stem + ending, data, _printable(grid) if ending != ".csv" else None


# What must hold of every file


def objections(path: Path, grid: Grid | None = None) -> list[str]:
    """Everything that is wrong with how the file was read, in words; ``grid``: its cells, when they are known whole."""
    outcomes = list(read_any(path))
    found = [] if outcomes else ["nothing came back: neither a delivery nor a refusal"]
    deliveries = [outcome for outcome in outcomes if isinstance(outcome, Delivery)]
    for outcome in outcomes:
        found += _about_refusal(outcome) if isinstance(outcome, Refusal) else _about_delivery(outcome)
    if len(deliveries) == len(outcomes) and grid is not None:
        found += _about_rows(deliveries, grid)
    return found


def _about_refusal(refusal: Refusal) -> Iterator[str]:
    sentence = refusal.sentence
    if not sentence.startswith(refusal.file) or not sentence.rstrip().endswith((".", "?")) or "\n" in sentence:
        yield f"a refusal that is not a sentence about its file: {sentence!r}"
    if len(sentence) > 800:
        yield f"a refusal of {len(sentence)} characters"


def _about_delivery(delivery: Delivery) -> Iterator[str]:
    balance = delivery.balance
    if not balance.holds or (balance.stored, balance.quarantined, balance.duplicates) != (
        delivery.events.num_rows,
        len(delivery.rejected),
        delivery.duplicates,
    ):
        yield "the balance does not say what was delivered"
    if delivery.events.schema != SCHEMA_OF[delivery.shape]:
        yield "the rows have other columns than agreed"
    must = {
        Shape.EVENTS: ("crime_type", "occurred_from"),
        Shape.COUNTS: ("crime_type", "month"),
        Shape.ANSWERS: ("month",),
    }
    for column in ("line", *must.get(delivery.shape, ())):
        if delivery.events[column].null_count:
            yield f"a stored row lacks its {column}"
    for row in delivery.rejected:
        if not row.sentence.endswith((".", "?")) or "\n" in row.sentence or len(row.raw) > RAW_LIMIT:
            yield f"a rejected row without a proper sentence: {row.sentence!r}"


def _about_rows(deliveries: list[Delivery], grid: Grid) -> Iterator[str]:
    """Every row of the grid that is not blank and stands below the header ended somewhere."""
    ended: Counter[int] = Counter()
    for delivery in deliveries:
        ended.update(delivery.events["line"].to_pylist())
        ended.update(row.line for row in delivery.rejected)
    header = min(ended) if ended else 0
    written = {at for at, row in enumerate(grid, start=1) if any(cell.strip() for cell in row)}
    below = {at for at in written if at > header}
    lost = below - set(ended)
    if len(lost) > sum(delivery.duplicates for delivery in deliveries) and not _only_empty_words(grid, lost):
        yield f"rows {sorted(lost)[:5]} ended nowhere"
    if invented := set(ended) - written:
        yield f"rows {sorted(invented)[:5]} were not in the file"


def _only_empty_words(grid: Grid, lines: set[int]) -> bool:
    """Whether these rows hold nothing but blanks and marks that are dropped from spreadsheets."""
    return all(not "".join(grid[line - 1]).strip() for line in lines)


def _leaks(path: Path) -> Iterator[str]:
    """A private word that stands in its own column must be in nothing that is delivered."""
    for outcome in read_any(path):
        if isinstance(outcome, Refusal):
            if SECRET in outcome.sentence:
                yield "a refusal lets a private cell through"
        elif SECRET in str(outcome.events.to_pylist()) + str(outcome.rejected) + str(outcome.notes):
            yield "a delivery lets a private cell through"


# Damage that leaves every cell in its own column: after it nothing private may show
KEEPS_COLUMNS = (_awkward_column, _again, _total, _notes, _blank, _rename)


def private_file(chance: random.Random) -> tuple[str, bytes]:
    """A file whose private cells all stand in their own columns, damaged elsewhere."""
    stem = chance.choice([stem for stem, make in BASES.items() if SECRET in str(make(random.Random(0)))])
    grid = BASES[stem](chance)
    for _ in range(chance.randrange(0, 4)):
        chance.choice(KEEPS_COLUMNS)(grid, chance)
        grid = [row or [""] for row in grid]
    ending, data = chance.choice((_as_text, _as_xlsx, _as_ods))(grid, chance)
    return stem + ending, data


def run(n: int, seed: int) -> Result:
    """Reads ``n`` damaged files; a failure is a crash or an objection. Prints the seed of each failure."""
    failures = refused = stored = quarantined = 0
    with tempfile.TemporaryDirectory(prefix="frankpledge-partners-") as folder:
        for trial in range(n):
            chance = random.Random(f"{seed}-{trial}")
            grid: Grid | None = None
            if trial % 4 == 3:
                name, data = private_file(chance)
            else:
                name, data, grid = damaged_file(chance)
            path = Path(folder) / name
            path.write_bytes(data)
            try:
                wrong = objections(path, grid) + (list(_leaks(path)) if trial % 4 == 3 else [])
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
