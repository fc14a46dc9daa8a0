from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from enrolment import importing
from enrolment.register import MAX_BYTES, BrokenFile


class Command(BaseCommand):
    help = (
        "Įkelia įstaigų registro atvirus duomenis (CSV). Kartoti saugu: tas pats failas "
        "antrą kartą nieko nekeičia."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="CSV failas")
        parser.add_argument(
            "--dry-run", action="store_true", help="parodyti, bet nieko nekeisti"
        )

    def handle(self, *, file, dry_run, verbosity, **options):
        try:
            report = importing.import_institutions(_read(file), dry_run=dry_run)
        except (BrokenFile, importing.NotLoaded) as error:
            raise CommandError(f"{error} Niekas nepakeista.") from error
        if verbosity > 1:
            self._list("Sukurtos", report.created)
        self._list("Atnaujintos", report.updated)
        self._list("Išregistruotos", report.closed)
        self._list("Atmestos eilutės", report.rejected)
        self._list("Įspėjimai", report.warnings)
        if report.unknown_types:
            self.stdout.write("Nežinomi tipai (įrašyta „kita“):")
            for name, count in report.unknown_types.most_common():
                self.stdout.write(f"  {name}: {count}")
        self.stdout.write(
            f"Sukurta: {len(report.created)}. "
            f"Atnaujinta: {len(report.updated)}. "
            f"Išregistruota: {len(report.closed)}. "
            f"Nepakito: {report.unchanged}. "
            f"Atmesta: {len(report.rejected)}. "
            f"Įspėjimų: {len(report.warnings)}."
        )
        if report.dry_run:
            self.stdout.write("Tai buvo bandymas: niekas nepakeista.")

    def _list(self, heading, notes):
        if not notes:
            return
        self.stdout.write(f"{heading}:")
        for note in notes:
            said = ": ".join(filter(None, [note.name, note.text]))
            self.stdout.write(f"  {note.line} eil. {said}")


def _read(file):
    try:
        with Path(file).open("rb") as opened:
            # One byte more shows that there is more, whatever the size of the file.
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise BrokenFile(f"Failo „{file}“ perskaityti nepavyko.") from error
