from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Level, Precision, Role
from tests.factories import (
    AccreditationFactory,
    CallFactory,
    CompetenceFactory,
    CompetenceGroupFactory,
    ModuleCompetenceFactory,
    ModuleFactory,
    ProgrammeFactory,
    RequirementFactory,
    TargetGroupFactory,
)

pytestmark = pytest.mark.django_db

LIST, CALLS, HOME = (
    reverse(f"catalogue:{name}") for name in ("programmes", "calls", "home")
)
DAY = timedelta(days=1)


@pytest.fixture
def read(browse):
    """Return the words of a page: spaces as a person sees them."""

    def read(address, data=None, user=None, status=200):
        page = browse(user).get(address, data)
        assert page.status_code == status
        return " ".join(unescape(page.text).replace("\u00a0", " ").split())

    return read


# The home page


def test_home_shows_what_is_open_and_where_to_search(read):
    call = CallFactory(title="Rudens šaukimas", places=10, places_taken=3)
    CallFactory(title="Pavasario šaukimas", planned=True)

    page = read(HOME)

    assert f'<a href="{call.get_absolute_url()}">Rudens šaukimas</a>' in page
    assert "laisvų vietų: 7 iš 10" in page
    assert "Pavasario šaukimas" not in page
    assert f'action="{LIST}"' in page
    assert 'name="q"' in page


def test_home_without_calls_and_programmes_says_so(read):
    page = read(HOME)

    assert "Šiuo metu paraiškos nepriimamos." in page
    assert "Programų dar nepaskelbta." in page


def test_home_counts_all_programmes_but_shows_few(browse):
    ProgrammeFactory.create_batch(8)

    page = browse().get(HOME)

    assert len(page.context["programmes"]) == 6
    assert "Visos programos (8)" in page.text


@pytest.mark.parametrize("number", [1, 3])
def test_home_asks_a_constant_number_of_queries(
    browse, django_assert_num_queries, number
):
    CallFactory.create_batch(number)

    with django_assert_num_queries(5):
        browse().get(HOME)


# The programme page


def test_a_programme_page_tells_it_all(read):
    group = CompetenceGroupFactory(name="Bendrosios kompetencijos")
    programme = ProgrammeFactory(
        title="Matematika drauge",
        accredited=True,
        target_groups=[TargetGroupFactory(name="Pedagogai")],
        competences=[
            CompetenceFactory(name="Be grupės"),
            CompetenceFactory(name="Bendravimas", group=group),
        ],
        project__history="Pradėta 2006 m.",
        project__continues="Žiūrėkite „Ugdymo sode“.",
    )
    ModuleFactory(programme=programme, title="Pirmieji žingsniai")
    call = CallFactory(programme=programme, title="Rudens šaukimas")
    CallFactory(programme=programme, title="Senas šaukimas", finished=True)

    page = read(programme.get_absolute_url())

    for text in (
        "<h1>Matematika drauge</h1>",
        "Programos tikslas.",
        "Pedagogai",
        "Bendrosios kompetencijos",
        "Kitos kompetencijos",
        "1 modulis „Pirmieji žingsniai“",
        "Rudens šaukimas",
        "5–6 įstaigos atstovai",
        "laisvų vietų: 10 iš 10",
        "Ankstesni kvietimai",
        "Pradėta 2006 m.",
        "Žiūrėkite „Ugdymo sode“.",
        "Akreditacija galioja iki",
        "<dt>Trukmė</dt><dd>nenurodyta</dd>",
        "<dt>Rengėjas</dt><dd>nenurodyta</dd>",
    ):
        assert text in page
    assert page.index("Bendravimas") < page.index("Be grupės")
    assert page.index(call.title) < page.index("Senas šaukimas")


def test_hours_carry_their_unit(read):
    programme = ProgrammeFactory(version=None)
    from_version = ProgrammeFactory(version__hours=40)

    assert "40 akad. val." in read(from_version.get_absolute_url())
    read(programme.get_absolute_url(), status=404)


