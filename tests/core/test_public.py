"""What may be kept by whom: pages for everybody, and none of a signed-in person."""

import re

import pytest
from django.template import engines
from django.urls import reverse

from catalogue import index
from catalogue.views import InformationView
from core.public import MAX_AGE
from tests.factories import (
    CallFactory,
    ModuleFactory,
    ProgrammeFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

PUBLIC = f"public, max-age={MAX_AGE}"
PRIVATE = "private, no-cache"


@pytest.fixture
def addresses():
    """Every public page and file, by name."""
    module = ModuleFactory()
    call = CallFactory(programme=module.programme, module=module)
    slug = module.programme.slug
    arguments = {
        "catalogue:programme": [slug],
        "catalogue:module": [slug, module.number],
        "catalogue:call": [call.pk],
        "catalogue:call_calendar": [call.pk],
    }
    names = [
        *(f"catalogue:{name}" for name in ("home", "programmes", "calls", "privacy")),
        *(f"catalogue:{name}" for name in ("data", "data_csv", "data_json", "news")),
        *(f"catalogue:{name}" for name in ("about", "accessibility", "easy")),
        *("catalogue:in_english", "catalogue:compare"),
        *("catalogue:calendar", "catalogue:sitemap", "core:robots"),
        *arguments,
    ]
    return [reverse(name, args=arguments.get(name)) for name in names]


def vary(response):
    return {name.strip() for name in response.headers.get("Vary", "").split(",")}


class Proxy:
    """A shared cache that keeps to RFC 9111: it asks only for what it may not keep.

    ``person`` is a client; what tells it from another is the Cookie that it sends.
    """

    def __init__(self):
        self.kept, self.asked = [], 0

    def get(self, person, address):
        cookie = "; ".join(f"{k}={m.value}" for k, m in sorted(person.cookies.items()))
        for key, cookies, text in self.kept:
            if key == address and cookies in (None, cookie):
                return text
        self.asked += 1
        response = person.get(address)
        if self.may_keep(response):
            by = cookie if "Cookie" in vary(response) else None
            self.kept.append((address, by, response.content.decode()))
        return response.content.decode()

    @staticmethod
    def may_keep(response):
        said = response.headers.get("Cache-Control", "")
        return (
            response.status_code == 200
            and not response.cookies
            and not re.search("private|no-store|no-cache", said)
            and re.search("public|max-age", said)
        )


def test_a_proxy_shows_nobody_the_page_of_another(browse, staff, addresses):
    lead = UserFactory(email="vadove@mokykla.example")
    people = {"": browse(), lead.email: browse(lead), staff.email: browse(staff)}
    own = reverse("enrolment:team", args=[TeamFactory(lead=lead).pk])
    proxy = Proxy()

    for asked in (list(people), list(people)[::-1], list(people)):
        for email in asked:
            for address in [*addresses, own]:
                page = proxy.get(people[email], address)
                strangers = [other for other in people if other and other != email]

                assert not [other for other in strangers if other in page], address
                if "<h1>" in page and address in addresses:
                    assert (email or "Prisijungti</a>") in page, address


def test_a_proxy_asks_for_a_public_page_once(browse, addresses):
    proxy = Proxy()

    for _ in range(3):
        for address in addresses:
            proxy.get(browse(), address)

    assert proxy.asked == len(addresses)


def test_public_pages_may_be_kept_and_set_no_cookie(browse, addresses):
    for address in addresses:
        response = browse().get(address)

        assert response.headers["Cache-Control"] == PUBLIC, address
        assert "Cookie" in vary(response), address
        assert not response.cookies, address


def test_pages_of_the_signed_in_are_theirs_alone(browse, staff, addresses):
    for address in addresses:
        response = browse(staff).get(address)

        assert response.headers["Cache-Control"] == PRIVATE, address
        assert "ETag" not in response.headers, address


@pytest.mark.parametrize("method", ["get", "head"])
def test_an_unchanged_public_page_answers_304(browse, addresses, method):
    for address in addresses:
        ask = getattr(browse(), method)
        first = ask(address)

        again = ask(address, headers={"If-None-Match": first.headers["ETag"]})

        assert again.status_code == 304, address
        assert again.content == b""
        for header in ("ETag", "Cache-Control", "Vary"):
            assert again.headers[header] == first.headers[header], address
        changed = ask(address, headers={"If-None-Match": '"other"'})
        assert changed.status_code == 200


def test_a_changed_page_is_sent_anew(browse):
    call = CallFactory()
    address = call.get_absolute_url()
    etag = browse().get(address).headers["ETag"]

    call.places_taken = 1
    call.save()
    response = browse().get(address, headers={"If-None-Match": etag})

    assert response.status_code == 200
    assert response.headers["ETag"] != etag


def test_a_list_is_sent_anew_when_what_is_kept_of_the_catalogue_changes(browse, staff):
    """The filters' numbers and the found programmes are kept in memory, for all alike."""
    programme = ProgrammeFactory(title="Matematika")
    index.refresh()
    address = reverse("catalogue:programmes", query={"q": "matematika"})
    page = browse(staff).get(address)
    assert page.headers["Cache-Control"] == PRIVATE
    page = browse().get(address)
    assert page.headers["Cache-Control"] == PUBLIC
    etag = {"If-None-Match": page.headers["ETag"]}
    assert browse().get(address, headers=etag).status_code == 304

    programme.is_public = False
    programme.save()

    assert browse(staff).get(address, headers=etag).context["object_list"]
    page = browse().get(address, headers=etag)
    assert page.status_code == 200
    assert not page.context["object_list"]


def test_the_etag_of_everybody_shows_the_signed_in_their_own_page(browse, teacher):
    home = reverse("catalogue:home")
    etag = browse().get(home).headers["ETag"]

    response = browse(teacher).get(home, headers={"If-None-Match": etag})

    assert response.status_code == 200
    assert teacher.email in response.text


def test_whoever_has_a_session_is_not_everybody(browse, client):
    """Not signed in, but the session may hold what was typed, or a message."""
    session = client.session
    session["unsent"] = {"path": "/", "typed": ""}
    session.save()

    response = client.get(reverse("catalogue:home"))

    assert response.headers["Cache-Control"] == PRIVATE


def test_a_page_with_a_message_is_not_kept(client):
    home = reverse("catalogue:home")
    client.force_login(UserFactory())
    client.post(reverse("account_logout"))

    page = client.get(home)

    assert "Atsijungėte." in page.text
    assert page.headers["Cache-Control"] == PRIVATE
    client.cookies.clear()  # each was sent back empty, so a browser has dropped it
    assert client.get(home).headers["Cache-Control"] == PUBLIC


def test_a_public_page_with_a_form_to_send_is_not_kept(client, monkeypatch):
    template = engines["django"].from_string("<form>{% csrf_token %}</form>")
    monkeypatch.setattr(InformationView, "get_template_names", lambda view: template)

    response = client.get(reverse("catalogue:privacy"))

    assert "csrftoken" in response.cookies
    assert response.headers["Cache-Control"] == PRIVATE


@pytest.mark.parametrize(
    ("address", "status"),
    [("/tokio-nera/", 404), ("/programos/nera/", 404), ("/paraiskos/", 302)],
)
def test_answers_without_a_page_are_not_kept(client, address, status):
    response = client.get(address)

    assert response.status_code == status
    assert response.headers["Cache-Control"] == PRIVATE


def test_only_what_is_called_public_is_kept(client):
    response = client.get(reverse("account_inactive"))

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == PRIVATE


def test_a_view_that_forbids_keeping_has_the_last_word(client, staff, browse):
    report = reverse("accreditation:report", args=["programos"])

    for response in (client.get(reverse("core:alive")), browse(staff).get(report)):
        assert "no-store" in response.headers["Cache-Control"]


# What the head of a page says


def head(page):
    return page.text.partition("</head>")[0]


def canonical(page):
    found = re.findall('<link rel="canonical" href="([^"]+)">', head(page))
    assert re.findall('property="og:url" content="([^"]+)"', head(page)) == found
    return found


def test_a_page_is_found_under_one_address(browse, settings):
    settings.SITE_URL = "https://portalas.example"
    programmes = reverse("catalogue:programmes")
    ModuleFactory()

    for query in ({}, {"q": "a"}, {"projektas": "x", "puslapis": "1"}, {"utm": "<>"}):
        page = browse().get(programmes, query)
        assert canonical(page) == ["https://portalas.example/programos/"]


def test_each_page_of_a_list_is_an_address_of_its_own(browse, settings):
    settings.SITE_URL = "https://portalas.example"
    CallFactory.create_batch(21)

    def address(**query):
        return canonical(browse().get(reverse("catalogue:calls"), query))[0]

    assert address(puslapis="2") == "https://portalas.example/kvietimai/?puslapis=2"
    assert address(puslapis="99") == "https://portalas.example/kvietimai/?puslapis=2"
    assert address(puslapis="1") == "https://portalas.example/kvietimai/"
    assert address(puslapis="2", x="y") == "https://portalas.example/kvietimai/"


def test_what_is_not_public_has_no_canonical_address(browse, teacher):
    for person, address in (
        (browse(teacher), reverse("enrolment:teams")),
        (browse(), reverse("account_login")),
        (browse(), "/programos/nera/"),
        (browse(), "/tokio-nera/"),
    ):
        assert canonical(person.get(address)) == []


def test_a_shared_page_says_what_it_is(browse):
    module = ModuleFactory(
        programme__title='Matematika & „menai"', programme__version__summary="A <b> c."
    )

    text = head(browse().get(module.programme.get_absolute_url()))

    title = "Matematika &amp; „menai&quot;"
    assert f"<title>{title} – Mokytojų programų portalas</title>" in text
    assert f'<meta property="og:title" content="{title}">' in text
    for name in ('name="description"', 'property="og:description"'):
        assert f'<meta {name} content="A &lt;b&gt; c.">' in text
    assert '<meta property="og:locale" content="lt_LT">' in text


# robots.txt


def robots_allow(rules, path):
    """By Google's reading: * stands for anything. No rule here overlaps another."""
    patterns = re.findall("^Disallow: (.+)$", rules, re.M)
    return not any(re.match(re.escape(p).replace(r"\*", ".*"), path) for p in patterns)


def test_robots_stay_out_of_closed_pages_and_find_the_others(browse, addresses):
    rules = browse().get("/robots.txt")
    call = CallFactory()
    team = TeamFactory(call=call)

    assert rules.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert f"Sitemap: http://127.0.0.1:8000{reverse('catalogue:sitemap')}" in rules.text
    for address in addresses:
        assert robots_allow(rules.text, address), address
    for closed in (
        reverse("admin:index"),
        reverse("account_login"),
        reverse("accreditation:reports"),
        reverse("core:alive"),
        reverse("enrolment:apply", args=[call.pk]),
        reverse("enrolment:team", args=[team.pk]),
        reverse("enrolment:teams"),
    ):
        assert not robots_allow(rules.text, closed), closed
