"""Where coordinators decide: the list, the page, the steps and the actions."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Event, Letter
from enrolment.models import Team, TeamStatus
from tests.factories import (
    CallFactory,
    InstitutionFactory,
    MemberFactory,
    MunicipalityFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

LIST = reverse("admin:enrolment_team_changelist")
DECISIONS = {
    "approve": {"note": ""},
    "return": {"reason": "data", "note": "Trūksta telefono."},
    "reserve": {"note": ""},
    "reject": {"reason": "goals", "note": "Kiti tikslai."},
    "withdraw": {"reason": "plans", "note": "Vadovas paprašė."},
}
LEFT_AS = {
    "approve": TeamStatus.APPROVED,
    "return": TeamStatus.RETURNED,
    "reserve": TeamStatus.RESERVE,
    "reject": TeamStatus.REJECTED,
    "withdraw": TeamStatus.WITHDRAWN,
}


@pytest.fixture
def call(coordinator):
    return CallFactory(coordinators=[coordinator])


@pytest.fixture
def desk(browse, coordinator):
    """The coordinator's browser."""
    return browse(coordinator)


def page(team):
    return reverse("admin:enrolment_team_change", args=[team.pk])


def step(team, name):
    return reverse("admin:enrolment_team_step", args=[team.pk, name])


def details(name):
    soon = timezone.localdate() + timedelta(days=14)
    return DECISIONS[name] | ({"answer_until": soon} if name == "return" else {})


def team_before(name, **kwargs):
    return TeamFactory(
        **({"approved": True} if name == "withdraw" else {"submitted": True}), **kwargs
    )


def ask(client, name, teams, url=LIST, **extra):
    """Choose the teams in the list and press „Vykdyti“."""
    keys = [team.pk for team in teams]
    return client.post(
        url, {"action": name, "index": 0, "_selected_action": keys, **extra}
    )


def confirm(client, name, asked, url=LIST, follow=True, **data):
    """Press the button of the confirm page with what it carries."""
    chosen = ",".join(str(obj.pk) for obj in asked.context["objects"])
    hidden = {
        "action": name,
        "chosen": chosen,
        "_selected_action": asked.context["objects"][0].pk,
    }
    return client.post(url, hidden | details(name) | data, follow=follow)


def shown(response):
    return [team.pk for team in response.context["cl"].result_list]


def said(response):
    return [str(message) for message in response.context["messages"]]


# Who sees what


def test_a_coordinator_sees_the_teams_of_the_own_calls_and_no_drafts(desk, call):
    own = TeamFactory(call=call, submitted=True)
    TeamFactory(call=call)
    TeamFactory(submitted=True)

    response = desk.get(LIST)

    assert shown(response) == [own.pk]


def test_filters_offer_own_calls_only(desk, call):
    TeamFactory(call=call, submitted=True)
    other = TeamFactory(submitted=True).call

    html = desk.get(LIST).content.decode()

    assert call.title in html
    assert other.title not in html


def test_centre_staff_and_superusers_see_all_handed_in_teams(browse, staff, superuser):
    teams = TeamFactory.create_batch(2, submitted=True)
    TeamFactory()

    for user in (staff, superuser):
        assert set(shown(browse(user).get(LIST))) == {team.pk for team in teams}


def test_a_team_of_another_coordinator_is_not_found_anywhere(desk, call):
    other = TeamFactory(submitted=True)
    urls = [page(other), *(step(other, name) for name in DECISIONS)]
    urls += [
        reverse("admin:enrolment_team_history", args=[other.pk]),
        reverse("admin:enrolment_team_delete", args=[other.pk]),
    ]

    answers = {
        client(url).status_code for url in urls for client in (desk.get, desk.post)
    }

    assert answers == {404}


def test_a_draft_is_not_found_by_anybody(browse, desk, call, staff, superuser):
    draft = TeamFactory(call=call)

    clients = [desk, browse(staff), browse(superuser)]

    assert [client.get(page(draft)).status_code for client in clients] == [404] * 3


