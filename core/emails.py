"""Letters: written to the outbox by the step they tell of, delivered by the worker.

written ──lease──▶ in a worker's hands ──▶ sent
   ▲                      ├── mail server out of order: due again after BACK_OFF
   └──────────────────────┤
                          └── address refused, or every attempt used up: failed

A worker takes one letter at a time and commits the lease before it sends. So a killed
worker loses nothing and repeats at most one letter, with the same Message-ID.
"""

import logging
import smtplib
import unicodedata
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.template import Context
from django.template.loader import get_template

from core.models import Letter
from core.transitions import moment

logger = logging.getLogger(__name__)

# After the first failure a minute, after the second five… after the last of them no more.
BACK_OFF = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
]
MAX_ATTEMPTS = len(BACK_OFF) + 1

# Seconds for each answer of the mail server. A page cannot wait this long for a letter,
# the worker can: a server that is cut off while it scans a letter delivers it twice.
TIMEOUT = 30
# Longer than any whole conversation with the server, or a second worker sends it too.
LEASE = timedelta(minutes=10)


def queue(template, *, to, at=None, about=None, due_at=None, **context):
    """Write a letter from ``templates/<template>.txt``: its first line is the subject.

    It stands in the caller's transaction: a step that is rolled back tells nobody.
    ``about`` is the object whose page lists the letter; ``due_at`` holds it back.
    """
    at = moment(at)
    context = {
        "site_url": settings.SITE_URL,
        "site_name": settings.SITE_NAME,
        **context,
    }
    # Plain text: „Ąžuolas & Ko“ must not arrive as „Ąžuolas &amp; Ko“.
    text = get_template(f"{template}.txt").template.render(
        Context(context, autoescape=False)
    )
    # What a browser's text field sends ends its lines in CR LF.
    subject, _, body = text.replace("\r\n", "\n").strip().partition("\n")
    return Letter.objects.create(
        kind=template,
        to=to,
        subject=_one_line(subject, Letter._meta.get_field("subject").max_length),
        body=_without_controls(body, keep="\n\t").strip() + "\n",
        about=about,
        created_at=at,
        due_at=due_at or at,
    )


def deliver_due(now=None):
    """Send every letter that is due; yield each as it came out.

    The next one is taken only when asked for, so whoever stops asking holds none back.
    Must run outside any transaction: a lease that is not committed leases nothing.
    """
    while letter := _lease(moment(now)):
        _deliver(letter, now)
        yield letter


def try_again(at=None):
    """Put the letters that were given up back into the queue; return how many.

    For the day after a mail server was away for long. Their Message-ID stays.
    """
    at = moment(at)
    return Letter.objects.undelivered().update(
        failed_at=None, attempts=0, due_at=at, leased_until=None
    )


def _lease(at):
    """Take the letter that waits longest. No two workers get the same one."""
    while letter := Letter.objects.due(at).order_by("due_at", "pk").first():
        with transaction.atomic(durable=True):
            taken = (
                Letter.objects.due(at)
                .filter(pk=letter.pk)
                .update(attempts=F("attempts") + 1, leased_until=at + LEASE)
            )
        if taken:
            letter.refresh_from_db()
            return letter
    return None


def _deliver(letter, now):
    # Counted when leased, so a letter that kills its worker is given up too.
    if letter.attempts > MAX_ATTEMPTS:
        return _give_up(letter, moment(now), "Siunčiant laišką darbas vis nutrūkdavo.")
    try:
        _message(letter).send()
    except Exception as error:
        logger.warning("Laiškas %s: %r", letter.pk, error)
        if _is_final(error) or letter.attempts == MAX_ATTEMPTS:
            return _give_up(letter, moment(now), _explain(error))
        return _put_off(letter, moment(now), _explain(error))
    # Whoever holds the lease by now: the letter has gone out.
    letter.sent_at, letter.failed_at = moment(now), None
    letter.leased_until, letter.last_error = None, ""
    letter.save(update_fields=["sent_at", "failed_at", "leased_until", "last_error"])


def _message(letter):
    validate_email(letter.to)
    message = mail.EmailMessage(
        letter.subject,
        letter.body,
        to=[letter.to],
        headers={
            "Message-ID": f"<{letter.message_id}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
        connection=mail.get_connection(timeout=TIMEOUT),
    )
    message.message()  # refuses a line break in a header before anything is sent
    return message


def _put_off(letter, at, why):
    _settle(letter, due_at=at + BACK_OFF[letter.attempts - 1], last_error=why)


def _give_up(letter, at, why):
    _settle(letter, failed_at=at, last_error=why)


def _settle(letter, **outcome):
    """Write a failure, unless the lease ran out and another worker has the letter."""
    Letter.objects.filter(pk=letter.pk, leased_until=letter.leased_until).update(
        leased_until=None, **outcome
    )
    letter.refresh_from_db()


def _is_final(error):
    """Whether another attempt would end the same way.

    A sender or a password that the server refuses is our own fault, not the letter's.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return _code(error) >= 500
    return isinstance(error, ValidationError | BadHeaderError)


def _code(error):
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return getattr(error, "smtp_code", None)


def _explain(error):
    """What staff read in the list of letters; the server's own words are in the log."""
    if isinstance(error, ValidationError):
        return "Netinkamas el. pašto adresas."
    if isinstance(error, BadHeaderError):
        return "Netinkama laiško antraštė."
    if code := _code(error):
        return f"Pašto serveris laiško nepriėmė (atsakymo kodas {code})."
    if isinstance(error, OSError):
        return "Pašto serveris nepasiekiamas arba nutraukė ryšį."
    return "Laiško išsiųsti nepavyko."


def _one_line(text, length):
    line = " ".join(_without_controls(text).split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _without_controls(text, keep=""):
    return "".join(
        char if char in keep or unicodedata.category(char) != "Cc" else " "
        for char in text
    )
