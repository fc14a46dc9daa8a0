from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from time import sleep

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from catalogue import transitions
from catalogue.models import Call, CallStatus
from core.models import Event
from core.transitions import Refused
from tests.factories import (
    CallFactory,
    ProgrammeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 10, tzinfo=UTC)
TEXT = {
    "title": "Naujas pavadinimas",
    "summary": "Nauja santrauka.",
    "goal": "Naujas tikslas.",
}


# Publishing


def test_publishing_makes_a_new_version_and_leaves_the_old_one(staff):
    programme = ProgrammeFactory(title="Senas pavadinimas")
    old = programme.published

    programme = transitions.publish(programme, by=staff, at=NOON, **TEXT)

    programme.refresh_from_db()
    assert programme.title == "Naujas pavadinimas"
    assert programme.published.number == 2
    assert programme.published.published_at == NOON
    assert programme.published.goal == "Naujas tikslas."
    old.refresh_from_db()
    assert (old.number, old.title, old.goal) == (
        1,
        "Senas pavadinimas",
        "Programos tikslas.",
    )
    event = Event.objects.about(programme).get()
    assert (event.actor, event.at, event.facts) == (staff, NOON, {"version": 2})


def test_the_first_text_of_a_programme_is_its_first_version(staff):
    programme = ProgrammeFactory(version=None)

    programme = transitions.publish(programme, by=staff, **TEXT)

    assert programme.published.number == 1


def test_a_published_title_sorts_the_programme_anew(staff):
    first, second = ProgrammeFactory(title="A"), ProgrammeFactory(title="B")

    transitions.publish(first, by=staff, **TEXT | {"title": "Ž"})

    assert list(type(first).objects.all()) == [second, first]


# Confirming the accreditation


def test_staff_confirm_an_open_ended_accreditation(staff):
    call = CallFactory(programme=ProgrammeFactory(open_ended=True))

    call = transitions.confirm_accreditation(call, by=staff, at=NOON)

    assert call.may_open
    call.refresh_from_db()
    assert call.accreditation_confirmed_by == staff
    assert call.accreditation_confirmed_at == NOON
    event = Event.objects.about(call).get()
    assert (event.actor, event.at) == (staff, NOON)
    assert event.facts == {"starts_on": call.starts_on.isoformat()}


@pytest.mark.parametrize("trait", ["accredited", "expired", "is_public"])
def test_nothing_else_can_be_confirmed(staff, trait):
    call = CallFactory(programme=ProgrammeFactory(**{trait: True}))

    with pytest.raises(Refused):
        transitions.confirm_accreditation(call, by=staff)

    call.refresh_from_db()
    assert call.accreditation_confirmed_at is None
    assert not Event.objects.about(call).exists()


def test_an_accreditation_is_confirmed_once(staff):
    call = CallFactory(programme=ProgrammeFactory(open_ended=True))
    transitions.confirm_accreditation(call, by=staff, at=NOON)

    with pytest.raises(Refused, match="jau patvirtinta"):
        transitions.confirm_accreditation(call, by=UserFactory())

    call.refresh_from_db()
    assert call.accreditation_confirmed_by == staff


# The window


def test_extending_a_window_keeps_a_closed_call_open(staff):
    call = CallFactory(closed=True)
    old, new = call.closes_at, timezone.now() + timedelta(days=7)

    call = transitions.extend_window(
        call, by=staff, closes_at=new, note="Daug prašymų.", at=NOON
    )

    call.refresh_from_db()
    assert call.closes_at == new
    assert call.status == CallStatus.OPEN
    event = Event.objects.about(call).get()
    assert (event.note, event.at) == ("Daug prašymų.", NOON)
    assert event.facts == {"closes_at": [old.isoformat(), new.isoformat()]}


@pytest.mark.parametrize("shift", [timedelta(0), timedelta(seconds=-1)])
def test_a_window_is_never_shortened(staff, shift):
    call = CallFactory()
    old = call.closes_at

    with pytest.raises(Refused, match="vėlesnis"):
        transitions.extend_window(call, by=staff, closes_at=old + shift, note="")

    call.refresh_from_db()
    assert call.closes_at == old
    assert not Event.objects.about(call).exists()


def test_the_window_of_a_cancelled_call_stays(staff):
    call = CallFactory(cancelled=True)

    with pytest.raises(Refused, match="atšauktas"):
        transitions.extend_window(
            call, by=staff, closes_at=call.closes_at + timedelta(days=1), note=""
        )


# Cancelling


def test_a_cancelled_call_says_why(staff):
    call = CallFactory()

    call = transitions.cancel(call, by=staff, note="Nėra lėšų.", at=NOON)

    call.refresh_from_db()
    assert (call.status, call.cancelled_at) == (CallStatus.CANCELLED, NOON)
    assert call.cancel_reason == "Nėra lėšų."
    event = Event.objects.about(call).get()
    assert (event.actor, event.note, event.at) == (staff, "Nėra lėšų.", NOON)


def test_a_call_is_cancelled_once(staff):
    call = CallFactory(cancelled=True)

    with pytest.raises(Refused, match="jau atšauktas"):
        transitions.cancel(call, by=staff, note="Dar kartą.")

    call.refresh_from_db()
    assert call.cancel_reason == "Nesusirinko pakankamai komandų."


def test_a_finished_call_can_not_be_called_off(staff):
    call = CallFactory(finished=True)

    with pytest.raises(Refused, match="pasibaigęs"):
        transitions.cancel(call, by=staff, note="Per vėlai.")

    call.refresh_from_db()
    assert call.status == CallStatus.FINISHED


# Places


def test_a_place_is_taken_and_given_back():
    call = CallFactory(places=1)

    transitions.take_place(call)
    call.refresh_from_db()
    assert call.places_left == 0

    transitions.free_place(call)
    call.refresh_from_db()
    assert call.places_left == 1


def test_no_place_is_taken_above_the_limit():
    call = CallFactory(places=1, places_taken=1)

    with pytest.raises(Refused, match="rezerv"):
        transitions.take_place(call)

    call.refresh_from_db()
    assert call.places_taken == 1


def test_a_place_that_nobody_took_can_not_be_given_back():
    call = CallFactory()

    with pytest.raises(IntegrityError):
        transitions.free_place(call)


@pytest.mark.django_db(transaction=True)
def test_three_places_go_to_three_of_eight_who_ask_at_once():
    call = CallFactory(places=3)
    together = Barrier(8)
    answers = []

    def ask():
        try:
            together.wait()
            with transaction.atomic():
                transitions.take_place(call)
                sleep(0.05)  # Holds the gap open: the others ask before this commits.
            answers.append("taken")
        except Exception as error:
            answers.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["Refused"] * 5 + ["taken"] * 3
    assert Call.objects.get().places_taken == 3
