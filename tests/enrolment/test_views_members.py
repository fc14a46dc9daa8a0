"""The members of a team, one by one, through the real forms."""

import pytest
from django.urls import reverse

from catalogue.models import Call
from enrolment import transitions
from enrolment.models import Member
from tests.factories import MemberFactory, ModuleFactory, TeamFactory

pytestmark = pytest.mark.django_db


def page(name, team, *args):
    return reverse(f"enrolment:{name}", args=[team.pk, *args])


def typed(**fields):
    return {
        "first_name": "Rūta",
        "last_name": "Pavyzdytė",
        "email": "ruta@pavyzdys.example",
        "position": "teacher",
        "category": "senior",
    } | fields


def test_a_member_is_saved_at_once(browse):
    team = TeamFactory()

    response = browse(team.lead).post(page("member_add", team), typed())

    assert response.url == page("members", team)
    member = team.members.get()
    assert (str(member), member.email) == ("Rūta Pavyzdytė", "ruta@pavyzdys.example")
    assert member.told_at is None


def test_one_member_leads_to_the_next(browse):
    team = TeamFactory()

    response = browse(team.lead).post(
        page("member_add", team), typed(another="1"), follow=True
    )

    assert response.redirect_chain == [(page("member_add", team), 302)]
    assert "Narys įrašytas." in response.text
    assert 'value="Rūta"' not in response.text


def test_the_lead_can_be_written_in_as_a_member(browse, teacher):
    team = TeamFactory(lead=teacher, lead_name="Ona Marija Pavyzdienė")
    client = browse(teacher)

    form = client.get(page("member_add", team), {"vadovas": "1"}).context["form"]

    assert (
        f"{page('member_add', team)}?vadovas=1"
        in client.get(page("members", team)).text
    )
    assert form.initial["first_name"] == "Ona Marija"
    assert form.initial["last_name"] == "Pavyzdienė"
    assert form.initial["email"] == teacher.email


def test_the_shortcut_goes_once_the_lead_is_a_member(browse, teacher):
    team = TeamFactory(lead=teacher)
    MemberFactory(team=team, email=teacher.email)

    assert "?vadovas=1" not in browse(teacher).get(page("members", team)).text


@pytest.mark.parametrize(
    "email",
    ["RUTA@pavyzdys.EXAMPLE", "  ruta@pavyzdys.example ", "Ruta@Pavyzdys.Example"],
)
def test_the_same_address_twice_is_said_at_the_field(email, browse):
    team = TeamFactory()
    MemberFactory(team=team, email="ruta@pavyzdys.example")

    response = browse(team.lead).post(
        page("member_add", team), typed(email=email, first_name="Kitas")
    )

    assert response.context["form"].errors == {
        "email": ["Narys tokiu el. pašto adresu šioje komandoje jau yra."]
    }
    assert 'value="Kitas"' in response.text
    assert team.members.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", ""),
        ("first_name", "R" * 10_000),
        ("first_name", "Rūta\x00"),
        ("first_name", "Rūta\x1b[31m"),
        ("first_name", "Rūta 🙂"),
        ("last_name", "\u202eėtyzdyvaP"),
        ("last_name", "Pavyzdytė\u200b"),
        ("last_name", "<script>alert(1)</script>"),
        ("last_name", "=1+1"),
        ("last_name", "12345"),
        ("email", ""),
        ("email", "ruta"),
        ("email", "ruta@pavyzdys.example\nBcc: visi@pavyzdys.example"),
        ("email", "ruta@pavyzdys.example\r\nSubject: x"),
        ("email", f"{'r' * 300}@pavyzdys.example"),
        ("email", "ruta@pavyzdys.example, ona@pavyzdys.example"),
        ("position", ""),
        ("position", "burmistras"),
        ("category", "x"),
    ],
)
def test_bad_input_is_said_at_its_field_and_the_rest_is_kept(field, value, browse):
    team = TeamFactory()

    response = browse(team.lead).post(
        page("member_add", team),
        {"first_name": "Barbora", "last_name": "Pavyzdytė"}
        | typed(**{"first_name": "Barbora"} | {field: value}),
    )

    assert response.context["form"].errors.keys() == {field}
    assert 'value="ruta@pavyzdys.example"' in response.text or field == "email"
    assert 'value="Barbora"' in response.text or field == "first_name"
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["Šarūnė", "Žygimantė-Ūla", "O’Brien", "D'Artanjan", "van der Berg", "Jr."],
)
def test_real_names_are_accepted(name, browse):
    team = TeamFactory()

    browse(team.lead).post(page("member_add", team), typed(last_name=name))

    assert team.members.get().last_name == name


def test_a_name_is_stored_composed(browse):
    team = TeamFactory()

    browse(team.lead).post(
        page("member_add", team),
        typed(first_name="Egle\u0307", last_name=" S\u030cake  "),
    )

    assert str(team.members.get()) == "Eglė Šake"


