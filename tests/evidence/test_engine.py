"""The queries answer rightly over files and tables, quickly, from any thread or fork, and touch nothing else."""

import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from frankpledge.evidence import queries
from frankpledge.evidence.engine import Engine, compiled
from frankpledge.evidence.store import EvidenceStore
from frankpledge.vocabulary.crime_types import CrimeType
from frankpledge.vocabulary.periods import Month, MonthSpan
from tests.evidence.events import made_up_events

MONTHS = [Month(2022, 8), Month(2022, 9), Month(2022, 10)]


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> EvidenceStore:
    return EvidenceStore(tmp_path_factory.mktemp("evidence"))


@pytest.fixture(scope="module")
def tables() -> list[pa.Table]:
    return [made_up_events(400, month=month, seed=month.number) for month in MONTHS]


@pytest.fixture(scope="module")
def files(store, tables) -> list[Path]:
    written = []
    with store.writing():
        for month, table in zip(MONTHS, tables, strict=True):
            name = f"{month.number:064x}"
            written.append(
                store.write(table, content_sha256=name, batch=f"police-uk-street.aldershire.{month}.abc").name
            )
    return [store.path(name) for name in written]


def counted(tables, wanted=None):
    return Counter(
        (row["small_area"], row["month"])
        for table in tables
        for row in table.select(["small_area", "month", "crime_type"]).to_pylist()
        if wanted in (None, row["crime_type"])
    )


def as_counts(answer: pa.Table) -> dict:
    return {(row["small_area"], row["month"]): row["n"] for row in answer.to_pylist()}


@pytest.mark.parametrize("wanted", [None, CrimeType.BURGLARY, CrimeType.ROBBERY])
def test_monthly_counts_equal_a_count_by_hand(store, files, tables, wanted):
    answer = Engine(store.root).run(queries.monthly_counts(wanted), files=files)
    assert as_counts(answer) == counted(tables, wanted)
    assert answer.column_names == ["small_area", "month", "n"]


def test_a_period_keeps_only_its_months(store, files, tables):
    span = MonthSpan(MONTHS[1], MONTHS[2])
    answer = Engine(store.root).run(queries.monthly_counts(CrimeType.DRUGS, span), files=files)
    assert as_counts(answer) == counted(tables[1:], CrimeType.DRUGS)


def test_files_and_a_table_in_memory_give_the_same_answer(store, files, tables):
    engine, expression = Engine(store.root), queries.monthly_counts(CrimeType.BURGLARY)
    assert engine.run(expression, files=files).equals(Engine().run(expression, table=pa.concat_tables(tables)))


def test_no_events_give_an_empty_answer_of_the_same_shape(store):
    answer = Engine(store.root).run(queries.monthly_counts(CrimeType.BURGLARY), files=[])
    assert answer.num_rows == 0
    assert answer.column_names == ["small_area", "month", "n"]


def test_counts_by_type_and_quality_add_up(store, files, tables):
    engine = Engine(store.root)
    by_type = engine.run(queries.counts_by_type(), files=files)
    assert sum(by_type["n"].to_pylist()) == 1_200
    for row, table in zip(engine.run(queries.quality(), files=files).to_pylist(), tables, strict=True):
        for key, column in [("with_place", "easting"), ("with_small_area", "small_area"), ("with_outcome", "outcome")]:
            assert row[key] == 400 - table[column].null_count
    present = engine.run(queries.months_present(), files=files).to_pylist()
    assert [row["month"] for row in present] == [month.first_day for month in MONTHS]


def test_events_in_some_areas_are_all_there_and_no_others(store, files, tables):
    area = next(a for a in tables[0]["small_area"].to_pylist() if a)
    answer = Engine(store.root).run(queries.events_in([area]), files=files)
    assert answer.num_rows == sum(n for (code, _), n in counted(tables).items() if code == area)
    assert set(answer["small_area"].to_pylist()) == {area}


def test_text_in_an_argument_stays_text(store, files):
    answer = Engine(store.root).run(queries.events_in(["X' OR 1=1 --"]), files=files)
    assert answer.num_rows == 0


def test_sql_is_written_once_for_each_question():
    compiled.cache_clear()
    for _ in range(5):
        compiled(queries.monthly_counts(CrimeType.BURGLARY))
    assert compiled.cache_info().misses == 1


def test_threads_ask_at_the_same_time_and_get_the_same_answer(store, files):
    engine, expression = Engine(store.root), queries.monthly_counts(CrimeType.BURGLARY)
    expected = engine.run(expression, files=files)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: engine.run(expression, files=files), range(64)))
    assert all(answer.equals(expected) for answer in answers)


def test_a_forked_process_gets_a_connection_of_its_own(store, files):
    engine, expression = Engine(store.root), queries.monthly_counts(CrimeType.BURGLARY)
    expected = engine.run(expression, files=files).num_rows
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, str(engine.run(expression, files=files).num_rows).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        assert int(answer.read()) == expected
    assert os.waitpid(child, 0)[1] == 0
    assert engine.run(expression, files=files).num_rows == expected


def test_no_other_folder_can_be_read(store, files, tmp_path):
    outside = tmp_path / "outside.parquet"
    outside.write_bytes(files[0].read_bytes())
    with pytest.raises(duckdb.PermissionException):
        Engine(store.root).run(queries.counts_by_type(), files=[outside])
    with pytest.raises(duckdb.PermissionException):
        Engine().run(queries.counts_by_type(), files=files)


def test_asking_does_not_import_pandas_or_anything_else_that_is_heavy(files):
    script = (
        "import sys, pathlib\n"
        "from frankpledge.evidence import queries\n"
        "from frankpledge.evidence.engine import Engine\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "Engine(path.parent).run(queries.monthly_counts(), files=[path])\n"
        "heavy = {'pandas', 'numba', 'scipy.stats', 'polars', 'statsmodels', 'django', 'ibis.backends.duckdb'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(files[0])], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_monthly_counts_over_a_hundred_files_are_quick_once_warm(tmp_path):
    store = EvidenceStore(tmp_path / "evidence")
    events = made_up_events(2_000, month=Month(2015, 1), areas=700)
    with store.writing():
        names = [store.write(events, content_sha256=f"{n:064x}", batch=f"a.b.{n}").name for n in range(100)]
    engine, expression = Engine(store.root), queries.monthly_counts(CrimeType.BURGLARY)
    paths = [store.path(name) for name in names]
    times = []
    for _ in range(6):
        started = time.perf_counter()
        engine.run(expression, files=paths)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.3
