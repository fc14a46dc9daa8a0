import stat
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.factories import CallFactory, TeamFactory

pytestmark = pytest.mark.django_db

VILNIUS = ZoneInfo("Europe/Vilnius")


def export(slug, path, format="csv", **options):
    call_command("export_report", slug, format=format, output=str(path), **options)
    return path.read_bytes()


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("slug", ["programos", "stebesena", "atranka"])
def test_command_and_web_write_the_same_bytes(browse, staff, tmp_path, slug, format):
    call = CallFactory(programme__accredited=True)
    team = TeamFactory(
        call=call,
        approved=True,
        submitted_at=datetime(2026, 1, 20, tzinfo=VILNIUS),
        institution__name="=1+1",
    )
    TeamFactory(call=call, approved=True)
    given = {
        "nuo": "2012-01-01",
        "iki": "2026-01-20",
        "programa": call.programme.slug,
        "savivaldybe": team.municipality.code,
        "kvietimas": str(call.pk),
    }

    web = browse(staff).get(
        reverse(f"accreditation:report_{format}", args=[slug]), given
    )

    assert web.status_code == 200
    assert export(slug, tmp_path / "failas", format, **given) == web.content


def test_command_without_filters_takes_everything(browse, staff, tmp_path):
    TeamFactory(approved=True)

    web = browse(staff).get(reverse("accreditation:report_csv", args=["stebesena"]))

    assert export("stebesena", tmp_path / "failas.csv") == web.content


@pytest.mark.parametrize(
    ("slug", "options", "message"),
    [
        ("nera", {}, "Ataskaitos „nera“ nėra. Yra: programos, stebesena, atranka."),
        ("stebesena", {"format": "pdf"}, "Formato „pdf“ nėra. Yra: csv, xlsx."),
        ("stebesena", {"nuo": "vakar"}, "Nuo: Įrašykite datą taip: 2026-03-15."),
        ("atranka", {}, "Kvietimas: Pasirinkite iš sąrašo."),
        (
            "stebesena",
            {"nuo": "2026-02-01", "iki": "2026-01-01"},
            "Iki: Pabaiga negali būti ankstesnė už pradžią (2026-02-01).",
        ),
        (
            "stebesena",
            {"programa": "nera", "savivaldybe": "xx"},
            "Programa: Tokios programos nėra. Pasirinkite iš sąrašo.\n"
            "Savivaldybė: Tokios savivaldybės nėra. Pasirinkite iš sąrašo.",
        ),
    ],
)
def test_command_says_in_lithuanian_what_is_wrong(tmp_path, slug, options, message):
    with pytest.raises(CommandError) as refused:
        export(slug, tmp_path / "failas", **options)

    assert str(refused.value) == message
    assert list(tmp_path.iterdir()) == []


def test_command_tells_of_a_filter_that_does_not_apply(tmp_path, capsys):
    export("programos", tmp_path / "failas.csv", savivaldybe="13")

    told = capsys.readouterr()
    assert told.err == "Filtras „Savivaldybė“ šiai ataskaitai netaikomas.\n"
    assert told.out == f"Įrašyta: {tmp_path / 'failas.csv'}\n"


def test_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "failas.csv"
    path.write_bytes(b"senas")

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", lambda *args: (_ for _ in ()).throw(OSError()))
        with pytest.raises(CommandError, match="įrašyti nepavyko"):
            export("stebesena", path)
    assert path.read_bytes() == b"senas"
    assert list(tmp_path.iterdir()) == [path]

    assert export("stebesena", path).startswith(b"\xef\xbb\xbfPrograma;")
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_folder_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "nera" / "failas.csv"

    with pytest.raises(CommandError) as refused:
        export("stebesena", path)

    assert str(refused.value).startswith(f"Failo „{path}“ įrašyti nepavyko")
