"""Demonstration data: invented institutions and people on the road of the real programmes.

Everything is done by the transitions, at times counted back from ``now``, so that the
history, the letters and the reports look as they would after months of use.
"""

import random
from datetime import timedelta

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F
from django.utils import timezone

import catalogue.index
import catalogue.transitions
from catalogue.models import Call, Programme, ProgrammeVersion
from core.accounts.demo import ACCOUNTS
from core.models import Letter, User
from core.roles import CENTRE_STAFF, COORDINATORS
from enrolment import transitions
from enrolment.importing import SAMPLE, import_institutions
from enrolment.models import Category, Institution, Member, Position, Team

LEAD, BMT_COORDINATOR, KP_COORDINATOR, CENTRE, ADMIN = ACCOUNTS

# Surnames that no register has: whoever sees the data sees that it is invented.
WOMEN = (
    [
        "Aistė",
        "Birutė",
        "Daiva",
        "Eglė",
        "Ieva",
        "Kristina",
        "Lina",
        "Ona",
        "Ugnė",
        "Žydrė",
    ],
    ["Pavyzdaitė", "Pavyzdienė", "Išgalvotytė", "Bandomaitė", "Tariamienė"],
)
MEN = (
    ["Česlovas", "Giedrius", "Jonas", "Mantas", "Povilas", "Šarūnas", "Vilius"],
    ["Pavyzdys", "Išgalvotas", "Bandomasis", "Tariamasis"],
)
MOTIVATION = (
    "Norime mokytis kartu su kitomis mokyklomis: stebėti vieni kitų pamokas, aptarti, kas "
    "pavyko, ir rasti sprendimų, kurių viena mokykla neranda."
)
PROBLEM = (
    "Mokiniai žinias taiko tik toje pamokoje, kurioje jas gavo. Ieškosime būdų susieti "
    "dalykus ir pamatuosime, ar tai pagerina mokymosi rezultatus."
)


@transaction.atomic
def build(*, seed, now=None):
    """Build the whole demonstration and return its number of teams."""
    now = now or timezone.now()
    import_institutions(SAMPLE.read_bytes())
    people = _people()
    calls = _calls(now, people)
    builder = _Builder(random.Random(seed), now, people)
    for name, call in calls.items():
        builder.fill(name, call)
    # These letters told of the past; the worker must not pour them out today.
    Letter.objects.waiting().filter(created_at__lte=now).update(
        sent_at=F("created_at"), attempts=1
    )
    undelivered = Letter.objects.filter(kind="enrolment/emails/entered").first()
    Letter.objects.filter(pk=undelivered.pk).update(
        sent_at=None,
        failed_at=F("created_at"),
        last_error="550 Tokio adresato nėra (demonstracinis įrašas)",
    )
    return builder.teams


def _people():
    def account(email, first_name, last_name, *groups, **fields):
        user, _ = User.objects.get_or_create(
            email=email,
            defaults={"first_name": first_name, "last_name": last_name, **fields},
        )
        user.groups.add(*Group.objects.filter(name__in=groups))
        return user

    staff = {"is_staff": True}
    return {
        "lead": account(LEAD, "Rūta", "Pavyzdytė"),
        "bmt": account(
            BMT_COORDINATOR, "Audronė", "Išgalvotaitė", COORDINATORS, **staff
        ),
        "kp": account(KP_COORDINATOR, "Tomas", "Išgalvotas", COORDINATORS, **staff),
        "centre": account(CENTRE, "Jolanta", "Bandomienė", CENTRE_STAFF, **staff),
        "admin": account(
            ADMIN, "Sistemos", "Prižiūrėtojas", is_superuser=True, **staff
        ),
    }


