from threading import Barrier, Thread
from time import sleep

import pytest
from django.core.cache import cache, caches
from django.db import connection

from core import limits


def turns(count, who="7", action="submit", times=3, seconds=60):
    return [
        limits.allow(who, action, times=times, seconds=seconds) for _ in range(count)
    ]


def test_so_many_turns_and_no_more(db):
    assert turns(5) == [True, True, True, False, False]


def test_each_person_and_each_action_is_counted_alone(db):
    turns(3)

    assert turns(1, who="8") == [True]
    assert turns(1, action="withdraw") == [True]
    assert turns(1) == [False]


def test_a_turn_lapses(db):
    turns(3)
    cache.delete("limit:submit:7:1")

    assert turns(2) == [True, False]


def test_turns_lapse_by_themselves(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    }
    assert turns(2, times=1, seconds=0.05) == [True, False]

    sleep(0.06)

    assert turns(1, times=1, seconds=0.05) == [True]


@pytest.mark.django_db(transaction=True)
def test_a_burst_gets_no_turn_too_many():
    start, allowed = Barrier(8), []

    def open_the_gap(execute, sql, *args):
        if sql.startswith("INSERT"):
            sleep(0.02)
        return execute(sql, *args)

    def ask():
        start.wait()
        with connection.execute_wrapper(open_the_gap):
            allowed.extend(turns(1))
        connection.close()
        caches.close_all()

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(allowed) == [False] * 5 + [True] * 3
