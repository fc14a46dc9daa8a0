"""The road of a call in time, for a picture and for the list beside it."""

import datetime
from dataclasses import dataclass

from django.utils import timezone


@dataclass(frozen=True)
class Step:
    """A point on the road. ``at`` is an instant, or a day where the hour is not told."""

    name: str
    at: datetime.datetime | datetime.date
    is_past: bool = False
    is_today: bool = False

    @property
    def has_hour(self):
        return isinstance(self.at, datetime.datetime)


@dataclass(frozen=True)
class Span:
    """A stretch of the picture: where it starts, ends and how long it is, as „12.5%“.

    ``is_late``: a label would not fit after the start, and stands before the end.
    """

    name: str
    tone: str
    start: str
    end: str
    length: str
    is_late: bool


def steps(call, now=None):
    """The dates of the call and today among them, in order; R4 does not order them."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    dates = [
        ("Pradedamos priimti paraiškos", call.opens_at, call.opens_at),
        ("Baigiamos priimti paraiškos", call.closes_at, call.closes_at),
        ("Prasideda veikla", call.starts_on, _begins(call.starts_on)),
        ("Baigiasi veikla", call.ends_on, _ends(call.ends_on)),
    ]
    marked = [
        (instant, Step(name, told, is_past=instant <= now))
        for name, told, instant in dates
    ]
    marked.append((now, Step("Šiandien", today, is_today=True)))
    return [step for _, step in sorted(marked, key=lambda pair: pair[0])]


def picture(call, now=None):
    """The spans of the call, and where now is; an empty text where it is outside."""
    now = now or timezone.now()
    spans = [
        ("Paraiškos", "accent", call.opens_at, call.closes_at),
        ("Veikla", "action", _begins(call.starts_on), _ends(call.ends_on)),
    ]
    first = min(start for _, _, start, _ in spans)
    last = max(end for _, _, _, end in spans)

    def percent(length):
        return f"{100 * (length / (last - first)):.3g}%"

    def is_late(at):
        return at - first > 0.6 * (last - first)

    return {
        "spans": [
            Span(
                name,
                tone,
                percent(start - first),
                percent(end - first),
                percent(end - start),
                is_late(start),
            )
            for name, tone, start, end in spans
        ],
        "now": percent(now - first) if first <= now <= last else "",
        "now_is_late": is_late(now),
    }


def _begins(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _ends(day):
    """The end of the last day, which still counts."""
    return _begins(day + datetime.timedelta(days=1))
