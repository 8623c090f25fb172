"""`frankpledge simulate`: write the files of the made-up demo partnership, and the truth about them."""

from pathlib import Path

import click

from frankpledge.vocabulary.errors import DataProblem


@click.command()
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Where to write."
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another seed, another history.")
def command(out: Path, seed: int) -> None:
    """Write three years of Safer Aldercombe, a made-up partnership: its partners' files, and truth.json beside them.

    The same seed writes the same bytes. Nothing of it is about a real place or person.
    """
    from frankpledge.sources import simulator

    if out.exists() and any(out.iterdir()):
        raise DataProblem(f"The folder {out} is not empty.", remedy="Give an empty or a new one.")
    partnership = simulator.simulate(seed=seed)
    files = simulator.write_files(partnership, out)
    click.echo(f"{len(files)} files of {partnership.name} are in {out / simulator.RECORDS_FOLDER}.")
    click.echo(f"How they came about is in {out / simulator.TRUTH_FILE}.")
    for words, number in simulator.truth_of(partnership)["totals"].items():
        click.echo(f"{number:9,d}  {words}")
