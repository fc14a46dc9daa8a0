from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.contenttypes.models import ContentType

from accreditation.reports import REPORTS, Filters, periods
from catalogue.models import Level, Precision
from core.models import Event
from enrolment.models import Position, Team
from tests.factories import (
    AccreditationFactory,
    CallFactory,
    CompetenceFactory,
    InstitutionFactory,
    MemberFactory,
    ModuleCompetenceFactory,
    ModuleFactory,
    ProgrammeFactory,
    TargetGroupFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

VILNIUS = ZoneInfo("Europe/Vilnius")
YEAR_2026 = Filters(since=date(2026, 1, 1), until=date(2026, 12, 31))


def at(*numbers):
    return datetime(*numbers, tzinfo=VILNIUS)


def table(slug, **filters):
    return REPORTS[slug].table(Filters(**filters))


def headings(slug):
    return [column.heading for column in REPORTS[slug].columns]


def by_heading(made, row):
    return dict(zip((column.heading for column in made.columns), row, strict=True))


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        (
            "programos",
            "Eil. Nr.; Programa; Projektas; Rengėjas; Teikėjas; Tikslinės grupės; "
            "Trukmė (akad. val.); Moduliai; Kompetencijos; Akreditacijos data; "
            "Sprendimo Nr.; Galioja nuo; Galioja iki; Būsena",
        ),
        (
            "stebesena",
            "Programa; Kvietimų; Gauta paraiškų; Patvirtinta; Rezerve; Atmesta; "
            "Grąžinta; Atsiimta; Mokyklų; Savivaldybių; Dalyvavimų; Unikalių asmenų; "
            "Vadovai; Pavaduotojai; Skyrių vedėjai; Mokytojai; Pagalbos specialistai; "
            "Savivaldybių specialistai; Centrų metodininkai; Kiti",
        ),
        (
            "atranka",
            "Eil. Nr.; Nr.; Mokykla; Savivaldybė; Tipas; Pateikta; Narių; Vadovas; "
            "Sprendimas; Priežastis; Sprendė; Data",
        ),
    ],
)
def test_columns_are_those_of_the_contract(slug, expected):
    assert "; ".join(headings(slug)) == expected


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_every_column_has_its_definition(report):
    definitions = [column.definition for column in report.columns]

    assert all(text.endswith(".") for text in definitions)
    assert len(set(definitions)) == len(definitions)


# Programos


def test_programme_with_everything_known():
    programme = ProgrammeFactory(
        title="Kūrybinės partnerystės",
        project__name="Kūrybinių partnerysčių projektas",
        author="Rengėjų centras",
        provider="Teikėjų centras",
        version__hours=40,
        target_groups=[
            TargetGroupFactory(name="Pedagogai"),
            TargetGroupFactory(name="Mokyklų vadovai"),
        ],
    )
    first = ModuleFactory(programme=programme, number=1, title="Tyrinėjančios mokyklos")
    second = ModuleFactory(programme=programme, number=2, title="Pokyčių mokyklos")
    learning, running = (
        CompetenceFactory(name="Mokymosi kompetencija"),
        CompetenceFactory(name="Šiuolaikinio valdymo kompetencija"),
    )
    ModuleCompetenceFactory(module=first, competence=learning)
    ModuleCompetenceFactory(module=second, competence=learning, level=Level.ADVANCED)
    ModuleCompetenceFactory(module=second, competence=running, level="")
    programme.competences.set([learning, CompetenceFactory(name="Čia bendroji")])
    AccreditationFactory(
        programme=programme,
        accredited_on=date(2012, 10, 19),
        order_number="V-12",
        valid_from=date(2012, 11, 1),
        valid_until=date(2015, 10, 31),
    )

    assert table("programos").rows == [
        [
            1,
            "Kūrybinės partnerystės",
            "Kūrybinių partnerysčių projektas",
            "Rengėjų centras",
            "Teikėjų centras",
            "Mokyklų vadovai; Pedagogai",
            40,
            "1. Tyrinėjančios mokyklos; 2. Pokyčių mokyklos",
            "Čia bendroji; Mokymosi kompetencija, pažengęs lygis; "
            "Mokymosi kompetencija, pradinis lygis; Šiuolaikinio valdymo kompetencija",
            date(2012, 10, 19),
            "V-12",
            date(2012, 11, 1),
            date(2015, 10, 31),
            "Akreditacija nebegalioja",
        ]
    ]


