"""Calls as iCalendar, checked by the rules of RFC 5545 that calendars trip over."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from catalogue import transitions
from tests.factories import (
    CallFactory,
    ModuleFactory,
    ProgrammeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

VILNIUS = ZoneInfo("Europe/Vilnius")
ALL = reverse("catalogue:calendar")


def address(call):
    return reverse("catalogue:call_calendar", args=[call.pk])


@pytest.fixture
def read(browse):
    """Return the events of a calendar file by UID, once it is known to be valid."""

    def read(path, user=None):
        response = browse(user).get(path)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        lines = response.content.split(b"\r\n")
        assert lines[-1] == b""
        assert not [line for line in lines if b"\n" in line or len(line) > 75]
        calendar = icalendar.Calendar.from_ical(response.content)
        assert calendar["version"] == "2.0" and calendar["prodid"]
        assert not [part for part in calendar.walk() if part.errors]
        zones = {zone["tzid"] for zone in calendar.walk("VTIMEZONE")}
        events = {event["uid"]: event for event in calendar.walk("VEVENT")}
        assert len(events) == len(calendar.walk("VEVENT"))
        for event in events.values():
            for name in ("UID", "DTSTART", "SEQUENCE", "STATUS", "SUMMARY", "URL"):
                assert not isinstance(event[name], list)
            for name in ("DTSTAMP", "LAST-MODIFIED"):
                assert event[name].to_ical().endswith(b"Z")  # must be in UTC
            if "TZID" in event["DTSTART"].params:
                assert event["DTSTART"].params["TZID"] in zones
            if "DTEND" in event:
                assert event.end > event.start
        return events

    return read


def parts(events, call):
    """The deadline and the activity of a call."""
    return [
        events[f"kvietimas-{call.pk}-{part}@127.0.0.1"]
        for part in ("terminas", "veikla")
    ]


def test_a_call_is_its_deadline_and_its_activity(read):
    module = ModuleFactory(title="Tyrinėjančios mokyklos")
    call = CallFactory(
        programme=module.programme,
        module=module,
        title="Rudens šaukimas, antrasis; „BMT“",
        closes_at=datetime(2096, 7, 1, 13, 30, tzinfo=UTC),
        starts_on=date(2096, 9, 1),
        ends_on=date(2097, 6, 15),
    )

    events = read(address(call))
    deadline, activity = parts(events, call)

    assert len(events) == 2
    assert deadline["summary"] == f"Paraiškų priėmimo pabaiga: {call.title}"
    assert deadline.start == datetime(2096, 7, 1, 16, 30, tzinfo=VILNIUS)
    assert deadline["DTSTART"].params["TZID"] == "Europe/Vilnius"
    assert activity["summary"] == f"Programos veikla: {call.title}"
    assert activity.start == date(2096, 9, 1)
    assert activity.end == date(2097, 6, 16)
    for event in (deadline, activity):
        assert event["status"] == "CONFIRMED"
        assert event["url"] == f"http://127.0.0.1:8000{call.get_absolute_url()}"
        assert "Tyrinėjančios mokyklos" in event["description"]
        assert "2096\u00a0m. liepos 1\u00a0d. 16.30\u00a0val." in event["description"]


@pytest.mark.parametrize("month", [1, 7])
def test_the_hour_is_that_of_vilnius_in_summer_and_winter(read, month):
    local = datetime(2026, month, 15, 16, tzinfo=VILNIUS)
    call = CallFactory(opens_at=local - timedelta(days=30), closes_at=local)

    deadline, _ = parts(read(address(call)), call)

    assert deadline.start == local
    assert deadline["DTSTART"].to_ical() == f"2026{month:02}15T160000".encode()


def test_an_event_keeps_its_uid_and_counts_its_changes(read, staff):
    call = CallFactory(closes_at=timezone.now() + timedelta(days=10))
    before = parts(read(address(call)), call)
    at = timezone.now() + timedelta(hours=1)

    transitions.extend_window(
        call,
        by=staff,
        closes_at=call.closes_at + timedelta(days=5),
        note="Prašė mokyklos.",
        at=at,
    )
    after = parts(read(address(call)), call)

    for old, new in zip(before, after, strict=True):
        assert new["uid"] == old["uid"]
        assert new["sequence"] == old["sequence"] + 1
        assert new["last-modified"].dt == at.replace(microsecond=0)
        assert new["dtstamp"].dt == new["last-modified"].dt > old["last-modified"].dt
    assert after[0].start - before[0].start == timedelta(days=5)


def test_an_untouched_call_is_the_same_file_each_time(browse):
    call = CallFactory()

    assert browse().get(address(call)).content == browse().get(address(call)).content


def test_a_cancelled_call_is_cancelled_in_every_calendar(read, staff):
    call = CallFactory()
    transitions.cancel(call, by=staff, note="Nesusirinko\nkomandų; atleiskite.")

    for path in (address(call), ALL):
        for event in parts(read(path), call):
            assert event["status"] == "CANCELLED"
            assert event["summary"].startswith("Atšaukta. ")
            assert "Nesusirinko" in event["description"]
            assert event["sequence"] == 1


def test_the_calendar_holds_all_public_calls_whoever_asks(read, staff):
    shown = [CallFactory(), CallFactory(finished=True), CallFactory(planned=True)]
    CallFactory(programme__is_public=False)
    CallFactory(programme__version=None)

    for user in (None, staff):
        events = read(ALL, user)
        assert len(events) == 2 * len(shown)
        for call in shown:
            assert parts(events, call)


def test_an_empty_calendar_is_a_calendar(read):
    assert read(ALL) == {}


def test_a_hidden_call_has_no_file(browse, staff):
    call = CallFactory(programme__is_public=False)

    assert browse().get(address(call)).status_code == 404
    assert browse(staff).get(address(call)).status_code == 404


def test_no_person_is_named(browse, staff):
    lead = UserFactory(email="koordinatore@centras.example", first_name="Slaptoji")
    call = CallFactory(coordinators=[lead])
    programme = ProgrammeFactory(open_ended=True)
    transitions.confirm_accreditation(CallFactory(programme=programme), by=staff)

    text = browse().get(ALL).text

    assert call.title in text.replace("\r\n ", "")
    for secret in (lead.email, lead.first_name, staff.email):
        assert secret not in text


@pytest.mark.parametrize("number", [1, 3])
def test_the_calendar_asks_a_constant_number_of_queries(
    browse, django_assert_num_queries, number
):
    CallFactory.create_batch(number)
    browse().get(ALL)

    with django_assert_num_queries(2):
        browse().get(ALL)


def test_pages_offer_the_calendars(browse):
    for traits in ({}, {"planned": True}, {"closed": True}, {"running": True}):
        call = CallFactory(**traits)
        page = browse().get(call.get_absolute_url()).text
        assert f'href="{address(call)}">Įsidėti į kalendorių</a>' in page
    for over in (CallFactory(cancelled=True), CallFactory(finished=True)):
        assert address(over) not in browse().get(over.get_absolute_url()).text
    assert f'href="{ALL}">Įsidėti į kalendorių' in (
        browse().get(reverse("catalogue:calls")).text
    )
