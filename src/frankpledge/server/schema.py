"""Whether the database is the one this version of the code expects, found with one query and a look at file names."""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from frankpledge.vocabulary.errors import RuleBroken

Migration = tuple[str, str]
PATIENCE_S = 5


@dataclass(frozen=True, slots=True)
class Schema:
    """How the database stands to the code."""

    new: bool
    missing: frozenset[Migration]
    unknown: frozenset[Migration]


def examine() -> Schema:
    """Compare what the database says was applied with the migration files that are here.

    Raises RuleBroken where the database does not answer. Only our own rooms' migrations can be unknown: other packages
    take old migrations away once newer ones replace them.
    """
    try:
        _check_it_answers()
        applied = frozenset(MigrationRecorder(connection).applied_migrations())
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise RuleBroken(f"The database does not answer: {reason}") from error
    here = frozenset(
        (app.label, name)
        for app in apps.get_app_configs()
        for _, name, is_package in pkgutil.iter_modules([str(Path(app.path) / "migrations")])
        if not is_package and name[0] not in "_~"
    )
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("frankpledge.")}
    unknown = frozenset((label, name) for label, name in applied - here if label in ours)
    return Schema(new=not applied, missing=here - applied, unknown=unknown)


def _check_it_answers() -> None:
    """Ask a PostgreSQL server directly: the pool would try for long and then not say why it could not connect."""
    if connection.vendor == "postgresql":
        import psycopg

        with connection.wrap_database_errors:
            psycopg.connect(**{"connect_timeout": PATIENCE_S, **connection.get_connection_params()}).close()


def bring_up_to_date(*, say: Callable[[str], object]) -> bool:
    """Migrate if something is missing; True if anything was. Raises RuleBroken for a database of a newer version."""
    schema = examine()
    if schema.unknown:
        label, name = min(schema.unknown)
        raise RuleBroken(
            f"The database was made by a newer version of Frankpledge ({label} {name} is not known here). "
            "Install that version, or restore the backup made before it."
        )
    if not schema.missing:
        return False
    say("Making the database." if schema.new else "Bringing the database up to this version.")
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    return True
