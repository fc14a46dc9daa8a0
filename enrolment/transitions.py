"""The life of a team, which is the application.

draft ──submit──▶ submitted ──approve──────────▶ approved  (takes a place)
 (edit)            ▲    │  ├───put_on_reserve───▶ reserve   (ranked)
                submit  │  └───reject───────────▶ rejected
                   │    ▼
                  returned (edit) ◀─return_for_changes─ submitted, returned

draft, submitted, returned, approved, reserve ──withdraw──▶ withdrawn

Locks are taken in one order: call, unconfirmed institution, team, counters. Editing
races with submitting, so the edits are steps too, under the same locks.
"""

from itertools import chain

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

import catalogue.transitions
from catalogue.models import Call
from core.models import Event, InstitutionType
from core.text import fold
from core.transitions import Refused, lock, moment, next_number
from core.words import long_date, long_datetime, plural
from enrolment import emails
from enrolment.models import (
    DECIDED,
    EDITABLE,
    LIVE,
    WITH_REASON,
    Institution,
    Member,
    RejectReason,
    ReturnReason,
    Team,
    TeamStatus,
    WithdrawReason,
)
from enrolment.permissions import belongs_to

NUMBERS = "paraiska"


@transaction.atomic
def start(call, *, institution, by, at=None):
    """Open a draft, or return the application that this person has already begun."""
    at = moment(at)
    call = lock(call)
    if why := why_not_open(call, at):
        raise Refused(why)
    institution = _as_matched(institution)
    _refuse_foreign_type(call, institution)
    begun = Team.objects.filter(
        call=call,
        institution=institution,
        lead=by,
        status__in=[TeamStatus.DRAFT, *LIVE],
    )
    if team := begun.first():
        return team
    team = Team(
        call=call,
        version=call.programme.published,
        institution=institution,
        lead=by,
        lead_name=by.get_full_name(),
        created_at=at,
    )
    _snapshot_institution(team)
    team.save()
    _record(team, "Pradėta paraiška", by=by, at=at, new=TeamStatus.DRAFT)
    return team


@transaction.atomic
def save_answers(team, *, by, at=None, **answers):
    """Save the lead's words about the team: any of the fields of the application."""
    team = lock(team, *EDITABLE)
    changed = [name for name, value in answers.items() if getattr(team, name) != value]
    if not changed:
        return team
    for name in changed:
        setattr(team, name, answers[name])
    team.save(update_fields=[*changed, "folded"])
    _record(team, "Pakeisti atsakymai", by=by, at=moment(at), fields=changed)
    return team


@transaction.atomic
def choose_institution(team, *, institution, by, at=None):
    """Correct the institution of a draft: the wrong school is easily picked."""
    institution = _as_matched(institution)
    team = lock(team, TeamStatus.DRAFT)
    if institution == team.institution:
        return team
    _refuse_foreign_type(team.call, institution)
    team.institution = institution
    _snapshot_institution(team)
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise Refused(
            "Šios įstaigos paraišką šiam kvietimui jau esate pradėję. Tęskite ją."
        ) from None
    _record(team, "Pakeista įstaiga", by=by, at=moment(at), institution=institution.pk)
    return team


@transaction.atomic
def add_member(team, *, by, at=None, **fields):
    """Add one person. Saved at once, so that nothing is lost half-way."""
    team = lock(team, *EDITABLE)
    _refuse_crowd(team, fields.get("is_external", False))
    member = Member(team=team, **fields)
    _save_member(member)
    _record(team, "Pridėtas narys", by=by, at=moment(at), member=member.pk)
    return member


@transaction.atomic
def change_member(member, *, by, at=None, **fields):
    """Correct a member. A new address means a person who has not been told yet."""
    team = lock(member.team, *EDITABLE)
    member = _lock_member(member)
    changed = [name for name, value in fields.items() if getattr(member, name) != value]
    if not changed:
        return member
    if "is_external" in changed:
        _refuse_crowd(team, fields["is_external"])
    if "email" in changed:
        member.told_at = None
    for name in changed:
        setattr(member, name, fields[name])
    _save_member(member)
    _record(
        team,
        "Pakeisti nario duomenys",
        by=by,
        at=moment(at),
        member=member.pk,
        fields=changed,
    )
    return member


@transaction.atomic
def remove_member(member, *, by, at=None):
    team = lock(member.team, *EDITABLE)
    member = _lock_member(member)
    pk = member.pk
    member.delete()
    _record(team, "Pašalintas narys", by=by, at=moment(at), member=pk)
    return team


