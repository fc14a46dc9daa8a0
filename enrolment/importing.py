"""The import of the register of institutions: rows → plan → database, in one transaction.

The register is the source: its names, types and dates replace ours. An empty cell erases
nothing, and an institution that the file does not name stays as it is, because lists of
one city are imported too. Rows that applicants typed (``is_confirmed=False``) are not
touched: staff match them. No history rows: this is data of the register, and teams keep
the name of their day.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from core import validators
from core.models import InstitutionType, Municipality
from core.text import fold
from enrolment import register
from enrolment.models import Institution
from enrolment.register import BadRow
from enrolment.register_types import TYPES, slug_of

SAMPLE = Path(__file__).parent / "data" / "institutions.csv"

_TEST_ROW = re.compile(r"\btest(as|ine|inis|avimas|avimo|uojama)?\b")
_NAME_LENGTH = Institution._meta.get_field("name").max_length
_PLACE_WORDS = {"m": "miesto", "r": "rajono", "sav": "savivaldybe"}
_WRITTEN = [
    "ins_id",
    "code",
    "name",
    "type",
    "municipality",
    "parent_ins_id",
    "registered_on",
    "closed_on",
    "sort_key",
    "folded",
    "normalised_name",
]


class NotLoaded(Exception):
    """The portal lacks what rows are matched with. The message says what to run."""


@dataclass(frozen=True)
class Note:
    """One line of the report: where in the file, which institution, what."""

    line: str
    name: str
    text: str = ""


@dataclass
class Report:
    """What an import did, or with ``dry_run`` would have done."""

    dry_run: bool
    created: list[Note] = field(default_factory=list)
    updated: list[Note] = field(default_factory=list)
    closed: list[Note] = field(default_factory=list)
    unchanged: int = 0
    rejected: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    unknown_types: Counter[str] = field(default_factory=Counter)


def import_institutions(content: bytes, *, dry_run: bool = False) -> Report:
    """Bring the register up to the file. Repeatable: the same file again changes nothing.

    Raises ``BrokenFile`` or ``NotLoaded`` before anything is written.
    """
    rows = register.read(content)
    report = Report(dry_run=dry_run)
    with transaction.atomic():
        plan = _Plan(report)
        for row in rows:
            plan.add(row)
        plan.write()
        if dry_run:
            transaction.set_rollback(True)
    return report


class _Plan:
    """What the database holds, read once, and what the rows ask to change in it."""

    def __init__(self, report):
        self.report = report
        # Locked, so that of two imports at once the second waits and sees the first.
        municipalities = list(Municipality.objects.select_for_update(no_key=True))
        self.types = {kind.slug: kind for kind in InstitutionType.objects.all()}
        if not municipalities or not self.types.keys() >= TYPES.keys():
            raise NotLoaded(
                "Neįkeltos savivaldybės arba įstaigų tipai: pirma paleiskite "
                "„manage.py load_catalogue“."
            )
        self.by_code = {place.code: place for place in municipalities}
        self.by_place = {
            _place_key(name): place
            for place in municipalities
            for name in (place.name, place.short_name)
        }
        self.by_ins_id = {}
        self.by_name = defaultdict(list)
        self.codes = {}
        for institution in Institution.objects.order_by("pk"):
            self._remember(institution)
        self.line_of = {}
        self.new, self.changed = [], []

    def _remember(self, institution):
        if institution.ins_id:
            self.by_ins_id[institution.ins_id] = institution
        if institution.is_confirmed:
            namesakes = self.by_name[institution.code, fold(institution.name)]
            if institution not in namesakes:
                namesakes.append(institution)
            self.codes.setdefault(institution.code, institution.name)

    def add(self, row):
        name = register.shorten(row.cells.get("ins_pavad_lt", ""))
        warnings, unknown = [], []
        try:
            if row.fault:
                raise BadRow(row.fault)
            values = self._values(row.cells, warnings, unknown)
            name = values["name"]
            self._take(row.line, values, warnings)
        except BadRow as reason:
            self.report.rejected.append(Note(row.line, name, str(reason)))
            return
        self.report.unknown_types.update(unknown)
        for warning in warnings:
            self.report.warnings.append(Note(row.line, name, warning))

    def _values(self, cells, warnings, unknown):
        """What the row says, by the model's fields; falsy where it says nothing."""
        name = _name(cells["ins_pavad_lt"], warnings)
        ins_id = register.number(cells["ins_id"])
        return {
            "ins_id": ins_id,
            "code": _code(cells["ins_kodas"], ins_id, warnings),
            "name": name,
            "type_id": self._type(cells, unknown),
            "municipality_id": self._municipality(cells, warnings).pk,
            "parent_ins_id": register.number(cells["ins_motin_id"]),
            "registered_on": register.day(cells["ins_ireg_smir_data"]),
            "closed_on": register.day(cells["ins_isreg_smir_data"]),
        }

    def _type(self, cells, unknown):
        kind = register.tidy(cells["ins_pagr_tipas"])
        group = register.tidy(cells["ins_pask_grupe"])
        slug = slug_of(kind) or slug_of(group)
        if slug is None or (slug == InstitutionType.OTHER and not slug_of(kind)):
            unknown.append(kind or group or "(tipas nenurodytas)")
            return None
        return self.types[slug].pk

    def _municipality(self, cells, warnings):
        code = cells["savivaldybe"].strip()
        name = register.tidy(cells["sav_pav"])
        by_code = self.by_code.get(code)
        by_name = self.by_place.get(_place_key(name))
        if not by_code and not by_name:
            said = " ".join(filter(None, [code, name]))
            raise BadRow(
                f"nežinoma savivaldybė „{register.shorten(said)}“"
                if said
                else "savivaldybė nenurodyta"
            )
        if code and name and by_code != by_name:
            warnings.append(
                f"savivaldybės kodas „{register.shorten(code)}“ ir pavadinimas "
                f"„{register.shorten(name)}“ nesutampa; įrašyta {by_code or by_name}"
            )
        return by_code or by_name

    def _match(self, values):
        """The institution that the row is about, or None where it is a new one."""
        namesakes = (
            self.by_name[values["code"], fold(values["name"])] if values["code"] else []
        )
        if values["ins_id"]:
            if found := self.by_ins_id.get(values["ins_id"]):
                if not found.is_confirmed:
                    raise BadRow("šį ins_id turi su registru dar nesutikrinta įstaiga")
                return found
            namesakes = [found for found in namesakes if not found.ins_id]
        if len(namesakes) > 1:
            raise BadRow("tokį kodą ir pavadinimą portale turi kelios įstaigos")
        return namesakes[0] if namesakes else None

    def _take(self, line, values, warnings):
        institution = self._match(values)
        if institution is None:
            self._create(line, values, warnings)
        else:
            self._update(line, values, institution)

    def _create(self, line, values, warnings):
        values = {name: value for name, value in values.items() if value}
        values.setdefault("type_id", self.types[InstitutionType.OTHER].pk)
        institution = Institution(**values)
        _check_dates(institution.registered_on, institution.closed_on)
        namesake = self.codes.get(institution.code)
        if namesake and institution.code and not institution.ins_id:
            warnings.append(
                f"tą patį kodą turi „{namesake}“: įrašyta kaip atskira įstaiga"
            )
        self._remember(institution)
        self.line_of[id(institution)] = line
        self.new.append(institution)
        self.report.created.append(Note(line, institution.name))

    def _update(self, line, values, institution):
        if earlier := self.line_of.get(id(institution)):
            raise BadRow(f"kartojasi: ta pati įstaiga yra {earlier} eilutėje")
        if institution.type_id is None:
            values["type_id"] = (
                values["type_id"] or self.types[InstitutionType.OTHER].pk
            )
        changes = {
            name: value
            for name, value in values.items()
            if value and value != getattr(institution, name)
        }
        _check_dates(
            changes.get("registered_on", institution.registered_on),
            changes.get("closed_on", institution.closed_on),
        )
        self.line_of[id(institution)] = line
        if not changes:
            self.report.unchanged += 1
            return
        closing = "closed_on" in changes and institution.closed_on is None
        changed = ", ".join(
            Institution._meta.get_field(name).verbose_name for name in changes
        )
        for name, value in changes.items():
            setattr(institution, name, value)
        self._remember(institution)
        self.changed.append(institution)
        notes = self.report.closed if closing else self.report.updated
        notes.append(Note(line, institution.name, changed))

    def write(self):
        Institution.objects.bulk_create(self.new, batch_size=500)
        # An upsert by key: seven times faster than bulk_update, and unlike it fills the
        # derived columns.
        Institution.objects.bulk_create(
            self.changed,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=_WRITTEN,
        )


