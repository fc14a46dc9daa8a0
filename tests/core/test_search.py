import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from catalogue.models import IndexEntry, Posting
from core import search
from tests.factories import ProgrammeFactory


@pytest.fixture
def library(db):
    """Return a function that indexes texts and gives {key: text} of the documents."""

    def library(*texts):
        documents = {}
        for text in texts:
            parts = text if isinstance(text, list) else [(1, text)]
            programme = ProgrammeFactory()
            entry = IndexEntry.objects.create(programme=programme, digest="")
            Posting.objects.bulk_create(
                Posting(document=entry, term=term, weight=weight)
                for term, weight in search.weigh(parts).items()
            )
            documents[programme.pk] = text
        return documents

    return library


def found(documents, text):
    """The texts that a search finds, best first."""
    answer = search.find(Posting.objects, text, len(documents))
    return [documents[key] for key in answer.scores]


# Words and terms


def test_words_are_lower_case_and_carry_meaning():
    assert search.words("Kaip MOKYTI(S) 1 klasę – ir „kūrybiškai“? _") == [
        "mokyti",
        "1",
        "klasę",
        "kūrybiškai",
    ]
    assert search.words("e\u0307jimas, mo\u00adkykla") == ["ėjimas", "mokykla"]


@pytest.mark.parametrize(
    "one, other",
    [
        ("mokytojų", "mokytojas"),
        ("mokytojams", "mokytoja"),
        ("kurybiskumas", "kūrybiškumo"),
        ("partnerysčių", "partnerystė"),
        ("partnerysciu", "partnerystė"),
        ("vedėjams", "vedejas"),
        ("kompetencijų", "kompetencija"),
        ("vertinimas", "vertinti"),
        ("kūrybiškumas", "kūrybiškas"),
        ("planavimo", "planuoti"),
        ("gaidžių", "gaidys"),
        ("BMT", "bmt"),
        ("vadovai", "vadovams"),
        ("žmonių", "žmonės"),
    ],
)
def test_forms_of_a_word_share_a_term(one, other):
    assert set(search.terms(one.lower())) & set(search.terms(other))


@pytest.mark.parametrize(
    "one, other",
    [("mokykla", "muziejus"), ("kalba", "kalnas"), ("bmt", "kp"), ("vaikas", "vėjas")],
)
def test_other_words_do_not(one, other):
    assert not set(search.terms(one)) & set(search.terms(other))


def test_threads_do_not_disturb_each_other():
    """One stemmer for all gives wrong stems: the threads change places all the time."""
    texts = ["mokytojų", "partnerysčių", "kūrybiškumas", "besimokančiųjų", "tinklams"]
    right = [search._stem(word) for word in texts]

    def stems(_):
        return [search._stem(word) for word in texts]

    pace = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(stems, range(200)))
    finally:
        sys.setswitchinterval(pace)

    assert all(answer == right for answer in answers)


def test_a_word_said_often_counts_less_each_time():
    once, twice, often = (
        search.weigh([(1, "tinklas " * times)])["tinklas"] for times in (1, 2, 100)
    )
    title = search.weigh([(12, "tinklas")])["tinklas"]

    assert once < twice < often < title < 1000


# Finding


def test_all_words_count_in_any_order(library):
    documents = library("Mokyklų tinklas mieste", "Tinklas", "Mokykla")

    assert found(documents, "tinklai mokykloje")[0] == "Mokyklų tinklas mieste"
    assert found(documents, "mokyklos TINKLAI")[0] == "Mokyklų tinklas mieste"


def test_documents_with_every_word_come_first_and_alone_when_they_are_enough(library):
    full = ["mokyklų tinklas a", "tinklas mokykloms b", "mokyklos tinklai c"]
    documents = library("tinklas", *full)

    assert sorted(found(documents, "mokykla tinklas")) == sorted(full)


def test_a_beginning_meets_the_word_more_weakly(library):
    documents = library("matematikavimas", "matematika")

    assert found(documents, "matem") == ["matematikavimas", "matematika"]
    assert found(documents, "matematika")[0] == "matematika"
    assert found(library("kaina"), "ka") == []


