"""Hit rate, PAI, PEI and RRI: the published tables, and ties and trivial cases that flatter nobody."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.forecast_accuracy import accuracy_table, expected_hits, flagged_cells, most_hits
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle, peer_oracle


def test_the_published_case_of_ptools() -> None:
    found = accuracy_table([6, 3, 0], [3, 2, 1])
    assert found.pai == pytest.approx([2.0, 1.5, 1.0])
    assert found.pei == pytest.approx([1.0, 1.0, 1.0])
    assert found.rri == pytest.approx([0.5, 5 / 9, 2 / 3])


def test_every_published_case() -> None:
    reference = oracle("pai-pei-rri")
    for case in reference["cases"]:
        found = accuracy_table(case["obs"], case["pred"], case["area"])
        for place, expected in enumerate(case["expected"]):
            assert found.pai[place] == pytest.approx(expected["PAI"], abs=1e-12)
            assert found.pei[place] == pytest.approx(expected["PEI"], abs=1e-12)
            assert found.rri[place] == pytest.approx(expected["RRI"], abs=1e-12)


@pytest.mark.parametrize("name", ["pai", "pai_equal_area"])
def test_the_table_of_ptools(name: str) -> None:
    case = peer_oracle("evaluation_and_time_r")[name]
    given_, expected = case["input"], case["expected"]
    found = accuracy_table(given_["obs"], given_["pred"], given_["area"])
    assert (found.order + 1).tolist() == expected["id"]
    assert found.hits.tolist() == expected["CumCount"]
    for ours, theirs in ((found.hit_rate, "PCumCount"), (found.area_share, "PCumArea"), (found.pai, "PAI"),
                         (found.pei, "PEI"), (found.rri, "RRI")):  # fmt: skip
        assert ours == pytest.approx(np.array(expected[theirs]), abs=1e-9)


def test_among_equal_forecasts_those_with_fewest_events_come_first() -> None:
    assert accuracy_table([5, 0, 3], [1, 1, 1]).order.tolist() == [1, 2, 0]


def test_no_rri_where_nothing_was_recorded() -> None:
    found = accuracy_table([0, 4], [3, 1])
    assert np.isnan(found.rri[0])
    assert found.as_dict()["rri"] == [None, 1.0]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 1_000), st.integers(1, 9)), min_size=1, max_size=30))
def test_the_whole_area_holds_everything(rows: list[tuple[int, int, int]]) -> None:
    recorded, predicted, area = (np.array(column, float) for column in zip(*rows, strict=True))
    if not recorded.sum():
        return
    found = accuracy_table(recorded, predicted, area)
    assert found.hit_rate[-1] == pytest.approx(1)
    assert found.pai[-1] == pytest.approx(1)
    assert found.pei[-1] == pytest.approx(1)
    assert (np.diff(found.hits) >= 0).all()
    perfect = accuracy_table(recorded, recorded)
    assert perfect.pei == pytest.approx(np.ones(len(rows)))


def test_what_cannot_be_judged_is_refused() -> None:
    for recorded, predicted, area in (([0, 0], [1, 2], None), ([1, -1], [1, 2], None), ([1, 1], [1], None),
                                      ([1, 1], [1, 2], [1, 0])):  # fmt: skip
        with pytest.raises(CannotCompute):
            accuracy_table(recorded, predicted, area)


def test_the_sentence_says_what_the_first_twentieth_held() -> None:
    found = accuracy_table([8, 2] + [0] * 18, list(range(20, 0, -1)))
    assert (
        str(found.sentence())
        == "The first 1 areas, 5.0 % of the whole, held 80 % of the events: 16.00 times their share."
    )
    assert len(found.table().rows) == 20


def test_ties_at_the_border_are_shared() -> None:
    risk = np.array([5.0, 2, 2, 2, 1])
    hits = expected_hits(risk, np.array([0, 1, 3, 4, -1]), [1, 2, 4, 5])
    assert hits == pytest.approx(
        np.array([[1, 1, 1, 1], [0, 1 / 3, 1, 1], [0, 1 / 3, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]])
    )


@given(st.integers(0, 10_000), st.integers(1, 40))
def test_sharing_ties_is_the_mean_over_all_ways_to_break_them(seed: int, flagged: int) -> None:
    random = np.random.default_rng(seed)
    risk, cells = random.integers(0, 4, 40).astype(float), random.integers(-1, 40, 15)
    shared = expected_hits(risk, cells, [flagged])[:, 0]
    assert shared[cells >= 0].sum() == pytest.approx(
        sum(expected_hits(risk, np.array([cell]), [flagged])[0, 0] for cell in cells if cell >= 0)
    )
    everyone = expected_hits(risk, np.arange(40), [flagged])[:, 0]
    assert everyone.sum() == pytest.approx(flagged)  # as many cells as were asked for, no more and no fewer


def test_the_best_choice_afterwards() -> None:
    assert most_hits(np.array([3, 3, 3, 5, 5, 9, -1]), 2) == 5
    assert most_hits(np.array([-1]), 2) == 0
    assert (flagged_cells(28_560, 0.05), flagged_cells(10, 0.01)) == (1_428, 1)
