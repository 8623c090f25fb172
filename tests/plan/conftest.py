"""A plan to look at and to change. Imports wait: this file is read before Django is."""

from typing import Any

import pytest

from tests.made_up_place import as_role

__all__ = ["as_role"]


@pytest.fixture
def plan(db: None) -> Any:
    """An empty draft for 2024/25 to 2026/27."""
    from frankpledge.records.plan import services
    from tests.people import TESTS

    return services.add_plan(title="Safer Aldershire", first_year=2024, by=TESTS)


@pytest.fixture
def salford(db: None) -> Any:
    """Salford's two tables, loaded through the services."""
    from tests.plan.loading import load_salford

    return load_salford()
