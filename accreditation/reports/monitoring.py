"""„Programų įgyvendinimo stebėsena“: who applied, who was taken, who takes part."""

from django.db.models import Count, F, Q

from accreditation.reports.base import TOTAL, Filters, Report
from catalogue.models import Call, Programme
from core.exports import Column
from enrolment.models import Member, Position, Team, TeamStatus

_PROGRAMME = F("call__programme")
_APPROVED = Q(status=TeamStatus.APPROVED)

# Columns in their order, each with what it counts.
_OF_TEAMS = {
    "received": Count("pk"),
    "approved": Count("pk", filter=_APPROVED),
    "reserve": Count("pk", filter=Q(status=TeamStatus.RESERVE)),
    "rejected": Count("pk", filter=Q(status=TeamStatus.REJECTED)),
    "returned": Count("pk", filter=Q(status=TeamStatus.RETURNED)),
    "withdrawn": Count("pk", filter=Q(status=TeamStatus.WITHDRAWN)),
    "institutions": Count("institution", filter=_APPROVED, distinct=True),
    "municipalities": Count("municipality", filter=_APPROVED, distinct=True),
}
_OF_MEMBERS = {
    "participations": Count("pk"),
    "persons": Count("email", distinct=True),
    **{
        f"position_{position}": Count("pk", filter=Q(position=position))
        for position in Position.values
    },
}
_FIGURES = ("calls", *_OF_TEAMS, *_OF_MEMBERS)
# Counted anew for the whole: a school in two programmes is still one school.
_UNIQUE_TEAMS = ("institutions", "municipalities")
_UNIQUE_MEMBERS = ("persons",)


def rows(filters: Filters):
    """One row a programme. Figures come in three queries, each without fan-out."""
    calls = _by_programme(
        _calls(filters).annotate(of=F("programme")), {"calls": Count("pk")}
    )
    teams = _by_programme(_teams(filters).annotate(of=_PROGRAMME), _OF_TEAMS)
    members = _by_programme(
        _members(filters).annotate(of=F("team__call__programme")), _OF_MEMBERS
    )
    return [
        _row(title, calls.get(pk, {}) | teams.get(pk, {}) | members.get(pk, {}))
        for pk, title in _programmes(filters, teams)
    ]


def totals(filters: Filters, rows):
    """The sums of the rows above, but what is unique is unique over the whole."""
    unique = _teams(filters).aggregate(
        **{name: _OF_TEAMS[name] for name in _UNIQUE_TEAMS}
    ) | _members(filters).aggregate(
        **{name: _OF_MEMBERS[name] for name in _UNIQUE_MEMBERS}
    )
    sums = {
        name: sum(row[place] for row in rows)
        for place, name in enumerate(_FIGURES, start=1)
    }
    return _row(TOTAL, sums | unique)


def _row(title, figures):
    return [title, *(figures.get(name, 0) for name in _FIGURES)]


def _by_programme(objects, figures):
    return {
        row.pop("of"): row
        for row in objects.order_by().values("of").annotate(**figures)
    }


def _programmes(filters, with_teams):
    """The public ones, and a hidden one only if there is something to tell about it."""
    programmes = Programme.objects.filter(
        Q(is_public=True, published__isnull=False) | Q(pk__in=list(with_teams))
    )
    if filters.programme:
        programmes = programmes.filter(pk=filters.programme.pk)
    if filters.call:
        programmes = programmes.filter(pk=filters.call.programme_id)
    return programmes.values_list("pk", "title")


def _calls(filters):
    calls = Call.objects.filter(filters.touching("opens_at", "closes_at"))
    if filters.programme:
        calls = calls.filter(programme=filters.programme)
    if filters.call:
        calls = calls.filter(pk=filters.call.pk)
    return calls


def _teams(filters):
    teams = Team.objects.handed_in().filter(filters.holding("submitted_at"))
    if filters.programme:
        teams = teams.filter(call__programme=filters.programme)
    if filters.call:
        teams = teams.filter(call=filters.call)
    if filters.municipality:
        teams = teams.filter(municipality=filters.municipality)
    return teams


