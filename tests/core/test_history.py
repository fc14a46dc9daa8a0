import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accreditation.roles import CENTRE_STAFF, COORDINATORS, ROLES
from core import history
from core.models import Event
from tests.factories import MunicipalityFactory, UserFactory


@pytest.fixture
def event(db):
    return record(MunicipalityFactory())


def record(target, **fields):
    fields = {"by": UserFactory(), "at": timezone.now(), **fields}
    return Event.objects.record(target, "Pateikta", **fields)


def rewrite_by_sql(sql):
    def rewrite(event):
        with connection.cursor() as cursor:
            cursor.execute(sql, {"id": event.pk})

    return rewrite


def save(event):
    event.step = "Kitaip"
    event.save()


REWRITES = {
    "save": save,
    "update": lambda event: Event.objects.update(step="Kitaip"),
    "bulk_update": lambda event: Event.objects.bulk_update([event], ["step"]),
    "delete": lambda event: event.delete(),
    "delete of many": lambda event: Event.objects.all()._raw_delete("default"),
    "UPDATE": rewrite_by_sql("UPDATE core_event SET note = 'x' WHERE id = %(id)s"),
    "DELETE": rewrite_by_sql("DELETE FROM core_event WHERE id = %(id)s"),
    "DELETE of all": rewrite_by_sql("DELETE FROM core_event"),
}
IN_SQLITE = {
    "REPLACE": rewrite_by_sql(
        "REPLACE INTO core_event (id, at, object_id, step, old, new, reason, note, facts,"
        " actor_id, content_type_id) SELECT id, at, object_id, 'x', old, new, reason,"
        " note, facts, actor_id, content_type_id FROM core_event WHERE id = %(id)s"
    ),
}
IN_POSTGRESQL = {
    "TRUNCATE": rewrite_by_sql("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE core_event"),
    "UPSERT": rewrite_by_sql(
        "INSERT INTO core_event SELECT * FROM core_event WHERE id = %(id)s"
        " ON CONFLICT (id) DO UPDATE SET step = 'x'"
    ),
}


def refuses(event, rewrite):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rewrite(event)
    return Event.objects.get(pk=event.pk).step == "Pateikta"


@pytest.mark.parametrize("way", REWRITES)
def test_the_database_refuses_to_rewrite_history(event, way):
    assert refuses(event, REWRITES[way])


def test_the_database_refuses_its_own_ways_round_too(event):
    ways = IN_SQLITE if connection.vendor == "sqlite" else IN_POSTGRESQL

    assert all(refuses(event, rewrite) for rewrite in ways.values())


def test_history_that_was_left_unprotected_is_protected_by_migrate(event):
    history.unprotect()

    call_command("migrate", verbosity=0)

    assert all(refuses(event, rewrite) for rewrite in REWRITES.values())


@pytest.mark.django_db(transaction=True)
def test_the_flush_between_tests_needs_the_way_round():
    record(MunicipalityFactory())

    with pytest.raises(Exception, match="append-only|flush"):
        call_command("flush", interactive=False, verbosity=0)

    assert Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_after_a_flush_the_triggers_and_the_roles_are_there_again():
    record(MunicipalityFactory())

    history.unprotect()
    call_command("flush", interactive=False, verbosity=0)

    assert not Event.objects.exists()
    event = record(MunicipalityFactory())
    assert all(refuses(event, rewrite) for rewrite in REWRITES.values())
    for name in (COORDINATORS, CENTRE_STAFF):
        permissions = Group.objects.get(name=name).permissions
        assert permissions.count() == sum(len(names) for names in ROLES[name].values())


def test_an_event_says_who_when_from_to_and_why(db):
    municipality, by, at = MunicipalityFactory(), UserFactory(), timezone.now()
    record(MunicipalityFactory())

    record(
        municipality,
        by=by,
        at=at,
        old="submitted",
        new="returned",
        reason="Trūksta duomenų",
        note="Nėra tikslų.",
        member=7,
    )

    event = Event.objects.about(municipality).get()
    assert (event.actor, event.at) == (by, at)
    assert (event.old, event.new) == ("submitted", "returned")
    assert (event.reason, event.note) == ("Trūksta duomenų", "Nėra tikslų.")
    assert event.facts == {"member": 7}
    assert event.target == municipality


def test_a_person_who_stands_in_history_cannot_be_deleted(event):
    with pytest.raises(DatabaseError):
        event.actor.delete()
