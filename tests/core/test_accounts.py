"""Signing in by a code: one road for known and unknown addresses."""

import re
import smtplib

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from core.models import User

pytestmark = pytest.mark.django_db

SIGN_IN = "/paskyra/prisijungti/"
CODE = "/paskyra/kodas/"
CALLS = "/kvietimai/"
CODE_SHAPE = re.compile(r"[B-Z]{4}-[B-Z]{4}")


def ask(client, email, after=""):
    return client.post(f"{SIGN_IN}{after}", {"email": email})


def code_in(letter):
    return CODE_SHAPE.search(letter.body).group()


def page(response):
    """The page without what differs between any two visitors."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.text)


def is_signed_in(client):
    return "_auth_user_id" in client.session


# Who has an account cannot be found out


def test_a_known_and_an_unknown_address_get_the_same_answer(browse, teacher):
    known, unknown = browse(), browse()

    first = ask(known, teacher.email)
    second = ask(unknown, "nezinomas@example.lt")

    assert (first.status_code, first["Location"]) == (302, CODE)
    assert (second.status_code, second["Location"]) == (302, CODE)
    pages = [page(client.get(CODE)) for client in (known, unknown)]
    assert pages[0].replace(teacher.email, "X") == pages[1].replace(
        "nezinomas@example.lt", "X"
    )


def test_a_known_and_an_unknown_address_get_the_same_letter(browse, teacher):
    ask(browse(), teacher.email)
    ask(browse(), "nezinomas@example.lt")

    known, unknown = mail.outbox
    assert known.to == [teacher.email]
    assert unknown.to == ["nezinomas@example.lt"]
    assert CODE_SHAPE.sub("X", known.body) == CODE_SHAPE.sub("X", unknown.body)
    assert CODE_SHAPE.sub("X", known.subject) == CODE_SHAPE.sub("X", unknown.subject)


def test_users_are_not_read_before_the_code(browse, teacher):
    ask(browse(), "pirma@example.lt")  # counts this computer for the first time
    asked = []
    for email in [teacher.email, "nezinomas@example.lt"]:
        client = browse()
        with CaptureQueriesContext(connection) as queries:
            ask(client, email)
        asked.append([re.sub(r"\W.*", "", query["sql"]) for query in queries])
        assert not [query for query in queries if "core_user" in query["sql"]]

    assert asked[0] == asked[1]
    assert "INSERT" in asked[0]


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_reauthenticate",
        "account_confirm_email",
    ],
)
def test_there_are_no_other_doors(client, name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


# The letter and the code


def test_the_letter_is_lithuanian_and_holds_the_code_in_its_subject(browse):
    ask(browse(), "nauja@example.lt")

    letter = mail.outbox[0]
    assert letter.subject == f"{code_in(letter)} – jūsų prisijungimo kodas"
    assert letter.body.startswith("Laba diena,\n")
    assert f"{settings.SITE_URL}/" in letter.body


def test_the_right_code_of_a_known_address_signs_in(browse, teacher):
    client = browse()
    ask(client, teacher.email, "?next=/kvietimai/")

    response = client.post(
        f"{CODE}?next=/kvietimai/", {"code": code_in(mail.outbox[0])}
    )

    assert response["Location"] == "/kvietimai/"
    assert client.session["_auth_user_id"] == str(teacher.pk)
    assert User.objects.count() == 1


def test_the_right_code_of_an_unknown_address_makes_the_account(browse):
    client = browse()
    ask(client, "nauja@example.lt", "?next=/kvietimai/")
    assert not User.objects.exists()

    client.post(f"{CODE}?next=/kvietimai/", {"code": code_in(mail.outbox[0])})

    user = User.objects.get()
    assert user.email == "nauja@example.lt"
    assert not user.password.startswith("md5")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_address_is_taken_in_small_letters_and_without_spaces(browse, teacher):
    client = browse()
    ask(client, f"  {teacher.email.upper()} ", "?next=/kvietimai/")

    client.post(f"{CODE}?next=/kvietimai/", {"code": code_in(mail.outbox[0])})

    assert mail.outbox[0].to == [teacher.email]
    assert client.session["_auth_user_id"] == str(teacher.pk)


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " ")])
def test_the_code_may_be_typed_loosely(browse, teacher, typed):
    client = browse()
    ask(client, teacher.email, "?next=/kvietimai/")

    client.post(f"{CODE}?next=/kvietimai/", {"code": typed(code_in(mail.outbox[0]))})

    assert is_signed_in(client)


def test_the_way_leads_back_to_the_deep_link(browse, teacher):
    client = browse()
    there = "/ataskaitos/programos/?iki=2026-01-01&programa=bmt"

    entry = client.get(there)
    asked = client.post(entry["Location"], {"email": teacher.email})
    wrong = client.post(asked["Location"], {"code": "XXXX-XXXX"})
    right = client.post(asked["Location"], {"code": code_in(mail.outbox[0])})

    assert entry["Location"].startswith(SIGN_IN)
    assert wrong.status_code == 200
    assert right["Location"] == there


@pytest.mark.parametrize(
    "foreign", ["https://example.org/", "//example.org/", "javascript:alert(1)"]
)
def test_a_foreign_next_is_not_followed(browse, staff, foreign):
    client = browse()
    ask(client, staff.email, f"?next={foreign}")

    response = client.post(f"{CODE}?next={foreign}", {"code": code_in(mail.outbox[0])})

    assert response["Location"] == "/admin/"


def test_a_person_lands_on_own_applications(browse, teacher):
    client = browse()
    ask(client, teacher.email)

    response = client.post(CODE, {"code": code_in(mail.outbox[0])})

    assert response["Location"] == "/paraiskos/"


def test_the_key_of_the_session_changes_at_sign_in(browse, teacher):
    client = browse()
    ask(client, teacher.email)
    before = client.session.session_key

    client.post(f"{CODE}?next=/kvietimai/", {"code": code_in(mail.outbox[0])})

    assert client.session.session_key != before


def test_a_code_works_only_in_the_browser_that_asked(browse, teacher):
    ask(browse(), teacher.email)
    stranger = browse()
    ask(stranger, "kitas@example.lt")

    stranger.post(CODE, {"code": code_in(mail.outbox[0])})

    assert not is_signed_in(stranger)


def test_a_used_code_does_not_work_again(browse, teacher):
    client = browse()
    ask(client, teacher.email)
    code = code_in(mail.outbox[0])
    client.post(f"{CODE}?next=/kvietimai/", {"code": code})
    client.post("/paskyra/atsijungti/")

    response = client.post(CODE, {"code": code})

    assert response["Location"] == SIGN_IN
    assert not is_signed_in(client)


def test_a_wrong_code_is_said_at_the_field(browse, teacher):
    client = browse()
    ask(client, teacher.email)

    response = client.post(CODE, {"code": "XXXX-XXXX"})

    assert response.context["form"].errors == {
        "code": ["Kodas neteisingas. Patikrinkite, ar gerai nurašėte."]
    }
    assert "<title>Klaida: " in response.text
    assert not is_signed_in(client)


def test_the_fifth_wrong_code_ends_the_waiting(browse, teacher):
    client = browse()
    ask(client, teacher.email)
    for _ in range(4):
        assert client.post(CODE, {"code": "XXXX-XXXX"}).status_code == 200

    fifth = client.post(f"{CODE}?next=/kvietimai/", {"code": "XXXX-XXXX"})

    assert fifth["Location"] == f"{SIGN_IN}?next=%2Fkvietimai%2F"
    assert client.post(CODE, {"code": code_in(mail.outbox[0])}).status_code == 302
    assert not is_signed_in(client)
    assert "Per daug neteisingų kodų" in client.get(SIGN_IN).text


def test_an_empty_or_endless_code_is_no_guess(browse, teacher):
    client = browse()
    ask(client, teacher.email)

    for code in ["", "X" * 10_000] * 5:
        assert client.post(CODE, {"code": code}).status_code == 200

    client.post(f"{CODE}?next=/kvietimai/", {"code": code_in(mail.outbox[0])})
    assert is_signed_in(client)


def test_a_code_lives_ten_minutes(browse, teacher, monkeypatch):
    late, in_time = browse(), browse()
    ask(late, teacher.email)
    ask(in_time, teacher.email)
    asked_at = late.session["account_login"]["initiated_at"]

    monkeypatch.setattr("time.time", lambda: asked_at + 599)
    in_time.post(f"{CODE}?next=/kvietimai/", {"code": code_in(mail.outbox[1])})
    monkeypatch.setattr("time.time", lambda: asked_at + 602)
    response = late.post(f"{CODE}?next=/kvietimai/", {"code": code_in(mail.outbox[0])})

    assert is_signed_in(in_time)
    assert not is_signed_in(late)
    assert response["Location"] == f"{SIGN_IN}?next=%2Fkvietimai%2F"
    assert "Kodas nebegalioja" in late.get(SIGN_IN).text


# Another letter, another address


def test_another_code_replaces_the_first_and_has_its_full_time(
    browse, teacher, monkeypatch
):
    client = browse()
    ask(client, teacher.email)
    asked_at = client.session["account_login"]["initiated_at"]
    monkeypatch.setattr("time.time", lambda: asked_at + 590)

    again = client.post(f"{CODE}?next=/kvietimai/", {"action": "resend"})
    monkeypatch.setattr("time.time", lambda: asked_at + 1100)
    old = client.post(CODE, {"code": code_in(mail.outbox[0])})
    new = client.post(again["Location"], {"code": code_in(mail.outbox[1])})

    assert again["Location"] == f"{CODE}?next=/kvietimai/"
    assert len(mail.outbox) == 2
    assert old.status_code == 200
    assert new["Location"] == "/kvietimai/"


def test_a_code_is_sent_again_twice_at_most(browse, teacher):
    client = browse()
    ask(client, teacher.email)
    assert 'value="resend"' in client.get(CODE).text

    for _ in range(3):
        client.post(CODE, {"action": "resend"})

    assert len(mail.outbox) == 3
    assert 'value="resend"' not in client.get(CODE).text


def test_a_mistyped_address_can_be_changed(browse, teacher):
    client = browse()
    ask(client, "naudotjas@example.lt")

    back = client.post(f"{CODE}?next=/kvietimai/", {"action": "change"})
    asked = client.post(back["Location"], {"email": teacher.email})
    client.post(asked["Location"], {"code": code_in(mail.outbox[1])})

    assert back["Location"] == f"{SIGN_IN}?next=%2Fkvietimai%2F"
    assert client.session["_auth_user_id"] == str(teacher.pk)


def test_an_address_typed_after_the_back_button_counts(browse, teacher):
    client = browse()
    ask(client, "naudotjas@example.lt")

    ask(client, teacher.email)

    assert mail.outbox[1].to == [teacher.email]
    assert teacher.email in client.get(CODE).text


def test_who_returns_to_the_sign_in_page_is_led_to_the_waiting_code(browse, teacher):
    client = browse()
    ask(client, teacher.email)

    response = client.get(f"{SIGN_IN}?next=/kvietimai/")

    assert response["Location"] == f"{CODE}?next=%2Fkvietimai%2F"


def test_the_code_page_without_a_request_leads_to_sign_in(client):
    response = client.get(f"{CODE}?next=/kvietimai/")

    assert response["Location"] == f"{SIGN_IN}?next=%2Fkvietimai%2F"


# Bad input


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("", "Įrašykite savo el. pašto adresą."),
        ("vardas", "Įrašykite visą adresą, pavyzdžiui, vardas@mokykla.lt."),
        (
            "a@example.lt\r\nBcc: b@example.lt",
            "Įrašykite visą adresą, pavyzdžiui, vardas@mokykla.lt.",
        ),
        ("a\u202e@example.lt", "Įrašykite visą adresą, pavyzdžiui, vardas@mokykla.lt."),
        ("😀@example.lt", "Įrašykite visą adresą, pavyzdžiui, vardas@mokykla.lt."),
    ],
)
def test_a_faulty_address_gets_a_message_and_no_letter(client, email, message):
    response = ask(client, email)

    assert response.status_code == 200
    assert message in response.context["form"].errors["email"]
    assert mail.outbox == []


def test_an_endless_address_gets_a_message_and_no_letter(client):
    response = ask(client, "a" * 10_000 + "@example.lt")

    assert (
        "Adresas per ilgas: daugiausia 254 ženklai."
        in response.context["form"].errors["email"]
    )
    assert mail.outbox == []


@pytest.mark.parametrize("email", ['"\x01"@example.lt', "a\x00@example.lt"])
def test_control_characters_get_a_message_and_no_letter(client, email):
    response = ask(client, email)

    assert "nematomų" in response.text
    assert mail.outbox == []


# Limits


def test_the_sixth_code_to_one_address_is_refused(browse):
    for _ in range(5):
        assert ask(browse(), "nauja@example.lt").status_code == 302

    sixth = ask(browse(), "nauja@example.lt")
    other = ask(browse(), "kita@example.lt")

    assert sixth.status_code == 429
    assert "Per daug bandymų" in sixth.text
    assert other.status_code == 302
    assert len(mail.outbox) == 6


def test_codes_sent_again_count_too(browse):
    first, second = browse(), browse()
    for client in (first, second):
        ask(client, "nauja@example.lt")
        client.post(CODE, {"action": "resend"})
    first.post(CODE, {"action": "resend"})

    refused = second.post(CODE, {"action": "resend"})

    assert refused.status_code == 429
    assert len(mail.outbox) == 5


def test_the_limit_counts_behind_a_proxy_by_the_visitor(browse, settings):
    settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP"
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "1/m/ip"}

    answers = [
        browse().post(
            SIGN_IN, {"email": "a@example.lt"}, headers={"X-Real-IP": visitor}
        )
        for visitor in ["192.0.2.1", "192.0.2.2", "192.0.2.1"]
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 429]


# When something is away


def test_a_mail_server_out_of_order_is_said_plainly(browse, monkeypatch, caplog):
    def refuse(self, messages):
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages", refuse
    )
    client = browse()

    response = ask(client, "nauja@example.lt")

    assert response.status_code == 503
    assert "Laiško šiuo adresu išsiųsti nepavyko" in response.text
    assert 'value="nauja@example.lt"' in response.text
    assert client.get(CODE)["Location"] == SIGN_IN
    assert "could not be sent" in caplog.text


# Accounts that may not come in, people who are in


def test_an_inactive_account_stays_out_but_looks_the_same_until_the_code(
    browse, teacher
):
    User.objects.filter(pk=teacher.pk).update(is_active=False)
    client = browse()

    asked = ask(client, teacher.email)
    response = client.post(CODE, {"code": code_in(mail.outbox[0])}, follow=True)

    assert asked["Location"] == CODE
    assert response.redirect_chain == [("/paskyra/isjungta/", 302)]
    assert "Paskyra išjungta" in response.text
    assert not is_signed_in(client)
    assert User.objects.count() == 1


def test_who_is_in_does_not_sign_in_again(browse, teacher):
    client = browse(teacher)

    for address in (SIGN_IN, CODE):
        response = client.get(f"{address}?next=/kvietimai/")
        assert response["Location"] == "/kvietimai/"


def test_signing_out_needs_a_post(browse, teacher):
    client = browse(teacher)

    asked = client.get("/paskyra/atsijungti/")
    assert is_signed_in(client)
    done = client.post("/paskyra/atsijungti/")

    assert "Ar tikrai norite atsijungti?" in asked.text
    assert done["Location"] == "/"
    assert not is_signed_in(client)


@pytest.mark.parametrize(("is_staff", "age"), [(False, 7 * 24), (True, 12)])
def test_the_session_of_the_staff_is_shorter(browse, teacher, is_staff, age):
    User.objects.filter(pk=teacher.pk).update(is_staff=is_staff)
    client = browse()
    ask(client, teacher.email, "?next=/kvietimai/")

    client.post(f"{CODE}?next=/kvietimai/", {"code": code_in(mail.outbox[0])})

    assert client.session.get_expiry_age() == age * 3600


def test_the_pages_are_not_kept_by_the_browser(client):
    ask(client, "nauja@example.lt")

    assert "no-store" in client.get(CODE)["Cache-Control"]


# The door of the admin


def test_the_admin_has_no_door_of_its_own(client):
    response = client.get("/admin/login/?next=/admin/core/")

    assert response["Location"] == f"{SIGN_IN}?next=%2Fadmin%2Fcore%2F"


def test_an_anonymous_visitor_of_the_admin_comes_back_to_it(client):
    response = client.get("/admin/core/", follow=True)

    assert response.redirect_chain[-1][0] == f"{SIGN_IN}?next=%2Fadmin%2Fcore%2F"


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/admin/nera/"])
def test_the_admin_is_forbidden_to_others(browse, teacher, staff, address):
    assert browse(teacher).get(address).status_code == 403
    assert browse(staff).get(address).status_code != 403


def test_a_stored_password_opens_nothing(browse, teacher):
    teacher.set_password("slaptažodis-1")
    teacher.save()
    client = browse()

    response = client.post(
        "/admin/login/?next=/admin/",
        {"username": teacher.email, "password": "slaptažodis-1"},
    )

    assert response["Location"] == f"{SIGN_IN}?next=%2Fadmin%2F"
    assert not is_signed_in(client)
    assert not teacher.has_usable_password()


def test_the_admin_sets_no_passwords(browse, superuser):
    client = browse(superuser)

    for address in [
        "/admin/password_change/",
        f"/admin/core/user/{superuser.pk}/password/",
    ]:
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert "password" not in client.get("/admin/").text
