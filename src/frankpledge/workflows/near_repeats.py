"""Near repeats of a question of the explorer, worked out as a job: its loops are compiled, so a worker does it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from frankpledge.analysis.events import events_from_arrays
from frankpledge.analysis.kernels import say_if_compiling
from frankpledge.analysis.near_repeat import KnoxTest, knox_test
from frankpledge.analysis.near_repeat_chains import Role, near_repeat_chains
from frankpledge.analysis.wall_clock import wall_clock
from frankpledge.evidence import queries
from frankpledge.foundation.jobs.registry import JobContext
from frankpledge.oversight.exploring import selectors
from frankpledge.oversight.exploring.event_looks import NEAR_DAYS, NEAR_M
from frankpledge.vocabulary.questions import Question

PERMUTATIONS = 999
SEED = 1
BAND_M, BANDS, BAND_DAYS, TIME_BANDS = 100, 6, 7, 8


def near_repeats_job(context: JobContext, *, question: Mapping[str, Any], evidence: str) -> dict[str, Any]:
    """What the page of the question shows: the matrices of the Knox test, and how many events follow another.

    ``evidence`` says on which version of the store it was asked; a later one asks again. Raises CannotCompute where the
    data cannot bear it.
    """
    asked = selectors.ask(Question.from_dict(question))
    selectors.check_near(asked)
    table = asked.run(queries.dated_points(asked.selection()))
    events = events_from_arrays(
        table["easting"].to_numpy(), table["northing"].to_numpy(), wall_clock(table["occurred_from"])[0]
    )
    context.progress(10, f"{len(events):,} events with a day and a place")
    say_if_compiling(context.log)
    knox = knox_test(
        events,
        distance_band_m=BAND_M,
        distance_bands=BANDS,
        time_band_days=BAND_DAYS,
        time_bands=TIME_BANDS,
        permutations=PERMUTATIONS,
        seed=SEED,
        progress=lambda done, of: context.progress(10 + 80 * done / of, "shuffling the days"),
    )
    chains = near_repeat_chains(events, within_m=NEAR_M, within_days=NEAR_DAYS)
    return {
        **_matrices(knox),
        "n": len(events),
        "near": int(np.count_nonzero(chains.role == Role.NEAR_REPEAT.value)),
        "chains_method": chains.method,
        "close_ratio": _close_ratio(knox),
        "evidence": evidence,
        "query": asked.question.as_query(),
    }


def _matrices(knox: KnoxTest) -> dict[str, Any]:
    return {
        "distance_bands": list(knox.distance_bands),
        "time_bands": list(knox.time_bands),
        "observed": knox.observed.tolist(),
        "expected": [[round(float(value), 4) for value in row] for row in knox.expected],
        "ratio": [[None if np.isnan(value) else round(float(value), 4) for value in row] for row in knox.ratio],
        "p": [] if knox.p is None else [[round(float(value), 4) for value in row] for row in knox.p],
        "permutations": knox.permutations,
        "seed": SEED,
        "method": knox.method,
        "sentence": str(knox.sentence()),
    }


def _close_ratio(knox: KnoxTest) -> float:
    """Pairs within NEAR_M metres and NEAR_DAYS days over those chance gives: the bands of which it is made, summed."""
    near = slice(0, 1 + NEAR_M // BAND_M)
    soon = slice(0, (NEAR_DAYS + 1) // BAND_DAYS)
    expected = float(knox.expected[near, soon].sum())
    return round(float(knox.observed[near, soon].sum()) / expected, 4) if expected else 0.0
