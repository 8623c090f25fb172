"""The demo's evaluation of safe homes: made once, on what the demo's own programme fitted."""

from decimal import Decimal

from frankpledge.analysis.value import Cash
from frankpledge.oversight.evaluation import selectors
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.workflows.evaluate_homes import evaluate_homes

COST = Decimal("412800")
COST_IS = "all money spent from October 2024 to September 2026, staff and vans included"
CASH = Cash("Brackenshire Constabulary", 310.0)


def load(*, by: Actor) -> None:
    """Evaluate the programme once. Without a police extract or fittings there is nothing to evaluate yet."""
    if selectors.newest() is not None:
        return
    try:
        evaluate_homes(pounds=COST, cost_is=COST_IS, cash=CASH, by=by)
    except CannotCompute:
        return
