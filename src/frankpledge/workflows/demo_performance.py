"""What the demo partnership asks of its next meeting, and the pack it made for it.

Everything is made up. It looks at what is there, so it may be run again.
"""

from django.utils import timezone

from frankpledge.oversight.performance import selectors, services
from frankpledge.records.indicators.permissions import Reader
from frankpledge.vocabulary.actors import Actor
from frankpledge.workflows.quarterly_pack import make_pack

ASKED = (
    "Keep a relief crew on call until March, £9,400, so that a stood-down crew no longer slows first visits.",
    "Serve the 28-day notice on the lock contractor if August’s late homes are repeated.",
)


def load(*, by: Actor) -> None:
    """Ask for decisions about the newest quarter with figures, and make its pack once."""
    quarter = selectors.quarter_at(None, None, today=timezone.localdate())
    there = {one.title for one in selectors.decisions_asked(quarter)}
    for title in ASKED:
        if title not in there:
            services.ask_decision(quarter=quarter, title=title, by=by)
    if not selectors.packs(quarter) and selectors.report(quarter, today=timezone.localdate(), reader=Reader()).lines:
        make_pack(quarter, by=by)
