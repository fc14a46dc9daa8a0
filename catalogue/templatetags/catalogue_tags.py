from django import template
from django.utils import timezone

from catalogue import timeline as road
from catalogue.emblem import emblem_of
from catalogue.models import AccreditationState, Role
from core import search, words
from core.templatetags.portal import TONES

register = template.Library()

TO_WHOM = {
    Role.TEACHER: "mokytojui",
    Role.CURATOR: "kuruojančiam mokytojui",
    "": "visiems dalyviams",
}


@register.filter
def to_whom(role):
    """A role in the dative case; no role means everybody."""
    return TO_WHOM[role]


@register.filter
def academic_hours(number):
    """40 akad. val.; what nobody recorded reads „nenurodyta“."""
    return words.academic_hours(number) if number else "nenurodyta"


@register.filter
def team_size(call):
    """5–6 įstaigos atstovai: how many representatives a team of the call has (R1)."""
    people = words.plural(call.members_max, "atstovas", "atstovai", "atstovų")
    return f"{call.team_size} įstaigos {people}"


@register.simple_tag
def emblem(programme):
    """The emblem of a programme from ``with_emblem()``; a decoration without words."""
    return emblem_of(programme)


@register.inclusion_tag("components/timeline.html")
def timeline(call):
    """The dates of a call as a picture and as a list, with today among them."""
    now = timezone.now()
    return {"steps": road.steps(call, now), **road.picture(call, now)}


@register.filter
def marked(text, found):
    """``text`` with what a search has met in ``<mark>``; without a search as it is."""
    return search.highlight(str(text), found) if found else text


@register.filter
def excerpt(programme, found):
    """Where else in a programme's words, below title and summary, the search has met."""
    return search.excerpt(programme.index_entry.text, found) if found else ""


@register.inclusion_tag("components/status.html")
def accreditation(programme):
    """The state of the day; needs a programme from ``with_accreditation()``."""
    state = AccreditationState(programme.accreditation_state)
    return {"label": state.label, "tone": TONES[state]}


@register.inclusion_tag("catalogue/accreditation_sentence.html")
def accreditation_sentence(programme):
    """The same in words, with as much of the date as is known."""
    return {
        "state": programme.accreditation_state,
        "decision": programme.deciding_accreditation(),
    }
