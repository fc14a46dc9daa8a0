"""The second factor: set up, asked for, required of the staff, kept encrypted."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from core.accounts.adapters import SecondFactorAdapter
from core.models import Event, Letter
from tests.core.test_accounts import CODE, ask, code_in, is_signed_in

pytestmark = pytest.mark.django_db

SET_UP = "/paskyra/antras-veiksnys/ijungimas/"
ASKED = "/paskyra/antras-veiksnys/prisijungimas/"
CONFIRM = "/paskyra/antras-veiksnys/patvirtinimas/"
RECOVERY = "/paskyra/antras-veiksnys/atsarginiai-kodai/"


@pytest.fixture(autouse=True)
def as_in_production(settings):
    settings.STAFF_NEED_SECOND_FACTOR = True


def app_code(secret, later=0):
    """What the app on the phone shows."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def set_up(client, after=""):
    """Turn the second factor on, as a person would; return its secret."""
    client.get(SET_UP + after)
    secret = client.session["mfa.totp.secret"]
    client.post(SET_UP + after, {"code": app_code(secret)})
    return secret


@pytest.fixture
def protected(browse, staff):
    """A person of the staff with a second factor, and its secret."""
    secret = set_up(browse(staff))
    return staff, secret


def sign_in(client, user, address="/admin/"):
    ask(client, user.email, f"?next={address}")
    code = code_in(mail.outbox[-1])
    return client.post(f"{CODE}?next={address}", {"code": code})


# Required of the staff


@pytest.mark.parametrize("address", ["/admin/", "/ataskaitos/"])
def test_staff_without_a_second_factor_are_sent_to_set_one_up(browse, staff, address):
    response = browse(staff).get(address)

    assert response["Location"] == f"{SET_UP}?next={address}"


def test_staff_can_see_public_pages_and_leave(browse, staff):
    client = browse(staff)

    assert client.get("/paskyra/isjungta/").status_code == 200
    assert client.post("/paskyra/atsijungti/")["Location"] == "/"


def test_others_need_none(browse, teacher):
    assert browse(teacher).get("/paskyra/antras-veiksnys/").status_code == 200


