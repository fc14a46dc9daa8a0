"""The administration, page by page: it fits and is accessible (A and AA)."""

import pytest

from tests.browser.admin_pages import CENTRE, DECISIONS, MODELS
from tests.browser.checks import assert_holds

VISITS = MODELS | DECISIONS | CENTRE


@pytest.mark.parametrize("visit", VISITS.values(), ids=VISITS)
def test_a_page_of_the_administration_holds(page_as, visit):
    page, answer = visit.begin(page_as)

    assert answer.status == visit.status
    assert_holds(page, visit.title, admin=True)
