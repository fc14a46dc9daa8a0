"""Signing in with a code from a letter, and the second factor of the staff."""

import re

from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail

from tests.browser.checks import assert_holds
from tests.browser.people import Mouse, sign_in
from tests.browser.visits import answers_to, press
from tests.core.test_accounts_second_factor import app_code
from tests.factories import UserFactory

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FACTOR = "/paskyra/antras-veiksnys/"


def test_a_mistyped_address_is_put_right_and_signs_in(page_as):
    page = page_as()
    person = Mouse(page)
    page.goto("/paraiskos/")
    person.write("El. pašto adresas", "klaida@pavyzdys.example")
    person.press("Gauti kodą")
    person.press("Naudoti kitą adresą")

    sign_in(person, "teisinga@pavyzdys.example")

    page.wait_for_url("**/paraiskos/")
    assert mail.outbox[-1].to == ["teisinga@pavyzdys.example"]
    assert page.locator(".account__name").inner_text().endswith(mail.outbox[-1].to[0])
    press("Atsijungti")(page)
    assert page.locator(".account__in").is_visible()


def test_staff_set_up_the_second_factor_and_sign_in_with_it(
    page_as, keep_html, settings
):
    settings.STAFF_NEED_SECOND_FACTOR = True
    staff = UserFactory(is_staff=True, is_superuser=True)
    page = page_as()
    person, answers = Mouse(page), answers_to(page)

    def holds(title):
        assert_holds(page, title)
        keep_html(title, answers[-1].body())

    page.goto("/admin/")
    sign_in(person, staff.email)
    page.wait_for_url(f"**{FACTOR}ijungimas/**")
    holds("Antrojo veiksnio įjungimas")
    press("Įjungti antrąjį veiksnį", code="000000")(page)
    holds("Klaida: Antrojo veiksnio įjungimas")
    secret = re.search("[A-Z2-7]{32}", page.locator("main code").inner_text()).group()
    press("Įjungti antrąjį veiksnį", code=app_code(secret))(page)
    holds("Atsarginiai kodai")
    recovery_code = page.locator("main code").first.inner_text()
    person.follow("Tęsti")
    page.wait_for_url("**/admin/")
    for path, title in {
        "": "Antrasis veiksnys",
        "atsarginiai-kodai/nauji/": "Nauji atsarginiai kodai",
        "isjungimas/": "Antrojo veiksnio išjungimas",
    }.items():
        page.goto(FACTOR + path)
        holds(title)

    press("Atsijungti")(page)
    page.goto("/admin/")
    sign_in(person, staff.email)
    page.wait_for_url(f"**{FACTOR}prisijungimas/**")
    holds("Antrasis veiksnys")
    press("Prisijungti", code="000000")(page)
    holds("Klaida: Antrasis veiksnys")
    press("Prisijungti", code=recovery_code)(page)

    page.wait_for_url("**/admin/")


def test_a_session_without_the_second_factor_is_asked_for_it(page_as, settings):
    staff = UserFactory(is_staff=True, is_superuser=True)
    TOTP.activate(staff, SECRET)
    settings.STAFF_NEED_SECOND_FACTOR = True
    page = page_as(staff)

    page.goto("/admin/")
    assert_holds(page, "Patvirtinkite, kad tai jūs")
    press("Patvirtinti", code=app_code(SECRET))(page)

    page.wait_for_url("**/admin/")