@pytest.mark.parametrize("key", ["abc", "0", "99999999999999999999", "7_2F"])
def test_an_impossible_number_is_not_found(desk, key):
    for name in ("change", "step"):
        args = [key] if name == "change" else [key, "approve"]
        url = reverse(f"admin:enrolment_team_{name}", args=args)

        assert desk.get(url).status_code == 404
        assert desk.post(url).status_code == 404


def test_an_unknown_step_is_not_found(desk, call):
    team = TeamFactory(call=call, submitted=True)

    assert desk.get(step(team, "teleport")).status_code == 404


def test_nothing_is_changed_added_or_deleted_by_a_form(desk, call):
    team = TeamFactory(call=call, submitted=True)

    assert desk.post(page(team), {"status": "approved"}).status_code == 403
    assert desk.get(reverse("admin:enrolment_team_add")).status_code == 403
    team.refresh_from_db()
    assert team.status == TeamStatus.SUBMITTED


# Who may decide


def test_the_coordinator_is_offered_the_decisions(desk, call):
    team = TeamFactory(call=call, submitted=True)

    response = desk.get(page(team))

    offered = [step.name for step, url in response.context["steps"]]
    assert offered == ["approve", "return", "reserve", "reject"]


@pytest.mark.parametrize("who", ["staff", "superuser"])
def test_who_does_not_coordinate_the_call_may_look_but_not_decide(
    browse, request, call, who
):
    team = TeamFactory(call=call, submitted=True)
    client = browse(request.getfixturevalue(who))

    assert client.get(page(team)).context["steps"] == []
    assert client.get(LIST).context["action_form"] is None
    for name in DECISIONS:
        assert client.get(step(team, name)).status_code == 403
        assert client.post(step(team, name), details(name)).status_code == 403
    team.refresh_from_db()
    assert team.status == TeamStatus.SUBMITTED


@pytest.mark.parametrize("part", ["lead", "member"])
def test_nobody_decides_the_own_team(desk, coordinator, call, part):
    team = TeamFactory(
        call=call, submitted=True, **({"lead": coordinator} if part == "lead" else {})
    )
    if part == "member":
        MemberFactory(team=team, email=coordinator.email)

    assert desk.get(page(team)).context["steps"] == []
    assert desk.get(step(team, "approve")).status_code == 403
    assert desk.post(step(team, "approve"), details("approve")).status_code == 403
    asked = ask(desk, "approve", [team])
    response = confirm(desk, "approve", asked)
    assert said(response) == [
        f"{team} – praleista. Šio veiksmo atlikti negalite: jis patikėtas kitam žmogui."
    ]
    team.refresh_from_db()
    assert team.status == TeamStatus.SUBMITTED


def test_who_sees_all_but_coordinates_one_call_decides_in_that_call_only(
    browse, superuser, call
):
    own = TeamFactory(call__coordinators=[superuser], submitted=True)
    other = TeamFactory(call=call, submitted=True)
    client = browse(superuser)

    asked = ask(client, "approve", [own, other])
    response = confirm(client, "approve", asked)

    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.status, other.status) == (TeamStatus.APPROVED, TeamStatus.SUBMITTED)
    assert said(response) == [
        "Patvirtinta: 1 paraiška.",
        f"{other} – praleista. Šio veiksmo atlikti negalite: jis patikėtas kitam žmogui.",
    ]


# One team


@pytest.mark.parametrize("name", DECISIONS)
def test_a_step_asks_first_and_then_does(desk, call, coordinator, name):
    team = team_before(name, call=call)

    asked = desk.get(step(team, name))

    assert asked.status_code == 200
    team.refresh_from_db()
    assert team.status != LEFT_AS[name]
    assert not Event.objects.about(team).exists()

    response = desk.post(step(team, name), details(name), follow=True)

    team.refresh_from_db()
    assert response.redirect_chain == [(page(team), 302)]
    assert team.status == LEFT_AS[name]
    assert Event.objects.about(team).get().actor == coordinator
    assert Letter.objects.about(team).get().to == team.lead.email


