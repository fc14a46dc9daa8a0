"""Lithuanian text: the alphabet's order and matching without case and diacritics.

Neither SQLite nor PostgreSQL does both the same way, so the portal stores what it
sorts and matches by (``core.fields``) instead of asking the database.
"""

import re
import unicodedata

_PUNCTUATION = " _-–—,;:!?./'\"„“”‚‘’()[]{}@*\\&#%`^+<=>|~$"
_LETTERS = [
    "a",
    "b",
    "c",
    "č",
    "d",
    "e",
    "f",
    "g",
    "h",
    "i",
    "j",
    "k",
    "l",
    "m",
    "n",
    "o",
    "p",
    "q",
    "r",
    "s",
    "š",
    "t",
    "u",
    "v",
    "w",
    "x",
    "z",
    "ž",
]
_PRIMARY = {
    **{char: 2 + place for place, char in enumerate(_PUNCTUATION)},
    **{char: 64 + int(char) for char in "0123456789"},
    **{char: 80 + place for place, char in enumerate(_LETTERS)},
}
# Letters that differ from their neighbour only at the second level: a = ą, i = į = y.
_BASE = {"ą": "a", "ę": "e", "ė": "e", "į": "i", "y": "i", "ų": "u", "ū": "u"}
_ACCENT = {"ą": 2, "ę": 2, "ė": 3, "į": 2, "y": 3, "ų": 2, "ū": 3}
_PLAIN, _FOREIGN_ACCENT = 1, 4
_LOWER, _UPPER = 1, 2
_UNKNOWN_LETTER = b"\xf0"


def sort_key(text: str) -> bytes:
    """Return bytes that sort as ICU's ``lt`` collation sorts ``text``."""
    letters, accents, cases = bytearray(), bytearray(), bytearray()
    for char in unicodedata.normalize("NFC", text):
        lower = char.lower()
        base = _BASE.get(lower, lower)
        order = _PRIMARY.get(base)
        accent = _ACCENT.get(lower, _PLAIN)
        if order is None:
            base = unicodedata.normalize("NFKD", base)[0]
            order, accent = _PRIMARY.get(base), _FOREIGN_ACCENT
        if order is None:
            letters += _UNKNOWN_LETTER + lower.encode()
            accents.append(_PLAIN)
            cases.append(_LOWER)
            continue
        letters.append(order)
        accents.append(accent)
        cases.append(_UPPER if lower != char else _LOWER)
    return b"\x00".join(
        [
            bytes(letters),
            bytes(accents).rstrip(bytes([_PLAIN])),
            bytes(cases).rstrip(bytes([_LOWER])),
        ]
    )


def fold(text: str) -> str:
    """Lower-case ``text`` without diacritics, quotation marks and double spaces.

    „Šiaulių   „Romuvos“ progimnazija“ and „siauliu romuvos progimnazija“ are equal.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.sub(r"[\"'„“”‚‘’«»]", " ", plain).split())
