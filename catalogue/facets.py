"""The filters of the programme list and how many programmes each of their values leaves.

All programmes are kept in memory as bits, in the alphabet's order: a value of a filter is
a whole number that has a 1 where a programme has that value. Filters then meet by ``&``,
and a count is ``bit_count``. The numbers are kept until the catalogue changes (its stamp:
``catalogue.freshness``) or time alone changes an answer: a call opens, a day begins.
"""

import datetime
from collections import OrderedDict, defaultdict
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from catalogue.models import (
    AccreditationState,
    Call,
    Competence,
    CompetenceGroup,
    Level,
    ModuleCompetence,
    Posting,
    Programme,
    Project,
    Stamp,
    TargetGroup,
)
from core import search
from core.models import Municipality

ANSWERS_KEPT = 100
STATES = {
    AccreditationState.VALID: "Galioja",
    AccreditationState.OPEN_ENDED: "Galiojimo pabaiga nenurodyta",
    AccreditationState.EXPIRED: "Archyvas: nebegalioja",
}


class Duration(models.TextChoices):
    """Academic hours of a programme (trukmė)."""

    SHORT = "iki-8", "Iki 8 akad. val."
    MEDIUM = "9-40", "9–40 akad. val."
    LONG = "per-40", "Daugiau kaip 40 akad. val."
    UNKNOWN = "nenurodyta", "Nenurodyta"

    @classmethod
    def of(cls, hours):
        if hours is None:
            return cls.UNKNOWN
        return cls.SHORT if hours <= 8 else cls.MEDIUM if hours <= 40 else cls.LONG


@dataclass(frozen=True)
class Value:
    """A value of a filter: what it is called, and which programmes have it."""

    label: str
    bits: int
    group: str = ""


def snapshot(at=None):
    """The programmes as they are now; computed anew only when something has changed."""
    global _kept
    at = at or timezone.now()
    stamp = Stamp.objects.values_list("value", flat=True).first()
    kept = _kept
    if kept is None or kept.stamp != stamp or not kept.since <= at < kept.until:
        # The stamp is older than what is read now, never newer: no change is missed.
        kept = _kept = Snapshot(stamp, at)
    return kept


_kept = None


