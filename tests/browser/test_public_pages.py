import pytest

from tests.browser.checks import (
    assert_accessible,
    assert_focus_shows,
    html_errors,
    sent_bytes,
)
from tests.browser.pages import PUBLIC

each_page = pytest.mark.parametrize("visit", PUBLIC.values(), ids=PUBLIC)
KILOBYTE = 1024


@each_page
def test_a_public_page_is_accessible_in_the_dark(page_as, visit):
    page = page_as(color_scheme="dark")

    page.goto(visit.path)

    assert_accessible(page)


def test_the_html_check_sees_what_is_wrong(tmp_path):
    file = tmp_path / "page.html"
    file.write_text(
        '<!doctype html><html lang="lt"><title>A</title><p id="a"><div id="a"></div>'
    )

    assert html_errors([file]) == ["page.html:1 Duplicate ID “a”."]


@each_page
def test_a_public_page_is_light(page_as, visit):
    sent = sent_bytes(page_as(), visit.path)

    assert sum(size for _, size in sent) <= 40 * KILOBYTE, sent


def test_the_first_css_is_small(page_as):
    page = page_as()
    sent = dict(sent_bytes(page, "/"))
    sheets = page.eval_on_selector_all(
        'link[rel="stylesheet"]:not([media="print"])',
        "links => links.map(link => link.href)",
    )

    assert sheets
    assert sum(sent[sheet] for sheet in sheets) <= 12 * KILOBYTE, sent


def test_the_skip_link_leads_to_the_content(page_as):
    page = page_as(width=320)
    page.goto("/programos/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    assert_focus_shows(page)
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "turinys"


@each_page
def test_the_focus_shows_all_the_way_through_the_page(page_as, visit):
    page = page_as(width=320)
    page.goto(visit.path)
    stops = page.locator(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, "
        "[tabindex='0']"
    ).count()

    for _ in range(stops):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        assert_focus_shows(page)
