import csv
import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from core.exports import Column, Table, as_text, csv_bytes, xlsx_bytes

DANGEROUS = [
    "=1+1",
    "+370 600 00000",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b\u202e=1+1",
    "\x00=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "\N{MINUS SIGN}1",
]


def table(*values, **kwargs):
    columns = [Column(f"Stulpelis {n}", "Paaiškinimas.") for n in range(len(values))]
    return Table("Pavyzdys", columns, [values], **kwargs)


def csv_cells(made):
    text = csv_bytes(made).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def sheets(made):
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes(made)))


def test_csv_is_what_lithuanian_excel_reads():
    made = table(
        "Šiaulių „Romuvos“ mokykla; antroji",
        12,
        Decimal("7.5"),
        datetime.date(2012, 10, 19),
        "2013 m. gegužė",
        None,
        total=["Iš viso", 12, Decimal("-7.5"), None, None, None],
    )

    assert (
        csv_bytes(made)
        == (
            "\ufeffStulpelis 0;Stulpelis 1;Stulpelis 2;Stulpelis 3;Stulpelis 4;Stulpelis 5\r\n"
            '"Šiaulių „Romuvos“ mokykla; antroji";12;7,5;2012-10-19;2013 m. gegužė;\r\n'
            "Iš viso;12;-7,5;;;\r\n"
        ).encode()
    )


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_a_csv_is_a_formula(text):
    assert csv_cells(table(text))[1] == [f"'{as_text(text)}"]


@pytest.mark.parametrize("text", ["A=B", "Mokykla – 1", "„=“", "'=1", "1-2", "5 - 3"])
def test_ordinary_text_stays_as_it_is_in_csv(text):
    assert csv_cells(table(text))[1] == [text]


@pytest.mark.parametrize("text", [*DANGEROUS, "https://pavyzdys.lt", "1-2", "0012"])
def test_text_is_text_in_xlsx(text):
    cell = sheets(table(text)).worksheets[0]["A2"]

    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert cell.value == as_text(text)


def test_numbers_and_dates_are_themselves_in_xlsx():
    made = table("Mokykla", 12, Decimal("7.5"), datetime.date(2012, 10, 19), None)
    sheet = sheets(made).worksheets[0]

    values = [cell.value for cell in sheet[2]]
    assert values[:3] == ["Mokykla", 12, 7.5]
    assert values[3] == datetime.datetime(2012, 10, 19)
    assert sheet["D2"].number_format == "yyyy-mm-dd"
    assert sheet.max_column == 4 or values[4] is None


def test_a_day_before_the_calendar_of_excel_stays_text():
    sheet = sheets(table(datetime.date(1896, 2, 29))).worksheets[0]

    assert sheet["A2"].value == "1896-02-29"


def test_an_instant_is_refused():
    with pytest.raises(TypeError, match="datetime"):
        as_text(datetime.datetime(2012, 10, 19, tzinfo=datetime.UTC))
    with pytest.raises(TypeError, match="datetime"):
        xlsx_bytes(table(datetime.datetime(2012, 10, 19, tzinfo=datetime.UTC)))


def test_first_sheet_is_the_table_and_the_second_explains_it():
    made = Table(
        "Pavadinimas, kuris ilgesnis už trisdešimt vieną ženklą",
        [
            Column("Mokykla", "Kaip vadinasi.", 40),
            Column("Narių", "Kiek jų.", 8, is_number=True),
        ],
        [["Pirmoji", 5], ["Antroji", 6]],
        total=["Iš viso", 11],
        about=[("Laikotarpis", "visas laikas")],
    )
    first, second = sheets(made).worksheets

    assert first.title == "Pavadinimas, kuris ilgesnis už "
    assert list(first.values) == [
        ("Mokykla", "Narių"),
        ("Pirmoji", 5),
        ("Antroji", 6),
        ("Iš viso", 11),
    ]
    assert first.freeze_panes == "A2"
    assert [round(first.column_dimensions[x].width) for x in "AB"] == [41, 9]
    assert list(second.values) == [
        ("Laikotarpis", "visas laikas"),
        ("Mokykla", "Kaip vadinasi."),
        ("Narių", "Kiek jų."),
    ]


def test_equal_tables_are_equal_files():
    made = table("Mokykla", 12, datetime.date(2012, 10, 19))

    assert xlsx_bytes(made) == xlsx_bytes(made)
    assert csv_bytes(made) == csv_bytes(made)


def test_no_file_holds_the_moment_of_its_making():
    made = table("Mokykla")
    facts = sheets(made).properties
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(made))) as parts:
        written = {part.date_time for part in parts.infolist()}

    assert facts.created == facts.modified == datetime.datetime(2000, 1, 1)
    assert written == {(1980, 1, 31, 0, 0, 0)}


def test_nothing_breaks_a_file():
    text = "Mo\x00kyk\x0bla \x1b[31m\ud800\ufffe\uffff \u202e😀\u0085\r\nantra"
    made = table(text, total=["x" * 40_000 + "😀"])
    sheet = sheets(made).worksheets[0]

    assert csv_cells(made)[1] == ["Mokykla [31m \u202e😀\nantra"]
    assert sheet["A2"].value == "Mokykla [31m \u202e😀\nantra"
    assert len(sheet["A3"].value) == 32_767


def test_half_a_character_is_never_left_at_the_end_of_a_long_cell():
    sheet = sheets(table("😀" * 20_000)).worksheets[0]

    assert set(sheet["A2"].value) == {"😀"}


def test_page_shows_the_words_of_the_files():
    made = table("=1", 1, Decimal("0.5"), datetime.date(2012, 10, 19), None)

    shown = [cell[1:] for cell in made.cells(made.rows[0])]

    assert shown == [
        ("text", "=1"),
        ("text", "1"),
        ("text", "0,5"),
        ("date", "2012-10-19"),
        ("text", ""),
    ]
