"""Harm scores: the published weights and the slip in them, intervals that hold, versions that are not mixed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankpledge.analysis.harm import (
    crime_severity_score,
    fine_days,
    harm_index,
    refuse_mixed_weights,
    sentence_days,
    weight_table,
    weighted_sum_limits,
    weights_from_csv,
)
from frankpledge.vocabulary.doubts import DoubtKind
from frankpledge.vocabulary.errors import CannotCompute

from .oracles import oracle

# three weights the Office for National Statistics printed in November 2016
ONS_2016 = {"homicide": 7979, "assault with injury (8N)": 184, "possession of cannabis": 3}
COUNTS = {"homicide": 2, "assault with injury (8N)": 500, "possession of cannabis": 300}


def _ons(weights: dict[str, float] | None = None):
    return weight_table(weights or ONS_2016, name="Crime Severity Score", version="2016 research output")


def test_the_severity_score_of_the_worked_example() -> None:
    score = crime_severity_score(COUNTS, _ons(), population=250_000)
    assert score.value == pytest.approx(0.435432, abs=1e-9)
    assert score.lines[0].offence == "assault with injury (8N)"
    assert score.interval.lower < score.value < score.interval.upper


def test_the_severity_score_is_as_in_the_oracle() -> None:
    """../shared/oracles/published/crime-severity-score.json: ONS 2016."""
    published = oracle("crime-severity-score")
    example = published["worked_example_derived"]
    score = crime_severity_score(example["offences"], _ons(published["weights_2016"]), population=example["population"])
    assert score.value == pytest.approx(example["expected"], abs=1e-9)


def test_swapped_digits_in_a_copied_table_are_found() -> None:
    """A secondary source prints 7,797 for homicide, where ONS has 7,979."""
    copied = {**ONS_2016, "homicide": 7797}
    with pytest.raises(CannotCompute, match="homicide.*7797.*7979.*slip in copying digits"):
        weight_table(copied, name="CSS", version="2016", check_against={"homicide": 7979})
    with pytest.raises(CannotCompute, match="should have a weight"):
        weight_table(ONS_2016, name="CSS", version="2016", check_against={"robbery": 100})


def test_sentences_and_fines_in_days() -> None:
    """../shared/oracles/published/crime-harm-index.json: 15, 5, 4 and 1 years."""
    assert [sentence_days(years=years) for years in (15, 5, 4, 1)] == [5475, 1825, 1460, 365]
    for example in oracle("crime-harm-index")["conversion"]["examples"]:
        assert sentence_days(years=example["years"]) == example["days"]
    assert fine_days(160, hourly_wage=10) == 2


def test_a_table_is_read_from_csv_and_its_slips_named() -> None:
    text = '\ufeffOffence,Weight\nHomicide,"7,979"\nCannabis,3\n,\n'
    table = weights_from_csv(text, offence_column="Offence", weight_column="Weight", name="CSS", version="2016")
    assert table.weights == {"Homicide": 7979, "Cannabis": 3}
    for wrong, said in (
        ("Offence,Weight\nHomicide,much\n", "Line 2"),
        ("Offence,Weight\nHomicide,1\nHomicide,2\n", "second, different"),
        ("Crime,Weight\nHomicide,1\n", "no column “Offence”"),
        ("Offence,Weight\nHomicide,-1\n", "from nought up"),
        ("Offence,Weight\n", "empty"),
    ):
        with pytest.raises(CannotCompute, match=said):
            weights_from_csv(wrong, offence_column="Offence", weight_column="Weight", name="CSS", version="2016")


def test_an_offence_without_weight_is_refused_or_named() -> None:
    with pytest.raises(CannotCompute, match="burglary"):
        harm_index({"homicide": 1, "burglary": 9}, _ons())
    score = harm_index({"homicide": 1, "burglary": 9}, _ons(), allow_missing=True)
    assert (score.harm, score.not_weighted) == (7979, 9)
    assert DoubtKind.WEIGHTS_MISSING in {doubt.kind for doubt in score.doubts}


def test_crimes_that_only_patrol_finds_do_not_count() -> None:
    score = harm_index(COUNTS, _ons(), found_by_policing={"possession of cannabis"})
    assert score.harm == 2 * 7979 + 500 * 184
    assert score.left_out == 300


def test_one_series_keeps_to_one_table() -> None:
    refuse_mixed_weights([_ons(), _ons(dict(reversed(ONS_2016.items())))])
    with pytest.raises(CannotCompute, match="mix"):
        refuse_mixed_weights([_ons(), _ons({**ONS_2016, "homicide": 7978})])


def test_bad_input_is_refused() -> None:
    for wrong in ({"homicide": -1}, {"homicide": 1.5}):
        with pytest.raises(CannotCompute):
            harm_index(wrong, _ons())
    with pytest.raises(CannotCompute):
        crime_severity_score(COUNTS, _ons(), population=0)
    with pytest.raises(CannotCompute, match="version"):
        weight_table(ONS_2016, name="CSS", version=" ")


def test_the_interval_covers_what_it_says() -> None:
    """2,000 simulated years of rare heavy and common light crimes: the gamma interval holds at least 95 %."""
    chance = np.random.default_rng(4)
    weights, means = np.array([8000.0, 200.0, 3.0]), np.array([1.5, 80.0, 400.0])
    truth, covered = float(weights @ means), 0
    for counts in chance.poisson(means, (2000, 3)):
        limits = weighted_sum_limits(zip(counts.tolist(), weights.tolist(), strict=True), 8000.0)
        covered += limits.lower <= truth <= limits.upper
    assert covered / 2000 > 0.95 - 3 * (0.05 * 0.95 / 2000) ** 0.5


def test_equal_weights_give_the_exact_poisson_limits() -> None:
    limits = weighted_sum_limits([(10, 1.0)], 1.0)
    assert (limits.lower, limits.upper) == pytest.approx((4.795389, 18.390356), abs=1e-6)


@given(st.dictionaries(st.sampled_from(sorted(ONS_2016)), st.integers(0, 1000), min_size=1), st.floats(0.1, 50))
def test_scores_do_not_depend_on_order_and_scale_with_weights(counts: dict[str, int], factor: float) -> None:
    one, turned = harm_index(counts, _ons()), harm_index(dict(reversed(counts.items())), _ons())
    scaled = harm_index(counts, _ons({offence: weight * factor for offence, weight in ONS_2016.items()}))
    assert one.as_dict() == turned.as_dict()
    assert scaled.harm == pytest.approx(one.harm * factor)
    assert scaled.interval.upper == pytest.approx(one.interval.upper * factor)
    assert sum(line.harm for line in one.lines) == pytest.approx(one.harm)
