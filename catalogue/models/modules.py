from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.fields import FoldedField


class Level(models.TextChoices):
    INITIAL = "pradinis", "Pradinis lygis"
    ADVANCED = "pazenges", "Pažengęs lygis"


class Role(models.TextChoices):
    """A member's part in the school's project (vaidmuo)."""

    TEACHER = "teacher", "Mokytojas"
    CURATOR = "curator", "Kuruojantis mokytojas"


class Stage(models.TextChoices):
    PLANNING = "planning", "Planavimas"
    IMPLEMENTATION = "implementation", "Įgyvendinimas"
    EVALUATION = "evaluation", "Vertinimas"


class RequirementKind(models.TextChoices):
    PARTICIPATION = "participation", "Aktyvus dalyvavimas ir bendradarbiavimas"
    GROUP = "group", "Grupinis įsivertinimas"
    INDIVIDUAL = "individual", "Individualus įsivertinimas"


class Module(models.Model):
    """A part of a programme with its own level and requirements (modulis)."""

    programme = models.ForeignKey(
        "catalogue.Programme",
        models.PROTECT,
        related_name="modules",
        verbose_name="programa",
    )
    number = models.PositiveSmallIntegerField("numeris")
    title = models.CharField("pavadinimas", max_length=200)
    summary = models.TextField("trumpai", blank=True)
    hours = models.PositiveSmallIntegerField(
        "trukmė (akad. val.)",
        null=True,
        blank=True,
        help_text="Palikite tuščią, jei nežinoma.",
    )
    competences = models.ManyToManyField(
        "catalogue.Competence",
        through="ModuleCompetence",
        related_name="modules",
        verbose_name="kompetencijos",
    )
    folded = FoldedField("title", "summary")

    class Meta:
        ordering = ["programme", "number"]
        verbose_name = "modulis"
        verbose_name_plural = "moduliai"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="module_number_once",
                violation_error_message="Programa jau turi modulį šiuo numeriu.",
            )
        ]

    def __str__(self):
        return f"{self.number} modulis „{self.title}“"

    def get_absolute_url(self):
        return reverse("catalogue:module", args=[self.programme.slug, self.number])


class ModuleCompetence(models.Model):
    """A competence that a module gives, at what level and to whom (modulio kompetencija)."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="gains")
    competence = models.ForeignKey(
        "catalogue.Competence",
        models.PROTECT,
        related_name="gains",
        verbose_name="kompetencija",
    )
    role = models.CharField("kam", max_length=20, choices=Role, default=Role.TEACHER)
    level = models.CharField("lygis", max_length=20, choices=Level, blank=True)

    class Meta:
        ordering = ["module", "-role", "competence__sort_key"]
        verbose_name = "modulio kompetencija"
        verbose_name_plural = "modulio kompetencijos"
        constraints = [
            models.UniqueConstraint(
                fields=["module", "competence", "role"],
                name="modulecompetence_once_per_role",
                violation_error_message="Ši kompetencija tam pačiam vaidmeniui jau nurodyta.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="modulecompetence_role_known"
            ),
            models.CheckConstraint(
                condition=Q(level__in=["", *Level.values]),
                name="modulecompetence_level_known",
            ),
        ]

    def __str__(self):
        level = f", {self.get_level_display().lower()}" if self.level else ""
        return f"{self.competence}{level}"


class Requirement(models.Model):
    """One condition of completing a module (reikalavimas): stage × kind."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="requirements")
    stage = models.CharField("etapas", max_length=20, choices=Stage)
    kind = models.CharField("rūšis", max_length=20, choices=RequirementKind)
    role = models.CharField(
        "kam",
        max_length=20,
        choices=Role,
        blank=True,
        help_text="Palikite tuščią, jei galioja visiems.",
    )

    class Meta:
        ordering = ["module", "pk"]
        verbose_name = "reikalavimas"
        verbose_name_plural = "reikalavimai"
        constraints = [
            models.UniqueConstraint(
                fields=["module", "stage", "kind", "role"],
                name="requirement_once",
                violation_error_message="Toks reikalavimas jau yra.",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values), name="requirement_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RequirementKind.values),
                name="requirement_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["", *Role.values]), name="requirement_role_known"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.get_stage_display().lower()}"
