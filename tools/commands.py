"""The commands of run.py: each takes the rest of the line and gives back an exit status."""

import os
import sys
from collections.abc import Callable

from tools import environment, suite
from tools.places import ROOT, VENV_BIN, VENV_PYTHON, fail, say


def serve(arguments: list[str]) -> int:
    """Make what is missing, then become the server."""
    environment.ensure()
    sys.stdout.flush()
    # The server's own default is a folder of the current directory; this command's is one of the checkout.
    settings = {"FRANKPLEDGE_DATA": str(ROOT / ".frankpledge"), **os.environ}
    os.execve(VENV_PYTHON, [str(VENV_PYTHON), "-m", "frankpledge.server", "serve", *arguments], settings)


def setup(_arguments: list[str]) -> int:
    """Make the environment and stop there."""
    environment.ensure()
    say(f"Ready. The command is {(VENV_BIN / 'frankpledge').relative_to(ROOT)}.")
    return 0


def test(arguments: list[str]) -> int:
    """Run the suite."""
    environment.ensure(with_tests=True)
    return suite.run_suite(arguments)


def check(_arguments: list[str]) -> int:
    """Run every check of form, in the environment."""
    environment.ensure(with_tests=True)
    return environment.in_environment("tools.checks")


def bench(arguments: list[str]) -> int:
    """Measure the speed promises."""
    environment.ensure(with_yardsticks=True)
    return environment.in_environment("tools.bench", *arguments)


def campaign(arguments: list[str]) -> int:
    """Run the long campaigns."""
    environment.ensure(with_tests=True)
    return environment.in_environment("tools.campaigns", *arguments)


def screenshots(arguments: list[str]) -> int:
    """Photograph every page."""
    if len(arguments) != 1:
        fail("Say which folder the pictures go to: python3 run.py screenshots DIR")
    environment.ensure(with_tests=True)
    return environment.in_environment("tools.screenshots", os.path.abspath(arguments[0]))


BY_NAME: dict[str, Callable[[list[str]], int]] = {
    "serve": serve,
    "setup": setup,
    "test": test,
    "check": check,
    "bench": bench,
    "campaign": campaign,
    "screenshots": screenshots,
}
