"""`frankpledge profiles`: how each partner's file is read, and what would become of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from frankpledge.vocabulary.errors import DataProblem

if TYPE_CHECKING:
    from frankpledge.sources.profiles import Profile

ROWS_SHOWN = 5


@click.group()
def command() -> None:
    """Show the source profiles: how each partner's file becomes events, counts, premises or answers."""


@command.command("list")
def list_profiles() -> None:
    """List the profiles that come with this version."""
    from frankpledge.sources.profiles import shipped

    for profile in shipped().values():
        click.echo(f"{profile.name:28} {profile.shape:9} {profile.label}")


@command.command()
@click.argument("name", metavar="NAME")
def show(name: str) -> None:
    """Show one profile: its columns, its words, and by what right the file is shared."""
    profile = _profile(name)
    click.echo(f"{profile.name}, version {profile.version}: {profile.label} ({profile.shape})")
    for words, value in (
        ("Each row is", profile.unit),
        ("Sent by", profile.sent_by),
        ("Legal basis", profile.legal_basis),
        ("Class of data", profile.data_class),
        ("Covered by", profile.agreement),
        ("File name", profile.period.called),
    ):
        if value:
            click.echo(f"{words}: {value}")
    click.echo("Columns:")
    for column in profile.columns:
        role = column.role.words if column.role else "read past"
        if column.private:
            role = f"private; goes to {column.goes_to}"
        form = f", written {column.format}" if column.format else ""
        click.echo(f"  {column.name:32} {role}{form}")
    for word, kind in (profile.codes or {}).items():
        click.echo(f"  “{word}” counts as {kind.label.lower()}")
    for note in profile.notes:
        click.echo(note)


@command.command()
@click.argument("name", metavar="NAME")
@click.option("--table-schema", is_flag=True, help="As Frictionless Table Schema, for publishing.")
def export(name: str, table_schema: bool) -> None:
    """Print a profile as JSON."""
    profile = _profile(name)
    plain = profile.as_table_schema() if table_schema else profile.as_dict()
    click.echo(json.dumps(plain, ensure_ascii=False, indent=2))


@command.command()
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--profile", "name", help="Read it with this profile. [default: the one whose columns it has]")
@click.option("--publisher", default="", help="Whose file it is, when neither it nor its name says so.")
@click.option("--month", default="", metavar="YYYY-MM", help="For which month, when neither it nor its name says so.")
def check(path: Path, name: str | None, publisher: str, month: str) -> None:
    """Read a file without storing anything: the sum of its rows, the first rows, and what would be set aside.

    A file that no profile fits gets a proposal: what each column seems to be, and why. Exit code 2 when nothing of the
    file could be used.
    """
    from frankpledge.sources.profiles import Given, preview, recognise
    from frankpledge.vocabulary.periods import Month

    if not path.exists():
        raise DataProblem(f"There is no file called {path}.")
    profile = _profile(name) if name else recognise(path)
    if profile is None:
        _propose(path)
        return
    given = Given(publisher=publisher, month=Month.parse(month) if month else None)
    found = preview(profile, path, ROWS_SHOWN, given=given if publisher or month else None)
    sums = found.balance
    if not found.periods:
        raise DataProblem("\n".join(found.refusals) or f"{path} holds nothing to read.")
    click.echo(f"{path.name} is {profile.label}.")
    kept = f"stored {sums.stored:,} + quarantined {sums.quarantined:,}"
    click.echo(f"read {sums.read:,} = {kept} + duplicates {sums.duplicates:,}")
    click.echo(f"{len(found.periods):,} periods, {found.periods[0]} to {found.periods[-1]}")
    for line in (*found.notes, *found.refusals):
        click.echo(line)
    for row in found.rows:
        cells = zip(found.columns, row, strict=True)
        click.echo("  " + ", ".join(f"{column} {cell}" for column, cell in cells if cell is not None))
    for aside in found.rejected:
        click.echo(f"  line {aside.line} would be set aside: {aside.sentence}")


def _propose(path: Path) -> None:
    from frankpledge.sources.proposing import open_unknown, propose

    proposed = propose(open_unknown(path)[0])
    click.echo(f"No profile fits {path.name}. It looks like {proposed.shape}: {proposed.shape_reason}")
    for one in proposed.columns:
        role = one.column.role.words if one.column.role else "read past"
        if one.column.private:
            role = f"private; goes to {one.column.goes_to}"
        click.echo(f"  {one.column.name}: {role} ({100 * one.confidence:.0f} % sure). {one.reason}")
    for code in proposed.codes:
        kind = code.crime_type.label.lower() if code.crime_type else "unknown"
        click.echo(f"  “{code.word}”: {kind} ({100 * code.confidence:.0f} % sure). {code.reason}")
    for line in (*proposed.lacking, *proposed.notes):
        click.echo(line)


def _profile(name: str) -> Profile:
    from frankpledge.sources.profiles import shipped

    profile = shipped().get(name)
    if profile is None:
        raise DataProblem(f"There is no profile called {name}.", remedy="“frankpledge profiles list” shows them.")
    return profile
