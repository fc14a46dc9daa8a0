"""The session ends while somebody is typing: nothing is saved, and nothing is lost."""

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.urls import reverse

from enrolment.models import Member
from tests.factories import CallFactory, MemberFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

TYPED = {"motivation": "Norime\nmokytis & augti.", "problem": "Žirnių „bėda“"}


def answers(team):
    return reverse("enrolment:answers", args=[team.pk])


@pytest.fixture
def late(browse):
    """A browser whose session has ended behind the person's back."""

    def late(user):
        client = browse(user)
        Session.objects.all().delete()
        return client

    return late


def test_what_was_typed_is_in_the_form_after_signing_in(late):
    team = TeamFactory()
    client = late(team.lead)

    sent = client.post(answers(team), TYPED)
    client.force_login(team.lead)
    page = client.get(sent.url.partition("next=")[2])

    assert sent.url == f"{reverse('account_login')}?next={answers(team)}"
    assert {name: page.context["form"][name].value() for name in TYPED} == TYPED
    assert "bet dar neišsaugota" in page.text
    team.refresh_from_db()
    assert team.motivation == ""


def test_the_road_of_the_code_leads_back_to_what_was_typed(late):
    team = TeamFactory()
    client = late(team.lead)

    sent = client.post(answers(team), TYPED)
    asked = client.post(sent.url, {"email": team.lead.email})
    code = mail.outbox[0].subject.split()[0]
    page = client.post(asked.url, {"code": code}, follow=True)

    assert page.redirect_chain[-1] == (answers(team), 302)
    assert page.context["form"]["motivation"].value() == TYPED["motivation"]


def test_it_is_offered_once(late):
    team = TeamFactory()
    client = late(team.lead)
    client.post(answers(team), TYPED)
    client.force_login(team.lead)

    client.get(answers(team))
    page = client.get(answers(team))

    assert page.context["form"]["motivation"].value() == ""


def test_only_on_the_page_it_was_typed_on(late):
    team = TeamFactory()
    other = TeamFactory(lead=team.lead, call=team.call)
    client = late(team.lead)
    client.post(answers(team), TYPED)
    client.force_login(team.lead)

    assert client.get(answers(other)).context["form"]["motivation"].value() == ""
    assert client.get(answers(team)).context["form"]["problem"].value() != ""


def test_somebody_else_at_the_same_computer_does_not_see_it(late):
    team = TeamFactory()
    client = late(team.lead)
    client.post(answers(team), TYPED)
    client.force_login(UserFactory())

    assert client.get(answers(team)).status_code == 404


def test_an_unticked_box_stays_unticked(late):
    member = MemberFactory(is_external=True, organisation="Centras")
    address = reverse("enrolment:member", args=[member.team_id, member.pk])
    client = late(member.team.lead)
    client.post(address, {"first_name": "Kita", "organisation": ""})
    client.force_login(member.team.lead)

    form = client.get(address).context["form"]

    assert form["first_name"].value() == "Kita"
    assert not form["is_external"].value()
    assert Member.objects.get().is_external


def test_a_flood_of_text_is_not_kept(late):
    team = TeamFactory()
    client = late(team.lead)

    client.post(answers(team), {"motivation": "x" * 100_001})

    assert "unsent" not in client.session


def test_pages_that_do_not_ask_for_it_keep_nothing(late):
    client = late(UserFactory())

    client.post(reverse("enrolment:teams"), TYPED)
    assert "unsent" not in client.session

    client.post(reverse("enrolment:apply", args=[CallFactory().pk]), {})
    assert "unsent" in client.session
