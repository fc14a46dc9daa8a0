"""One factory per model. No surprises: what is not asked for stays at its default."""

from datetime import date, timedelta

import factory
from django.db.models import F
from django.utils import timezone
from factory.django import DjangoModelFactory

from catalogue.models import (
    Accreditation,
    Call,
    Competence,
    CompetenceGroup,
    Level,
    Module,
    ModuleCompetence,
    Programme,
    ProgrammeVersion,
    Project,
    Requirement,
    RequirementKind,
    Stage,
    TargetGroup,
)
from core.models import InstitutionType, Municipality, User
from enrolment.models import (
    Category,
    Institution,
    Member,
    Position,
    RejectReason,
    ReturnReason,
    Team,
    TeamStatus,
    WithdrawReason,
)

# Core


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence("naudotojas{}@example.lt".format)


class MunicipalityFactory(DjangoModelFactory):
    """There are only so many codes of two digits: the 91st is the first again."""

    class Meta:
        model = Municipality
        django_get_or_create = ["code"]

    code = factory.Sequence(lambda n: f"{10 + n % 90}")
    name = factory.Sequence("Pavyzdžio {} rajono savivaldybė".format)
    short_name = factory.Sequence("Pavyzdžio {} r. sav.".format)
    county = "Pavyzdžio apskritis"


class InstitutionTypeFactory(DjangoModelFactory):
    class Meta:
        model = InstitutionType

    slug = factory.Sequence("tipas-{}".format)
    name = factory.Sequence("tipas {}".format)


# Catalogue


def _from_now(**delta):
    return factory.LazyFunction(lambda: timezone.now() + timedelta(**delta))


def _from_today(days):
    return factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=days))


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project

    slug = factory.Sequence("projektas-{}".format)
    name = factory.Sequence("Projektas {}".format)
    short_name = "PRJ"


class TargetGroupFactory(DjangoModelFactory):
    class Meta:
        model = TargetGroup
        skip_postgeneration_save = True

    slug = factory.Sequence("grupe-{}".format)
    name = factory.Sequence("Tikslinė grupė {}".format)

    @factory.post_generation
    def institution_types(group, create, types, **kwargs):
        if create and types:
            group.institution_types.set(types)


class CompetenceGroupFactory(DjangoModelFactory):
    class Meta:
        model = CompetenceGroup

    slug = factory.Sequence("kompetenciju-grupe-{}".format)
    name = factory.Sequence("Kompetencijų grupė {}".format)


class CompetenceFactory(DjangoModelFactory):
    class Meta:
        model = Competence

    slug = factory.Sequence("kompetencija-{}".format)
    name = factory.Sequence("Kompetencija {}".format)


class ProgrammeFactory(DjangoModelFactory):
    """A public programme with one published version; ``version=None`` leaves it without."""

    class Meta:
        model = Programme
        skip_postgeneration_save = True

    class Params:
        accredited = factory.Trait(
            accreditation=factory.RelatedFactory(
                "tests.factories.AccreditationFactory", "programme", ending=True
            )
        )
        open_ended = factory.Trait(
            accreditation=factory.RelatedFactory(
                "tests.factories.AccreditationFactory", "programme"
            )
        )
        expired = factory.Trait(
            accreditation=factory.RelatedFactory(
                "tests.factories.AccreditationFactory", "programme", expired=True
            )
        )

    project = factory.SubFactory(ProjectFactory)
    slug = factory.Sequence("programa-{}".format)
    title = factory.Sequence("Programa {}".format)
    version = factory.RelatedFactory(
        "tests.factories.ProgrammeVersionFactory",
        "programme",
        title=factory.SelfAttribute("programme.title"),
    )

    @factory.post_generation
    def target_groups(programme, create, groups, **kwargs):
        if create and groups:
            programme.target_groups.set(groups)

    @factory.post_generation
    def competences(programme, create, competences, **kwargs):
        if create and competences:
            programme.competences.set(competences)


class ProgrammeVersionFactory(DjangoModelFactory):
    """The published text of its programme."""

    class Meta:
        model = ProgrammeVersion
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory, version=None)
    number = 1
    title = factory.SelfAttribute("programme.title")
    summary = "Trumpai apie programą."
    goal = "Programos tikslas."
    published_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def publish(version, create, asked, **kwargs):
        if create:
            version.programme.published = version
            version.programme.save()


class AccreditationFactory(DjangoModelFactory):
    """In force since 2012; no end is known unless asked for."""

    class Meta:
        model = Accreditation

    class Params:
        ending = factory.Trait(valid_until=_from_today(3650))
        expired = factory.Trait(valid_until=date(2017, 10, 19))

    programme = factory.SubFactory(ProgrammeFactory)
    accredited_on = date(2012, 10, 19)


class ModuleFactory(DjangoModelFactory):
    class Meta:
        model = Module

    programme = factory.SubFactory(ProgrammeFactory, accredited=True)
    number = 1
    title = factory.Sequence("Modulis {}".format)


