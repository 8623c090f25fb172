"""A worker process of its own for the tests, with work made to be killed. Run as a script: FOLDER [LEASE_SECONDS]."""

import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

import django

STEPS = 12


def main(folder: Path, lease_s: float) -> None:
    """Do jobs until told to leave."""
    django.setup()
    from frankpledge.foundation.jobs import registry, rules, worker

    rules.LEASE = timedelta(seconds=lease_s)
    worker.RENEW_S = lease_s / 3
    worker.BEAT_S = min(worker.BEAT_S, lease_s / 6)
    worker.POLL_S = 0.05

    def note(context, number):
        """One line for each time this was done."""
        with (folder / "notes").open("a") as file:
            file.write(f"{number}\n")

    def count(context, seconds_a_step=0.0):
        """Idempotent: a step whose file is there is not done again."""
        for step in range(STEPS):
            context.progress(100 * step / STEPS, f"Step {step}")
            if not (folder / f"step-{step}").exists():
                (folder / f"step-{step}.draft").write_text(str(step**3))
                (folder / f"step-{step}.draft").rename(folder / f"step-{step}")
                time.sleep(seconds_a_step)
        return sum(int((folder / f"step-{step}").read_text()) for step in range(STEPS))

    def die(context):
        """Takes its worker with it."""
        os.kill(os.getpid(), signal.SIGKILL)

    def sleep(context):
        """Goes on until told not to, in steps."""
        (folder / "asleep").touch()
        while True:
            context.log("still asleep")
            context.progress(1, "Sleeping")
            time.sleep(0.02)

    for function, attempts in ((note, 3), (count, 3), (die, 2), (sleep, 3)):
        registry.register(function.__name__, function, attempts)
    present = worker.Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, frame: present.leave())
    (folder / f"ready-{os.getpid()}").touch()
    present.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 30.0)
