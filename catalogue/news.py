"""The Atom feed of new and changed programmes (RFC 4287): an entry a published version."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from catalogue.models import Programme, ProgrammeVersion

LATEST = 50


class NewsFeed(Feed):
    """Addresses are absolute already: the feed is the same under every name of the host."""

    feed_type = Atom1Feed
    language = settings.LANGUAGE_CODE
    title = f"Naujos ir pakeistos programos – {settings.SITE_NAME}"
    subtitle = "Akredituotos kvalifikacijos tobulinimo programos: kas paskelbta ir kas pakeista."

    def link(self):
        return settings.SITE_URL + reverse("catalogue:programmes")

    def feed_url(self):
        return settings.SITE_URL + reverse("catalogue:news")

    def feed_guid(self):
        return _tag("naujienos")

    def author_name(self):
        """An Atom feed must have an author; for its readers that is whose portal it is."""
        return settings.CENTRE_NAME or settings.SITE_NAME

    def items(self):
        versions = ProgrammeVersion.objects.filter(
            programme__in=Programme.objects.public()
        )
        return versions.select_related("programme").order_by("-published_at", "-pk")[
            :LATEST
        ]

    def item_title(self, version):
        what = "Nauja programa" if version.number == 1 else "Pakeista programa"
        return f"{what}: {version.title}"

    def item_description(self, version):
        return escape(version.summary)  # Atom1Feed says that it is HTML

    def item_link(self, version):
        return settings.SITE_URL + version.programme.get_absolute_url()

    def item_guid(self, version):
        return _tag(f"programa:{version.programme_id}:{version.number}")

    def item_pubdate(self, version):
        return version.published_at

    def item_updateddate(self, version):
        return version.published_at


def _tag(name):
    """A tag URI (RFC 4151): it outlives the address of what it names."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{name}"
