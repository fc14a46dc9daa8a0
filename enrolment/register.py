"""The official open data of institutions: from a file's bytes to clean rows.

Knows the file and its flaws, and nothing of the database. What one row spoils costs
that row; what makes the whole file doubtful is ``BrokenFile``.
"""

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

COLUMNS = (
    "ins_id",
    "ins_kodas",
    "ins_pavad_lt",
    "ins_motin_id",
    "ins_ireg_smir_data",
    "ins_isreg_smir_data",
    "ins_pask_grupe",
    "ins_pagr_tipas",
    "savivaldybe",
    "sav_pav",
    "sen_kodas",
    "sen_pav",
    "gyv_kodas",
    "gyv_pav",
    "gyvenamoji_vietove",
    "koord",
)
# The whole country is about 3 MB; more than this is some other file.
MAX_BYTES = 20 * 1024 * 1024


class BrokenFile(Exception):
    """Nothing can be taken from the file. The message is shown to the person as it is."""


class BadRow(Exception):
    """This row can not be taken. The message is the reason shown in the report."""


@dataclass(frozen=True)
class Row:
    """One record. ``cells`` is empty when the record itself could not be read (``fault``)."""

    line: str
    cells: dict[str, str]
    fault: str = ""


def read(content: bytes) -> list[Row]:
    """Return the records of the file, each with its line, or raise ``BrokenFile``.

    ``line`` is what an editor shows, „12“ or „12–14“ for a record with line breaks in it.
    """
    text = _decode(content)
    delimiter = _delimiter(text)
    records = _records(text, delimiter)
    header = [cell.strip().lower() for cell in next(records).cells]
    rows = [_row(record, header) for record in records if any(record.cells)]
    if not rows:
        raise BrokenFile("Faile yra tik antraštė: nėra nė vienos įstaigos.")
    return rows


def _decode(content):
    if not content.strip():
        raise BrokenFile("Failas tuščias.")
    if len(content) > MAX_BYTES:
        raise BrokenFile(
            f"Failas per didelis: daugiausia {MAX_BYTES // 1024 // 1024} MB."
        )
    if b"\x00" in content:
        raise BrokenFile("Tai ne tekstinis CSV failas.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BrokenFile(
            f"Failas ne UTF-8 koduotės ({line} eilutė). Išsaugokite jį kaip UTF-8."
        ) from error


def _delimiter(text):
    first = text.splitlines()[0]
    for delimiter in ";,":
        try:
            header = next(csv.reader([first], delimiter=delimiter))
        except csv.Error:  # a first line of megabytes
            break
        names = [name.strip().lower() for name in header]
        if "ins_id" not in names or len(names) == 1:
            continue
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise BrokenFile(f"Antraštėje trūksta stulpelių: {', '.join(missing)}.")
        if len(set(names)) < len(names):
            raise BrokenFile("Antraštėje stulpelio pavadinimas kartojasi.")
        return delimiter
    raise BrokenFile(
        "Pirmoje eilutėje nėra įstaigų registro atvirų duomenų antraštės "
        "(ins_id, ins_kodas, ins_pavad_lt…), atskirtos kableliais arba kabliataškiais."
    )


# Which rows an open quotation mark has swallowed can not be known: nothing is taken.
_OPEN_QUOTE = (
    "Nuo {} eilutės atidarytos kabutės neuždarytos: failas nutrūkęs arba sugadintas."
)


@dataclass(frozen=True)
class _Record:
    first: int
    last: int
    cells: list[str]
    fault: str = ""

    @property
    def line(self):
        if self.first == self.last:
            return str(self.first)
        return f"{self.first}–{self.last}"


def _records(text, delimiter) -> Iterator[_Record]:
    # newline="": a line break inside a cell stays as it is and is counted as a line.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if reader.line_num > first or "unexpected end" in str(error):
                raise BrokenFile(_OPEN_QUOTE.format(first)) from error
            yield _Record(first, first, ["?"], "netvarkingos kabutės")
        else:
            yield _Record(first, reader.line_num, cells)


def _row(record, header):
    if record.fault:
        return Row(record.line, {}, record.fault)
    if len(record.cells) != len(header):
        if record.first < record.last:
            raise BrokenFile(_OPEN_QUOTE.format(record.first))
        fault = f"stulpelių yra {len(record.cells)}, o turi būti {len(header)}"
        return Row(record.line, {}, fault)
    cells = dict(zip(header, record.cells, strict=True))
    return Row(record.line, {name: cells[name] for name in COLUMNS})


# Text


