import datetime
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.urls import ResolverMatch

from catalogue.models import AccreditationState, CallStatus
from core.templatetags.portal import TONES, known, lines, plural
from enrolment.models import TeamStatus

FORMS = "paraiška,paraiškos,paraiškų"
NIGHT_IN_VILNIUS = datetime.datetime(2026, 11, 22, 22, 30, tzinfo=datetime.UTC)


def render(template, **context):
    return Template(template).render(Context(context))


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (0, "paraiškų"),
        (1, "paraiška"),
        (2, "paraiškos"),
        (9, "paraiškos"),
        (10, "paraiškų"),
        (11, "paraiškų"),
        (19, "paraiškų"),
        (20, "paraiškų"),
        (21, "paraiška"),
        (22, "paraiškos"),
        (111, "paraiškų"),
        (121, "paraiška"),
    ],
)
def test_plural(number, word):
    assert plural(number, FORMS) == word


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ day|long_date }}", "2012\u00a0m. spalio 19\u00a0d."),
        ("{{ instant|long_date }}", "2026\u00a0m. lapkričio 23\u00a0d."),
        (
            "{{ instant|long_datetime }}",
            "2026\u00a0m. lapkričio 23\u00a0d. 0.30\u00a0val.",
        ),
        (
            "{{ noon|long_datetime }}",
            "2026\u00a0m. liepos 1\u00a0d. 15\u00a0val.",
        ),
        ("{{ day|iso_date }}", "2012-10-19"),
        ("{{ instant|iso_date }}", "2026-11-23"),
        ("{{ None|long_date }}", ""),
        ("{{ None|long_datetime }}", ""),
        ("{{ None|iso_date }}", ""),
        ("{{ None|long_date|known }}", "nenurodyta"),
    ],
)
def test_dates_are_those_of_vilnius(template, text):
    html = render(
        template,
        day=datetime.date(2012, 10, 19),
        instant=NIGHT_IN_VILNIUS,
        noon=datetime.datetime(2026, 7, 1, 12, 0, tzinfo=datetime.UTC),
    )

    assert html == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "nenurodyta"), ("", "nenurodyta"), (0, 0), ("UPC", "UPC")],
)
def test_zero_is_known_and_emptiness_is_not(value, text):
    assert known(value) == text


def test_lines_leave_out_the_empty_ones():
    assert lines(" Pirmas \r\n\n  \nAntras") == ["Pirmas", "Antras"]
    assert lines(None) == []


@pytest.mark.parametrize("choices", [CallStatus, AccreditationState, TeamStatus])
def test_every_status_has_a_tone(choices):
    assert set(choices.values) - TONES.keys() == set()


def test_a_status_is_a_word_first():
    team = SimpleNamespace(status="approved", get_status_display=lambda: "Patvirtinta")

    html = render("{% status team %}", team=team)

    assert html.strip() == '<span class="status status--success">Patvirtinta</span>'


def test_a_tag_escapes_its_text():
    assert "&lt;b&gt;" in render('{% tone_tag text "info" %}', text="<b>")


def test_a_panel_and_a_notice_hold_what_stands_between():
    html = render(
        '{% panel title "danger" %}<p>{{ text }}</p>{% endpanel %}'
        '{% notice "warning" %}<p>{{ text }}</p>{% endnotice %}',
        title="<Istorija>",
        text="<tekstas>",
    )

    assert '<section class="panel panel--danger">' in html
    assert '<h2 class="panel__title">&lt;Istorija&gt;</h2>' in html
    assert '<div class="notice notice--warning"><p>&lt;tekstas&gt;</p></div>' in html
    assert html.count("<p>&lt;tekstas&gt;</p>") == 2


@pytest.mark.parametrize(
    ("view_name", "attribute"),
    [
        ("catalogue:programmes", ' aria-current="page"'),
        ("catalogue:programme", ' aria-current="true"'),
        ("catalogue:module", ' aria-current="true"'),
        ("catalogue:calls", ""),
    ],
)
def test_navigation_says_where_the_reader_is(view_name, attribute):
    app, name = view_name.split(":")
    match = ResolverMatch(lambda request: None, (), {}, url_name=name, namespaces=[app])
    tag = (
        '{% current "catalogue:programmes" "catalogue:programme" "catalogue:module" %}'
    )

    assert render(tag, request=SimpleNamespace(resolver_match=match)) == attribute


def test_navigation_works_without_a_request():
    assert render('{% current "catalogue:home" %}') == ""
