"""Runs the queries. The engine is DuckDB inside this process; the expressions know nothing of it.

Another engine is another ``dialect`` and another connection under the same expressions. Ibis's own backends are not
used: loading one imports pandas, a second of start-up and 60 MB in the web process for nothing (ADR 2).
"""

import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
from ibis.expr import types as ir

from frankpledge.evidence.queries import TABLE_NAME
from frankpledge.evidence.schema import STORED_SCHEMA
from frankpledge.vocabulary.columns import BATCH_COLUMN

DIALECT = "duckdb"
THREADS = 2
MEMORY_LIMIT = "512MB"

# Connections of the process we were forked from. Closing one would wait for threads that did not come along.
_left_by_parent: list[duckdb.DuckDBPyConnection] = []


class Engine:
    """Answers expressions over files of one folder, or over a table in memory.

    One database in memory for each process, one cursor for each thread, both made when first needed. It can read files
    of ``folder`` and nothing else: no other file, no network, no extension.
    """

    def __init__(self, folder: Path | None = None, *, threads: int = THREADS, memory_limit: str = MEMORY_LIMIT) -> None:
        self.folder = folder
        self._threads = threads
        self._memory_limit = memory_limit
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._process: int | None = None
        self._cursors = threading.local()

    def run(self, expr: ir.Table, *, files: Sequence[Path] | None = None, table: pa.Table | None = None) -> pa.Table:
        """The answer to ``expr`` over ``files`` of the folder, or over ``table``; over no events when neither has any.

        ``table`` holds the event columns, with or without the batch in front.
        """
        sql = compiled(expr)
        cursor = self._cursor()
        if files:
            source = cursor.read_parquet([str(path) for path in files])
        else:
            source = cursor.from_arrow(_with_batch(STORED_SCHEMA.empty_table() if table is None else table))
        return source.query(TABLE_NAME, sql).to_arrow_table()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        connection = self._connected()
        if getattr(self._cursors, "of", None) is not connection:
            self._cursors.of = connection
            self._cursors.cursor = connection.cursor()
        cursor: duckdb.DuckDBPyConnection = self._cursors.cursor
        return cursor

    def _connected(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None or self._process != os.getpid():
            self._forget_parent()
            with self._lock:
                if self._connection is None:
                    self._connection = self._connect()
                    self._process = os.getpid()
        return self._connection

    def _forget_parent(self) -> None:
        """After a fork, leave the parent's connection, cursors and lock (which another thread may have held) alone."""
        if self._process is None or self._process == os.getpid():
            return
        if self._connection is not None:
            _left_by_parent.append(self._connection)
        cursor = getattr(self._cursors, "cursor", None)
        if cursor is not None:
            _left_by_parent.append(cursor)
        self._lock = threading.Lock()
        self._connection, self._process = None, None

    def _connect(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(
            config={
                "threads": self._threads,
                "memory_limit": self._memory_limit,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        connection.execute("LOAD parquet")  # built in: nothing is fetched
        connection.execute("SET parquet_metadata_cache = true")  # a file of the store never changes under its name
        connection.execute("SET GLOBAL TimeZone = 'UTC'")  # for every cursor, whatever TZ the process has
        connection.execute("SET temp_directory = ''")  # events never spill to a folder nobody guards
        # Written out: handing over a list makes DuckDB import pandas wherever that happens to be installed.
        allowed = "" if self.folder is None else "'" + f"{self.folder}{os.sep}".replace("'", "''") + "'"
        connection.execute(f"SET allowed_directories = [{allowed}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection


@lru_cache(maxsize=1024)
def compiled(expr: ir.Table) -> str:
    """The SQL of ``expr``, written once."""
    return str(ibis.to_sql(expr, dialect=DIALECT, pretty=False))


def _with_batch(table: pa.Table) -> pa.Table:
    if BATCH_COLUMN in table.schema.names:
        return table
    return table.add_column(0, STORED_SCHEMA.field(BATCH_COLUMN), pa.repeat(pa.scalar("", pa.string()), table.num_rows))
