"""From a call to a draft: the explaining page, the search, the institution typed by hand."""

import pytest
from django.urls import reverse

from enrolment.models import Institution, Team
from tests.factories import (
    CallFactory,
    InstitutionFactory,
    InstitutionTypeFactory,
    MunicipalityFactory,
    ProgrammeFactory,
    TargetGroupFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


def apply(call):
    return reverse("enrolment:apply", args=[call.pk])


def by_hand(call):
    return reverse("enrolment:apply_unlisted", args=[call.pk])


def typed(**fields):
    return {
        "name": "Naujoji gimnazija",
        "code": "190000001",
        "municipality": MunicipalityFactory().pk,
    } | fields


# What it takes


def test_the_page_says_what_is_needed_and_until_when(browse, teacher):
    call = CallFactory(closes_at="2100-10-01T13:00:00Z", members_min=4, members_max=7)

    text = browse(teacher).get(apply(call)).text

    assert "2100\xa0m. spalio 1\xa0d. 16\xa0val." in text
    assert "4–7 jūsų įstaigos atstovai" in text
    assert reverse("catalogue:privacy") in text


def test_anonymous_is_sent_to_sign_in_and_back(browse):
    call = CallFactory()

    response = browse().get(f"{apply(call)}?q=romuva")

    assert response.url == (
        f"{reverse('account_login')}?next={apply(call)}%3Fq%3Dromuva"
    )


def test_a_hidden_programmes_call_does_not_exist(browse, teacher):
    call = CallFactory(programme__is_public=False)

    assert browse(teacher).get(apply(call)).status_code == 404
    assert browse(teacher).get(by_hand(call)).status_code == 404


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ({"planned": True}, "dar neprasidėjo"),
        ({"closed": True}, "Paraiškų priėmimas baigėsi"),
        ({"cancelled": True}, "Kvietimas atšauktas"),
        ({"programme__accredited": False}, "neturi akreditacijos"),
    ],
)
def test_a_call_that_is_not_open_says_why(state, why, browse, teacher):
    call, school = CallFactory(**state), InstitutionFactory()
    client = browse(teacher)

    asked = client.get(apply(call))
    sent = client.post(apply(call), {"institution": school.pk})
    asked_by_hand = client.get(by_hand(call))
    sent_by_hand = client.post(by_hand(call), typed())

    assert why in asked.text
    assert asked.status_code == 200
    for response in (sent, asked_by_hand, sent_by_hand):
        assert response.status_code == 409
        assert why in response.text
    assert not Team.objects.exists()
    assert Institution.objects.get() == school


def test_own_draft_is_offered_to_be_resumed(browse, teacher):
    draft = TeamFactory(lead=teacher)
    TeamFactory(call=draft.call)

    response = browse(teacher).get(apply(draft.call))

    assert list(response.context["teams"]) == [draft]
    assert f'href="{draft.get_absolute_url()}"' in response.text


# The search


def search(client, call, words):
    return client.get(apply(call), {"q": words})


@pytest.mark.parametrize(
    "words",
    [
        "romuvos progimnazija",
        "SIAULIU romuvos",
        "„Romuvos“",
        "  progimnazija   Šiaulių ",
        "190531234",
        "9053",
    ],
)
def test_the_search_forgives(words, browse, teacher):
    school = InstitutionFactory(name="Šiaulių „Romuvos“ progimnazija", code="190531234")
    InstitutionFactory(name="Kita mokykla", code="290000000")

    response = search(browse(teacher), CallFactory(), words)

    assert response.context["form"].hits == [school]
    for part in (school.name, "190531234", str(school.municipality)):
        assert part in response.text


@pytest.mark.parametrize(
    "state", [{"is_confirmed": False}, {"closed_on": "2020-08-31"}]
)
def test_closed_and_unmatched_institutions_are_not_offered(state, browse, teacher):
    school = InstitutionFactory(name="Senoji mokykla", **state)
    call = CallFactory()
    client = browse(teacher)

    found = search(client, call, "senoji")
    sent = client.post(apply(call), {"institution": school.pk})

    assert "nieko nerasta" in found.text
    assert "Tokios įstaigos sąraše nėra." in sent.text
    assert not Team.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_the_search_takes_the_same_queries_for_any_number(
    count, browse, teacher, django_assert_num_queries
):
    InstitutionFactory.create_batch(count)
    call, client = CallFactory(), browse(teacher)

    with django_assert_num_queries(8):
        response = search(client, call, "pavyzdinė")

    assert response.text.count('type="radio"') == min(count, 20)
    assert ("tinkančių yra daugiau" in response.text) == (count > 20)


@pytest.mark.parametrize("words", ["", "   ", "„“", "x" * 5000, "\x00", "%", "a'b\"c"])
def test_odd_searches_are_answered_calmly(words, browse, teacher):
    InstitutionFactory()

    response = search(browse(teacher), CallFactory(), words)

    assert response.status_code == 200
    assert response.context["form"].hits == []


