"""A partnership with places, a year of evidence and an assessment composed from it."""

from pathlib import Path

import pytest

from tests.pages.conftest import aldershire, as_role, partnership

__all__ = ["aldershire", "as_role", "partnership"]


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path: Path) -> Path:
    from frankpledge.oversight.exploring import selectors

    settings.DATA_DIR = tmp_path / "data"
    selectors.forget()
    return settings.DATA_DIR


@pytest.fixture
def evidence(aldershire):
    from tests.pages.made_up import receive_months

    return receive_months(14)


@pytest.fixture
def assessment(evidence):
    from frankpledge.workflows.compose_assessment import compose_assessment
    from tests.pages.made_up import BY

    return compose_assessment(area="", by=BY)