@transaction.atomic
def submit(team, *, by, at=None):
    """Hand the application over to the coordinator (R1, R2, R4, R12)."""
    at = moment(at)
    call = lock(team.call)
    team = lock(team, *EDITABLE)
    team.call = call
    if why := why_not_in_time(team, at):
        raise Refused(why)
    if missing := what_is_missing(team):
        raise Refused(" ".join(missing))
    _refuse_foreign_type(call, team.institution)
    _refuse_second_application(team)

    old, team.status = team.status, TeamStatus.SUBMITTED
    team.reason, team.note, team.answer_until = "", "", None
    if old == TeamStatus.DRAFT:
        team.version = call.programme.published
        _snapshot_institution(team)
        team.submitted_at = at
        team.number = next_number(NUMBERS)
    team.save()
    _record(
        team,
        "Pateikta paraiška",
        by=by,
        at=at,
        old=old,
        new=team.status,
        version=team.version.number,
        members=list(team.members.values("pk", "position", "category", "is_external")),
    )
    emails.submitted(team, at=at, again=old == TeamStatus.RETURNED)
    emails.entered(team, team.members.filter(told_at=None), at=at)
    team.members.filter(told_at=None).update(told_at=at)
    return team


@transaction.atomic
def return_for_changes(team, *, by, reason, note, answer_until, at=None):
    """Give it back to the lead to be corrected until the date, inclusive (R4, R6).

    Returning it once more sets a new date for a lead who has not answered.
    """
    at = moment(at)
    if answer_until < timezone.localdate(at):
        raise Refused("Patikslinimo terminas negali būti praėjusi diena.")
    _, team = _lock_to_decide(team, by, TeamStatus.SUBMITTED, TeamStatus.RETURNED)
    team.answer_until = answer_until
    return _settle(
        team,
        TeamStatus.RETURNED,
        "Grąžinta tikslinti",
        letter=emails.returned,
        by=by,
        at=at,
        reason=ReturnReason(reason),
        note=note,
    )


@transaction.atomic
def approve(team, *, by, note="", at=None):
    """Give the team a place (R1, R3, R5). The last place goes to one team."""
    at = moment(at)
    call, team = _lock_to_decide(team, by)
    if not team.institution.is_confirmed:
        raise Refused(
            "Įstaiga dar nesutikrinta su registru. Pirmiausia ją turi sutikrinti centro "
            "darbuotojas."
        )
    _refuse_foreign_type(call, team.institution)
    if wrong_size := _wrong_size(team):
        raise Refused(" ".join(wrong_size))
    placed = Member.objects.filter(
        live_in=call, email__in=team.members.values("email")
    ).values_list("email", flat=True)
    doubles = [str(member) for member in team.members.all() if member.email in placed]
    if doubles:
        raise Refused(
            f"Jau yra kitoje patvirtintoje šio kvietimo komandoje: {', '.join(doubles)}. "
            "Grąžinkite paraišką tikslinti."
        )
    catalogue.transitions.take_place(call)
    _place_members(team, call)
    return _settle(
        team,
        TeamStatus.APPROVED,
        "Patvirtinta",
        letter=emails.approved,
        by=by,
        at=at,
        note=note,
    )


@transaction.atomic
def put_on_reserve(team, *, by, note="", at=None):
    """Keep it in a visible order, behind those who are already waiting."""
    at = moment(at)
    call, team = _lock_to_decide(team, by)
    last = call.teams.aggregate(last=Max("reserve_rank"))["last"] or 0
    team.reserve_rank = last + 1
    return _settle(
        team,
        TeamStatus.RESERVE,
        "Įrašyta į rezervą",
        letter=emails.reserved,
        by=by,
        at=at,
        note=note,
    )


@transaction.atomic
def reject(team, *, by, reason, note, at=None):
    at = moment(at)
    _, team = _lock_to_decide(team, by)
    return _settle(
        team,
        TeamStatus.REJECTED,
        "Atmesta",
        letter=emails.rejected,
        by=by,
        at=at,
        reason=RejectReason(reason),
        note=note,
    )


@transaction.atomic
def withdraw(team, *, by, reason, note, at=None):
    """Take the application back, by its lead or, once approved, by the coordinator."""
    at = moment(at)
    call = lock(team.call)
    team = lock(team, TeamStatus.DRAFT, *LIVE)
    if by != team.lead and team.status != TeamStatus.APPROVED:
        raise Refused("Nepatvirtintą paraišką gali atsiimti tik komandos vadovas.")
    if team.status == TeamStatus.APPROVED:
        team.members.update(live_in=None)
        catalogue.transitions.free_place(call)
    team.answer_until, team.reserve_rank = None, None
    return _settle(
        team,
        TeamStatus.WITHDRAWN,
        "Atsiimta",
        letter=emails.withdrawn,
        by=by,
        at=at,
        reason=WithdrawReason(reason),
        note=note,
    )


