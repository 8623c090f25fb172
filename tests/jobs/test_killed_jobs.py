"""The campaign against killed workers, in its short form."""

import pytest

from campaigns import killed_jobs


@pytest.mark.slow
def test_no_job_is_lost_half_done_or_done_by_two_at_once_when_workers_are_killed():
    result = killed_jobs.run(killed_jobs.SHORT, seed=20261121)
    assert result.failures == 0, result.notes