def test_an_open_ended_accreditation_is_never_called_valid(read):
    programme = AccreditationFactory(
        accredited_on=date(2013, 5, 1), precision=Precision.MONTH
    ).programme

    page = read(programme.get_absolute_url())

    assert "Akreditacijos galiojimo pabaiga nenurodyta." in page
    assert "Akredituota 2013 m. gegužės mėn. Iki kada" in page
    assert '<th scope="row">2013 m. gegužė</th>' in page
    assert "Akreditacija galioja" not in page
    assert "2013-05" not in page


def test_an_expired_programme_stays_readable_and_names_where_to_go_on(read):
    programme = ProgrammeFactory(
        expired=True, project__continues="Žiūrėkite „Ugdymo sode“."
    )
    call = CallFactory(programme=programme)

    page = read(programme.get_absolute_url())

    assert "Akreditacija nebegalioja." in page
    assert "Akreditacija galiojo iki 2017 m. spalio 19 d." in page
    assert page.count("Žiūrėkite „Ugdymo sode“.") == 1
    assert reverse("enrolment:apply", args=[call.pk]) not in page


def test_a_withdrawn_accreditation_says_since_when_and_why(read):
    programme = AccreditationFactory(
        withdrawn_on=date(2015, 6, 10), withdrawn_why="Nebevykdoma."
    ).programme

    page = read(programme.get_absolute_url())

    assert "Akreditacija panaikinta nuo 2015 m. birželio 10 d." in page
    assert "panaikinta nuo 2015-06-10: Nebevykdoma." in page


def test_a_programme_never_accredited_says_so(read):
    page = read(ProgrammeFactory().get_absolute_url())

    assert "Programa neakredituota." in page
    assert "Programa dar neakredituota." in page


def test_a_hidden_programme_exists_for_centre_staff_only(read, staff, coordinator):
    module = ModuleFactory(programme__is_public=False)
    call = CallFactory(programme=module.programme, module=module)

    for address in (
        module.programme.get_absolute_url(),
        module.get_absolute_url(),
        call.get_absolute_url(),
    ):
        read(address, status=404)
        read(address, user=coordinator, status=404)
        read(address, user=staff)
    assert "svetainėje nerodoma" in read(
        module.programme.get_absolute_url(), user=staff
    )


@pytest.mark.parametrize("address", ["/programos/nera/", "/kvietimai/999/"])
def test_what_does_not_exist_is_a_404(read, address):
    read(address, status=404)


@pytest.mark.parametrize("number", [1, 3])
def test_a_programme_page_asks_a_constant_number_of_queries(
    browse, django_assert_num_queries, number
):
    programme = ProgrammeFactory(accredited=True)
    for place in range(number):
        module = ModuleFactory(programme=programme, number=place + 1)
        ModuleCompetenceFactory(module=module)
        CallFactory(programme=programme, module=module)
        programme.competences.add(CompetenceFactory())
        ProgrammeFactory(project=programme.project)

    with django_assert_num_queries(11):
        browse().get(programme.get_absolute_url())


def test_similar_programmes_end_the_page_the_closest_first(read):
    group, competence = TargetGroupFactory(), CompetenceFactory()
    programme = ProgrammeFactory(
        accredited=True, target_groups=[group], competences=[competence]
    )
    ProgrammeFactory(title="Tos pačios grupės", target_groups=[group])
    ProgrammeFactory(title="Tos pačios kompetencijos", competences=[competence])
    near = ProgrammeFactory(title="To paties projekto", project=programme.project)
    ProgrammeFactory(title="Tolima")
    ProgrammeFactory(title="Archyvinė", expired=True, project=programme.project)
    ProgrammeFactory(title="Slapta", is_public=False, project=programme.project)

    page = read(programme.get_absolute_url())

    similar = page.split("Panašios programos")[1].split("</section>")[0]
    places = [
        similar.index(f">{title}</a>")
        for title in (
            "To paties projekto",
            "Tos pačios kompetencijos",
            "Tos pačios grupės",
        )
    ]
    assert places == sorted(places)
    for title in ("Tolima", "Archyvinė", "Slapta", programme.title + "</a>"):
        assert title not in similar
    choice = f"?programa={programme.slug}&programa={near.slug}"
    assert f'href="{reverse("catalogue:compare")}{choice}"' in similar


