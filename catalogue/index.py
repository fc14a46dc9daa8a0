"""The search index of the catalogue: what of a programme can be found, and by how much.

``refresh`` is called wherever such words change: by ``transitions.publish``, the forms of
the admin and ``load_catalogue``. It compares before it writes, so that asking once too
often costs little; ``manage.py reindex`` asks for all.
"""

import json
from hashlib import sha256

from django.db import transaction
from django.db.models import Prefetch

from catalogue.models import (
    Competence,
    IndexEntry,
    Module,
    ModuleCompetence,
    Posting,
    Programme,
)
from core import search

BATCH = 500
TITLE, SHORT_NAME, PROJECT, MODULE, COMPETENCE = 12, 8, 5, 5, 4
TARGET_GROUP, SUMMARY, GOAL, REST = 3, 4, 2, 1
# The first parts stand in the list anyway; excerpts come from the others.
SHOWN = 4


def refresh(programmes=None):
    """Bring the index of these programmes, or of all, up to date; return how many changed."""
    if programmes is None:
        programmes = Programme.objects.all()
    keys = sorted(set(programmes.order_by().values_list("pk", flat=True)))
    batches = (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
    return sum(_refresh(batch) for batch in batches)


def as_written(term):
    """A word that stands in the index as ``term``, as public programmes write it."""
    entry = (
        IndexEntry.objects.filter(postings__term=term, programme__is_public=True)
        .select_related("programme__published", "programme__project")
        .order_by("pk")
        .first()
    )
    if entry is None:
        return None
    text, project = entry.programme.published, entry.programme.project
    shown = (text.title, text.summary, project.name, project.short_name)
    return search.as_written(term, " ".join([*shown, entry.text]))


@transaction.atomic
def _refresh(keys):
    # Locked before they are read: of two that save at once the later sees both changes.
    locked = Programme.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    keys = list(locked.values_list("pk", flat=True))
    known = dict(
        IndexEntry.objects.filter(pk__in=keys).values_list("programme_id", "digest")
    )
    entries, weights = [], {}
    for programme in _with_words(keys):
        parts = _parts(programme)
        digest = _digest(parts)
        if known.get(programme.pk) != digest:
            text = "\n".join(text for _, text in parts[SHOWN:] if text)
            entries.append(IndexEntry(programme=programme, text=text, digest=digest))
            weights[programme.pk] = search.weigh(parts)
    IndexEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["programme"],
        update_fields=["text", "digest"],
    )
    _write_postings(weights)
    return len(entries)


def _write_postings(weights):
    """Change only the rows that differ: a renamed competence touches few of many."""
    gone, missing = [], {key: dict(terms) for key, terms in weights.items()}
    for posting in Posting.objects.filter(document__in=weights):
        terms = missing[posting.document_id]
        if terms.get(posting.term) == posting.weight:
            del terms[posting.term]
        else:
            gone.append(posting.pk)
    Posting.objects.filter(pk__in=gone).delete()
    Posting.objects.bulk_create(
        (
            Posting(document_id=key, term=term, weight=weight)
            for key, terms in missing.items()
            for term, weight in terms.items()
        ),
        batch_size=5000,
    )


def _with_words(keys):
    gains = ModuleCompetence.objects.select_related("competence__group")
    modules = Module.objects.prefetch_related(Prefetch("gains", gains))
    competences = Competence.objects.select_related("group")
    return (
        Programme.objects.filter(pk__in=keys)
        .with_text()
        .prefetch_related(
            "target_groups",
            Prefetch("competences", competences),
            Prefetch("modules", modules),
        )
    )


def _parts(programme):
    """[(weight, text)]: everything that a programme is found by."""
    text, project = programme.published, programme.project
    modules = list(programme.modules.all())
    gained = {gain.competence for module in modules for gain in module.gains.all()}
    competences = sorted(
        gained | set(programme.competences.all()), key=lambda row: row.sort_key
    )
    groups = {row.group.name: None for row in competences if row.group}
    return [
        (TITLE, text.title),
        (SHORT_NAME, project.short_name),
        (PROJECT, project.name),
        (SUMMARY, text.summary),
        (GOAL, text.goal),
        *((REST, more) for more in (text.objectives, text.audience, text.form)),
        *((MODULE, module.title) for module in modules),
        *((REST, module.summary) for module in modules),
        *((COMPETENCE, competence.name) for competence in competences),
        *((REST, competence.description) for competence in competences),
        *((REST, group) for group in groups),
        *((TARGET_GROUP, group.name) for group in programme.target_groups.all()),
        *((REST, who) for who in (programme.author, programme.provider)),
    ]


def _digest(parts):
    told = json.dumps([search.VERSION, parts], ensure_ascii=False)
    return sha256(told.encode()).hexdigest()
