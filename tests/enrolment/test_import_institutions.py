from datetime import date
from io import StringIO
from threading import Event, Thread
from time import sleep

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core.models import Event as HistoryEvent
from core.models import InstitutionType
from enrolment import importing, register
from enrolment.importing import SAMPLE, NotLoaded, import_institutions
from enrolment.models import Institution
from enrolment.register import COLUMNS, MAX_BYTES, BrokenFile
from tests.factories import InstitutionFactory, TeamFactory

GOOD, OTHER_GOOD, WRONG_DIGIT = "999001005", "999001076", "999001006"


@pytest.fixture
def loaded(db):
    call_command("load_catalogue", stdout=StringIO())


def row(**cells):
    """A faultless row of a Vilnius gymnasium, with the given cells instead."""
    return {
        "ins_id": "9900001",
        "ins_kodas": GOOD,
        "ins_pavad_lt": "Pavyzdinė Ąžuolų gimnazija",
        "ins_pagr_tipas": "Gimnazija",
        "savivaldybe": "13",
        "sav_pav": "Vilniaus m. sav.",
        **cells,
    }


def file(*rows, delimiter=";", bom="", end="\r\n"):
    """The bytes of an official file with these rows; a string is a line as it is."""
    lines = [
        line
        if isinstance(line, str)
        else delimiter.join(line.get(column, "") for column in COLUMNS)
        for line in rows
    ]
    return (bom + end.join([delimiter.join(COLUMNS), *lines, ""])).encode()


def notes(notes):
    return [(note.line, note.text) for note in notes]


def everything():
    return list(Institution.objects.order_by("pk").values())


# What goes in


def test_a_row_becomes_an_institution(loaded):
    content = file(
        row(
            ins_motin_id="9900000",
            ins_ireg_smir_data="1995-09-01",
            ins_isreg_smir_data="2020-08-31",
        )
    )

    import_institutions(content)

    institution = Institution.objects.get()
    assert institution.ins_id == "9900001"
    assert institution.code == GOOD
    assert institution.name == "Pavyzdinė Ąžuolų gimnazija"
    assert institution.type.slug == "gimnazija"
    assert institution.municipality.code == "13"
    assert institution.parent_ins_id == "9900000"
    assert institution.registered_on == date(1995, 9, 1)
    assert institution.closed_on == date(2020, 8, 31)
    assert institution.is_confirmed
    assert institution.folded == f"pavyzdine azuolu gimnazija {GOOD}"
    assert institution.normalised_name == "pavyzdine azuolu gimnazija"
    assert institution.sort_key


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_dress_of_the_official_file_is_read(loaded, delimiter, bom, end):
    report = import_institutions(file(row(), delimiter=delimiter, bom=bom, end=end))

    assert len(report.created) == 1
    assert Institution.objects.get().name == "Pavyzdinė Ąžuolų gimnazija"


def test_columns_may_come_in_another_order_and_more_of_them(loaded):
    header = ";".join([*reversed(COLUMNS), "nauja"])
    cells = ";".join([*(row().get(column, "") for column in reversed(COLUMNS)), "?"])

    import_institutions(f"{header}\n{cells}\n".encode())

    assert Institution.objects.get().ins_id == "9900001"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Vilniaus  muzikos   mokykla", "Vilniaus muzikos mokykla"),
        ('"Mokykla &amp;quot;Lyra&amp;quot;"', "Mokykla „Lyra“"),
        ('"Meno &amp;amp; muzikos mokykla"', "Meno & muzikos mokykla"),
        ('"Mokykla ""Lyra"""', "Mokykla „Lyra“"),
        ('Mokykla "Lyra"', "Mokykla „Lyra“"),
        ("Mokykla ,,Lyra''", "Mokykla „Lyra“"),
        ("Mokykla „Lyra“", "Mokykla „Lyra“"),
        ("Mokykla Lyra“", "Mokykla Lyra"),
        ('"Mokykla\r\nLyra"', "Mokykla Lyra"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("+370 mokykla", "+370 mokykla"),
    ],
)
def test_a_name_is_put_right(loaded, written, read):
    import_institutions(file(row(ins_pavad_lt=written)))

    assert Institution.objects.get().name == read


