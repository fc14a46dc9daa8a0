from datetime import timedelta
from threading import Barrier, Thread
from time import sleep

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from core import emails
from core.models import Letter
from core.transitions import Refused
from tests.core.smtp_sink import smtp_sink
from tests.factories import MunicipalityFactory, UserFactory

NOON = timezone.make_aware(timezone.datetime(2026, 11, 22, 12))


@pytest.fixture
def templates(settings, tmp_path):
    """Write ``<name>.txt`` where the portal looks for its letters."""

    def write(name, text):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")

    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    ]
    write("letter", "{{ subject|default:'Tema' }}\n\nLaba diena,\n\n{{ text }}\n")
    return write


@pytest.fixture
def sink(settings):
    with smtp_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = sink.port
        yield sink


def queue(to="mokytoja@example.lt", **context):
    return emails.queue("letter", to=to, at=NOON, **context)


def deliver(now=NOON):
    return list(emails.deliver_due(now))


# Writing


def test_the_first_line_is_the_subject_and_the_rest_the_body(db, templates, settings):
    settings.SITE_URL = "https://portalas.example.lt"
    templates("letter", "Paraiška gauta\n\nLaba diena,\n\n{{ site_url }}/a/\n")

    letter = queue()

    assert letter.subject == "Paraiška gauta"
    assert letter.body == "Laba diena,\n\nhttps://portalas.example.lt/a/\n"
    assert (letter.kind, letter.created_at, letter.due_at) == ("letter", NOON, NOON)


def test_names_arrive_as_they_are_written(db, templates):
    letter = queue(subject="„O'Neill & Ko“ <1>", text="„O'Neill & Ko“ <1>")

    assert letter.subject == "„O'Neill & Ko“ <1>"
    assert letter.body == "Laba diena,\n\n„O'Neill & Ko“ <1>\n"


def test_a_subject_is_one_line_without_control_marks_and_not_too_long(db, templates):
    bell = queue(subject="Paraiška\t \x07 \x00gauta\r\nBcc: visi@example.lt")
    long = queue(subject="ž" * 10_000)

    assert bell.subject == "Paraiška gauta"
    assert long.subject == "ž" * 249 + "…"


def test_control_marks_do_not_reach_the_body(db, templates):
    letter = queue(text="viena\r\ndu\x00\x1b[31mtrys\tketuri")

    assert letter.body == "Laba diena,\n\nviena\ndu  [31mtrys\tketuri\n"


def test_a_letter_stands_under_what_it_is_about(db, templates):
    municipality = MunicipalityFactory()
    queue(about=UserFactory())

    letter = queue(about=municipality)

    assert list(Letter.objects.about(municipality)) == [letter]


@pytest.mark.django_db(transaction=True)
def test_a_step_that_is_rolled_back_leaves_no_letter(templates):
    with pytest.raises(Refused), transaction.atomic():
        queue()
        raise Refused("Vietų nebėra.")

    assert not Letter.objects.exists()


# Sending


@pytest.mark.django_db(transaction=True)
def test_a_letter_goes_out_once_with_its_own_message_id(templates, sink, settings):
    settings.SITE_URL = "https://portalas.example.lt"
    settings.DEFAULT_FROM_EMAIL = "Portalas <portalas@example.lt>"
    letter = queue(subject="Paraiška „Žara“ gauta", text="Ąžuolas & Ko")

    deliver()
    deliver(NOON + timedelta(days=1))

    letter.refresh_from_db()
    (arrived,) = sink.letters
    assert arrived["Message-ID"] == f"<{letter.message_id}@portalas.example.lt>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["From"] == "Portalas <portalas@example.lt>"
    assert arrived["To"] == "mokytoja@example.lt"
    assert arrived["Subject"] == "Paraiška „Žara“ gauta"
    assert arrived.get_content().replace("\r\n", "\n") == letter.body
    assert (letter.sent_at, letter.attempts, letter.leased_until) == (NOON, 1, None)


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_not_sent_before_it_is_due(templates):
    emails.queue("letter", to="a@example.lt", at=NOON, due_at=NOON + timedelta(hours=1))

    assert deliver(NOON + timedelta(minutes=59)) == []
    assert len(deliver(NOON + timedelta(hours=1))) == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_given_up_can_be_tried_once_more(templates):
    letter, other = queue(), queue()
    Letter.objects.filter(pk=letter.pk).update(
        failed_at=NOON, attempts=emails.MAX_ATTEMPTS, last_error="Paštas neatsako."
    )
    Letter.objects.filter(pk=other.pk).update(sent_at=NOON)

    assert emails.try_again(NOON) == 1

    assert deliver(NOON) == [letter]
    assert (
        mail.outbox[0].extra_headers["Message-ID"].startswith(f"<{letter.message_id}@")
    )


