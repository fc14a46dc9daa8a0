import calendar
import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from core.fields import FoldedField, SortKeyField
from core.models import InstitutionType
from core.text import fold


class AccreditationState(models.TextChoices):
    """Whether a programme is accredited on the day asked; computed, never stored."""

    VALID = "galioja", "Akreditacija galioja"
    OPEN_ENDED = "nenurodyta", "Akreditacijos galiojimo pabaiga nenurodyta"
    EXPIRED = "archyvas", "Akreditacija nebegalioja"
    NONE = "nera", "Neakredituota"


class Precision(models.TextChoices):
    """How much of a date is known."""

    DAY = "day", "diena"
    MONTH = "month", "mėnuo"
    YEAR = "year", "metai"


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


class CallStatus(models.TextChoices):
    """Where a call is on its road; computed from its dates, never stored."""

    PLANNED = "planned", "Planuojamas"
    OPEN = "open", "Paraiškos priimamos"
    CLOSED = "closed", "Paraiškų priėmimas baigtas"
    RUNNING = "running", "Vykdomas"
    FINISHED = "finished", "Baigtas"
    CANCELLED = "cancelled", "Atšauktas"


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
        return self.filter(is_public=True, published__isnull=False)

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

    def matching(self, text):
        """Every word stands somewhere in the programme's text, its project or a module."""
        programmes = self
        for word in fold(text).split():
            modules = Module.objects.filter(programme=OuterRef("pk"))
            programmes = programmes.filter(
                Q(published__folded__contains=word)
                | Q(project__folded__contains=word)
                | Exists(modules.filter(folded__contains=word))
            )
        return programmes

    def taking_applications(self, at=None):
        return self.filter(
            Exists(Call.objects.open(at).filter(programme=OuterRef("pk")))
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


class Module(models.Model):
    """A part of a programme with its own level and requirements (modulis)."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="modules", verbose_name="programa"
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
        Competence,
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
        Competence, models.PROTECT, related_name="gains", verbose_name="kompetencija"
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


class AccreditationQuerySet(models.QuerySet):
    def in_force(self, day):
        """Begun by that day and not withdrawn by it; whether it has ended is not asked."""
        return self.filter(counts_from__lte=day).exclude(withdrawn_on__lte=day)

    def covering(self, day):
        return self.in_force(day).filter(valid_until__gte=day)

    def open_ended(self, day):
        """In force on the day as far as is known: nobody recorded an end."""
        return self.in_force(day).filter(valid_until=None)


class Accreditation(models.Model):
    """A decision that a programme may run from–until (akreditacija)."""

    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        related_name="accreditations",
        verbose_name="programa",
    )
    accredited_on = models.DateField("akreditacijos data")
    precision = models.CharField(
        "datos tikslumas",
        max_length=10,
        choices=Precision,
        default=Precision.DAY,
        help_text="Jei žinomas tik mėnuo ar metai, įrašykite bet kurią jų dieną.",
    )
    body = models.CharField("akreditavo", max_length=200, blank=True)
    order_number = models.CharField("sprendimo Nr.", max_length=60, blank=True)
    certificate_number = models.CharField("pažymėjimo Nr.", max_length=60, blank=True)
    valid_from = models.DateField("galioja nuo", null=True, blank=True)
    valid_until = models.DateField("galioja iki", null=True, blank=True)
    withdrawn_on = models.DateField("panaikinta nuo", null=True, blank=True)
    withdrawn_why = models.TextField("panaikinimo priežastis", blank=True)
    counts_from = models.DateField(editable=False)

    objects = AccreditationQuerySet.as_manager()

    class Meta:
        ordering = ["-counts_from", "-pk"]
        verbose_name = "akreditacija"
        verbose_name_plural = "akreditacijos"
        constraints = [
            models.CheckConstraint(
                condition=Q(precision__in=Precision.values),
                name="accreditation_precision_known",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("counts_from")),
                name="accreditation_ends_after_it_starts",
                violation_error_message="Akreditacija negali baigtis anksčiau, nei prasideda.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | ~Q(withdrawn_why=""),
                name="accreditation_withdrawn_says_why",
                violation_error_message="Nurodykite, kodėl akreditacija panaikinta.",
            ),
        ]

    def __str__(self):
        return f"{self.programme}: {self.accredited_on:%Y-%m-%d}"

    def save(self, **kwargs):
        self.counts_from = self._counted_from()
        super().save(**kwargs)

    def clean(self):
        self.counts_from = self._counted_from()

    def _counted_from(self):
        """With a vague date the accreditation counts from the last day of that time."""
        day = self.accredited_on
        if self.valid_from or day is None:
            return self.valid_from
        if self.precision == Precision.YEAR:
            return datetime.date(day.year, 12, 31)
        if self.precision == Precision.MONTH:
            return day.replace(day=calendar.monthrange(day.year, day.month)[1])
        return day


class CallQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.has_perm("catalogue.change_call"):
            return self
        return self.filter(
            programme__is_public=True, programme__published__isnull=False
        )

    def coordinated_by(self, user):
        return self.filter(coordinators=user)

    def accredited(self):
        """R4: the accreditation covers the start, or staff confirmed an open-ended one."""
        own = Accreditation.objects.filter(programme=OuterRef("programme"))
        start = OuterRef("starts_on")
        return self.filter(
            Exists(own.covering(start))
            | (
                Q(accreditation_confirmed_at__isnull=False)
                & Exists(own.open_ended(start))
            )
        )

    def open(self, at=None):
        at = at or timezone.now()
        return self.filter(
            cancelled_at=None, opens_at__lte=at, closes_at__gt=at
        ).accredited()

    def with_openness(self):
        """Annotate ``is_accredited``, which ``Call.status`` needs, without a query a row."""
        return self.annotate(
            is_accredited=Exists(Call.objects.accredited().filter(pk=OuterRef("pk")))
        )


class Call(models.Model):
    """One run of a programme (kvietimas teikti paraiškas)."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="calls", verbose_name="programa"
    )
    module = models.ForeignKey(
        Module,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name="modulis",
        help_text="Būtinas, jei programa turi modulių.",
    )
    title = models.CharField("pavadinimas", max_length=200)
    opens_at = models.DateTimeField("paraiškos priimamos nuo")
    closes_at = models.DateTimeField("paraiškos priimamos iki")
    places = models.PositiveSmallIntegerField("vietų")
    places_taken = models.PositiveSmallIntegerField("užimta", default=0, editable=False)
    members_min = models.PositiveSmallIntegerField("narių ne mažiau kaip", default=5)
    members_max = models.PositiveSmallIntegerField("narių ne daugiau kaip", default=6)
    external_max = models.PositiveSmallIntegerField(
        "išorinių narių ne daugiau kaip", default=2
    )
    starts_on = models.DateField("veiklos pradžia")
    ends_on = models.DateField("veiklos pabaiga")
    coordinators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="coordinated_calls",
        blank=True,
        verbose_name="koordinatoriai",
    )
    accreditation_confirmed_at = models.DateTimeField(
        "akreditacija patvirtinta", null=True, editable=False
    )
    accreditation_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="akreditaciją patvirtino",
    )
    cancelled_at = models.DateTimeField("atšauktas", null=True, editable=False)
    cancel_reason = models.TextField("atšaukimo priežastis", blank=True, editable=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_at", "-pk"]
        verbose_name = "kvietimas"
        verbose_name_plural = "kvietimai"
        constraints = [
            models.CheckConstraint(
                condition=Q(places_taken__lte=F("places")),
                name="call_places_not_exceeded",
                violation_error_message="Vietų negali būti mažiau, nei jau užimta.",
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1),
                name="call_has_places",
                violation_error_message="Turi būti bent viena vieta.",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="call_closes_after_it_opens",
                violation_error_message="Paraiškų priėmimas turi baigtis vėliau, nei prasideda.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="call_ends_after_it_starts",
                violation_error_message="Veikla negali baigtis anksčiau, nei prasideda.",
            ),
            models.CheckConstraint(
                condition=Q(members_min__gte=1, members_max__gte=F("members_min")),
                name="call_member_limits_in_order",
                violation_error_message="Didžiausias narių skaičius negali būti mažesnis už mažiausią.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | ~Q(cancel_reason=""),
                name="call_cancelled_says_why",
                violation_error_message="Nurodykite, kodėl kvietimas atšauktas.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("catalogue:call", args=[self.pk])

    @property
    def places_left(self):
        return self.places - self.places_taken

    @property
    def status(self):
        return self.status_at(timezone.now())

    def status_at(self, at):
        """Where the call is at that instant; days are judged in Europe/Vilnius."""
        day = timezone.localdate(at)
        if self.cancelled_at:
            return CallStatus.CANCELLED
        if at < self.opens_at:
            return CallStatus.PLANNED
        if at < self.closes_at:
            return CallStatus.OPEN if self.may_open else CallStatus.PLANNED
        if day < self.starts_on:
            return CallStatus.CLOSED
        return CallStatus.RUNNING if day <= self.ends_on else CallStatus.FINISHED

    def get_status_display(self):
        return self.status.label

    @property
    def may_open(self):
        """R4. Free on objects from ``with_openness()``, one query on others."""
        if "is_accredited" not in self.__dict__:
            self.is_accredited = Call.objects.accredited().filter(pk=self.pk).exists()
        return self.is_accredited