@pytest.mark.parametrize("misread_as", ["cp1257", "cp1252", "latin-1"])
def test_utf_8_that_was_read_with_a_wrong_code_page_is_repaired(loaded, misread_as):
    letter_of = {byte: char for char, byte in register._bytes_of(misread_as).items()}
    name = "Šiaulių „Žąselės“ mokykla-darželis ĄČĘĖĮŠŲŪŽ"
    misread = "".join(letter_of[bytes([byte])] for byte in name.encode())

    report = import_institutions(file(row(ins_pavad_lt=misread)))

    assert Institution.objects.get().name == name
    assert notes(report.warnings) == [
        ("2", "pavadinimo raidės buvo sugadintos ir atkurtos")
    ]


def test_baltic_text_that_was_read_as_western_is_repaired(loaded):
    import_institutions(file(row(ins_pavad_lt="Ðiauliø Þemynos mokykla")))

    assert Institution.objects.get().name == "Šiaulių Žemynos mokykla"


@pytest.mark.parametrize(
    "name", ["Šilo „Ąžuoliuko“ mokykla", "„ABČ“", "DÄ“", "Łódź", "Café „Žiogas“"]
)
def test_repair_leaves_right_text_alone(name):
    assert register.repair(name) == name


def test_letters_that_may_be_misread_are_warned_about(loaded):
    report = import_institutions(file(row(ins_pavad_lt="Kauno Saulës mokykla")))

    assert notes(report.warnings) == [("2", "pavadinime yra neįprastų raidžių: ë")]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2012-10-19", date(2012, 10, 19)),
        ("2012.10.19", date(2012, 10, 19)),
        ("2012/10/19", date(2012, 10, 19)),
        ("20121019", date(2012, 10, 19)),
        ("2012-10-19 00:00:00", date(2012, 10, 19)),
        ("2012-10-19 00:00:00.000", date(2012, 10, 19)),
        ("2012-10-19T00:00:00", date(2012, 10, 19)),
        ("2012-10-18T21:00:00Z", date(2012, 10, 19)),
        ("", None),
    ],
)
def test_dates_are_read_in_the_formats_seen(written, read):
    assert register.day(written) == read


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("13", "Vilniaus m. sav."),
        ("13", ""),
        ("", "Vilniaus m. sav."),
        ("", "VILNIAUS MIESTO SAVIVALDYBĖ"),
        ("", "Vilniaus m.sav."),
    ],
)
def test_the_municipality_is_told_by_code_or_by_either_name(loaded, code, name):
    report = import_institutions(file(row(savivaldybe=code, sav_pav=name)))

    assert Institution.objects.get().municipality.code == "13"
    assert report.warnings == []


@pytest.mark.parametrize(
    ("code", "name", "taken"),
    [
        ("13", "Kauno m. sav.", "Vilniaus miesto savivaldybė"),
        ("13", "Marso sav.", "Vilniaus miesto savivaldybė"),
        ("99", "Kauno m. sav.", "Kauno miesto savivaldybė"),
    ],
)
def test_a_municipality_told_in_two_ways_is_warned_about(loaded, code, name, taken):
    report = import_institutions(file(row(savivaldybe=code, sav_pav=name)))

    assert Institution.objects.get().municipality.name == taken
    assert notes(report.warnings) == [
        (
            "2",
            f"savivaldybės kodas „{code}“ ir pavadinimas „{name}“ nesutampa; "
            f"įrašyta {taken}",
        )
    ]