def test_an_external_member_says_from_where(browse):
    team = TeamFactory()
    client = browse(team.lead)

    without = client.post(page("member_add", team), typed(is_external="on"))
    client.post(
        page("member_add", team),
        typed(is_external="on", organisation="Pavyzdžio švietimo centras"),
    )

    assert without.context["form"].errors == {
        "organisation": ["Nurodykite, kur išorinis narys dirba."]
    }
    assert (
        team.members.get(is_external=True).organisation == "Pavyzdžio švietimo centras"
    )


def test_a_workplace_of_somebody_who_is_not_external_does_not_vanish(browse):
    team = TeamFactory()
    client = browse(team.lead)

    response = client.post(page("member_add", team), typed(organisation="Centras"))

    assert response.context["form"].errors == {
        "is_external": [
            "Pažymėkite, jei narys išorinis; jei ne – ištrinkite jo darbovietę."
        ]
    }
    assert 'value="Centras"' in response.text


def test_an_external_member_becomes_a_representative_by_one_click(browse):
    team = TeamFactory()
    member = MemberFactory(team=team, is_external=True, organisation="Centras")

    browse(team.lead).post(
        page("member", team, member.pk), typed(organisation="Centras")
    )

    member.refresh_from_db()
    assert (member.is_external, member.organisation) == (False, "")


def test_the_curator_is_asked_only_where_there_is_a_module(browse):
    plain = TeamFactory()
    module = ModuleFactory()
    modular = TeamFactory(call__programme=module.programme, call__module=module)

    without = browse(plain.lead).get(page("member_add", plain))
    client = browse(modular.lead)
    client.post(page("member_add", modular), typed(is_curator="on"))
    both = client.post(
        page("member_add", modular),
        typed(email="a@b.lt", is_curator="on", is_external="on", organisation="X"),
    )

    assert "Kuruojantis" not in without.text
    assert modular.members.get().is_curator
    assert both.context["form"].errors.keys() == {"is_curator"}


@pytest.mark.parametrize(
    ("members", "external", "fields"),
    [(6, 0, {}), (0, 2, {"is_external": "on", "organisation": "Centras"})],
)
def test_one_too_many_is_refused_and_kept_on_the_page(
    members, external, fields, browse
):
    team = TeamFactory(members=members)
    MemberFactory.create_batch(
        external, team=team, is_external=True, organisation="Centras"
    )

    response = browse(team.lead).post(page("member_add", team), typed(**fields))

    assert response.status_code == 409
    assert 'value="Rūta"' in response.text
    assert team.members.count() == members + external


def test_a_full_team_is_not_offered_another_member(browse):
    team = TeamFactory(members=6)
    Call.objects.update(external_max=0)

    text = browse(team.lead).get(page("members", team)).text

    assert "Daugiau narių šis kvietimas neleidžia." in text
    assert page("member_add", team) not in text


def test_a_member_is_corrected(browse):
    member = MemberFactory(email="ruta@pavyzdys.example")
    client = browse(member.team.lead)

    response = client.post(
        page("member", member.team, member.pk), typed(position="head")
    )

    assert response.url == page("members", member.team)
    member.refresh_from_db()
    assert (member.first_name, member.position) == ("Rūta", "head")


def test_saving_a_member_unchanged_is_no_change(browse):
    team = TeamFactory()
    client = browse(team.lead)
    client.post(page("member_add", team), typed())
    member = team.members.get()
    Member.objects.update(told_at="2026-01-01T00:00:00Z")

    client.post(page("member", team, member.pk), typed(email="RUTA@pavyzdys.example"))

    assert team.members.get().told_at is not None


def test_removal_asks_first(browse):
    member = MemberFactory()
    client = browse(member.team.lead)
    address = page("member_remove", member.team, member.pk)

    asked = client.get(address)
    assert str(member) in asked.text
    assert Member.objects.exists()

    assert client.post(address).url == page("members", member.team)
    assert not Member.objects.exists()


@pytest.mark.parametrize("name", ["member", "member_remove"])
def test_a_member_removed_in_another_tab_gets_a_clear_answer(name, browse):
    member = MemberFactory()
    team, address = member.team, page(name, member.team, member.pk)
    transitions.remove_member(member, by=team.lead)

    response = browse(team.lead).post(address, typed())

    assert response.status_code == 404
    assert "jau pašalintas kitame lange" in response.text


@pytest.mark.parametrize("name", ["member", "member_remove"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_members_of_a_submitted_team_stay(name, method, browse):
    team = TeamFactory(submitted=True)
    member = team.members.first()

    response = getattr(browse(team.lead), method)(
        page(name, team, member.pk), typed(last_name="Naujoji")
    )

    assert response.status_code == 409
    assert "Paraiška jau pateikta" in response.text
    assert team.members.filter(last_name="Pavardenytė").count() == 5


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_any_length(
    count, browse, django_assert_num_queries
):
    team = TeamFactory(members=count)
    client = browse(team.lead)

    with django_assert_num_queries(6):
        response = client.get(page("members", team))

    assert response.text.count("Pašalinti<") == count
