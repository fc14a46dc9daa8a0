"""What search engines should find: addresses of pages that everybody may read."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from catalogue.models import Call, Module, Programme


class PortalSitemap(Sitemap):
    """Under the portal's own address, whatever name of the host was asked."""

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class PageSitemap(PortalSitemap):
    NAMES = (
        "home",
        "programmes",
        "calls",
        "about",
        "in_english",
        "easy",
        "data",
        "accessibility",
        "privacy",
    )

    def items(self):
        return [reverse(f"catalogue:{name}") for name in self.NAMES]

    def location(self, address):
        return address


class ProgrammeSitemap(PortalSitemap):
    def items(self):
        return Programme.objects.public().select_related("published").order_by("pk")

    def lastmod(self, programme):
        return programme.published.published_at


class ModuleSitemap(PortalSitemap):
    def items(self):
        modules = Module.objects.filter(programme__in=Programme.objects.public())
        return modules.select_related("programme").order_by("pk")


class CallSitemap(PortalSitemap):
    def items(self):
        return Call.objects.public().with_revision().order_by("pk")

    def lastmod(self, call):
        return call.revised_at


SECTIONS = {
    "pages": PageSitemap,
    "programmes": ProgrammeSitemap,
    "modules": ModuleSitemap,
    "calls": CallSitemap,
}
