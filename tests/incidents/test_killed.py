"""The short form of the campaign: imports killed at random moments leave every batch whole."""

import os

import pytest
from django.db import connection

from campaigns import killed_imports


@pytest.mark.django_db
@pytest.mark.slow
def test_killed_imports_leave_no_partial_batch_and_resume_to_the_same_end(monkeypatch):
    if connection.vendor == "sqlite":
        monkeypatch.delenv("DATABASE_URL", raising=False)
    else:
        assert os.environ["DATABASE_URL"]
    result = killed_imports.run(killed_imports.SHORT, seed=20261121)
    assert result.failures == 0, result.notes
    assert result.n == killed_imports.SHORT
