"""Lithuanian text: the alphabet's order and matching without case and diacritics.

Neither SQLite nor PostgreSQL does both the same way, so the portal stores what it
sorts and matches by (``core.fields``) instead of asking the database.
"""

import re
import unicodedata

# In the order of ICU, as everything below.
_PUNCTUATION = " _-–—,;:!?.·'‘’‚\"“”„«»()[]{}§@*/\\&#%•`´^°©®+×<=>|~−$£€"
_LETTERS = "abcčdefghijklmnopqrsštuvwxzž"
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
# Letters that Unicode does not take apart into a plain one and a mark.
_FOREIGN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "æ": "ae", "œ": "oe", "ß": "ss"}
)
_MOST_WORDS = 10  # SQLite refuses a condition too deep
_QUOTES = re.compile(r"[\"'„“”‚‘’`´«»]")
_DASHES = re.compile(r"[‐‑‒–—−]")


def sort_key(text: str) -> bytes:
    """Return bytes that sort as ICU's ``lt`` collation sorts ``text``."""
    letters, accents, cases = bytearray(), bytearray(), bytearray()
    for char in unicodedata.normalize("NFC", text):
        lower = char.lower()
        base, accent = _BASE.get(lower, lower), _ACCENT.get(lower, _PLAIN)
        if base not in _PRIMARY:
            base, accent = _without_marks(lower), _FOREIGN_ACCENT
        for letter in base:
            if letter in _PRIMARY:
                letters.append(_PRIMARY[letter])
            else:
                letters += _UNKNOWN_LETTER + letter.encode()
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

    „Šiaulių   „Romuvos“ progimnazija“ and „siauliu romuvos progimnazija“ are equal,
    „Łukasz“ is found by „lukasz“, and every dash is a hyphen.
    """
    plain = _DASHES.sub("-", _QUOTES.sub(" ", text.casefold()))
    return " ".join(_without_marks(plain).split())


def search_words(text: str) -> list[str]:
    """The folded words to look for, each once; more than ten only burden the database."""
    return list(dict.fromkeys(fold(text).split()))[:_MOST_WORDS]


def _without_marks(text):
    """Take the marks off every letter; drop what cannot be seen, as a soft hyphen."""
    return "".join(
        char
        for char in unicodedata.normalize("NFKD", text.translate(_FOREIGN))
        if not unicodedata.combining(char) and unicodedata.category(char) != "Cf"
    ).lower()  # „№“ becomes „No“ only here
