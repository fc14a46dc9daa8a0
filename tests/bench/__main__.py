"""`make bench`: how good the search is and what it costs, as ratios in one run.

Works in a test database of its own. Seconds depend on the machine; the ratios are to a
stock ``ListView`` of 20 rows (``urls.bare``) on the same data in the same minute. CPU is
that of this process: with SQLite the database is inside it, with PostgreSQL beside it.
"""

import argparse
import os
import statistics
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
from django.conf import settings

BARE = "/bare/"
LIST = "/programos/"
PAGES = [
    ("list, no filter", LIST),
    ("list, three filters", f"{LIST}?grupe=pedagogai&trukme=9-40&akreditacija=galioja"),
    ("list, newest first", f"{LIST}?rikiuoti=-akreditacija&lygis=&projektas=ivairios"),
    ("list, page 100", f"{LIST}?puslapis=100"),
]
FILTERS = "&grupe=pedagogai&trukme=9-40"
TARGET = 2.5


def main(sizes):
    print(f"\n{settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}")
    library.load()
    answers = library.ask()
    print(
        f"{len(library.QUERIES)} labelled searches: recall@3 {answers.recall:.3f}, "
        f"MRR {answers.rank:.3f}"
    )
    for size in sizes:
        seconds = fill(size)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"\n{size:,} programmes; {seconds:.0f} s to index those not indexed yet")
        measure()


def measure():
    client = Client()
    texts = [text for _, text, _ in library.QUERIES]
    begun = time.process_time()
    facets.snapshot()
    print(f"  facets computed anew: {time.process_time() - begun:.2f} s, once a change")
    for _ in range(3):
        for _, path in PAGES:
            client.get(path)
    searches = [f"{LIST}?q={quote(text)}{FILTERS}" for text in texts]
    rows = [("bare Django list of 20 rows", [BARE] * 60)]
    rows += [(name, [path] * 30) for name, path in PAGES]
    rows.append(("list, search and filters", searches))
    rows.append(("the same searches again", searches[-50:]))
    bare = None
    for name, paths in rows:
        cost = statistics.mean(cpu(client.get, path) for path in paths)
        bare = bare or cost
        print(f"  {name:30} {cost * 1000:7.1f} ms CPU   {cost / bare:5.2f} ×")
    print(f"  target of the list: at most {TARGET} ×")
    total = len(facets.snapshot().keys)
    times = sorted(
        wall(search.find, Posting.objects, text, total) for text in texts for _ in "ab"
    )
    middle, slow = statistics.median(times), times[int(len(times) * 0.95)]
    print(
        f"  search alone: median {middle * 1000:.1f} ms, 95 % within {slow * 1000:.1f} ms, "
        f"{middle / bare:.2f} × the bare list"
    )


def cpu(call, *args):
    begun = time.process_time()
    answer = call(*args)
    spent = time.process_time() - begun
    assert getattr(answer, "status_code", 200) == 200, args
    return spent


def wall(call, *args):
    begun = time.perf_counter()
    call(*args)
    return time.perf_counter() - begun


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    asked = parser.parse_args()
    settings.ROOT_URLCONF = "tests.bench.urls"
    settings.TEMPLATES[0]["DIRS"].append(settings.BASE_DIR / "tests/bench/templates")
    django.setup()

    from urllib.parse import quote

    from django.db import connection
    from django.test import Client
    from django.test.utils import (
        setup_databases,
        setup_test_environment,
        teardown_databases,
    )

    from catalogue import facets
    from catalogue.models import Posting
    from core import search
    from tests.bench.library import fill
    from tests.catalogue.search_set import library

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        main(asked.sizes)
    finally:
        teardown_databases(databases, verbosity=0)
