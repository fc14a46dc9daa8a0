import logging
import signal
import time
from contextlib import contextmanager

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from core import emails
from core.models import Letter

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Siunčia eilėje laukiančius laiškus, kol sustabdoma (SIGTERM arba Ctrl+C)."

    def add_arguments(self, parser):
        parser.add_argument(
            "--once", action="store_true", help="išsiųsti, kas laukia, ir baigti"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="tik parodyti, kas būtų siunčiama"
        )
        parser.add_argument(
            "--again",
            action="store_true",
            help="pirma grąžinti į eilę laiškus, kurių pristatyti nepavyko",
        )
        parser.add_argument(
            "--interval",
            type=float,
            default=5,
            metavar="SEKUNDĖS",
            help="kas kiek laiko žiūrėti, ar yra naujų laiškų (numatyta 5)",
        )

    def handle(self, *, once, dry_run, again, interval, **options):
        self.stopping = False
        if dry_run:
            self.show_due()
            return
        if again:
            self.stdout.write(f"Grąžinta į eilę: {emails.try_again()}.")
        with self.stopped_by_signals():
            if once:
                self.deliver()
            else:
                self.keep_delivering(interval)

    def show_due(self):
        due = Letter.objects.due().order_by("due_at", "pk")
        for letter in due:
            self.stdout.write(f"{title(letter)}: būtų siunčiamas.")
        self.stdout.write(f"Laukia siuntimo: {len(due)}.")

    def keep_delivering(self, interval):
        while not self.stopping:
            close_old_connections()
            try:
                self.deliver()
            except (OperationalError, InterfaceError) as error:
                logger.warning("Duomenų bazė neatsako, bus bandoma vėl: %s", error)
            self.rest(interval)

    def deliver(self):
        for letter in emails.deliver_due():
            self.stdout.write(f"{title(letter)}: {outcome(letter)}")
            self.stdout.flush()
            if self.stopping:
                break

    @contextmanager
    def stopped_by_signals(self):
        """Finish the letter in hand: one that is cut off half-way goes out twice."""

        def stop(*_):
            self.stopping = True

        before = {
            number: signal.signal(number, stop)
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def rest(self, seconds):
        """Sleep in short naps, because a signal does not cut Python's sleep short."""
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(min(0.2, seconds))


def title(letter):
    return f"Laiškas {letter.pk} ({letter.kind})"


def outcome(letter):
    if letter.sent_at:
        return "išsiųstas."
    if letter.failed_at:
        return f"nepristatytas. {letter.last_error}"
    again = timezone.localtime(letter.due_at)
    return f"atidėtas iki {again:%Y-%m-%d %H:%M}. {letter.last_error}"