def test_one_typing_error_is_forgiven_in_a_longer_word(library):
    documents = library("kūrybiškumas", "kaina")

    for typed in ("kurybikumas", "kurybiskkumas", "kurybyskumas", "kruybiskumas"):
        assert found(documents, typed) == ["kūrybiškumas"], typed
    assert found(documents, "kaip") == []
    assert found(documents, "kurbikumas") == []


def test_a_word_that_somebody_has_is_not_taken_for_an_error(library):
    documents = library("kalbos", "kalvos")

    assert found(documents, "kalvos") == ["kalvos"]


def test_a_misspelt_form_meets_the_other_forms(library):
    documents = library("vertinimas", "vertinimo kriterijai")

    assert len(found(documents, "vertnimas")) == 2


def test_a_rare_word_tells_more(library):
    documents = library("tinklas mokyklai", *["mokykla"] * 6, "tinklas")

    assert found(documents, "mokykla tinklas")[:2] == ["tinklas mokyklai", "tinklas"]


def test_what_nobody_has_is_told(library):
    documents = library("matematika")

    answer = search.find(Posting.objects, "matematika xyzzyxas matemtika", 1)

    assert list(answer.scores) == list(documents)
    assert answer.complete == 0
    assert answer.unknown == ["xyzzyxas"]
    assert answer.corrected == {"matemtika": ["matematik", "matematika"]}


@pytest.mark.parametrize("text", ["", "%", "_", "' OR 1=1", "a" * 5000, "ir", "\x00"])
def test_nothing_to_look_for_finds_nothing(library, text):
    assert found(library("matematika"), text) == []


def test_signs_of_the_database_are_no_wildcards(library):
    assert found(library("matematika"), "mat_matika") == []


def test_a_search_of_a_thousand_words_is_cut(library, django_assert_num_queries):
    documents = library("m1 m2 matematika")
    many = " ".join(f"m{number}" for number in range(1000))

    with django_assert_num_queries(search.MOST_WORDS):
        search.find(Posting.objects, many, len(documents))


def test_the_nearest_word_is_suggested(library):
    library("bendradarbiavimas", "bendruomenė", "matematika")

    assert search.suggest(Posting.objects, "bendradrbavimmas") == "bendradarbiavimas"
    assert search.suggest(Posting.objects, "xyzzyxas") is None
    assert search.suggest(Posting.objects, "bend") is None


def test_a_term_is_given_back_as_it_was_written():
    assert search.as_written("kurybiskum", "Apie kūrybiškumą.") == "kūrybiškumą"
    assert search.as_written("tinkl", "Apie kūrybiškumą.") is None


# Showing


MEETS_NETS = search.Found(exact={"tinkl"}, beginnings=("kuryb",))


def test_what_is_met_is_marked():
    marked = search.highlight("Tinklai, tinklų & „Kūrybiškumas“", MEETS_NETS)

    assert marked == (
        "<mark>Tinklai</mark>, <mark>tinklų</mark> &amp; „<mark>Kūrybiškumas</mark>“"
    )


def test_what_is_marked_is_still_escaped():
    marked = search.highlight("<b>tinklas</b><script>", MEETS_NETS)

    assert marked == "&lt;b&gt;<mark>tinklas</mark>&lt;/b&gt;&lt;script&gt;"


def test_an_excerpt_is_the_part_richest_in_what_is_met():
    far = "žodis " * 60
    text = f"Be nieko.\nTinklas. {far} tinklai ir kūryba. {far}\nPabaiga"

    part = search.excerpt(text, MEETS_NETS, length=80)

    assert part.startswith("… ")
    assert part.endswith(" …")
    assert "<mark>tinklai</mark> ir <mark>kūryba</mark>." in part
    assert len(part) < 140


def test_a_short_line_is_shown_whole_and_without_a_match_nothing():
    assert search.excerpt("Tinklas čia.", MEETS_NETS) == "<mark>Tinklas</mark> čia."
    assert search.excerpt("Nieko <čia>.", MEETS_NETS) == ""


def test_an_excerpt_of_one_endless_word_has_an_end():
    meets = SimpleNamespace(meets=lambda word: True)

    assert len(search.excerpt("a" * 5000, meets)) < 6000