def _members(filters):
    return Member.objects.filter(team__in=_teams(filters).filter(_APPROVED))


def _figure(heading, definition):
    return Column(heading, definition, 13, is_number=True)


MONITORING = Report(
    slug="stebesena",
    name="Programų įgyvendinimo stebėsena",
    answers="Kiek paraiškų gauta, kaip dėl jų nuspręsta ir kas programose dalyvauja.",
    dated_by="pagal paraiškos pirmo pateikimo datą",
    filters=("nuo", "iki", "programa", "savivaldybe", "kvietimas"),
    rows=rows,
    totals=totals,
    total_means=(
        "eilučių suma; mokyklos, savivaldybės ir asmenys čia skaičiuojami po vieną kartą, "
        "todėl jų gali būti mažiau nei sudėjus eilutes"
    ),
    columns=(
        Column(
            "Programa",
            "Visos svetainėje rodomos programos, net jei paraiškų negauta; nerodomos – tik jei "
            "jų gauta.",
            45,
            names_row=True,
        ),
        _figure(
            "Kvietimų",
            "Kvietimai, kurių paraiškų priėmimo laikas bent iš dalies patenka į laikotarpį, "
            "įskaitant atšauktus. Savivaldybės filtras jiems netaikomas.",
        ),
        _figure(
            "Gauta paraiškų",
            "Per laikotarpį pateiktos paraiškos: toliau išvardytos ir dar laukiančios "
            "sprendimo. Juodraščiai neskaičiuojami.",
        ),
        _figure("Patvirtinta", "Gautos paraiškos, kurios dabar patvirtintos."),
        _figure("Rezerve", "Gautos paraiškos, kurios dabar yra rezerve."),
        _figure("Atmesta", "Gautos paraiškos, kurios atmestos."),
        _figure("Grąžinta", "Gautos paraiškos, kurios dabar grąžintos tikslinti."),
        _figure(
            "Atsiimta",
            "Gautos paraiškos, kurios vėliau atsiimtos, taip pat ir po patvirtinimo.",
        ),
        _figure("Mokyklų", "Skirtingos patvirtintų komandų įstaigos."),
        _figure("Savivaldybių", "Skirtingos patvirtintų komandų įstaigų savivaldybės."),
        _figure(
            "Dalyvavimų",
            "Patvirtintų komandų nariai, įskaitant išorinius. Kas yra dviejose komandose, "
            "skaičiuojamas du kartus.",
        ),
        _figure(
            "Unikalių asmenų",
            "Skirtingi žmonės, dalyvaujantys patvirtintose komandose; žmogus atpažįstamas "
            "iš el. pašto adreso.",
        ),
        _figure(
            "Vadovai",
            "Dalyvavimai, kai narys yra direktorius. Šio ir toliau esančių stulpelių suma "
            "lygi dalyvavimams.",
        ),
        _figure(
            "Pavaduotojai",
            "Dalyvavimai, kai narys – direktoriaus pavaduotojas ugdymui.",
        ),
        _figure(
            "Skyrių vedėjai",
            "Dalyvavimai, kai narys – ugdymą organizuojančio skyriaus vedėjas.",
        ),
        _figure("Mokytojai", "Dalyvavimai, kai narys – mokytojas."),
        _figure(
            "Pagalbos specialistai",
            "Dalyvavimai, kai narys – švietimo pagalbos specialistas.",
        ),
        _figure(
            "Savivaldybių specialistai",
            "Dalyvavimai, kai narys – savivaldybės švietimo padalinio specialistas.",
        ),
        _figure(
            "Centrų metodininkai",
            "Dalyvavimai, kai narys – švietimo centro metodininkas.",
        ),
        _figure("Kiti", "Dalyvavimai, kai nario pareigos kitos."),
    ),
)
