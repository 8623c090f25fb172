"""A place beside others of its kind."""

import pytest

from frankpledge.analysis.comparison import PeerCount, comparison, most_similar
from frankpledge.analysis.rates import Verdict
from frankpledge.vocabulary.areas import AreaLevel
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.vocabulary.geography import Area

FORCE = Area("X23000001", "Brackenshire", AreaLevel.FORCE)


def district(number: int, name: str = "") -> Area:
    return Area(f"X0700000{number}", name or f"District {number}", AreaLevel.DISTRICT)


def test_the_rest_of_the_whole_leaves_the_place_itself_out() -> None:
    counted = [
        PeerCount(district(1), 100, 10_000),
        PeerCount(district(2), 300, 10_000),
        PeerCount(district(3), 100, 10_000),
    ]
    found = comparison(district(1), FORCE, counted)
    assert found.against_rest.other_count == 400
    assert found.against_rest.value == pytest.approx(0.5)
    assert found.against_rest.verdict is Verdict.LOWER
    assert [peer.area.code for peer in found.peers] == ["X07000002", "X07000001", "X07000003"]
    assert sum(peer.rate.count for peer in found.peers) == found.whole_rate.count


def test_the_order_of_places_changes_nothing() -> None:
    counted = [PeerCount(district(n), 10 * n, 1_000) for n in range(1, 7)]
    assert comparison(district(2), FORCE, counted) == comparison(district(2), FORCE, counted[::-1])


def test_a_place_alone_cannot_be_compared() -> None:
    with pytest.raises(CannotCompute):
        comparison(district(1), FORCE, [PeerCount(district(1), 10, 100)])


def test_similar_places_are_the_nearest_in_standard_units() -> None:
    traits = {f"place {n}": {"deprivation": 1_000.0 * n, "homes per hectare": 5.0} for n in range(8)}
    assert most_similar(traits, "place 0", nearest=2) == ["place 1", "place 2"]
    # a change of unit is not a change of likeness
    metres = {
        place: {"deprivation": known["deprivation"] / 7, "homes per hectare": 0.5} for place, known in traits.items()
    }
    assert most_similar(metres, "place 0", nearest=2) == ["place 1", "place 2"]


def test_calling_everyone_similar_is_refused() -> None:
    with pytest.raises(CannotCompute):
        most_similar({f"place {n}": {"deprivation": float(n)} for n in range(4)}, "place 0", nearest=3)
    with pytest.raises(CannotCompute):
        most_similar({f"place {n}": ({"a": 1.0} if n else {"b": 1.0}) for n in range(9)}, "place 0")
