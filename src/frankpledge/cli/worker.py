"""`frankpledge worker`: does waiting work on a machine where something else serves the pages."""

import click

from frankpledge.cli.serve import become_server


@click.command(add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Do waiting work, without the web application. `frankpledge worker --help` lists the options."""
    become_server("worker", *arguments)
