"""Reading places: a fixed number of queries, limited to the force; names lead to one area or to a suggestion."""

from collections.abc import Callable
from typing import Any

import pytest

from frankpledge.foundation.places import selectors, services
from frankpledge.sources.simulator import draw_place
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.errors import DataProblem
from frankpledge.vocabulary.geography import Geography
from tests.places.conftest import little_district

pytestmark = pytest.mark.django_db
Queries = Callable[[int], Any]


@pytest.fixture
def loaded(aldercombe: Geography, by: Actor) -> Geography:
    """Aldercombe's force, and another force that is nobody's business here."""
    services.load_geography(aldercombe, by=by)
    services.load_geography(little_district(1, small_areas=3), by=by)
    return aldercombe


@pytest.mark.parametrize(
    "code", ["X07000001", "X07000003", "X22000001", "X16000001", "X05000006", "X23000001", "X01000001"]
)
def test_the_geography_of_any_area_takes_six_queries_and_then_one(
    code: str, loaded: Geography, django_assert_num_queries: Queries
) -> None:
    """However many small areas there are, and whatever the level; it is all of the force and nothing else."""
    with django_assert_num_queries(6):
        found = selectors.geography_around(code)
    assert found.areas == loaded.areas
    assert found.parents == loaded.parents
    with django_assert_num_queries(1):
        assert selectors.geography_around(code) is found


def test_a_load_makes_what_was_kept_stale(loaded: Geography, by: Actor) -> None:
    """The next page sees the new edition."""
    before = selectors.geography_around("X07000011")
    services.load_geography(little_district(1, small_areas=4), by=by)
    after = selectors.geography_around("X07000011")
    assert len(before.parents) == 3
    assert len(after.parents) == 4


def test_premises_loaded_later_do_not_change_what_a_page_shows(loaded: Geography, by: Actor) -> None:
    """They are another part of places."""
    services.load_premises(draw_place().premises[:10], by=by)
    assert selectors.geography_around("X07000001").areas == loaded.areas


def test_without_forces_it_is_everything_whose_force_is_unknown(loaded: Geography, by: Actor) -> None:
    """Boundaries without lookups still make a picture."""
    services.load_geography(little_district(2, force=None), by=by)
    services.load_geography(little_district(3, force=None), by=by)
    found = selectors.geography_around("X07000012")
    assert [area.name for area in found.of_level(AreaLevel.DISTRICT)] == ["Little 2", "Little 3"]


def test_an_unknown_code_is_one_sentence(loaded: Geography) -> None:
    """Not a traceback."""
    with pytest.raises(DataProblem, match="There is no area “X07009999”"):
        selectors.geography_around("X07009999")


def test_choices_are_grouped_by_level_without_small_areas(
    loaded: Geography, django_assert_num_queries: Queries
) -> None:
    """Districts first; in order of their names."""
    choices = selectors.area_choices()
    assert list(choices) == [
        AreaLevel.DISTRICT,
        AreaLevel.PARTNERSHIP,
        AreaLevel.PRIORITY_NEIGHBOURHOOD,
        AreaLevel.WARD,
        AreaLevel.FORCE,
    ]
    assert [area.name for area in choices[AreaLevel.DISTRICT]][:2] == ["Aldercombe", "Hallowdown"]
    assert len(choices[AreaLevel.WARD]) == 13
    with django_assert_num_queries(1):
        selectors.area_choices()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Aldercombe", "X07000001"),
        ("  aldercombe ", "X07000001"),
        ("Bellfield", "X16000002"),
        ("X05000006", "X05000006"),
    ],
)
def test_a_name_or_code_leads_to_its_area(name: str, code: str, loaded: Geography) -> None:
    """Higher levels first, whatever the case."""
    assert selectors.find_area(name).code == code


def test_a_name_can_be_looked_up_at_one_level(loaded: Geography) -> None:
    """And is not there at another."""
    with pytest.raises(DataProblem):
        selectors.find_area("Aldercombe", [AreaLevel.WARD])


def test_a_misspelt_name_gets_the_nearest(loaded: Geography) -> None:
    """As the command line does."""
    with pytest.raises(DataProblem, match="Did you mean .*Aldercombe"):
        selectors.find_area("Aldercome")


def test_before_anything_is_loaded_the_sentence_says_what_to_do() -> None:
    """An empty installation is not an error."""
    assert selectors.area_choices() == {}
    with pytest.raises(DataProblem, match="frankpledge places load"):
        selectors.find_area("Aldercombe")
