import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from catalogue import index, transitions
from catalogue.emblem import emblem_of
from catalogue.forms import FACETS
from catalogue.models import Level, Role
from core.words import long_datetime
from tests.factories import (
    AccreditationFactory,
    CallFactory,
    CompetenceFactory,
    CompetenceGroupFactory,
    ModuleCompetenceFactory,
    MunicipalityFactory,
    ProgrammeFactory,
    ProjectFactory,
    TargetGroupFactory,
)

pytestmark = pytest.mark.django_db

LIST = reverse("catalogue:programmes")


@pytest.fixture
def visit(browse):
    """Return the list as a response, after everything has been indexed."""

    def visit(user=None, **data):
        index.refresh()
        page = browse(user).get(LIST, data)
        assert page.status_code == 200
        return page

    return visit


@pytest.fixture
def read(visit):
    """Return the words of the list: spaces as a person sees them."""

    def read(**data):
        return " ".join(unescape(visit(**data).text).replace("\u00a0", " ").split())

    return read


@pytest.fixture
def titles(visit):
    """Return the titles that the list shows, in order."""

    def titles(user=None, **data):
        page = visit(user, **data)
        return [programme.title for programme in page.context["object_list"]]

    return titles


@pytest.fixture
def numbers(visit):
    """Return {value: count} of a filter, as it is offered."""

    def numbers(name, **data):
        select = visit(**data).text.split(f'<select name="{name}"')[1]
        options = select.split("</select>")[0]
        found = re.findall(r'value="([^"]+)"[^>]*>[^<]*\((\d+)\)<', options)
        return {value: int(count) for value, count in found}

    return numbers


def test_each_result_is_an_article_whose_heading_holds_one_link(read):
    programme = ProgrammeFactory(title="Matematika", accredited=True)

    page = read()

    article = page.split("<article")[1].split("</article>")[0]
    heading = article.split("<h2")[1].split("</h2>")[0]
    assert heading.count("<a ") == 1
    assert f'href="{programme.get_absolute_url()}">Matematika</a>' in heading
    assert article.count("<h2") == 1
    assert "Rasta 1 programa." in page
    assert "Akreditacija galioja" in article


@pytest.mark.parametrize(
    "number, words", [(2, "Rastos 2 programos."), (10, "Rasta 10 programų.")]
)
def test_the_number_of_results_has_its_ending(read, number, words):
    ProgrammeFactory.create_batch(number)

    assert words in read()


def test_the_search_folds_case_and_diacritics(titles):
    ProgrammeFactory(title="Šiaulių tinklai")
    ProgrammeFactory(title="Kita")

    assert titles(q="SIAULIU") == ["Šiaulių tinklai"]


def test_the_filters_narrow_the_list_together(titles):
    project, group = ProjectFactory(slug="bmt"), TargetGroupFactory(slug="pedagogai")
    both = {"project": project, "target_groups": [group]}
    found = ProgrammeFactory(title="Abi", open_ended=True, **both)
    ProgrammeFactory(title="Tik projektas", project=project)
    ProgrammeFactory(title="Tik grupė", target_groups=[group])
    gain = ModuleCompetenceFactory(
        module__programme=found, level=Level.ADVANCED, role=Role.CURATOR
    )
    CallFactory(
        programme=found, module=gain.module, accreditation_confirmed_at=timezone.now()
    )

    assert titles(projektas="bmt") == ["Abi", "Tik projektas"]
    assert titles(grupe="pedagogai") == ["Abi", "Tik grupė"]
    assert titles(projektas="bmt", grupe="pedagogai") == ["Abi"]
    assert titles(lygis="pazenges") == ["Abi"]
    assert titles(lygis="pradinis") == []
    assert titles(atvira="1") == ["Abi"]
    assert titles(atvira="0") == ["Abi", "Tik grupė", "Tik projektas"]
    assert titles(akreditacija="nenurodyta") == ["Abi"]
    assert titles(akreditacija="galioja") == []


def test_the_archive_is_apart_but_never_hidden(read, titles):
    ProgrammeFactory(title="Galiojanti programa", accredited=True)
    ProgrammeFactory(title="Nebegaliojanti programa", expired=True)

    assert titles() == ["Galiojanti programa"]
    assert titles(akreditacija="archyvas") == ["Nebegaliojanti programa"]
    assert "Programų archyvas (1)" in read(q="programa")
    assert "<h1>Programų archyvas</h1>" in read(akreditacija="archyvas")


def test_the_archive_is_offered_when_nothing_else_is_found(read):
    ProgrammeFactory(title="Senoji", expired=True)

    page = read(q="senoji")

    assert "Nė vienos tokios programos neradome." in page
    assert 'href="?q=senoji&akreditacija=archyvas"' in page


