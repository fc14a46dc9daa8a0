import csv
import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accreditation import views
from accreditation.reports import REPORTS, Filters, periods
from tests.factories import (
    CallFactory,
    InstitutionFactory,
    ModuleCompetenceFactory,
    MunicipalityFactory,
    ProgrammeFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

VILNIUS = ZoneInfo("Europe/Vilnius")
PAGES = ["report", "report_csv", "report_xlsx", "report_print"]
FILES_AND_PAPER = PAGES[1:]


def url(name, slug="stebesena", query=""):
    return reverse(f"accreditation:{name}", args=[slug]) + query


def read_csv(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def read_xlsx(response):
    return openpyxl.load_workbook(io.BytesIO(response.content))


@pytest.fixture
def client_of(browse, request):
    def client_of(role):
        return browse(request.getfixturevalue(role) if role else None)

    return client_of


# Who


@pytest.mark.parametrize("name", ["reports", *PAGES])
@pytest.mark.parametrize(
    ("role", "expected"),
    [(None, 302), ("teacher", 403), ("coordinator", 403), ("staff", 200)],
)
def test_reports_are_for_centre_staff(client_of, name, role, expected):
    address = reverse("accreditation:reports") if name == "reports" else url(name)

    response = client_of(role).get(address)

    assert response.status_code == expected
    if role is None:
        assert response.url == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("name", PAGES)
def test_unknown_report_is_not_found(browse, staff, name):
    assert browse(staff).get(url(name, "nera")).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_reports_are_only_read(browse, staff, name):
    assert browse(staff).post(url(name)).status_code == 405


@pytest.mark.parametrize("name", PAGES)
def test_names_of_people_stay_in_no_cache(browse, staff, name):
    assert "no-store" in browse(staff).get(url(name))["Cache-Control"]


# The screen


def test_index_names_every_report_and_what_it_answers(browse, staff):
    page = browse(staff).get(reverse("accreditation:reports"))

    for report in REPORTS.values():
        assert f'<a href="{url("report", report.slug)}">{report.name}</a>' in page.text
        assert report.answers in page.text


def test_page_shows_the_table_with_its_definitions_and_total(browse, staff):
    TeamFactory(call__programme__title="Tinklų kūrimas", approved=True)

    page = browse(staff).get(url("report"))

    for column in REPORTS["stebesena"].columns:
        assert column.heading in page.text
        assert column.definition in page.text
    assert '<th scope="row">Tinklų kūrimas</th>' in page.text
    assert '<th scope="row">Iš viso</th>' in page.text
    assert "1 eilutė." in page.text


def test_links_keep_the_filters_and_drop_the_page(browse, staff):
    ProgrammeFactory()
    query = "?nuo=2020-01-01&iki=2030-01-01&kita=%3Cb%3E"
    page = browse(staff).get(url("report", query=query + "&puslapis=1"))

    kept = "?nuo=2020-01-01&amp;iki=2030-01-01&amp;kita=%3Cb%3E"
    for name in FILES_AND_PAPER:
        assert f'href="{url(name)}{kept}"' in page.text


def test_years_are_one_click_away(browse, staff):
    year = periods.school_years(timezone.localdate())[0]

    page = browse(staff).get(url("report", query="?savivaldybe=&puslapis=2"))
    link = f"?savivaldybe=&amp;nuo={year.since}&amp;iki={year.until}"
    assert f'<a href="{link}">{year.name}</a>' in page.text

    page = browse(staff).get(url("report", query=f"?nuo={year.since}&iki={year.until}"))
    assert f'aria-current="true">{year.name}</a>' in page.text


def test_protocol_first_asks_for_the_call(browse, staff):
    call = CallFactory(title="Rudens kvietimas", programme__title="Tinklai")
    TeamFactory(call=call, submitted=True, institution__name="Ąžuolo gimnazija")
    client = browse(staff)

    page = client.get(url("report", "atranka"))
    assert page.status_code == 200
    assert "Pasirinkite kvietimą ir spauskite" in page.text
    assert f'<option value="{call.pk}">Rudens kvietimas (Tinklai)</option>' in page.text
    assert "<table" not in page.text
    assert "<title>Klaida" not in page.text

    page = client.get(url("report", "atranka", f"?kvietimas={call.pk}"))
    assert '<th scope="row">Ąžuolo gimnazija</th>' in page.text


def test_long_reports_come_in_pages_and_files_hold_them_whole(
    browse, staff, monkeypatch
):
    monkeypatch.setattr(views, "ROWS_ON_A_PAGE", 2)
    for letter in "ABC":
        ProgrammeFactory(title=f"Programa {letter}")
    client = browse(staff)

    first = client.get(url("report"))
    assert "Programa B" in first.text
    assert 'scope="row">Programa C' not in first.text
    assert "1 puslapis iš 2" in first.text
    assert 'href="?puslapis=2"' in first.text
    for last in ("2", "99"):
        page = client.get(url("report", query=f"?puslapis={last}"))
        assert 'scope="row">Programa C' in page.text
        assert 'scope="row">Programa B' not in page.text
        assert "Iš viso" in page.text
    assert len(read_csv(client.get(url("report_csv")))) == 1 + 3 + 1
    assert 'scope="row">Programa C' in client.get(url("report_print")).text


def test_nothing_to_show_says_what_to_do(browse, staff):
    page = browse(staff).get(url("report", "programos"))

    assert "Tokių duomenų nėra" in page.text
    assert "<table" not in page.text


def test_filter_that_does_not_apply_is_named_and_ignored(browse, staff):
    ProgrammeFactory(open_ended=True, title="Tinklų kūrimas")
    municipality = MunicipalityFactory()

    page = browse(staff).get(
        url("report", "programos", f"?savivaldybe={municipality.code}&kvietimas=1")
    )

    assert "jie netaikomi: kvietimas, savivaldybė." in page.text
    assert "Tinklų kūrimas" in page.text
    assert 'name="savivaldybe"' not in page.text


# Files


def test_files_are_named_by_report_and_day(browse, staff):
    for kind, content_type in (
        ("csv", "text/csv; charset=utf-8"),
        (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ):
        response = browse(staff).get(url(f"report_{kind}"))

        name = f"stebesena-{timezone.localdate():%Y-%m-%d}.{kind}"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["Content-Type"] == content_type


def test_screen_files_and_paper_tell_the_same(browse, staff):
    call = CallFactory()
    TeamFactory(
        call=call,
        reserve=True,
        institution=InstitutionFactory(name="=HYPERLINK(1)", type__name="gimnazija"),
        submitted_at=datetime(2026, 2, 1, 0, 30, tzinfo=VILNIUS),
        note="Pirma eilutė\r\nantra",
    )
    client = browse(staff)
    query = f"?kvietimas={call.pk}"

    table = REPORTS["atranka"].table(Filters(call=call))
    shown = [text for *_, text in table.cells(table.rows[0])]
    csv_row = read_csv(client.get(url("report_csv", "atranka", query)))[1]
    sheet = read_xlsx(client.get(url("report_xlsx", "atranka", query))).worksheets[0]
    xlsx_row = [cell.value for cell in sheet[2]]

    assert shown[2] == "=HYPERLINK(1)"
    assert csv_row == [*shown[:2], "'=HYPERLINK(1)", *shown[3:]]
    assert sheet["C2"].data_type == "s"
    assert xlsx_row[:5] == [*table.rows[0][:5]]
    assert xlsx_row[5].date() == date(2026, 2, 1)
    assert xlsx_row[6:11] == [*table.rows[0][6:9], "Pirma eilutė\nantra", shown[10]]
    for name in ("report", "report_print"):
        page = client.get(url(name, "atranka", query)).text
        assert '<th scope="row">=HYPERLINK(1)</th>' in page
        assert '<td class="text">Pirma eilutė<br>antra</td>' in page
        assert '<td class="date">2026-02-01</td>' in page


def test_second_sheet_says_what_the_figures_are_of(browse, staff):
    query = "?nuo=2025-09-01&iki=2026-08-31"

    response = browse(staff).get(url("report_xlsx", query=query))

    about = dict(read_xlsx(response).worksheets[1].values)
    assert about["Laikotarpis"] == "2025-09-01 – 2026-08-31"
    assert about["Mokyklų"] == "Skirtingos patvirtintų komandų įstaigos."


def test_the_same_data_make_the_same_bytes(browse, staff):
    TeamFactory(approved=True)
    client = browse(staff)

    for name in ("report_csv", "report_xlsx"):
        assert client.get(url(name)).content == client.get(url(name)).content


# Paper


def test_paper_has_what_a_document_needs(browse, staff, settings):
    settings.CENTRE_NAME, settings.CENTRE_CODE = "Ugdymo centras", "123456789"
    settings.CENTRE_ACCREDITATION = "Nr. 12"
    staff.first_name, staff.last_name = "Rūta", "Atsakingoji"
    staff.save()
    call = CallFactory(title="Rudens kvietimas", programme__title="Tinklai")
    TeamFactory(call=call, submitted=True)

    page = browse(staff).get(
        url("report_print", "atranka", f"?kvietimas={call.pk}&nuo=2026-01-01")
    )

    assert "Ugdymo centras<br>Įstaigos kodas 123456789" in page.text
    assert "<br>Akreditacijos pažymėjimas Nr. 12</p>" in page.text
    assert '<h1 id="ataskaita">Atrankos protokolas</h1>' in page.text
    assert "<dt>Laikotarpis</dt><dd>nuo 2026-01-01</dd>" in page.text
    assert "<dt>Kvietimas</dt><dd>Rudens kvietimas (Tinklai)</dd>" in page.text
    today = timezone.localdate()
    assert f"<dt>Parengta</dt><dd>{today.year}\u00a0m. " in page.text
    assert "Rūta Atsakingoji" in page.text
    assert page.text.count(">parašas<") == 2


def test_paper_says_what_nobody_has_set(browse, staff, settings):
    settings.CENTRE_NAME = settings.CENTRE_CODE = settings.CENTRE_ACCREDITATION = ""

    page = browse(staff).get(url("report_print"))

    assert (
        "Centro pavadinimas nenurodytas<br>Įstaigos kodas nenurodytas</p>" in page.text
    )


# Bad input

HOSTILE = [
    ("nuo=2026-02-30", "Nuo: Įrašykite datą taip: 2026-03-15."),
    ("nuo=rytoj", "Nuo: Įrašykite datą taip: 2026-03-15."),
    ("iki=9999-12-31", "Iki: Įrašykite datą nuo 1990-01-01 iki 2100-12-31."),
    ("nuo=0001-01-01", "Nuo: Įrašykite datą nuo 1990-01-01 iki 2100-12-31."),
    (
        "nuo=2026-09-02&iki=2026-09-01",
        "Iki: Pabaiga negali būti ankstesnė už pradžią (2026-09-02).",
    ),
    ("programa=nera", "Programa: Tokios programos nėra."),
    ("programa=%00", "Programa: Nuliniai ženklai neleidžiami."),
    ("programa=%ff%fe", "Programa: Tokios programos nėra."),
    ("savivaldybe=00'--", "Savivaldybė: Tokios savivaldybės nėra."),
    ("kvietimas=abc", "Kvietimas: Tokio kvietimo nėra."),
    ("kvietimas=-1", "Kvietimas: Tokio kvietimo nėra."),
    ("kvietimas=%00", "Kvietimas: Nuliniai ženklai neleidžiami."),
    ("kvietimas=99999999999999999999999", "Kvietimas: Tokio kvietimo nėra."),
    ("kvietimas=1e5", "Kvietimas: Tokio kvietimo nėra."),
    ("nuo=" + "9" * 5000, "Nuo: Įrašykite datą taip: 2026-03-15."),
]


@pytest.mark.parametrize(("query", "message"), HOSTILE)
def test_bad_filter_is_explained_at_its_field(browse, staff, query, message):
    page = browse(staff).get(url("report", query=f"?{query}"))

    reason = message.split(": ", 1)[1]
    field = query.rpartition("&")[2].partition("=")[0]
    assert page.status_code == 422
    assert "<title>Klaida: " in page.text
    assert f'<a href="#id_{field}">' in page.text
    assert '<span class="visually-hidden">Klaida: </span>' + reason in page.text
    assert "<table" not in page.text


@pytest.mark.parametrize("name", FILES_AND_PAPER)
@pytest.mark.parametrize(("query", "message"), HOSTILE)
def test_bad_filter_makes_no_file(browse, staff, name, query, message):
    response = browse(staff).get(url(name, query=f"?{query}"))

    assert response.status_code == 400
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert f"<li>{message}" in response.text


@pytest.mark.parametrize("name", FILES_AND_PAPER)
def test_protocol_without_a_call_makes_no_file(browse, staff, name):
    response = browse(staff).get(url(name, "atranka"))

    assert response.status_code == 400
    assert "<li>Kvietimas: Pasirinkite iš sąrašo.</li>" in response.text


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("query", ["?momentas=2026-01-01", "?momentas="])
def test_past_state_is_refused_rather_than_guessed(browse, staff, name, query):
    response = browse(staff).get(url(name, query=query))

    assert response.status_code == 400
    assert "dar nepalaikoma" in response.text


@pytest.mark.parametrize(
    "query", ["?nieko=1", "?puslapis=-7", "?puslapis=%00", "?nuo=&iki=", "?;&=&&%"]
)
@pytest.mark.parametrize("name", PAGES)
def test_what_means_nothing_is_ignored(browse, staff, name, query):
    assert browse(staff).get(url(name, query=query)).status_code == 200


# Queries


@pytest.mark.parametrize(
    ("slug", "expected"), [("programos", 11), ("stebesena", 13), ("atranka", 9)]
)
@pytest.mark.parametrize("size", [1, 3])
def test_number_of_queries_does_not_grow(
    browse, staff, slug, expected, size, django_assert_num_queries
):
    call = CallFactory()
    TeamFactory.create_batch(size, call=call, returned=True)
    for _ in range(size):
        gain = ModuleCompetenceFactory()
        TeamFactory(call__programme=gain.module.programme, approved=True)
    client = browse(staff)
    address = url("report", slug, f"?kvietimas={call.pk}" if slug == "atranka" else "")
    client.get(address)
    cache.clear()

    with django_assert_num_queries(expected):
        client.get(address)