def test_what_was_found_stays_when_nothing_is_chosen(browse, teacher):
    InstitutionFactory(name="Romuvos progimnazija")
    call = CallFactory()

    response = browse(teacher).post(f"{apply(call)}?q=romuvos", {})

    assert "Pažymėkite savo įstaigą." in response.text
    assert "Romuvos progimnazija" in response.text


# The draft


def test_choosing_an_institution_opens_a_draft(browse, teacher):
    call, school = CallFactory(), InstitutionFactory()

    response = browse(teacher).post(apply(call), {"institution": school.pk})

    team = Team.objects.get()
    assert (team.call, team.institution, team.lead) == (call, school, teacher)
    assert response.url == team.get_absolute_url()


def test_a_double_click_opens_one_draft(browse, teacher):
    call, school = CallFactory(), InstitutionFactory()
    client = browse(teacher)

    first = client.post(apply(call), {"institution": school.pk})
    second = client.post(apply(call), {"institution": school.pk})

    assert first.url == second.url == Team.objects.get().get_absolute_url()


@pytest.mark.parametrize("state", ["submitted", "returned", "reserve"])
def test_the_back_button_after_submission_opens_no_second_draft(browse, state):
    team = TeamFactory(**{state: True})

    response = browse(team.lead).post(
        apply(team.call), {"institution": team.institution_id}, follow=True
    )

    assert Team.objects.get() == team
    assert response.redirect_chain == [(team.get_absolute_url(), 302)]
    assert "Šios įstaigos paraišką šiam kvietimui jau esate pateikę." in response.text


def test_after_taking_an_application_back_a_new_one_may_be_started(browse):
    team = TeamFactory(withdrawn=True)

    browse(team.lead).post(apply(team.call), {"institution": team.institution_id})

    assert Team.objects.count() == 2


def test_a_colleague_learns_at_once_that_an_application_exists(browse, teacher):
    other = TeamFactory(submitted=True)

    response = browse(teacher).post(
        apply(other.call), {"institution": other.institution_id}, follow=True
    )

    assert (
        f"Jūsų įstaigos paraiška šiam kvietimui jau pateikta (Nr. {other.number})."
        in response.text
    )


def test_an_institution_of_another_kind_is_refused_in_words(browse, teacher):
    own, other = InstitutionTypeFactory.create_batch(2)
    group = TargetGroupFactory(institution_types=[own])
    programme = ProgrammeFactory(accredited=True, target_groups=[group])
    school = InstitutionFactory(type=other)
    call = CallFactory(programme=programme)

    response = browse(teacher).post(
        f"{apply(call)}?q={school.code}", {"institution": school.pk}
    )

    assert response.status_code == 409
    assert "skirta kitų tipų įstaigoms" in response.text
    assert not Team.objects.exists()


def test_asking_opens_no_draft(browse, teacher):
    call = CallFactory()
    client = browse(teacher)

    client.get(apply(call))
    client.get(by_hand(call))

    assert not Team.objects.exists()


# By hand


def test_an_unlisted_institution_is_typed_in(browse, teacher):
    call = CallFactory()

    response = browse(teacher).post(by_hand(call), typed(), follow=True)

    team = Team.objects.get()
    assert team.institution_name == "Naujoji gimnazija"
    assert team.institution.claimed_by == teacher
    assert not team.institution.is_confirmed
    assert "dar sutikrins su registru" in response.text


def test_typing_it_twice_makes_one_institution_and_one_draft(browse, teacher):
    call, data = CallFactory(), typed()
    client = browse(teacher)

    client.post(by_hand(call), data)
    client.post(by_hand(call), data)

    assert Institution.objects.count() == Team.objects.count() == 1


def test_an_institution_that_is_listed_is_not_typed_anew(browse, teacher):
    InstitutionFactory(name="Naujoji  „Gimnazija“", code="190000001")

    response = browse(teacher).post(by_hand(CallFactory()), typed())

    assert "Ši įstaiga sąraše yra." in response.text
    assert Institution.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Užpildykite šį lauką."),
        ("name", "x" * 10_000, "300"),
        ("name", "Mokykla\x07", "nematomų ženklų"),
        ("name", "Mokykla \u202egnp", "nematomų ženklų"),
        ("code", "", "Užpildykite šį lauką."),
        ("code", "12345678", "devyni skaitmenys"),
        ("code", "１９０００００01", "devyni skaitmenys"),
        ("municipality", "", "Pasirinkite"),
        ("municipality", "x", "Rinkitės iš sąrašo"),
    ],
)
def test_a_bad_institution_is_said_at_the_field(field, value, said, browse, teacher):
    response = browse(teacher).post(by_hand(CallFactory()), typed(**{field: value}))

    assert response.context["form"].errors.keys() == {field}
    assert said in response.text
    assert not Institution.objects.exists()
