"""Centre staff correct institutions and match those that leads typed in."""

import pytest
from django.urls import reverse

from core.models import Event
from enrolment.models import Institution
from tests.factories import (
    InstitutionFactory,
    InstitutionTypeFactory,
    MunicipalityFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

LIST = reverse("admin:enrolment_institution_changelist")


@pytest.fixture
def centre(browse, staff):
    return browse(staff)


@pytest.fixture
def claim(teacher):
    return InstitutionFactory(is_confirmed=False, claimed_by=teacher, ins_id=None)


def page(school):
    return reverse("admin:enrolment_institution_change", args=[school.pk])


def step(school, name):
    return reverse("admin:enrolment_institution_step", args=[school.pk, name])


def data(school, **changes):
    return {
        "name": school.name,
        "code": school.code,
        "type": school.type_id,
        "municipality": school.municipality_id,
    } | changes


def found(response):
    return list(response.context["cl"].result_list)


def test_name_and_type_are_corrected(centre):
    school = InstitutionFactory()
    kind = InstitutionTypeFactory()

    centre.post(page(school), data(school, name="Šilo gimnazija", type=kind.pk))

    school.refresh_from_db()
    assert (school.name, school.type) == ("Šilo gimnazija", kind)
    assert found(centre.get(LIST, {"q": "silo gimn"})) == [school]


@pytest.mark.parametrize(
    "field, changes",
    [
        ("name", {"name": ""}),
        ("name", {"name": "x" * 10_000}),
        ("name", {"name": "Mokykla\u202e"}),
        ("code", {"code": "12"}),
        ("code", {"code": "12345678a"}),
        ("ins_id", {"ins_id": "77"}),
        ("ins_id", {"ins_id": "7\x078"}),
        ("closed_on", {"registered_on": "2020-01-02", "closed_on": "2020-01-01"}),
        ("registered_on", {"registered_on": "0001-01-01"}),
        ("type", {"type": "99999"}),
    ],
)
def test_a_faulty_institution_is_told_at_the_field(centre, field, changes):
    InstitutionFactory(ins_id="77")
    school = InstitutionFactory()

    response = centre.post(page(school), data(school, **changes))

    assert response.status_code == 200
    assert set(response.context["adminform"].form.errors) == {field}


def test_what_waits_for_matching_is_filtered(centre, claim):
    InstitutionFactory()

    assert found(centre.get(LIST, {"sutikrinta": "ne"})) == [claim]
    assert len(found(centre.get(LIST, {"sutikrinta": "xxx"}))) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_constant_number_of_queries(
    centre, count, django_assert_num_queries
):
    kind, place = InstitutionTypeFactory(), MunicipalityFactory()
    InstitutionFactory.create_batch(count, type=kind, municipality=place)

    with django_assert_num_queries(9):
        centre.get(LIST)


@pytest.mark.parametrize("by", ["ins_id", "code"])
def test_a_typed_institution_is_matched_and_its_teams_move(centre, claim, by):
    school = InstitutionFactory(ins_id="1234", code="300000001")
    team = TeamFactory(institution=claim, submitted=True)

    asked = centre.get(step(claim, "sutapatinti"))
    assert asked.status_code == 200
    response = centre.post(
        step(claim, "sutapatinti"), {"institution": getattr(school, by)}, follow=True
    )

    claim.refresh_from_db()
    team.refresh_from_db()
    assert (claim.merged_into, team.institution) == (school, school)
    assert team.institution_name == school.name
    assert "jos paraiškos perkeltos" in response.content.decode()
    assert response.context["steps"] == []


@pytest.mark.parametrize(
    "given, why",
    [
        ("", "Užpildykite šį lauką."),
        ("nėra", "Registre tokios veikiančios įstaigos nėra."),
        ("300000001", "Šį kodą turi kelios įstaigos."),
        ("closed", "Registre tokios veikiančios įstaigos nėra."),
        ("x" * 21, "ne daugiau kaip 20 ženklų"),
        ("1\u202e2", "Tekste yra nematomų ženklų."),
    ],
)
def test_an_institution_that_cannot_be_found_is_told_at_the_field(
    centre, claim, given, why
):
    InstitutionFactory.create_batch(2, code="300000001")
    InstitutionFactory(ins_id="closed", closed_on="2020-01-01")

    response = centre.post(step(claim, "sutapatinti"), {"institution": given})

    assert response.status_code == 200
    assert why in response.context["form"].errors["institution"][0]
    claim.refresh_from_db()
    assert claim.merged_into is None


def test_matching_that_would_give_a_school_two_applications_is_refused(centre, claim):
    team = TeamFactory(institution=claim, submitted=True)
    school = InstitutionFactory(ins_id="1234")
    TeamFactory(institution=school, call=team.call, submitted=True)

    response = centre.post(step(claim, "sutapatinti"), {"institution": "1234"})

    assert response.status_code == 409
    team.refresh_from_db()
    assert team.institution == claim
    assert not Event.objects.exists()


def test_a_typed_institution_is_confirmed_once(centre, claim, staff):
    centre.get(step(claim, "sutikrinti"))
    claim.refresh_from_db()
    assert not claim.is_confirmed

    first = centre.post(step(claim, "sutikrinti"))
    second = centre.post(step(claim, "sutikrinti"))

    claim.refresh_from_db()
    assert claim.is_confirmed
    assert (first.status_code, second.status_code) == (302, 409)
    assert Event.objects.about(claim).get().actor == staff


def test_the_page_does_not_lead_to_the_person_who_typed(centre, claim, teacher):
    html = centre.get(page(claim)).content.decode()

    assert teacher.email in html
    assert reverse("admin:core_user_change", args=[teacher.pk]) not in html


def test_a_coordinator_has_no_business_with_institutions(browse, coordinator, claim):
    client = browse(coordinator)

    for address in (LIST, page(claim), step(claim, "sutikrinti")):
        assert client.get(address).status_code == 403
    assert client.post(step(claim, "sutikrinti")).status_code == 403
    assert Institution.objects.get().is_confirmed is False