def test_what_no_source_gives_reads_so():
    ProgrammeFactory(open_ended=True, project__name="Projektas", title="Programa")

    assert table("programos").rows == [
        [1, "Programa", "Projektas"]
        + ["nenurodyta"] * 4
        + ["be modulių", "nenurodyta", date(2012, 10, 19)]
        + ["nenurodyta"] * 3
        + ["Akreditacijos galiojimo pabaiga nenurodyta"]
    ]


def test_only_public_accredited_programmes_are_listed_by_the_alphabet():
    ProgrammeFactory(title="Žalia", open_ended=True)
    ProgrammeFactory(title="Čia", open_ended=True)
    ProgrammeFactory(title="Ąžuolas", open_ended=True)
    ProgrammeFactory(title="Slapta", open_ended=True, is_public=False)
    ProgrammeFactory(title="Be teksto", open_ended=True, version=None)
    ProgrammeFactory(title="Neakredituota")

    rows = table("programos").rows

    assert [row[:2] for row in rows] == [[1, "Ąžuolas"], [2, "Čia"], [3, "Žalia"]]


@pytest.mark.parametrize(
    ("precision", "shown", "since", "until", "is_listed"),
    [
        (Precision.DAY, date(2013, 5, 15), "2013-05-15", "2013-05-15", True),
        (Precision.DAY, None, "2013-05-16", "2013-05-31", False),
        (Precision.DAY, None, "2013-05-01", "2013-05-14", False),
        (Precision.MONTH, "2013 m. gegužė", "2013-05-31", "2013-12-31", True),
        (Precision.MONTH, "2013 m. gegužė", "2013-01-01", "2013-05-01", True),
        (Precision.MONTH, None, "2013-06-01", "2013-12-31", False),
        (Precision.MONTH, None, "2013-01-01", "2013-04-30", False),
        (Precision.YEAR, "2013 m.", "2013-12-31", "2014-12-31", True),
        (Precision.YEAR, None, "2014-01-01", "2014-12-31", False),
    ],
)
def test_a_vague_accreditation_date_stays_vague(
    precision, shown, since, until, is_listed
):
    AccreditationFactory(accredited_on=date(2013, 5, 15), precision=precision)
    since, until = date.fromisoformat(since), date.fromisoformat(until)

    rows = table("programos", since=since, until=until).rows

    assert [
        by_heading(REPORTS["programos"], row)["Akreditacijos data"] for row in rows
    ] == ([shown] if is_listed else [])


def test_the_newest_accreditation_of_the_period_speaks_for_the_programme():
    programme = ProgrammeFactory()
    for year in (2012, 2020, 2016):
        AccreditationFactory(
            programme=programme,
            accredited_on=date(year, 3, 1),
            order_number=f"V-{year}",
        )

    def order_numbers(**filters):
        made = table("programos", **filters)
        return [by_heading(made, row)["Sprendimo Nr."] for row in made.rows]

    assert order_numbers() == ["V-2020"]
    assert order_numbers(until=date(2019, 12, 31)) == ["V-2016"]
    assert order_numbers(since=date(2020, 3, 2)) == []


def test_list_of_programmes_keeps_to_one():
    AccreditationFactory()
    asked = AccreditationFactory().programme

    rows = table("programos", programme=asked).rows

    assert [row[:2] for row in rows] == [[1, asked.title]]


# Stebėsena


