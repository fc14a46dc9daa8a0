from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accreditation import demo
from core.accounts.demo import ACCOUNTS
from enrolment.models import Team


class Command(BaseCommand):
    help = "Sukuria demonstracinius duomenis. Veikia tik kūrimo aplinkoje (DEBUG)."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=2012)
        parser.add_argument(
            "--programmes", type=int, default=0, help="kiek programų pridėti matavimui"
        )
        parser.add_argument(
            "--teams", type=int, default=0, help="kiek paraiškų pridėti matavimui"
        )

    def handle(self, *, seed, programmes, teams, **options):
        if not settings.DEBUG:
            raise CommandError("Demonstraciniai duomenys kuriami tik su DEBUG.")
        call_command("load_catalogue", stdout=self.stdout)
        if Team.objects.filter(lead__email=demo.LEAD).exists():
            self.stdout.write("Demonstraciniai duomenys jau yra.")
        else:
            count = demo.build(seed=seed)
            self.stdout.write(
                self.style.SUCCESS(f"Sukurta demonstracinių paraiškų: {count}.")
            )
        if programmes or teams:
            demo.build_many(programmes=programmes, teams=teams, seed=seed)
            self.stdout.write(
                f"Matavimui pridėta: {programmes} programų, {teams} paraiškų."
            )
        self.stdout.write("")
        self.stdout.write("Prisijungimo puslapyje šias paskyras siūlo mygtukai:")
        for email, who in ACCOUNTS.items():
            self.stdout.write(f"  {email}: {who}")
