import importlib

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from django.urls import clear_url_caches

import config.urls
import core.accounts.urls
from core import history
from core.roles import CENTRE_STAFF, COORDINATORS
from tests.factories import UserFactory


@pytest.fixture
def teacher(db):
    return UserFactory()


@pytest.fixture
def coordinator(db):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=COORDINATORS))
    return user


@pytest.fixture
def staff(db):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=CENTRE_STAFF))
    return user


@pytest.fixture
def superuser(db):
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def browse():
    """Return a client signed in as the given user, or as nobody."""

    def browse(user=None):
        client = Client()
        if user:
            client.force_login(user)
        return client

    return browse


def _read_urls_again():
    importlib.reload(core.accounts.urls)
    importlib.reload(config.urls)
    clear_url_caches()


@pytest.fixture
def demonstration(settings):
    """The portal as it runs with DEBUG on; plain static files stay as in the tests."""
    settings.DEBUG = True
    _read_urls_again()
    yield
    settings.DEBUG = False
    _read_urls_again()


@pytest.fixture(scope="session", autouse=True)
def flush_goes_round_history():
    """Let the flush after a ``transaction=True`` test empty the append-only history.

    The flush sends ``post_migrate``, which puts the triggers and the roles back. The
    table of the cache is no model's, so the flush leaves it: it is emptied here.
    """
    flush = TransactionTestCase._fixture_teardown

    def unprotected_flush(case):
        cache.clear()
        history.unprotect()
        flush(case)

    TransactionTestCase._fixture_teardown = unprotected_flush
    yield
    TransactionTestCase._fixture_teardown = flush
