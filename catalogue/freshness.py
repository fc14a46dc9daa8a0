"""A mark that changes with the catalogue, so that what is computed from it may be kept.

Triggers of the database and not hooks, because nobody can forget them: the admin, a
command, ``update()``, a many-to-many field. They put a random value in ``Stamp``, in the
transaction of the change; a counter would come back after a rollback. A place taken in
a call changes nothing that is kept, and must not make applications wait for each other.
"""

from django.db import connection

CALL = "catalogue_call"
WATCHED = [
    "catalogue_accreditation",
    CALL,
    "catalogue_competence",
    "catalogue_competencegroup",
    "catalogue_indexentry",
    "catalogue_module",
    "catalogue_modulecompetence",
    "catalogue_programme",
    "catalogue_programme_competences",
    "catalogue_programme_target_groups",
    "catalogue_project",
    "catalogue_targetgroup",
    "core_municipality",
]
CALL_COLUMNS = (
    "programme_id, municipality_id, opens_at, closes_at, starts_on, ends_on, "
    "cancelled_at, accreditation_confirmed_at"
)

# Not INSERT OR REPLACE: inside a trigger it turns into the OR IGNORE of a many-to-many add.
SQLITE = """
    CREATE TRIGGER IF NOT EXISTS {table}_stamp_{name} AFTER {event} ON {table}
    BEGIN
        DELETE FROM catalogue_stamp;
        INSERT INTO catalogue_stamp (id, value) VALUES (1, hex(randomblob(16)));
    END"""
POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION catalogue_stamp_renew() RETURNS trigger AS $$
    BEGIN
        INSERT INTO catalogue_stamp (id, value) VALUES (1, gen_random_uuid())
            ON CONFLICT (id) DO UPDATE SET value = excluded.value;
        RETURN NULL;
    END $$ LANGUAGE plpgsql"""
POSTGRESQL = """
    CREATE OR REPLACE TRIGGER {table}_stamp_{name} AFTER {event} ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION catalogue_stamp_renew()"""


def watch():
    """Put the triggers in place; harmless when they already are."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgresql:
            cursor.execute(POSTGRESQL_FUNCTION)
        for table in WATCHED:
            update = "UPDATE"
            if table == CALL:
                update += f" OF {CALL_COLUMNS}"
            for name, event in (
                ("insert", "INSERT"),
                ("update", update),
                ("delete", "DELETE"),
            ):
                sql = POSTGRESQL if postgresql else SQLITE
                cursor.execute(sql.format(table=table, name=name, event=event))
