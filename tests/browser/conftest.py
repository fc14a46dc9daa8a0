"""The portal as people meet it: real Chromium, a running server, the demonstration data.

`make browser` installs what this needs and runs it. All tests share one portal, as people
do: a test that changes something starts an application of its own. Checks of a page are
in ``checks``.
"""

import os
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client, override_settings
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.checks import html_errors

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PEOPLE = {
    "teacher": "mokytoja@demo.example",
    "bmt": "koordinatore@demo.example",
    "kp": "koordinatorius@demo.example",
    "centre": "centras@demo.example",
    "admin": "admin@demo.example",
}
# Playwright keeps an event loop in this thread, and Django takes it for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

_TELL_VIOLATIONS = """
    document.addEventListener("securitypolicyviolation", event => portalProblem(
        `CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


@pytest.fixture(scope="session")
def portal(django_test_environment, django_db_blocker):
    """The running server. Its test database is open to the tests and keeps what they do."""
    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False)
        with override_settings(DEBUG=True):
            call_command("demo", stdout=StringIO())
        server = LiveServer("127.0.0.1")
        yield server
        server.stop()
        teardown_databases(databases, verbosity=0)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def keep_html(tmp_path_factory):
    """Return ``keep_html(name, page)``: in the end all that was kept must be valid.

    The checker starts once, for it takes longer to start than to read every page.
    """
    folder = tmp_path_factory.mktemp("html")

    def keep_html(name, page):
        (folder / f"{name}.html").write_bytes(page)

    yield keep_html
    files = sorted(folder.iterdir())
    assert not files or html_errors(files) == []


@pytest.fixture
def page_as(portal, chromium):
    """Return ``page_as(who, width)``: an empty page of that person's own browser.

    ``who`` is a user or a key of ``PEOPLE``; without it nobody is signed in. Whatever
    breaks the Content-Security-Policy, throws in JavaScript or fails to load on any of
    the pages fails the test when it ends.
    """
    contexts, problems = [], []

    def page_as(who=None, width=1280, **options):
        context = chromium.new_context(
            base_url=portal.url,
            viewport={"width": width, "height": 900},
            locale="lt-LT",
            timezone_id="Europe/Vilnius",
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        if who:
            if who in PEOPLE:
                who = get_user_model().objects.get(email=PEOPLE[who])
            client = Client()
            client.force_login(who)
            session = client.cookies["sessionid"].value
            context.add_cookies(
                [{"name": "sessionid", "value": session, "url": portal.url}]
            )
        context.expose_binding(
            "portalProblem",
            lambda source, text: problems.append(f"{source['page'].url} {text}"),
        )
        context.add_init_script(_TELL_VIOLATIONS)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"{page.url} {error}"))
        page.on("console", lambda message: _hear(message, page, problems))
        page.on("response", lambda response: _watch(response, page, problems))
        page.on("requestfailed", lambda request: _lose(request, page, problems))
        return page

    yield page_as
    for context in contexts:
        context.close()
    assert problems == []


def _hear(message, page, problems):
    # What did not load is told by _watch; a page may well be a 404 on purpose.
    if message.type == "error" and "Failed to load resource" not in message.text:
        problems.append(f"{page.url} {message.text}")


def _lose(request, page, problems):
    # Who goes on or clicks again does not wait for what was on its way.
    if request.failure != "net::ERR_ABORTED":
        problems.append(f"{page.url} {request.url} {request.failure}")


def _watch(response, page, problems):
    if response.status >= 400 and not response.request.is_navigation_request():
        problems.append(f"{page.url} {response.url} {response.status}")
