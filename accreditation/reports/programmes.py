"""„Akredituotų programų sąrašas“: which programmes are accredited, since when, how long."""

import calendar
import datetime

from django.db.models import Prefetch

from accreditation.reports.base import Filters, Report, or_unknown
from catalogue.models import (
    AccreditationState,
    Module,
    ModuleCompetence,
    Precision,
    Programme,
)
from core.exports import Column
from core.text import sort_key
from core.words import month_name


def rows(filters: Filters):
    """One row a public programme with an accreditation dated in the period.

    Of several such accreditations the newest one speaks for the programme.
    """
    programmes = (
        Programme.objects.filter(is_public=True)
        .with_text()
        .with_accreditation()
        .prefetch_related(
            "accreditations",
            "target_groups",
            "competences",
            Prefetch("modules", Module.objects.order_by("number")),
            Prefetch(
                "modules__gains", ModuleCompetence.objects.select_related("competence")
            ),
        )
    )
    if filters.programme:
        programmes = programmes.filter(pk=filters.programme.pk)
    listed = []
    for programme in programmes:
        if accreditation := _newest(programme, filters):
            listed.append(_row(len(listed) + 1, programme, accreditation))
    return listed


def _newest(programme, filters):
    dated = [
        accreditation
        for accreditation in programme.accreditations.all()
        if _is_in_period(accreditation, filters)
    ]
    return max(dated, key=lambda one: (_span(one)[1], one.pk), default=None)


def _is_in_period(accreditation, filters):
    first, last = _span(accreditation)
    return (not filters.since or last >= filters.since) and (
        not filters.until or first <= filters.until
    )


def _span(accreditation):
    """The first and the last day on which the decision may have been taken."""
    day = accreditation.accredited_on
    if accreditation.precision == Precision.YEAR:
        return datetime.date(day.year, 1, 1), datetime.date(day.year, 12, 31)
    if accreditation.precision == Precision.MONTH:
        last = calendar.monthrange(day.year, day.month)[1]
        return day.replace(day=1), day.replace(day=last)
    return day, day


def _row(place, programme, accreditation):
    return [
        place,
        programme.published.title,
        programme.project.name,
        or_unknown(programme.author),
        or_unknown(programme.provider),
        or_unknown("; ".join(group.name for group in programme.target_groups.all())),
        or_unknown(programme.published.hours),
        _modules(programme),
        or_unknown("; ".join(_competences(programme))),
        _as_known(accreditation),
        or_unknown(accreditation.order_number),
        or_unknown(accreditation.valid_from),
        or_unknown(accreditation.valid_until),
        AccreditationState(programme.accreditation_state).label,
    ]


def _modules(programme):
    titles = [f"{module.number}. {module.title}" for module in programme.modules.all()]
    return "; ".join(titles) or "be modulių"


def _competences(programme):
    """The programme's own ones and those of its modules with their levels, each once."""
    gains = [gain for module in programme.modules.all() for gain in module.gains.all()]
    in_modules = {gain.competence_id for gain in gains}
    names = {str(gain) for gain in gains} | {
        competence.name
        for competence in programme.competences.all()
        if competence.pk not in in_modules
    }
    return sorted(names, key=sort_key)


def _as_known(accreditation):
    """A date only if the day is known: no spreadsheet may make a day of a month."""
    day = accreditation.accredited_on
    if accreditation.precision == Precision.YEAR:
        return f"{day.year} m."
    return month_name(day) if accreditation.precision == Precision.MONTH else day


PROGRAMMES = Report(
    slug="programos",
    name="Akredituotų programų sąrašas",
    answers="Kurios programos akredituotos, kada ir iki kada, kam jos skirtos ir ką ugdo.",
    dated_by=(
        "pagal akreditacijos datą; jei žinomas tik jos mėnuo ar metai, programa rodoma, kai "
        "į laikotarpį patenka bent viena to mėnesio ar tų metų diena"
    ),
    filters=("nuo", "iki", "programa"),
    rows=rows,
    columns=(
        Column("Eil. Nr.", "Eilutės numeris šioje ataskaitoje.", 8, is_number=True),
        Column(
            "Programa",
            "Svetainėje paskelbta programa, turinti bent vieną akreditacijos sprendimą.",
            45,
            names_row=True,
        ),
        Column("Projektas", "Projektas, kuriame programa parengta.", 28),
        Column("Rengėjas", "Kas programą parengė.", 28),
        Column("Teikėjas", "Kas pagal programą moko.", 28),
        Column("Tikslinės grupės", "Kam programa skirta.", 40),
        Column(
            "Trukmė (akad. val.)",
            "Visos programos trukmė akademinėmis valandomis.",
            14,
            is_number=True,
        ),
        Column("Moduliai", "Programos moduliai su numeriais.", 36),
        Column(
            "Kompetencijos",
            "Programos ir jos modulių ugdomos kompetencijos; po kablelio – lygis.",
            45,
        ),
        Column(
            "Akreditacijos data",
            "Naujausio į laikotarpį patenkančio sprendimo data; jei diena nežinoma – tik "
            "mėnuo ar metai.",
            18,
        ),
        Column("Sprendimo Nr.", "To sprendimo numeris.", 16),
        Column("Galioja nuo", "Tame sprendime nurodyta galiojimo pradžia.", 12),
        Column("Galioja iki", "Tame sprendime nurodyta paskutinė diena.", 12),
        Column(
            "Būsena",
            "Ar programa akredituota tą dieną, kai ataskaita parengta, pagal visus jos "
            "akreditacijos sprendimus.",
            32,
        ),
    ),
)
