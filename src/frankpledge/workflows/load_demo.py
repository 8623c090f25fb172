"""The demo partnership, Safer Aldercombe: made up by the simulator, brought in by the same doors as a real one.

The job that loads it is also the mark it leaves in the database: while that job has not succeeded the demo is not
whole, and the next start takes it up again. Every step looks at what is there already, so it may be killed anywhere.
"""

import shutil
import time
from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.foundation.agencies.services import add_demo_people
from frankpledge.foundation.jobs import queue, services
from frankpledge.foundation.jobs import selectors as jobs
from frankpledge.foundation.jobs.registry import JobContext
from frankpledge.foundation.jobs.vocabulary import JobState
from frankpledge.foundation.jobs.worker import Worker
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem

LOAD_DEMO = "load demo partnership"
SEED = 1
BY = Actor.system("demo partnership")
#: Whoever loads the demo at a start holds the installation's lock, so at most one worker has this name.
LOADER = "demo loader"
WAIT_S = 0.5
#: What the partnership has done with its records, in the order it was done: percent, line, module with ``load(by=)``.
_STORIES = (
    (76, "Who owes which records is listed", "demo_incidents"),
    (77, "Alerts are raised", "demo_alerts"),
    (79, "What is measured is worked out", "demo_indicators"),
    (85, "Its strategic assessment is composed", "demo_assessment"),
    (90, "Its plan and its money are written", "demo_plan"),
    (93, "Its actions are taken up", "demo_actions"),
    (94, "What it prints is checked", "demo_claims"),
    (95, "Safe homes are under way", "demo_homes"),
    (96, "Area schemes are under way", "demo_schemes"),
    (96, "Services are bought", "demo_services"),
    (96, "Its steering group decides", "demo_decisions"),
    (96, "What was learned is written down", "demo_lessons"),
    (97, "Whether that worked is worked out", "demo_evaluation"),
    (98, "The quarter's pack is made", "demo_performance"),
)


class DemoState(StrEnum):
    """What an installation is, as far as the demo goes."""

    EMPTY = "empty"
    IN_USE = "in use without the demo"
    BEGUN = "demo begun"
    LOADED = "demo loaded"


def demo_state() -> DemoState:
    """Read from the database: one query once the demo has been begun."""
    job = jobs.newest(LOAD_DEMO)
    if job is not None:
        return DemoState.LOADED if job.state == JobState.SUCCEEDED else DemoState.BEGUN
    return DemoState.IN_USE if _in_use() else DemoState.EMPTY


def _in_use() -> bool:
    from frankpledge.records.incidents import selectors as incidents

    return has_people() or agencies.partnership() is not None or incidents.batches().exists()


def has_people() -> bool:
    """Whether anybody has an account."""
    return agencies.people(today=timezone.localdate()).exists()


def finish_demo_here(*, say: Callable[[str], object]) -> str | None:
    """Load what is missing of the demo, in this process; returns None, or the sentence that says why it failed.

    The caller holds the installation's lock. `say` is given each step's line once.
    """
    queue.release(LOADER, counts=False)  # left behind by a start that was killed
    job = jobs.newest(LOAD_DEMO)
    if job is None or job.is_finished:
        services.start(LOAD_DEMO, {"seed": SEED}, by=BY)
    worker = Worker(LOADER, listener=_each_once(say))
    try:
        while not worker.work_once(LOAD_DEMO) and jobs.unfinished(LOAD_DEMO).exists():
            time.sleep(WAIT_S)  # another process took the job up meanwhile
    except KeyboardInterrupt:
        queue.release(LOADER, counts=False)
        raise
    done = jobs.newest(LOAD_DEMO)
    assert done is not None
    return None if done.state == JobState.SUCCEEDED else done.message


def _each_once(say: Callable[[str], object]) -> Callable[[int, str], None]:
    said: list[str] = []

    def listen(percent: int, message: str) -> None:
        if message and said[-1:] != [message]:
            said.append(message)
            say(f"  {percent:3d} %  {message}")

    return listen


def load_demo_job(context: JobContext, *, seed: int) -> dict[str, Any]:
    """The job: see `load_demo`."""
    return load_demo(seed=seed, by=context.by, progress=context.progress)


def load_demo(*, seed: int, by: Actor, progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Make the demo's files, lay out its places and import its records; returns rows read, stored and quarantined.

    The same seed makes the same demo; what is there already is not loaded again. Its people
    come without a password, which is no matter for a job. `progress` takes percent and a line to show.
    """
    from frankpledge.foundation.places import services as places
    from frankpledge.sources import simulator
    from frankpledge.workflows.import_incidents import import_paths

    folder = Path(settings.DATA_DIR) / "demo-files"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        progress(1, "Three years in Aldercombe are simulated")
        partnership = simulator.simulate(seed=seed)
        progress(20, "Its police, council and fire files are written")
        files = simulator.write_files(partnership, folder)
        progress(35, "Its streets, homes and areas are laid out")
        places.load_geography(partnership.geography, by=by)
        places.load_premises(partnership.premises, by=by)
        progress(50, "Its files are imported")
        report = import_paths(files, by=by, progress=_counted(progress, 50, 75, len(files)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if report.refusals:
        raise DataProblem(report.refusals[0].sentence)
    if settings.DEMO:
        add_demo_people(by=by)  # they own its actions and answer for its indicators
    for percent, line, story in _STORIES:
        progress(percent, line)
        import_module(f"frankpledge.workflows.{story}").load(by=by)
    progress(100, "The demo partnership is there")
    return {"read": report.balance.read, "stored": report.balance.stored, "quarantined": report.balance.quarantined}


def _counted(progress: Callable[[float, str], None], low: int, high: int, steps: int) -> Callable[[str], None]:
    """Turn lines, of which about `steps` are expected, into percentages from `low` to `high`."""
    done = 0

    def tell(line: str) -> None:
        nonlocal done
        done += 1
        progress(min(high, low + (high - low) * done / max(steps, 1)), "")

    return tell
