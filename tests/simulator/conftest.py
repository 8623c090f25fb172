"""One simulated partnership for all tests of the simulator; making it takes about two seconds."""

from pathlib import Path

import pytest

from frankpledge.sources.simulator import SimulatedPartnership, simulate, write_files


@pytest.fixture(scope="session")
def partnership() -> SimulatedPartnership:
    """Safer Aldercombe as the demo shows it."""
    return simulate(seed=1)


@pytest.fixture(scope="session")
def folder(partnership: SimulatedPartnership, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder its files were written to."""
    out = tmp_path_factory.mktemp("demo")
    write_files(partnership, out)
    return out
