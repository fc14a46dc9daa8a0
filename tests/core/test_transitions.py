from threading import Barrier, Thread
from time import sleep

import pytest
from django.db import connection, transaction

from core.models import Counter
from core.transitions import Refused, apply_to_each, lock, next_number
from enrolment.models import TeamStatus
from tests.factories import MunicipalityFactory, TeamFactory


def in_threads(count, work):
    start = Barrier(count)

    def run(number):
        start.wait()
        try:
            work(number)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_eight_threads_get_numbers_without_gap_or_repeat():
    given = []

    def take(_):
        with transaction.atomic():
            number = next_number("paraiskos")
            sleep(0.02)  # the gap: the number is taken, the step is not yet committed
        given.append(number)

    in_threads(8, take)

    assert sorted(given) == list(range(1, 9))
    assert Counter.objects.get(name="paraiskos").value == 8


@pytest.mark.django_db(transaction=True)
def test_the_number_of_a_step_that_is_rolled_back_goes_to_the_next_one():
    given = []

    def take(thread):
        try:
            with transaction.atomic():
                number = next_number("paraiskos")
                sleep(0.02)
                if thread % 2:
                    raise Refused("Vietų nebėra.")
        except Refused:
            return
        given.append(number)

    in_threads(8, take)

    assert sorted(given) == [1, 2, 3, 4]


def test_each_sequence_counts_alone(db):
    numbers = [next_number(name) for name in ("a", "b", "a")]

    assert numbers == [1, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_lock_gives_the_row_as_it_is_now():
    municipality = MunicipalityFactory(name="Sena")
    type(municipality).objects.update(name="Nauja")

    with transaction.atomic():
        assert lock(municipality).name == "Nauja"


def test_a_lock_refuses_a_status_that_has_moved_on(db):
    seen = TeamFactory(submitted=True)
    type(seen).objects.update(status=TeamStatus.DRAFT, submitted_at=None, number=None)

    with pytest.raises(Refused, match="^Veiksmas negalimas: būsena „Juodraštis“.$"):
        lock(seen, TeamStatus.SUBMITTED, TeamStatus.RETURNED)

    assert lock(seen, TeamStatus.DRAFT) == seen


@pytest.mark.django_db(transaction=True)
def test_of_two_steps_at_once_the_second_sees_what_the_first_did():
    municipality, seen = MunicipalityFactory(name="0"), []

    def step(_):
        with transaction.atomic():
            locked = lock(municipality)
            seen.append(locked.name)
            sleep(0.02)
            locked.name = str(int(locked.name) + 1)
            locked.save()

    in_threads(6, step)

    assert sorted(seen) == ["0", "1", "2", "3", "4", "5"]


def test_each_object_is_refused_on_its_own(db):
    def rename(municipality, *, to):
        if municipality.name == "Ne":
            raise Refused("Šitos ne.")
        return to

    yes, no = MunicipalityFactory(name="Taip"), MunicipalityFactory(name="Ne")

    done, refusals = apply_to_each(rename, [no, yes], to="Kita")

    assert done == ["Kita"]
    assert [(obj, str(refused)) for obj, refused in refusals] == [(no, "Šitos ne.")]
