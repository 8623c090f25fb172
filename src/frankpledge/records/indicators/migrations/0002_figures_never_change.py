"""The database itself refuses to change a figure."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from frankpledge.records.indicators import triggers


def install(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the trigger."""
    triggers.install(editor.connection)


def remove(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop it."""
    triggers.remove(editor.connection)


class Migration(migrations.Migration):
    """A trigger, per database."""

    dependencies = [("indicators", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
