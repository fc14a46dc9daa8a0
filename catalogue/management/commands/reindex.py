from django.core.management.base import BaseCommand

from catalogue import index
from core.words import plural


class Command(BaseCommand):
    help = (
        "Sutikrina programų paieškos žodžius su tekstais ir perrašo tuos, kurie skiriasi. "
        "Kartoti saugu; kai niekas nepasikeitė, nieko ir neperrašo."
    )

    def handle(self, **options):
        changed = index.refresh()
        verb = plural(changed, "perrašyta", "perrašytos", "perrašyta")
        noun = plural(changed, "programa", "programos", "programų")
        self.stdout.write(f"Paieškai {verb} {changed} {noun}.")
