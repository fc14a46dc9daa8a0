import os
import tempfile
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from accreditation.forms import FilterForm
from accreditation.reports import REPORTS
from core.exports import FORMATS

PARAMETERS = ("nuo", "iki", "programa", "savivaldybe", "kvietimas")


class Command(BaseCommand):
    help = (
        "Įrašo ataskaitą į failą: tie patys baitai, kuriuos su tais pačiais parametrais "
        "atsiunčia svetainė."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", help=f"ataskaita: {', '.join(REPORTS)}")
        parser.add_argument("--nuo", help="laikotarpio pradžia, pvz., 2026-09-01")
        parser.add_argument("--iki", help="paskutinė laikotarpio diena")
        parser.add_argument("--programa", help="programos adreso dalis")
        parser.add_argument("--savivaldybe", help="savivaldybės kodas")
        parser.add_argument("--kvietimas", help="kvietimo numeris adrese")
        parser.add_argument("--format", required=True, help=" arba ".join(FORMATS))
        parser.add_argument("--output", required=True, help="kur įrašyti failą")

    def handle(self, *, slug, format, output, **options):
        if slug not in REPORTS:
            raise CommandError(f"Ataskaitos „{slug}“ nėra. Yra: {', '.join(REPORTS)}.")
        if format not in FORMATS:
            raise CommandError(f"Formato „{format}“ nėra. Yra: {', '.join(FORMATS)}.")
        report = REPORTS[slug]
        given = {name: options[name] for name in PARAMETERS if options.get(name)}
        form = FilterForm(report, given)
        if not form.is_valid():
            raise CommandError("\n".join(form.faults()))
        for label in form.ignored:
            self.stderr.write(f"Filtras „{label}“ šiai ataskaitai netaikomas.")
        content = FORMATS[format].write(report.table(form.filters()))
        try:
            _write_whole(Path(output), content)
        except OSError as error:
            raise CommandError(
                f"Failo „{output}“ įrašyti nepavyko: patikrinkite, ar yra toks katalogas ir "
                "ar galima į jį rašyti."
            ) from error
        self.stdout.write(f"Įrašyta: {output}")


def _write_whole(path, content):
    """Put the file in its place only when it is whole. Only its owner can read it."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