@transaction.atomic
def claim_institution(*, by, name, code, municipality, type=None):
    """Note down an institution that the list does not have, for staff to match."""
    claim = Institution(
        name=name,
        code=code,
        municipality=municipality,
        type=type,
        is_confirmed=False,
        claimed_by=by,
    )
    same = Institution.objects.filter(
        is_confirmed=False,
        merged_into=None,
        claimed_by=by,
        normalised_name=fold(name),
        code=code,
    ).first()
    if same:
        return same
    claim.save()
    return claim


@transaction.atomic
def confirm_institution(institution, *, by, at=None):
    """Staff vouch that what an applicant typed is a real institution of its own."""
    institution = lock(institution)
    if institution.is_confirmed:
        raise Refused("Įstaiga jau sutikrinta.")
    if institution.merged_into_id:
        raise Refused("Įrašas jau sutapatintas su kita įstaiga.")
    institution.is_confirmed = True
    institution.save()
    Event.objects.record(institution, "Sutikrinta su registru", by=by, at=moment(at))
    return institution


@transaction.atomic
def match_institution(claim, *, by, institution, at=None):
    """Put the register's institution in the place of what an applicant typed.

    All of its teams move, or none: one that would break R2 stops the step.
    """
    at = moment(at)
    calls = claim.teams.order_by("call_id").values_list("call", flat=True).distinct()
    for call in list(calls):
        lock(Call(pk=call))
    claim = lock(claim)
    if claim.is_confirmed or claim.merged_into_id:
        raise Refused("Sutapatinti galima tik dar nesutikrintą įrašą.")
    if not institution.is_confirmed:
        raise Refused("Pasirinkite įstaigą, kuri sutikrinta su registru.")
    for team in claim.teams.select_for_update().order_by("pk"):
        team.institution = institution
        if team.status in LIVE and (other := _other_application(team)):
            raise Refused(
                f"{team} perkelti negalima: registro įstaiga šiam kvietimui jau turi "
                f"paraišką Nr. {other.number}. Vieną iš jų reikia atsiimti."
            )
        _snapshot_institution(team)
        try:
            with transaction.atomic():
                team.save()
        except IntegrityError:
            raise Refused(
                f"{team}: šios įstaigos paraiška šiam kvietimui jau yra."
            ) from None
        _record(
            team,
            "Įstaiga sutapatinta su registru",
            by=by,
            at=at,
            institution=[claim.pk, institution.pk],
        )
    claim.merged_into = institution
    claim.save()
    Event.objects.record(claim, "Sutapatinta", by=by, at=at, institution=institution.pk)
    return institution


def why_not_open(call, at=None):
    """R4: the sentence that says why the call takes no applications, or nothing."""
    at = moment(at)
    if call.cancelled_at:
        return "Kvietimas atšauktas."
    if at < call.opens_at:
        return f"Paraiškų priėmimas dar neprasidėjo: jis prasideda {long_datetime(call.opens_at)}"
    if at >= call.closes_at:
        return f"Paraiškų priėmimas baigėsi {long_datetime(call.closes_at)}"
    if not call.may_open:
        return (
            "Programa neturi akreditacijos, kuri apimtų kvietimo veiklos pradžią, todėl "
            "paraiškos kol kas nepriimamos."
        )
    return ""


def why_not_in_time(team, at=None):
    """R4: the sentence that says why it is too late or too early to submit, or nothing."""
    at = moment(at)
    if team.status == TeamStatus.DRAFT:
        return why_not_open(team.call, at)
    if team.call.cancelled_at:
        return "Kvietimas atšauktas, todėl paraiškos pateikti nebegalima."
    if timezone.localdate(at) > team.answer_until:
        return (
            f"Patikslinti reikėjo iki {long_date(team.answer_until)} imtinai; šis terminas "
            "praėjo. Kreipkitės į kvietimo koordinatorių."
        )
    return ""


def missing_by_section(team):
    """What keeps the team from being submitted (R1): sentences by the page that mends it."""
    lead, answers = [], []
    if not team.lead_name:
        lead.append("Įrašykite savo vardą ir pavardę.")
    if not team.motivation:
        answers.append("Aprašykite komandos motyvaciją.")
    if not team.problem:
        answers.append("Aprašykite problemą, kurią spręsite.")
    return {"lead": lead, "members": _wrong_size(team), "answers": answers}


def what_is_missing(team):
    """Sentences, one for each thing that keeps the team from being submitted (R1)."""
    return list(chain.from_iterable(missing_by_section(team).values()))


def _wrong_size(team):
    """Sentences about a team that is too small or too large for its call (R1)."""
    call = team.call
    counted, external = team.head_count()
    wrong = []
    if not call.members_min <= counted <= call.members_max:
        wrong.append(
            f"Komandoje turi būti {call.team_size} įstaigos "
            f"{plural(call.members_max, 'atstovas', 'atstovai', 'atstovų')}, "
            f"o dabar jų yra {counted}."
        )
    if external > call.external_max:
        wrong.append(
            f"Išorinių narių gali būti ne daugiau kaip {call.external_max}, "
            f"o dabar jų yra {external}."
        )
    return wrong


