"""The register of accredited programmes as open data: the same facts as JSON and as CSV.

``FIELDS`` is the one source of both files and of the page that explains them. What no
source gives is ``null`` in JSON and an empty cell in CSV, never a zero.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from catalogue.models import (
    AccreditationState,
    ModuleCompetence,
    Precision,
    Programme,
)
from catalogue.templatetags.catalogue_tags import to_whom
from core.exports import Cell, Column, Table
from core.text import sort_key

NAME = "Akredituotų programų registras"


@dataclass(frozen=True)
class Field:
    """One fact: ``key`` in JSON, ``heading`` in CSV; without a heading it is in JSON alone."""

    key: str
    heading: str
    definition: str
    value: Callable
    cell: Callable[..., Cell] | None = None  # in CSV, where it is not simply the value

    def cell_of(self, programme):
        return (self.cell or self.value)(programme)


def register(day=None):
    """Public programmes with an accreditation that counts by the day, in alphabetical order.

    Each carries ``decision``, the accreditation that tells most about that day.
    """
    day = day or timezone.localdate()
    gains = ModuleCompetence.objects.select_related("competence")
    programmes = (
        Programme.objects.public()
        .with_text()
        .with_accreditation(day)
        .exclude(accreditation_state=AccreditationState.NONE)
        .order_by("sort_key", "pk")
        .prefetch_related(
            "accreditations",
            "competences",
            "target_groups",
            "modules",
            Prefetch("modules__gains", gains),
        )
    )
    for programme in programmes:
        programme.decision = programme.deciding_accreditation(day)
        yield programme


def json_bytes():
    day = timezone.localdate()
    programmes = [
        {field.key: field.value(programme) for field in FIELDS}
        for programme in register(day)
    ]
    data = {
        "pavadinimas": NAME,
        "aprasas": settings.SITE_URL + reverse("catalogue:data"),
        "naudojimo_salygos": settings.OPEN_DATA_TERMS or None,
        "busenos_diena": day.isoformat(),
        "programu": len(programmes),
        "programos": programmes,
    }
    return json.dumps(data, ensure_ascii=False).encode()


def table():
    fields = [field for field in FIELDS if field.heading]
    return Table(
        name=NAME,
        columns=[Column(field.heading, field.definition) for field in fields],
        rows=[
            [field.cell_of(programme) for field in fields] for programme in register()
        ],
    )


def _listed(value):
    """A list in one cell of CSV."""
    return lambda programme: "; ".join(value(programme)) or None


def _of_decision(value):
    return lambda programme: value(programme.decision)


def _day(value):
    return value and value.isoformat()


def _accredited_on(accreditation):
    """As much of the date as is known: 2012-10-19, 2013-05 or 2013 (ISO 8601)."""
    length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}
    return accreditation.accredited_on.isoformat()[: length[accreditation.precision]]


def _target_groups(programme):
    return [group.name for group in programme.target_groups.all()]


def _competences(programme):
    """The programme's own, and those of its modules that it does not name itself."""
    own = {competence.name for competence in programme.competences.all()}
    of_modules = {
        gain.competence.name
        for module in programme.modules.all()
        for gain in module.gains.all()
    }
    return sorted(own | of_modules, key=sort_key)


def _modules(programme):
    return [
        {
            "numeris": module.number,
            "pavadinimas": module.title,
            "trukme_akad_val": module.hours,
            "adresas": settings.SITE_URL + module.get_absolute_url(),
            "kompetencijos": [
                {
                    "pavadinimas": gain.competence.name,
                    "kam": to_whom(gain.role),
                    "lygis": gain.level or None,
                }
                for gain in module.gains.all()
            ],
        }
        for module in programme.modules.all()
    ]


def _module_titles(programme):
    return [f"{module.number}. {module.title}" for module in programme.modules.all()]


def _accreditations(programme):
    return [
        {field.key: field.value(accreditation) for field in DECISION}
        for accreditation in programme.accreditations.all()
    ]


def _published_at(programme):
    return timezone.localtime(programme.published.published_at)