def tidy(text: str) -> str:
    """One line of text with its letters, entities, spaces and quotation marks put right.

    Raises ``BadRow`` where letters are lost for good.
    """
    for _ in range(3):  # „&amp;quot;“ is escaped twice
        text = html.unescape(text)
    text = repair(text)  # before the spaces: half of a misread „Š“ is one
    if _LOST_LETTERS.search(text):
        raise BadRow(f"sugadintos ir neatkuriamos raidės: „{shorten(text)}“")
    return _quotes(" ".join(text.split()))


def _quotes(text):
    text = text.replace(",,", "„").replace("''", '"')
    if len(_QUOTE.findall(text)) == 1:
        # Its pair is lost, and with it where the quoted name ends.
        return " ".join(_QUOTE.sub(" ", text).split())
    text = _QUOTE.sub('"', text)
    text = re.sub(r'(?:^|(?<=[\s("–-]))"(?=\S)', "„", text)
    return text.replace('"', "“")


_QUOTE = re.compile(r'["„“”«»‟]')

_LETTERS = "ąčęėįšųūž"
_FAMILIAR = set(_LETTERS + _LETTERS.upper() + "„“”‚‘’–—…«»\xa0" + "ćłńóśźżĆŁŃÓŚŹŻ")
# ð, þ and ø stand for š, ž and ų in Baltic text that was read as Western.
_WESTERN_FOR_BALTIC = set("ðþøÐÞØ")
_LOST_LETTERS = re.compile(
    "\ufffd|[\x80-\x9f]|[ðþøÐÞØ]|\\w\\?|\\?\\w|[ÃÄÅÂĀĆā][\xa1-\xbf…†‡‰‹•–—™›ˇ¸¯˛Øøœ€Œ]"
)


def _bytes_of(codec):
    """Letter → byte, with the undefined bytes standing for themselves, as programs do."""
    table = {}
    for number in range(256):
        byte = bytes([number])
        try:
            table[byte.decode(codec)] = byte
        except UnicodeDecodeError:
            table[chr(number)] = byte
    return table


_MISREADINGS = [
    (_bytes_of("cp1257"), "utf-8"),
    (_bytes_of("cp1252"), "utf-8"),
    (_bytes_of("latin-1"), "utf-8"),
]
_WESTERN = _bytes_of("cp1252")


def repair(text: str) -> str:
    """Undo a decoding with the wrong code page, only where the outcome is beyond doubt.

    Safe, because ordinary Lithuanian text re-encoded this way is not valid UTF-8; and
    the outcome must consist of letters that institutions' names really have.
    """
    for table, codec in _MISREADINGS:
        repaired = _reread(text, table, codec)
        if repaired != text:
            return repaired
    if _WESTERN_FOR_BALTIC & set(text):
        return _reread(text, _WESTERN, "cp1257")
    return text


def unfamiliar(text: str) -> str:
    """The letters that no Lithuanian or Polish word has; a sign of a wrong code page."""
    strange = {char for char in text if not char.isascii()} - _FAMILIAR
    return "".join(sorted(strange))


def _reread(text, table, codec):
    try:
        reread = b"".join(table[char] for char in text).decode(codec)
    except (KeyError, UnicodeDecodeError):
        return text
    return text if unfamiliar(reread) else reread


# Values

_NO_NUMBER = {"", "0", "2147483647"}
_DAY = re.compile(
    r"(\d{4})([-./]?)(\d{1,2})\2(\d{1,2})(?: 0{1,2}:00(?::00(?:\.0+)?)?)?"
)


def number(text: str) -> str:
    """An identifier of the register, or "" where it is empty or a stand-in for nothing."""
    text = text.strip()
    if text in _NO_NUMBER:
        return ""
    if not re.fullmatch(r"[0-9]{1,20}", text):
        raise BadRow(f"netinkamas registro numeris „{shorten(text)}“")
    return text


def day(text: str) -> date | None:
    """A date, alone or with a time; an instant with a zone is its day in Lithuania."""
    text = text.strip()
    if not text:
        return None
    try:
        if match := _DAY.fullmatch(text):
            return date(int(match[1]), int(match[3]), int(match[4]))
        instant = parse_datetime(text)
    except ValueError:
        instant = None
    if not isinstance(instant, datetime):
        raise BadRow(f"netinkama data „{shorten(text)}“")
    return timezone.localtime(instant).date() if instant.tzinfo else instant.date()


def shorten(text: str, limit: int = 60) -> str:
    """Enough of a cell to recognise it in a report; no escape codes for a terminal."""
    text = "".join(char if char.isprintable() else " " for char in text)
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[:limit]}…"
