from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from accreditation import demo
from catalogue import index, transitions
from catalogue.models import IndexEntry, Posting, Programme, Project
from core import search
from tests.factories import (
    CompetenceFactory,
    CompetenceGroupFactory,
    ModuleCompetenceFactory,
    ModuleFactory,
    ProgrammeFactory,
    TargetGroupFactory,
)

pytestmark = pytest.mark.django_db

TEXT = {"summary": "Trumpai.", "goal": "Tikslas."}


@pytest.fixture
def finds():
    """Return the titles that the index gives for a text."""

    def finds(text):
        keys = search.find(Posting.objects, text, IndexEntry.objects.count()).scores
        return sorted(str(Programme.objects.get(pk=key)) for key in keys)

    return finds


@pytest.fixture
def change(browse, staff):
    """Send the admin's own form of an object, with some fields changed."""

    def change(obj, **changed):
        name = f"admin:catalogue_{obj._meta.model_name}_change"
        client, url = browse(staff), reverse(name, args=[obj.pk])
        context = client.get(url).context
        form = context["adminform"].form
        sent = {field.html_name: field.value() for field in form}
        for formset in context["inline_admin_formsets"]:
            bound = [formset.formset.management_form, *formset.formset.initial_forms]
            for inline in bound:
                sent |= {field.html_name: field.value() for field in inline}
        sent = {
            key: value for key, value in (sent | changed).items() if value is not None
        }
        answer = client.post(url, sent)
        assert answer.status_code == 302, answer.context["errors"]

    return change


def indexed(**kwargs):
    programme = ProgrammeFactory(**kwargs)
    index.refresh()
    return programme


# What is found


def test_everything_said_of_a_programme_finds_it(finds):
    gain = ModuleCompetenceFactory(
        competence__name="Modulio gabumas",
        module__title="Modulinis",
        module__summary="Modulio santrauka",
        module__programme=ProgrammeFactory(
            title="Pavadinimas",
            author="Autorius",
            provider="Teikianti",
            project__name="Jūreivystė",
            project__short_name="ABC",
            version__summary="Santraukėlė",
            version__goal="Tikslumas",
            version__objectives="Uždavinukas",
            version__audience="Klausytojai",
            version__form="Nuotoliu",
            target_groups=[TargetGroupFactory(name="Bibliotekininkai")],
            competences=[
                CompetenceFactory(
                    name="Mąstymas",
                    description="Paaiškinimas",
                    group=CompetenceGroupFactory(name="Bendrosios"),
                )
            ],
        ),
    )
    ProgrammeFactory(title="Kita", version__summary="", version__goal="")
    index.refresh()

    for word in [
        "Pavadinimas",
        "Autoriai",
        "Teikiančios",
        "Jūreivystės",
        "ABC",
        "Santraukėlę",
        "Tikslumo",
        "Uždavinukas",
        "Klausytojams",
        "Nuotoliu",
        "Bibliotekininkams",
        "Mąstymo",
        "Paaiškinimas",
        "Bendrosioms",
        "Modulinis",
        "Gabumai",
        "Santrauka",
    ]:
        assert finds(word) == [gain.module.programme.title], word


def test_requirements_are_no_words_of_a_programme(finds):
    indexed()

    assert finds("dalyvavimas") == []


# Kept true


def test_publishing_a_text_indexes_it_in_the_same_step(finds):
    programme = indexed(title="Senas")

    transitions.publish(programme, by=None, title="Naujas", **TEXT)

    assert finds("senas") == []
    assert finds("naujas") == ["Naujas"]


def test_a_programme_without_a_text_is_not_found(finds):
    ProgrammeFactory(title="Juodraštis", version=None)

    assert index.refresh() == 0
    assert finds("juodraštis") == []


def test_editing_a_programme_in_the_admin_indexes_it(change, finds):
    group = TargetGroupFactory(name="Bibliotekininkai")
    programme = indexed(title="Skaitymas")

    change(programme, target_groups=[group.pk], author="Rengėjavičius")

    assert finds("bibliotekininkams") == ["Skaitymas"]
    assert finds("rengėjavičius") == ["Skaitymas"]

    change(programme, target_groups=[], title="Rašymas")

    assert finds("bibliotekininkams") == []
    assert finds("rašymo") == ["Rašymas"]


