"""*Safer Aldercombe*, a made-up partnership: one seeded simulator for the demo, the tests and the tutorials alike.

``simulate(seed)`` makes a district with its streets and homes and three years of records; ``write_files`` writes them
as the partners would send them, with ``truth.json`` beside them. What is made up, and how, is told in ``docs/demo.md``.
"""

from frankpledge.sources.simulator.parameters import Parameters
from frankpledge.sources.simulator.partnership import (
    RECORDS_FOLDER,
    TRUTH_FILE,
    SimulatedPartnership,
    draw_place,
    simulate,
    simulate_history,
    truth_of,
    write_files,
)

__all__ = [
    "RECORDS_FOLDER",
    "TRUTH_FILE",
    "Parameters",
    "SimulatedPartnership",
    "draw_place",
    "simulate",
    "simulate_history",
    "truth_of",
    "write_files",
]
