"""What a person may type. Refuses what breaks a letter, a table or a reader's eyes."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# Marks that turn the direction of the text around, and invisible spaces.
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’\-–]+[^\W\d_]+)*\.?")


def _has_control(text, allowed=""):
    return any(
        unicodedata.category(char) == "Cc" and char not in allowed for char in text
    )


def plain_line(text):
    """One line of ordinary text."""
    if _has_control(text) or _HIDDEN.search(text):
        raise ValidationError(
            "Tekste yra nematomų valdymo ženklų. Įrašykite jį ranka, nekopijuodami.",
            code="hidden",
        )


def plain_text(text):
    """Ordinary text of several lines."""
    if _has_control(text, allowed="\n\r\t") or _HIDDEN.search(text):
        raise ValidationError(
            "Tekste yra nematomų valdymo ženklų. Įklijuokite jį kaip paprastą tekstą.",
            code="hidden",
        )


def person_name(text):
    """A name of a person: letters, with spaces, hyphens, dots and apostrophes between."""
    if not _NAME.fullmatch(text):
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
