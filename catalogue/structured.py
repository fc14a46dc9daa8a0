"""What a programme, a module and a call are, in the words of schema.org (JSON-LD).

Only what is known is said: no provider, place, price or way of teaching is made up. An
academic hour is no clock hour, so hours are words and not a duration.
"""

from django.conf import settings
from django.utils import timezone

from core.words import academic_hours

CONTEXT = "https://schema.org"


def programme(programme, target_groups, competences, modules, calls):
    """A course, with its modules as parts and its calls ahead as instances."""
    return {
        "@context": CONTEXT,
        **_programme(programme, target_groups),
        **_known(
            teaches=[competence.name for competence in competences],
            hasPart=[_module(module) for module in modules],
            hasCourseInstance=[_call(call, programme) for call in calls],
        ),
    }


def module(module, gains):
    whole = module.programme
    return {
        "@context": CONTEXT,
        **_module(module),
        **_known(
            provider=_provider(whole),
            teaches=[str(gain) for gain in gains],
            isPartOf={
                "@type": "Course",
                "@id": _id(whole),
                "name": whole.title,
                "url": _address(whole),
            },
        ),
    }


def call(call, target_groups):
    """The course, with this one instance of it."""
    whole = call.programme
    return {
        "@context": CONTEXT,
        **_programme(whole, target_groups),
        "hasCourseInstance": [_call(call, whole)],
    }


def _programme(programme, target_groups):
    text = programme.published
    return _known(
        **{"@type": "Course", "@id": _id(programme)},
        name=programme.title,
        description=text and text.summary,
        url=_address(programme),
        inLanguage=settings.LANGUAGE_CODE,
        provider=_provider(programme),
        audience=[
            {"@type": "EducationalAudience", "audienceType": group.name}
            for group in target_groups
        ],
        version=text and text.number,
        dateModified=text and _instant(text.published_at),
    )


def _module(module):
    return _known(
        **{"@type": "Course", "@id": _id(module)},
        name=str(module),
        description=module.summary or f"Programos „{module.programme}“ dalis.",
        url=_address(module),
        inLanguage=settings.LANGUAGE_CODE,
    )


def _call(call, programme):
    hours = call.module.hours if call.module else _hours(programme)
    status = "EventCancelled" if call.cancelled_at else "EventScheduled"
    return _known(
        **{"@type": "CourseInstance", "@id": _id(call)},
        name=call.title,
        url=_address(call),
        startDate=call.starts_on.isoformat(),
        endDate=call.ends_on.isoformat(),
        eventStatus=f"{CONTEXT}/{status}",
        courseWorkload=hours and academic_hours(hours),
        offers=None if call.cancelled_at else _window(call),
    )


def _window(call):
    """What is on offer is the right to apply; what it costs to take part nobody recorded."""
    return {
        "@type": "Offer",
        "url": _address(call),
        "availabilityStarts": _instant(call.opens_at),
        "availabilityEnds": _instant(call.closes_at),
    }


def _hours(programme):
    return programme.published and programme.published.hours


def _provider(programme):
    if not programme.provider:
        return None
    return {"@type": "Organization", "name": programme.provider}


def _address(obj):
    return settings.SITE_URL + obj.get_absolute_url()


def _id(obj):
    """Names the thing itself; its address names the page about it."""
    return f"{_address(obj)}#{obj._meta.model_name}"


def _instant(at):
    return timezone.localtime(at).isoformat(timespec="seconds")


def _known(**facts):
    return {name: value for name, value in facts.items() if value}
