"""Public files for programs: calendars, the news feed, open data and the sitemap.

The same for everybody, centre staff too: a file shows what is public, whoever asks.
"""

import datetime
from functools import wraps

from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from catalogue import calendars, open_data
from catalogue.models import Call
from catalogue.news import NewsFeed
from catalogue.sitemaps import SECTIONS
from core.exports import FORMATS
from core.models import Event
from core.public import public_page

EVERYBODY = {"Access-Control-Allow-Origin": "*"}  # pages of others may read it too


def public_file(view):
    """A public page that says when the catalogue last changed."""

    @public_page
    @require_safe
    @wraps(view)
    def dated(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["Last-Modified"] = http_date(_last_changed().timestamp())
        return response

    return dated


def _last_changed():
    """The last change of the catalogue by its history, or this midnight if that is later:
    with the day the states of accreditations change by themselves."""
    midnight = timezone.make_aware(
        datetime.datetime.combine(timezone.localdate(), datetime.time.min)
    )
    events = Event.objects.filter(content_type__app_label="catalogue")
    last = events.aggregate(last=Max("at"))["last"]
    return max(filter(None, [midnight, last]))


@public_file
def call_calendar(request, pk):
    call = get_object_or_404(_calls(), pk=pk)
    return HttpResponse(
        calendars.of_calls([call], name=str(call), address=request.path),
        content_type=calendars.CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="kvietimas-{pk}.ics"'},
    )


@public_file
def calendar(request):
    file = calendars.of_calls(
        _calls().order_by("closes_at", "pk"),
        name="Kvietimai teikti paraiškas",
        address=request.path,
    )
    return HttpResponse(file, content_type=calendars.CONTENT_TYPE)


def _calls():
    calls = Call.objects.public().with_revision()
    return calls.select_related("programme__published", "module")


@public_file
def programmes_csv(request):
    csv = FORMATS["csv"]
    return HttpResponse(
        csv.write(open_data.table()),
        content_type=csv.content_type,
        headers={
            "Content-Disposition": 'attachment; filename="programos.csv"',
            **EVERYBODY,
        },
    )


@public_file
def programmes_json(request):
    return HttpResponse(
        open_data.json_bytes(), content_type="application/json", headers=EVERYBODY
    )


@public_file
def sitemap(request):
    return sitemap_view(request, SECTIONS)


news = public_file(NewsFeed())
