"""The road of an applicant, as people walk it and as they stray from it."""

import pytest

from core.models import Letter
from enrolment.models import Member, Team, TeamStatus
from tests.browser.people import Keyboard, Mouse, sign_in
from tests.browser.visits import BMT, application, call, page_of, press, school


def apply(person, email):
    """From the page of the call to an application that is handed in; return it."""
    institution = school(name=f"Gimnazija, kurios mokytojas – {email}")
    person.page.goto(call(BMT).get_absolute_url())
    person.follow("Pildyti paraišką")
    sign_in(person, email)

    person.write("Įstaigos pavadinimas arba kodas", institution.code)
    person.press("Ieškoti")
    person.tick(institution.name)
    person.press("Pradėti paraišką")

    person.follow("Paraiškos teikėjas")
    person.write("Vardas ir pavardė", "Vardenė Pavardenytė")
    person.press("Išsaugoti")

    person.follow("Nariai")
    person.follow("Pridėti narį")
    for number in range(5):
        person.write("Vardas", "Vardenis")
        person.write("Pavardė", "Pavardenis")
        person.write("El. paštas", f"narys{number}@pavyzdys.example")
        person.choose("Pareigos", "Mokytojas")
        person.choose("Kvalifikacinė kategorija", "Vyresnysis mokytojas")
        person.press("Išsaugoti ir pridėti kitą" if number < 4 else "Išsaugoti narį")
    person.follow("Grįžti į paraišką")

    person.follow("Motyvacija ir problema")
    person.write("Komandos motyvacija", "Norime mokytis kartu.")
    person.write("Problema, kurią spręsite", "Mokiniai žinias taiko tik pamokoje.")
    person.press("Išsaugoti")
    person.follow("Patikrinti ir pateikti paraišką")
    person.press("Pateikti paraišką")
    person.page.get_by_text("Paraiška pateikta. Jos numeris").wait_for()
    return Team.objects.get(institution=institution)


def test_the_whole_road_without_javascript(page_as):
    person = Mouse(page_as(java_script_enabled=False, width=320))

    team = apply(person, "be.skriptu@pavyzdys.example")

    assert team.status == TeamStatus.SUBMITTED
    assert team.members.count() == 5
    person.follow("Atsiimti paraišką")
    person.tick("Pasikeitė planai")
    person.write("Paaiškinimas", "Pasikeitė mokyklos planas.")
    person.press("Atsiimti paraišką")
    person.page.get_by_text("Paraiška atsiimta.").wait_for()


def test_the_whole_road_by_keyboard_alone(page_as):
    team = apply(Keyboard(page_as()), "be.peles@pavyzdys.example")

    assert team.status == TeamStatus.SUBMITTED
    assert set(team.members.values_list("position", "category")) == {
        ("teacher", "senior")
    }


def submitting(page_as):
    """The team, and the page from which its lead is about to hand it in."""
    team = application(ready=True)
    page = page_as(team.lead)
    page.goto(page_of(team, "review"))
    return team, page


def receipts(team):
    return Letter.objects.filter(to=team.lead.email).count()


def test_two_clicks_hand_in_one_application(page_as):
    team, page = submitting(page_as)

    page.get_by_role("button", name="Pateikti paraišką").dblclick()

    page.wait_for_url(f"**{team.get_absolute_url()}")
    team.refresh_from_db()
    assert team.status == TeamStatus.SUBMITTED
    assert receipts(team) == 1
    assert page.locator("h1").inner_text() == f"Paraiška Nr. {team.number}"


def test_the_way_back_hands_in_nothing_new(page_as):
    team, page = submitting(page_as)
    press("Pateikti paraišką")(page)

    page.go_back()

    page.get_by_text("Paraiška jau pateikta").wait_for()
    assert page.get_by_role("button", name="Pateikti paraišką").count() == 0
    assert receipts(team) == 1


def test_a_second_tab_hands_in_nothing_new(page_as):
    team, first = submitting(page_as)
    second = first.context.new_page()
    second.goto(page_of(team, "review"))
    press("Pateikti paraišką")(first)
    number = Team.objects.get(pk=team.pk).number

    press("Pateikti paraišką")(second)

    second.get_by_text("Paraiška jau pateikta").wait_for()
    assert Team.objects.get(pk=team.pk).number == number
    assert receipts(team) == 1


def test_a_session_that_ends_in_the_middle_loses_nothing(page_as):
    team = application()
    page = page_as(team.lead)
    page.goto(page_of(team, "answers"))
    page.get_by_label("Komandos motyvacija").fill("Ilgai rašytas tekstas.")
    page.context.clear_cookies(name="sessionid")

    press("Išsaugoti")(page)
    sign_in(Mouse(page), team.lead.email)

    page.wait_for_url(f"**{page_of(team, 'answers')}")
    motivation = page.get_by_label("Komandos motyvacija")
    assert motivation.input_value() == "Ilgai rašytas tekstas."
    press("Išsaugoti")(page)
    team.refresh_from_db()
    assert team.motivation == "Ilgai rašytas tekstas."


def test_the_same_form_in_two_tabs_makes_one_member(page_as):
    team = application()
    first = page_as(team.lead)
    second = first.context.new_page()
    typed = {"first_name": "Ona", "last_name": "Onytė", "email": "ona@pavyzdys.example"}
    for page in (first, second):
        page.goto(page_of(team, "member_add"))
        page.select_option("[name=position]", "teacher")
        page.select_option("[name=category]", "senior")

    press("Išsaugoti narį", **typed)(first)
    press("Išsaugoti narį", **typed)(second)

    assert Member.objects.filter(team=team).count() == 1
    assert second.locator("[name=first_name]").input_value() == "Ona"
    assert "jau yra" in second.get_by_role("alert").inner_text()


@pytest.mark.parametrize("name", ["lead", "member_add", "withdraw"])
def test_what_is_wrong_takes_the_focus_and_leads_to_its_field(page_as, name):
    team = application(submitted=name == "withdraw")
    page = page_as(team.lead)
    page.goto(page_of(team, name))

    page.locator("main button[type=submit]").first.click()

    page.locator(".error-summary:focus").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(
        "document.activeElement.matches('input') "
        "&& document.activeElement.getAttribute('aria-invalid')"
    )
