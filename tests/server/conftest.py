"""Servers of the tests' own."""

import os
import shutil
import uuid

import pytest

from tests.server.serving import Server


@pytest.fixture
def own_database():
    """The address of a new database: empty for SQLite in the data folder, or one on the PostgreSQL under test."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"serving_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
        yield f"{url.rsplit('/', 1)[0]}/{name}"
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def server(tmp_path, own_database):
    """A server that has not been started yet, in an empty folder."""
    made = Server(tmp_path / "data", own_database)
    yield made
    made.clear()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """The folder of an installation on SQLite that was started once and stopped."""
    first = Server(tmp_path_factory.mktemp("prepared") / "data")
    try:
        first.start("--no-demo")
        first.stop()
    finally:
        first.clear()
    return first.data


@pytest.fixture
def standing(server, own_database, request):
    """A server that has not been started yet, over an installation that was prepared before (on SQLite: a copy)."""
    if not own_database:
        shutil.copytree(request.getfixturevalue("prepared"), server.data)
    return server
