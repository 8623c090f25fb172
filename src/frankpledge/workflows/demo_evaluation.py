"""The demo's evaluation of safe homes: made once, on what its own programme fitted and what its visits found."""

from datetime import timedelta
from decimal import Decimal

from frankpledge.analysis.value import Cash
from frankpledge.delivery.home_security.vocabulary import MeasureKind
from frankpledge.oversight.evaluation import selectors, services
from frankpledge.oversight.evaluation.vocabulary import AlarmFound, EntryFloor, EntryRoute
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import CannotCompute
from frankpledge.workflows.evaluate_homes import evaluate_homes

COST = Decimal("412800")
COST_IS = "all money spent from October 2024 to September 2026, staff and vans included"
CASH = Cash("Brackenshire Constabulary", 310.0)
NOT_LOOKED_INTO = 7  # one in so many nobody visited
#: What visits found, in turn: most alarms not set, some ways in above the detectors, some not to be told. Made up.
FOUND = (
    (AlarmFound.NOT_SET, EntryRoute.OPEN, EntryFloor.GROUND),
    (AlarmFound.SET, EntryRoute.WINDOW, EntryFloor.UPPER),
    (AlarmFound.NOT_SET, EntryRoute.DOOR, EntryFloor.GROUND),
    (AlarmFound.SET, EntryRoute.WINDOW, EntryFloor.UPPER),
    (AlarmFound.NOT_KNOWN, EntryRoute.DOOR, EntryFloor.NOT_KNOWN),
    (AlarmFound.NOT_SET, EntryRoute.OPEN, EntryFloor.UPPER),
    (AlarmFound.SET, EntryRoute.DOOR, EntryFloor.GROUND),
    (AlarmFound.NOT_SET, EntryRoute.WINDOW, EntryFloor.GROUND),
)


def load(*, by: Actor) -> None:
    """Write down what visits found and evaluate the programme once. Without an extract there is nothing to evaluate."""
    if selectors.newest() is not None:
        return
    _findings(by)
    try:
        evaluate_homes(pounds=COST, cost_is=COST_IS, cash=CASH, by=by)
    except CannotCompute:
        return


def _findings(by: Actor) -> None:
    for number, one in enumerate(reversed(selectors.burglaries_of_protected())):
        if one.finding is not None or number % NOT_LOOKED_INTO == NOT_LOOKED_INTO - 1:
            continue
        alarm, entry, floor = FOUND[number % len(FOUND)]
        if MeasureKind.ALARM.value not in one.kinds:
            alarm = AlarmFound.NONE
        services.write_finding(
            one,
            visited_on=one.burgled_on + timedelta(days=1 + number % 3),
            alarm=alarm,
            entry=entry,
            floor=floor,
            by=by,
        )