@pytest.mark.parametrize(
    ("kind", "group", "slug"),
    [
        ("Pradinės mokyklos", "", "pradine-mokykla"),
        ("PROGIMNAZIJA", "", "progimnazija"),
        ("Mokyklos-darželiai", "", "mokykla-darzelis"),
        ("Daugiafunkciai centrai", "", "daugiafunkcis-centras"),
        ("Suaugusiųjų mokyklos", "", "suaugusiuju-mokykla"),
        ("Specialiosios mokyklos ir ugdymo centrai", "", "specialioji-mokykla"),
        (
            "Neformaliojo vaikų švietimo mokykla ir formalųjį švietimą papildančio "
            "ugdymo mokykla",
            "",
            "neformaliojo-svietimo-mokykla",
        ),
        ("", "Ikimokyklinio ugdymo mokyklos", "ikimokyklinio-ugdymo-mokykla"),
        ("Kita", "", "kita"),
    ],
)
def test_types_are_known_in_singular_and_plural(loaded, kind, group, slug):
    report = import_institutions(file(row(ins_pagr_tipas=kind, ins_pask_grupe=group)))

    assert Institution.objects.get().type.slug == slug
    assert not report.unknown_types


def test_unknown_types_become_other_and_are_counted(loaded):
    content = file(
        row(ins_id="1", ins_pagr_tipas="Jūrinio ugdymo centras"),
        row(ins_id="2", ins_pagr_tipas="Jūrinio ugdymo centras"),
        row(ins_id="3", ins_pagr_tipas="Laivas", ins_pask_grupe="Kita"),
        row(ins_id="4", ins_pagr_tipas=""),
    )

    report = import_institutions(content)

    kinds = Institution.objects.values_list("type__slug", flat=True)
    assert list(kinds) == [InstitutionType.OTHER] * 4
    assert report.unknown_types == {
        "Jūrinio ugdymo centras": 2,
        "Laivas": 1,
        "(tipas nenurodytas)": 1,
    }


def test_every_type_of_the_import_is_loaded_with_the_catalogue(loaded):
    slugs = InstitutionType.objects.values_list("slug", flat=True)

    assert set(importing.TYPES) == set(slugs)


def test_a_wrong_check_digit_is_only_a_warning(loaded):
    report = import_institutions(file(row(ins_kodas=WRONG_DIGIT)))

    assert Institution.objects.get().code == WRONG_DIGIT
    assert notes(report.warnings) == [
        ("2", f"kodo {WRONG_DIGIT} kontrolinis skaitmuo neteisingas")
    ]


@pytest.mark.parametrize("code", ["2147483647", "0", "000000000", "12345", "abc"])
def test_a_useless_code_is_left_out_when_ins_id_tells_the_row(loaded, code):
    report = import_institutions(file(row(ins_kodas=code)))

    assert Institution.objects.get().code == ""
    assert notes(report.warnings) == [
        ("2", f"kodas „{code}“ netinkamas; įrašyta be kodo")
    ]


def test_subdivisions_share_the_code_of_the_parent(loaded):
    content = file(
        row(ins_id="1"),
        row(ins_id="2", ins_motin_id="1"),
        row(ins_id="", ins_pavad_lt="Pavyzdinės gimnazijos skyrius"),
    )

    report = import_institutions(content)

    assert len(report.created) == 3
    assert set(Institution.objects.values_list("code", flat=True)) == {GOOD}
    assert notes(report.warnings) == [
        (
            "4",
            "tą patį kodą turi „Pavyzdinė Ąžuolų gimnazija“: įrašyta kaip atskira įstaiga",
        )
    ]


# The second time


@pytest.mark.parametrize("ins_id", ["9900001", ""])
def test_a_second_run_changes_nothing(loaded, ins_id, django_assert_num_queries):
    content = file(row(ins_id=ins_id, ins_ireg_smir_data="1995-09-01"))
    import_institutions(content)
    before = everything()

    with django_assert_num_queries(5):  # savepoint, three reads, release
        report = import_institutions(content)

    assert everything() == before
    assert (report.created, report.updated, report.closed) == ([], [], [])
    assert report.unchanged == 1


