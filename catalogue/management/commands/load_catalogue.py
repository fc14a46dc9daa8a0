import csv
import tomllib
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from catalogue import index, transitions
from catalogue.models import (
    Accreditation,
    Competence,
    CompetenceGroup,
    Module,
    ModuleCompetence,
    Programme,
    Project,
    Requirement,
    TargetGroup,
)
from core.models import InstitutionType, Municipality
from core.words import plural

SHIPPED = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = (
        "Įkelia projektus, programas, jų modulius, reikalavimus ir akreditacijas, įstaigų "
        "tipus ir savivaldybes. Sukuria, ko trūksta, o esamo neliečia, tad kartoti saugu."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--force",
            action="store_true",
            help="Pakeistą programos tekstą grąžina į pradinį, paskelbdama naują versiją.",
        )

    @transaction.atomic
    def handle(self, *, force, **options):
        with open(SHIPPED / "catalogue.toml", "rb") as file:
            shipped = tomllib.load(file)
        with open(SHIPPED / "municipalities.csv", encoding="utf-8", newline="") as file:
            municipalities = list(csv.DictReader(file))

        self.each(Municipality, "code", municipalities)
        self.each(InstitutionType, "slug", _named(shipped["institution_types"]))
        self.each(TargetGroup, "slug", _keyed(shipped["target_groups"]), _target_group)
        self.each(CompetenceGroup, "slug", _named(shipped["competence_groups"]))
        self.each(Competence, "slug", _keyed(shipped["competences"]), _competence)
        self.each(Project, "slug", _keyed(shipped["projects"]))
        self.each(Programme, "slug", _keyed(shipped["programmes"]), _programme)
        self.each_module(shipped["programmes"])
        self.each_text(shipped["programmes"], force)
        index.refresh()

    def each(self, model, key, rows, create=None):
        """Create the rows whose key is not there yet, and say how many they were."""
        create = create or (lambda **row: model.objects.create(**_tidy(row)))
        there = set(model.objects.values_list(key, flat=True))
        missing = [row for row in rows if row[key] not in there]
        for row in missing:
            create(**row)
        self.say(model, len(missing), len(rows))

    def each_module(self, programmes):
        created = total = 0
        for slug, programme in programmes.items():
            for row in programme.get("modules", []):
                total += 1
                if not Module.objects.filter(
                    programme__slug=slug, number=row["number"]
                ).exists():
                    _module(slug, **row)
                    created += 1
        self.say(Module, created, total)

    def each_text(self, programmes, force):
        for slug, shipped in programmes.items():
            programme = Programme.objects.select_related("published").get(slug=slug)
            text = {"audience": "", "objectives": "", "hours": None}
            text |= _tidy(shipped["text"])
            published = programme.published
            if published and all(
                getattr(published, name) == value for name, value in text.items()
            ):
                continue
            if published and not force:
                self.stdout.write(
                    f"  „{programme}“: tekstas pakeistas, todėl paliktas, koks yra."
                )
                continue
            programme = transitions.publish(programme, by=None, **text)
            number = programme.published.number
            self.stdout.write(f"  „{programme}“: paskelbta {number} versija.")

    def say(self, model, created, total):
        name = str(model._meta.verbose_name_plural).capitalize()
        rows = plural(created, "įrašas", "įrašai", "įrašų")
        verb = plural(created, "sukurtas", "sukurti", "sukurta")
        there = f", jau buvo {total - created}" if total > created else ""
        self.stdout.write(f"{name}: {verb} {created} {rows}{there}.")


def _named(table):
    return [{"slug": slug, "name": name} for slug, name in table.items()]


def _keyed(table):
    return [{"slug": slug, **row} for slug, row in table.items()]


def _tidy(row):
    """Join the lines that the file wraps; a blank line begins a paragraph."""
    return {
        name: _unwrap(value)
        if isinstance(value, str) and name != "objectives"
        else value
        for name, value in row.items()
    }


def _unwrap(text):
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(" ".join(lines.split("\n")) for lines in paragraphs)


def _target_group(*, slug, name, institution_types):
    group = TargetGroup.objects.create(slug=slug, name=name)
    group.institution_types.set(
        InstitutionType.objects.filter(slug__in=institution_types)
    )


def _competence(*, slug, name, group=None):
    Competence.objects.create(
        slug=slug,
        name=name,
        group=CompetenceGroup.objects.get(slug=group) if group else None,
    )


def _programme(*, slug, project, target_groups, competences, accreditations, text, **_):
    """A programme with what belongs to it; its text is published afterwards."""
    programme = Programme.objects.create(
        slug=slug, project=Project.objects.get(slug=project), title=text["title"]
    )
    programme.target_groups.set(TargetGroup.objects.filter(slug__in=target_groups))
    programme.competences.set(Competence.objects.filter(slug__in=competences))
    for decision in accreditations:
        Accreditation.objects.create(programme=programme, **decision)


def _module(programme_slug, *, gains, requirements, **row):
    """A module with what it gives and asks, which staff edit from then on."""
    module = Module.objects.create(
        programme=Programme.objects.get(slug=programme_slug), **_tidy(row)
    )
    for gain in gains:
        competence = Competence.objects.get(slug=gain["competence"])
        ModuleCompetence.objects.create(
            module=module, **{**gain, "competence": competence}
        )
    for requirement in requirements:
        Requirement.objects.create(module=module, **requirement)
