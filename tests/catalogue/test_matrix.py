import pytest

from catalogue.matrix import matrix
from catalogue.models import Level, Module, Role
from tests.factories import (
    CompetenceFactory,
    ModuleCompetenceFactory,
    ModuleFactory,
    RequirementFactory,
)

pytestmark = pytest.mark.django_db


def rows(part):
    return [(row.label, row.role, row.cells) for row in part.rows]


def test_each_module_has_a_column():
    first = ModuleFactory(number=1)
    second = ModuleFactory(number=2, programme=first.programme)
    creative, leading = (
        CompetenceFactory(name="Kūryba"),
        CompetenceFactory(name="Vadyba"),
    )
    ModuleCompetenceFactory(module=first, competence=creative, level=Level.INITIAL)
    ModuleCompetenceFactory(module=second, competence=creative, level=Level.ADVANCED)
    ModuleCompetenceFactory(
        module=second, competence=leading, level="", role=Role.CURATOR
    )
    RequirementFactory(module=second, stage="evaluation", kind="individual")
    RequirementFactory(module=second, stage="planning", kind="individual")
    RequirementFactory(module=first, stage="planning", kind="group")
    RequirementFactory(module=second, stage="planning", kind="group", role=Role.CURATOR)

    gains, group, individual = matrix(Module.objects.all())

    assert rows(gains) == [
        ("Kūryba", "teacher", ["Pradinis lygis", "Pažengęs lygis"]),
        ("Vadyba", "curator", ["", True]),
    ]
    assert group.title == "Grupinis įsivertinimas"
    assert rows(group) == [
        ("Planavimas", "", [True, ""]),
        ("Planavimas", "curator", ["", True]),
    ]
    assert rows(individual) == [
        ("Planavimas", "", ["", True]),
        ("Vertinimas", "", ["", True]),
    ]


def test_modules_of_which_nothing_is_known_make_no_table(browse):
    module = ModuleFactory()

    assert matrix([module]) == []
    page = browse().get(module.programme.get_absolute_url()).text
    assert str(module) in page
    assert "table--matrix" not in page


def test_the_programme_page_shows_the_matrix_with_words_for_each_mark(browse):
    module = ModuleFactory()
    other = ModuleFactory(programme=module.programme, number=2)
    RequirementFactory(module=module, stage="planning", kind="group")

    page = browse().get(module.programme.get_absolute_url()).text

    row = page.split('<th scope="row">Planavimas</th>')[1].split("</tr>")[0]
    assert '<span class="visually-hidden">Taip</span>' in row.split("</td>")[0]
    assert '<span class="visually-hidden">Ne</span>' in row.split("</td>")[1]
    assert '<th scope="rowgroup" colspan="3">Grupinis įsivertinimas</th>' in page
    address = (
        f"{module.programme.slug}/{module.number}&amp;modulis={other.programme.slug}"
    )
    assert f"/palyginti/?modulis={address}/2" in page
