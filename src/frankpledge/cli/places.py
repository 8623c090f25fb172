"""`frankpledge places`: load areas and what rates are per into this installation, and say what is there."""

from pathlib import Path

import click

from frankpledge.cli.installation import command_line_name, open_installation
from frankpledge.vocabulary.errors import DataProblem

_DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where this installation keeps its state. [default: FRANKPLEDGE_DATA, else .frankpledge]",
    metavar="DIR",
)


@click.group()
def command() -> None:
    """Areas, how they nest, and the households and residents that rates are per."""


@command.command()
@click.option(
    "--areas", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Boundary files (GeoJSON)."
)
@click.option("--denominators", type=click.Path(path_type=Path), metavar="FILE|DIR", help="Households and residents.")
@click.option(
    "--lookups",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Which area lies in which. [default: the folder `lookups` beside the boundaries]",
)
@click.option(
    "--district",
    "districts",
    multiple=True,
    metavar="NAME|CODE",
    help="Only this district and the rest of its police force. May be given again.",
)
@_DATA
def load(
    areas: Path, denominators: Path | None, lookups: Path | None, districts: tuple[str, ...], data: Path | None
) -> None:
    """Load areas, in place of what was known of the same districts. The same files again change nothing."""
    for path in (areas, denominators, lookups):
        if path is not None and not path.exists():
            raise DataProblem(f"There is no file or folder called {path}.")
    open_installation(data)
    from frankpledge.vocabulary.actors import Actor
    from frankpledge.workflows.load_places import load_places

    report = load_places(
        areas, denominators, lookups=lookups, districts=districts, by=Actor.command_line(command_line_name())
    )
    for line in report.lines():
        click.echo(line)


@command.command(name="list")
@_DATA
def list_(data: Path | None) -> None:
    """Say which areas are loaded."""
    open_installation(data)
    from frankpledge.workflows.load_places import places_lines

    for line in places_lines():
        click.echo(line)
