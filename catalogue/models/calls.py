from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from catalogue.models.accreditations import Accreditation
from core.models import Event, Municipality


class CallStatus(models.TextChoices):
    """Where a call is on its road; computed from its dates, never stored."""

    PLANNED = "planned", "Planuojamas"
    OPEN = "open", "Paraiškos priimamos"
    CLOSED = "closed", "Paraiškų priėmimas baigtas"
    RUNNING = "running", "Vykdomas"
    FINISHED = "finished", "Baigtas"
    CANCELLED = "cancelled", "Atšauktas"


def _is_accredited():
    own = Accreditation.objects.filter(programme=OuterRef("programme"))
    start = OuterRef("starts_on")
    return Exists(own.covering(start)) | (
        Q(accreditation_confirmed_at__isnull=False) & Exists(own.open_ended(start))
    )


class CallQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.has_perm("catalogue.change_call"):
            return self
        return self.public()

    def public(self):
        """What everybody sees."""
        return self.filter(
            programme__is_public=True, programme__published__isnull=False
        )

    def coordinated_by(self, user):
        return self.filter(coordinators=user)

    def accredited(self):
        """R4: the accreditation covers the start, or staff confirmed an open-ended one."""
        return self.filter(_is_accredited())

    def open(self, at=None):
        at = at or timezone.now()
        return self.filter(
            cancelled_at=None, opens_at__lte=at, closes_at__gt=at
        ).accredited()

    def with_openness(self):
        """Annotate ``may_open``, which ``Call.status`` needs, without a query a row."""
        return self.annotate(may_open=_is_accredited())

    def with_revision(self):
        """Annotate what the history tells of a call: ``revision``, how many times it
        changed, and ``revised_at``, when it last did, or None."""
        kind = ContentType.objects.get_for_model(Call)
        own = Event.objects.filter(content_type=kind, object_id=OuterRef("pk"))
        own = own.order_by().values("object_id")
        return self.annotate(
            revision=Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0),
            revised_at=Subquery(own.annotate(last=Max("at")).values("last")),
        )

    def as_listed(self, at=None):
        """Open ones by deadline, then planned by opening, then the past, latest first."""
        at = at or timezone.now()
        ahead, begun = Q(cancelled_at=None, closes_at__gt=at), Q(opens_at__lte=at)
        place = Case(
            When(ahead & begun & Q(may_open=True), then=0),
            When(ahead, then=1),
            default=2,
            output_field=models.IntegerField(),
        )
        next_date = Case(
            When(ahead & begun, then="closes_at"), When(ahead, then="opens_at")
        )
        return self.with_openness().order_by(place, next_date, "-closes_at", "-pk")


class Call(models.Model):
    """One run of a programme (kvietimas teikti paraiškas)."""

    programme = models.ForeignKey(
        "catalogue.Programme",
        models.PROTECT,
        related_name="calls",
        verbose_name="programa",
    )
    module = models.ForeignKey(
        "catalogue.Module",
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
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="vykdymo savivaldybė",
        help_text="Palikite tuščią, jei vykdoma keliose savivaldybėse ar nuotoliu.",
    )
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
    def team_size(self):
        """„5–6“, or „5“ where there is no choice."""
        if self.members_min == self.members_max:
            return str(self.members_min)
        return f"{self.members_min}–{self.members_max}"

    def clean(self):
        if self.programme_id is None:
            return
        if self.module and self.module.programme_id != self.programme_id:
            raise ValidationError({"module": "Šis modulis – kitos programos dalis."})
        if not self.module and self.programme.modules.exists():
            raise ValidationError(
                {"module": "Programa turi modulių: nurodykite, kurio kvietimas."}
            )

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

    @property
    def awaits_accreditation(self):
        """The window has begun, yet R4 keeps the call shut."""
        return self.status == CallStatus.PLANNED and self.opens_at <= timezone.now()

    def get_status_display(self):
        return self.status.label

    @cached_property
    def may_open(self):
        """R4. Free on objects from ``with_openness()``, one query on others."""
        return Call.objects.accredited().filter(pk=self.pk).exists()