@pytest.mark.parametrize("name", ["return", "reject", "withdraw"])
def test_a_reason_and_its_words_are_required(desk, call, name):
    team = team_before(name, call=call)

    response = desk.post(step(team, name), {"note": " "})

    assert response.status_code == 200
    assert {"reason", "note"} <= set(response.context["form"].errors)
    assert "Klaida: " in response.content.decode()
    assert not Event.objects.about(team).exists()


@pytest.mark.parametrize("day", ["", "vakar", "2020-01-01", "9999-12-31", "0001-01-01"])
def test_a_return_needs_a_day_to_come(desk, call, day):
    team = TeamFactory(call=call, submitted=True)

    response = desk.post(
        step(team, "return"), details("return") | {"answer_until": day}
    )

    assert set(response.context["form"].errors) == {"answer_until"}
    team.refresh_from_db()
    assert team.status == TeamStatus.SUBMITTED


def test_the_second_of_two_coordinators_learns_what_the_first_did(
    browse, desk, coordinator, call
):
    team = TeamFactory(call=call, submitted=True)
    coordinator.first_name, coordinator.last_name = "Rūta", "Pavyzdytė"
    coordinator.save()
    desk.post(step(team, "approve"), details("approve"))

    response = desk.post(step(team, "reject"), details("reject"))

    assert response.status_code == 409
    html = response.content.decode()
    assert "Veiksmas negalimas: būsena „Patvirtinta“." in html
    assert "Paskutinis įrašas istorijoje: Patvirtinta – Rūta Pavyzdytė" in html
    assert 'class="status status--success">Patvirtinta' in html
    team.refresh_from_db()
    assert team.status == TeamStatus.APPROVED


def test_with_no_place_left_approval_is_refused_with_the_way_out(desk, coordinator):
    call = CallFactory(places=1, coordinators=[coordinator])
    TeamFactory(call=call, approved=True)
    team = TeamFactory(call=call, submitted=True)

    response = desk.post(step(team, "approve"), details("approve"))

    assert response.status_code == 409
    assert "Laisvų vietų nebeliko" in response.content.decode()
    assert not Letter.objects.exists()


def test_the_page_shows_members_history_and_who_stands_in_two_teams(desk, call):
    team = TeamFactory(call=call, submitted=True)
    double = team.members.first()
    MemberFactory(
        team=TeamFactory(call=call, submitted=True),
        email=double.email,
    )
    Event.objects.record(team, "Pateikta paraiška", by=team.lead, at=timezone.now())

    html = desk.get(page(team)).content.decode()

    assert all(member.email in html for member in team.members.all())
    assert html.count("Nurodytas(-a) keliose komandose") == 1
    assert html.count("Pateikta paraiška") == 1


def test_an_institution_typed_by_the_lead_is_told_of(browse, desk, call, staff):
    school = InstitutionFactory(is_confirmed=False)
    team = TeamFactory(call=call, submitted=True, institution=school)
    link = reverse("admin:enrolment_institution_change", args=[school.pk])

    coordinators = desk.get(page(team)).content.decode()
    centre = browse(staff).get(page(team)).content.decode()

    assert "registre ji dar nesutikrinta" in coordinators
    assert link not in coordinators
    assert link in centre


# Many teams


@pytest.mark.parametrize("name", DECISIONS)
def test_an_action_asks_first_and_then_does(desk, call, name):
    teams = [team_before(name, call=call) for _ in range(2)]

    asked = ask(desk, name, teams)

    assert asked.status_code == 200
    assert "Pasirinkta: 2 paraiškos." in asked.content.decode()
    assert not Event.objects.exists()

    response = confirm(desk, name, asked)

    assert set(Team.objects.values_list("status", flat=True)) == {LEFT_AS[name]}
    assert len(said(response)) == 1
    assert said(response)[0].endswith(": 2 paraiškos.")


