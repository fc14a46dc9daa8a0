"""The labelled searches: load the programmes, ask the queries, measure the answers."""

import tomllib
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from catalogue import transitions
from catalogue.models import (
    Competence,
    IndexEntry,
    Module,
    Posting,
    Programme,
    Project,
    TargetGroup,
)
from core import search
from core.text import fold

HERE = Path(__file__).parent


def _read(name):
    with open(HERE / name, "rb") as file:
        return tomllib.load(file)


QUERIES = [
    (kind, text, relevant)
    for kind, queries in _read("queries.toml").items()
    for text, relevant in queries.items()
]


def load():
    """The shipped and the invented programmes, each published, so each indexed."""
    call_command("load_catalogue", stdout=StringIO())
    project = Project.objects.create(
        slug="ivairios", name="Įvairios programos", short_name="ĮP"
    )
    for slug, row in _read("programmes.toml").items():
        programme = Programme.objects.create(
            slug=slug, project=project, title=row["title"]
        )
        programme.competences.set(_named(Competence, row.get("competences", [])))
        programme.target_groups.set(_named(TargetGroup, row["groups"]))
        for number, title in enumerate(row.get("modules", []), 1):
            Module.objects.create(programme=programme, number=number, title=title)
        text = {name: row[name] for name in ("title", "summary", "goal")}
        transitions.publish(programme, by=None, **text)


def _named(model, names):
    slugs = {fold(name).replace(" ", "-")[:50]: name for name in names}
    return [
        model.objects.get_or_create(slug=slug, defaults={"name": name})[0]
        for slug, name in slugs.items()
    ]


@dataclass
class Answers:
    recall: float  # of the relevant, the part among the first three
    rank: float  # mean of 1 / place of the first relevant (MRR)
    missed: list  # (kind, query, what came first)


def ask():
    """Search for every query and compare with its labels."""
    slugs = dict(Programme.objects.values_list("pk", "slug"))
    total = IndexEntry.objects.count()
    recalls, ranks, missed = [], [], []
    for kind, text, relevant in QUERIES:
        found = search.find(Posting.objects, text, total)
        answers = [slugs[key] for key in found.scores]
        met = set(answers[:3]) & set(relevant)
        recalls.append(len(met) / min(3, len(relevant)))
        places = [place for place, slug in enumerate(answers, 1) if slug in relevant]
        ranks.append(1 / places[0] if places else 0)
        if recalls[-1] < 1 or ranks[-1] < 1:
            missed.append((kind, text, answers[:3]))
    return Answers(sum(recalls) / len(recalls), sum(ranks) / len(ranks), missed)
