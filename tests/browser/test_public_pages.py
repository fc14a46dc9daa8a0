import pytest

from tests.browser.checks import (
    assert_accessible,
    assert_fits,
    assert_focus_shows,
    html_errors,
    sent_bytes,
)
from tests.browser.pages import NOT_FOUND, PUBLIC, path_of

each_page = pytest.mark.parametrize("shown", PUBLIC.values(), ids=PUBLIC)
KILOBYTE = 1024


@each_page
@pytest.mark.parametrize("width", [320, 1280])
def test_a_public_page_fits_and_is_accessible(page_as, shown, width):
    page = page_as(width=width)

    response = page.goto(path_of(shown))

    assert response.status == 200
    assert page.locator("h1").count() == 1
    assert_fits(page)
    assert_accessible(page)


@each_page
def test_a_public_page_is_accessible_in_the_dark(page_as, shown):
    page = page_as(color_scheme="dark")

    page.goto(path_of(shown))

    assert_accessible(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_page_that_is_not_there_is_accessible_too(page_as, width):
    page = page_as(width=width)

    response = page.goto(NOT_FOUND)

    assert response.status == 404
    assert_fits(page)
    assert_accessible(page)


def test_public_pages_are_valid_html(page_as, tmp_path):
    files = []
    page = page_as()
    for number, (name, shown) in enumerate([*PUBLIC.items(), ("404", NOT_FOUND)]):
        file = tmp_path / f"{number:02} {name}.html"
        file.write_bytes(page.request.get(path_of(shown)).body())
        files.append(file)

    errors = html_errors(files)

    assert errors == []


def test_the_html_check_sees_what_is_wrong(tmp_path):
    file = tmp_path / "page.html"
    file.write_text(
        '<!doctype html><html lang="lt"><title>A</title><p id="a"><div id="a"></div>'
    )

    assert html_errors([file]) == ["page.html:1 Duplicate ID “a”."]


@each_page
def test_a_public_page_is_light(page_as, shown):
    sent = sent_bytes(page_as(), path_of(shown))

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
def test_the_focus_shows_all_the_way_through_the_page(page_as, shown):
    page = page_as(width=320)
    page.goto(path_of(shown))
    stops = page.locator(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, "
        "[tabindex='0']"
    ).count()

    for _ in range(stops):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        assert_focus_shows(page)
