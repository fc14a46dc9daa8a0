"""What every page of the admin keeps to: language, letters, people, one history."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from core.models import Event, Letter, User
from tests.factories import (
    AccreditationFactory,
    CallFactory,
    CompetenceFactory,
    CompetenceGroupFactory,
    InstitutionFactory,
    ModuleCompetenceFactory,
    RequirementFactory,
    TargetGroupFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LETTERS = reverse("admin:core_letter_changelist")


def letter(**kwargs):
    now = timezone.now()
    return Letter.objects.create(
        **{
            "kind": "pavyzdys",
            "to": "ona@pavyzdys.example",
            "subject": "Paraiška Nr. 5 gauta",
            "body": "Laba diena,",
            "created_at": now,
            "due_at": now,
        }
        | kwargs
    )


@pytest.fixture
def one_of_each(staff):
    """An object of every model in the admin; return the address of each page."""
    call = CallFactory(coordinators=[staff])
    gain = ModuleCompetenceFactory()
    RequirementFactory(module=gain.module)
    AccreditationFactory()
    CompetenceFactory(group=CompetenceGroupFactory())
    TargetGroupFactory()
    InstitutionFactory(is_confirmed=False, claimed_by=staff)
    TeamFactory(call=call, submitted=True)
    letter(failed_at=timezone.now(), last_error="550")
    return [
        reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{name}", args=args)
        for model in admin.site._registry
        for name, args in [
            ("changelist", []),
            ("add", []),
            ("change", [model._meta.default_manager.order_by("pk").first().pk]),
        ]
    ]


# English words that Django's admin or its forms could let through.
ENGLISH = re.compile(
    r"\b(add|change|changes|delete|save|search|view|history|home|filter|results?|total|"
    r"show|select|selected|action|please|correct|error|errors|this|field|required|the|"
    r"date|time|today|now|currently|welcome|site|log|user|users|yes|unknown|none|"
    r"submitted|draft|approved|login|password|skip|content|toggle|theme)\b",
    re.IGNORECASE,
)
SPOKEN = re.compile(r'(?:alt|title|aria-label|placeholder|value)="([^"]*)"')


def words_of(html):
    """What a reader sees or hears of the page."""
    body = re.sub(r"<(script|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    hidden = re.sub(r'<input type="hidden"[^>]*>|<option\b[^>]*>', " ", body)
    heard = SPOKEN.findall(re.sub(r'value="[a-z_0-9-]*"', "", hidden))
    return re.sub(r"<[^>]*>", " ", hidden) + " ".join(heard)


def test_every_page_is_lithuanian_and_answers(browse, superuser, one_of_each):
    client = browse(superuser)
    pages = [reverse("admin:index"), *one_of_each]

    for address in pages:
        response = client.get(address)
        assert response.status_code in (200, 403), address
        assert set(ENGLISH.findall(words_of(response.content.decode()))) == set(), (
            address
        )


def test_no_page_has_code_or_style_inside(browse, superuser, one_of_each):
    client = browse(superuser)

    for address in one_of_each:
        html = client.get(address).content.decode()
        assert "<style" not in html
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*json)[^>]*>", html), (
            address
        )
        assert not re.search(r'\s(style|on[a-z]+)="', html), address


def test_an_error_message_of_every_form_is_lithuanian(browse, superuser, one_of_each):
    client = browse(superuser)

    for address in one_of_each:
        if address.endswith("/add/"):
            response = client.post(address, {})
            if response.status_code == 200:
                words = words_of(response.content.decode())
                assert set(ENGLISH.findall(words)) == set(), address


# One history


def test_a_change_leaves_one_line_in_the_one_history(browse, staff):
    school = InstitutionFactory(name="Sena mokykla")
    page = reverse("admin:enrolment_institution_change", args=[school.pk])
    client = browse(staff)

    client.post(page, {"name": "Nauja mokykla", "code": school.code})

    event = Event.objects.about(school).get()
    assert (event.step, event.actor) == ("Pakeista administravimo srityje", staff)
    assert event.note == "pavadinimas, tipas, savivaldybė"
    assert event.facts == {"fields": ["name", "type", "municipality"]}
    assert not LogEntry.objects.exists()
    html = client.get(page).content.decode()
    assert "Pakeista administravimo srityje" in html
    assert client.get(f"{page[:-7]}history/").status_code == 404


def test_saving_without_a_change_leaves_no_line(browse, staff):
    school = InstitutionFactory()
    page = reverse("admin:enrolment_institution_change", args=[school.pk])
    same = {
        "name": school.name,
        "code": school.code,
        "type": school.type_id,
        "municipality": school.municipality_id,
    }

    assert browse(staff).post(page, same).status_code == 302

    assert not Event.objects.exists()


# Letters


def test_centre_staff_see_letters_that_could_not_be_delivered(browse, staff):
    failed = letter(failed_at=timezone.now(), last_error="550 Adresato nėra")
    letter(sent_at=timezone.now())
    waiting = letter()
    client = browse(staff)

    response = client.get(LETTERS, {"pristatymas": "nepristatyta"})

    assert list(response.context["cl"].result_list) == [failed]
    html = response.content.decode()
    for text in (failed.to, failed.subject, "550 Adresato nėra", "Nepristatytas"):
        assert text in html
    queue = client.get(LETTERS, {"pristatymas": "laukia"}).context["cl"].result_list
    assert list(queue) == [waiting]
    every = client.get(LETTERS, {"pristatymas": "xxx"}).context["cl"].result_list
    assert len(every) == 3
    page = client.get(reverse("admin:core_letter_change", args=[failed.pk]))
    assert "550 Adresato nėra" in page.content.decode()


def test_a_letter_is_not_changed(browse, superuser):
    sent = letter()
    client = browse(superuser)

    page = reverse("admin:core_letter_change", args=[sent.pk])

    assert client.post(page, {"subject": "Kita"}).status_code == 403
    assert client.get(reverse("admin:core_letter_add")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_letters_takes_a_constant_number_of_queries(
    browse, staff, count, django_assert_num_queries
):
    for number in range(count):
        letter(to=f"narys{number}@pavyzdys.example")
    client = browse(staff)

    with django_assert_num_queries(7):
        client.get(LETTERS)


# People


def test_a_superuser_enters_a_person_who_signs_in_by_code(browse, superuser):
    response = browse(superuser).post(
        reverse("admin:core_user_add"), {"email": " Nauja@Pavyzdys.example "}
    )

    assert response.status_code == 302
    user = User.objects.get(email="nauja@pavyzdys.example")
    assert not user.is_staff
    assert user.password.startswith("!")


@pytest.mark.parametrize(
    "field, data",
    [
        ("email", {"email": "NAUDOTOJA@pavyzdys.example"}),
        ("email", {"email": "ne adresas"}),
        ("email", {"email": ""}),
        ("first_name", {"email": "b@pavyzdys.example", "first_name": "O\u202ena"}),
    ],
)
def test_a_faulty_person_is_told_at_the_field(browse, superuser, field, data):
    UserFactory(email="naudotoja@pavyzdys.example")

    response = browse(superuser).post(reverse("admin:core_user_add"), data)

    assert set(response.context["adminform"].form.errors) == {field}


def test_there_is_no_password_to_change(browse, superuser):
    client = browse(superuser)

    assert client.get(reverse("admin:password_change")).status_code == 404
    page = reverse("admin:auth_user_password_change", args=[superuser.pk])
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("role", ["coordinator", "staff"])
@pytest.mark.parametrize("key", [1, 999_999])
def test_people_are_for_superusers_and_nobody_learns_who_exists(
    browse, request, role, key
):
    user = UserFactory()
    client = browse(request.getfixturevalue(role))
    keys = {1: user.pk, 999_999: 999_999}

    page = reverse("admin:core_user_change", args=[keys[key]])

    assert client.get(page).status_code == 403
    assert client.post(page, {"email": "x@y.lt"}).status_code == 403
    assert client.get(reverse("admin:core_user_changelist")).status_code == 403


# Doors


def test_a_teacher_is_sent_away_and_a_stranger_to_the_sign_in(browse, teacher):
    index = reverse("admin:index")

    assert browse(teacher).get(index).status_code in (302, 403)
    assert browse().get(index).url.startswith("/")


def test_the_index_offers_each_role_its_own(browse, coordinator, staff):
    own = browse(coordinator).get(reverse("admin:index")).context["app_list"]
    centre = browse(staff).get(reverse("admin:index")).context["app_list"]

    assert [model["object_name"] for app in own for model in app["models"]] == ["Team"]
    offered = {model["object_name"] for app in centre for model in app["models"]}
    assert {"Programme", "Call", "Institution", "Letter", "Team"} <= offered
    assert "User" not in offered