# Of one accreditation: in JSON of each, in CSV of the one that decides about today.
DECISION = (
    Field(
        "akreditacijos_data",
        "Akreditacijos data",
        "Sprendimo data. Jei žinomas tik mėnuo ar metai, JSON faile rašoma 2013-05 arba "
        "2013, CSV faile – „2013 m. gegužė“ arba „2013 m.“.",
        _accredited_on,
        lambda accreditation: accreditation.date_in_table(),
    ),
    Field(
        "akreditavo",
        "Akreditavo",
        "Kas priėmė sprendimą.",
        lambda accreditation: accreditation.body or None,
    ),
    Field(
        "sprendimo_nr",
        "Sprendimo Nr.",
        "Sprendimo numeris.",
        lambda accreditation: accreditation.order_number or None,
    ),
    Field(
        "pazymejimo_nr",
        "Pažymėjimo Nr.",
        "Programos akreditacijos pažymėjimo numeris.",
        lambda accreditation: accreditation.certificate_number or None,
    ),
    Field(
        "galioja_nuo",
        "Galioja nuo",
        "Sprendime nurodyta pirmoji galiojimo diena.",
        lambda accreditation: _day(accreditation.valid_from),
    ),
    Field(
        "galioja_iki",
        "Galioja iki",
        "Sprendime nurodyta paskutinė galiojimo diena.",
        lambda accreditation: _day(accreditation.valid_until),
    ),
    Field(
        "panaikinta_nuo",
        "Panaikinta nuo",
        "Nuo kurios dienos akreditacija panaikinta.",
        lambda accreditation: _day(accreditation.withdrawn_on),
    ),
)

FIELDS = (
    Field(
        "id",
        "Identifikatorius",
        "Trumpas programos vardas, dalis jos adreso. Nesikeičia.",
        lambda programme: programme.slug,
    ),
    Field(
        "pavadinimas",
        "Programa",
        "Programos pavadinimas.",
        lambda programme: programme.title,
    ),
    Field(
        "projektas",
        "Projektas",
        "Projektas, kuriame programa parengta.",
        lambda programme: programme.project.name,
    ),
    Field(
        "rengejas",
        "Rengėjas",
        "Kas programą parengė.",
        lambda programme: programme.author or None,
    ),
    Field(
        "teikejas",
        "Teikėjas",
        "Kas pagal programą moko.",
        lambda programme: programme.provider or None,
    ),
    Field(
        "tikslines_grupes",
        "Tikslinės grupės",
        "Kam programa skirta. JSON faile – sąrašas, CSV faile atskirta kabliataškiais.",
        _target_groups,
        _listed(_target_groups),
    ),
    Field(
        "trukme_akad_val",
        "Trukmė (akad. val.)",
        "Visos programos trukmė akademinėmis valandomis.",
        lambda programme: programme.published.hours,
    ),
    Field(
        "moduliai",
        "Moduliai",
        "Programos moduliai. CSV faile – numeriai ir pavadinimai, JSON faile – sąrašas su "
        "trukme ir kompetencijomis.",
        _modules,
        _listed(_module_titles),
    ),
    Field(
        "kompetencijos",
        "Kompetencijos",
        "Programos ir jos modulių ugdomos kompetencijos.",
        _competences,
        _listed(_competences),
    ),
    *(
        Field(
            field.key,
            field.heading,
            field.definition,
            _of_decision(field.value),
            _of_decision(field.cell_of),
        )
        for field in DECISION
    ),
    Field(
        "busena",
        "Būsena",
        "Ar programa akredituota tą dieną, kai failas parengtas: „galioja“, „nenurodyta“ "
        "(galiojimo pabaiga nežinoma) arba „archyvas“ (nebegalioja). CSV faile – žodžiais.",
        lambda programme: programme.accreditation_state,
        lambda programme: AccreditationState(programme.accreditation_state).label,
    ),
    Field(
        "akreditacijos",
        "",
        "Visi programos akreditacijos sprendimai, naujausias pirmas. Laukai – tie patys, "
        "kaip aukščiau, nuo „akreditacijos_data“ iki „panaikinta_nuo“; aukščiau nurodytas "
        "tas sprendimas, nuo kurio priklauso būsena.",
        _accreditations,
    ),
    Field(
        "aprasas_paskelbtas",
        "Aprašas paskelbtas",
        "Kada paskelbta dabartinė programos aprašo versija. CSV faile – tik diena.",
        lambda programme: _published_at(programme).isoformat(timespec="seconds"),
        lambda programme: _published_at(programme).date(),
    ),
    Field(
        "adresas",
        "Adresas",
        "Programos puslapis šiame portale.",
        lambda programme: settings.SITE_URL + programme.get_absolute_url(),
    ),
)

# What stands inside ``moduliai`` of the JSON file.
NESTED = (
    ("numeris", "Modulio numeris."),
    ("pavadinimas", "Modulio pavadinimas."),
    ("trukme_akad_val", "Modulio trukmė akademinėmis valandomis."),
    ("adresas", "Modulio puslapis šiame portale."),
    (
        "kompetencijos",
        "Ką modulis duoda: kompetencijos „pavadinimas“, „kam“ ji skirta ir „lygis“ "
        "(„pradinis“ arba „pazenges“).",
    ),
)
