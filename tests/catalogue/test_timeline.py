from datetime import UTC, date, datetime

import pytest

from catalogue import timeline
from tests.factories import CallFactory

pytestmark = pytest.mark.django_db


def instant(month, day, hour=12):
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def call():
    return CallFactory(
        opens_at=instant(3, 1),
        closes_at=instant(4, 1),
        starts_on=date(2026, 5, 1),
        ends_on=date(2026, 12, 31),
    )


def names(call, now):
    return [step.name for step in timeline.steps(call, now)]


@pytest.mark.parametrize(
    "now, place",
    [
        (instant(2, 1), 0),
        (instant(3, 1), 1),
        (instant(3, 15), 1),
        (instant(4, 15), 2),
        (instant(12, 31), 3),
        (datetime(2027, 1, 1, tzinfo=UTC), 4),
    ],
)
def test_today_stands_where_it_belongs(call, now, place):
    steps = timeline.steps(call, now)

    assert [step.is_today for step in steps].index(True) == place
    assert [step.is_past for step in steps if not step.is_today] == [
        number < place for number in range(4)
    ]


def test_a_day_begins_and_ends_in_vilnius(call):
    # 22 hours of UTC on 30 April are already 1 May in Vilnius.
    assert names(call, instant(4, 30, 20)).index("Šiandien") == 2
    assert names(call, instant(4, 30, 22)).index("Šiandien") == 3


def test_a_delivery_that_starts_before_the_deadline_comes_before_it(call):
    call.starts_on = date(2026, 3, 20)

    assert names(call, instant(2, 1))[1:4] == [
        "Pradedamos priimti paraiškos",
        "Prasideda veikla",
        "Baigiamos priimti paraiškos",
    ]


def test_the_picture_is_in_proportion():
    call = CallFactory(
        opens_at=datetime(2025, 12, 31, 22, tzinfo=UTC),
        closes_at=datetime(2026, 1, 10, 22, tzinfo=UTC),
        starts_on=date(2026, 3, 22),
        ends_on=date(2026, 4, 10),
    )

    picture = timeline.picture(call, datetime(2026, 2, 19, 22, tzinfo=UTC))

    window, delivery = picture["spans"]
    assert (window.start, window.length, window.is_late) == ("0%", "10%", False)
    assert (delivery.end, delivery.length, delivery.is_late) == ("100%", "20%", True)
    assert picture["now"] == "50%"


def test_a_day_outside_of_the_road_has_no_place_in_the_picture(call):
    assert timeline.picture(call, instant(2, 1))["now"] == ""
    assert timeline.picture(call, datetime(2028, 1, 1, tzinfo=UTC))["now"] == ""


def test_the_page_of_a_call_shows_its_time_line(browse):
    page = browse().get(CallFactory().get_absolute_url()).text

    assert page.count('<li class="timeline__step') == 5
    assert page.count("timeline__step--today") == 1
    assert page.count("timeline__step--past") == 1
    assert page.count('class="timeline__span ') == 2
    assert 'class="timeline__now"' in page


def test_a_cancelled_call_has_dates_but_no_time_line(browse):
    page = browse().get(CallFactory(cancelled=True).get_absolute_url()).text

    assert "timeline" not in page
    assert "<dt>Veikla</dt>" in page
