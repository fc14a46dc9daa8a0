import random
import unicodedata

import pytest

from core.text import fold, search_words, sort_key

# By hand, after the alphabet of the Lithuanian language: a = ą, e = ę = ė, i = į = y,
# u = ų = ū as long as other letters decide; č, š and ž are letters of their own.
IN_ORDER = """
    „Aušros“ gimnazija
    1-oji mokykla
    10-oji mokykla
    2-oji mokykla
    Akmenė
    Ąžuolas
    Ažuolija
    Babtai
    cukrus
    Cvirka
    čiobrelis
    Čiurlionis
    Dainava
    Eglė
    Ėglė
    Eglynas
    Ežerėlis
    yla
    įlanka
    ilgas
    ylos
    ir
    yra
    Jonava
    Kaunas
    kava
    Šakiai
    šaltis
    Šiauliai
    Tauragė
    ugnis
    ūkas
    ūkis
    uodas
    Utena
    Vilniaus rajonas
    Vilnius
    Zarasai
    zylė
    Žagarė
    žąsis
    žydas
    Žiežmariai
"""


def words(text):
    return [line.strip() for line in text.strip().splitlines()]


def test_words_stand_as_in_a_lithuanian_dictionary():
    ordered = words(IN_ORDER)
    shuffled = random.Random(1).sample(ordered, len(ordered))

    assert sorted(shuffled, key=sort_key) == ordered


@pytest.mark.parametrize(
    "ordered",
    [
        ["a", "A", "ą", "Ą", "b"],
        ["i", "I", "į", "Į", "y", "Y", "j"],
        ["e", "ę", "ė", "f"],
        ["u", "ų", "ū", "v"],
        ["c", "cz", "č", "d"],
        ["s", "sz", "š", "t"],
        ["z", "zz", "ž"],
        ["", " ", "-", "–", ".", "„", "/", "0", "9", "a"],
        ["lukas", "Łukasz", "lukna"],
        ["No", "№ 5", "np"],
        ["z", "ж", "日"],
    ],
)
def test_what_differs_little_stands_in_order_too(ordered):
    backwards = ordered[::-1]

    assert sorted(backwards, key=sort_key) == ordered


def test_a_text_sorts_alike_however_it_was_typed():
    text = "Ąžuolo šešėlis"

    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(text)


def test_a_text_that_is_a_beginning_of_another_comes_first():
    assert sort_key("Kaun") < sort_key("Kaunas") < sort_key("Kaunas ")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("siauliu romuvos progimnazija", "Šiaulių   „Romuvos“ progimnazija"),
        ("ĄČĘĖĮŠŲŪŽ", "aceeisuuz"),
        ("o’neill", "O'Neill"),
        ("lukasz", "Łukasz"),
        ("Jonaitytė-Petrauskienė", "jonaityte–petrauskiene"),
        ("a b", "a\u00a0b"),
        ("mokykla", "mo\u00adkyk\u00adla"),
        ("no5", "№5"),
        ("strasse", "Straße"),
    ],
)
def test_texts_that_match(typed, written):
    assert fold(typed) == fold(written)


def test_folding_twice_changes_nothing():
    folded = fold("„Ąžuolas“ – №5, Łódź")

    assert fold(folded) == folded == "azuolas - no5, lodz"


def test_letters_that_matter_stay_apart():
    assert fold("karas") != fold("koras")


def test_a_search_has_ten_words_at_most_and_each_once():
    assert search_words("Šiaulių  „Romuvos“ ŠIAULIŲ") == ["siauliu", "romuvos"]
    assert len(search_words(" ".join(map(str, range(1000))))) == 10
