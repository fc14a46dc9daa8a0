from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Call, ProgrammeVersion
from core import validators
from core.fields import FoldedField, SortKeyField
from core.models import InstitutionType, Municipality, normalise_email
from core.text import search_words


class Ownership(models.IntegerChoices):
    STATE = 10, "Valstybinė"
    MUNICIPAL = 20, "Savivaldybės"
    PRIVATE = 30, "Nevalstybinė"


class TeamStatus(models.TextChoices):
    DRAFT = "draft", "Juodraštis"
    SUBMITTED = "submitted", "Pateikta"
    RETURNED = "returned", "Grąžinta tikslinti"
    APPROVED = "approved", "Patvirtinta"
    RESERVE = "reserve", "Rezerve"
    REJECTED = "rejected", "Atmesta"
    WITHDRAWN = "withdrawn", "Atsiimta"


EDITABLE = (TeamStatus.DRAFT, TeamStatus.RETURNED)
LIVE = (
    TeamStatus.SUBMITTED,
    TeamStatus.RETURNED,
    TeamStatus.APPROVED,
    TeamStatus.RESERVE,
)
DECIDED = (TeamStatus.APPROVED, TeamStatus.RESERVE, TeamStatus.REJECTED)
WITH_REASON = (TeamStatus.RETURNED, TeamStatus.REJECTED, TeamStatus.WITHDRAWN)


class ReturnReason(models.TextChoices):
    DATA = "data", "Trūksta duomenų"
    TEAM = "team", "Netiksli komandos sudėtis"
    UNCLEAR = "unclear", "Neaiški motyvacija"
    OTHER = "other", "Kita"


class RejectReason(models.TextChoices):
    MOTIVATION = "motivation", "Motyvacija"
    READINESS = "readiness", "Pasirengimas"
    PARTNERSHIP = "partnership", "Partnerystė"
    COMMUNITY = "community", "Bendruomeniškumas"
    FEASIBILITY = "feasibility", "Įgyvendinamumas"
    GOALS = "goals", "Neatitinka programos tikslų"
    REGION = "region", "Regioninis pasiskirstymas"
    PLACES = "places", "Trūksta vietų"
    OTHER = "other", "Kita"


class WithdrawReason(models.TextChoices):
    TEAM = "no_team", "Komanda nesusirinko"
    PLANS = "plans", "Pasikeitė planai"
    PROGRAMME = "programme", "Pasirinkta kita programa"
    OTHER = "other", "Kita"


REASON_LABELS = dict(
    [*ReturnReason.choices, *RejectReason.choices, *WithdrawReason.choices]
)


class Position(models.TextChoices):
    HEAD = "head", "Direktorius"
    DEPUTY = "deputy", "Direktoriaus pavaduotojas ugdymui"
    DEPARTMENT = "department", "Ugdymą organizuojančio skyriaus vedėjas"
    TEACHER = "teacher", "Mokytojas"
    SUPPORT = "support", "Švietimo pagalbos specialistas"
    MUNICIPAL = "municipal", "Savivaldybės švietimo padalinio specialistas"
    METHODOLOGIST = "methodologist", "Švietimo centro metodininkas"
    OTHER = "other", "Kita"


class Category(models.TextChoices):
    """Qualification category (kvalifikacinė kategorija)."""

    TEACHER = "teacher", "Mokytojas"
    SENIOR = "senior", "Vyresnysis mokytojas"
    METHODOLOGIST = "methodologist", "Mokytojas metodininkas"
    EXPERT = "expert", "Mokytojas ekspertas"
    NONE = "none", "Nesuteikta"
    NOT_APPLICABLE = "not_applicable", "Netaikoma"


class InstitutionQuerySet(models.QuerySet):
    def choosable(self):
        """What an applicant may pick: in the register and not closed by today."""
        closed = Q(closed_on__lte=timezone.localdate())
        return self.filter(is_confirmed=True).exclude(closed)

    def matching(self, text):
        institutions = self
        for word in search_words(text):
            institutions = institutions.filter(folded__contains=word)
        return institutions


