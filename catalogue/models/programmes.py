from django.db import models
from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.urls import reverse
from django.utils import timezone

from catalogue.models.accreditations import Accreditation, AccreditationState
from catalogue.models.calls import Call
from core.fields import FoldedField, SortKeyField
from core.models import InstitutionType


class Project(models.Model):
    """What programmes were made in (projektas)."""

    slug = models.SlugField("adresas", unique=True)
    name = models.CharField("pavadinimas", max_length=200)
    short_name = models.CharField("trumpinys", max_length=20)
    summary = models.TextField("trumpai", blank=True)
    history = models.TextField("istorija", blank=True)
    continues = models.TextField(
        "kur ieškoti toliau",
        blank=True,
        help_text="Kas lieka skaitytojui, kai projektas pasibaigęs.",
    )
    sort_key = SortKeyField("name", db_index=True)
    folded = FoldedField("name", "short_name")

    class Meta:
        ordering = ["sort_key"]
        verbose_name = "projektas"
        verbose_name_plural = "projektai"

    def __str__(self):
        return self.name


class TargetGroup(models.Model):
    """For whom a programme is (tikslinė grupė), and which institutions may apply (R12)."""

    slug = models.SlugField("trumpinys", unique=True)
    name = models.CharField("pavadinimas", max_length=200)
    institution_types = models.ManyToManyField(
        InstitutionType,
        verbose_name="įstaigų tipai",
        related_name="+",
        blank=True,
        help_text="Kokių tipų įstaigos gali teikti paraišką dėl šios tikslinės grupės.",
    )
    sort_key = SortKeyField("name", db_index=True)

    class Meta:
        ordering = ["sort_key"]
        verbose_name = "tikslinė grupė"
        verbose_name_plural = "tikslinės grupės"

    def __str__(self):
        return self.name


class CompetenceGroup(models.Model):
    """A kind of competences (kompetencijų grupė): bendrosios, kultūrinės…"""

    slug = models.SlugField("trumpinys", unique=True)
    name = models.CharField("pavadinimas", max_length=100)
    sort_key = SortKeyField("name", db_index=True)

    class Meta:
        ordering = ["sort_key"]
        verbose_name = "kompetencijų grupė"
        verbose_name_plural = "kompetencijų grupės"

    def __str__(self):
        return self.name


class CompetenceQuerySet(models.QuerySet):
    def by_group(self):
        """Each with its group, for ``{% regroup %}``; those without one come last."""
        return self.select_related("group").order_by(
            F("group__sort_key").asc(nulls_last=True), "sort_key"
        )


class Competence(models.Model):
    """What a person gains (kompetencija)."""

    slug = models.SlugField("trumpinys", max_length=100, unique=True)
    name = models.CharField("pavadinimas", max_length=200)
    description = models.TextField("paaiškinimas", blank=True)
    group = models.ForeignKey(
        CompetenceGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="competences",
        verbose_name="grupė",
    )
    sort_key = SortKeyField("name", db_index=True)

    objects = CompetenceQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        verbose_name = "kompetencija"
        verbose_name_plural = "kompetencijos"

    def __str__(self):
        return self.name


class ProgrammeQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.has_perm("catalogue.change_programme"):
            return self
        return self.public()

    def public(self):
        """What everybody sees."""
        return self.filter(is_public=True, published__isnull=False)

    def with_text(self):
        """Those that have a published text, each with it and with its project."""
        return self.filter(published__isnull=False).select_related(
            "published", "project"
        )

    def with_accreditation(self, on=None):
        """Annotate ``accreditation_state`` as of the day, an ``AccreditationState``."""
        own = Accreditation.objects.filter(programme=OuterRef("pk"))
        day = on or timezone.localdate()
        return self.annotate(
            accreditation_state=Case(
                When(Exists(own.covering(day)), then=Value(AccreditationState.VALID)),
                When(
                    Exists(own.open_ended(day)),
                    then=Value(AccreditationState.OPEN_ENDED),
                ),
                When(
                    Exists(own.filter(counts_from__lte=day)),
                    then=Value(AccreditationState.EXPIRED),
                ),
                default=Value(AccreditationState.NONE),
                output_field=models.CharField(),
            )
        )

    def current(self, on=None):
        """All but the archive: those whose accreditation has not run out by the day."""
        return self.with_accreditation(on).exclude(
            accreditation_state=AccreditationState.EXPIRED
        )

    def newest_first(self):
        """By the date of the latest accreditation; the never accredited come last."""
        own = Accreditation.objects.filter(programme=OuterRef("pk"))
        latest = Subquery(own.order_by("-counts_from").values("counts_from")[:1])
        return self.order_by(latest.desc(nulls_last=True), "sort_key", "pk")

    def with_emblem(self):
        """Prefetch what the emblem is drawn from: target groups, competences by group."""
        return self.prefetch_related(
            "target_groups", Prefetch("competences", Competence.objects.by_group())
        )

    def similar_to(self, programme):
        """Others of its project, or that share a competence or a target group with it.

        The closest come first: same project, then shared competences, then groups.
        """
        model = type(programme)
        competences = model.competences.through.objects.filter(
            programme=OuterRef("pk"), competence__programmes=programme
        )
        groups = model.target_groups.through.objects.filter(
            programme=OuterRef("pk"), targetgroup__programmes=programme
        )
        return (
            self.exclude(pk=programme.pk)
            .annotate(
                same_project=Case(
                    When(project=programme.project_id, then=1), default=0
                ),
                shares_competence=Exists(competences),
                shares_group=Exists(groups),
            )
            .filter(
                Q(same_project=1) | Q(shares_competence=True) | Q(shares_group=True)
            )
            .order_by(
                "-same_project", "-shares_competence", "-shares_group", "sort_key", "pk"
            )
        )

    def for_list(self, at=None):
        """What a list of them shows: decisions, and ``open_calls``, soonest first.

        Prefetched and not annotated: PostgreSQL computes an annotation for every row
        that a page number skips.
        """
        calls = Call.objects.open(at).order_by("closes_at", "pk")
        return self.with_emblem().prefetch_related(
            "accreditations", Prefetch("calls", calls, to_attr="open_calls")
        )


class Programme(models.Model):
    """An in-service training programme (programa).

    Its words live in ``ProgrammeVersion``; ``published`` is the version that counts.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="programmes", verbose_name="projektas"
    )
    slug = models.SlugField("adresas", max_length=100, unique=True)
    title = models.CharField("pavadinimas", max_length=300, editable=False)
    author = models.CharField("rengėjas", max_length=200, blank=True)
    provider = models.CharField("teikėjas", max_length=200, blank=True)
    target_groups = models.ManyToManyField(
        TargetGroup,
        related_name="programmes",
        blank=True,
        verbose_name="tikslinės grupės",
    )
    competences = models.ManyToManyField(
        Competence, related_name="programmes", blank=True, verbose_name="kompetencijos"
    )
    published = models.OneToOneField(
        "ProgrammeVersion",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="paskelbta versija",
    )
    is_public = models.BooleanField(
        "rodoma svetainėje",
        default=True,
        help_text="Nepažymėtą programą mato tik centro darbuotojai.",
    )
    sort_key = SortKeyField("title", db_index=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        verbose_name = "programa"
        verbose_name_plural = "programos"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("catalogue:programme", args=[self.slug])

    def deciding_accreditation(self, on=None):
        """The decision that tells most about the day: one that covers it, else the latest.

        Asks ``accreditations.all()``, which lists prefetch.
        """
        day = on or timezone.localdate()
        begun = [row for row in self.accreditations.all() if row.counts_from <= day]
        covering = [row for row in begun if row.covers(day)]
        return (covering or begun or [None])[0]


class ProgrammeVersion(models.Model):
    """The text of a programme from a certain day on (programos versija). Never changed."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="versions", verbose_name="programa"
    )
    number = models.PositiveSmallIntegerField("versija")
    title = models.CharField("pavadinimas", max_length=300)
    summary = models.TextField("trumpai", max_length=600)
    goal = models.TextField("tikslas")
    objectives = models.TextField(
        "uždaviniai", blank=True, help_text="Kiekvienas uždavinys naujoje eilutėje."
    )
    audience = models.TextField("kam skirta", blank=True)
    form = models.TextField("kaip mokomasi", blank=True)
    hours = models.PositiveSmallIntegerField(
        "trukmė (akad. val.)",
        null=True,
        blank=True,
        help_text="Palikite tuščią, jei nežinoma.",
    )
    published_at = models.DateTimeField("paskelbta")
    folded = FoldedField("title", "summary", "goal", "objectives", "audience", "form")

    class Meta:
        ordering = ["programme", "-number"]
        verbose_name = "programos versija"
        verbose_name_plural = "programos versijos"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"], name="programmeversion_number_once"
            ),
            models.CheckConstraint(
                condition=Q(hours=None) | Q(hours__gte=1),
                name="programmeversion_hours_positive",
                violation_error_message="Trukmė turi būti bent 1 akad. val. arba nenurodyta.",
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.number} versija)"
