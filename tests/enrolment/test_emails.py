"""What the letters about a team say, and to whom."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Letter
from enrolment import transitions
from tests.factories import CallFactory, MemberFactory, TeamFactory

pytestmark = pytest.mark.django_db

WHY = {"reason": "other", "note": "Trūksta plano."}


@pytest.fixture
def team(coordinator):
    """Ready to be submitted as number 1."""
    return TeamFactory(
        ready=True,
        institution__name="Pavyzdinė „Ąžuolo“ mokykla",
        call=CallFactory(coordinators=[coordinator]),
    )


def letter_to(address):
    return Letter.objects.filter(to=address).latest("pk")


def test_a_member_is_told_what_was_entered_by_whom_why_and_whom_to_ask(team, settings):
    settings.CENTRE_NAME = "Ugdymo centras"
    member = MemberFactory(
        team=team,
        first_name="Rūta",
        last_name="Pavyzdytė",
        position="methodologist",
        category="not_applicable",
        is_external=True,
        organisation="Švietimo centras",
    )

    transitions.submit(team, by=team.lead)

    letter = letter_to(member.email)
    assert letter.subject == (
        "Esate įrašyti į komandą: Pavyzdinė „Ąžuolo“ mokykla, paraiška Nr. 1"
    )
    for said in (
        f"{team.lead_name} (Pavyzdinė „Ąžuolo“ mokykla) pateikė komandos paraišką",
        "Vardas, pavardė: Rūta Pavyzdytė\n",
        f"El. paštas: {member.email}\n",
        "Pareigos: Švietimo centro metodininkas\n",
        "Kvalifikacinė kategorija: Netaikoma\n",
        "Išorinis narys, dirba: Švietimo centras\n",
        "viešoji užduotis",
        "Duomenys saugomi tol",
        f"Parašykite komandos vadovui: {team.lead.email} arba",
        "kreipkitės į centrą: Ugdymo centras.",
        reverse("catalogue:privacy"),
    ):
        assert said in letter.body


def test_no_letter_tells_a_member_of_another(team):
    transitions.submit(team, by=team.lead)

    addresses = set(team.members.values_list("email", flat=True))
    for address in addresses:
        body = letter_to(address).body
        assert not [other for other in addresses - {address} if other in body]


def test_the_letters_of_staff_and_lead_hold_no_addresses_of_members(team, coordinator):
    transitions.submit(team, by=team.lead)

    for reader in (team.lead, coordinator):
        for member in team.members.all():
            assert member.email not in letter_to(reader.email).body


def test_subjects_to_the_lead_say_what_happened_to_which_application(team, coordinator):
    until = timezone.localdate() + timedelta(days=9)
    school = "Pavyzdinė „Ąžuolo“ mokykla"

    def subject():
        return letter_to(team.lead.email).subject.replace("\u00a0", " ")

    transitions.submit(team, by=team.lead)
    assert subject() == f"Paraiška Nr. 1 gauta: {school}"
    transitions.return_for_changes(team, by=coordinator, answer_until=until, **WHY)
    assert subject().startswith(
        f"Paraišką Nr. 1 reikia patikslinti iki {until.year} m."
    )
    transitions.submit(team, by=team.lead)
    assert subject() == f"Patikslinta paraiška Nr. 1 gauta: {school}"
    transitions.approve(team, by=coordinator)
    assert subject() == f"Paraiška Nr. 1 patvirtinta: {school}"
    transitions.withdraw(team, by=coordinator, **WHY)
    assert subject() == f"Paraiška Nr. 1 atsiimta koordinatoriaus sprendimu: {school}"


@pytest.mark.parametrize(
    ("step", "details", "subject"),
    [
        (transitions.reject, WHY, "Paraiška Nr. 1 atmesta"),
        (transitions.put_on_reserve, {}, "Paraiška Nr. 1 įrašyta į rezervą"),
    ],
)
def test_other_decisions_name_themselves_too(step, details, subject, team, coordinator):
    team = transitions.submit(team, by=team.lead)

    step(team, by=coordinator, **details)

    assert letter_to(team.lead.email).subject.startswith(f"{subject}: ")


def test_the_coordinator_is_told_of_what_waits_and_of_what_was_taken_back(
    team, coordinator
):
    team = transitions.submit(team, by=team.lead)
    told = letter_to(coordinator.email)
    transitions.withdraw(team, by=team.lead, **WHY)

    assert told.subject.startswith("Nauja paraiška Nr. 1 laukia sprendimo: ")
    assert reverse("admin:enrolment_team_change", args=[team.pk]) in told.body
    taken_back = letter_to(coordinator.email)
    assert taken_back.subject.startswith("Komanda atsiėmė paraišką Nr. 1: ")
    assert "Trūksta plano." in taken_back.body
