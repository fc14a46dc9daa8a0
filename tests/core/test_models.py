from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import InstitutionType, Letter, Municipality, User, normalise_email
from tests.factories import InstitutionTypeFactory, MunicipalityFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def letter(**fields):
    return Letter.objects.create(
        **{"to": "a@example.lt", "created_at": NOW, "due_at": NOW, **fields}
    )


def test_an_address_has_one_form():
    assert (
        normalise_email(" Vardas.Pavarde@Mokykla.LT\u00a0")
        == "vardas.pavarde@mokykla.lt"
    )


def test_a_user_is_made_and_found_by_the_address_in_any_form():
    user = User.objects.create_user(" Ona@Mokykla.LT ")

    assert user.email == "ona@mokykla.lt"
    assert User.objects.get_by_natural_key("ONA@mokykla.lt ") == user
    assert not user.has_usable_password()
    assert not user.is_staff


def test_a_superuser_is_staff():
    user = User.objects.create_superuser("admin@mokykla.lt")

    assert (user.is_staff, user.is_superuser) == (True, True)


def test_the_same_address_in_another_case_is_the_same_user():
    UserFactory(email="ona@mokykla.lt")
    again = User(email="ONA@mokykla.lt", password="!")

    with pytest.raises(ValidationError) as refused:
        again.full_clean()

    assert refused.value.message_dict == {
        "email": ["Naudotojas tokiu el. pašto adresu jau yra."]
    }


def test_the_database_takes_an_address_in_lower_case_only():
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="Ona@mokykla.lt")


def test_a_user_is_called_by_name_where_it_is_known():
    assert str(UserFactory(email="ona@mokykla.lt")) == "ona@mokykla.lt"
    assert str(UserFactory(first_name="Ona", last_name="Onaitė")) == "Ona Onaitė"


def test_municipalities_and_types_stand_in_lithuanian_order():
    for name in ("Šiaulių m. sav.", "Zarasų r. sav.", "Ąžuolų sav.", "Akmenės r. sav."):
        MunicipalityFactory(name=name)
        InstitutionTypeFactory(name=name)

    ordered = ["Akmenės r. sav.", "Ąžuolų sav.", "Šiaulių m. sav.", "Zarasų r. sav."]
    assert [str(row) for row in Municipality.objects.all()] == ordered
    assert [str(row) for row in InstitutionType.objects.all()] == ordered


def test_which_letters_are_due():
    due = letter()
    letter(due_at=NOW + timedelta(minutes=1))
    letter(sent_at=NOW)
    undelivered = letter(failed_at=NOW)
    letter(leased_until=NOW + timedelta(seconds=1))
    dropped = letter(leased_until=NOW)

    assert set(Letter.objects.due(NOW)) == {due, dropped}
    assert list(Letter.objects.undelivered()) == [undelivered]
    assert Letter.objects.waiting().count() == 4


def test_a_letter_is_not_both_sent_and_given_up():
    with pytest.raises(IntegrityError), transaction.atomic():
        letter(sent_at=NOW, failed_at=NOW)