@pytest.mark.django_db(transaction=True)
def test_a_letter_in_other_hands_waits_until_the_lease_runs_out(templates):
    queue()
    Letter.objects.update(leased_until=NOON + emails.LEASE)

    assert deliver(NOON) == []
    assert len(deliver(NOON + emails.LEASE)) == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_stops_asking_holds_no_letter_back(templates):
    queue()
    queue()

    next(emails.deliver_due(NOON))

    assert Letter.objects.due(NOON).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_never_part_of_somebody_elses_transaction(templates):
    queue()

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        deliver()


@pytest.mark.django_db(transaction=True)
def test_workers_in_parallel_never_send_the_same_letter(templates):
    for _ in range(12):
        queue()
    start = Barrier(4)

    def open_the_gap(execute, sql, *args):
        if sql.startswith("UPDATE"):
            sleep(0.01)
        return execute(sql, *args)

    def work():
        start.wait()
        with connection.execute_wrapper(open_the_gap):
            deliver()
        connection.close()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert (len(ids), len(set(ids))) == (12, 12)
    assert Letter.objects.filter(attempts=1).exclude(sent_at=None).count() == 12


# Failing


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"RCPT": "450 try later"}, "kodas 450"),
        ({"RCPT": "421 closing"}, "kodas 421"),
        ({"DATA": "451 greylisted"}, "kodas 451"),
        ({"MAIL": "550 sender refused"}, "kodas 550"),
        ({"EHLO": "hang up"}, "nutraukė ryšį"),
        ({"DATA": "hang up"}, "nutraukė ryšį"),
    ],
)
def test_a_passing_failure_is_tried_again(templates, sink, answers, why):
    letter = queue()
    sink.answers = answers
    deliver()
    letter.refresh_from_db()
    assert (letter.attempts, letter.failed_at, letter.leased_until) == (1, None, None)
    assert letter.due_at == NOON + timedelta(minutes=1)
    assert why in letter.last_error

    sink.answers = {}
    deliver(NOON + timedelta(minutes=1))

    letter.refresh_from_db()
    assert letter.sent_at == NOON + timedelta(minutes=1)
    assert letter.last_error == ""
    assert len(sink.letters) == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_down_is_tried_eight_times_in_two_days(templates, sink):
    letter = queue()
    sink.server_close()
    tried_at = []

    while not letter.failed_at:
        tried_at.append(letter.due_at - NOON)
        deliver(letter.due_at)
        letter.refresh_from_db()

    minutes = [int(after.total_seconds() // 60) for after in tried_at]
    assert minutes == [0, 1, 6, 21, 81, 321, 1041, 2481]
    assert letter.last_error == "Pašto serveris nepasiekiamas arba nutraukė ryšį."


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("answers", "code"),
    [({"RCPT": "550 no such user"}, 550), ({"DATA": "554 not wanted"}, 554)],
)
def test_a_refused_letter_is_given_up_at_once(templates, sink, answers, code):
    letter = queue()
    other = queue()
    sink.answers = answers
    next(emails.deliver_due(NOON))
    sink.answers = {}

    deliver()

    letter.refresh_from_db()
    other.refresh_from_db()
    assert (letter.failed_at, letter.sent_at, letter.attempts) == (NOON, None, 1)
    assert (
        letter.last_error == f"Pašto serveris laiško nepriėmė (atsakymo kodas {code})."
    )
    assert other.sent_at == NOON


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"to": "a@example.lt\nBcc: b@example.lt"}, "Netinkamas el. pašto adresas."),
        ({"to": "ne adresas"}, "Netinkamas el. pašto adresas."),
        ({"subject": "Tema\r\nBcc: b@example.lt"}, "Netinkama laiško antraštė."),
    ],
)
def test_a_header_cannot_be_smuggled_in(templates, sink, fields, why):
    letter = queue()
    Letter.objects.update(**fields)

    deliver()

    letter.refresh_from_db()
    assert (letter.failed_at, letter.last_error) == (NOON, why)
    assert sink.letters == []


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_kills_its_workers_is_given_up_in_the_end(templates):
    letter = queue()
    Letter.objects.update(
        attempts=emails.MAX_ATTEMPTS, leased_until=NOON - timedelta(seconds=1)
    )

    deliver()

    letter.refresh_from_db()
    assert letter.failed_at == NOON
    assert letter.last_error == "Siunčiant laišką darbas vis nutrūkdavo."
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_went_out_is_sent_whatever_another_worker_wrote(templates, sink):
    letter = queue()

    def give_up_elsewhere():
        Letter.objects.update(failed_at=NOON, leased_until=None)
        connection.close()

    sink.before_answer = give_up_elsewhere

    deliver()

    letter.refresh_from_db()
    assert (letter.sent_at, letter.failed_at) == (NOON, None)