def test_a_renamed_institution_is_updated_and_teams_keep_the_old_name(loaded):
    import_institutions(file(row()))
    team = TeamFactory(institution=Institution.objects.get())

    report = import_institutions(
        file(
            row(ins_pavad_lt="Pavyzdinė Beržų gimnazija", savivaldybe="19", sav_pav="")
        )
    )

    institution = Institution.objects.get()
    team.refresh_from_db()
    assert institution.name == "Pavyzdinė Beržų gimnazija"
    assert institution.folded == f"pavyzdine berzu gimnazija {GOOD}"
    assert institution.normalised_name == "pavyzdine berzu gimnazija"
    assert list(Institution.objects.matching("beržų")) == [institution]
    assert institution.municipality.code == "19"
    assert team.institution_name == "Pavyzdinė Ąžuolų gimnazija"
    assert notes(report.updated) == [("2", "pavadinimas, savivaldybė")]
    assert not HistoryEvent.objects.about(institution).exists()


def test_a_closed_institution_stays_and_is_no_longer_offered(loaded):
    import_institutions(file(row()))

    report = import_institutions(file(row(ins_isreg_smir_data="2020-08-31")))

    assert Institution.objects.get().closed_on == date(2020, 8, 31)
    assert not Institution.objects.choosable().exists()
    assert notes(report.closed) == [("2", "išregistruota")]
    assert report.updated == []


def test_an_empty_cell_erases_nothing(loaded):
    full = row(
        ins_motin_id="9900000",
        ins_ireg_smir_data="1995-09-01",
        ins_isreg_smir_data="2020-08-31",
    )
    import_institutions(file(full))
    before = everything()

    report = import_institutions(file(row(ins_kodas="", ins_pagr_tipas="Laivas")))

    assert everything() == before
    assert report.unchanged == 1


def test_a_row_that_got_its_ins_id_is_the_same_institution(loaded):
    import_institutions(file(row(ins_id="", ins_pavad_lt='Mokykla "Lyra"')))

    report = import_institutions(file(row(ins_pavad_lt="Mokykla  „LYRA“")))

    institution = Institution.objects.get()
    assert (institution.ins_id, institution.name) == ("9900001", "Mokykla „LYRA“")
    assert notes(report.updated) == [("2", "registro Nr. (ins_id), pavadinimas")]


def test_a_list_without_ins_id_finds_the_institution_that_has_one(loaded):
    import_institutions(file(row()))

    report = import_institutions(file(row(ins_id="")))

    assert Institution.objects.get().ins_id == "9900001"
    assert report.unchanged == 1


def test_institutions_that_the_file_does_not_name_stay(loaded):
    import_institutions(file(row()))

    import_institutions(file(row(ins_id="2", ins_kodas=OTHER_GOOD)))

    assert Institution.objects.choosable().count() == 2


def test_what_an_applicant_typed_is_left_for_staff(loaded):
    claim = InstitutionFactory(
        name="Pavyzdinė Ąžuolų gimnazija", code=GOOD, is_confirmed=False
    )

    report = import_institutions(file(row()))

    claim.refresh_from_db()
    assert (claim.ins_id, claim.is_confirmed) == (None, False)
    assert len(report.created) == 1