def test_an_action_without_a_reason_asks_again_and_keeps_what_was_chosen(desk, call):
    teams = TeamFactory.create_batch(2, call=call, submitted=True)
    asked = ask(desk, "return", teams)

    again = confirm(desk, "return", asked, note="", answer_until="")

    assert set(again.context["form"].errors) == {"note", "answer_until"}
    assert {team.pk for team in again.context["objects"]} == {t.pk for t in teams}
    assert not Event.objects.exists()


def test_each_skipped_team_gets_a_sentence(desk, coordinator):
    call = CallFactory(places=1, coordinators=[coordinator])
    first = TeamFactory(call=call, submitted=True)
    late = TeamFactory(call=call, submitted=True)
    rejected = TeamFactory(call=call, rejected=True)

    asked = ask(desk, "approve", [rejected, late, first])
    response = confirm(desk, "approve", asked)

    assert said(response) == [
        "Patvirtinta: 1 paraiška.",
        f"{late} – praleista. Laisvų vietų nebeliko. Paraišką galite įrašyti į rezervą "
        "arba atmesti.",
        f"{rejected} – praleista. Veiksmas negalimas: būsena „Atmesta“.",
    ]
    call.refresh_from_db()
    assert call.places_taken == 1


def test_what_another_coordinator_decided_meanwhile_is_told_although_filtered_out(
    desk, call
):
    team = TeamFactory(call=call, submitted=True)
    url = f"{LIST}?busena=submitted"
    asked = ask(desk, "approve", [team], url)
    desk.post(step(team, "reject"), details("reject"))

    response = confirm(desk, "approve", asked, url)

    assert said(response)[-1] == (
        f"{team} – praleista. Veiksmas negalimas: būsena „Atmesta“."
    )


def test_the_reserve_is_ranked_in_the_order_of_submission(desk, call):
    now = timezone.now()
    late = TeamFactory(call=call, submitted=True, submitted_at=now)
    early = TeamFactory(
        call=call, submitted=True, submitted_at=now - timedelta(hours=1)
    )

    confirm(desk, "reserve", ask(desk, "reserve", [late, early]))

    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.reserve_rank, late.reserve_rank) == (1, 2)


def test_a_team_not_entrusted_cannot_be_slipped_into_an_action(desk, call):
    own, other = TeamFactory(call=call, submitted=True), TeamFactory(submitted=True)

    asked = ask(desk, "approve", [own])
    confirm(desk, "approve", asked, chosen=f"{own.pk},{other.pk},nesąmonė")

    other.refresh_from_db()
    assert other.status == TeamStatus.SUBMITTED


def test_all_of_many_pages_can_be_chosen(desk, call):
    """A field a team would break Django's limit of 1000 fields."""
    school = InstitutionFactory()
    Team.objects.bulk_create(
        TeamFactory.build(
            call=call,
            version=call.programme.published,
            lead=call.coordinators.get(),
            institution=school,
            rejected=True,
            decided_by=call.coordinators.get(),
            members=0,
            number=number,
        )
        for number in range(1, 1102)
    )
    some = list(Team.objects.all()[:50])

    asked = ask(desk, "approve", some, select_across=1)
    response = confirm(desk, "approve", asked, follow=False)

    assert len(asked.context["objects"]) == 1101
    assert "Pasirinkta: 1101 paraiška." in asked.content.decode()
    assert response.status_code == 302
    assert not Team.objects.exclude(status=TeamStatus.REJECTED).exists()


# The list


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_a_constant_number_of_times(
    desk, call, count, django_assert_num_queries
):
    TeamFactory.create_batch(count, call=call, submitted=True)

    with django_assert_num_queries(11):
        desk.get(LIST)


def test_what_waits_for_a_decision_comes_first_the_oldest_on_top(desk, call):
    now = timezone.now()
    done = TeamFactory(call=call, approved=True, submitted_at=now - timedelta(days=9))
    late = TeamFactory(call=call, submitted=True, submitted_at=now)
    early = TeamFactory(call=call, submitted=True, submitted_at=now - timedelta(days=3))

    response = desk.get(LIST)

    assert shown(response) == [early.pk, late.pk, done.pk]
    first = response.context["cl"].filter_specs[0]
    assert first.lookup_choices[0] == (TeamStatus.SUBMITTED, "Laukia sprendimo")


