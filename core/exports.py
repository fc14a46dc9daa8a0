"""A table as data, and the files made of it: CSV for anything, XLSX for Excel.

The same table always makes the same bytes, so a file can be checked a year later.
"""

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter

Cell = str | int | Decimal | datetime.date | None
Row = Sequence[Cell]

_FORMULA_STARTS = frozenset("=+-@\N{MINUS SIGN}")
# What no XML file may hold: control characters, halves of characters, non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SHEET_NAME_MAX = 31
_XLSX_TEXT_MAX = 32_767  # in UTF-16 units; XlsxWriter leaves a longer cell empty
_FIRST_XLSX_YEAR = 1900
# Excel wants a moment of making; a constant one keeps equal tables equal files.
_CREATED = datetime.datetime(2000, 1, 1)


@dataclass(frozen=True)
class Column:
    """A heading as the issue names it, and the sentence that says what stands under it."""

    heading: str
    definition: str
    width: int = 12  # of a sheet's column, in characters
    is_number: bool = False
    names_row: bool = False  # the cell by which a reader knows the row

    def kind_of(self, value: Cell) -> str:
        if self.is_number:
            return "number"
        return "date" if isinstance(value, datetime.date) else "text"


@dataclass(frozen=True)
class Table:
    """What a person reads on screen, on paper or in a file.

    A cell's Python type decides how it is written: ``int`` and ``Decimal`` are numbers,
    ``date`` is a date, everything else known is text. An instant is refused: the caller
    knows in which time zone it becomes a day.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    total: Row | None = None
    about: Sequence[tuple[str, str]] = ()

    def lines(self) -> Sequence[Row]:
        """The rows with the total row last."""
        return self.rows if self.total is None else [*self.rows, self.total]

    def cells(self, row: Row) -> list[tuple[Column, str, str]]:
        """A row as a page shows it: column, kind of cell, and the words of the files."""
        return [
            (column, column.kind_of(value), as_text(value))
            for column, value in zip(self.columns, row, strict=True)
        ]

    @property
    def is_mostly_numbers(self) -> bool:
        return sum(column.is_number for column in self.columns) * 2 > len(self.columns)


def as_text(value: Cell) -> str:
    """The one way a cell reads: ISO dates, a decimal comma, no control characters."""
    match value:
        case None:
            return ""
        case str():
            return _printable(value)
        case int() | Decimal():
            return str(value).replace(".", ",")
        case datetime.date() if not isinstance(value, datetime.datetime):
            return value.isoformat()
    raise TypeError(f"A cell cannot hold {type(value).__name__}.")


def csv_bytes(table: Table) -> bytes:
    """The table for Lithuanian Excel: it needs the BOM, the semicolon and the comma."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(column.heading) for column in table.columns])
    for row in table.lines():
        writer.writerow(
            [
                _harmless(as_text(value)) if isinstance(value, str) else as_text(value)
                for value in row
            ]
        )
    return text.getvalue().encode("utf-8-sig")


def xlsx_bytes(table: Table) -> bytes:
    """The table on the first sheet, and what its columns mean on the second."""
    file = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": table.name, "created": _CREATED})
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        date = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        number = book.add_format({"valign": "top"})

        def write(sheet, y, x, value, text=text):
            # The generic write() guesses; a school may well be called „=1+1“ or „1-2“.
            if _is_xlsx_date(value):
                sheet.write_datetime(y, x, value, date)
            elif isinstance(value, int | Decimal):
                sheet.write_number(y, x, value, number)
            elif value is not None:
                sheet.write_string(y, x, _cut(as_text(value)), text)

        sheet = book.add_worksheet(table.name[:_SHEET_NAME_MAX])
        sheet.freeze_panes(1, 0)
        for x, column in enumerate(table.columns):
            sheet.set_column(x, x, column.width)
            write(sheet, 0, x, column.heading, heading)
        for y, row in enumerate(table.lines(), start=1):
            for x, value in enumerate(row):
                write(sheet, y, x, value)

        sheet = book.add_worksheet("Paaiškinimai")
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 90)
        meanings = [(column.heading, column.definition) for column in table.columns]
        for y, (name, meaning) in enumerate([*table.about, *meanings]):
            write(sheet, y, 0, name, heading)
            write(sheet, y, 1, meaning)
    return file.getvalue()


@dataclass(frozen=True)
class Format:
    content_type: str
    write: Callable[[Table], bytes]


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", csv_bytes),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_bytes
    ),
}


def _printable(text):
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _harmless(text):
    """Put an apostrophe before what a spreadsheet could take for a formula.

    Excel looks past spaces and invisible marks, and some readers take the full-width
    twins of the signs for the signs themselves.
    """
    invisible = {char for char in text if unicodedata.category(char)[0] in "CZ"}
    first = text.lstrip("".join(invisible))[:1]
    looks_like_one = unicodedata.normalize("NFKC", first) in _FORMULA_STARTS
    return f"'{text}" if looks_like_one or text[:1] in ("\t", "\n") else text


def _is_xlsx_date(value):
    """Excel's calendar begins with 1900; an earlier day stays text."""
    return (
        isinstance(value, datetime.date)
        and not isinstance(value, datetime.datetime)
        and value.year >= _FIRST_XLSX_YEAR
    )


def _cut(text):
    units = text.encode("utf-16-le")[: 2 * _XLSX_TEXT_MAX]
    return units.decode("utf-16-le", "ignore")
