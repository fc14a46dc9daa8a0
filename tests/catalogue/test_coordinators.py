"""Entrusting a call to a coordinator, and taking it back (R10)."""

import pytest
from django.urls import reverse

from catalogue import transitions
from core.models import Event, Letter, User
from core.roles import COORDINATORS
from core.transitions import Refused
from tests.factories import CallFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

ADDRESS = "nauja@pavyzdys.example"
PERSON = {"email": ADDRESS, "first_name": "Nauja", "last_name": "Pavyzdytė"}
TEAMS = reverse("admin:enrolment_team_changelist")


def step(call, name):
    return reverse("admin:catalogue_call_step", args=[call.pk, name])


def test_a_new_address_becomes_a_coordinator_and_gets_a_letter(staff):
    call = CallFactory()

    transitions.appoint(
        call, **PERSON | {"email": " Nauja@Pavyzdys.example "}, by=staff
    )

    user = User.objects.get(email=ADDRESS)
    assert user.get_full_name() == "Nauja Pavyzdytė"
    assert user.is_staff and not user.is_superuser
    assert user.groups.get().name == COORDINATORS
    assert call.coordinators.get() == user
    event = Event.objects.about(call).get()
    assert (event.step, event.actor) == ("Paskirtas koordinatorius", staff)
    assert event.facts == {"user": user.pk}
    letter = Letter.objects.get()
    assert letter.to == ADDRESS
    assert letter.subject == f"Esate paskirti koordinuoti kvietimą: {call}"
    assert TEAMS in letter.body


def test_a_known_person_keeps_the_account_and_the_roles(staff):
    teacher = UserFactory(first_name="Ona")
    call = CallFactory()

    transitions.appoint(call, **PERSON | {"email": teacher.email.upper()}, by=staff)
    transitions.appoint(call, email=staff.email, by=staff)

    teacher.refresh_from_db()
    assert (teacher.first_name, teacher.is_staff) == ("Ona", True)
    assert staff.groups.count() == 2
    assert set(call.coordinators.all()) == {teacher, staff}


def test_nobody_is_appointed_twice_or_with_a_closed_account(staff):
    call = CallFactory()
    closed = UserFactory(is_active=False)
    transitions.appoint(call, email=ADDRESS, by=staff)

    for email in (ADDRESS, closed.email):
        with pytest.raises(Refused):
            transitions.appoint(call, email=email, by=staff)

    assert call.coordinators.count() == 1
    assert Letter.objects.count() == 1
    assert Event.objects.count() == 1
    closed.refresh_from_db()
    assert not closed.is_staff


def test_a_cancelled_call_needs_no_coordinator(staff):
    call = CallFactory(cancelled=True)

    with pytest.raises(Refused, match="atšauktas"):
        transitions.appoint(call, **PERSON, by=staff)

    assert not User.objects.filter(email=ADDRESS).exists()


def test_who_does_not_coordinate_can_not_be_dismissed(staff):
    call = CallFactory()
    other = CallFactory(coordinators=[UserFactory(email=ADDRESS)])

    with pytest.raises(Refused):
        transitions.dismiss(call, email=ADDRESS, by=staff)

    assert other.coordinators.count() == 1
    assert not Event.objects.exists()


def test_the_appointed_sees_just_that_calls_teams_and_the_dismissed_sees_none(
    browse, staff
):
    call = CallFactory()
    team = TeamFactory(call=call, submitted=True)
    TeamFactory(submitted=True)
    centre = browse(staff)

    centre.post(step(call, "koordinatorius"), PERSON)
    client = browse(User.objects.get(email=ADDRESS))

    assert list(client.get(TEAMS).context["cl"].result_list) == [team]

    response = centre.post(step(call, "atleisti"), {"email": ADDRESS}, follow=True)

    assert "Nepaskirta" in response.content.decode()
    assert list(client.get(TEAMS).context["cl"].result_list) == []
    assert client.get(TEAMS).context["action_form"] is None
    page = reverse("admin:enrolment_team_change", args=[team.pk])
    assert client.get(page).status_code == 404
    assert Event.objects.about(call).first().step == "Atšauktas koordinatorius"


def test_asking_appoints_and_dismisses_nobody(browse, staff):
    call = CallFactory(coordinators=[UserFactory(email=ADDRESS)])
    centre = browse(staff)

    centre.get(step(call, "koordinatorius"))
    html = centre.get(step(call, "atleisti")).content.decode()

    assert ADDRESS in html
    assert call.coordinators.count() == 1
    assert not Event.objects.exists()


@pytest.mark.parametrize("email", ["", "ne adresas", "a@b.lt\nBcc: c@d.lt"])
def test_a_faulty_address_is_told_at_the_field(browse, staff, email):
    call = CallFactory()

    response = browse(staff).post(
        step(call, "koordinatorius"), PERSON | {"email": email}
    )

    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"email"}
    assert not call.coordinators.exists()


def test_a_refused_appointment_is_a_409_with_the_reason(browse, staff):
    call = CallFactory(coordinators=[UserFactory(email=ADDRESS)])

    response = browse(staff).post(step(call, "koordinatorius"), PERSON)

    assert response.status_code == 409
    assert "Šis žmogus kvietimą jau koordinuoja." in response.content.decode()


def test_a_coordinator_can_not_appoint(browse, coordinator):
    call = CallFactory(coordinators=[coordinator])

    response = browse(coordinator).post(step(call, "koordinatorius"), PERSON)

    assert response.status_code == 403
    assert not User.objects.filter(email=ADDRESS).exists()
