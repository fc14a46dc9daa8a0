"""Calls as a calendar: the deadline of applications and the time of the activity.

An event keeps its UID for life; how many times its call changed is the SEQUENCE, and when
it last did the LAST-MODIFIED, both from the history. RFC 5545; the name and the refresh of
a subscribed calendar by RFC 7986 and, for older programs, by the X- properties.
"""

import datetime
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.utils import timezone

from core.words import long_date, long_datetime

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = datetime.timedelta(hours=6)


def of_calls(calls, *, name, address):
    """One calendar, as bytes. Needs calls ``with_revision()``, with programme and text."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//{_host()}//LT")
    calendar.add("version", "2.0")
    for key in ("name", "x-wr-calname"):
        calendar.add(key, name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("source", settings.SITE_URL + address, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    deadlines = []
    for call in calls:
        calendar.add_component(_deadline(call))
        calendar.add_component(_activity(call))
        deadlines.append(call.closes_at)
    if deadlines:
        # Of the clock of Vilnius only these years, and not since 1970.
        first = datetime.date(min(deadlines).year, 1, 1)
        last = datetime.date(max(deadlines).year + 1, 12, 31)
        calendar.add_missing_timezones(first_date=first, last_date=last)
    return calendar.to_ical()


def _deadline(call):
    event = _event(call, "terminas", "Paraiškų priėmimo pabaiga")
    event.add("dtstart", timezone.localtime(call.closes_at))
    return event


def _activity(call):
    event = _event(call, "veikla", "Programos veikla")
    event.add("dtstart", call.starts_on)
    # The day after the last one: the end of a whole-day event is not part of it.
    event.add("dtend", call.ends_on + datetime.timedelta(days=1))
    return event


def _event(call, part, what):
    changed = max(
        filter(None, [call.revised_at, call.programme.published.published_at])
    )
    event = icalendar.Event()
    event.add("uid", f"kvietimas-{call.pk}-{part}@{_host()}")
    event.add("sequence", call.revision)
    event.add("dtstamp", changed.astimezone(datetime.UTC))
    event.add("last-modified", changed.astimezone(datetime.UTC))
    event.add("status", "CANCELLED" if call.cancelled_at else "CONFIRMED")
    # Some programs show a cancelled event as any other.
    event.add("summary", f"{'Atšaukta. ' if call.cancelled_at else ''}{what}: {call}")
    event.add("description", "\n".join(_about(call)))
    event.add("url", f"{settings.SITE_URL}{call.get_absolute_url()}")
    # A deadline and months of activity do not make a person busy.
    event.add("transp", "TRANSPARENT")
    return event


def _about(call):
    yield f"Programa: {call.programme}"
    if call.module:
        yield str(call.module)
    if call.cancelled_at:
        yield f"Kvietimas atšauktas. Priežastis: {call.cancel_reason}"
    else:
        opens, closes = long_datetime(call.opens_at), long_datetime(call.closes_at)
        yield f"Paraiškos priimamos nuo {opens} iki {closes}"
        starts, ends = long_date(call.starts_on), long_date(call.ends_on)
        yield f"Veikla nuo {starts} iki {ends}"
    yield f"{settings.SITE_URL}{call.get_absolute_url()}"


def _host():
    return urlsplit(settings.SITE_URL).hostname
