"""JSON-LD: only what schema.org knows, only what the portal knows."""

import json
import re
from datetime import UTC, date, datetime

import pytest

from core.templatetags.portal import json_ld
from tests.factories import (
    CallFactory,
    CompetenceFactory,
    ModuleCompetenceFactory,
    ModuleFactory,
    ProgrammeFactory,
    TargetGroupFactory,
)

pytestmark = pytest.mark.django_db

# The properties of schema.org 29 that the portal may use, and those each thing must have:
# by the guide for Course of the search engines, name and description.
THING = {"@type", "@id", "name", "description", "url"}
COURSE = THING | {
    "@context",
    "audience",
    "dateModified",
    "hasCourseInstance",
    "hasPart",
    "inLanguage",
    "isPartOf",
    "provider",
    "teaches",
    "version",
}
INSTANCE = THING | {
    "courseWorkload",
    "endDate",
    "eventStatus",
    "offers",
    "startDate",
}
KNOWN = {
    "Course": COURSE,
    "CourseInstance": INSTANCE,
    "Organization": THING,
    "EducationalAudience": THING | {"audienceType"},
    "Offer": THING | {"availabilityStarts", "availabilityEnds"},
}
REQUIRED = {
    "Course": {"@id", "name", "url"},
    "CourseInstance": {"@id", "name", "url", "startDate", "endDate", "eventStatus"},
    "Organization": {"name"},
    "EducationalAudience": {"audienceType"},
    "Offer": {"availabilityStarts", "availabilityEnds"},
}


def things(data):
    """Every object with a type, however deep."""
    if isinstance(data, list):
        for part in data:
            yield from things(part)
    elif isinstance(data, dict):
        yield data
        for part in data.values():
            yield from things(part)


@pytest.fixture
def read(browse):
    """Return the data of a page, once it is known to be valid."""

    def read(obj, user=None):
        page = browse(user).get(obj.get_absolute_url())
        blocks = re.findall(
            '<script type="application/ld\\+json">(.*?)</script>', page.text, re.S
        )
        assert len(blocks) == 1
        assert page.text.count("<script") == 1
        data = json.loads(blocks[0])
        assert data["@context"] == "https://schema.org"
        assert data["@type"] == "Course"
        assert data["description"]
        for thing in things(data):
            kind = thing["@type"]
            assert thing.keys() <= KNOWN[kind], kind
            assert thing.keys() >= REQUIRED[kind], kind
            assert all(thing.values()), thing
        return data

    return read


def test_a_programme_is_a_course_with_its_calls_as_instances(read):
    programme = ProgrammeFactory(
        title="Matematika drauge",
        provider="Pavyzdžių centras",
        accredited=True,
        version__hours=40,
        target_groups=[TargetGroupFactory(name="Pedagogai")],
        competences=[CompetenceFactory(name="Bendravimas")],
    )
    ahead = CallFactory(
        programme=programme,
        title="Rudens šaukimas",
        opens_at=datetime(2020, 1, 10, 7, tzinfo=UTC),
        closes_at=datetime(2096, 7, 1, 13, tzinfo=UTC),
        starts_on=date(2096, 9, 1),
        ends_on=date(2097, 6, 15),
    )
    CallFactory(programme=programme, finished=True)
    page = "http://127.0.0.1:8000" + programme.get_absolute_url()
    call_page = "http://127.0.0.1:8000" + ahead.get_absolute_url()

    programme.accreditations.update(valid_until=date(2099, 1, 1))
    data = read(programme)

    modified = data.pop("dateModified")
    assert datetime.fromisoformat(modified) == programme.published.published_at.replace(
        microsecond=0
    )
    assert data == {
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": f"{page}#programme",
        "name": "Matematika drauge",
        "description": "Trumpai apie programą.",
        "url": page,
        "inLanguage": "lt",
        "version": 1,
        "provider": {"@type": "Organization", "name": "Pavyzdžių centras"},
        "audience": [{"@type": "EducationalAudience", "audienceType": "Pedagogai"}],
        "teaches": ["Bendravimas"],
        "hasCourseInstance": [
            {
                "@type": "CourseInstance",
                "@id": f"{call_page}#call",
                "name": "Rudens šaukimas",
                "url": call_page,
                "startDate": "2096-09-01",
                "endDate": "2097-06-15",
                "eventStatus": "https://schema.org/EventScheduled",
                "courseWorkload": "40\u00a0akad.\u00a0val.",
                "offers": {
                    "@type": "Offer",
                    "url": call_page,
                    "availabilityStarts": "2020-01-10T09:00:00+02:00",
                    "availabilityEnds": "2096-07-01T16:00:00+03:00",
                },
            }
        ],
    }


def test_what_nobody_recorded_is_not_said(read):
    programme = ProgrammeFactory()

    data = read(programme)

    assert data.keys() == {
        *("@context", "@type", "@id", "name", "description", "url", "inLanguage"),
        *("version", "dateModified"),
    }


def test_a_module_is_a_part_of_the_course(read):
    gain = ModuleCompetenceFactory(competence__name="Kūrybiškas mokymas")
    programme = gain.module.programme

    whole, part = read(programme), read(gain.module)

    assert part["teaches"] == ["Kūrybiškas mokymas, pradinis lygis"]
    assert part["isPartOf"]["@id"] == whole["@id"]
    assert [module["@id"] for module in whole["hasPart"]] == [part["@id"]]
    assert "provider" not in part


def test_a_call_is_one_instance_of_the_course(read):
    module = ModuleFactory(hours=18, programme__version__hours=40)
    call = CallFactory(programme=module.programme, module=module)
    CallFactory(programme=module.programme, module=module)

    data = read(call)

    (instance,) = data["hasCourseInstance"]
    assert data["@id"] == read(module.programme)["@id"]
    assert instance["name"] == call.title
    assert instance["courseWorkload"] == "18\u00a0akad.\u00a0val."


def test_a_cancelled_call_offers_nothing(read):
    (instance,) = read(CallFactory(cancelled=True))["hasCourseInstance"]

    assert instance["eventStatus"] == "https://schema.org/EventCancelled"
    assert "offers" not in instance


def test_a_call_of_a_programme_without_text_has_a_page_for_staff(browse, staff):
    call = CallFactory(programme__version=None)

    assert browse(staff).get(call.get_absolute_url()).status_code == 200


def test_no_title_ends_the_script(read):
    title = "</script><script>alert(1)</script><!-- & „kabutės“ \u2028"

    data = read(ProgrammeFactory(title=title))

    assert data["name"] == title
    assert "<" not in json_ld({"a": title})[len("<script") : -len("</script>")]
