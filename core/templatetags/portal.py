"""Filters and tags of every page, built in: no ``{% load %}`` is needed."""

import datetime
import json

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from core import public, words

register = template.Library()

# Every status of the portal, by its value. "accent" means: open now, or your move.
TONES = {
    # catalogue.models.CallStatus
    "planned": "info",
    "open": "accent",
    "closed": "muted",
    "running": "success",
    "finished": "muted",
    "cancelled": "danger",
    # catalogue.models.AccreditationState
    "galioja": "success",
    "nenurodyta": "warning",
    "archyvas": "muted",
    "nera": "muted",
    # enrolment.models.TeamStatus
    "draft": "accent",
    "submitted": "info",
    "returned": "accent",
    "approved": "success",
    "reserve": "warning",
    "rejected": "danger",
    "withdrawn": "muted",
}


@register.filter
def long_date(value):
    """2012 m. spalio 19 d.; what is not known gives nothing."""
    return words.long_date(value) if value else ""


@register.filter
def long_datetime(value):
    """2026 m. lapkričio 22 d. 16 val.; always the time in Vilnius."""
    return words.long_datetime(value) if value else ""


@register.filter
def iso_date(value):
    """2012-10-19, the day in Vilnius."""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value)
    return f"{value:%Y-%m-%d}" if value else ""


@register.filter
def known(value):
    """What nobody recorded reads „nenurodyta“. Zero is known."""
    return "nenurodyta" if value in (None, "") else value


@register.filter
def lines(text):
    """The lines of ``text`` that say something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


@register.filter
def plural(number, forms):
    """{{ n }} {{ n|plural:"paraiška,paraiškos,paraiškų" }}: 1, 2–9, 10–20."""
    return words.plural(int(number), *forms.split(","))


@register.inclusion_tag("components/status.html")
def status(obj):
    """The one way a status is shown: a word, and a colour that only repeats it."""
    return {"label": obj.get_status_display(), "tone": TONES[obj.status]}


@register.inclusion_tag("components/status.html")
def tone_tag(label, tone):
    """{% tone_tag "Užpildyta" "success" %}: a tag that is not an object's status."""
    return {"label": label, "tone": tone}


@register.simple_block_tag
def panel(content, title, tone=""):
    """{% panel "Antraštė" %}…{% endpanel %}"""
    context = {"content": content, "title": title, "tone": tone}
    return render_to_string("components/panel.html", context)


@register.simple_block_tag
def notice(content, tone="info"):
    """{% notice "warning" %}…{% endnotice %}: info, success, warning, danger."""
    context = {"content": content, "tone": tone}
    return render_to_string("components/notice.html", context)


@register.simple_block_tag(takes_context=True)
def page_title(context, content):
    """The title, for the browser and for whoever shares the page."""
    named = {"title": mark_safe(content.strip()), "site_name": context["site_name"]}
    return render_to_string("components/page_title.html", named)


@register.simple_block_tag
def page_description(content):
    """The same sentence for search engines and for whoever shares the page."""
    text = mark_safe(" ".join(content.split()))
    return render_to_string("components/page_description.html", {"description": text})


@register.inclusion_tag("components/page_address.html", takes_context=True)
def page_address(context):
    """The canonical address of a public page; pages of one person have none to share."""
    request = context.get("request")
    if not request or not public.is_public(request):
        return {}
    return {"address": public.canonical(request, context.get("page_obj"))}


# In a <script> nothing may look like the end of it. As django.utils.html.json_script.
_INSIDE_SCRIPT = {ord(char): f"\\u{ord(char):04X}" for char in "<>&"}


@register.simple_tag
def json_ld(data):
    """A block of data for search engines. No browser runs it, so the CSP stays strict."""
    text = json.dumps(data, ensure_ascii=False).translate(_INSIDE_SCRIPT)
    return format_html(
        '<script type="application/ld+json">{}</script>', mark_safe(text)
    )


@register.simple_tag(takes_context=True)
def current(context, page, *sections):
    """The ``aria-current`` of a navigation link to ``page``.

    ``sections`` are beginnings of view names that lie under it.
    """
    match = getattr(context.get("request"), "resolver_match", None)
    if not match:
        return ""
    if match.view_name == page:
        return format_html(' aria-current="{}"', "page")
    return (
        format_html(' aria-current="{}"', "true")
        if match.view_name.startswith(sections)
        else ""
    )
