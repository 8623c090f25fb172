"""The picture of an area: from the counts of a million events to the page, and the whole command from files to a page.

The million events are drawn over the real small areas of one force, so that the geography is as large as in use. The
yardstick of the page is the count query itself; of the command, DuckDB reading the same files into a table.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from frankpledge.analysis.picture import area_picture
from frankpledge.evidence import queries
from frankpledge.evidence.engine import Engine
from frankpledge.evidence.schema import EVENT_SCHEMA
from frankpledge.reports.picture_page import picture_fragment
from frankpledge.sources.ons import districts_around, read_geography
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.deliveries import Balance
from frankpledge.vocabulary.geography import Geography
from frankpledge.vocabulary.periods import Month, MonthSpan
from tools.bench import NothingToMeasure, Row

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
EVENTS = 1_000_000
SPAN = MonthSpan(Month(2020, 1), Month(2022, 12))
TURNS = 5
MOST_TIMES_QUERY = 8.0
MOST_PAGE_S = 0.3
MOST_TIMES_DUCKDB = 12.0


def run() -> list[Row]:
    """Measure the promises about the picture. Raises NothingToMeasure without the real boundaries and police files."""
    if not (DATA / "boundaries").is_dir():
        raise NothingToMeasure("needs the real boundaries and police files, ../shared/data")
    around = districts_around("Harborough", DATA / "boundaries")
    geography = read_geography(DATA / "boundaries", DATA / "denominators", only_districts=around)
    return [*_page(geography), _command()]


def _page(geography: Geography) -> list[Row]:
    """Counting, then the picture and its HTML, taking turns; each warm."""
    events, engine = _events(geography), Engine()
    counted: list[pa.Table] = []

    def count() -> None:
        counted[:] = [engine.run(queries.monthly_counts(CrimeType.BURGLARY), table=events)]

    def draw() -> None:
        picture = area_picture(
            counts=counted[0],
            geography=geography,
            area=geography.find("Harborough"),
            crime_type=CrimeType.BURGLARY,
            period=None,
            edition=None,
            months_present=set(SPAN),
            balance=Balance(EVENTS, EVENTS, 0, 0),
            batches=(),
            source_label="drawn for the benchmark",
        )
        picture_fragment(picture, geography)

    count()
    draw()
    counting, drawing = [], []
    busy = time.process_time()
    for _ in range(TURNS):
        counting.append(_seconds(count))
        drawing.append(_seconds(draw))
    busy = (time.process_time() - busy) / TURNS
    query, page = statistics.median(counting), statistics.median(drawing)
    work = f"picture and page from the counts of {EVENTS:,} events"
    return [
        Row(
            work,
            f"{1000 * page:.0f} ms",
            f"DuckDB counts them: {1000 * query:.0f} ms",
            page / query,
            f"at most {MOST_TIMES_QUERY:.0f}",
            page / query <= MOST_TIMES_QUERY,
        ),
        Row(
            f"{work}, counting included, processor time",
            f"{1000 * busy:.0f} ms",
            f"{1000 * MOST_PAGE_S:.0f} ms",
            busy / MOST_PAGE_S,
            "at most 1",
            busy <= MOST_PAGE_S,
        ),
    ]


def _events(geography: Geography) -> pa.Table:
    """A million events with every column the store has; half of them burglaries, few areas with many."""
    random = np.random.default_rng(1)
    codes = sorted(geography.parents)
    chosen = random.choice(len(codes), EVENTS, p=random.dirichlet(np.full(len(codes), 3.0)))
    days = np.array([month.first_day for month in SPAN], dtype="datetime64[D]")
    kinds = np.array([CrimeType.BURGLARY.value, CrimeType.VEHICLE_CRIME.value])
    columns = {
        "crime_type": pa.array(kinds[random.integers(0, 2, EVENTS)]),
        "small_area": pa.array(np.array(codes)[chosen]),
        "month": pa.array(days[random.integers(0, len(days), EVENTS)]),
    }
    schema = EVENT_SCHEMA
    nothing = {field.name: pa.nulls(EVENTS, field.type) for field in schema}
    return pa.table({**nothing, **columns}).cast(schema)


def _command() -> Row:
    """The whole command in a process of its own against DuckDB reading the same files, taking turns."""
    files = DATA / "police_uk" / "leicestershire"
    commands, reads = [], []
    with tempfile.TemporaryDirectory() as folder:
        asked = [sys.executable, "-m", "frankpledge.cli.main", "picture", str(files), "--area", "Harborough", "--quiet"]
        asked += ["--areas", str(DATA / "boundaries"), "--denominators", str(DATA / "denominators")]
        asked += ["--out", str(Path(folder) / "picture.html")]
        for _ in range(3):
            reads.append(_seconds(lambda: _read_with_duckdb(files)))
            commands.append(_seconds(lambda: subprocess.run(asked, check=True)))
    whole, yardstick = statistics.median(commands), statistics.median(reads)
    ratio = whole / yardstick
    return Row(
        "frankpledge picture, Harborough from the 35 Leicestershire files, start to page",
        f"{whole:.2f} s",
        f"DuckDB reads the files into a table: {yardstick:.2f} s",
        ratio,
        f"at most {MOST_TIMES_DUCKDB:.0f}",
        ratio <= MOST_TIMES_DUCKDB,
    )


def _read_with_duckdb(files: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{files}/*.csv.gz', all_varchar = true)")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
