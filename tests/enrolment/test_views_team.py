"""The applicant's pages around one application: list, task list, sections, print."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from core.models import Event
from enrolment import transitions
from enrolment.models import Member, Team, TeamStatus
from tests.factories import (
    InstitutionFactory,
    MemberFactory,
    MunicipalityFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

PAGES = [
    "team",
    "institution",
    "institution_unlisted",
    "lead",
    "members",
    "member_add",
    "answers",
    "review",
    "withdraw",
    "print",
]
READ_ONLY = ["team", "members", "review", "print"]
SECTIONS = [
    "institution",
    "institution_unlisted",
    "lead",
    "members",
    "member_add",
    "answers",
]


def page(name, team, *args):
    return reverse(f"enrolment:{name}", args=[team.pk, *args])


# Who


@pytest.mark.parametrize("name", [*PAGES, "submit"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_application_does_not_exist(name, method, browse, teacher):
    team = TeamFactory(ready=True)

    response = getattr(browse(teacher), method)(page(name, team))

    reading = name in READ_ONLY and method == "post"
    assert response.status_code == (405 if reading else 404)
    team.refresh_from_db()
    assert team.status == TeamStatus.DRAFT


@pytest.mark.parametrize("name", ["member", "member_remove"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_member_does_not_exist(name, method, browse):
    member, own = MemberFactory(), TeamFactory()
    strangers_address = page(name, member.team, member.pk)
    mixed_address = page(name, own, member.pk)
    client = browse(own.lead)

    assert getattr(client, method)(strangers_address).status_code == 404
    assert getattr(client, method)(mixed_address).status_code == 404
    assert Member.objects.filter(pk=member.pk).exists()


@pytest.mark.parametrize("name", [*PAGES, "submit"])
def test_the_coordinator_has_no_part_in_the_applicants_pages(name, browse, coordinator):
    team = TeamFactory(call__coordinators=[coordinator], submitted=True)

    assert browse(coordinator).get(page(name, team)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_the_way_to_sign_in_leads_back(name, browse):
    address = page(name, TeamFactory())

    response = browse().get(address)

    assert response.url == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("page", ["team", "members", "review", "print", "withdraw"])
def test_an_application_stays_in_no_cache(browse, page):
    team = TeamFactory(ready=True)

    response = browse(team.lead).get(reverse(f"enrolment:{page}", args=[team.pk]))

    assert "no-store" in response.headers["Cache-Control"]


def test_a_form_may_be_brought_back_by_the_back_button(browse):
    team = TeamFactory()

    response = browse(team.lead).get(reverse("enrolment:answers", args=[team.pk]))

    assert response.headers["Cache-Control"] == "private, no-cache"


# The list


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_any_length(
    count, browse, teacher, django_assert_num_queries
):
    TeamFactory.create_batch(count, lead=teacher)
    client = browse(teacher)

    with django_assert_num_queries(6):
        response = client.get(reverse("enrolment:teams"))

    assert response.text.count("dar NEPATEIKTA") == 0
    assert response.text.count("Dar NEPATEIKTA") == count


def test_the_list_shows_own_applications_only(browse, teacher):
    TeamFactory(lead=teacher, institution__name="Savoji gimnazija")
    TeamFactory(institution__name="Svetima gimnazija")

    response = browse(teacher).get(reverse("enrolment:teams"))

    assert "Savoji gimnazija" in response.text
    assert "Svetima gimnazija" not in response.text


def test_the_empty_list_says_what_to_do(browse, teacher):
    response = browse(teacher).get(reverse("enrolment:teams"))

    assert "Paraiškų dar neturite." in response.text
    assert reverse("catalogue:calls") in response.text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({}, "Užpildykite ir pateikite iki"),
        ({"call__closed": True}, "Nepateikta: paraiškų priėmimas baigėsi"),
        ({"call__cancelled": True}, "Kvietimas atšauktas"),
        ({"submitted": True}, "Sprendimą priims koordinatorius"),
        ({"returned": True}, "Pataisykite ir pateikite iš naujo"),
        ({"approved": True}, "Komandai skirta vieta"),
        ({"reserve": True}, "Vieta rezerve"),
        ({"rejected": True}, "Priežastis: pasirengimas."),
        ({"withdrawn": True}, "Priežastis: pasikeitė planai."),
    ],
)
def test_the_list_says_whose_move_it_is(state, said, browse, teacher):
    TeamFactory(lead=teacher, **state)

    assert said in browse(teacher).get(reverse("enrolment:teams")).text


# The task list


def test_a_draft_says_loudly_that_it_is_not_submitted(browse):
    team = TeamFactory(ready=True)
    client = browse(team.lead)

    for name in ("team", "members", "review"):
        assert (
            "Paraiška išsaugota, bet dar NEPATEIKTA."
            in client.get(page(name, team)).text
        )


@pytest.mark.parametrize(
    ("members", "external", "said"),
    [
        (0, 0, "0 iš 5–6 narių"),
        (4, 0, "4 iš 5–6 narių"),
        (5, 1, "5 iš 5–6 narių ir 1 išorinis"),
        (6, 2, "6 iš 5–6 narių ir 2 išoriniai"),
    ],
)
def test_the_task_list_counts_the_members(members, external, said, browse):
    team = TeamFactory(members=members)
    MemberFactory.create_batch(
        external, team=team, is_external=True, organisation="Švietimo centras"
    )

    response = browse(team.lead).get(page("team", team))

    assert said in response.text


def test_the_task_list_says_what_is_missing(browse):
    team = TeamFactory(members=4, lead_name="Rūta Pavyzdytė", motivation="Norime.")

    tasks = browse(team.lead).get(page("team", team)).context["tasks"]

    assert [(task.title, task.is_done) for task in tasks] == [
        ("Įstaiga", True),
        ("Paraiškos teikėjas", True),
        ("Nariai", False),
        ("Motyvacija ir problema", False),
    ]
    assert tasks[2].missing == [
        "Komandoje turi būti 5–6 įstaigos atstovai, o dabar jų yra 4."
    ]
    assert tasks[3].missing == ["Aprašykite problemą, kurią spręsite."]


@pytest.mark.parametrize("count", [1, 3])
def test_the_task_list_takes_the_same_queries_for_any_team(
    count, browse, django_assert_num_queries
):
    team = TeamFactory(members=count)
    client = browse(team.lead)
    ContentType.objects.get_for_model(Team)

    with django_assert_num_queries(9):
        client.get(page("team", team))


def test_a_colleague_learns_of_a_submitted_application(browse, teacher):
    other = TeamFactory(
        submitted=True, lead_name="Vardas Slaptasis", lead__email="slaptas@pavyzdys.lt"
    )
    team = TeamFactory(call=other.call, institution=other.institution, lead=teacher)

    response = browse(teacher).get(page("team", team))

    assert (
        f"Jūsų įstaigos paraiška šiam kvietimui jau pateikta (Nr. {other.number})."
        in response.text
    )
    assert "Slaptasis" not in response.text
    assert "slaptas@" not in response.text


def test_a_colleague_learns_of_a_draft(browse, teacher):
    other = TeamFactory()
    team = TeamFactory(call=other.call, institution=other.institution, lead=teacher)

    response = browse(teacher).get(page("team", team))

    assert "jau pradėta kito kolegos, bet nepateikta" in response.text


@pytest.mark.parametrize(
    "elsewhere", ["another call", "another institution", "withdrawn", "own withdrawn"]
)
def test_other_applications_are_nothing_to_a_colleague(elsewhere, browse, teacher):
    team = TeamFactory(lead=teacher)
    same = {"call": team.call, "institution": team.institution}
    TeamFactory(
        **{
            "another call": {"institution": team.institution},
            "another institution": {"call": team.call},
            "withdrawn": same | {"withdrawn": True},
            "own withdrawn": same | {"lead": teacher, "withdrawn": True},
        }[elsewhere]
    )

    colleagues = browse(teacher).get(page("team", team)).context["colleagues"]

    assert colleagues == {"number": None, "own": None, "drafts": 0}


def test_a_lead_is_shown_the_way_to_the_own_submitted_application(browse, teacher):
    other = TeamFactory(submitted=True, lead=teacher)
    team = TeamFactory(call=other.call, institution=other.institution, lead=teacher)

    text = browse(teacher).get(page("team", team)).text

    assert f"jau pateikta (Nr. {other.number})" in text
    assert f'Ją pateikėte jūs: <a href="{other.get_absolute_url()}">' in text


def test_a_returned_application_shows_why_and_until_when(browse):
    team = TeamFactory(returned=True, note="Parašykite, kas pasikeis pamokose.")

    text = browse(team.lead).get(page("team", team)).text

    assert "Trūksta duomenų" in text
    assert "Parašykite, kas pasikeis pamokose." in text
    assert "dar NEPATEIKTA" in text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"submitted": True}, "Sprendimą priims kvietimo koordinatorius."),
        ({"approved": True, "note": "Laukiame rugsėjį."}, "Laukiame rugsėjį."),
        ({"reserve": True, "reserve_rank": 7}, "<strong>7</strong>"),
        ({"rejected": True}, "Pasirengimas neaprašytas."),
        ({"withdrawn": True}, "Pasikeitė metų planas."),
    ],
)
def test_after_submission_the_page_says_what_came_of_it(state, said, browse):
    team = TeamFactory(**state)

    response = browse(team.lead).get(page("team", team))

    assert said in response.text
    assert "NEPATEIKTA" not in response.text


def test_the_lead_sees_the_decision_in_the_history(browse, coordinator):
    team = TeamFactory(submitted=True, call__coordinators=[coordinator])
    transitions.reject(
        team, by=coordinator, reason="motivation", note="Motyvacija neaprašyta."
    )

    response = browse(team.lead).get(page("team", team))

    assert [event.step for event in response.context["events"]] == ["Atmesta"]
    assert "Motyvacija neaprašyta." in response.text


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ({}, ["edit", "submit", "withdraw"]),
        ({"submitted": True}, ["withdraw"]),
        ({"rejected": True}, []),
    ],
)
def test_the_page_offers_the_steps_that_are_open(state, steps, browse):
    team = TeamFactory(**state)

    text = browse(team.lead).get(page("team", team)).text

    assert (f'href="{page("review", team)}"' in text) == ("submit" in steps)
    assert (f'href="{page("withdraw", team)}"' in text) == ("withdraw" in steps)


def test_a_late_draft_offers_nothing_to_submit(browse):
    team = TeamFactory(ready=True, call__closed=True)

    text = browse(team.lead).get(page("team", team)).text

    assert "Paraiškų priėmimas baigėsi" in text
    assert "Patikrinti ir pateikti" not in text


# Sections


def test_asking_changes_nothing(browse):
    team = TeamFactory(ready=True)
    member = team.members.first()
    client = browse(team.lead)
    before = Team.objects.values().get()

    for name in [*PAGES, "submit"]:
        client.get(page(name, team))
    for name in ("member", "member_remove"):
        client.get(page(name, team, member.pk))

    assert Team.objects.values().get() == before
    assert team.members.count() == 5
    assert not Event.objects.exists()


def test_the_lead_is_saved(browse):
    team = TeamFactory()

    response = browse(team.lead).post(
        page("lead", team),
        {"lead_name": "  Rūta  Pavyzdytė ", "lead_phone": "+370 600 00000"},
    )

    assert response.url == page("team", team)
    team.refresh_from_db()
    assert (team.lead_name, team.lead_phone) == ("Rūta Pavyzdytė", "+370 600 00000")


def test_answers_may_be_saved_half_written(browse):
    team = TeamFactory()
    client = browse(team.lead)

    client.post(
        page("answers", team), {"motivation": "Norime.\r\nLabai.", "problem": ""}
    )

    team.refresh_from_db()
    assert (team.motivation, team.problem) == ("Norime.\nLabai.", "")
    assert "(nebūtina)" not in client.get(page("answers", team)).text


def test_an_answer_too_long_is_kept_and_said(browse):
    team = TeamFactory()

    response = browse(team.lead).post(
        page("answers", team), {"motivation": "ž" * 4001, "problem": "Bėda."}
    )

    assert "ž" * 4001 in response.text
    assert response.context["form"].errors.keys() == {"motivation"}
    assert "<title>Klaida: " in response.text


def test_an_answer_saved_in_another_tab_is_not_replaced_unseen(browse):
    team = TeamFactory(motivation="Sena.", problem="Sena.")
    client = browse(team.lead)
    address = page("answers", team)
    seen = client.get(address).context["form"]["seen"].value()
    client.post(address, {"motivation": "Kita.", "problem": "Sena.", "seen": seen})

    typed = {"motivation": "Sena.", "problem": "Mano."}
    response = client.post(address, typed | {"seen": seen})

    assert "pakeisti kitame lange" in response.text
    assert response.context["form"]["problem"].value() == "Mano."
    assert Team.objects.get().motivation == "Kita."
    seen = response.context["form"]["seen"].value()
    client.post(address, typed | {"seen": seen})
    assert Team.objects.get().problem == "Mano."


def test_what_was_typed_stays_when_another_tab_has_submitted(browse):
    team = TeamFactory(ready=True)
    client = browse(team.lead)
    transitions.submit(team, by=team.lead)

    response = client.post(
        page("answers", team), {"motivation": "Naujas tekstas.", "problem": "Bėda."}
    )

    assert response.status_code == 409
    assert "Paraiška jau pateikta, todėl jos keisti nebegalima." in response.text
    assert "Naujas tekstas." in response.text
    team.refresh_from_db()
    assert team.motivation == "Norime mokytis kartu."


@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("submitted", "Paraiška jau pateikta"),
        ("approved", "Dėl paraiškos jau nuspręsta"),
        ("withdrawn", "Paraiška atsiimta"),
    ],
)
def test_a_section_of_a_closed_application_says_why(name, state, why, browse):
    team = TeamFactory(**{state: True})

    response = browse(team.lead).get(page(name, team))

    assert response.status_code == 409
    assert why in response.text


def test_the_institution_of_a_draft_can_be_corrected(browse):
    team = TeamFactory(ready=True)
    right = InstitutionFactory(name="Teisingoji gimnazija")

    response = browse(team.lead).post(
        page("institution", team), {"institution": right.pk}
    )

    assert response.url == page("team", team)
    team.refresh_from_db()
    assert team.institution_name == "Teisingoji gimnazija"
    assert team.members.count() == 5


def test_the_institution_of_a_draft_can_be_typed(browse):
    team = TeamFactory()

    browse(team.lead).post(
        page("institution_unlisted", team),
        {
            "name": "Naujoji gimnazija",
            "code": "190000001",
            "municipality": MunicipalityFactory().pk,
        },
    )

    team.refresh_from_db()
    assert team.institution_name == "Naujoji gimnazija"
    assert not team.institution.is_confirmed


def test_the_institution_with_another_own_draft_is_refused(browse):
    other = TeamFactory()
    team = TeamFactory(lead=other.lead, call=other.call)

    response = browse(team.lead).post(
        page("institution", team), {"institution": other.institution_id}
    )

    assert response.status_code == 409
    assert "jau esate pradėję" in response.text


def test_the_institution_of_a_returned_application_stays(browse):
    team = TeamFactory(returned=True)

    response = browse(team.lead).get(page("institution", team))

    assert response.status_code == 409
    assert "įstaigos pakeisti negalima" in response.text


# Paper


@pytest.mark.parametrize("state", [{}, {"submitted": True}, {"rejected": True}])
def test_the_whole_application_can_be_printed(state, browse):
    team = TeamFactory(ready=True, **state)
    member = MemberFactory(team=team, first_name="Šarūnė", last_name="Žymioji")

    text = browse(team.lead).get(page("print", team)).text

    for part in (
        team.institution_name,
        str(member),
        team.motivation,
        team.problem,
        team.get_status_display(),
        "(parašas)",
    ):
        assert part in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_printed_sheet_takes_the_same_queries_for_any_team(
    count, browse, django_assert_num_queries
):
    team = TeamFactory(members=count)
    client = browse(team.lead)

    with django_assert_num_queries(6):
        client.get(page("print", team))


# Limits


def test_a_person_who_types_meets_no_limit_and_a_script_does(browse):
    team = TeamFactory()
    client = browse(team.lead)

    answers = [client.post(page("lead", team), {}).status_code for _ in range(61)]

    assert answers == [200] * 60 + [429]


def test_a_team_late_by_a_day_may_not_be_resubmitted(browse):
    yesterday = timezone.localdate() - timedelta(days=1)
    team = TeamFactory(returned=True, answer_until=yesterday)

    response = browse(team.lead).post(page("submit", team))

    assert response.status_code == 409
    assert "šis terminas praėjo" in response.text
