"""A process without DEBUG: what it refuses, what it says, how it guards itself."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "ALLOWED_HOSTS": "portalas.example",
    "SITE_URL": "https://portalas.example",
}


@pytest.fixture
def production(tmp_path):
    """Run code in a process of its own, with these values of the environment changed."""

    def run(code, **changed):
        database = {"DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
        return subprocess.run(
            [sys.executable, "-c", f"import django; django.setup(); {code}"],
            env=ENVIRONMENT | database | changed,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
        )

    return run


@pytest.mark.parametrize(
    ("name", "unsafe"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "trumpas"),
        ("SECRET_KEY", "x" * 60),
        ("ALLOWED_HOSTS", ""),
        ("ALLOWED_HOSTS", "*"),
        ("SITE_URL", ""),
        ("SITE_URL", "http://portalas.example"),
    ],
)
def test_an_unsafe_value_stops_the_start_and_is_named(production, name, unsafe):
    done = production("print('started')", **{name: unsafe})

    assert done.stdout == ""
    assert f"ImproperlyConfigured: {name}: " in done.stderr


def test_an_error_of_ours_is_written_down(production):
    done = production(
        "import logging; request = logging.getLogger('django.request');"
        "request.error('Internal Server Error: %s', '/paraiskos/');"
        "request.warning('Not Found: %s', '/nera/')"
    )

    assert "ERROR django.request: Internal Server Error: /paraiskos/" in done.stderr
    assert "/nera/" not in done.stderr


def test_a_connection_without_tls_is_led_to_tls_and_kept_there(production):
    done = production(
        "from django.test import Client;"
        "host = {'headers': {'host': 'portalas.example'}};"
        "print(Client().get('/', **host).url);"
        "page = Client().get('/sveikata/gyvas/', secure=True, **host);"
        "print(page.headers['Strict-Transport-Security'])"
    )

    assert done.stdout.splitlines() == [
        "https://portalas.example/",
        "max-age=31536000; includeSubDomains; preload",
    ]


def test_cookies_travel_by_tls_only_and_hide_from_scripts(production):
    done = production(
        "from django.conf import settings;"
        "print([getattr(settings, f'{cookie}_COOKIE_{what}')"
        " for cookie in ('SESSION', 'CSRF') for what in ('SECURE', 'HTTPONLY')])"
    )

    assert done.stdout == "[True, True, True, True]\n"


def test_another_cache_takes_none_of_the_settings_of_the_table(production):
    done = production(
        "from django.conf import settings; print(settings.CACHES['default'])",
        CACHE_URL="rediscache://127.0.0.1:6379/1",
    )

    assert "RedisCache" in done.stdout
    assert "MAX_ENTRIES" not in done.stdout