def _lock_to_decide(team, by, *expected):
    """Lock call and team for a coordinator's decision; nobody decides his own (R10)."""
    call = lock(team.call)
    if call.cancelled_at:
        raise Refused("Kvietimas atšauktas, todėl sprendimo priimti nebegalima.")
    team = lock(team, *(expected or [TeamStatus.SUBMITTED]))
    if belongs_to(by, team):
        raise Refused("Dėl komandos, kuriai priklausote, spręsti negalite.")
    return call, team


def _settle(team, status, step, *, letter, by, at, reason="", note=""):
    """Write the new status with its reason and words (R6), its history and its letter."""
    if status in WITH_REASON and not note.strip():
        raise Refused("Paaiškinkite sprendimą keliais žodžiais.")
    old, team.status = team.status, status
    team.reason, team.note = reason, note
    if status in DECIDED:
        team.decided_at, team.decided_by = at, by
    team.save()
    _record(
        team,
        step,
        by=by,
        at=at,
        old=old,
        new=status,
        reason=team.reason_label,
        note=note,
    )
    letter(team, by=by, at=at)
    return team


def _record(team, step, *, by, at, **details):
    Event.objects.record(team, step, by=by, at=at, **details)


def _refuse_foreign_type(call, institution):
    """R12. What an applicant typed may stay without a type until staff match it."""
    types = InstitutionType.objects.filter(
        pk__in=call.programme.target_groups.values("institution_types")
    )
    if not types.exists():
        return
    if institution.type_id is None:
        if institution.is_confirmed:
            raise Refused(
                "Įstaigos tipas nenurodytas, todėl nežinoma, ar programa jai skirta. Tipą "
                "įrašo centro darbuotojas."
            )
    elif not types.filter(pk=institution.type_id).exists():
        raise Refused(
            f"Ši programa skirta kitų tipų įstaigoms (jūsų įstaigos tipas – "
            f"„{institution.type}“), todėl paraiškos pateikti negalima. Jei tipas registre "
            "nurodytas neteisingai, kreipkitės į centrą."
        )


def _other_application(team):
    """Another live one of the same institution in the same call (R2), or nothing."""
    others = Team.objects.live().filter(call=team.call_id, institution=team.institution)
    return others.exclude(pk=team.pk).first()


def _refuse_second_application(team):
    """R2. The constraint is the last guard; here the reason gets its words."""
    if other := _other_application(team):
        raise Refused(
            f"Jūsų įstaiga šiam kvietimui paraišką jau pateikė (Nr. {other.number}). "
            "Pasitarkite su kolegomis, kuri paraiška lieka: kitą reikia atsiimti."
        )


def _refuse_crowd(team, is_external):
    """R1: do not let the lead type in people who could not be submitted."""
    call = team.call
    counted, external = team.head_count()
    if is_external:
        if external >= call.external_max:
            raise Refused(
                f"Šis kvietimas leidžia ne daugiau kaip {call.external_max} "
                f"{plural(call.external_max, 'išorinį narį', 'išorinius narius', 'išorinių narių')}."
            )
    elif counted >= call.members_max:
        raise Refused(
            f"Komandoje jau yra {call.members_max} įstaigos "
            f"{plural(call.members_max, 'atstovas', 'atstovai', 'atstovų')} – daugiau šis "
            "kvietimas neleidžia. Pirmiausia pašalinkite narį, kuris nedalyvaus."
        )


def _lock_member(member):
    """Re-read a member under its team's lock; another tab may have removed it."""
    try:
        return Member.objects.get(pk=member.pk)
    except Member.DoesNotExist:
        raise Refused("Šio nario komandoje jau nebėra.") from None


def _save_member(member):
    member.clean()
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError:
        raise Refused("Narys tokiu el. pašto adresu šioje komandoje jau yra.") from None


def _place_members(team, call):
    """R3: each member takes the person's one place in the call."""
    try:
        with transaction.atomic():
            team.members.update(live_in=call)
    except IntegrityError:
        raise Refused(
            "Komandoje yra narys, kuris jau dalyvauja kitoje patvirtintoje šio kvietimo "
            "komandoje. Grąžinkite paraišką tikslinti."
        ) from None


def _as_matched(institution):
    """The institution that staff have put in the place of a claim, or the claim itself.

    Its lock keeps them from matching it while a team is being tied to it.
    """
    if institution.is_confirmed:
        return institution
    institution = lock(institution)
    return institution.merged_into or institution


def _snapshot_institution(team):
    """Keep the name of the day: schools are renamed, merged and closed."""
    team.institution_name = team.institution.name
    team.institution_type = team.institution.type
    team.municipality = team.institution.municipality