def test_in_the_demonstration_none_is_required(browse, staff, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False

    assert browse(staff).get("/admin/").status_code == 200


def test_once_set_up_it_lets_through_and_leads_on(browse, staff):
    client = browse(staff)

    set_up(client, "?next=/admin/")
    codes = client.get(f"{RECOVERY}?next=/admin/")

    assert codes.status_code == 200
    assert 'href="/admin/">Tęsti' in codes.text
    assert client.get("/admin/").status_code == 200


def test_a_session_from_before_the_set_up_is_asked_too(browse, staff):
    older = browse(staff)
    secret = set_up(browse(staff))

    refused = older.get("/admin/")
    older.post(f"{CONFIRM}?next=/admin/", {"code": app_code(secret)})

    assert refused["Location"] == f"{CONFIRM}?next=/admin/"
    assert older.get("/admin/").status_code == 200


def test_who_turns_it_off_must_set_it_up_again(browse, staff):
    client = browse(staff)
    set_up(client)

    client.post("/paskyra/antras-veiksnys/isjungimas/")

    assert client.get("/admin/")["Location"] == f"{SET_UP}?next=/admin/"
    assert not Authenticator.objects.exists()


# Asked at sign-in


def test_sign_in_asks_for_it_and_keeps_next(browse, protected):
    user, secret = protected
    client = browse()

    first = sign_in(client, user, "/ataskaitos/")
    assert first["Location"] == ASKED
    assert not is_signed_in(client)
    assert client.get("/ataskaitos/")["Location"].startswith("/paskyra/prisijungti/")
    second = client.post(ASKED, {"code": app_code(secret)})

    assert second["Location"] == "/ataskaitos/"
    assert client.get("/admin/").status_code == 200


def test_a_wrong_code_is_said_at_the_field(browse, protected):
    user, _ = protected
    client = browse()
    sign_in(client, user)

    response = client.post(ASKED, {"code": "000000"})

    assert response.context["form"].errors == {
        "code": ["Kodas neteisingas arba jau nebegalioja. Įrašykite naują."]
    }
    assert not is_signed_in(client)


def test_after_five_wrong_codes_even_the_right_one_must_wait(browse, protected):
    user, secret = protected
    client = browse()
    sign_in(client, user)
    for _ in range(5):
        client.post(ASKED, {"code": "000000"})

    response = client.post(ASKED, {"code": app_code(secret)})

    assert response.context["form"].errors == {
        "code": ["Per daug bandymų. Palaukite penkias minutes."]
    }
    assert not is_signed_in(client)


def test_a_recovery_code_works_once(browse, staff):
    client = browse(staff)
    set_up(client)
    code = re.search(r"<code>(\d{8})</code>", client.get(RECOVERY).text).group(1)

    first, second = browse(), browse()
    for visitor in (first, second):
        sign_in(visitor, staff)
        visitor.post(ASKED, {"code": code})

    assert is_signed_in(first)
    assert not is_signed_in(second)


def test_another_address_can_be_used_instead(browse, protected):
    user, _ = protected
    client = browse()
    sign_in(client, user)

    response = client.post(
        "/paskyra/atsijungti/", {"next": "/paskyra/prisijungti/"}, follow=True
    )

    assert response.redirect_chain == [("/paskyra/prisijungti/", 302)]
    assert response.status_code == 200


def test_recovery_codes_are_shown_only_after_asking_again(browse, protected):
    user, secret = protected
    client = browse()
    sign_in(client, user)
    client.post(ASKED, {"code": app_code(secret)})

    hidden = client.get(RECOVERY)
    client.post(f"{CONFIRM}?next={RECOVERY}", {"code": app_code(secret, later=1)})

    assert hidden["Location"].startswith(CONFIRM)
    assert client.get(RECOVERY).status_code == 200


# Kept encrypted


def test_the_secrets_are_not_in_the_database_in_clear(browse, protected):
    _, secret = protected

    totp, recovery = Authenticator.objects.order_by("-type")

    adapter = SecondFactorAdapter()
    assert set(totp.data) == {"secret"}
    assert secret not in totp.data["secret"]
    assert adapter.decrypt(totp.data["secret"]) == secret
    assert re.fullmatch("[0-9a-f]{80}", adapter.decrypt(recovery.data["seed"]))
    assert "mfa.totp.secret" not in browse(protected[0]).session


def test_a_new_key_reads_what_the_old_one_wrote(settings):
    settings.MFA_ENCRYPTION_KEYS = ["senas"]
    written = SecondFactorAdapter().encrypt("paslaptis")

    settings.MFA_ENCRYPTION_KEYS = ["naujas", "senas"]
    assert SecondFactorAdapter().decrypt(written) == "paslaptis"

    settings.MFA_ENCRYPTION_KEYS = ["naujas"]
    with pytest.raises(ImproperlyConfigured, match="MFA_ENCRYPTION_KEYS"):
        SecondFactorAdapter().decrypt(written)


# The pages


def test_the_qr_code_is_part_of_the_page(browse, teacher):
    client = browse(teacher)

    response = client.get(SET_UP)

    assert "<svg" in response.text
    assert "<?xml" not in response.text
    assert f"<code>{client.session['mfa.totp.secret']}</code>" in response.text


@pytest.mark.parametrize(
    "address",
    [
        SET_UP,
        "/paskyra/antras-veiksnys/",
        "/paskyra/antras-veiksnys/isjungimas/",
        CONFIRM,
        RECOVERY,
        f"{RECOVERY}nauji/",
        "/paskyra/atsijungti/",
    ],
)
def test_no_page_needs_a_looser_policy(browse, staff, address):
    client = browse(staff)
    if address != SET_UP:
        set_up(client)

    response = client.get(address)

    assert response.status_code == 200
    assert not re.search(r"data:|<style|\sstyle=|<script|\son\w+=", response.text)
    assert "no-store" in response["Cache-Control"]


def test_turning_it_on_and_off_is_told_by_letter(
    browse, staff, django_capture_on_commit_callbacks
):
    client = browse(staff)

    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
        client.post(f"{RECOVERY}nauji/")
    client.post("/paskyra/antras-veiksnys/isjungimas/")

    letters = Letter.objects.order_by("pk")
    assert [letter.subject for letter in letters] == [
        "Jūsų paskyroje įjungtas antrasis prisijungimo veiksnys",
        "Jūsų paskyrai sudaryti nauji atsarginiai kodai",
        "Jūsų paskyroje išjungtas antrasis prisijungimo veiksnys",
    ]
    assert {letter.to for letter in letters} == {staff.email}
    assert all(letter.body.startswith("Laba diena,") for letter in letters)


# A lost phone


def test_a_lost_second_factor_is_taken_off_by_the_command(protected, capsys):
    user, _ = protected

    call_command("reset_second_factor", user.email.upper())

    assert not Authenticator.objects.exists()
    assert Event.objects.get().step == "Išjungtas antrasis veiksnys"
    assert Letter.objects.get().to == user.email


def test_the_command_says_when_there_is_nothing_to_take_off(teacher):
    with pytest.raises(CommandError, match="antrojo veiksnio neturi"):
        call_command("reset_second_factor", teacher.email)
    with pytest.raises(CommandError, match="Tokio naudotojo nėra"):
        call_command("reset_second_factor", "nera@example.lt")