class Snapshot:
    def __init__(self, stamp, at):
        self.stamp, self.since = stamp, at
        self.until = _next_change(at)
        day = timezone.localdate(at)
        rows = list(
            Programme.objects.filter(published__isnull=False)
            .with_accreditation(day)
            .order_by("sort_key", "pk")
            .values_list(
                "pk",
                "is_public",
                "project__slug",
                "published__hours",
                "accreditation_state",
            )
        )
        self.keys = [row[0] for row in rows]
        self._place = {key: place for place, key in enumerate(self.keys)}
        self.all = (1 << len(rows)) - 1
        self.public = self.bits(row[0] for row in rows if row[1])
        self._newest = None
        self._answers = OrderedDict()
        self.lines = {}
        states = self._by_value((row[4], row[0]) for row in rows)
        self.states = {row[0]: row[4] for row in rows}
        # The soonest end of each programme that takes applications now.
        self.open_until = dict(
            Call.objects.open(at)
            .order_by("-closes_at")
            .values_list("programme_id", "closes_at")
        )
        self.archived = states.get(AccreditationState.EXPIRED, 0)
        calls = Call.objects.filter(cancelled_at=None, ends_on__gte=day)
        self.facets = {
            "projektas": self._named(Project, ((row[2], row[0]) for row in rows)),
            "grupe": self._named(
                TargetGroup,
                Programme.target_groups.through.objects.values_list(
                    "targetgroup__slug", "programme_id"
                ),
            ),
            "kompetenciju_grupe": self._named(
                CompetenceGroup, _gained("competence__group__slug")
            ),
            "kompetencija": self._named(
                Competence, _gained("competence__slug"), group="group__name"
            ),
            "lygis": self._chosen(
                Level,
                ModuleCompetence.objects.exclude(level="").values_list(
                    "level", "module__programme_id"
                ),
            ),
            "trukme": self._chosen(
                Duration, ((Duration.of(row[3]), row[0]) for row in rows)
            ),
            "savivaldybe": self._named(
                Municipality,
                calls.exclude(municipality=None).values_list(
                    "municipality__code", "programme_id"
                ),
                key="code",
            ),
            "akreditacija": {
                state: Value(label, states.get(state, 0))
                for state, label in STATES.items()
            },
            "atvira": {
                "1": Value(
                    "Dabar priimamos paraiškos",
                    self.bits(self.open_until),
                )
            },
        }

    def bits(self, keys):
        """The programmes of these keys as one number; those without a text have no place."""
        row = bytearray(len(self.keys) // 8 + 1)
        for key in keys:
            if (place := self._place.get(key)) is not None:
                row[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(row, "little")

    def in_order(self, bits, order=None):
        """The keys of ``bits``, by the alphabet or as they stand in ``order``."""
        chosen = f"{bits:b}"[::-1]
        if order is None:
            return [
                key for key, bit in zip(self.keys, chosen, strict=False) if bit == "1"
            ]
        chosen = chosen.ljust(len(self.keys), "0")
        place = self._place
        return [key for key in order if key in place and chosen[place[key]] == "1"]

    @property
    def newest(self):
        """The keys by their latest accreditation, newest first."""
        if self._newest is None:
            newest = Programme.objects.newest_first().values_list("pk", flat=True)
            self._newest = list(newest)
        return self._newest

    def found(self, text):
        """What a search finds, and its bits. The next page of it need not search again."""

        def find():
            found = search.find(Posting.objects, text, len(self.keys))
            return found, self.bits(found.scores)

        return self.keep(("found", text), find)

    def keep(self, key, compute):
        """The answer of ``compute``, from the last time if that was not long ago."""
        answer = self._answers.pop(key, None)
        if answer is None:
            answer = compute()
        self._answers[key] = answer
        if len(self._answers) > ANSWERS_KEPT:
            self._answers.popitem(last=False)
        return answer

    def _by_value(self, pairs):
        keys = defaultdict(list)
        for value, key in pairs:
            keys[value].append(key)
        return {value: self.bits(own) for value, own in keys.items()}

    def _named(self, model, pairs, key="slug", group=None):
        """Values that are rows of a model, in the alphabet's order."""
        bits = self._by_value(pairs)
        rows = model.objects.order_by("sort_key").values_list(
            key, "name", group or "pk"
        )
        return {
            slug: Value(name, bits.get(slug, 0), (more or "") if group else "")
            for slug, name, more in rows
        }

    def _chosen(self, choices, pairs):
        bits = self._by_value(pairs)
        return {
            value: Value(label, bits.get(value, 0)) for value, label in choices.choices
        }


def narrowed(kept, chosen, within, but=None):
    """What of ``within`` is left by the chosen filters, all or all ``but`` one.

    The archive is shown only to those who ask for it.
    """
    for name, value in chosen.items():
        if name != but:
            within &= kept.facets[name][value].bits
    if "akreditacija" not in (*chosen, but):
        within &= ~kept.archived
    return within


def counts(kept, chosen, within):
    """{facet: {value: how many are left if it were chosen}}, the other filters as they are."""
    numbers = {}
    for name, values in kept.facets.items():
        left = narrowed(kept, chosen, within, but=name)
        numbers[name] = {
            value: (left & own.bits).bit_count() for value, own in values.items()
        }
    return numbers


def _gained(value):
    """(value, programme) of competences, given by the programme itself or by a module."""
    own = Programme.competences.through.objects.values_list(value, "programme_id")
    by_module = ModuleCompetence.objects.values_list(value, "module__programme_id")
    return {pair for pair in [*own, *by_module] if pair[0]}


def _next_change(at):
    """When an answer may change though nobody changes anything."""
    tomorrow = timezone.localdate(at) + datetime.timedelta(days=1)
    midnight = timezone.make_aware(
        datetime.datetime.combine(tomorrow, datetime.time.min)
    )
    calls = Call.objects.filter(cancelled_at=None)
    ahead = [
        calls.filter(**{f"{column}__gt": at})
        .order_by(column)
        .values_list(column, flat=True)
        .first()
        for column in ("opens_at", "closes_at")
    ]
    return min([midnight, *filter(None, ahead)])
