"""The worker as its own process, killed, stopped and left without a database."""

import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from threading import Event, Timer

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from core.models import Letter
from tests.core.smtp_sink import smtp_sink

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sink():
    with smtp_sink() as sink:
        yield sink


@pytest.fixture
def worker(sink):
    """Start the real command against the database of the tests and the sink."""
    started = []

    def worker(*options, **environment):
        process = subprocess.Popen(
            [sys.executable, settings.BASE_DIR / "manage.py", "send_letters", *options],
            env={
                **os.environ,
                "DEBUG": "1",
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "DATABASE_URL": database_url(),
                "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield worker
    for process in started:
        process.kill()
        process.communicate()


def database_url():
    to = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{to['NAME']}"
    password = f":{to['PASSWORD']}" if to["PASSWORD"] else ""
    return (
        f"postgres://{to['USER']}{password}@{to['HOST']}:{to['PORT'] or 5432}"
        f"/{to['NAME']}"
    )


def write_letters(count):
    now = timezone.now()
    return Letter.objects.bulk_create(
        Letter(
            kind="core/emails/letter",
            to=f"narys{number}@example.lt",
            subject=f"Laiškas {number}",
            body="Laba diena.\n",
            created_at=now,
            due_at=now,
        )
        for number in range(count)
    )


def kill_at(sink, number):
    """Return an event that comes when the sink has taken that letter but not said so."""
    reached, go_on = Event(), Event()

    def hold():
        if len(sink.letters) == number:
            reached.set()
            go_on.wait(60)

    sink.before_answer = hold
    return reached, go_on


def let_leases_run_out():
    Letter.objects.exclude(leased_until=None).update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )


def test_killed_workers_lose_nothing_and_repeat_one_letter_each(worker, sink):
    write_letters(9)

    for stop_at in (3, 7):
        reached, go_on = kill_at(sink, stop_at)
        process = worker()
        assert reached.wait(60)
        process.send_signal(signal.SIGKILL)
        process.wait()
        go_on.set()
        assert Letter.objects.due().count() == Letter.objects.waiting().count() - 1
        let_leases_run_out()
    worker("--once").communicate(timeout=60)

    assert not Letter.objects.filter(sent_at=None).exists()
    times = Counter(sink.message_ids)
    assert sorted(times.values()) == [1] * 7 + [2] * 2


def test_a_stopped_worker_finishes_the_letter_in_hand(worker, sink):
    write_letters(3)
    reached, go_on = kill_at(sink, 1)
    process = worker("--interval=0.1")
    assert reached.wait(60)

    process.send_signal(signal.SIGTERM)
    go_on.set()
    output, _ = process.communicate(timeout=60)

    assert process.returncode == 0
    first = Letter.objects.exclude(sent_at=None).get()
    assert output == f"Laiškas {first.pk} (core/emails/letter): išsiųstas.\n"
    assert len(sink.letters) == 1
    assert Letter.objects.due().count() == 2


def test_an_idle_worker_stops_at_once_and_sends_what_came_meanwhile(worker, sink):
    taken = Event()
    sink.before_answer = taken.set
    process = worker("--interval=0.1")

    write_letters(1)
    assert taken.wait(60)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)

    assert process.returncode == 0


def test_the_worker_waits_for_a_database_that_is_away(worker, sink):
    taken = Event()
    sink.before_answer = taken.set
    write_letters(1)

    with database_away():
        process = worker("--interval=0.1")
        give_up = Timer(60, process.kill)
        give_up.start()
        complaint = process.stdout.readline()
        give_up.cancel()

    assert complaint.startswith("Duomenų bazė neatsako, bus bandoma vėl:")
    assert taken.wait(60)


@contextmanager
def database_away():
    """Hide the database from everybody but this connection."""
    if connection.vendor == "sqlite":
        hide = "ALTER TABLE core_letter RENAME TO core_letter_away"
        show = "ALTER TABLE core_letter_away RENAME TO core_letter"
        with connection.cursor() as cursor:
            cursor.execute(hide)
            try:
                yield
            finally:
                cursor.execute(show)
        return
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_once_sends_what_is_due_and_says_how_each_came_out(sink, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    refused, sent = write_letters(2)
    Letter.objects.filter(pk=refused.pk).update(to="ne adresas")
    output = StringIO()

    call_command("send_letters", "--once", stdout=output)

    assert output.getvalue() == (
        f"Laiškas {refused.pk} (core/emails/letter): nepristatytas. "
        "Netinkamas el. pašto adresas.\n"
        f"Laiškas {sent.pk} (core/emails/letter): išsiųstas.\n"
    )


def test_a_put_off_letter_says_until_when(settings, sink):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    sink.answers = {"RCPT": "450 later"}
    (letter,) = write_letters(1)
    output = StringIO()

    call_command("send_letters", "--once", stdout=output)

    letter.refresh_from_db()
    until = timezone.localtime(letter.due_at)
    assert output.getvalue() == (
        f"Laiškas {letter.pk} (core/emails/letter): atidėtas iki {until:%Y-%m-%d %H:%M}. "
        "Pašto serveris laiško nepriėmė (atsakymo kodas 450).\n"
    )


def test_a_dry_run_sends_nothing():
    (letter,) = write_letters(1)
    output = StringIO()

    call_command("send_letters", "--dry-run", stdout=output)

    assert output.getvalue() == (
        f"Laiškas {letter.pk} (core/emails/letter): būtų siunčiamas.\n"
        "Laukia siuntimo: 1.\n"
    )
    assert mail.outbox == []
    assert Letter.objects.get().attempts == 0


def test_two_workers_share_the_letters(worker, sink):
    write_letters(20)

    workers = [worker("--once"), worker("--once")]
    outputs = [process.communicate(timeout=60)[0] for process in workers]

    assert len(set(sink.message_ids)) == len(sink.message_ids) == 20
    assert sum(output.count("išsiųstas") for output in outputs) == 20