@pytest.fixture
def two_programmes():
    """Two programmes with teams in every status, one without any, and what must not count."""
    first = ProgrammeFactory(title="Antra pagal abėcėlę", open_ended=True)
    second = ProgrammeFactory(title="Žinoma programa", open_ended=True)
    ProgrammeFactory(title="Be paraiškų", open_ended=True)
    ProgrammeFactory(title="Slapta", is_public=False)
    window = {"opens_at": at(2026, 1, 10), "closes_at": at(2026, 2, 10)}
    spring = CallFactory(programme=first, **window)
    autumn = CallFactory(
        programme=first,
        opens_at=at(2026, 9, 1),
        closes_at=at(2026, 10, 1),
        cancelled=True,
    )
    other = CallFactory(programme=second, **window)
    CallFactory(
        programme=second, opens_at=at(2024, 1, 1), closes_at=at(2025, 12, 31, 23, 59)
    )
    school, neighbour = InstitutionFactory(), InstitutionFactory()
    neighbour.municipality = school.municipality
    neighbour.save()
    january = {"submitted_at": at(2026, 1, 20), "members": 0}

    taken = TeamFactory(call=spring, institution=school, approved=True, **january)
    again = TeamFactory(
        call=autumn,
        institution=school,
        approved=True,
        submitted_at=at(2026, 9, 5),
        members=0,
    )
    near = TeamFactory(call=other, institution=neighbour, approved=True, **january)
    for status in ("reserve", "rejected", "returned", "withdrawn", "submitted"):
        team = TeamFactory(call=spring, **{status: True}, **january)
        MemberFactory(team=team, email="nepatvirtinta@pavyzdys.lt")
    TeamFactory(call=spring, rejected=True, **january)
    TeamFactory(call=spring, members=3)
    TeamFactory(call=spring, approved=True, submitted_at=at(2025, 12, 31), members=5)

    for position in Position.values:
        MemberFactory(team=taken, position=position, email=f"{position}@pavyzdys.lt")
    MemberFactory(team=again, position=Position.HEAD, email="head@pavyzdys.lt")
    MemberFactory(
        team=again,
        position=Position.OTHER,
        is_external=True,
        organisation="Švietimo centras",
    )
    MemberFactory(team=near, position=Position.TEACHER, email="head@pavyzdys.lt")
    MemberFactory(team=near, position=Position.TEACHER)
    return first, second


def test_monitoring_counts_what_a_person_would_count(two_programmes):
    made = REPORTS["stebesena"].table(YEAR_2026)

    assert [*made.rows, made.total] == [
        [
            "Antra pagal abėcėlę",
            2,
            8,
            2,
            1,
            2,
            1,
            1,
            1,
            1,
            10,
            9,
            2,
            1,
            1,
            1,
            1,
            1,
            1,
            2,
        ],
        ["Be paraiškų"] + [0] * 19,
        ["Žinoma programa", 1, 1, 1, 0, 0, 0, 0, 1, 1, 2, 2, 0, 0, 0, 2, 0, 0, 0, 0],
        ["Iš viso", 3, 9, 3, 1, 2, 1, 1, 2, 1, 12, 10, 2, 1, 1, 3, 1, 1, 1, 2],
    ]


def test_positions_add_up_to_participations_and_statuses_to_what_was_received(
    two_programmes,
):
    made = REPORTS["stebesena"].table(Filters())

    for row in made.lines():
        figures = by_heading(made, row)
        waiting = 1 if row[0] in ("Antra pagal abėcėlę", "Iš viso") else 0
        assert sum(row[12:]) == figures["Dalyvavimų"]
        assert sum(row[3:8]) + waiting == figures["Gauta paraiškų"]


def test_a_hidden_programme_is_listed_once_somebody_has_applied():
    call = CallFactory(programme__title="Paslėpta", programme__is_public=False)

    assert table("stebesena").rows == []
    TeamFactory(call=call, submitted=True)
    assert [row[0] for row in table("stebesena").rows] == ["Paslėpta"]


def test_monitoring_keeps_to_programme_municipality_and_call(two_programmes):
    first, second = two_programmes
    call = second.calls.get(opens_at=at(2026, 1, 10))
    municipality = Team.objects.get(call=call).municipality

    def figures(**filters):
        made = REPORTS["stebesena"].table(
            Filters(since=YEAR_2026.since, until=YEAR_2026.until, **filters)
        )
        return {row[0]: row[1:4] for row in made.lines()}

    assert figures(programme=first) == {
        "Antra pagal abėcėlę": [2, 8, 2],
        "Iš viso": [2, 8, 2],
    }
    assert figures(call=call) == {"Žinoma programa": [1, 1, 1], "Iš viso": [1, 1, 1]}
    assert figures(call=call, programme=first) == {"Iš viso": [0, 0, 0]}
    assert figures(municipality=municipality) == {
        "Antra pagal abėcėlę": [2, 2, 2],
        "Be paraiškų": [0, 0, 0],
        "Žinoma programa": [1, 1, 1],
        "Iš viso": [3, 3, 3],
    }


