"""The five buttons of the demonstration, and that they exist nowhere else."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.urls import NoReverseMatch, reverse

from core.accounts import demo
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/paskyra/prisijungti/"
DEMO = "/paskyra/demonstracija/"


@pytest.fixture
def cast():
    return [UserFactory(email=email) for email in demo.ACCOUNTS]


def offered(client, **extra):
    response = client.get(SIGN_IN, **extra)
    return [email for email in demo.ACCOUNTS if email in response.text]


def test_each_account_is_offered_by_one_button(client, demonstration, cast, settings):
    settings.ALLOWED_HOSTS = ["localhost"]

    assert offered(client, headers={"host": "localhost:8000"}) == list(demo.ACCOUNTS)


def test_a_button_signs_in_and_leads_on(client, demonstration, cast, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]

    response = client.post(
        DEMO,
        {"paskyra": "centras@demo.example", "next": "/kvietimai/"},
        headers={"host": "127.0.0.1:8000"},
    )

    assert response["Location"] == "/kvietimai/"
    assert client.session["_auth_user_id"] == str(cast[3].pk)


def test_who_does_not_exist_is_not_offered(client, demonstration, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    UserFactory(email="mokytoja@demo.example")
    UserFactory(email="centras@demo.example", is_active=False)

    assert offered(client, headers={"host": "localhost"}) == ["mokytoja@demo.example"]


@pytest.mark.parametrize(
    ("host", "extra"),
    [
        ("portalas.example.lt", {}),
        ("127.0.0.1.example.lt", {}),
        ("localhost", {"REMOTE_ADDR": "192.0.2.1"}),
        ("localhost", {"HTTP_X_FORWARDED_FOR": "192.0.2.1"}),
    ],
)
def test_nothing_is_offered_to_another_machine(
    client, demonstration, cast, settings, host, extra
):
    settings.ALLOWED_HOSTS = [host]
    extra = {"HTTP_HOST": host, **extra}

    assert offered(client, **extra) == []
    answer = client.post(DEMO, {"paskyra": "admin@demo.example"}, **extra)
    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session


def test_only_the_five_can_be_signed_in(client, demonstration, cast, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    UserFactory(email="tikra@example.lt")

    for email in ["tikra@example.lt", "nera@demo.example", "", "\x00"]:
        answer = client.post(DEMO, {"paskyra": email}, headers={"host": "localhost"})
        assert answer.status_code == 404


def test_a_link_signs_nobody_in(client, demonstration, cast, settings):
    settings.ALLOWED_HOSTS = ["localhost"]

    answer = client.get(
        f"{DEMO}?paskyra=admin@demo.example", headers={"host": "localhost"}
    )

    assert answer.status_code == 405
    assert "_auth_user_id" not in client.session


def test_without_debug_there_is_no_offer_and_no_address(client, cast, settings):
    settings.ALLOWED_HOSTS = ["localhost"]

    assert offered(client, headers={"host": "localhost"}) == []
    answer = client.post(
        DEMO, {"paskyra": "admin@demo.example"}, headers={"host": "localhost"}
    )
    assert answer.status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("demo_sign_in")


def test_a_production_process_does_not_know_the_address(tmp_path):
    ask = (
        "import django; django.setup();"
        "from django.urls import resolve;"
        "print(resolve('/paskyra/prisijungti/').url_name);"
        f"print(resolve('{DEMO}').url_name)"
    )
    production = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "".join(chr(33 + n) for n in range(60)).replace("$", "s"),
        "ALLOWED_HOSTS": "portalas.example.lt",
        "SITE_URL": "https://portalas.example.lt",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
    }

    done = subprocess.run(
        [sys.executable, "-c", ask],
        env=production,
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
    )

    assert done.stdout == "account_login\n"
    assert "Resolver404" in done.stderr
