"""Worker processes on the test's own database."""

import pytest

from tests.jobs.processes import Workers


@pytest.fixture
def workers(transactional_db, tmp_path):
    """Start worker processes; they are ended with the test."""
    started = Workers(tmp_path)
    yield started
    started.end()
