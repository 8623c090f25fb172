"""A partnership with places, a year of evidence and an assessment composed from it."""

import pytest

from tests.made_up_place import aldershire, as_role, data_folder, partnership

__all__ = ["aldershire", "as_role", "data_folder", "partnership"]


@pytest.fixture
def evidence(aldershire):
    from tests.pages.made_up import receive_months

    return receive_months(14)


@pytest.fixture
def assessment(evidence):
    from frankpledge.workflows.compose_assessment import compose_assessment
    from tests.pages.made_up import BY

    return compose_assessment(area="", by=BY)
