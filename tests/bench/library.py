"""Programmes by the thousand, whose words are as frequent as those of the labelled set."""

import random
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from catalogue import index
from catalogue.models import (
    Accreditation,
    Call,
    Competence,
    IndexEntry,
    Programme,
    ProgrammeVersion,
    Project,
    TargetGroup,
)
from core.models import Municipality

BATCH = 5000
# So many are indexed as the portal does it; those beyond repeat the words of these.
INDEXED = 10_000
_AS_OF = f"(programme.id - 1) % {INDEXED} + 1"
_BEYOND = "programme.id NOT IN (SELECT programme_id FROM catalogue_indexentry)"
REPEAT = [
    f"""INSERT INTO catalogue_posting (document_id, term, weight)
        SELECT programme.id, known.term, known.weight FROM catalogue_programme programme
        JOIN catalogue_posting known ON known.document_id = {_AS_OF} WHERE {_BEYOND}""",
    f"""INSERT INTO catalogue_indexentry (programme_id, text, digest)
        SELECT programme.id, known.text, known.digest FROM catalogue_programme programme
        JOIN catalogue_indexentry known ON known.programme_id = {_AS_OF} WHERE {_BEYOND}""",
]


def fill(count):
    """Add programmes until there are ``count``; return the seconds that indexing took."""
    rng = random.Random(count)
    texts = "\n".join(
        IndexEntry.objects.order_by("pk")[:46].values_list("text", flat=True)
    )
    titles = Programme.objects.order_by("pk")[:46].values_list("title", flat=True)
    words = [word for word in f"{' '.join(titles)} {texts}".split() if len(word) > 2]
    there = Programme.objects.count()
    for first in range(there, count, BATCH):
        _add(first, min(BATCH, count - first), words, rng)
    begun = timezone.now()
    index.refresh(Programme.objects.filter(pk__lte=INDEXED))
    seconds = (timezone.now() - begun).total_seconds()
    with transaction.atomic(), connection.cursor() as cursor:
        for sql in REPEAT:
            cursor.execute(sql)
    return seconds


def _add(first, count, words, rng):
    def text(least, most):
        return " ".join(rng.choices(words, k=rng.randint(least, most)))

    now = timezone.now()
    today = timezone.localdate(now)
    projects = list(Project.objects.all())
    programmes = Programme.objects.bulk_create(
        Programme(
            project=rng.choice(projects), slug=f"bench-{first + n}", title=text(3, 7)
        )
        for n in range(count)
    )
    versions = ProgrammeVersion.objects.bulk_create(
        ProgrammeVersion(
            programme=programme,
            number=1,
            title=programme.title,
            summary=text(10, 20),
            goal=text(8, 20),
            hours=rng.choice([None, 6, 8, 20, 40, 60]),
            published_at=now,
        )
        for programme in programmes
    )
    for programme, version in zip(programmes, versions, strict=True):
        programme.published = version
    Programme.objects.bulk_update(programmes, ["published"], batch_size=500)
    _tie(Programme.target_groups, "targetgroup_id", TargetGroup, programmes, rng)
    _tie(Programme.competences, "competence_id", Competence, programmes, rng)
    # An expired one, one without an end, one in force, and none at all.
    Accreditation.objects.bulk_create(
        Accreditation(
            programme=programme,
            accredited_on=today - timedelta(days=1000),
            counts_from=today - timedelta(days=1000),
            valid_until=rng.choice([None, today + timedelta(days=1000), today]),
        )
        for programme in programmes
        if rng.random() < 0.9
    )
    municipalities = list(Municipality.objects.all())
    Call.objects.bulk_create(
        Call(
            programme=programme,
            title="Kvietimas",
            opens_at=now - timedelta(days=3),
            closes_at=now + timedelta(days=30),
            places=10,
            starts_on=today + timedelta(days=60),
            ends_on=today + timedelta(days=200),
            municipality=rng.choice(municipalities),
        )
        for programme in programmes
        if rng.random() < 0.05
    )


def _tie(field, column, model, programmes, rng):
    through = field.through
    keys = list(model.objects.values_list("pk", flat=True))
    through.objects.bulk_create(
        through(programme_id=programme.pk, **{column: key})
        for programme in programmes
        for key in rng.sample(keys, 2)
    )
