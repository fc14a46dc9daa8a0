"""What a person may type. Refuses what breaks a letter, a table or a reader's eyes."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# Control marks, invisible marks (also those that turn the text around), halves of
# characters, private signs, line separators.
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u20e3]")
_BETWEEN_NAMES = re.compile(r"[ .'’\-–]+")


def _has_hidden(text, allowed=""):
    return any(
        unicodedata.category(char) in _HIDDEN and char not in allowed for char in text
    )


def plain_line(text):
    """One line of ordinary text."""
    if _has_hidden(text):
        raise ValidationError(
            "Tekste yra nematomų ženklų. Įrašykite jį ranka, nekopijuodami.",
            code="hidden",
        )
    if _EMOJI.search(text):
        raise ValidationError("Jaustukai čia netinka: rašykite žodžiais.", code="emoji")


def plain_text(text):
    """Ordinary text of several lines."""
    if _has_hidden(text, allowed="\n\r\t"):
        raise ValidationError(
            "Tekste yra nematomų ženklų. Įklijuokite jį kaip paprastą tekstą.",
            code="hidden",
        )


def person_name(text):
    """A name of a person: letters, with spaces, hyphens, dots and apostrophes between."""
    # A Mac may give „ė“ as two characters.
    names = _BETWEEN_NAMES.split(unicodedata.normalize("NFC", text).removesuffix("."))
    if not all(name.isalpha() for name in names):
        raise ValidationError(
            "Vardą ir pavardę rašykite raidėmis; tinka tarpas, brūkšnelis ir apostrofas.",
            code="name",
        )


def legal_code(text):
    """A legal-entity code: nine digits. The check digit is only warned about."""
    if not re.fullmatch(r"[0-9]{9}", text):
        raise ValidationError("Įstaigos kodas yra devyni skaitmenys.", code="code")


def has_check_digit(code):
    """Whether digit 9 = (1·d1 + … + 8·d8) mod 11. Real codes hold it, nearly all."""
    digits = [int(digit) for digit in code]
    total = sum(place * digit for place, digit in enumerate(digits[:8], start=1))
    return total % 11 == digits[8]


def likely_day(value):
    """A date or an instant that can be meant: a slip of the hand gives year 206 or 20026."""
    if not 1900 <= value.year <= 2100:
        raise ValidationError("Patikrinkite metus.", code="year")