def test_a_programme_without_anything_in_common_has_no_similar_ones(read):
    ProgrammeFactory(target_groups=[TargetGroupFactory()])

    page = read(ProgrammeFactory(competences=[CompetenceFactory()]).get_absolute_url())

    assert "Panašios programos" not in page


def test_a_printed_programme_says_where_it_came_from_and_when(read, settings):
    settings.SITE_URL = "https://portalas.example"
    programme = ProgrammeFactory(accredited=True)

    page = read(programme.get_absolute_url())

    address = f"https://portalas.example{programme.get_absolute_url()}"
    assert f"Puslapio adresas: {address}<br>" in page
    assert f"Išspausdinta {timezone.localdate():%Y-%m-%d}" in page


# The module page


def test_a_module_page_shows_competences_and_requirements(read):
    module = ModuleFactory(title="Pokyčių mokyklos", number=2)
    ModuleCompetenceFactory(
        module=module, competence__name="Kūrybiškas mokymas", level=Level.ADVANCED
    )
    ModuleCompetenceFactory(
        module=module, competence__name="Valdymas", role=Role.CURATOR, level=""
    )
    RequirementFactory(module=module, stage="planning", kind="individual")
    RequirementFactory(module=module, stage="evaluation", kind="individual")
    RequirementFactory(module=module, stage="planning", kind="group", role=Role.CURATOR)

    page = read(module.get_absolute_url())

    row = '<tr><th scope="row">{}</th><td>{}</td>'
    assert "<h1>2 modulis „Pokyčių mokyklos“</h1>" in page
    assert row.format("Kūrybiškas mokymas", "mokytojui") in page
    assert "<td>Pažengęs lygis</td>" in page
    assert row.format("Valdymas", "kuruojančiam mokytojui") in page
    individual = page.split(
        row.format("Individualus įsivertinimas", "visiems dalyviams")
    )
    cells = individual[1].split("</tr>")[0].split("</td>")[:-1]
    assert ["Būtina" in cell for cell in cells] == [True, False, True]
    assert row.format("Grupinis įsivertinimas", "kuruojančiam mokytojui") in page


def test_a_module_without_requirements_says_that_none_are_known(read):
    module = ModuleFactory()

    page = read(module.get_absolute_url())

    assert page.count("<p>nenurodyta</p>") == 2
    read(f"{module.programme.get_absolute_url()}moduliai/7/", status=404)


@pytest.mark.parametrize("number", [1, 3])
def test_a_module_page_asks_a_constant_number_of_queries(
    browse, django_assert_num_queries, number
):
    module = ModuleFactory()
    ModuleCompetenceFactory.create_batch(number, module=module)
    for stage in ["planning", "implementation", "evaluation"][:number]:
        RequirementFactory(module=module, stage=stage)

    with django_assert_num_queries(3):
        browse().get(module.get_absolute_url())


# Calls


def test_the_calls_are_listed_with_what_matters_now(read):
    CallFactory(title="Atviras", places=4, places_taken=1)
    CallFactory(title="Planuojamas", planned=True)
    CallFactory(title="Baigtas", finished=True)

    page = read(CALLS)

    assert page.index("Atviras") < page.index("Planuojamas") < page.index("Baigtas")
    assert "laisvų vietų: 3 iš 4" in page


def test_no_calls_point_to_the_programmes(read):
    page = read(CALLS)

    assert "Kvietimų dar nepaskelbta." in page
    assert f'href="{LIST}"' in page


