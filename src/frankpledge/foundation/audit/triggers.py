"""Database triggers that keep the audit trail as it was written, whoever asks: this program, a script, a console.

Whoever owns the database can still remove a trigger; that is what the hash chain is for (see ``selectors.verify``).
"""

from django.db.backends.base.base import BaseDatabaseWrapper

ENTRIES = "audit_auditentry"
HEAD = "audit_audithead"
REFUSAL = "the audit trail is append-only"

SQLITE = {
    "audit_entry_not_changed": f"BEFORE UPDATE ON {ENTRIES}",
    "audit_entry_not_deleted": f"BEFORE DELETE ON {ENTRIES}",
    # INSERT OR REPLACE deletes the old row without calling the trigger above.
    "audit_entry_not_replaced": (
        f"BEFORE INSERT ON {ENTRIES} WHEN EXISTS (SELECT 1 FROM {ENTRIES} WHERE sequence = NEW.sequence)"
    ),
    "audit_head_goes_forward": (f"BEFORE UPDATE ON {HEAD} WHEN NEW.id <> OLD.id OR NEW.sequence <> OLD.sequence + 1"),
    "audit_head_not_deleted": f"BEFORE DELETE ON {HEAD}",
    "audit_head_not_replaced": f"BEFORE INSERT ON {HEAD} WHEN EXISTS (SELECT 1 FROM {HEAD} WHERE id = NEW.id)",
}

POSTGRESQL_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}';
END $$;
CREATE OR REPLACE FUNCTION audit_head_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.sequence <> OLD.sequence + 1 THEN
        RAISE EXCEPTION '{REFUSAL}';
    END IF;
    RETURN NEW;
END $$;
"""

POSTGRESQL = {
    "audit_entry_kept": (ENTRIES, "BEFORE UPDATE OR DELETE OR TRUNCATE", "FOR EACH STATEMENT", "audit_refuse"),
    "audit_head_kept": (HEAD, "BEFORE DELETE OR TRUNCATE", "FOR EACH STATEMENT", "audit_refuse"),
    "audit_head_goes_forward": (HEAD, "BEFORE UPDATE", "FOR EACH ROW", "audit_head_forward"),
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers. Raises ValueError on a database other than SQLite and PostgreSQL."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, when in SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")
        elif connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTIONS)
            for name, (table, when, each, function) in POSTGRESQL.items():
                cursor.execute(f"CREATE TRIGGER {name} {when} ON {table} {each} EXECUTE FUNCTION {function}()")
                # Also while a session plays back a replica's changes, where ordinary triggers sleep.
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
        else:
            raise ValueError(f"The audit trail has no triggers for {connection.vendor}.")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers, as their owner can: to undo the migration, and for tests that empty or spoil the trail."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for name, (table, *_) in POSTGRESQL.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
