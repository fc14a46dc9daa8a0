"""What every report is made of: what it is asked for, and the table it answers with."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from catalogue.models import Call, Programme
from core.exports import Column, Row, Table
from core.models import Municipality

UNKNOWN = "nenurodyta"
TOTAL = "Iš viso"


@dataclass(frozen=True)
class Filters:
    """What a reader asks for. Days are days in Vilnius, both inclusive."""

    since: datetime.date | None = None
    until: datetime.date | None = None
    programme: Programme | None = None
    municipality: Municipality | None = None
    call: Call | None = None

    def touching(self, first: str, last: str) -> Q:
        """Spans, from the instant ``first`` to ``last``, that share a moment with the period."""
        return self._before_the_end(first) & self._after_the_start(last)

    def holding(self, instant: str) -> Q:
        """Instants inside the period."""
        return self.touching(instant, instant)

    def _after_the_start(self, field):
        return Q(**{f"{field}__gte": _midnight(self.since)}) if self.since else Q()

    def _before_the_end(self, field):
        if not self.until:
            return Q()
        following_day = self.until + datetime.timedelta(days=1)
        return Q(**{f"{field}__lt": _midnight(following_day)})


@dataclass(frozen=True)
class Report:
    """One report: the screen, the files and the paper all show its ``table``."""

    slug: str
    name: str
    answers: str  # the question of a reader, in one sentence
    dated_by: str  # what the dates of the period are compared with
    filters: Sequence[str]  # GET parameters that mean something here
    columns: Sequence[Column]
    rows: Callable[[Filters], Sequence[Row]]
    required: Sequence[str] = ()
    totals: Callable[[Filters, Sequence[Row]], Row] | None = None
    total_means: str = ""
    signatures: Sequence[str] = ("Atsakingas asmuo",)

    def table(self, filters: Filters) -> Table:
        rows = self.rows(filters)
        return Table(
            name=self.name,
            columns=self.columns,
            rows=rows,
            total=self.totals(filters, rows) if self.totals else None,
            about=self._about(filters),
        )

    def _about(self, filters):
        """What the figures are of: without it nobody can repeat them later."""
        chosen = {
            "kvietimas": ("Kvietimas", filters.call and _title(filters.call)),
            "programa": ("Programa", filters.programme or "visos"),
            "savivaldybe": ("Savivaldybė", filters.municipality or "visos"),
        }
        return [
            ("Ataskaita", self.name),
            ("Laikotarpis", _period(filters)),
            ("Laikotarpis taikomas", self.dated_by),
            *[
                (name, str(value))
                for parameter, (name, value) in chosen.items()
                if parameter in self.filters and value
            ],
            *([(f"Eilutė „{TOTAL}“", self.total_means)] if self.total_means else []),
        ]


def or_unknown(value):
    """The value of a cell, or the word for a fact that no source gives: never 0, never ""."""
    return UNKNOWN if value in (None, "") else value


def _midnight(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _title(call):
    return f"{call.title} ({call.programme})"


def _period(filters):
    if filters.since and filters.until:
        return f"{filters.since} – {filters.until}"
    if filters.since:
        return f"nuo {filters.since}"
    return f"iki {filters.until}" if filters.until else "visas laikas"