def test_a_page_of_calls_beyond_the_end_is_the_last_one(browse):
    CallFactory.create_batch(21)

    page = browse().get(CALLS, {"puslapis": "77"})

    assert len(page.context["object_list"]) == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_calls_asks_a_constant_number_of_queries(
    browse, django_assert_num_queries, number
):
    CallFactory.create_batch(number)

    with django_assert_num_queries(2):
        browse().get(CALLS)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_a_call_asks_a_constant_number_of_queries(
    browse, django_assert_num_queries, number
):
    programme = ProgrammeFactory(
        accredited=True,
        target_groups=TargetGroupFactory.create_batch(number),
        competences=CompetenceFactory.create_batch(number),
    )
    call = CallFactory(programme=programme)

    with django_assert_num_queries(4):
        browse().get(call.get_absolute_url())


def test_an_open_call_says_what_is_needed_and_lets_apply(read, coordinator):
    coordinator.first_name, coordinator.last_name = "Ona", "Onaitė"
    coordinator.save()
    call = CallFactory(
        opens_at=datetime(2026, 1, 1, tzinfo=UTC),
        closes_at=datetime(2099, 11, 22, 14, tzinfo=UTC),
        starts_on=date(2100, 1, 4),
        ends_on=date(2100, 6, 1),
        programme__accreditation__valid_until=date(2100, 1, 4),
        members_min=4,
        members_max=10,
        external_max=2,
        coordinators=[coordinator],
    )

    page = read(call.get_absolute_url())

    assert f'href="{reverse("enrolment:apply", args=[call.pk])}"' in page
    assert "2099 m. lapkričio 22 d. 16" in page
    assert "4–10 įstaigos atstovų" in page
    assert "gali būti iki 2" in page
    assert "laisvų vietų: 10 iš 10" in page
    assert "Ona" not in page
    assert coordinator.email not in page


@pytest.mark.parametrize(
    "call, words",
    [
        ({"planned": True}, "Paraiškos bus priimamos nuo"),
        ({"closed": True}, "Dabar jas svarsto koordinatoriai."),
        ({"running": True}, "Programa jau vykdoma."),
        ({"finished": True}, "Programa baigta vykdyti."),
        ({"cancelled": True}, "Nesusirinko pakankamai komandų."),
        ({"programme__accreditation": None}, "laukiama, kol bus patvirtinta"),
    ],
)
def test_a_call_that_is_not_open_says_why_and_offers_no_form(read, call, words):
    call = CallFactory(**call)

    page = read(call.get_absolute_url())

    assert words in page
    assert reverse("enrolment:apply", args=[call.pk]) not in page


def test_a_full_call_still_takes_applications_for_the_reserve(read):
    call = CallFactory(places=1, places_taken=1)

    page = read(call.get_absolute_url())

    assert "gali būti įrašyta į rezervą" in page
    assert reverse("enrolment:apply", args=[call.pk]) in page


@pytest.mark.parametrize("number, words", [(0, "nenumatyti"), (3, "gali būti iki 3")])
def test_a_call_says_whether_outsiders_may_join(read, number, words):
    call = CallFactory(external_max=number)

    assert words in read(call.get_absolute_url())


# The rest


def test_the_privacy_notice_names_the_centre(read, settings):
    address = reverse("catalogue:privacy")
    assert "jo pavadinimas šioje svetainėje dar nenurodytas" in read(address)

    settings.CENTRE_NAME = "Pavyzdinis centras"

    assert "Pavyzdinis centras (toliau – centras)" in read(address)


def test_the_shipped_programmes_open(read):
    call_command("load_catalogue", verbosity=0)

    page = read("/programos/kurybines-partnerystes/moduliai/2/")
    assert "Individualus įsivertinimas" in page
    for slug in (
        "bmt-modelio-kurimas",
        "bmt-1-kurimas-vietose",
        "kurybines-partnerystes",
    ):
        page = read(f"/programos/{slug}/")
        assert "Akreditacijos galiojimo pabaiga nenurodyta." in page
        assert "Teikti paraišką" not in page
