"""`frankpledge import`: load files into this installation's evidence store."""

import json
import sys
from pathlib import Path

import click

from frankpledge.cli.installation import command_line_name, open_installation
from frankpledge.vocabulary.errors import DataProblem

SOME_REFUSED = 1


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where this installation keeps its state. [default: FRANKPLEDGE_DATA, else .frankpledge]",
    metavar="DIR",
)
@click.option("--json", "json_file", metavar="FILE|-", help="Write the report as JSON to FILE, or to standard output.")
@click.option("--quiet", is_flag=True, help="Print no line for each batch.")
def command(paths: tuple[Path, ...], data: Path | None, json_file: str | None, quiet: bool) -> None:
    """Load files, archives or folders into this installation's evidence store.

    Prints the sum of rows (read = stored + quarantined + duplicates) and the quality report; what became of each file
    goes to standard error meanwhile. What is already there stays as it is, so an import that was interrupted can simply
    be run again. A newer edition takes the place of what is here at once, and what it changed is printed. Exit code 1
    when some files were refused and others went in, 2 when nothing could be read.
    """
    for path in paths:
        if not path.exists():
            raise DataProblem(f"There is no file or folder called {path}.")
    open_installation(data)
    from frankpledge.vocabulary.actors import Actor
    from frankpledge.workflows.import_incidents import follow_up, import_paths

    report = import_paths(
        paths,
        by=Actor.command_line(command_line_name()),
        progress=None if quiet else lambda line: click.echo(line, err=True),
    )
    if json_file is not None:
        _write_json(report.as_dict(), json_file)
    if not report.acceptances:
        told = report.lines() if quiet else []
        raise DataProblem("\n".join([*told, "Nothing could be read, so nothing was changed."]))
    follow_up(Actor.command_line(command_line_name()))
    for line in report.lines():
        click.echo(line, err=json_file == "-")
    if report.refusals:
        sys.exit(SOME_REFUSED)


def _write_json(report: dict[str, object], file: str) -> None:
    text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    if file == "-":
        sys.stdout.write(text)
    else:
        Path(file).write_text(text, encoding="utf-8")
