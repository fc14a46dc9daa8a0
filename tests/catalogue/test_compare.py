from html import unescape
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests.factories import (
    AccreditationFactory,
    CallFactory,
    CompetenceFactory,
    ModuleCompetenceFactory,
    ModuleFactory,
    ProgrammeFactory,
    ProjectFactory,
    RequirementFactory,
    TargetGroupFactory,
)

pytestmark = pytest.mark.django_db

COMPARE = reverse("catalogue:compare")


@pytest.fixture
def compare(browse):
    """Return the answer to a choice: programmes by object or slug, modules by text."""

    def compare(*programmes, modules=(), user=None):
        slugs = [getattr(programme, "slug", programme) for programme in programmes]
        choice = [("programa", slug) for slug in slugs]
        choice += [("modulis", module) for module in modules]
        page = browse(user).get(f"{COMPARE}?{urlencode(choice)}")
        assert page.status_code == 200
        page.words = unescape(page.text).replace("\u00a0", " ")
        return page

    return compare


def test_two_programmes_stand_side_by_side(compare):
    one = ProgrammeFactory(
        title="Viena", accredited=True, target_groups=[TargetGroupFactory(name="Visi")]
    )
    other = ProgrammeFactory(title="Kita", version__hours=40)
    CallFactory(programme=one)

    page = compare(one, other)

    assert page.context["programmes"] == [one, other]
    assert page.words.count('<th scope="col">') == 2
    assert "Akreditacija galioja iki" in page.words
    assert '<th scope="row">Trukmė</th><td>nenurodyta</td><td>40 akad. val.</td>' in (
        page.words
    )
    assert "<li>Visi</li>" in page.words
    assert "Priimamos</a> iki" in page.words
    assert "Dabar nepriimamos" in page.words
    assert 'class="notice' not in page.text


def test_the_order_of_the_address_is_kept_and_doubles_are_passed_over(compare):
    one, other = ProgrammeFactory.create_batch(2)

    page = compare(other, one, other)

    assert page.context["programmes"] == [other, one]
    assert 'class="notice' not in page.text


def test_nothing_chosen_says_how_to_choose(compare):
    page = compare()

    assert reverse("catalogue:programmes") in page.text
    assert "Palyginti pasirinktas" in page.words
    assert "<table" not in page.text


def test_one_programme_is_offered_company(compare):
    project = ProjectFactory()
    one, near = ProgrammeFactory.create_batch(2, project=project)
    ProgrammeFactory(title="Tolima")

    page = compare(one)

    assert "Pasirinkta tik viena programa" in page.words
    assert f'href="?programa={one.slug}&programa={near.slug}"' in page.words
    assert "Tolima" not in page.words


def test_of_more_than_three_the_first_three_are_shown(compare):
    programmes = ProgrammeFactory.create_batch(4)

    page = compare(*programmes)

    assert page.context["programmes"] == programmes[:3]
    assert "Rodome pirmąsias tris" in page.words


def test_what_is_hidden_is_like_what_is_not_there(compare, staff):
    one = ProgrammeFactory()
    hidden = ProgrammeFactory(title="Paslaptis", is_public=False)
    ProgrammeFactory(slug="be-teksto", version=None)

    for slug in (hidden.slug, "be-teksto", "nera"):
        page = compare(one, slug)
        assert page.context["programmes"] == [one]
        assert "Ne viskas, kas pasirinkta, portale yra." in page.words
        assert "Paslaptis" not in page.words
    assert compare(one, hidden, user=staff).context["programmes"] == [one, hidden]


def test_an_expired_programme_can_be_compared(compare):
    one, old = ProgrammeFactory(accredited=True), ProgrammeFactory(expired=True)

    assert "Akreditacija galiojo iki" in compare(one, old).words


HOSTILE = ["", " ", "\x00", "' OR 1=1 --", "ą", "a/b", "a" * 5000, "🙂", "<b>", "../"]


@pytest.mark.parametrize("value", [*HOSTILE, "programa/99999999999", "programa/٣"])
def test_nonsense_in_the_address_is_left_out(compare, value):
    one = ProgrammeFactory()

    page = compare(one, value, modules=[value])

    assert page.context["programmes"] == [one]
    assert page.context["modules"] == []
    assert "<b>" not in page.text


def test_a_very_long_choice_is_cut(compare, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        page = compare(*(f"programa-{number}" for number in range(400)))

    assert page.context["programmes"] == []


def test_modules_are_compared_with_what_they_give_and_ask(compare):
    first = ModuleFactory(number=1)
    second = ModuleFactory(number=2, programme=first.programme)
    ModuleCompetenceFactory(module=first, competence__name="Kūryba")
    RequirementFactory(module=second, stage="planning", kind="individual")
    slug = first.programme.slug

    page = compare(modules=[f"{slug}/2", f"{slug}/1", f"{slug}/7"])

    assert page.context["modules"] == [second, first]
    assert "Individualus įsivertinimas" in page.words
    assert "Kūryba" in page.words
    assert "Ne viskas, kas pasirinkta, portale yra." in page.words


def test_a_module_of_a_hidden_programme_is_not_there(compare, staff):
    module = ModuleFactory(programme__is_public=False)
    name = f"{module.programme.slug}/1"

    assert compare(modules=[name]).context["modules"] == []
    assert compare(modules=[name], user=staff).context["modules"] == [module]


def test_the_address_is_not_for_search_engines(compare):
    assert '<meta name="robots" content="noindex">' in compare().text


@pytest.mark.parametrize("number", [2, 3])
def test_a_comparison_asks_a_constant_number_of_queries(
    compare, django_assert_num_queries, number
):
    modules = [ModuleFactory() for place in range(number)]
    for module in modules:
        programme = module.programme
        programme.target_groups.add(TargetGroupFactory())
        programme.competences.add(CompetenceFactory())
        AccreditationFactory(programme=programme)
        CallFactory(programme=programme, module=module)
        ModuleCompetenceFactory(module=module)
        RequirementFactory(module=module)

    with django_assert_num_queries(9):
        compare(
            *(module.programme for module in modules),
            modules=[f"{module.programme.slug}/1" for module in modules],
        )


def test_the_list_offers_to_compare_what_is_ticked(browse):
    one, other = ProgrammeFactory.create_batch(2)

    page = browse().get(reverse("catalogue:programmes")).text

    assert (
        f'<form class="actions" id="palyginimas" method="get" action="{COMPARE}"'
        in (page)
    )
    for programme in (one, other):
        assert f'name="programa" value="{programme.slug}" form="palyginimas"' in page