def test_an_institution_without_a_type_gets_one(loaded):
    institution = InstitutionFactory(ins_id="9900001", type=None)

    import_institutions(file(row(ins_pagr_tipas="Laivas")))

    institution.refresh_from_db()
    assert institution.type.slug == InstitutionType.OTHER


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_at_once_the_second_sees_the_first(loaded):
    content = file(row(ins_id=""))
    written, reports = Event(), {}

    def first():
        with transaction.atomic():
            reports["first"] = import_institutions(content)
            written.set()
            sleep(0.5)  # the second one starts while this is not yet committed
        connection.close()

    def second():
        written.wait()
        reports["second"] = import_institutions(content)
        connection.close()

    threads = [Thread(target=first), Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Institution.objects.count() == 1
    assert len(reports["first"].created) == 1
    assert reports["second"].unchanged == 1


# What does not


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"ins_pavad_lt": " "}, "pavadinimas nenurodytas"),
        ({"ins_pavad_lt": "A" * 10_000}, "pavadinimas ilgesnis nei 300 ženklų"),
        ({"ins_pavad_lt": "Mok\u202eykla"}, "pavadinime yra nematomų valdymo ženklų"),
        ({"ins_pavad_lt": "Mok\x07ykla"}, "pavadinime yra nematomų valdymo ženklų"),
        ({"ins_pavad_lt": "TEST įstaiga"}, "bandomasis įrašas"),
        ({"ins_pavad_lt": "Testinė mokykla"}, "bandomasis įrašas"),
        (
            {"ins_pavad_lt": "Vilniaus ?emynos mokykla"},
            "sugadintos ir neatkuriamos raidės: „Vilniaus ?emynos mokykla“",
        ),
        (
            {"ins_pavad_lt": "Kauno \ufffdilo mokykla"},
            "sugadintos ir neatkuriamos raidės: „Kauno \ufffdilo mokykla“",
        ),
        ({"savivaldybe": "", "sav_pav": ""}, "savivaldybė nenurodyta"),
        (
            {"savivaldybe": "99", "sav_pav": "Marso sav."},
            "nežinoma savivaldybė „99 Marso sav.“",
        ),
        ({"ins_id": "", "ins_kodas": ""}, "nėra nei ins_id, nei kodo"),
        (
            {"ins_id": "0", "ins_kodas": "2147483647"},
            "nėra ins_id, o kodas „2147483647“ netinkamas",
        ),
        ({"ins_id": "12a"}, "netinkamas registro numeris „12a“"),
        ({"ins_ireg_smir_data": "19.10.2012"}, "netinkama data „19.10.2012“"),
        ({"ins_isreg_smir_data": "2012-13-01"}, "netinkama data „2012-13-01“"),
        (
            {"ins_ireg_smir_data": "2012-10-19", "ins_isreg_smir_data": "2012-10-18"},
            "išregistruota (2012-10-18) anksčiau, nei įregistruota (2012-10-19)",
        ),
    ],
)
def test_a_bad_row_is_listed_and_the_others_go_in(loaded, cells, reason):
    content = file(row(ins_id="1"), row(**{"ins_id": "2", **cells}), row(ins_id="3"))

    report = import_institutions(content)

    assert notes(report.rejected) == [("3", reason)]
    taken = Institution.objects.order_by("pk").values_list("ins_id", flat=True)
    assert list(taken) == ["1", "3"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2;tik du", "stulpelių yra 2, o turi būti 16"),
        (';1;"Lyra" mokykla;' + ";" * 12, "netvarkingos kabutės"),
    ],
)
def test_an_unreadable_record_costs_only_itself(loaded, line, reason):
    report = import_institutions(file(row(ins_id="1"), line, row(ins_id="3")))

    assert notes(report.rejected) == [("3", reason)]
    assert Institution.objects.count() == 2


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_counted_as_an_editor_shows_them(loaded, end):
    split = f'"Pavyzdinė{end}Ąžuolų{end}gimnazija"'
    content = file(
        row(ins_id="1", ins_pavad_lt=split),
        "",
        row(ins_id="2", ins_pavad_lt=split, savivaldybe="", sav_pav=""),
        row(ins_id="3", ins_pavad_lt=""),
        end=end,
    )

    report = import_institutions(content)

    assert [note.line for note in report.created] == ["2–4"]
    assert [note.line for note in report.rejected] == ["6–8", "9"]


@pytest.mark.parametrize("ins_id", ["9900001", ""])
def test_a_repeated_row_is_rejected_with_the_line_of_the_first(loaded, ins_id):
    content = file(row(), row(ins_id="2", ins_kodas=OTHER_GOOD), row(ins_id=ins_id))

    first = import_institutions(content)
    again = import_institutions(content)

    assert Institution.objects.count() == 2
    for report in (first, again):
        assert notes(report.rejected) == [
            ("4", "kartojasi: ta pati įstaiga yra 2 eilutėje")
        ]