def _name(cell, warnings):
    name = register.tidy(cell)
    if not name:
        raise BadRow("pavadinimas nenurodytas")
    if len(name) > _NAME_LENGTH:
        raise BadRow(f"pavadinimas ilgesnis nei {_NAME_LENGTH} ženklų")
    try:
        validators.plain_line(name)
    except ValidationError:
        raise BadRow("pavadinime yra nematomų valdymo ženklų") from None
    if _TEST_ROW.search(fold(name)):
        raise BadRow("bandomasis įrašas")
    if register.repair(cell) != cell:
        warnings.append("pavadinimo raidės buvo sugadintos ir atkurtos")
    if strange := register.unfamiliar(name):
        warnings.append(f"pavadinime yra neįprastų raidžių: {strange}")
    return name


def _code(cell, ins_id, warnings):
    """The legal-entity code, or "" where it is of no use but ``ins_id`` tells the row."""
    code = "".join(cell.split())
    try:
        validators.legal_code(code)
        is_good = int(code) > 0
    except ValidationError:
        is_good = False
    if is_good:
        if not validators.has_check_digit(code):
            warnings.append(f"kodo {code} kontrolinis skaitmuo neteisingas")
        return code
    if not ins_id:
        raise BadRow(
            f"nėra ins_id, o kodas „{register.shorten(code)}“ netinkamas"
            if code
            else "nėra nei ins_id, nei kodo"
        )
    if code:
        warnings.append(f"kodas „{register.shorten(code)}“ netinkamas; įrašyta be kodo")
    return ""


def _check_dates(registered_on, closed_on):
    if registered_on and closed_on and closed_on < registered_on:
        raise BadRow(
            f"išregistruota ({closed_on}) anksčiau, nei įregistruota ({registered_on})"
        )


def _place_key(name):
    """„Kauno m. sav.“, „Kauno m.sav.“ and „Kauno miesto savivaldybė“ are one place."""
    words = fold(name).replace(".", " ").split()
    return " ".join(_PLACE_WORDS.get(word, word) for word in words)
