"""Database triggers that refuse to change a figure, whoever asks: this program, a script, a console."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "indicators_figure"
REFUSAL = "a figure never changes: save a new one in its place"

SQLITE = f"CREATE TRIGGER figure_not_changed BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION figure_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    f"CREATE TRIGGER figure_not_changed BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION figure_refuse()",
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the trigger. Raises ValueError on a database other than SQLite and PostgreSQL."""
    if connection.vendor not in ("sqlite", "postgresql"):
        raise ValueError(f"Figures have no trigger for {connection.vendor}.")
    with connection.cursor() as cursor:
        for statement in (SQLITE,) if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the trigger: to undo the migration."""
    with connection.cursor() as cursor:
        on_table = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
        cursor.execute(f"DROP TRIGGER IF EXISTS figure_not_changed{on_table}")
