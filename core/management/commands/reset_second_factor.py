from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from core import emails
from core.models import Event, User, normalise_email


class Command(BaseCommand):
    help = (
        "Išjungia antrąjį veiksnį žmogui, kuris prarado ir telefoną, ir atsarginius "
        "kodus. Prisijungęs darbuotojas turės įjungti naują."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", help="el. pašto adresas")

    @transaction.atomic
    def handle(self, *, email, **options):
        user = User.objects.filter(email=normalise_email(email)).first()
        if not user:
            raise CommandError("Tokio naudotojo nėra.")
        deleted, _ = Authenticator.objects.filter(user=user).delete()
        if not deleted:
            raise CommandError("Šis naudotojas antrojo veiksnio neturi.")
        now = timezone.now()
        Event.objects.record(user, "Išjungtas antrasis veiksnys", by=None, at=now)
        emails.queue("mfa/email/totp_deactivated", to=user.email, at=now, about=user)
        self.stdout.write(f"Antrasis veiksnys išjungtas: {user.email}")