class Institution(models.Model):
    """A school or another body from the register of institutions (įstaiga).

    Never deleted: closed by date. A row that an applicant typed because the list did
    not have it waits, unconfirmed, for staff to match it with the register.
    """

    ins_id = models.CharField(
        "registro Nr. (ins_id)", max_length=20, unique=True, null=True, blank=True
    )
    code = models.CharField(
        "įstaigos kodas",
        max_length=9,
        blank=True,
        validators=[validators.legal_code],
        help_text="Padaliniai gali turėti tą patį kodą.",
    )
    name = models.CharField(
        "pavadinimas", max_length=300, validators=[validators.plain_line]
    )
    type = models.ForeignKey(
        InstitutionType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="institutions",
        verbose_name="tipas",
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="institutions",
        verbose_name="savivaldybė",
    )
    ownership = models.PositiveSmallIntegerField(
        "priklausomybė", choices=Ownership, null=True, blank=True
    )
    parent_ins_id = models.CharField(
        "pagrindinės įstaigos ins_id", max_length=20, blank=True
    )
    registered_on = models.DateField("įregistruota", null=True, blank=True)
    closed_on = models.DateField("išregistruota", null=True, blank=True)
    is_confirmed = models.BooleanField(
        "sutikrinta su registru", default=True, editable=False
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="įrašė",
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="sutapatinta su",
    )
    sort_key = SortKeyField("name", db_index=True)
    folded = FoldedField("name", "code")
    normalised_name = FoldedField("name", db_index=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name = "įstaiga"
        verbose_name_plural = "įstaigos"
        indexes = [models.Index(fields=["code"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None)
                | Q(registered_on=None)
                | Q(closed_on__gte=models.F("registered_on")),
                name="institution_closed_after_registered",
                violation_error_message="Įstaiga negali būti išregistruota anksčiau, nei įregistruota.",
            ),
            models.CheckConstraint(
                condition=~Q(ins_id=""), name="institution_ins_id_null_not_empty"
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        self.ins_id = self.ins_id or None


class TeamQuerySet(models.QuerySet):
    def led_by(self, user):
        return self.filter(lead=user)

    def handed_in(self):
        """Submitted at least once; a draft is nobody's business but its lead's (R10)."""
        return self.filter(submitted_at__isnull=False)

    def visible_to(self, user):
        """R10, for staff screens: all of them to centre staff, the entrusted calls to others."""
        if user.has_perm("enrolment.view_every_team"):
            return self.handed_in()
        return self.handed_in().filter(call__in=Call.objects.coordinated_by(user))

    def live(self):
        return self.filter(status__in=LIVE)

    def of_the_same_institution(self, team):
        """The other applications and drafts of its institution in its call (R2)."""
        same = self.filter(call=team.call_id, institution=team.institution_id)
        return same.filter(status__in=[TeamStatus.DRAFT, *LIVE]).exclude(pk=team.pk)

    def with_member_counts(self):
        """Annotate ``counted_members`` (R1) and ``external_members``.

        Counted row by row, for the page that is shown: joining and grouping would count
        the members of every team before the first page is cut out.
        """

        def count(**marks):
            members = Member.objects.filter(team=OuterRef("pk"), **marks)
            counted = members.order_by().values("team").annotate(count=Count("pk"))
            return Coalesce(Subquery(counted.values("count")), 0)

        return self.annotate(
            counted_members=count(is_external=False),
            external_members=count(is_external=True),
        )


class Team(models.Model):
    """A school's team in a call (komanda); the team *is* the application (paraiška)."""

    number = models.PositiveIntegerField("Nr.", null=True, unique=True, editable=False)
    call = models.ForeignKey(
        Call, models.PROTECT, related_name="teams", verbose_name="kvietimas"
    )
    version = models.ForeignKey(
        ProgrammeVersion,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="programos versija",
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="teams",
        verbose_name="komandos vadovas",
    )
    lead_name = models.CharField(
        "vardas ir pavardė",
        max_length=120,
        blank=True,
        validators=[validators.person_name],
    )
    lead_phone = models.CharField(
        "telefonas", max_length=30, blank=True, validators=[validators.plain_line]
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="teams", verbose_name="įstaiga"
    )
    institution_name = models.CharField(
        "įstaigos pavadinimas paraiškoje", max_length=300, editable=False
    )
    institution_type = models.ForeignKey(
        InstitutionType,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="įstaigos tipas paraiškoje",
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="teams",
        verbose_name="savivaldybė",
    )
    motivation = models.TextField(
        "motyvacija", max_length=4000, blank=True, validators=[validators.plain_text]
    )
    problem = models.TextField(
        "sprendžiama problema",
        max_length=4000,
        blank=True,
        validators=[validators.plain_text],
    )
    status = models.CharField(
        "būsena",
        max_length=20,
        choices=TeamStatus,
        default=TeamStatus.DRAFT,
        editable=False,
    )
    created_at = models.DateTimeField("pradėta", editable=False)
    submitted_at = models.DateTimeField("pateikta", null=True, editable=False)
    decided_at = models.DateTimeField("nuspręsta", null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="sprendė",
    )
    reason = models.CharField("priežastis", max_length=20, blank=True, editable=False)
    note = models.TextField("paaiškinimas", blank=True, editable=False)
    answer_until = models.DateField("patikslinti iki", null=True, editable=False)
    reserve_rank = models.PositiveIntegerField(
        "eilė rezerve", null=True, editable=False
    )
    institution_sort_key = SortKeyField("institution_name", db_index=True)
    folded = FoldedField("institution_name", "lead_name")

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "paraiška"
        verbose_name_plural = "paraiškos"
        permissions = [
            ("decide_team", "Gali spręsti dėl patikėtų kvietimų paraiškų"),
            ("view_every_team", "Mato visų kvietimų pateiktas paraiškas"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=TeamStatus.values), name="team_status_known"
            ),
            models.CheckConstraint(
                condition=Q(number=None, submitted_at=None)
                | Q(number__isnull=False, submitted_at__isnull=False),
                name="team_number_comes_with_submission",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[TeamStatus.DRAFT, TeamStatus.WITHDRAWN],
                )
                | Q(submitted_at__isnull=False),
                name="team_handed_in_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status=TeamStatus.DRAFT) | Q(submitted_at=None),
                name="team_draft_never_handed_in",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=DECIDED)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="team_decided_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=WITH_REASON) | ~(Q(reason="") | Q(note="")),
                name="team_refusal_says_why",
                violation_error_message="Nurodykite priežastį ir ją paaiškinkite.",
            ),
            models.CheckConstraint(
                condition=Q(status=TeamStatus.RETURNED, answer_until__isnull=False)
                | (~Q(status=TeamStatus.RETURNED) & Q(answer_until=None)),
                name="team_returned_has_answer_date",
            ),
            models.CheckConstraint(
                condition=Q(status=TeamStatus.RESERVE, reserve_rank__isnull=False)
                | (~Q(status=TeamStatus.RESERVE) & Q(reserve_rank=None)),
                name="team_reserve_is_ranked",
            ),
            models.UniqueConstraint(
                fields=["call", "reserve_rank"], name="team_reserve_rank_once"
            ),
            models.UniqueConstraint(
                fields=["call", "institution"],
                condition=Q(status__in=LIVE),
                name="team_one_live_per_institution",
                violation_error_message="Jūsų įstaiga šiam kvietimui paraišką jau pateikė.",
            ),
            models.UniqueConstraint(
                fields=["lead", "call", "institution"],
                condition=Q(status=TeamStatus.DRAFT),
                name="team_one_draft_per_lead",
                violation_error_message="Šios įstaigos paraišką šiam kvietimui jau esate pradėję.",
            ),
        ]

    def __str__(self):
        if self.number:
            return f"Paraiška Nr. {self.number}"
        return f"Paraiškos juodraštis: {self.institution_name}"

    def get_absolute_url(self):
        return reverse("enrolment:team", args=[self.pk])

    @property
    def is_editable(self):
        return self.status in EDITABLE

    @property
    def is_live(self):
        return self.status in LIVE

    def head_count(self):
        """How many represent the institution, and how many are external (R1).

        Asks ``members.all()``, which pages prefetch.
        """
        marks = [member.is_external for member in self.members.all()]
        return marks.count(False), marks.count(True)

    @property
    def reason_label(self):
        return REASON_LABELS.get(self.reason, "")


