"""`frankpledge assessment`: compose the strategic assessment of an area and write it to files."""

from pathlib import Path

import click

from frankpledge.cli.installation import command_line_name, open_installation


@click.group()
def command() -> None:
    """The strategic assessment."""


@command.command()
@click.option("--area", default="", metavar="CODE|NAME", help="District, ward or neighbourhood. [default: our own]")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Where files go."
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where this installation keeps its state. [default: FRANKPLEDGE_DATA, else .frankpledge]",
    metavar="DIR",
)
def compose(area: str, out: Path, data: Path | None) -> None:
    """Draft every chapter from what has come in; write PDF, Word, summary and data.

    Words people wrote before stay as they are. What is not known says so, and who owes it.
    """
    open_installation(data)
    from frankpledge.vocabulary.actors import Actor
    from frankpledge.workflows.compose_assessment import compose_assessment, write_files

    made = compose_assessment(area=area, by=Actor.command_line(command_line_name()))
    click.echo(f"{made.title} ({made.reference})")
    for path in write_files(made, out):
        click.echo(f"  {path}")
