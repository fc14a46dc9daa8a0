from io import StringIO

import pytest
from django.core.management import call_command

from catalogue import transitions
from catalogue.models import (
    Accreditation,
    AccreditationState,
    Competence,
    CompetenceGroup,
    Level,
    Module,
    ModuleCompetence,
    Precision,
    Programme,
    ProgrammeVersion,
    Project,
    Requirement,
    RequirementKind,
    Role,
    Stage,
    TargetGroup,
)
from core.models import Event, InstitutionType, Municipality

pytestmark = pytest.mark.django_db

MODELS = [
    Municipality,
    InstitutionType,
    TargetGroup,
    CompetenceGroup,
    Competence,
    Project,
    Programme,
    ProgrammeVersion,
    Accreditation,
    Module,
    ModuleCompetence,
    Requirement,
    Event,
]


def load(*arguments):
    out = StringIO()
    call_command("load_catalogue", *arguments, stdout=out)
    return out.getvalue()


def counts():
    return [model.objects.count() for model in MODELS]


def test_everything_is_loaded():
    said = load()

    assert counts() == [60, 16, 8, 3, 10, 2, 3, 3, 3, 2, 4, 12, 3]
    assert "Savivaldybės: sukurta 60 įrašų." in said
    assert "„Kūrybinės partnerystės“: paskelbta 1 versija." in said


def test_a_second_run_changes_nothing():
    load()
    before = counts()

    said = load()

    assert counts() == before
    assert "Savivaldybės: sukurta 0 įrašų, jau buvo 60." in said
    assert "versija" not in said


def test_what_is_missing_is_created_and_what_exists_is_left():
    load()
    Municipality.objects.get(code="13").delete()
    Requirement.objects.first().delete()
    Project.objects.update(summary="Taisyta centre.")

    said = load()

    assert "Savivaldybės: sukurtas 1 įrašas, jau buvo 59." in said
    assert Municipality.objects.filter(code="13").exists()
    assert Requirement.objects.count() == 11  # Staff took it away, and it stays away.
    assert set(Project.objects.values_list("summary", flat=True)) == {"Taisyta centre."}


def edit(programme):
    text = {"title": "Pakeista", "summary": "Pakeista.", "goal": "Pakeista."}
    return transitions.publish(programme, by=None, **text)


def test_an_edited_text_is_left_and_said_so():
    load()
    edit(Programme.objects.get(slug="bmt-modelio-kurimas"))

    said = load()

    assert "„Pakeista“: tekstas pakeistas, todėl paliktas, koks yra." in said
    programme = Programme.objects.get(slug="bmt-modelio-kurimas")
    assert programme.published.number == 2


def test_force_restores_the_shipped_text_as_a_new_version():
    load()
    programme = Programme.objects.get(slug="bmt-modelio-kurimas")
    first, second = programme.published, edit(programme).published

    said = load("--force")

    programme.refresh_from_db()
    assert programme.title == "Besimokančių mokyklų tinklų modelio kūrimo programa"
    assert (programme.published.number, programme.published.goal) == (3, first.goal)
    second.refresh_from_db()
    assert second.title == "Pakeista"
    assert said.count("paskelbta") == 1
    assert ProgrammeVersion.objects.count() == 5


def test_force_without_a_difference_publishes_nothing():
    load()

    load("--force")

    assert ProgrammeVersion.objects.count() == 3


def test_the_official_names_are_exact():
    load()

    assert dict(Programme.objects.values_list("slug", "title")) == {
        "bmt-modelio-kurimas": "Besimokančių mokyklų tinklų modelio kūrimo programa",
        "bmt-1-kurimas-vietose": (
            "Besimokančių mokyklų tinklų (toliau – BMT) 1 kūrimo vietose programa"
        ),
        "kurybines-partnerystes": "Kūrybinės partnerystės",
    }


