"""The register as JSON and CSV: the same facts, explained, with nothing made up."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date

from catalogue import files
from catalogue.models import Precision
from catalogue.transitions import publish
from core.models import Event
from tests.factories import (
    AccreditationFactory,
    CompetenceFactory,
    ModuleCompetenceFactory,
    ProgrammeFactory,
    TargetGroupFactory,
)

pytestmark = pytest.mark.django_db

PAGE, JSON, CSV = (
    reverse(f"catalogue:{name}") for name in ("data", "data_json", "data_csv")
)


@pytest.fixture
def read_json(browse):
    def read(user=None):
        response = browse(user).get(JSON)
        assert response.headers["Content-Type"] == "application/json"
        return response.json()

    return read


@pytest.fixture
def read_csv(browse):
    """Return the rows as dictionaries, once the file is as Lithuanian Excel wants it."""

    def read():
        response = browse().get(CSV)
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        disposition = response.headers["Content-Disposition"]
        assert disposition == 'attachment; filename="programos.csv"'
        text = response.content.decode()
        assert text.startswith("\ufeffIdentifikatorius;Programa;")
        assert text.endswith("\r\n")
        return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))

    return read


def test_both_files_hold_what_is_known_of_a_programme(read_json, read_csv):
    programme = ProgrammeFactory(
        slug="matematika",
        title="Matematika drauge",
        project__name="Mokomės drauge",
        author="Rengėjų grupė",
        provider="Pavyzdžių centras",
        version__hours=40,
        version__published_at=datetime(2024, 1, 31, 22, 30, tzinfo=UTC),
        target_groups=[TargetGroupFactory(name="Pedagogai")],
        competences=[CompetenceFactory(name="Žaidimas")],
    )
    gain = ModuleCompetenceFactory(
        module__programme=programme,
        module__title="Pradžia",
        module__hours=18,
        competence__name="Bendravimas",
    )
    AccreditationFactory(programme=programme, expired=True)
    AccreditationFactory(
        programme=programme,
        accredited_on=date(2023, 3, 1),
        body="Pavyzdžių agentūra",
        order_number="V-12",
        certificate_number="A-3",
        valid_from=date(2023, 4, 1),
        valid_until=date(2096, 3, 31),
    )
    address = "http://127.0.0.1:8000/programos/matematika/"
    decision = {
        "akreditacijos_data": "2023-03-01",
        "akreditavo": "Pavyzdžių agentūra",
        "sprendimo_nr": "V-12",
        "pazymejimo_nr": "A-3",
        "galioja_nuo": "2023-04-01",
        "galioja_iki": "2096-03-31",
        "panaikinta_nuo": None,
    }
    earlier = dict.fromkeys(decision) | {
        "akreditacijos_data": "2012-10-19",
        "galioja_iki": "2017-10-19",
    }

    data = read_json()
    (row,) = read_csv()

    assert data["programu"] == 1
    assert data["busenos_diena"] == timezone.localdate().isoformat()
    assert data["programos"] == [
        {
            "id": "matematika",
            "pavadinimas": "Matematika drauge",
            "projektas": "Mokomės drauge",
            "rengejas": "Rengėjų grupė",
            "teikejas": "Pavyzdžių centras",
            "tikslines_grupes": ["Pedagogai"],
            "trukme_akad_val": 40,
            "moduliai": [
                {
                    "numeris": gain.module.number,
                    "pavadinimas": "Pradžia",
                    "trukme_akad_val": 18,
                    "adresas": f"{address}moduliai/1/",
                    "kompetencijos": [
                        {
                            "pavadinimas": "Bendravimas",
                            "kam": "mokytojui",
                            "lygis": "pradinis",
                        }
                    ],
                }
            ],
            "kompetencijos": ["Bendravimas", "Žaidimas"],
            **decision,
            "busena": "galioja",
            "akreditacijos": [decision, earlier],
            "aprasas_paskelbtas": "2024-02-01T00:30:00+02:00",
            "adresas": address,
        }
    ]
    assert row == {
        "Identifikatorius": "matematika",
        "Programa": "Matematika drauge",
        "Projektas": "Mokomės drauge",
        "Rengėjas": "Rengėjų grupė",
        "Teikėjas": "Pavyzdžių centras",
        "Tikslinės grupės": "Pedagogai",
        "Trukmė (akad. val.)": "40",
        "Moduliai": "1. Pradžia",
        "Kompetencijos": "Bendravimas; Žaidimas",
        "Akreditacijos data": "2023-03-01",
        "Akreditavo": "Pavyzdžių agentūra",
        "Sprendimo Nr.": "V-12",
        "Pažymėjimo Nr.": "A-3",
        "Galioja nuo": "2023-04-01",
        "Galioja iki": "2096-03-31",
        "Panaikinta nuo": "",
        "Būsena": "Akreditacija galioja",
        "Aprašas paskelbtas": "2024-02-01",
        "Adresas": address,
    }


def test_what_nobody_recorded_is_null_or_empty(read_json, read_csv):
    ProgrammeFactory(open_ended=True)

    (fact,) = read_json()["programos"]
    (row,) = read_csv()

    for key in ("rengejas", "teikejas", "trukme_akad_val", "galioja_iki", "akreditavo"):
        assert fact[key] is None
    assert fact["moduliai"] == fact["kompetencijos"] == fact["tikslines_grupes"] == []
    assert fact["busena"] == "nenurodyta"
    for heading in ("Rengėjas", "Trukmė (akad. val.)", "Galioja iki", "Moduliai"):
        assert row[heading] == ""


@pytest.mark.parametrize(
    ("precision", "in_json", "in_csv"),
    [
        (Precision.DAY, "2013-05-07", "2013-05-07"),
        (Precision.MONTH, "2013-05", "2013 m. gegužė"),
        (Precision.YEAR, "2013", "2013 m."),
    ],
)
def test_a_date_says_as_much_as_is_known(
    read_json, read_csv, precision, in_json, in_csv
):
    AccreditationFactory(accredited_on=date(2013, 5, 7), precision=precision)

    assert read_json()["programos"][0]["akreditacijos_data"] == in_json
    assert read_csv()[0]["Akreditacijos data"] == in_csv


def test_the_register_holds_public_accredited_programmes(read_json, read_csv, staff):
    for title, traits in {
        "Žalia": {"accredited": True},
        "Čia": {"expired": True},
        "Dar": {"open_ended": True},
        "Be akreditacijos": {},
        "Paslėpta": {"accredited": True, "is_public": False},
    }.items():
        ProgrammeFactory(title=title, **traits)
    AccreditationFactory(
        programme__title="Būsima", accredited_on=date(2096, 1, 1), valid_until=None
    )

    for user in (None, staff):
        programmes = read_json(user)["programos"]
        assert [(each["pavadinimas"], each["busena"]) for each in programmes] == [
            ("Čia", "archyvas"),
            ("Dar", "nenurodyta"),
            ("Žalia", "galioja"),
        ]
    assert [row["Programa"] for row in read_csv()] == ["Čia", "Dar", "Žalia"]


def test_no_cell_is_a_formula(read_csv):
    ProgrammeFactory(title="=1+1", accredited=True)

    assert read_csv()[0]["Programa"] == "'=1+1"


def test_others_may_read_the_files_from_their_pages(browse):
    for address in (JSON, CSV):
        assert browse().get(address).headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("address", [JSON, CSV])
def test_the_files_ask_a_constant_number_of_queries(
    browse, django_assert_num_queries, address, number
):
    for each in range(number):
        gain = ModuleCompetenceFactory(module__number=each + 1)
        gain.module.programme.competences.add(CompetenceFactory())
        gain.module.programme.target_groups.add(TargetGroupFactory())

    with django_assert_num_queries(7):
        browse().get(address)


# When they changed


def seconds(response):
    return parse(response.headers["Last-Modified"])


def parse(text):
    return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)


def midnight():
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def test_the_last_change_is_in_the_history_of_the_catalogue(browse, staff):
    programme = ProgrammeFactory(accredited=True)
    assert seconds(browse().get(JSON)) == midnight()
    at = timezone.now() + timedelta(minutes=5)

    publish(programme, by=staff, at=at, title="Nauja", summary="S.", goal="T.")
    Event.objects.record(staff, "Ne katalogo žingsnis", by=staff, at=at + timedelta(1))

    for address in (JSON, CSV, reverse("catalogue:news"), reverse("catalogue:sitemap")):
        assert seconds(browse().get(address)) == at.replace(microsecond=0)


def test_a_change_in_the_admin_dates_the_files(browse, staff, teacher):
    programme = ProgrammeFactory(accredited=True)
    page = reverse("admin:catalogue_programme_change", args=[programme.pk])
    form = browse(staff).get(page).context["adminform"].form
    fields = {
        name: form.get_initial_for_field(f, name) for name, f in form.fields.items()
    }
    sent = {name: value for name, value in fields.items() if value not in (None, "")}
    before = seconds(browse().get(JSON))

    response = browse(staff).post(page, sent | {"provider": "Naujas teikėjas"})

    assert response.status_code == 302
    after = browse().get(JSON)
    assert after.json()["programos"][0]["teikejas"] == "Naujas teikėjas"
    assert seconds(after) > before


def test_an_unchanged_file_is_not_sent_again(browse):
    ProgrammeFactory(accredited=True)

    for address in (JSON, CSV, reverse("catalogue:calendar")):
        first = browse().get(address)
        for header, name in (
            ("If-None-Match", "ETag"),
            ("If-Modified-Since", "Last-Modified"),
        ):
            again = browse().get(address, headers={header: first.headers[name]})
            assert again.status_code == 304
            assert again.content == b""
        long_ago = http_date(0)
        again = browse().get(address, headers={"If-Modified-Since": long_ago})
        assert again.status_code == 200


def test_with_the_day_the_states_change(monkeypatch):
    now = datetime(2026, 7, 1, 21, 30, tzinfo=UTC)  # half past midnight in Vilnius
    monkeypatch.setattr(timezone, "now", lambda: now)

    assert files._last_changed() == datetime(2026, 7, 1, 21, tzinfo=UTC)


# The page


def test_the_page_explains_every_field(browse, read_json, read_csv):
    ModuleCompetenceFactory()
    text = browse().get(PAGE).text
    (programme,) = read_json()["programos"]
    (module,) = programme["moduliai"]
    explained = re.findall('<th scope="row"><code>(\\w+)</code>', text)

    assert explained == [*programme, *module]
    for heading in read_csv()[0]:
        assert f'<span class="hint">{heading}</span>' in text
    assert f'href="{JSON}"' in text and f'href="{CSV}"' in text


def test_the_terms_are_those_of_the_centre(browse, settings, read_json):
    assert "sąlygas nustato centras. Šioje svetainėje jos dar nenurodytos." in (
        browse().get(PAGE).text
    )
    assert read_json()["naudojimo_salygos"] is None

    settings.OPEN_DATA_TERMS = "Duomenis galima naudoti pagal CC BY 4.0 licenciją."

    assert settings.OPEN_DATA_TERMS in browse().get(PAGE).text
    assert read_json()["naudojimo_salygos"] == settings.OPEN_DATA_TERMS


def test_every_page_leads_to_the_data(browse):
    assert f'href="{PAGE}">Atvirieji duomenys</a>' in browse().get("/").text


def test_the_json_is_text_that_people_can_read(browse):
    ProgrammeFactory(title="Čiurlenimas", accredited=True)

    content = browse().get(JSON).content

    assert "Čiurlenimas".encode() in content
    json.loads(content)
