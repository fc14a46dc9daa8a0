import uuid

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from core.fields import SortKeyField


def normalise_email(email):
    """The one form in which the portal stores and compares an address."""
    return email.strip().lower()


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=normalise_email(email), **fields)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, **fields
        )

    def get_by_natural_key(self, email):
        return self.get(email=normalise_email(email))


class User(AbstractUser):
    """Anyone who signs in (naudotojas). The e-mail address is the key.

    People are anonymised, never deleted: history and decisions point at them.
    """

    username = None
    email = models.EmailField(
        "el. paštas",
        unique=True,
        error_messages={"unique": "Naudotojas tokiu el. pašto adresu jau yra."},
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        ordering = ["email"]
        verbose_name = "naudotojas"
        verbose_name_plural = "naudotojai"
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="user_email_is_lower_case",
                violation_error_message="El. pašto adresą rašykite mažosiomis raidėmis.",
            )
        ]

    def __str__(self):
        return self.get_full_name() or self.email

    def clean(self):
        super().clean()
        self.email = normalise_email(self.email)

    def has_usable_password(self):
        """Never: people sign in by a code, whatever ``createsuperuser`` has stored."""
        return False


class Municipality(models.Model):
    """One of the 60 (savivaldybė). Loaded by ``load_catalogue``."""

    code = models.CharField("kodas", max_length=2, unique=True)
    name = models.CharField("pavadinimas", max_length=100)
    short_name = models.CharField("trumpas pavadinimas", max_length=60)
    county = models.CharField("apskritis", max_length=60)
    sort_key = SortKeyField("name", db_index=True)

    class Meta:
        ordering = ["sort_key"]
        verbose_name = "savivaldybė"
        verbose_name_plural = "savivaldybės"

    def __str__(self):
        return self.name


class InstitutionType(models.Model):
    """A kind of institution (įstaigos tipas). Loaded by ``load_catalogue``."""

    OTHER = "kita"

    slug = models.SlugField("trumpinys", unique=True)
    name = models.CharField("pavadinimas", max_length=150)
    sort_key = SortKeyField("name", db_index=True)

    class Meta:
        ordering = ["sort_key"]
        verbose_name = "įstaigos tipas"
        verbose_name_plural = "įstaigų tipai"

    def __str__(self):
        return self.name


class EventQuerySet(models.QuerySet):
    def about(self, target):
        kind = ContentType.objects.get_for_model(target)
        return self.filter(content_type=kind, object_id=target.pk)

    def record(
        self, target, step, *, by, at, old="", new="", reason="", note="", **facts
    ):
        """Write one line of history, inside the step's own transaction.

        ``reason`` is the label chosen from the step's short list, ``note`` its text;
        ``facts`` holds what was true at that moment: ids and field names, never names
        of people or addresses, because a row can not be changed afterwards.
        """
        return self.create(
            target=target,
            step=step,
            actor=by,
            at=at,
            old=old,
            new=new,
            reason=reason,
            note=note,
            facts=facts,
        )


class Event(models.Model):
    """One line of history (įvykis): who, when, from, to, why.

    Append-only in the database itself: see ``core.history``.
    """

    at = models.DateTimeField("kada")
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="kas"
    )
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    step = models.CharField("įvykis", max_length=200)
    old = models.CharField("iš būsenos", max_length=20, blank=True)
    new = models.CharField("į būseną", max_length=20, blank=True)
    reason = models.CharField("priežastis", max_length=100, blank=True)
    note = models.TextField("paaiškinimas", blank=True)
    facts = models.JSONField("aplinkybės", default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "at"])]
        verbose_name = "įvykis"
        verbose_name_plural = "istorija"

    def __str__(self):
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.step}"


class LetterQuerySet(models.QuerySet):
    def about(self, target):
        kind = ContentType.objects.get_for_model(target)
        return self.filter(content_type=kind, object_id=target.pk)

    def waiting(self):
        return self.filter(sent_at=None, failed_at=None)

    def due(self, at=None):
        """What a worker may take now: not sent, not given up, not in other hands."""
        at = at or timezone.now()
        return self.waiting().filter(due_at__lte=at).exclude(leased_until__gt=at)

    def undelivered(self):
        return self.exclude(failed_at=None)


class Letter(models.Model):
    """A letter in the outbox (laiškas), written in the transaction of what it tells.

    ``manage.py send_letters`` delivers it: see ``core.emails``.
    """

    kind = models.CharField("rūšis", max_length=60)
    to = models.EmailField("kam")
    subject = models.CharField("tema", max_length=250)
    body = models.TextField("tekstas")
    content_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(null=True)
    about = GenericForeignKey()
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField("parašyta")
    due_at = models.DateTimeField("siųsti ne anksčiau")
    attempts = models.PositiveSmallIntegerField("bandymų", default=0)
    leased_until = models.DateTimeField("siuntėjo rankose iki", null=True, blank=True)
    sent_at = models.DateTimeField("išsiųsta", null=True, blank=True)
    failed_at = models.DateTimeField("nepristatyta", null=True, blank=True)
    last_error = models.TextField("klaida", blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at=None, failed_at=None),
                name="letter_waiting",
            ),
            models.Index(fields=["content_type", "object_id"]),
        ]
        verbose_name = "laiškas"
        verbose_name_plural = "laiškai"
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(failed_at=None),
                name="letter_sent_or_failed",
            )
        ]

    def __str__(self):
        return self.subject


class Counter(models.Model):
    """The last number given out in a gap-free sequence (skaitiklis)."""

    name = models.CharField(max_length=40, unique=True)
    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "skaitiklis"
        verbose_name_plural = "skaitikliai"

    def __str__(self):
        return f"{self.name}: {self.value}"