@pytest.mark.parametrize(
    "day", [date(2026, 3, 29), date(2026, 7, 1), date(2026, 10, 25)]
)
def test_a_day_lasts_from_midnight_to_midnight_in_vilnius(day):
    """Both ends count; the days when clocks are moved have 23 and 25 hours."""
    call = CallFactory(opens_at=at(2026, 1, 1), closes_at=at(2026, 12, 31))
    first = at(day.year, day.month, day.day)
    last = at(day.year, day.month, day.day, 23, 59, 59, 999999)
    moment = timedelta(microseconds=1)
    inside = [first, last]
    outside = [
        first.astimezone(UTC) - moment,
        last.astimezone(UTC) + moment,
    ]
    for submitted_at in inside + outside:
        TeamFactory(call=call, submitted=True, submitted_at=submitted_at)

    def received(**filters):
        return table("stebesena", **filters).total[2]

    assert received() == 4
    assert received(since=day, until=day) == 2
    assert received(since=day) == 3
    assert received(until=day) == 3


def test_a_call_counts_when_its_window_touches_the_period():
    CallFactory(opens_at=at(2026, 3, 10, 9), closes_at=at(2026, 3, 20, 16))

    def calls(since, until):
        return table(
            "stebesena", since=date(2026, 3, since), until=date(2026, 3, until)
        ).total[1]

    assert calls(1, 9) == 0
    assert calls(1, 10) == 1
    assert calls(12, 13) == 1
    assert calls(20, 31) == 1
    assert calls(21, 31) == 0


# Atranka


def test_protocol_of_one_call():
    call = CallFactory(opens_at=at(2026, 1, 1), closes_at=at(2026, 3, 1))
    decider = UserFactory(first_name="Ona", last_name="Sprendėja")
    school = InstitutionFactory(
        name="Ąžuolo gimnazija",
        municipality__name="Akmenės rajono savivaldybė",
        type__name="gimnazija",
    )
    facts = {
        "call": call,
        "lead_name": "Ieva Vadovė",
        "submitted_at": at(2026, 1, 20, 0, 30),
        "decided_at": at(2026, 2, 2, 0, 30),
        "decided_by": decider,
    }
    TeamFactory(
        institution=InstitutionFactory(type=None, municipality=None, name="Žemoji"),
        reserve=True,
        number=12,
        reserve_rank=2,
        note="Vietų nebeliko.",
        **facts,
    )
    approved = TeamFactory(institution=school, approved=True, number=7, **facts)
    MemberFactory(team=approved, is_external=True, organisation="Centras")
    school.name = "Pervadinta gimnazija"
    school.save()

    assert table("atranka", call=call).rows == [
        [1, 7, "Ąžuolo gimnazija", "Akmenės rajono savivaldybė", "gimnazija"]
        + [date(2026, 1, 20), 5, "Ieva Vadovė", "Patvirtinta", ""]
        + ["Ona Sprendėja", date(2026, 2, 2)],
        [2, 12, "Žemoji", "nenurodyta", "nenurodyta"]
        + [date(2026, 1, 20), 5, "Ieva Vadovė", "Rezerve, eilės Nr. 2"]
        + ["Vietų nebeliko.", "Ona Sprendėja", date(2026, 2, 2)],
    ]


def test_protocol_says_what_became_of_each_application():
    call = CallFactory(opens_at=at(2026, 1, 1), closes_at=at(2026, 3, 1))
    lead = UserFactory(email="ieva@pavyzdys.lt")
    decided = {"decided_at": at(2026, 2, 2), "decided_by": UserFactory(email="o@p.lt")}
    TeamFactory(call=call, number=1, submitted=True)
    TeamFactory(call=call, number=2, rejected=True, **decided)
    returned = TeamFactory(call=call, number=3, returned=True)
    withdrawn = TeamFactory(
        call=call,
        number=4,
        withdrawn=True,
        note="Planai.",
        lead=lead,
        lead_name="Ieva Vadovė",
        **decided,
    )
    TeamFactory(call=call)
    for team, new, day in (
        (returned, "returned", 3),
        (returned, "returned", 5),
        (withdrawn, "approved", 6),
        (withdrawn, "withdrawn", 7),
    ):
        Event.objects.record(team, "Žingsnis", by=lead, at=at(2026, 2, day), new=new)

    rows = table("atranka", call=call).rows

    assert [[row[1], *row[8:]] for row in rows] == [
        [1, "Laukia sprendimo", "", None, None],
        [
            2,
            "Atmesta",
            "Pasirengimas: Pasirengimas neaprašytas.",
            "o@p.lt",
            date(2026, 2, 2),
        ],
        [
            3,
            "Grąžinta tikslinti",
            "Trūksta duomenų: Patikslinkite motyvaciją.",
            "ieva@pavyzdys.lt",
            date(2026, 2, 5),
        ],
        [
            4,
            "Atsiimta",
            "Pasikeitė planai: Planai.",
            "Ieva Vadovė",
            date(2026, 2, 7),
        ],
    ]


