"""The files of the reports, taken as the staff take them."""

import csv
import io

import openpyxl
import pytest

from tests.browser.visits import CLOSED, call

SELECTION = [
    "Eil. Nr.",
    "Nr.",
    "Mokykla",
    "Savivaldybė",
    "Tipas",
    "Pateikta",
    "Narių",
    "Vadovas",
    "Sprendimas",
    "Priežastis",
    "Sprendė",
    "Data",
]


def taken(page, words):
    """The name and the bytes of the file behind this link."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=words).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


@pytest.fixture
def selection(page_as):
    page = page_as("centre")
    page.goto("/ataskaitos/atranka/")
    page.select_option("[name=kvietimas]", str(call(CLOSED).pk))
    with page.expect_navigation():
        page.get_by_role("button", name="Rodyti ataskaitą").click()
    return page


def test_the_csv_file_has_the_rows_of_the_page(selection):
    name, content = taken(selection, "Atsisiųsti CSV")

    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert name.startswith("atranka-") and name.endswith(".csv")
    assert rows[0] == SELECTION
    shown = selection.locator("tbody tr")
    assert len(rows) - 1 == shown.count()
    assert rows[1][2] in shown.first.inner_text()


def test_the_xlsx_file_has_the_headings(selection):
    name, content = taken(selection, "Atsisiųsti XLSX")

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert name.startswith("atranka-") and name.endswith(".xlsx")
    assert [cell.value for cell in sheet[1]] == SELECTION
