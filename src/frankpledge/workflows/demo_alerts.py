"""The demo's alerts: raised as they stood at the end of each of the last months, and judged by what came after."""

from frankpledge.records.alerts import selectors
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.periods import Month
from frankpledge.workflows.raise_alerts import raise_alerts

MONTHS_BACK = 3


def load(*, by: Actor) -> None:
    """Raise the alerts of the newest records, and those of the months before as if they had been raised then."""
    raise_alerts(by=by)
    newest = selectors.newest_as_of()
    if newest is None:
        return
    last = Month.of(newest)
    for back in range(MONTHS_BACK, 0, -1):
        raise_alerts(by=by, as_of=(last - back).last_day)
    raise_alerts(by=by)  # now the earlier ones can be judged
