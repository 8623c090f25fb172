"""The processes of the campaign `killed-jobs`. Run as a script: start N FOLDER | work FOLDER | report FOLDER."""

import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

import django

STEPS = 8
LEASE_S = 1.0
ATTEMPTS = 10_000
WORK = "count with interruptions"


def start(folder: Path, jobs: int) -> None:
    """Put the jobs in the queue."""
    from frankpledge.foundation.jobs import registry, services
    from frankpledge.vocabulary.actors import Actor

    registry.register(WORK, count, ATTEMPTS)
    for number in range(jobs):
        services.start(WORK, {"folder": str(folder), "number": number}, by=Actor.system("campaign"))


def count(context, folder: str, number: int) -> int:  # type: ignore[no-untyped-def]
    """Idempotent: each step is whole or absent, and what is there is not done again."""
    mine = Path(folder) / f"{number}"
    mine.mkdir(exist_ok=True)
    _note_company(mine)
    for step in range(STEPS):
        context.progress(100 * step / STEPS, f"Step {step}")
        if not (mine / f"step-{step}").exists():
            draft = mine / f"draft-{os.getpid()}"
            draft.write_text(str((number + 1) * step))
            time.sleep(0.02)
            draft.rename(mine / f"step-{step}")
    (mine / "busy").unlink()
    return sum(int((mine / f"step-{step}").read_text()) for step in range(STEPS))


def _note_company(mine: Path) -> None:
    """Leave a mark if another living process is at the same job."""
    busy = mine / "busy"
    if busy.exists() and (other := busy.read_text()) and Path(f"/proc/{other}").exists():
        (mine / "company").touch()
    busy.write_text(str(os.getpid()))


def work(folder: Path) -> None:
    """Do jobs until killed."""
    from frankpledge.foundation.jobs import registry, rules, worker

    rules.LEASE = timedelta(seconds=LEASE_S)
    worker.RENEW_S, worker.BEAT_S, worker.POLL_S = LEASE_S / 3, LEASE_S / 6, 0.05
    registry.register(WORK, count, ATTEMPTS)
    present = worker.Worker()
    (folder / f"ready-{os.getpid()}").touch()
    present.run()


def report() -> None:
    """Print how each job stands."""
    from frankpledge.foundation.jobs.models import Job

    jobs = Job.objects.filter(name=WORK).values("state", "arguments", "result", "attempts")
    print(json.dumps(list(jobs)))


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "start":
        start(Path(sys.argv[3]), int(sys.argv[2]))
    elif sys.argv[1] == "work":
        work(Path(sys.argv[2]))
    else:
        report()
