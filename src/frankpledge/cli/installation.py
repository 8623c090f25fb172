"""How a command that needs the database reaches it: the settings of one installation, and tables of this version."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from frankpledge.vocabulary.errors import RuleBroken


def open_installation(data: Path | None) -> None:
    """Start Django on the installation whose state is in ``data`` (None: FRANKPLEDGE_DATA, else .frankpledge).

    A database that is new or of an older version is brought up to this one first, by the server's own command, which
    says so. Raises RuleBroken where only the analysis half is installed or the database cannot be used.
    """
    if importlib.util.find_spec("django") is None:
        raise RuleBroken("This command needs the database. Install frankpledge[server].")
    if data is not None:
        os.environ["FRANKPLEDGE_DATA"] = str(data.expanduser().resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "frankpledge.server.settings"
    # Whatever an installation writes holds police records: nobody else on the machine reads it.
    os.umask(0o077)
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise RuleBroken(str(error)) from error
    if not _is_ready():
        _migrate()


def command_line_name() -> str:
    """Whoever uses this machine's command line, by the name they have there: how the audit trail names them."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _is_ready() -> bool:
    """Whether every migration of this version has been applied."""
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError:
        return False
    finally:
        connection.close()


def _migrate() -> None:
    """The server's own command: it waits for others, says what it does, and refuses a database of a newer version."""
    from django.conf import settings

    done = subprocess.run([sys.executable, "-m", "frankpledge.server", "migrate", "--data", str(settings.DATA_DIR)])
    if done.returncode:
        raise RuleBroken("The database could not be made ready, so nothing was done.")
