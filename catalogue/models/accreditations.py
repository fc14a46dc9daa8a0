import calendar
import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core.words import long_date, long_month, month_name


class Precision(models.TextChoices):
    """How much of a date is known."""

    DAY = "day", "diena"
    MONTH = "month", "mėnuo"
    YEAR = "year", "metai"


class AccreditationState(models.TextChoices):
    """Whether a programme is accredited on the day asked; computed, never stored."""

    VALID = "galioja", "Akreditacija galioja"
    OPEN_ENDED = "nenurodyta", "Akreditacijos galiojimo pabaiga nenurodyta"
    EXPIRED = "archyvas", "Akreditacija nebegalioja"
    NONE = "nera", "Neakredituota"


class AccreditationQuerySet(models.QuerySet):
    def in_force(self, day):
        """Begun by that day and not withdrawn by it; whether it has ended is not asked."""
        return self.filter(counts_from__lte=day).exclude(withdrawn_on__lte=day)

    def covering(self, day):
        return self.in_force(day).filter(valid_until__gte=day)

    def open_ended(self, day):
        """In force on the day as far as is known: nobody recorded an end.

        A later decision replaces such a one, so the end of the later one counts.
        """
        later = Accreditation.objects.filter(
            programme=OuterRef("programme"),
            counts_from__gt=OuterRef("counts_from"),
            counts_from__lte=OuterRef(day) if isinstance(day, OuterRef) else day,
        )
        return self.in_force(day).filter(~Exists(later), valid_until=None)


class Accreditation(models.Model):
    """A decision that a programme may run from–until (akreditacija)."""

    programme = models.ForeignKey(
        "catalogue.Programme",
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
        return f"{self.programme}: {self.date_in_table()}"

    def save(self, **kwargs):
        self.counts_from = self._counted_from()
        super().save(**kwargs)

    def clean(self):
        self.counts_from = self._counted_from()

    def covers(self, day):
        """Known to be in force on the day; ``AccreditationQuerySet.covering`` asks in SQL."""
        withdrawn = self.withdrawn_on and self.withdrawn_on <= day
        until = self.valid_until
        return bool(until and self.counts_from <= day <= until and not withdrawn)

    def date_in_sentence(self):
        """What is known of the date, to follow a verb: „2013 m. gegužės mėn.“"""
        if self.precision == Precision.DAY:
            return long_date(self.accredited_on)
        if self.precision == Precision.MONTH:
            return long_month(self.accredited_on)
        return f"{self.accredited_on.year}\u00a0m."

    def date_in_table(self):
        """The same for a cell. A month is text, lest a spreadsheet make a day of it."""
        if self.precision == Precision.DAY:
            return f"{self.accredited_on:%Y-%m-%d}"
        if self.precision == Precision.MONTH:
            return month_name(self.accredited_on)
        return f"{self.accredited_on.year} m."

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