def test_protocol_keeps_to_period_and_municipality():
    call = CallFactory(opens_at=at(2026, 1, 1), closes_at=at(2026, 3, 1))
    early = TeamFactory(call=call, submitted=True, submitted_at=at(2026, 1, 5))
    late = TeamFactory(call=call, submitted=True, submitted_at=at(2026, 2, 5))
    TeamFactory(submitted=True)

    def numbers(**filters):
        return [row[1] for row in table("atranka", call=call, **filters).rows]

    assert numbers() == sorted([early.number, late.number])
    assert numbers(since=date(2026, 2, 5)) == [late.number]
    assert numbers(until=date(2026, 2, 4)) == [early.number]
    assert numbers(municipality=early.municipality) == [early.number]


# What the figures are of


def test_table_says_what_its_figures_are_of():
    call = CallFactory(title="Rudens kvietimas", programme__title="Tinklai")
    made = REPORTS["stebesena"].table(
        Filters(since=date(2026, 9, 1), until=date(2027, 8, 31), call=call)
    )

    about = dict(made.about)
    assert about.pop("Eilutė „Iš viso“").startswith("eilučių suma")
    assert about == {
        "Ataskaita": "Programų įgyvendinimo stebėsena",
        "Laikotarpis": "2026-09-01 – 2027-08-31",
        "Laikotarpis taikomas": "pagal paraiškos pirmo pateikimo datą",
        "Kvietimas": "Rudens kvietimas (Tinklai)",
        "Programa": "visos",
        "Savivaldybė": "visos",
    }


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "visas laikas"),
        ({"since": date(2026, 9, 1)}, "nuo 2026-09-01"),
        ({"until": date(2026, 9, 1)}, "iki 2026-09-01"),
    ],
)
def test_open_ended_period_is_named(filters, expected):
    assert dict(table("programos", **filters).about)["Laikotarpis"] == expected


@pytest.mark.parametrize(
    ("today", "newest"),
    [
        (date(2026, 8, 31), "2025–2026 m. m."),
        (date(2026, 9, 1), "2026–2027 m. m."),
    ],
)
def test_school_year_turns_on_the_first_of_september(today, newest):
    year = periods.school_years(today)[0]

    assert year.name == newest
    assert (year.since.month, year.since.day) == (9, 1)
    assert (year.until.month, year.until.day) == (8, 31)
    assert year.since <= today <= year.until
    assert [one.name for one in periods.calendar_years(today)] == [
        "2026 m.",
        "2025 m.",
        "2024 m.",
    ]


# Queries


@pytest.mark.parametrize(
    ("slug", "expected"), [("programos", 6), ("stebesena", 6), ("atranka", 2)]
)
@pytest.mark.parametrize("size", [1, 3])
def test_number_of_queries_does_not_grow(
    slug, expected, size, django_assert_num_queries
):
    call = CallFactory()
    TeamFactory.create_batch(size, call=call, approved=True)
    TeamFactory.create_batch(size, call=call, returned=True)
    for _ in range(size):
        module = ModuleFactory()
        ModuleCompetenceFactory(module=module)
        TeamFactory(call__programme=module.programme, approved=True)
    for team in Team.objects.all():
        Event.objects.record(
            team, "Žingsnis", by=UserFactory(), at=at(2026, 2, 1), new=team.status
        )
    ContentType.objects.get_for_model(Team)  # kept by the process

    with django_assert_num_queries(expected):
        table(slug, call=call if slug == "atranka" else None)
