"""The long campaigns: a short form of each runs here; and what the record says."""

from datetime import date
from types import SimpleNamespace

import pytest

from tools import campaigns
from tools.campaigns import BEGIN, END, Result

CAMPAIGNS = [
    pytest.param(module, id=name, marks=[pytest.mark.database] if getattr(module, "USES_DATABASE", False) else [])
    for name, module in campaigns.campaigns().items()
]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_the_short_form_finds_no_failure(campaign: SimpleNamespace) -> None:
    """The promise holds in a few trials; `run.py campaign` makes many."""
    result = campaign.run(campaign.SHORT, seed=2)
    assert result.n >= campaign.SHORT
    assert result.failures == 0, result.notes


def test_no_failure_claims_three_over_n_and_no_more() -> None:
    """None in 600 bounds the rate at 1 in 200; a failure, or next to no trials, bounds nothing."""
    assert campaigns.bound(Result(600, 0)) == "1 in 200"
    assert campaigns.bound(Result(600, 1)) == "no claim"
    assert campaigns.bound(Result(2, 0)) == "no claim"


def test_a_second_run_replaces_its_own_row_and_leaves_the_others() -> None:
    """The record holds the latest figures of each campaign, and the words around the table stay."""
    module = SimpleNamespace(DESCRIPTION="pulls the plug")
    text = f"Before\n{BEGIN}\n{END}\nAfter\n"
    for name, failures in [("kill", 1), ("fuzz", 0), ("kill", 0)]:
        row = campaigns.line(name, module, Result(900, failures), date(2026, 11, 21), 90)
        text = campaigns.record(text, name, row)
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| campaign")]
    assert rows == [
        "| fuzz | pulls the plug | 900 | 0 | 1 in 300 | 2026-11-21 | 1.5 min |  |",
        "| kill | pulls the plug | 900 | 0 | 1 in 300 | 2026-11-21 | 1.5 min |  |",
    ]
    assert text.startswith("Before\n")
    assert text.endswith("\nAfter\n")


def test_a_record_without_its_markers_is_refused() -> None:
    """Figures are not written where nobody will find them."""
    with pytest.raises(ValueError, match="markers"):
        campaigns.record("no table here", "kill", "| kill |")
