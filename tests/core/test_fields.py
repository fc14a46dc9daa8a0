import pickle

import pytest
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter

from core.fields import FoldedField, SortKeyField
from core.models import Municipality
from core.text import fold, sort_key
from enrolment.models import Institution
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db


def test_save_computes_the_column():
    municipality = MunicipalityFactory(name="Šiauliai")
    assert bytes(municipality.sort_key) == sort_key("Šiauliai")

    municipality.name = "Akmenė"
    municipality.save()

    municipality.refresh_from_db()
    assert municipality.sort_key == sort_key("Akmenė")


def test_bulk_create_computes_the_column():
    Municipality.objects.bulk_create(
        Municipality(code=code, name=name, short_name=name, county="")
        for code, name in [("01", "Šiauliai"), ("02", "Ąžuolai"), ("03", "Alytus")]
    )

    names = Municipality.objects.values_list("name", flat=True)
    assert list(names) == ["Alytus", "Ąžuolai", "Šiauliai"]


def test_update_or_create_computes_the_column():
    municipality = MunicipalityFactory(name="Šiauliai")

    Municipality.objects.update_or_create(
        code=municipality.code, defaults={"name": "Akmenė"}
    )

    assert Municipality.objects.get().sort_key == sort_key("Akmenė")


def test_save_of_named_fields_computes_the_column_when_it_is_named():
    municipality = MunicipalityFactory(name="Šiauliai")
    municipality.name = "Akmenė"

    municipality.save(update_fields=["name", "sort_key"])

    assert Municipality.objects.get().sort_key == sort_key("Akmenė")


def test_a_key_from_the_database_is_bytes_on_every_engine():
    MunicipalityFactory.create_batch(2)
    first, second = Municipality.objects.all()

    assert first.sort_key < second.sort_key
    assert pickle.loads(pickle.dumps(first)).sort_key == first.sort_key
    assert type(Municipality.objects.values_list("sort_key", flat=True)[0]) is bytes
    assert list(Municipality.objects.filter(sort_key=first.sort_key)) == [first]


def test_an_outer_join_without_a_row_gives_no_key():
    institution = Institution.objects.create(name="Be savivaldybės")

    keys = Institution.objects.values_list("municipality__sort_key", flat=True)

    assert list(keys) == [None]
    assert institution.sort_key == sort_key("Be savivaldybės")


def test_several_sources_are_folded_into_one_column():
    institution = Institution.objects.create(name="„Žaros“ gimnazija", code="190000001")

    assert institution.folded == "zaros gimnazija 190000001"
    assert institution.normalised_name == "zaros gimnazija"
    assert list(Institution.objects.matching("ŽAROS 19000")) == [institution]
    assert list(Institution.objects.matching(fold("Aušros"))) == []


@pytest.mark.parametrize("field_class", [SortKeyField, FoldedField])
def test_a_migration_rebuilds_the_same_field(field_class):
    field = field_class("name", "code", db_index=True, verbose_name="raktas")

    _, path, sources, options = field.deconstruct()
    again = field.clone()

    assert path == f"core.fields.{field_class.__name__}"
    assert (sources, options) == (
        ["name", "code"],
        {"db_index": True, "verbose_name": "raktas"},
    )
    assert (again.sources, again.editable, again.db_index) == (
        field.sources,
        False,
        True,
    )
    assert MigrationWriter.serialize(field)[0] == (
        f"core.fields.{field_class.__name__}('name', 'code', db_index=True, "
        "verbose_name='raktas')"
    )


@pytest.mark.parametrize("field_class", [SortKeyField, FoldedField])
def test_the_longest_name_fits_the_index(field_class):
    field = field_class("name")
    field.set_attributes_from_name("key")
    longest = field.pre_save(type("Row", (), {"name": "日" * 300})(), add=True)

    assert len(longest) < 2700, "the most that PostgreSQL takes into an index"


def test_the_order_of_the_key_is_the_order_of_the_database():
    names = ["Žagarė", "ąsotis", "Asotis", "yla", "Įla", "„Aušra“", "1-oji", "Čekiškė"]
    for code, name in enumerate(names):
        MunicipalityFactory(name=name, code=f"{code:02d}")

    stored = list(
        Municipality.objects.order_by("sort_key").values_list("name", flat=True)
    )

    assert stored == sorted(names, key=sort_key)
    assert connection.vendor in ("sqlite", "postgresql")
    assert isinstance(Municipality._meta.get_field("sort_key"), models.BinaryField)
