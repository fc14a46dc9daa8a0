"""The pages that a public body owes its readers."""

from html import unescape

import pytest
from django.urls import reverse

from catalogue.views import STATEMENT_PREPARED_ON
from core.words import long_date
from tests.factories import ProgrammeFactory

pytestmark = pytest.mark.django_db

PAGES = ["about", "accessibility", "privacy", "easy", "in_english"]


@pytest.fixture
def read(browse):
    def read(name, user=None):
        page = browse(user).get(reverse(f"catalogue:{name}"))
        return " ".join(unescape(page.text).replace("\u00a0", " ").split())

    return read


@pytest.mark.parametrize("name", PAGES)
def test_each_page_has_a_breadcrumb_a_heading_and_a_link_in_the_footer(read, name):
    page = read(name)

    assert page.count("<h1>") == 1
    assert 'aria-label="Kur esate"' in page
    assert 'aria-current="page"' in page.split("</nav>")[-2]
    assert f'href="{reverse(f"catalogue:{name}")}"' in read("about").split("<footer")[1]


@pytest.mark.parametrize("name", PAGES)
def test_who_runs_the_portal_is_said_or_owned_to_be_unknown(read, name, settings):
    assert "nenurodyt" in read(name) or "has not yet been named" in read(name)

    settings.CENTRE_NAME = "Pavyzdžio centras"
    settings.CENTRE_EMAIL = "centras@pavyzdys.example"

    page = read(name)
    assert "Pavyzdžio centras" in page
    assert 'href="mailto:centras@pavyzdys.example"' in page


def test_the_statement_follows_the_form_of_the_decision(read, settings):
    page = read("accessibility")

    headings = [
        "Atitikties statusas",
        "Neprieinamas turinys",
        "Kaip parengtas šis pareiškimas",
        "Grįžtamoji informacija ir kontaktiniai duomenys",
        "Vykdymo užtikrinimo procedūra",
    ]
    places = [page.index(f"<h2>{heading}</h2>") for heading in headings]
    assert places == sorted(places)
    assert "2016/2102" in page
    assert "iš dalies atitinka" in page
    assert long_date(STATEMENT_PREPARED_ON).replace("\u00a0", " ") in page
    assert settings.SITE_URL in page


def test_the_statement_names_who_hears_complaints_once_it_is_set(read, settings):
    assert "<dt>Skundus nagrinėja</dt><dd>nenurodyta</dd>" in read("accessibility")

    settings.ACCESSIBILITY_BODY = "Pavyzdžių tarnyba"

    page = read("accessibility")
    assert "<dt>Skundus nagrinėja</dt><dd>Pavyzdžių tarnyba</dd>" in page
    assert "nurodo portalą valdantis centras." not in page


def test_about_tells_of_each_project_and_its_programmes(read, staff):
    programme = ProgrammeFactory(
        project__name="Tinklai", project__history="Pradėta 2006 m."
    )
    hidden = ProgrammeFactory(is_public=False, project__name="Slaptas")

    page = read("about")

    assert "<h2>Projektas „Tinklai“</h2>" in page
    assert "Pradėta 2006 m." in page
    assert programme.get_absolute_url() in page
    assert "Slaptas" not in page
    assert hidden.get_absolute_url() not in page
    assert "Slaptas" in read("about", user=staff)


@pytest.mark.parametrize("number", [1, 3])
def test_about_asks_a_constant_number_of_queries(
    browse, django_assert_num_queries, number
):
    ProgrammeFactory.create_batch(number)

    with django_assert_num_queries(2):
        browse().get(reverse("catalogue:about"))


def test_the_english_page_says_which_language_each_part_is_in(read, settings):
    page = read("in_english")

    assert '<html lang="lt">' in page
    assert '<article class="content" lang="en">' in page
    assert '<li aria-current="page" lang="en">In English</li>' in page
    assert '<span lang="lt">„Kūrybinės partnerystės“</span>' in page


@pytest.mark.parametrize("name", ["about", "in_english"])
def test_the_two_languages_point_to_each_other(read, settings, name):
    page = read(name)

    for language, other in (("lt", "about"), ("en", "in_english")):
        address = f"{settings.SITE_URL}{reverse(f'catalogue:{other}')}"
        assert f'<link rel="alternate" hreflang="{language}" href="{address}">' in page


def test_easy_sentences_are_short(read):
    page = read("easy").split('<div class="content easy">')[1].split("</div>")[0]

    for sentence in page.split("<p>")[1:]:
        text = sentence.split("</p>")[0]
        assert len(text.split("<")[0].split()) <= 12, text
