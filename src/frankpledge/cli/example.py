"""`frankpledge example`: five published plans, brought into this installation as worked examples."""

from pathlib import Path

import click

from frankpledge.cli.installation import command_line_name, open_installation
from frankpledge.sources.examples import NAMES


@click.group()
def command() -> None:
    """Load a worked example."""


@command.command()
@click.argument("name", type=click.Choice(NAMES))
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where this installation keeps its state. [default: FRANKPLEDGE_DATA, else .frankpledge]",
    metavar="DIR",
)
def load(name: str, data: Path | None) -> None:
    """Bring NAME in: its plan, money, indicators, actions and claims, and say what does not add up."""
    open_installation(data)
    from frankpledge.vocabulary.actors import Actor
    from frankpledge.workflows import load_example

    loaded = load_example.load(name, by=Actor.command_line(command_line_name()))
    if loaded.already:
        click.echo(f"{loaded.title} is here already. Checked again:")
    else:
        said = ", ".join(f"{count} {what}" for what, count in loaded.counts.items() if count)
        click.echo(f"{loaded.title}: {said}.")
    for sentence in loaded.refused:
        click.echo(f"  refused: {sentence}")
    click.echo("  " + ", ".join(f"{count} {word}" for word, count in loaded.verdicts.items() if count))
    for sentence in loaded.found:
        click.echo(f"  {sentence}")
    click.echo(f"Its ledger: /account/claims/{name}/")
