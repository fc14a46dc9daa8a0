"""What people type finds what they look for: the labelled searches of ``search_set``."""

import pytest

from tests.catalogue.search_set import library


@pytest.mark.django_db
def test_the_labelled_searches_find_what_they_look_for():
    library.load()

    answers = library.ask()

    assert len(library.QUERIES) >= 120
    assert answers.recall >= 0.95, answers.missed
    assert answers.rank >= 0.9, answers.missed