def test_the_list_sorts_by_the_alphabet_or_by_the_newest_accreditation(titles):
    for title, year in (("Žalia", 2020), ("Čia", 2018), ("Dar", 2019)):
        AccreditationFactory(programme__title=title, accredited_on=date(year, 1, 1))

    assert titles() == ["Čia", "Dar", "Žalia"]
    assert titles(rikiuoti="pavadinimas") == ["Čia", "Dar", "Žalia"]
    assert titles(rikiuoti="-akreditacija") == ["Žalia", "Dar", "Čia"]


def test_pages_keep_the_filters_and_forgive_any_number(visit, titles):
    ProgrammeFactory.create_batch(21)

    page = visit(q="programa", puslapis="1")

    assert 'href="?q=programa&amp;puslapis=2"' in page.text
    assert len(titles(puslapis="2")) == 1
    for beyond in ("3", "999999999999", "-1", "0"):
        assert len(titles(puslapis=beyond)) == 1
    for nonsense in ("x", "", "1e3", "9" * 5000, "\x00"):
        assert len(titles(puslapis=nonsense)) == 20


HOSTILE = [
    "zzz",
    "' OR 1=1 --",
    "\x00",
    "\u202e",
    "<script>",
    "a" * 5000,
    "%",
    "🙂",
    "\ud83d".encode("utf-8", "surrogatepass"),
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", [*FACETS, "rikiuoti", "atvira"])
def test_a_filter_that_makes_no_sense_is_forgotten(browse, name, value):
    ProgrammeFactory(title="Matematika")

    page = browse().get(LIST, {name: value})

    assert page.status_code == 200
    assert [str(found) for found in page.context["object_list"]] == ["Matematika"]
    assert "error" not in page.text
    assert "<title>Programos" in page.text


@pytest.mark.parametrize("value", HOSTILE)
def test_no_search_text_is_an_error(browse, value):
    ProgrammeFactory(title="Matematika")

    page = browse().get(LIST, {"q": value})

    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "\x00" not in page.text


def test_control_characters_in_a_search_are_passed_over(read, titles):
    ProgrammeFactory(title="Matematikos mokymas")

    assert titles(q="\x00fizi\u200bkos\r\n") == []
    assert titles(q="\x00matematikos\x07\tmokymas") == ["Matematikos mokymas"]
    assert 'value="a b"' in read(q="a\x00b")


def test_a_long_search_is_cut(read):
    page = read(q="a" * 300)

    assert f'value="{"a" * 200}"' in page


def test_unknown_parameters_are_ignored(titles):
    ProgrammeFactory(title="Matematika")

    assert titles(kompetencija="x", savivaldybe="13", page="5") == ["Matematika"]


def test_other_filters_open_by_themselves_only_when_used(read):
    folded = {"q": "x", "atvira": "1", "lygis": "zzz", "rikiuoti": ""}
    assert "<details> <summary>" in read(**folded)
    assert "<details open" in read(lygis="pradinis")


def test_a_chosen_filter_of_no_programme_leaves_none(titles):
    TargetGroupFactory(slug="niekas")
    ProgrammeFactory()

    assert titles(grupe="niekas") == []


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    "asked, queries",
    [
        # stamp and page: all else is kept
        ({}, 2),
        ({"atvira": "1", "trukme": "nenurodyta", "rikiuoti": "-akreditacija"}, 2),
        # and two for each word: itself, and those that begin so
        ({"q": "programa"}, 4),
        ({"q": "pasirinktos programos", "atvira": "1"}, 6),
        # and what is near a misspelt word, its programmes, and how it is written
        ({"q": "prrograma"}, 7),
    ],
)
def test_the_list_asks_a_constant_number_of_queries(
    browse, django_assert_num_queries, number, asked, queries
):
    for call in CallFactory.create_batch(
        number, programme__title="Pasirinkta programa"
    ):
        AccreditationFactory(programme=call.programme)
    index.refresh()
    browse().get(LIST, {"rikiuoti": "-akreditacija"})

    with django_assert_num_queries(queries):
        page = browse().get(LIST, asked)

    assert len(page.context["object_list"]) == number


# Search


def test_a_title_counts_more_than_a_text(titles):
    ProgrammeFactory(title="Antra", version__goal="Matematika, matematika, matematika.")
    ProgrammeFactory(title="Matematika ir dar daug kitų dalykų")

    assert titles(q="matematikos") == ["Matematika ir dar daug kitų dalykų", "Antra"]
    assert titles(q="matematikos", rikiuoti="pavadinimas")[0] == "Antra"


def test_a_search_is_sorted_by_relevance_unless_asked_otherwise(visit):
    ProgrammeFactory(title="Matematika")

    orders = visit(q="matematika").context["form"].fields["rikiuoti"].choices
    assert [label for _, label in orders][:2] == ["Pagal atitikimą", "Pagal pavadinimą"]
    orders = visit().context["form"].fields["rikiuoti"].choices
    assert "Pagal atitikimą" not in dict(orders).values()
    assert visit(rikiuoti="atitikimas").context["form"].asked("rikiuoti") == ""


