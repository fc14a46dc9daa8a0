"""Every page in every state: it says what it is, fits, is accessible and valid."""

import pytest
from django.template.loader import render_to_string

from core.context import site
from tests.browser.checks import assert_holds
from tests.browser.pages import ACCOUNTS, APPLICANT, ERRORS, PUBLIC, REPORTS

VISITS = PUBLIC | ACCOUNTS | APPLICANT | REPORTS | ERRORS


@pytest.mark.parametrize("name", VISITS)
def test_a_page_holds(page_as, keep_html, name):
    visit = VISITS[name]

    page, answer = visit.begin(page_as)

    assert answer.status == visit.status
    assert_holds(page, visit.title)
    keep_html(name, answer.body())


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (400, "Užklausos suprasti nepavyko"),
        (500, "Portale įvyko klaida"),
        (503, "Portalas laikinai neveikia"),
    ],
)
def test_a_page_that_needs_no_database_holds(page_as, keep_html, status, title):
    text = render_to_string(f"{status}.html", site())
    page = page_as()
    page.route("**/klaida/", lambda route: route.fulfill(status=status, body=text))

    page.goto("/klaida/")

    assert_holds(page, title)
    keep_html(str(status), text.encode())


@pytest.mark.parametrize(
    ("path", "title"),
    [("/stilius/", "Stiliaus vadovas"), ("/paskyra/prisijungti/", "Prisijungimas")],
)
def test_a_page_of_the_demonstration_holds(
    page_as, keep_html, demonstration, path, title
):
    page = page_as()

    answer = page.goto(path)

    assert page.locator(".demo-note").is_visible()
    assert_holds(page, title)
    keep_html(f"demonstration {title}", answer.body())
