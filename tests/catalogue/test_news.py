"""The Atom feed of programmes, checked by what RFC 4287 asks of a feed and of an entry."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils.timezone import now

from catalogue.transitions import publish
from tests.factories import ProgrammeFactory, ProgrammeVersionFactory

pytestmark = pytest.mark.django_db

NEWS = reverse("catalogue:news")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def read(browse):
    """Return the feed and its entries, once it is known to be valid."""

    def read(user=None):
        response = browse(user).get(NEWS)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = ElementTree.fromstring(response.content)
        assert feed.tag == f"{ATOM}feed"
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "lt"
        entries = feed.findall(f"{ATOM}entry")
        for part in (feed, *entries):
            for name in ("id", "title", "updated"):
                (one,) = part.findall(ATOM + name)
                assert one.text
            assert datetime.fromisoformat(part.findtext(f"{ATOM}updated")).tzinfo
            rels = [link.get("rel") for link in part.findall(f"{ATOM}link")]
            assert rels == (["alternate", "self"] if part is feed else ["alternate"])
            for link in part.findall(f"{ATOM}link"):
                assert link.get("href").startswith("http://127.0.0.1:8000/")
        assert feed.findtext(f"{ATOM}author/{ATOM}name")
        ids = [part.findtext(f"{ATOM}id") for part in (feed, *entries)]
        assert len(set(ids)) == len(ids)
        return entries

    return read


def told(entry):
    return entry.findtext(f"{ATOM}title")


def test_each_publication_is_an_entry_the_newest_first(read, staff):
    programme = ProgrammeFactory(title="Matematika")
    other = ProgrammeFactory(title="Menai")
    publish(
        programme,
        by=staff,
        at=now() + timedelta(hours=1),
        title="Matematika drauge",
        summary="Kitaip & <geriau>.",
        goal="Tikslas.",
    )

    changed, new, first = read()

    assert told(changed) == "Pakeista programa: Matematika drauge"
    assert told(new) == "Nauja programa: Menai"
    assert told(first) == "Nauja programa: Matematika"
    link = changed.find(f"{ATOM}link").get("href")
    assert link == f"http://127.0.0.1:8000{programme.get_absolute_url()}"
    summary = changed.find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    assert summary.text == "Kitaip &amp; &lt;geriau&gt;."
    assert other.get_absolute_url() in new.find(f"{ATOM}link").get("href")


def test_an_id_never_changes(read, staff):
    programme = ProgrammeFactory()
    (before,) = read()

    programme.slug, programme.title = "kitas-adresas", "Kitas pavadinimas"
    programme.save()
    publish(
        programme, by=staff, title="Kitas", summary="Kita.", goal="Kitas.", hours=None
    )

    ids = [entry.findtext(f"{ATOM}id") for entry in read()]
    number = programme.pk
    assert ids == [
        f"tag:127.0.0.1,2026:programa:{number}:2",
        f"tag:127.0.0.1,2026:programa:{number}:1",
    ]
    assert before.findtext(f"{ATOM}id") == ids[1]


def test_times_are_those_of_the_publication(read):
    at = datetime(2013, 5, 20, 6, 30, tzinfo=UTC)
    ProgrammeFactory(version__published_at=at)

    (entry,) = read()

    for name in ("published", "updated"):
        assert datetime.fromisoformat(entry.findtext(ATOM + name)) == at


def test_what_is_hidden_is_no_news(read, staff):
    ProgrammeFactory(is_public=False)
    ProgrammeFactory(title="Rodoma")

    for user in (None, staff):
        assert [told(entry) for entry in read(user)] == ["Nauja programa: Rodoma"]


def test_the_feed_is_cut_to_the_latest(read):
    programme = ProgrammeFactory(version=None)
    for number in range(60):
        ProgrammeVersionFactory(programme=programme, number=number + 1)

    assert len(read()) == 50


def test_the_author_is_the_centre_once_it_is_named(browse, settings):
    assert "<author><name>Mokytojų programų portalas</name>" in browse().get(NEWS).text

    settings.CENTRE_NAME = "Pavyzdžių švietimo centras"

    assert "<author><name>Pavyzdžių švietimo centras</name>" in browse().get(NEWS).text


def test_an_empty_feed_is_a_feed(read):
    assert read() == []


def test_pages_tell_where_the_feed_is(browse):
    page = browse().get(reverse("catalogue:home"))

    assert (
        f'<link rel="alternate" type="application/atom+xml" href="{NEWS}"' in page.text
    )


@pytest.mark.parametrize("number", [1, 3])
def test_the_feed_asks_a_constant_number_of_queries(
    browse, django_assert_num_queries, number
):
    ProgrammeFactory.create_batch(number)

    with django_assert_num_queries(2):
        browse().get(NEWS)
