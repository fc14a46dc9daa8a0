"""Checking the answers, handing in, taking back: once, and with every refusal in words."""

import pytest
from django.urls import reverse

from catalogue.models import Call
from core.models import Event, Letter
from enrolment.models import Team, TeamStatus
from tests.factories import InstitutionTypeFactory, TargetGroupFactory, TeamFactory

pytestmark = pytest.mark.django_db

WHY = {"reason": "plans", "note": "Pasikeitė metų planas."}


def page(name, team):
    return reverse(f"enrolment:{name}", args=[team.pk])


# Review


def test_review_shows_everything_with_a_way_to_change_it(browse):
    team = TeamFactory(ready=True)

    text = browse(team.lead).get(page("review", team)).text

    for name in ("institution", "lead", "members", "answers"):
        assert f'href="{page(name, team)}">Keisti<span' in text
    for part in (team.institution_name, team.lead_name, team.motivation, team.problem):
        assert part in text
    assert "Pateikdami paraišką patvirtinate" in text
    assert "Pateikti paraišką</button>" in text


def test_review_lists_what_is_missing_and_offers_no_button(browse):
    team = TeamFactory(members=4)

    text = browse(team.lead).get(page("review", team)).text

    assert "Įrašykite savo vardą ir pavardę.</a>" in text
    assert "o dabar jų yra 4.</a>" in text
    assert "Aprašykite komandos motyvaciją.</a>" in text
    assert "Pateikti paraišką</button>" not in text


@pytest.mark.parametrize("name", ["review", "submit"])
def test_the_back_button_after_submission_leads_to_the_application(name, browse):
    team = TeamFactory(submitted=True)

    response = browse(team.lead).get(page(name, team), follow=True)

    assert response.redirect_chain[-1] == (page("team", team), 302)
    assert "Paraiška jau pateikta" in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_review_takes_the_same_queries_for_any_team(
    count, browse, django_assert_num_queries
):
    team = TeamFactory(members=count)
    client = browse(team.lead)

    with django_assert_num_queries(8):
        client.get(page("review", team))


# Submitting


def test_submission_gives_a_number_and_sends_the_letters(browse, coordinator):
    team = TeamFactory(ready=True, call__coordinators=[coordinator])

    response = browse(team.lead).post(page("submit", team), follow=True)

    team.refresh_from_db()
    assert team.status == TeamStatus.SUBMITTED
    assert f"Paraiška pateikta. Jos numeris – {team.number}." in response.text
    assert Letter.objects.filter(to=team.lead.email).count() == 1
    assert Letter.objects.filter(to=coordinator.email).count() == 1
    assert Letter.objects.filter(kind="enrolment/emails/entered").count() == 5


def test_a_second_click_is_calm_and_sends_nothing(browse):
    team = TeamFactory(ready=True)
    client = browse(team.lead)
    client.post(page("submit", team))
    letters, events = Letter.objects.count(), Event.objects.count()

    response = client.post(page("submit", team), follow=True)

    assert response.redirect_chain == [(page("team", team), 302)]
    assert "Paraiška jau pateikta" in response.text
    assert (Letter.objects.count(), Event.objects.count()) == (letters, events)


def test_a_session_that_ended_leads_to_the_review_after_sign_in(browse):
    team = TeamFactory(ready=True)

    sent = browse().post(page("submit", team))
    back = browse(team.lead).get(page("submit", team))

    assert sent.url == f"{reverse('account_login')}?next={page('submit', team)}"
    assert back.url == page("review", team)
    team.refresh_from_db()
    assert team.status == TeamStatus.DRAFT


def foreign_type(team):
    group = TargetGroupFactory(institution_types=[InstitutionTypeFactory()])
    team.call.programme.target_groups.set([group])


def colleague(team):
    TeamFactory(call=team.call, institution=team.institution, submitted=True)


def one_too_many(team):
    Call.objects.update(members_max=4, members_min=4)


@pytest.mark.parametrize(
    ("state", "spoil", "why"),
    [
        ({"members": 4}, None, "o dabar jų yra 4."),
        ({"members": 7}, None, "o dabar jų yra 7."),
        ({}, one_too_many, "Komandoje turi būti 4"),
        ({"motivation": ""}, None, "Aprašykite komandos motyvaciją."),
        ({"lead_name": ""}, None, "Įrašykite savo vardą ir pavardę."),
        ({"call__closed": True}, None, "Paraiškų priėmimas baigėsi"),
        ({"call__cancelled": True}, None, "Kvietimas atšauktas."),
        ({"call__programme__accredited": False}, None, "neturi akreditacijos"),
        ({}, foreign_type, "skirta kitų tipų įstaigoms"),
        ({}, colleague, "Jūsų įstaiga šiam kvietimui paraišką jau pateikė"),
    ],
)
def test_a_refused_submission_says_why_and_changes_nothing(state, spoil, why, browse):
    team = TeamFactory(ready=True, **state)
    if spoil:
        spoil(team)

    response = browse(team.lead).post(page("submit", team))

    assert response.status_code == 409
    assert "Paraiška nepateikta" in response.text
    assert why in response.text
    assert Team.objects.get(pk=team.pk).status == TeamStatus.DRAFT
    assert not Letter.objects.exists()


def test_a_returned_application_is_submitted_again(browse):
    team = TeamFactory(returned=True, call__closed=True)
    client = browse(team.lead)

    assert "Pateikti paraišką</button>" in client.get(page("review", team)).text
    client.post(page("submit", team))

    team.refresh_from_db()
    assert team.status == TeamStatus.SUBMITTED


# Taking back


@pytest.mark.parametrize(
    "state", ["ready", "submitted", "returned", "reserve", "approved"]
)
def test_the_lead_takes_the_application_back(state, browse):
    team = TeamFactory(**{state: True})
    client = browse(team.lead)

    assert client.get(page("withdraw", team)).status_code == 200
    response = client.post(page("withdraw", team), WHY, follow=True)

    team.refresh_from_db()
    assert (team.status, team.reason) == (TeamStatus.WITHDRAWN, "plans")
    assert "Paraiška atsiimta." in response.text
    assert "Pasikeitė metų planas." in response.text


@pytest.mark.parametrize("field", ["reason", "note"])
def test_taking_back_needs_a_reason_and_words(field, browse):
    team = TeamFactory(submitted=True)

    response = browse(team.lead).post(page("withdraw", team), WHY | {field: " "})

    assert response.context["form"].errors.keys() == {field}
    team.refresh_from_db()
    assert team.status == TeamStatus.SUBMITTED


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
def test_what_is_over_can_not_be_taken_back(state, browse):
    team = TeamFactory(**{state: True})
    client = browse(team.lead)

    asked = client.get(page("withdraw", team))
    sent = client.post(page("withdraw", team), WHY)

    assert (asked.status_code, sent.status_code) == (409, 409)
    assert team.get_status_display() in sent.text
    assert not Event.objects.exists()
