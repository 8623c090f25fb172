"""`frankpledge people`: the first administrator, and whoever must be added without a browser."""

from pathlib import Path

import click

from frankpledge.cli.installation import command_line_name, open_installation
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Role

DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where this installation keeps its state. [default: FRANKPLEDGE_DATA, else .frankpledge]",
    metavar="DIR",
)


@click.group()
def command() -> None:
    """Add people and list them."""


@command.command()
@click.option("--email", required=True, help="The address they sign in with.")
@click.option("--name", required=True, help="Their full name.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What they do.")
@click.option("--agency", required=True, help="The agency they work for; it is added if it is not there.")
@click.option("--kind", default="other", show_default=True, help="What sort of body a new agency is, such as police.")
@DATA
def add(email: str, name: str, role: str, agency: str, kind: str, data: Path | None) -> None:
    """Add somebody. Prints the path at which they set their password, once, within a day."""
    open_installation(data)
    from django.db import transaction

    from frankpledge.foundation.agencies import selectors, services
    from frankpledge.foundation.agencies.vocabulary import AgencyKind
    from frankpledge.vocabulary.actors import Actor

    if kind not in list(AgencyKind):
        raise RuleBroken(f"{kind} is not a kind of agency: use one of {', '.join(AgencyKind)}.")
    by = Actor.command_line(command_line_name())
    with transaction.atomic():
        body = selectors.agency_by_name(agency) or services.add_agency(name=agency, kind=AgencyKind(kind), by=by)
        person = services.add_person(email=email, name=name, agency=body, role=Role(role), by=by)
        path = services.give_set_password_path(person=person, by=by)
    click.echo(f"{person.name} is added as {role} for {body.name}.")
    click.echo(f"To set a password, once, until this time tomorrow: {path}")


@command.command("list")
@DATA
def list_(data: Path | None) -> None:
    """Everybody with an account, and what they do today. The look is recorded in the audit trail."""
    open_installation(data)
    from django.db import transaction
    from django.utils import timezone

    from frankpledge.foundation.agencies import selectors
    from frankpledge.foundation.audit.services import record
    from frankpledge.foundation.audit.vocabulary import Act
    from frankpledge.vocabulary.actors import Actor

    with transaction.atomic():
        people = list(selectors.people(today=timezone.localdate()))
        record(
            act=Act.CONSULTATION,
            what="Looked at the list of people.",
            subject="agencies:people",
            by=Actor.command_line(command_line_name()),
            details={"people": [person.pk for person in people]},
        )
    for person in people:
        roles = "; ".join(f"{held.role}, {held.agency.name}" for held in person.now) or "no role"  # type: ignore[attr-defined]
        click.echo(f"{person.email}  {person.name}  {roles}{'' if person.is_active else '  (closed)'}")