def _calls(now, people):
    """An open, a decided, a running, a planned and a cancelled call for the demonstration."""
    today = timezone.localdate(now)
    bmt = Programme.objects.get(slug="bmt-modelio-kurimas")
    local = Programme.objects.get(slug="bmt-1-kurimas-vietose")
    kp = Programme.objects.get(slug="kurybines-partnerystes")

    def call(programme, coordinator, title, opens, closes, places, **fields):
        """``opens`` and ``closes`` are days from today; delivery follows a month later."""
        opens_at = _at_hour(now + timedelta(days=opens), 9)
        closes_at = _at_hour(now + timedelta(days=closes), 16)
        call = Call.objects.create(
            programme=programme,
            title=f"{title} (demonstracinis)",
            opens_at=opens_at,
            closes_at=closes_at,
            places=places,
            starts_on=today + timedelta(days=closes + 30),
            ends_on=today + timedelta(days=closes + 300),
            **fields,
        )
        before = opens_at - timedelta(days=7)
        catalogue.transitions.confirm_accreditation(
            call, by=people["centre"], at=min(before, now)
        )
        catalogue.transitions.appoint(
            call, email=coordinator.email, by=people["centre"], at=min(before, now)
        )
        return call

    module = {module.number: module for module in kp.modules.all()}
    calls = {
        "bmt-open": call(bmt, people["bmt"], "Šaukimas BMT modeliui kurti", -20, 25, 8),
        "bmt-closed": call(
            local, people["bmt"], "Šaukimas BMT kurti vietose", -70, -12, 4
        ),
        "bmt-past": call(
            bmt, people["bmt"], "Pirmasis šaukimas BMT modeliui", -420, -380, 6
        ),
        "kp-open": call(
            kp, people["kp"], "Tyrinėjančios mokyklos", -10, 35, 10, module=module[1]
        ),
        "kp-closed": call(
            kp, people["kp"], "Pokyčių mokyklos", -60, -8, 3, module=module[2]
        ),
        "planned": call(
            local, people["bmt"], "Pavasario šaukimas BMT kurti vietose", 60, 100, 6
        ),
    }
    cancelled = call(bmt, people["bmt"], "Vasaros šaukimas BMT modeliui", -150, -120, 5)
    catalogue.transitions.cancel(
        cancelled,
        by=people["centre"],
        note="Vasarą komandos nesusirinko; naujas kvietimas paskelbtas rudenį.",
        at=now - timedelta(days=140),
    )
    return calls


def _at_hour(at, hour):
    return timezone.localtime(at).replace(hour=hour, minute=0, second=0, microsecond=0)


def _name(rng):
    first_names, last_names = rng.choices([WOMEN, MEN], weights=[4, 1])[0]
    return rng.choice(first_names), rng.choice(last_names)


class _Builder:
    """Teams of one call after another; the same seed gives the same teams."""

    # What becomes of the teams of a call, first the demonstration lead's own.
    PLANS = {
        "bmt-open": [
            "draft",
            "submitted",
            "submitted",
            "approved",
            "returned",
            "draft",
        ],
        "bmt-closed": [
            "approved",
            "reserve",
            "approved",
            "approved",
            "approved",
            "reserve",
            "rejected",
            "submitted",
            "submitted",
            "withdrawn",
        ],
        "bmt-past": ["rejected", "approved", "approved", "approved", "withdrawn"],
        "kp-open": ["submitted", "draft", "submitted", "submitted", "returned"],
        "kp-closed": [
            "returned",
            "approved",
            "approved",
            "approved",
            "reserve",
            "rejected",
            "submitted",
        ],
        "planned": [],
    }

    def __init__(self, rng, now, people):
        self.rng = rng
        self.now = now
        self.people = people
        self.teams = 0
        self.persons = 0
        schools = Institution.objects.choosable().filter(
            type__slug__in=["gimnazija", "progimnazija", "pagrindine-mokykla"]
        )
        self.schools = list(schools.order_by("pk"))

    def fill(self, name, call):
        schools = self.rng.sample(self.schools, len(self.PLANS[name]))
        for place, (fate, school) in enumerate(
            zip(self.PLANS[name], schools, strict=True)
        ):
            lead = self.people["lead"] if place == 0 else self.lead()
            self.team(call, school, lead, fate, place)

    def lead(self):
        first, last, email = self.person()
        user, _ = User.objects.get_or_create(
            email=email, defaults={"first_name": first, "last_name": last}
        )
        return user

    def person(self):
        self.persons += 1
        first, last = _name(self.rng)
        return first, last, f"asmuo{self.persons}@demo.example"

    def team(self, call, school, lead, fate, place):
        start = call.opens_at + timedelta(days=1, hours=place)
        team = transitions.start(call, institution=school, by=lead, at=start)
        team = transitions.save_answers(
            team,
            by=lead,
            at=start + timedelta(hours=1),
            lead_name=lead.get_full_name(),
            lead_phone="+370 600 00000",
            motivation=MOTIVATION,
            problem="" if fate == "draft" else PROBLEM,
        )
        self.members(team, lead, fate, start + timedelta(hours=2))
        self.teams += 1
        if fate != "draft":
            self.submitted(team, lead, fate, start + timedelta(days=2))

    def members(self, team, lead, fate, at):
        """A head, a deputy and teachers; the lead is one of them."""
        size = 4 if fate == "draft" else self.rng.choice([5, 6])
        positions = [
            Position.HEAD,
            Position.DEPUTY,
            *[Position.TEACHER] * 3,
            Position.SUPPORT,
        ]
        categories = [Category.SENIOR, Category.METHODOLOGIST, Category.TEACHER]
        for index, position in enumerate(positions[:size]):
            own = index == 2
            first, last, email = self.person()
            if own:
                first, last, email = lead.first_name, lead.last_name, lead.email
            transitions.add_member(
                team,
                by=lead,
                at=at,
                first_name=first,
                last_name=last,
                email=email,
                position=position,
                category=Category.NOT_APPLICABLE
                if position == Position.HEAD
                else self.rng.choice(categories),
                is_curator=own and team.call.module is not None,
            )
        if fate != "draft" and self.rng.random() < 0.4:
            first, last, email = self.person()
            transitions.add_member(
                team,
                by=lead,
                at=at,
                first_name=first,
                last_name=last,
                email=email,
                position=Position.METHODOLOGIST,
                category=Category.NOT_APPLICABLE,
                is_external=True,
                organisation="Pavyzdinis švietimo centras (išgalvota)",
            )

    def submitted(self, team, lead, fate, at):
        team = transitions.submit(team, by=lead, at=at)
        coordinator = team.call.coordinators.get()
        decided = min(at + timedelta(days=5), self.now - timedelta(hours=1))
        match fate:
            case "approved":
                transitions.approve(team, by=coordinator, at=decided)
            case "reserve":
                transitions.put_on_reserve(
                    team,
                    by=coordinator,
                    note="Visos vietos jau užimtos stipresnių paraiškų.",
                    at=decided,
                )
            case "rejected":
                transitions.reject(
                    team,
                    by=coordinator,
                    reason="readiness",
                    note="Neaprašyta, kaip komanda ruošis bendrai veiklai ir kas už ką atsako.",
                    at=decided,
                )
            case "returned":
                transitions.return_for_changes(
                    team,
                    by=coordinator,
                    reason="unclear",
                    note="Patikslinkite, kaip matuosite, ar problema sprendžiama.",
                    answer_until=timezone.localdate(self.now) + timedelta(days=9),
                    at=decided,
                )
            case "withdrawn":
                transitions.withdraw(
                    team,
                    by=lead,
                    reason="plans",
                    note="Pasikeitė mokyklos metų planas.",
                    at=decided,
                )