def test_what_no_source_gives_stays_unknown():
    load()

    assert set(ProgrammeVersion.objects.values_list("hours", flat=True)) == {None}
    assert set(Module.objects.values_list("hours", flat=True)) == {None}
    assert set(Programme.objects.values_list("author", "provider")) == {("", "")}
    facts = Accreditation.objects.values_list(
        "order_number", "certificate_number", "valid_from", "valid_until"
    )
    assert set(facts) == {("", "", None, None)}


def test_the_accreditations_say_what_is_known():
    load()

    known = {
        row.programme.slug: (row.date_in_table(), row.precision, row.body)
        for row in Accreditation.objects.select_related("programme")
    }
    upc = ("2012-10-19", Precision.DAY, "Ugdymo plėtotės centras")
    assert known == {
        "bmt-modelio-kurimas": upc,
        "bmt-1-kurimas-vietose": upc,
        "kurybines-partnerystes": ("2013 m. gegužė", Precision.MONTH, ""),
    }
    states = Programme.objects.with_accreditation().values_list(
        "accreditation_state", flat=True
    )
    assert set(states) == {AccreditationState.OPEN_ENDED}


def test_the_second_module_also_asks_for_individual_self_evaluation():
    load()

    participation = {(stage, RequirementKind.PARTICIPATION) for stage in Stage}
    ends = (Stage.PLANNING, Stage.EVALUATION)
    group = {(stage, RequirementKind.GROUP) for stage in ends}
    individual = {(stage, RequirementKind.INDIVIDUAL) for stage in ends}
    first, second = (
        set(module.requirements.values_list("stage", "kind", "role"))
        for module in Module.objects.order_by("number")
    )
    assert first == {(*row, "") for row in participation | group}
    assert second == {(*row, "") for row in participation | group | individual}


def test_the_modules_differ_by_the_level_that_a_teacher_reaches():
    load()

    gains = ModuleCompetence.objects.values_list(
        "module__number", "competence__name", "role", "level"
    )
    creative = "Kūrybiško mokymo/si kompetencija"
    managing = "Kūrybiško mokymosi projektų valdymo kompetencija"
    assert set(gains) == {
        (1, creative, Role.TEACHER, Level.INITIAL),
        (1, managing, Role.CURATOR, ""),
        (2, creative, Role.TEACHER, Level.ADVANCED),
        (2, managing, Role.CURATOR, ""),
    }


@pytest.mark.parametrize(
    "slug, kind, allowed",
    [
        ("bmt-modelio-kurimas", "ikimokyklinio-ugdymo-mokykla", True),
        ("bmt-modelio-kurimas", "savivaldybes-svietimo-padalinys", True),
        ("bmt-modelio-kurimas", "svietimo-centras", True),
        ("kurybines-partnerystes", "gimnazija", True),
        ("kurybines-partnerystes", "pradine-mokykla", True),
        ("kurybines-partnerystes", "svietimo-centras", False),
        ("kurybines-partnerystes", "ikimokyklinio-ugdymo-mokykla", False),
    ],
)
def test_target_groups_say_which_institutions_may_apply(slug, kind, allowed):
    load()

    may_apply = TargetGroup.objects.filter(
        programmes__slug=slug, institution_types__slug=kind
    )
    assert may_apply.exists() == allowed


def test_the_type_for_all_others_has_the_name_that_the_code_uses():
    load()

    assert InstitutionType.objects.filter(slug=InstitutionType.OTHER).exists()


def test_paragraphs_are_whole_and_objectives_stand_one_a_line():
    load()

    text = Programme.objects.get(slug="bmt-1-kurimas-vietose").published
    assert len(text.goal.splitlines()) == 5  # Three paragraphs, two blank lines.
    objectives = Programme.objects.get(slug="bmt-modelio-kurimas").published.objectives
    assert [line[0] + line[-1] for line in objectives.splitlines()] == [
        "M.",
        "S.",
        "A.",
    ]
