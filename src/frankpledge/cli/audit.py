"""`frankpledge audit`: is the trail as it was written?"""

import json
from pathlib import Path

import click

from frankpledge.cli.installation import open_installation

EXIT_BROKEN = 1


@click.group()
def command() -> None:
    """Check the audit trail."""


@command.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where this installation keeps its state. [default: FRANKPLEDGE_DATA, else .frankpledge]",
    metavar="DIR",
)
@click.option(
    "--witness",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Heads of earlier checks, one a line. [default: audit-witness.jsonl in the data folder]",
    metavar="FILE",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify(data: Path | None, witness: Path | None, as_json: bool) -> None:
    """Read the whole trail and name the first entry that is missing, altered, moved or slipped in.

    Each check that finds the trail unbroken notes its head in the witness file, and each later check holds the trail
    against all of them: so even rewriting the whole trail is noticed. Exit code 1 when the trail is broken.
    """
    open_installation(data)
    from frankpledge.foundation.audit import selectors
    from frankpledge.foundation.audit.rules import Head

    file = witness or selectors.witness_file()
    earlier = selectors.read_witnesses(file)
    result = selectors.verify(witnesses=earlier)
    if Head(result.entries, result.head) not in earlier:
        selectors.add_witness(file, result)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "entries": result.entries,
                    "head": result.head,
                    "problem": result.problem,
                    "first_bad": result.first_bad,
                }
            )
        )
    else:
        click.echo(result.sentence())
    if not result.unbroken:
        raise SystemExit(EXIT_BROKEN)
