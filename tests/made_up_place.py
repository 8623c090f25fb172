"""Fixtures of the made-up district Aldershire: a data folder, a partnership, places, and people to look at its pages.

A folder's conftest imports the ones its tests stand on. Imports wait: this file is read before Django is.
"""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path: Path) -> Path:
    """A data folder of its own for every test of the folder that imports this."""
    from frankpledge.oversight.exploring import selectors

    settings.DATA_DIR = tmp_path / "data"
    selectors.forget()
    return settings.DATA_DIR


@pytest.fixture
def partnership(db: None) -> None:
    from frankpledge.foundation.agencies import services
    from tests.pages.made_up import BY

    services.name_partnership(name="Safer Aldershire Partnership", by=BY)


@pytest.fixture
def aldershire(partnership: None) -> None:
    """The partnership and its places, without any evidence."""
    from frankpledge.foundation.places import services
    from tests.pages.made_up import BY, geography

    services.load_geography(geography(), by=BY)


@pytest.fixture
def as_role(db: None) -> Callable:
    """``as_role(Role.ANALYST)``: a browser in which somebody with that role is signed in."""
    from tests.people import signed_in

    return signed_in
