"""What changes in the catalogue by a step, with history.

programme   text ──publish──▶ a new version, at once the one that counts
call        planned ─▶ open ─▶ closed ─▶ running ─▶ finished   (by its dates)
            any but finished ──cancel──▶ cancelled
"""

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F

from catalogue import emails, index
from catalogue.models import (
    Accreditation,
    Call,
    CallStatus,
    Programme,
    ProgrammeVersion,
)
from core.models import Event, User, normalise_email
from core.roles import COORDINATORS
from core.transitions import Refused, lock, moment


@transaction.atomic
def publish(programme, *, by, at=None, **text):
    """Make ``text`` the version that counts. Earlier versions stay as they were."""
    at = moment(at)
    programme = lock(programme)
    latest = programme.versions.order_by("-number").first()
    version = ProgrammeVersion.objects.create(
        programme=programme,
        number=latest.number + 1 if latest else 1,
        published_at=at,
        **text,
    )
    programme.published = version
    programme.title = version.title
    programme.save()
    index.refresh(Programme.objects.filter(pk=programme.pk))
    Event.objects.record(
        programme, "Paskelbta programos versija", by=by, at=at, version=version.number
    )
    return programme


@transaction.atomic
def confirm_accreditation(call, *, by, at=None):
    """R4: staff vouch that an accreditation without a known end covers this call."""
    at = moment(at)
    call = lock(call)
    own = Accreditation.objects.filter(programme=call.programme_id)
    if own.covering(call.starts_on).exists():
        raise Refused(
            "Akreditacija veiklos pradžią apima, atskirai tvirtinti nereikia."
        )
    if not own.open_ended(call.starts_on).exists():
        raise Refused(
            "Nėra ko patvirtinti: veiklos pradžios dieną programa neturi akreditacijos "
            "be galiojimo pabaigos. Pirmiausia įrašykite akreditaciją."
        )
    if call.accreditation_confirmed_at:
        raise Refused("Kvietimo akreditacija jau patvirtinta.")
    call.accreditation_confirmed_at, call.accreditation_confirmed_by = at, by
    call.save(
        update_fields=["accreditation_confirmed_at", "accreditation_confirmed_by"]
    )
    Event.objects.record(
        call,
        "Patvirtinta kvietimo akreditacija",
        by=by,
        at=at,
        starts_on=call.starts_on.isoformat(),
    )
    return call


@transaction.atomic
def extend_window(call, *, by, closes_at, note, at=None):
    """Give applicants more time. A window is never shortened: people plan by it."""
    at = moment(at)
    call = lock(call)
    if call.cancelled_at:
        raise Refused("Kvietimas atšauktas, jo terminas nebekeičiamas.")
    if closes_at <= max(call.closes_at, at):
        raise Refused(
            "Naujas terminas turi būti vėlesnis už dabartinį ir dar nepraėjęs."
        )
    old, call.closes_at = call.closes_at, closes_at
    call.save(update_fields=["closes_at"])
    Event.objects.record(
        call,
        "Pratęstas paraiškų priėmimas",
        by=by,
        at=at,
        note=note,
        closes_at=[old.isoformat(), closes_at.isoformat()],
    )
    return call


@transaction.atomic
def cancel(call, *, by, note, at=None):
    """Call it off for good. Its address stays and says why."""
    at = moment(at)
    call = lock(call)
    if call.cancelled_at:
        raise Refused("Kvietimas jau atšauktas.")
    if call.status_at(at) == CallStatus.FINISHED:
        raise Refused("Kvietimas jau pasibaigęs, todėl jo atšaukti nebegalima.")
    call.cancelled_at, call.cancel_reason = at, note
    call.save(update_fields=["cancelled_at", "cancel_reason"])
    Event.objects.record(call, "Kvietimas atšauktas", by=by, at=at, note=note)
    return call


@transaction.atomic
def appoint(call, *, email, by, first_name="", last_name="", at=None):
    """Entrust the call to a coordinator; the address need not have signed in yet (R10).

    The name is taken where the account has none: protocols and leads read it.
    """
    at = moment(at)
    call = lock(call)
    if call.cancelled_at:
        raise Refused("Kvietimas atšauktas, todėl koordinatoriaus jam nebereikia.")
    email = normalise_email(email)
    coordinator = User.objects.filter(email=email).first()
    if coordinator is None:
        coordinator = User.objects.create_user(email)
    if not coordinator.is_active:
        raise Refused("Šio naudotojo paskyra išjungta.")
    if call.coordinators.filter(pk=coordinator.pk).exists():
        raise Refused("Šis žmogus kvietimą jau koordinuoja.")
    coordinator.groups.add(Group.objects.get(name=COORDINATORS))
    if not coordinator.get_full_name():
        coordinator.first_name, coordinator.last_name = first_name, last_name
    coordinator.is_staff = True
    coordinator.save(update_fields=["first_name", "last_name", "is_staff"])
    call.coordinators.add(coordinator)
    Event.objects.record(
        call, "Paskirtas koordinatorius", by=by, at=at, user=coordinator.pk
    )
    emails.appointed(call, coordinator, at=at)
    return call


@transaction.atomic
def dismiss(call, *, email, by, at=None):
    """Take the call out of a coordinator's hands; decisions already made stay."""
    at = moment(at)
    call = lock(call)
    coordinator = call.coordinators.filter(email=normalise_email(email)).first()
    if coordinator is None:
        raise Refused("Šis žmogus kvietimo nekoordinuoja.")
    call.coordinators.remove(coordinator)
    Event.objects.record(
        call, "Atšauktas koordinatorius", by=by, at=at, user=coordinator.pk
    )
    return call


@transaction.atomic
def take_place(call):
    """Take one place, or refuse (R5). The caller holds the call's lock and the history."""
    free = Call.objects.filter(pk=call.pk, places_taken__lt=F("places"))
    if not free.update(places_taken=F("places_taken") + 1):
        raise Refused(
            "Laisvų vietų nebeliko. Paraišką galite įrašyti į rezervą arba atmesti."
        )


@transaction.atomic
def free_place(call):
    """Give one place back."""
    Call.objects.filter(pk=call.pk).update(places_taken=F("places_taken") - 1)
