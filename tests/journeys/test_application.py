"""The whole road of an application, through the pages alone, as a lead walks it."""

import re

import pytest
from django.urls import reverse

from core.models import Letter
from enrolment import transitions
from enrolment.models import Team, TeamStatus
from tests.factories import CallFactory, InstitutionFactory

pytestmark = pytest.mark.django_db


class Reader:
    """A person with a browser: follows links and sends forms as the page has them."""

    def __init__(self, client):
        self.client = client

    def open(self, address):
        self.page = self.client.get(address, follow=True)
        assert self.page.status_code == 200
        return self

    def follow(self, words):
        """Open the link whose text begins with these words."""
        links = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>([^<]*)', self.page.text)
        return self.open(next(url for url, text in links if text.startswith(words)))

    def send(self, **fields):
        """Send the page's form with what it already holds and the fields given."""
        form = self.page.context.get("form")
        kept = (
            {name: form[name].value() for name in form.fields if form[name].value()}
            if form
            else {}
        )
        found = re.search(r'<form method="post"[^>]*action="([^"]+)"', self.page.text)
        own = found and "/paskyra/" not in found[1]
        address = found[1] if own else self.page.request["PATH_INFO"]
        self.page = self.client.post(address, kept | fields, follow=True)
        return self

    def sees(self, words):
        assert words in self.page.text
        return self


def member(number):
    return {
        "first_name": "Vardenė",
        "last_name": "Pavardenytė",
        "email": f"Narys{number}@pavyzdys.example",
        "position": "teacher",
        "category": "senior",
    }


def test_from_the_call_to_the_decision(browse, teacher, coordinator):
    call = CallFactory(coordinators=[coordinator])
    school = InstitutionFactory(name="Šiaulių „Romuvos“ progimnazija")

    at_school = Reader(browse(teacher))
    at_school.open(reverse("enrolment:apply", args=[call.pk]))
    at_school.open(f"{at_school.page.request['PATH_INFO']}?q=siauliu romuvos")
    at_school.send(institution=school.pk).sees("dar NEPATEIKTA").sees("0 iš 5–6 narių")
    at_school.follow("Paraiškos teikėjas").send(lead_name="Rūta Pavyzdytė")
    at_school.follow("Nariai").follow("Pridėti narį")
    for number in range(4):
        at_school.send(**member(number), another="1").sees("Narys įrašytas.")

    at_home = Reader(browse(teacher))
    at_home.open(reverse("enrolment:teams")).follow("Šiaulių „Romuvos“")
    at_home.sees("4 iš 5–6 narių")
    at_home.follow("Motyvacija ir problema").send(motivation="Norime mokytis kartu.")
    at_home.sees("Aprašykite problemą, kurią spręsite.")
    at_home.follow("Motyvacija ir problema").send(problem="Mokosi po vieną.")
    at_home.follow("Peržiūrėti, ko trūksta").sees("o dabar jų yra 4.")
    at_home.follow("Komandoje turi būti").follow("Pridėti narį").send(**member(4))
    at_home.follow("Grįžti į paraišką").follow("Patikrinti ir pateikti paraišką")
    at_home.send()

    team = Team.objects.get()
    assert (team.status, team.members.count()) == (TeamStatus.SUBMITTED, 5)
    at_home.sees(f"Paraiška Nr. {team.number}").sees("Sprendimą priims")
    assert sorted(Letter.objects.values_list("to", flat=True)) == sorted(
        [teacher.email, coordinator.email]
        + [f"narys{number}@pavyzdys.example" for number in range(5)]
    )

    transitions.return_for_changes(
        team,
        by=coordinator,
        reason="unclear",
        note="Kas pasikeis pamokose?",
        answer_until=call.starts_on,
    )
    at_school.open(team.get_absolute_url()).sees("Kas pasikeis pamokose?")
    at_school.follow("Motyvacija ir problema").send(motivation="Stebėsime pamokas.")
    at_school.follow("Patikrinti ir pateikti paraišką").send().sees("Sprendimą priims")

    transitions.approve(team, by=coordinator, note="Laukiame!")
    at_home.open(team.get_absolute_url()).sees("Komandai skirta vieta").sees(
        "Laukiame!"
    )
    at_home.follow("Spausdinti arba išsaugoti").sees("Stebėsime pamokas.")
    assert Letter.objects.filter(kind="enrolment/emails/entered").count() == 5