def test_a_repeated_row_is_known_after_the_first_one_changed_something(loaded):
    import_institutions(file(row()))

    report = import_institutions(
        file(row(ins_isreg_smir_data="2020-08-31"), row(ins_id=""))
    )

    assert notes(report.rejected) == [
        ("3", "kartojasi: ta pati įstaiga yra 2 eilutėje")
    ]


def test_closing_before_the_known_registration_is_rejected(loaded):
    import_institutions(file(row(ins_ireg_smir_data="2012-10-19")))

    report = import_institutions(file(row(ins_isreg_smir_data="2012-10-18")))

    assert len(report.rejected) == 1
    assert Institution.objects.get().closed_on is None


def test_a_row_that_fits_several_institutions_is_rejected(loaded):
    for _ in range(2):
        InstitutionFactory(name="Pavyzdinė Ąžuolų gimnazija", code=GOOD)

    report = import_institutions(file(row()))

    assert notes(report.rejected) == [
        ("2", "tokį kodą ir pavadinimą portale turi kelios įstaigos")
    ]


def test_an_ins_id_that_a_claim_holds_is_rejected(loaded):
    InstitutionFactory(ins_id="9900001", is_confirmed=False)

    report = import_institutions(file(row()))

    assert notes(report.rejected) == [
        ("2", "šį ins_id turi su registru dar nesutikrinta įstaiga")
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Failas tuščias."),
        (b" \r\n", "Failas tuščias."),
        (b"PK\x03\x04\x00\x00", "Tai ne tekstinis CSV failas."),
        (
            file(row()).decode().encode("cp1257"),
            "Failas ne UTF-8 koduotės (2 eilutė). Išsaugokite jį kaip UTF-8.",
        ),
        (
            file(),
            "Faile yra tik antraštė: nėra nė vienos įstaigos.",
        ),
        (
            b"vardas;kodas\r\nA;1\r\n",
            "Pirmoje eilutėje nėra įstaigų registro atvirų duomenų antraštės "
            "(ins_id, ins_kodas, ins_pavad_lt…), atskirtos kableliais arba kabliataškiais.",
        ),
        (
            b"x" * 200_000,
            "Pirmoje eilutėje nėra įstaigų registro atvirų duomenų antraštės "
            "(ins_id, ins_kodas, ins_pavad_lt…), atskirtos kableliais arba kabliataškiais.",
        ),
        (
            ";".join(COLUMNS[:-2]).encode(),
            "Antraštėje trūksta stulpelių: gyvenamoji_vietove, koord.",
        ),
        (
            ";".join([*COLUMNS, "koord"]).encode(),
            "Antraštėje stulpelio pavadinimas kartojasi.",
        ),
        (
            file(row(), row(ins_id="2", ins_pavad_lt='"Lyra')),
            "Nuo 3 eilutės atidarytos kabutės neuždarytos: failas nutrūkęs arba sugadintas.",
        ),
        (
            file(
                row(),
                row(ins_id="2", ins_pavad_lt='"Lyra'),
                row(ins_id="3"),
                row(ins_id="4", ins_pavad_lt='"Aidas"'),
            ),
            "Nuo 3 eilutės atidarytos kabutės neuždarytos: failas nutrūkęs arba sugadintas.",
        ),
        (
            file(row(), row(ins_pavad_lt='"Lyra'), 'Aidas";ir kita'),
            "Nuo 3 eilutės atidarytos kabutės neuždarytos: failas nutrūkęs arba sugadintas.",
        ),
        (b"x" * (MAX_BYTES + 1), "Failas per didelis: daugiausia 20 MB."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_file_changes_nothing(loaded, content, message):
    with pytest.raises(BrokenFile) as caught:
        import_institutions(content)

    assert str(caught.value) == message
    assert not Institution.objects.exists()


def test_nothing_goes_in_before_the_catalogue_is_loaded(db):
    with pytest.raises(NotLoaded, match="load_catalogue"):
        import_institutions(file(row()))

    assert not Institution.objects.exists()


def test_queries_do_not_grow_with_the_rows(loaded, django_assert_num_queries):
    def content(rows):
        return file(*(row(ins_id=str(number)) for number in range(1, rows + 1)))

    with django_assert_num_queries(6):
        import_institutions(content(3))
    with django_assert_num_queries(6):
        import_institutions(content(30))


# The command


def run(path, *args):
    out = StringIO()
    call_command("import_institutions", str(path), *args, stdout=out)
    return out.getvalue()


def test_the_shipped_sample_goes_in_whole(loaded):
    first = run(SAMPLE)
    second = run(SAMPLE)

    assert first == (
        "Nežinomi tipai (įrašyta „kita“):\n"
        "  Jūrinio ugdymo centras: 1\n"
        "Sukurta: 31. Atnaujinta: 0. Išregistruota: 0. Nepakito: 0. Atmesta: 0. "
        "Įspėjimų: 0.\n"
    )
    assert second.endswith(
        "Sukurta: 0. Atnaujinta: 0. Išregistruota: 0. Nepakito: 31. Atmesta: 0. "
        "Įspėjimų: 0.\n"
    )
    assert Institution.objects.count() == 31
    assert Institution.objects.filter(name__contains="(išgalvota)").count() == 31


def test_the_command_says_what_it_did(loaded, tmp_path):
    path = tmp_path / "registras.csv"
    path.write_bytes(file(row(ins_id="1"), row(ins_id="2", ins_kodas=OTHER_GOOD)))
    run(path)
    path.write_bytes(
        file(
            row(ins_id="1", ins_pavad_lt="Pavyzdinė Beržų gimnazija"),
            row(ins_id="2", ins_kodas="0", ins_isreg_smir_data="2020-08-31"),
            row(ins_id="3", ins_kodas="5"),
            row(ins_id="4", ins_pavad_lt="Test\x1b[31m"),
        )
    )

    said = run(path, "-v", "2")

    assert said == (
        "Sukurtos:\n"
        "  4 eil. Pavyzdinė Ąžuolų gimnazija\n"
        "Atnaujintos:\n"
        "  2 eil. Pavyzdinė Beržų gimnazija: pavadinimas\n"
        "Išregistruotos:\n"
        "  3 eil. Pavyzdinė Ąžuolų gimnazija: išregistruota\n"
        "Atmestos eilutės:\n"
        "  5 eil. Test [31m: pavadinime yra nematomų valdymo ženklų\n"
        "Įspėjimai:\n"
        "  3 eil. Pavyzdinė Ąžuolų gimnazija: kodas „0“ netinkamas; įrašyta be kodo\n"
        "  4 eil. Pavyzdinė Ąžuolų gimnazija: kodas „5“ netinkamas; įrašyta be kodo\n"
        "Sukurta: 1. Atnaujinta: 1. Išregistruota: 1. Nepakito: 0. Atmesta: 1. "
        "Įspėjimų: 2.\n"
    )


def test_a_dry_run_says_the_same_and_changes_nothing(loaded, tmp_path):
    path = tmp_path / "registras.csv"
    path.write_bytes(file(row()))

    tried = run(path, "--dry-run")
    assert not Institution.objects.exists()
    done = run(path)

    assert tried == done + "Tai buvo bandymas: niekas nepakeista.\n"


@pytest.mark.parametrize("path", ["/", "nera.csv"])
def test_a_path_that_is_no_file_is_refused(loaded, path):
    with pytest.raises(CommandError) as caught:
        run(path)

    assert str(caught.value) == (
        f"Failo „{path}“ perskaityti nepavyko. Niekas nepakeista."
    )


def test_a_broken_file_is_refused_in_lithuanian(loaded, tmp_path):
    path = tmp_path / "registras.csv"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(CommandError) as caught:
        run(path)

    assert str(caught.value) == (
        "Failas ne UTF-8 koduotės (1 eilutė). Išsaugokite jį kaip UTF-8. "
        "Niekas nepakeista."
    )
