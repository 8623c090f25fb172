"""Rows read = stored + quarantined + duplicates, or it is an error of ours."""

import pytest

from frankpledge.vocabulary.deliveries import Balance
from frankpledge.vocabulary.forces import FORCES, OTHER_NAMES, force_slug


def test_balances_add_up() -> None:
    assert Balance() + Balance(5, 3, 1, 1) + Balance(2, 2, 0, 0) == Balance(7, 5, 1, 1)
    assert Balance(5, 3, 1, 1).holds


@pytest.mark.parametrize("numbers", [(5, 3, 1, 0), (1, 2, 0, 0), (0, 1, -1, 0)])
def test_a_sum_that_does_not_hold_cannot_be_made(numbers: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="do not balance"):
        Balance(*numbers)


def test_every_force_is_known_by_its_names() -> None:
    assert len(FORCES) == 43 + 2 + 1
    assert all(force_slug(name) == slug for slug, name in FORCES.items())
    assert set(OTHER_NAMES.values()) <= set(FORCES)
    assert force_slug("Ministry of Walks") is None