def test_renaming_what_belongs_to_programmes_indexes_them_all(change, finds):
    group = TargetGroupFactory(name="Bibliotekininkai")
    kind = CompetenceGroupFactory(name="Bendrosios")
    competence = CompetenceFactory(name="Bendravimas", group=kind)
    ModuleCompetenceFactory(
        competence=competence, module__programme=ProgrammeFactory(title="Per modulį")
    )
    own = ProgrammeFactory(
        title="Sava", target_groups=[group], competences=[competence]
    )
    index.refresh()

    change(own.project, name="Jūreivystė", short_name="XYZ")
    change(group, name="Archyvarai")
    change(competence, name="Vaidyba")
    change(kind, name="Kultūrinės")

    assert finds("xyz") == finds("jūreivystės") == finds("archyvarams") == ["Sava"]
    assert finds("vaidybos") == finds("kultūrinių") == ["Per modulį", "Sava"]
    assert finds("bibliotekininkai") == finds("bendravimas") == []


def test_a_module_moved_to_another_programme_takes_its_words_along(change, finds):
    module = ModuleFactory(title="Ugnis", programme__title="Pirma")
    second = ProgrammeFactory(title="Antra")
    index.refresh()

    change(module, programme=second.pk)

    assert finds("ugnis") == ["Antra"]


def test_a_competence_taken_out_of_a_module_is_no_longer_found(change, finds):
    gain = ModuleCompetenceFactory(competence__name="Vaidyba")
    index.refresh()

    change(gain.module, **{"gains-0-DELETE": "on"})

    assert finds("vaidyba") == []


def test_adding_a_module_in_the_admin_indexes_its_programme(browse, staff, finds):
    programme = indexed(title="Pirma")

    answer = browse(staff).post(
        reverse("admin:catalogue_module_add"),
        {
            "programme": programme.pk,
            "number": 1,
            "title": "Ugnis",
            "gains-TOTAL_FORMS": 0,
            "gains-INITIAL_FORMS": 0,
            "requirements-TOTAL_FORMS": 0,
            "requirements-INITIAL_FORMS": 0,
        },
    )

    assert answer.status_code == 302
    assert finds("ugnis") == ["Pirma"]


def test_the_shipped_catalogue_is_found_at_once(finds):
    call_command("load_catalogue", stdout=StringIO())

    assert finds("KP") == finds("pokyčių mokyklos") == ["Kūrybinės partnerystės"]
    assert len(finds("bmt")) == 2
    assert index.refresh() == 0


def test_programmes_to_measure_with_are_found(finds):
    call_command("load_catalogue", stdout=StringIO())
    demo.build(seed=1)

    demo.build_many(programmes=3, teams=0, seed=1)

    assert len(finds("matavimas")) == 3


# The command


def reindex():
    out = StringIO()
    call_command("reindex", stdout=out)
    return out.getvalue()


def test_reindexing_writes_what_differs_and_nothing_twice(finds):
    ProgrammeFactory.create_batch(2, title="Tinklai")

    assert reindex() == "Paieškai perrašytos 2 programos.\n"
    rows = set(Posting.objects.values_list("pk", flat=True))
    assert reindex() == "Paieškai perrašyta 0 programų.\n"
    assert set(Posting.objects.values_list("pk", flat=True)) == rows

    Project.objects.filter(programmes=Programme.objects.first()).update(name="Kitas")
    assert reindex() == "Paieškai perrašyta 1 programa.\n"
    assert len(finds("kitas")) == 1


def test_a_change_writes_only_the_rows_that_differ():
    programme = indexed(title="Tinklai mokykloms", version__goal="Kurti tinklus.")
    before = set(Posting.objects.values_list("pk", "term"))

    programme.project.name = "Paukščiai"
    programme.project.save()
    index.refresh()

    changed = before ^ set(Posting.objects.values_list("pk", "term"))
    assert {term for _, term in changed} >= {"pauksciai"}
    assert len(changed) < 12 < len(before)


def test_a_new_normaliser_rewrites_the_index(monkeypatch):
    indexed()
    monkeypatch.setattr(search, "VERSION", search.VERSION + 1)

    assert index.refresh() == 1
    assert index.refresh() == 0


@pytest.mark.parametrize("number", [1, 3])
def test_checking_asks_a_constant_number_of_queries(django_assert_num_queries, number):
    for programme in ProgrammeFactory.create_batch(number):
        ModuleCompetenceFactory(module__programme=programme)
    index.refresh()

    with django_assert_num_queries(10):
        index.refresh()
