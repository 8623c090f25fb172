"""`frankpledge serve`: hands over to the server process, which is another floor's work."""

import importlib.util
import os
import sys

import click

from frankpledge.vocabulary.errors import RuleBroken


@click.command(add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Serve the web application on this machine. `frankpledge serve --help` lists the options."""
    become_server("serve", *arguments)


def become_server(*arguments: str) -> None:
    """Replace this process by the server's. Raises RuleBroken where only the analysis half is installed."""
    if importlib.util.find_spec("django") is None:
        raise RuleBroken("The web application is not installed here. Install frankpledge[server].")
    os.execv(sys.executable, [sys.executable, "-m", "frankpledge.server", *arguments])