def test_what_was_found_is_marked_and_shown_in_an_excerpt(read):
    ProgrammeFactory(
        title="Žaidimai & mokslas",
        version__summary="Trumpai.",
        version__goal="Mokoma <b>žaidžiant</b>: žaidimų čia daug.",
    )

    page = read(q="zaidimas")

    assert "<mark>Žaidimai</mark> & mokslas</a>" in page
    assert '<p class="result__excerpt">' in page
    assert "<mark>žaidimų</mark> čia daug." in page


def test_what_was_found_keeps_its_emblem_and_can_be_compared(visit):
    programme = ProgrammeFactory(
        title="Matematika", target_groups=[TargetGroupFactory()]
    )

    page = visit(q="matematika").text

    article = page.split("<article")[1].split("</article>")[0]
    assert "<mark>Matematika</mark></a>" in article
    assert article.count(emblem_of(programme)) == 1
    box = f'name="programa" value="{programme.slug}" form="palyginimas"'
    assert article.count(box) == 1
    assert 'Palyginti<span class="visually-hidden">: Matematika</span>' in article


def test_what_is_marked_stays_text(visit):
    ProgrammeFactory(title="<script>alert('Matematika')</script>")

    page = visit(q="matematika <script>")

    assert "<mark>Matematika</mark>" in page.text
    assert "<script>alert" not in page.text


def test_a_misspelt_word_is_met_by_the_nearest_and_the_page_says_so(read, titles):
    ProgrammeFactory(title="Kūrybiškumas")

    page = read(q="kurybikumas")

    assert titles(q="kurybikumas") == ["Kūrybiškumas"]
    assert "ieškojome „<strong>kūrybiškumas</strong>“" in page


def test_nothing_found_offers_the_nearest_word_and_ways_on(visit, titles):
    ProgrammeFactory(title="Bendradarbiavimas")
    ProgrammeFactory(title="Kita", project__slug="kitas")

    page = visit(q="bendradrbavimmas", projektas="kitas")

    assert "Nė vienos tokios programos neradome." in page.text
    assert (
        'Gal turėjote omenyje „<a href="?q=bendradarbiavimas&amp;projektas=kitas">'
        "bendradarbiavimas</a>“?" in page.text
    )
    assert f'href="{reverse("catalogue:programmes")}"' in page.text
    assert f'href="{reverse("catalogue:calls")}"' in page.text
    assert titles(q="bendradarbiavimas") == ["Bendradarbiavimas"]


def test_a_search_that_only_the_filters_empty_offers_itself_without_them(visit):
    ProgrammeFactory(title="Matematika")
    ProgrammeFactory(title="Kita", project__slug="kitas")

    page = visit(q="matematika", projektas="kitas")

    assert '<a href="?q=matematika">Ieškoti be filtrų</a>' in page.text
    assert "rastume 1 programą" in page.text


def test_words_of_hidden_programmes_are_never_shown(visit, titles, staff):
    ProgrammeFactory(title="Paslaptingumas", is_public=False)

    for text in ("paslaptingumas", "paslaptingmas", "paslaptngmas"):
        assert titles(q=text) == []
        assert "paslaptingumas" not in visit(q=text).text.replace(text, "").lower()
    assert titles(staff, q="paslaptingmas") == ["Paslaptingumas"]


def test_if_no_programme_has_every_word_the_page_says_so(read):
    ProgrammeFactory(title="Matematika")

    page = read(q="matematika xyzzyx")

    assert "Rasta 1 programa." in page
    assert "Nė viena neturi visų jūsų žodžių" in page


# Filters


def test_durations_are_grouped(numbers, titles):
    for hours in (1, 8, 9, 40, 41, None):
        ProgrammeFactory(title=f"{hours}", version__hours=hours)

    assert numbers("trukme") == {"iki-8": 2, "9-40": 2, "per-40": 1, "nenurodyta": 1}
    assert sorted(titles(trukme="iki-8")) == ["1", "8"]
    assert sorted(titles(trukme="9-40")) == ["40", "9"]
    assert titles(trukme="per-40") == ["41"]
    assert titles(trukme="nenurodyta") == ["None"]


def test_a_competence_is_the_programmes_own_or_a_modules(numbers, titles):
    group = CompetenceGroupFactory(slug="bendrosios", name="Bendrosios")
    competence = CompetenceFactory(slug="mastymas", name="Mąstymas", group=group)
    ProgrammeFactory(title="Sava", competences=[competence])
    ModuleCompetenceFactory(competence=competence, module__programme__title="Modulio")
    ProgrammeFactory(title="Be jos")

    assert titles(kompetencija="mastymas") == ["Modulio", "Sava"]
    assert titles(kompetenciju_grupe="bendrosios") == ["Modulio", "Sava"]
    assert numbers("kompetencija") == {"mastymas": 2}
    assert numbers("kompetenciju_grupe") == {"bendrosios": 2}


