"""The scan matrix: ranks, what would change them, and what it refuses. Sums are done by hand in the comments."""

import pytest

from frankpledge.analysis.scan_matrix import Confidence, Criterion, ScoredIssue, scan_ranking
from frankpledge.vocabulary.errors import CannotCompute

TWO = [Criterion("harm", "harm", 3), Criterion("trend", "trend", 1)]


def issue(name, harm, trend, confidence=Confidence.HIGH):
    return ScoredIssue(name, {"harm": harm, "trend": trend}, confidence)


def test_the_score_is_the_weighted_mean_out_of_a_hundred():
    ranking = scan_ranking([issue("Burglary", 4, 2), issue("Graffiti", 1, 5)], TWO)
    first, second = ranking.issues
    assert (first.name, first.rank, first.score) == ("Burglary", 1, pytest.approx(100 * (3 * 4 + 2) / 4 / 5))
    assert (second.name, second.rank, second.score) == ("Graffiti", 2, pytest.approx(100 * (3 + 5) / 4 / 5))


def test_weights_count_only_against_one_another():
    issues = [issue("Burglary", 4, 2), issue("Graffiti", 1, 5)]
    again = [Criterion("harm", "harm", 300), Criterion("trend", "trend", 100)]
    assert scan_ranking(issues, TWO).as_dict()["issues"] == scan_ranking(issues, again).as_dict()["issues"]


def test_an_issue_that_is_worse_in_everything_keeps_its_place_whatever_the_weights():
    ranking = scan_ranking([issue("Burglary", 4, 4), issue("Graffiti", 1, 1)], TWO)
    assert [one.rank_kept for one in ranking.issues] == [1.0, 1.0]
    assert not ranking.changes
    assert "no rank depends on the weights" in ranking.sentence()


def test_the_weight_that_would_change_two_places_is_the_exact_one():
    # gap: harm +3, trend -3; harm share t gives 3t - 3(1 - t) = 0 at t = 0.5
    ranking = scan_ranking([issue("Burglary", 4, 1), issue("Graffiti", 1, 4)], TWO, concentration=5)
    change = ranking.changes[0]
    assert (change.lower, change.higher) == ("Graffiti", "Burglary")
    assert (change.weight_now, change.weight_then) in [(0.75, pytest.approx(0.5)), (0.25, pytest.approx(0.5))]
    assert 0.05 < change.share < 0.5
    assert "50 %" in change.sentence()


def test_scores_that_are_less_sure_leave_the_rank_wider():
    sure = [issue(name, score, score) for name, score in (("A", 3.4), ("B", 3.2), ("C", 3.0))]
    unsure = [issue(one.name, one.scores["harm"], one.scores["trend"], Confidence.LOW) for one in sure]
    assert [one.with_doubt for one in scan_ranking(sure, TWO).issues] == [(1, 1), (2, 2), (3, 3)]
    assert all(one.with_doubt == (1, 3) for one in scan_ranking(unsure, TWO).issues)


def test_a_blank_is_not_nought():
    ranking = scan_ranking([issue("Burglary", 4, None), issue("Graffiti", 0, 0)], TWO)
    assert [(one.name, one.rank) for one in ranking.issues] == [("Graffiti", 1), ("Burglary", None)]
    assert ranking.issues[1].missing == ("trend",)
    assert "1 of 2 issues lack a score" in ranking.doubts[0].sentence


def test_a_criterion_without_weight_needs_no_score():
    criteria = [Criterion("harm", "harm", 1), Criterion("trend", "trend", 0)]
    ranking = scan_ranking([issue("Burglary", 4, None), issue("Graffiti", 1, 5)], criteria)
    assert [(one.name, one.rank) for one in ranking.issues] == [("Burglary", 1), ("Graffiti", 2)]


def test_equal_scores_share_the_better_rank_and_the_same_seed_gives_the_same():
    issues = [issue("A", 2, 2), issue("B", 2, 2), issue("C", 1, 1)]
    ranking = scan_ranking(issues, TWO)
    assert [one.rank for one in ranking.issues] == [1, 1, 3]
    assert ranking.as_dict() == scan_ranking(issues, TWO).as_dict()


@pytest.mark.parametrize(
    ("issues", "criteria"),
    [
        ([issue("A", 6, 1)], TWO),
        ([issue("A", -1, 1)], TWO),
        ([issue("A", float("nan"), 1)], TWO),
        ([issue("A", 1, 1), issue("A", 2, 2)], TWO),
        ([issue("A", 1, 1)], []),
        ([issue("A", 1, 1)], [Criterion("harm", "harm", 0)]),
        ([issue("A", 1, 1)], [Criterion("harm", "harm", -1)]),
    ],
)
def test_what_makes_no_sense_is_refused(issues, criteria):
    with pytest.raises(CannotCompute):
        scan_ranking(issues, criteria)


def test_nothing_to_rank_is_said():
    assert "none is ranked" in scan_ranking([], TWO).sentence()
