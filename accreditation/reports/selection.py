"""„Atrankos protokolas“: what became of every application of one call."""

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accreditation.reports.base import Filters, Report, or_unknown
from core.exports import Column
from core.models import Event
from enrolment.models import DECIDED, Team, TeamStatus

# These leave no mark of who and when on the team itself, only in its history.
_SETTLED_IN_HISTORY = (TeamStatus.RETURNED, TeamStatus.WITHDRAWN)


def rows(filters: Filters):
    """One row an application that was handed in, in the order of their numbers."""
    teams = (
        Team.objects.handed_in()
        .filter(filters.holding("submitted_at"), call=filters.call)
        .with_member_counts()
        .select_related("institution_type", "municipality", "decided_by")
        .order_by("number")
    )
    if filters.municipality:
        teams = teams.filter(municipality=filters.municipality)
    history = _last_steps(filters.call)
    return [
        _row(place, team, history.get((team.pk, team.status)))
        for place, team in enumerate(teams, start=1)
    ]


def _last_steps(call):
    """The last time that each application of the call came to a status, by (pk, status)."""
    steps = (
        Event.objects.filter(
            content_type=ContentType.objects.get_for_model(Team),
            object_id__in=Team.objects.handed_in().filter(call=call).values("pk"),
            new__in=_SETTLED_IN_HISTORY,
        )
        .select_related("actor")
        .order_by("at", "pk")
    )
    return {(step.object_id, step.new): step for step in steps}


def _row(place, team, step):
    who, when = None, None
    if team.status in DECIDED:
        who, when = team.decided_by, team.decided_at
    elif step:
        who, when = step.actor, step.at
    if who and who.pk == team.lead_id:
        who = team.lead_name or who  # an applicant's account holds an address alone
    return [
        place,
        team.number,
        team.institution_name,
        or_unknown(team.municipality and team.municipality.name),
        or_unknown(team.institution_type and team.institution_type.name),
        timezone.localdate(team.submitted_at),
        team.counted_members,
        or_unknown(team.lead_name),
        _decision(team),
        ": ".join(part for part in (team.reason_label, team.note) if part),
        str(who) if who else None,
        timezone.localdate(when) if when else None,
    ]


def _decision(team):
    if team.status == TeamStatus.SUBMITTED:
        return "Laukia sprendimo"
    if team.status == TeamStatus.RESERVE:
        return f"Rezerve, eilės Nr. {team.reserve_rank}"
    return team.get_status_display()


SELECTION = Report(
    slug="atranka",
    name="Atrankos protokolas",
    answers="Kaip nuspręsta dėl kiekvienos vieno kvietimo paraiškos ir kodėl.",
    dated_by="pagal paraiškos pirmo pateikimo datą",
    filters=("kvietimas", "nuo", "iki", "savivaldybe"),
    required=("kvietimas",),
    rows=rows,
    signatures=("Atsakingas asmuo", "Kvietimo koordinatorius (-ė)"),
    columns=(
        Column("Eil. Nr.", "Eilutės numeris šiame protokole.", 8, is_number=True),
        Column(
            "Nr.",
            "Pateiktos paraiškos numeris; pagal jį protokolas surikiuotas.",
            8,
            is_number=True,
        ),
        Column(
            "Mokykla",
            "Įstaigos pavadinimas paraiškos pateikimo dieną.",
            45,
            names_row=True,
        ),
        Column("Savivaldybė", "Įstaigos savivaldybė tą pačią dieną.", 30),
        Column("Tipas", "Įstaigos tipas tą pačią dieną.", 24),
        Column("Pateikta", "Pirmo pateikimo data.", 12),
        Column(
            "Narių",
            "Įstaigos atstovai komandoje; išoriniai nariai neskaičiuojami.",
            8,
            is_number=True,
        ),
        Column("Vadovas", "Paraišką teikiantis komandos vadovas.", 26),
        Column(
            "Sprendimas",
            "Dabartinė paraiškos būsena; rezerve – ir eilės numeris.",
            24,
        ),
        Column(
            "Priežastis",
            "Kodėl paraiška grąžinta, atmesta ar atsiimta, ir sprendimo paaiškinimas.",
            50,
        ),
        Column(
            "Sprendė",
            "Kas priėmė sprendimą; grąžintos ar atsiimtos paraiškos – kas ją grąžino ar "
            "atsiėmė.",
            26,
        ),
        Column("Data", "Kada tai padaryta.", 12),
    ),
)
