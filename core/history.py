"""History that the database itself refuses to change.

Triggers and not permissions, because SQLite has none. ``AlterField`` on SQLite
rebuilds the table without them, so they are put back after every ``migrate``.
"""

from django.db import connection

SQLITE = {
    # INSERT OR REPLACE deletes the old row without asking the trigger on DELETE.
    "core_event_keep_replace": """
        CREATE TRIGGER IF NOT EXISTS core_event_keep_replace BEFORE INSERT ON core_event
        WHEN EXISTS (SELECT 1 FROM core_event WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'core_event is append-only'); END""",
    "core_event_keep_update": """
        CREATE TRIGGER IF NOT EXISTS core_event_keep_update BEFORE UPDATE ON core_event
        BEGIN SELECT RAISE(ABORT, 'core_event is append-only'); END""",
    "core_event_keep_delete": """
        CREATE TRIGGER IF NOT EXISTS core_event_keep_delete BEFORE DELETE ON core_event
        BEGIN SELECT RAISE(ABORT, 'core_event is append-only'); END""",
}

POSTGRESQL = """
    CREATE OR REPLACE FUNCTION core_event_keep() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'core_event is append-only' USING ERRCODE = '23001'; END
    $$ LANGUAGE plpgsql;
    CREATE OR REPLACE TRIGGER core_event_keep_rows BEFORE UPDATE OR DELETE
        ON core_event FOR EACH ROW EXECUTE FUNCTION core_event_keep();
    CREATE OR REPLACE TRIGGER core_event_keep_table BEFORE TRUNCATE
        ON core_event FOR EACH STATEMENT EXECUTE FUNCTION core_event_keep();
"""


def protect():
    """Put the triggers in place; harmless when they already are."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL)
        else:
            for sql in SQLITE.values():
                cursor.execute(sql)


def unprotect():
    """Take the triggers away: for the flush between tests, and nothing else."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER IF EXISTS core_event_keep_rows ON core_event")
            cursor.execute("DROP TRIGGER IF EXISTS core_event_keep_table ON core_event")
        else:
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
