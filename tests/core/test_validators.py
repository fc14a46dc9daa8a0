import unicodedata
from time import process_time

import pytest
from django.core.exceptions import ValidationError

from core import validators

FAMILY = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"


def accepts(validator, text):
    try:
        validator(text)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "name",
    [
        "Vaida Jonaitytė-Petrauskienė",
        "Ona Jonaitytė–Petrauskienė",
        "O'Neill",
        "O’Neill",
        "J. Basanavičius",
        "Jonas Jonaitis jr.",
        "Łukasz",
        "Žydrūnas Šščiūkas",
        "Й. Мар'яна",
        "Ė",
        "Jean-Luc d'Arc",
    ],
)
def test_names_of_people_are_accepted_however_they_are_typed(name):
    assert accepts(validators.person_name, name)
    assert accepts(validators.person_name, unicodedata.normalize("NFD", name))


@pytest.mark.parametrize(
    "name",
    [
        "Jonas 2",
        "=1+1",
        "-Jonas",
        "Jonas-",
        "Jonas..",
        "...",
        "'",
        "Jonas\tJonaitis",
        "Jonas\nJonaitis",
        "Jonas_Jonaitis",
        "Jonas😀",
        "Jonas\u202e",
        "Jonas\x00",
        "<b>Jonas</b>",
        "jonas@example.lt",
        "x²",
    ],
)
def test_what_is_no_name_is_refused(name):
    assert not accepts(validators.person_name, name)


@pytest.mark.parametrize(
    "text", ["a" * 10_000, "a-" * 5_000, "a " * 5_000 + "1", "." * 10_000]
)
def test_a_very_long_name_is_judged_at_once(text):
    before = process_time()

    accepts(validators.person_name, text)

    assert process_time() - before < 0.1


@pytest.mark.parametrize(
    ("text", "line", "several_lines"),
    [
        ("Vilniaus „Žaros“ gimnazija Nr. 5 – №2, +370 600 00000", True, True),
        ("viena\ndu\r\ntrys\tketuri", False, True),
        ("\x00", False, False),
        ("\x1b[31m", False, False),
        ("a\u200bb", False, False),
        ("a\u00adb", False, False),
        ("a\u202eb", False, False),
        ("a\u061cb", False, False),
        ("a\u2028b", False, False),
        ("a\ufeff", False, False),
        ("\ud800", False, False),
        ("Puiku 😀", False, True),
        ("Puiku ❤\ufe0f", False, True),
        (FAMILY, False, False),
        ("90° © § €", True, True),
        ("", True, True),
    ],
)
def test_which_marks_ordinary_text_may_hold(text, line, several_lines):
    assert accepts(validators.plain_line, text) is line
    assert accepts(validators.plain_text, text) is several_lines


@pytest.mark.parametrize(
    ("code", "is_code"),
    [
        ("190000001", True),
        ("000000000", True),
        ("19000000", False),
        ("1900000011", False),
        ("19000000a", False),
        ("190000001\n", False),
        ("١٩٠٠٠٠٠٠١", False),
    ],
)
def test_a_legal_code_is_nine_digits(code, is_code):
    assert accepts(validators.legal_code, code) is is_code


@pytest.mark.parametrize(
    ("code", "holds"),
    [
        ("123456789", False),
        ("190000003", False),
        ("100000001", True),
        ("120000005", True),
    ],
)
def test_the_check_digit_is_the_weighted_sum(code, holds):
    assert validators.has_check_digit(code) is holds
