import datetime
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from catalogue.transitions import cancel
from tests.factories import CallFactory, ModuleFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

SITEMAP = reverse("catalogue:sitemap")
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def read(browse):
    """Return the days of change by address, once the sitemap is known to be valid."""

    def read(user=None):
        response = browse(user).get(SITEMAP)
        assert response.headers["Content-Type"] == "application/xml"
        root = ElementTree.fromstring(response.content)
        assert root.tag == f"{SPACE}urlset"
        found = {}
        for url in root:
            assert url.tag == f"{SPACE}url"
            assert {part.tag for part in url} <= {f"{SPACE}loc", f"{SPACE}lastmod"}
            address = url.findtext(f"{SPACE}loc")
            assert address not in found and len(address) < 2048
            day = url.findtext(f"{SPACE}lastmod")
            found[address] = day and datetime.date.fromisoformat(day)
        return found

    return read


def test_the_sitemap_holds_every_public_page(read, browse, settings, staff):
    settings.SITE_URL = "https://portalas.example"
    module = ModuleFactory()
    call = CallFactory(programme=module.programme, module=module)
    hidden = ModuleFactory(programme__is_public=False)
    CallFactory(programme=hidden.programme, module=hidden)
    ProgrammeFactory(version=None)
    names = [
        *("home", "programmes", "calls", "about", "in_english", "easy"),
        *("data", "accessibility", "privacy"),
    ]
    pages = [reverse(f"catalogue:{name}") for name in names]
    pages += [shown.get_absolute_url() for shown in (module.programme, module, call)]

    for user in (None, staff):
        assert list(read(user)) == [f"https://portalas.example{page}" for page in pages]
    for page in pages:
        assert browse().get(page).status_code == 200


def test_it_says_when_a_page_changed_where_that_is_known(read, staff):
    at = datetime.datetime(2024, 2, 3, 22, 30, tzinfo=datetime.UTC)
    programme = ProgrammeFactory(accredited=True, version__published_at=at)
    call, untouched = CallFactory.create_batch(2, programme=programme)
    cancel(call, by=staff, note="Atšaukta.", at=at)

    days = read()

    def day(obj):
        return days[f"http://127.0.0.1:8000{obj.get_absolute_url()}"]

    assert day(programme) == day(call) == datetime.date(2024, 2, 4)
    assert day(untouched) is None


@pytest.mark.parametrize("number", [1, 3])
def test_the_sitemap_asks_a_constant_number_of_queries(
    browse, django_assert_num_queries, number
):
    for each in range(number):
        module = ModuleFactory(number=each + 1)
        CallFactory(programme=module.programme, module=module)
    browse().get(SITEMAP)

    with django_assert_num_queries(7):
        browse().get(SITEMAP)