def test_a_municipality_is_where_a_call_is_carried_out(titles, numbers):
    place = MunicipalityFactory(code="13", name="Vilniaus miesto savivaldybė")
    CallFactory(programme__title="Čia", municipality=place)
    CallFactory(programme__title="Buvo", municipality=place, finished=True)
    CallFactory(programme__title="Atšaukta", municipality=place, cancelled=True)
    CallFactory(programme__title="Bet kur")

    assert titles(savivaldybe="13") == ["Čia"]
    assert numbers("savivaldybe") == {"13": 1}


def test_a_count_is_what_the_list_would_have_under_the_other_filters(visit):
    projects = ProjectFactory.create_batch(2)
    groups = TargetGroupFactory.create_batch(3)
    states = [{"accredited": True}, {"open_ended": True}, {"expired": True}, {}]
    for place in range(24):
        ProgrammeFactory(
            title=f"{'Matematika' if place % 3 else 'Fizika'} {place}",
            project=projects[place % 2],
            target_groups=groups[: place % 4],
            version__hours=[None, 6, 20, 60][place // 2 % 4],
            **states[place // 6],
        )
    asked = {"q": "matematika", "projektas": projects[0].slug}

    form = visit(**asked).context["form"]

    compared = 0
    for name in FACETS:
        for value, count in form.fields[name].widget.counts.items():
            found = visit(**asked | {name: value}).context["page_obj"].paginator
            assert found.count == count, (name, value)
            compared += 1
    assert compared == 14


def test_the_number_of_open_ones_stands_at_its_box(read):
    CallFactory.create_batch(2)
    ProgrammeFactory()

    assert "kurioms dabar priimamos paraiškos (2)" in read()


def test_values_stand_in_the_alphabets_order_and_empty_ones_are_not_offered(visit):
    for name in ("Žalia", "Čia", "Yla", "Ikas", "Niekas"):
        group = TargetGroupFactory(name=name)
        if name != "Niekas":
            ProgrammeFactory(target_groups=[group])

    page = visit().text

    places = [page.index(f">{name} (1)<") for name in ("Čia", "Ikas", "Yla", "Žalia")]
    assert places == sorted(places)
    assert "Niekas" not in page


def test_competences_stand_under_their_groups(visit):
    group = CompetenceGroupFactory(name="Bendrosios & kitos")
    ProgrammeFactory(
        competences=[
            CompetenceFactory(name="Mąstymas", group=group),
            CompetenceFactory(name="Be grupės"),
        ]
    )

    page = visit().text

    grouped = page.split('<optgroup label="Bendrosios &amp; kitos">')[1]
    assert ">Mąstymas (1)</option></optgroup>" in grouped
    assert '<optgroup label="Kitos">' in grouped


def test_each_choice_can_be_dropped_by_itself(visit):
    project = ProjectFactory(slug="bmt", name="Tinklai")
    CallFactory(programme__project=project)

    page = visit(q="programa", projektas="bmt", atvira="1", trukme="nenurodyta").text

    chips = page.split('<ul class="chips"')[1].split("</ul>")[0]
    assert chips.count("<li>") == 5
    assert 'href="?projektas=bmt&amp;trukme=nenurodyta&amp;atvira=1"' in chips
    assert 'href="?q=programa&amp;trukme=nenurodyta&amp;atvira=1"' in chips
    assert 'href="?q=programa&amp;projektas=bmt&amp;trukme=nenurodyta"' in chips
    assert "Tinklai" in chips
    assert "Atsisakyti visko" in chips
    assert '<ul class="chips"' not in visit().text


def test_hidden_programmes_are_counted_for_staff_alone(visit, numbers, staff):
    ProgrammeFactory(is_public=False, project__slug="bmt")

    assert numbers("projektas") == {}
    form = visit(staff).context["form"]
    assert form.fields["projektas"].widget.counts["bmt"] == 1


def test_a_line_tells_of_the_soonest_deadline_as_it_is_now(read):
    call = CallFactory(closes_at=timezone.now() + timedelta(days=9))
    CallFactory(programme=call.programme, closes_at=timezone.now() + timedelta(days=20))
    assert f"iki {long_datetime(call.closes_at)}".replace("\u00a0", " ") in read()

    later = call.closes_at + timedelta(days=2)
    transitions.extend_window(call, by=None, closes_at=later, note="x")

    assert f"iki {long_datetime(later)}".replace("\u00a0", " ") in read()