def test_the_filter_of_what_waits_leaves_the_decided_out(desk, call):
    waiting = TeamFactory(call=call, submitted=True)
    TeamFactory(call=call, approved=True)

    assert shown(desk.get(LIST, {"busena": "submitted"})) == [waiting.pk]
    assert shown(desk.get(LIST, {"busena": "submitted", "_facets": 1})) == [waiting.pk]


@pytest.mark.parametrize(
    "words", ["siauliu", "ŠIAULIŲ romuvos", "„romuvos“", "petrauskiene", "987654"]
)
def test_search_ignores_case_diacritics_and_quotes(desk, call, words):
    found = TeamFactory(
        call=call,
        submitted=True,
        number=987654,
        lead_name="Ona Petrauskienė",
        institution__name="Šiaulių „Romuvos“ progimnazija",
    )
    TeamFactory(call=call, submitted=True)

    assert shown(desk.get(LIST, {"q": words})) == [found.pk]


def test_institutions_stand_in_the_order_of_the_lithuanian_alphabet(desk, call):
    names = [
        "Žiedų mokykla",
        "Yvos mokykla",
        "Šilo mokykla",
        "Įlankos mokykla",
        "Joniškio",
    ]
    for name in names:
        TeamFactory(call=call, submitted=True, institution__name=name)

    response = desk.get(LIST, {"o": "3"})

    listed = [team.institution_name for team in response.context["cl"].result_list]
    assert listed == [
        "Įlankos mokykla",
        "Yvos mokykla",
        "Joniškio",
        "Šilo mokykla",
        "Žiedų mokykla",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "busena=xxx&kvietimas=999",
        "kvietimas=abc",
        "e=1",
        "p=99999",
        "p=0",
        "p=-3",
        "p=abc",
        "o=99.x.-1",
        "q=%00",
        "q=" + "a+" * 1500,
        "all=1",
        "_facets=1&busena=xxx",
    ],
)
def test_odd_addresses_show_the_list(desk, call, query):
    team = TeamFactory(call=call, submitted=True, lead_name="A A")

    response = desk.get(f"{LIST}?{query}")

    assert response.status_code == 200
    assert shown(response) == [team.pk]


def test_an_unknown_parameter_leads_back_to_the_list(desk, call):
    TeamFactory(call=call, submitted=True)

    response = desk.get(f"{LIST}?nezinoma=1", follow=True)

    assert response.status_code == 200


def test_a_municipality_that_is_not_known_is_said_so(desk, call):
    TeamFactory(call=call, submitted=True, institution__municipality=None)
    MunicipalityFactory()

    assert "nenurodyta" in desk.get(LIST).content.decode()


def test_a_decision_made_in_the_admin_is_seen_by_the_lead_at_once(desk, browse, call):
    team = TeamFactory(call=call, submitted=True)

    desk.post(step(team, "reject"), details("reject"))

    html = browse(team.lead).get(team.get_absolute_url()).content.decode()
    assert "Atmesta" in html
    assert "Kiti tikslai." in html


@pytest.mark.parametrize("key", ["abc", "1\0", "9" * 30, "-1"])
def test_a_selection_that_no_list_offers_is_a_400(browse, coordinator, key):
    TeamFactory(submitted=True, call__coordinators=[coordinator])
    url = reverse("admin:enrolment_team_changelist")

    response = browse(coordinator).post(
        url, {"action": "approve", "_selected_action": key}
    )

    assert response.status_code == 400


def test_a_nul_in_the_address_of_a_list_is_a_400(browse, staff):
    response = browse(staff).get(
        reverse("admin:enrolment_institution_changelist") + "?type__id__exact=%00"
    )

    assert response.status_code == 400