class MemberQuerySet(models.QuerySet):
    def with_double_mark(self):
        """Annotate ``is_elsewhere``: also in another live team of the same call (R3)."""
        others = Member.objects.filter(
            email=OuterRef("email"),
            team__call=OuterRef("team__call"),
            team__status__in=LIVE,
        ).exclude(team=OuterRef("team"))
        return self.annotate(is_elsewhere=Exists(others))


class Member(models.Model):
    """A person in a team (narys). The position belongs to the membership, not the person."""

    team = models.ForeignKey(
        Team, models.PROTECT, related_name="members", verbose_name="paraiška"
    )
    first_name = models.CharField(
        "vardas", max_length=60, validators=[validators.person_name]
    )
    last_name = models.CharField(
        "pavardė", max_length=60, validators=[validators.person_name]
    )
    email = models.EmailField("el. paštas")
    position = models.CharField("pareigos", max_length=20, choices=Position)
    category = models.CharField(
        "kvalifikacinė kategorija", max_length=20, choices=Category
    )
    is_external = models.BooleanField("išorinis narys", default=False)
    organisation = models.CharField(
        "kur dirba",
        max_length=300,
        blank=True,
        validators=[validators.plain_line],
    )
    is_curator = models.BooleanField("kuruojantis mokytojas", default=False)
    told_at = models.DateTimeField("pranešta", null=True, editable=False)
    live_in = models.ForeignKey(
        Call,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="Kvietimas, kurio vietą narys užima (R3); nustato tik būsenos žingsniai.",
    )

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["is_external", "pk"]
        verbose_name = "narys"
        verbose_name_plural = "nariai"
        constraints = [
            models.UniqueConstraint(
                fields=["team", "email"],
                name="member_once_per_team",
                violation_error_message="Narys tokiu el. pašto adresu šioje komandoje jau yra.",
            ),
            models.UniqueConstraint(
                fields=["live_in", "email"], name="member_one_place_per_call"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="member_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(position__in=Position.values), name="member_position_known"
            ),
            models.CheckConstraint(
                condition=Q(category__in=Category.values), name="member_category_known"
            ),
            models.CheckConstraint(
                condition=Q(is_external=False) | ~Q(organisation=""),
                name="member_external_says_from_where",
                violation_error_message="Nurodykite, kur išorinis narys dirba.",
            ),
            models.CheckConstraint(
                condition=Q(is_external=False) | Q(is_curator=False),
                name="member_curator_is_not_external",
                violation_error_message="Kuruojantis mokytojas negali būti išorinis narys.",
            ),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}"

    def clean(self):
        self.email = normalise_email(self.email)
        if not self.is_external:
            self.organisation = ""