@transaction.atomic
def build_many(*, programmes, teams, seed, now=None):
    """Add rows by the thousand, to measure with. They are written without the steps."""
    now = now or timezone.now()
    rng = random.Random(seed)
    _many_programmes(programmes, now)
    _many_teams(teams, rng, now)


def _many_programmes(count, now):
    project = Programme.objects.get(slug="bmt-modelio-kurimas").project
    first = Programme.objects.count()
    rows = Programme.objects.bulk_create(
        Programme(
            project=project,
            slug=f"matavimo-programa-{first + n}",
            title=f"Matavimo programa {first + n} (išgalvota)",
        )
        for n in range(count)
    )
    versions = ProgrammeVersion.objects.bulk_create(
        ProgrammeVersion(
            programme=programme,
            number=1,
            title=programme.title,
            summary="Išgalvota programa greičiui matuoti.",
            goal="Parodyti, kaip sąrašas veikia, kai programų daug.",
            published_at=now,
        )
        for programme in rows
    )
    for programme, version in zip(rows, versions, strict=True):
        programme.published = version
    Programme.objects.bulk_update(rows, ["published"], batch_size=1000)
    catalogue.index.refresh()


def _many_teams(count, rng, now):
    call = Call.objects.filter(title__startswith="Tyrinėjančios").get()
    lead = User.objects.get(email=LEAD)
    first = Institution.objects.count()
    schools = Institution.objects.bulk_create(
        Institution(
            name=f"Matavimo mokykla {first + n} (išgalvota)",
            code="999000000",
            type=Institution.objects.choosable().first().type,
            municipality=Institution.objects.choosable().first().municipality,
        )
        for n in range(count)
    )
    number = 1_000_000 + first  # schools are never deleted, so it was not given before
    teams = Team.objects.bulk_create(
        Team(
            call=call,
            version=call.programme.published,
            lead=lead,
            lead_name="Rūta Pavyzdytė",
            institution=school,
            institution_name=school.name,
            institution_type=school.type,
            municipality=school.municipality,
            motivation=MOTIVATION,
            problem=PROBLEM,
            status="submitted",
            created_at=now,
            submitted_at=now,
            number=number + n,
        )
        for n, school in enumerate(schools)
    )
    Member.objects.bulk_create(
        (
            Member(
                team=team,
                first_name=first,
                last_name=last,
                email=f"matavimas{team.number}-{place}@demo.example",
                position=Position.TEACHER,
                category=Category.SENIOR,
            )
            for team in teams
            for place in range(5)
            for first, last in [_name(rng)]
        ),
        batch_size=5000,
    )