class ModuleCompetenceFactory(DjangoModelFactory):
    class Meta:
        model = ModuleCompetence

    module = factory.SubFactory(ModuleFactory)
    competence = factory.SubFactory(CompetenceFactory)
    level = Level.INITIAL


class RequirementFactory(DjangoModelFactory):
    class Meta:
        model = Requirement

    module = factory.SubFactory(ModuleFactory)
    stage = Stage.PLANNING
    kind = RequirementKind.PARTICIPATION


class CallFactory(DjangoModelFactory):
    """An open call of an accredited programme; the traits move it along its road."""

    class Meta:
        model = Call
        skip_postgeneration_save = True

    class Params:
        open = factory.Trait(opens_at=_from_now(days=-1), closes_at=_from_now(days=30))
        planned = factory.Trait(
            opens_at=_from_now(days=7), closes_at=_from_now(days=37)
        )
        closed = factory.Trait(
            opens_at=_from_now(days=-30), closes_at=_from_now(seconds=-1)
        )
        running = factory.Trait(closed=True, starts_on=_from_today(0))
        finished = factory.Trait(
            opens_at=_from_now(days=-300),
            closes_at=_from_now(days=-270),
            starts_on=_from_today(-200),
            ends_on=_from_today(-1),
        )
        cancelled = factory.Trait(
            cancelled_at=factory.LazyFunction(timezone.now),
            cancel_reason="Nesusirinko pakankamai komandų.",
        )

    programme = factory.SubFactory(ProgrammeFactory, accredited=True)
    title = factory.Sequence("Kvietimas {}".format)
    opens_at = _from_now(days=-1)
    closes_at = _from_now(days=30)
    places = 10
    starts_on = _from_today(60)
    ends_on = _from_today(250)

    @factory.post_generation
    def coordinators(call, create, users, **kwargs):
        if create and users:
            call.coordinators.set(users)


# Enrolment


class InstitutionFactory(DjangoModelFactory):
    class Meta:
        model = Institution

    name = factory.Sequence("Pavyzdinė mokykla {}".format)
    code = factory.Sequence("{:09d}".format)
    type = factory.SubFactory(InstitutionTypeFactory)
    municipality = factory.SubFactory(MunicipalityFactory)


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = Member

    team = factory.SubFactory("tests.factories.TeamFactory")
    first_name = "Vardenė"
    last_name = "Pavardenytė"
    email = factory.Sequence("narys{}@pavyzdys.example".format)
    position = Position.TEACHER
    category = Category.SENIOR


class TeamFactory(DjangoModelFactory):
    """A draft. The traits write the row as the step would leave it, without the step."""

    class Meta:
        model = Team
        skip_postgeneration_save = True

    class Params:
        ready = factory.Trait(
            lead_name="Vardenis Pavardenis",
            motivation="Norime mokytis kartu.",
            problem="Mokiniai nemato ryšio tarp dalykų.",
        )
        submitted = factory.Trait(
            ready=True,
            status=TeamStatus.SUBMITTED,
            submitted_at=factory.LazyFunction(timezone.now),
            number=factory.Sequence(lambda n: 1000 + n),
        )
        returned = factory.Trait(
            submitted=True,
            status=TeamStatus.RETURNED,
            reason=ReturnReason.DATA,
            note="Patikslinkite motyvaciją.",
            answer_until=_from_today(10),
        )
        decided = factory.Trait(
            submitted=True,
            decided_at=factory.LazyFunction(timezone.now),
            decided_by=factory.SubFactory("tests.factories.UserFactory"),
        )
        approved = factory.Trait(decided=True, status=TeamStatus.APPROVED)
        reserve = factory.Trait(
            decided=True,
            status=TeamStatus.RESERVE,
            reserve_rank=factory.Sequence(lambda n: 1 + n),
        )
        rejected = factory.Trait(
            decided=True,
            status=TeamStatus.REJECTED,
            reason=RejectReason.READINESS,
            note="Pasirengimas neaprašytas.",
        )
        withdrawn = factory.Trait(
            submitted=True,
            status=TeamStatus.WITHDRAWN,
            reason=WithdrawReason.PLANS,
            note="Pasikeitė metų planas.",
        )

    call = factory.SubFactory(CallFactory)
    version = factory.SelfAttribute("call.programme.published")
    lead = factory.SubFactory("tests.factories.UserFactory")
    institution = factory.SubFactory("tests.factories.InstitutionFactory")
    institution_name = factory.SelfAttribute("institution.name")
    institution_type = factory.SelfAttribute("institution.type")
    municipality = factory.SelfAttribute("institution.municipality")
    created_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def members(team, create, count, **kwargs):
        """``members=4`` adds so many, five to a ready team.

        An approved team takes a place, and its members hold it (R3).
        """
        if not create:
            return
        if count is None:
            count = 5 if team.motivation else 0
        placed = team.call if team.status == TeamStatus.APPROVED else None
        MemberFactory.create_batch(count, team=team, live_in=placed)
        if placed:
            Call.objects.filter(pk=placed.pk).update(places_taken=F("places_taken") + 1)
