"""The demo's programme, evaluated once for all tests."""

from functools import cache

from frankpledge.analysis.programme_evaluation import ProgrammeEvaluation, Spending, evaluate_programme
from frankpledge.analysis.value import Cash
from tools.simulated_programme import programme


@cache
def evaluated() -> ProgrammeEvaluation:
    """The demo's programme with a cost of a million pounds."""
    cash = Cash("Brackenshire Constabulary", 310.0)
    spending = Spending(pounds=1_000_000, is_what="the full budget", cash=cash)
    return evaluate_programme(**programme(), spending=spending)
