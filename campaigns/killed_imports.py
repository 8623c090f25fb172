"""An import is killed with SIGKILL at a random moment, half the time while another import of the same files runs."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.campaigns import Result

NAME = "killed-imports"
DESCRIPTION = (
    "imports killed at random moments, half of them beside another import: never a partial batch, resume ends equal"
)
LONG = 200
SHORT = 8
USES_DATABASE = True
ROOT = Path(__file__).resolve().parent.parent
DRIVER = Path(__file__).with_name("_import_driver.py")


def run(n: int, seed: int) -> Result:
    """Kill ``n`` imports on the database named by ``DATABASE_URL`` (SQLite without one).

    A failure is a kill after which a batch was not whole, the audit trail was broken, or the import begun again did not
    end in the state of one that was never interrupted.
    """
    with tempfile.TemporaryDirectory(prefix="frankpledge-killed-imports-") as folder:
        environment = {
            **os.environ,
            "FRANKPLEDGE_DATA": str(Path(folder) / "template"),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "DJANGO_SETTINGS_MODULE": "frankpledge.server.settings",
        }
        done = subprocess.run(
            [sys.executable, str(DRIVER), str(n), str(seed), folder],
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
    told = json.loads(done.stdout)
    return Result(
        n=told["kills"], failures=len(told["problems"]), notes="; ".join([told["moments"], *told["problems"][:3]])
    )
