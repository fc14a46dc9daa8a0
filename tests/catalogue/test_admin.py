"""Centre staff enter and mend the catalogue: what breaks a rule is a message at the field."""

import threading
import time
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import pre_save
from django.urls import reverse
from django.utils import timezone

from catalogue.models import (
    Accreditation,
    Call,
    Module,
    Programme,
    ProgrammeVersion,
    Requirement,
)
from core.models import Event
from enrolment import transitions
from enrolment.models import TeamStatus
from tests.factories import (
    AccreditationFactory,
    CallFactory,
    CompetenceFactory,
    ModuleCompetenceFactory,
    ModuleFactory,
    ProgrammeFactory,
    ProjectFactory,
    RequirementFactory,
    TargetGroupFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

HIDDEN = "Kvie\u202etimas"
CONTROL = "Kvie\x07timas"


@pytest.fixture
def centre(browse, staff):
    return browse(staff)


def url(model, name, *args):
    return reverse(
        f"admin:{model._meta.label_lower.replace('.', '_')}_{name}", args=args
    )


def form_data(client, address):
    """What the browser would send back from the form as it stands."""
    response = client.get(address)
    data = {}
    forms = [response.context["adminform"].form]
    for wrapper in response.context["inline_admin_formsets"]:
        forms += [wrapper.formset.management_form, *wrapper.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            prepared = bound.field.prepare_value(value)
            widget = bound.field.widget
            if hasattr(widget, "decompress"):
                for number, part in enumerate(widget.decompress(value)):
                    if part is not None:
                        shown = f"{part:%Y-%m-%d}" if number == 0 else f"{part:%H:%M}"
                        data[f"{bound.html_name}_{number}"] = shown
            elif prepared not in (None, False):
                data[bound.html_name] = prepared
    return data


def save(client, address, **changes):
    data = form_data(client, address)
    for name, value in changes.items():
        data.pop(name, None)
        if value is not None:
            data[name] = value
    return client.post(address, data)


def errors(response):
    assert response.status_code == 200
    return response.context["adminform"].form.errors


# Calls


def call_data(of, **changes):
    soon = timezone.localdate() + timedelta(days=5)
    return {
        "programme": of.pk,
        "module": "",
        "title": "Rudens kvietimas",
        "opens_at_0": f"{soon}",
        "opens_at_1": "09:00",
        "closes_at_0": f"{soon + timedelta(days=30)}",
        "closes_at_1": "16:30",
        "places": "10",
        "members_min": "5",
        "members_max": "6",
        "external_max": "2",
        "starts_on": f"{soon + timedelta(days=60)}",
        "ends_on": f"{soon + timedelta(days=200)}",
    } | changes


def test_a_call_is_entered_with_its_hours(centre, staff):
    programme = ProgrammeFactory(accredited=True)

    response = centre.post(url(Call, "add"), call_data(programme))

    assert response.status_code == 302
    call = Call.objects.get()
    assert timezone.localtime(call.closes_at).strftime("%H:%M") == "16:30"
    event = Event.objects.about(call).get()
    assert (event.step, event.actor) == ("Sukurta administravimo srityje", staff)


@pytest.mark.parametrize(
    "field, changes",
    [
        ("places", {"places": "0"}),
        ("places", {"places": "-1"}),
        ("places", {"places": "99999999999999999999"}),
        ("places", {"places": "daug"}),
        ("closes_at", {"closes_at_0": "2020-01-01"}),
        ("closes_at", {"closes_at_0": "0001-01-01"}),
        ("closes_at", {"closes_at_0": "9999-12-31"}),
        ("closes_at", {"closes_at_1": ""}),
        ("opens_at", {"opens_at_0": "0001-01-01"}),
        ("opens_at", {"opens_at_0": "rytoj"}),
        ("starts_on", {"starts_on": "2026-02-30"}),
        ("ends_on", {"ends_on": "2020-01-01"}),
        ("members_max", {"members_max": "4"}),
        ("title", {"title": "x" * 10_000}),
        ("title", {"title": HIDDEN}),
        ("title", {"title": CONTROL}),
        ("title", {"title": "Nul\x00is"}),
        ("title", {"title": "Kvietimas 🎉"}),
        ("title", {"title": ""}),
        ("programme", {"programme": "999999"}),
        ("module", {"module": "999999"}),
    ],
)
def test_a_faulty_call_is_told_at_the_field(centre, field, changes):
    programme = ProgrammeFactory(accredited=True)

    response = centre.post(url(Call, "add"), call_data(programme, **changes))

    assert field in errors(response)
    assert "<title>Klaida: " in response.content.decode()
    assert not Call.objects.exists()


def test_a_module_belongs_to_the_programme_and_is_named_where_there_are_some(centre):
    own, foreign = ModuleFactory(), ModuleFactory()

    for module in ("", foreign.pk):
        response = centre.post(
            url(Call, "add"), call_data(own.programme, module=module)
        )
        assert set(errors(response)) == {"module"}

    response = centre.post(url(Call, "add"), call_data(own.programme, module=own.pk))
    assert response.status_code == 302


def test_places_cannot_fall_below_those_taken(centre):
    call = CallFactory(places=5)
    TeamFactory.create_batch(2, call=call, approved=True)

    response = save(centre, url(Call, "change", call.pk), places="1")

    assert errors(response) == {"places": ["Vietų negali būti mažiau, nei jau užimta."]}
    assert save(centre, url(Call, "change", call.pk), places="2").status_code == 302


def test_before_opening_everything_can_still_be_changed(centre):
    call = CallFactory(planned=True)

    save(centre, url(Call, "change", call.pk), closes_at_1="23:59", title="Kitas")

    call.refresh_from_db()
    assert call.title == "Kitas"
    assert timezone.localtime(call.closes_at).strftime("%H:%M") == "23:59"


def test_after_opening_the_deadline_moves_only_by_the_step(centre):
    call = CallFactory(open=True)
    page, step = url(Call, "change", call.pk), url(Call, "step", call.pk, "terminas")
    later = timezone.localdate(call.closes_at) + timedelta(days=7)

    centre.post(
        page,
        form_data(centre, page) | {"closes_at_0": f"{later}", "closes_at_1": "16:00"},
    )

    old = call.closes_at
    call.refresh_from_db()
    assert call.closes_at == old

    extend = {
        "closes_at_0": f"{later}",
        "closes_at_1": "16:00",
        "note": "Sulaukėme prašymų.",
    }
    centre.post(step, extend)

    call.refresh_from_db()
    assert (
        timezone.localtime(call.closes_at).strftime("%Y-%m-%d %H:%M")
        == f"{later} 16:00"
    )
    event = Event.objects.about(call).first()
    assert (event.step, event.note) == (
        "Pratęstas paraiškų priėmimas",
        "Sulaukėme prašymų.",
    )


def test_a_deadline_is_never_brought_forward(centre):
    call = CallFactory(open=True)
    step = url(Call, "step", call.pk, "terminas")
    sooner = {
        "closes_at_0": f"{timezone.localdate()}",
        "closes_at_1": "00:01",
        "note": "Skubame.",
    }

    response = centre.post(step, sooner)

    assert response.status_code == 409
    assert (
        "Naujas terminas turi būti vėlesnis už dabartinį ir dar nepraėjęs."
        in response.content.decode()
    )
    for wrong in (
        {"closes_at_0": "9999-12-31"},
        {"note": ""},
        {"closes_at_1": "9 val."},
    ):
        assert centre.post(step, sooner | wrong).status_code == 200


def test_an_open_call_stays_editable_when_its_programme_gets_modules(centre):
    call = CallFactory(open=True, programme__accredited=True)
    ModuleFactory(programme=call.programme)

    response = save(centre, url(Call, "change", call.pk), places="77")

    assert response.status_code == 302
    call.refresh_from_db()
    assert call.places == 77


def test_a_call_is_cancelled_with_a_reason(centre):
    call = CallFactory(open=True)
    step = url(Call, "step", call.pk, "atsaukti")

    assert centre.post(step, {"note": ""}).status_code == 200
    assert centre.post(step, {"note": "Nėra lėšų."}).status_code == 302
    assert centre.post(step, {"note": "Nėra lėšų."}).status_code == 409
    call.refresh_from_db()
    assert call.cancel_reason == "Nėra lėšų."


def test_an_open_ended_accreditation_is_vouched_for_by_a_step(centre, staff):
    call = CallFactory(programme__accredited=False, programme__open_ended=True)
    step = url(Call, "step", call.pk, "akreditacija")

    centre.get(step)
    call.refresh_from_db()
    assert call.accreditation_confirmed_at is None

    centre.post(step)
    call.refresh_from_db()
    assert call.accreditation_confirmed_by == staff
    assert centre.post(step).status_code == 409


def test_another_start_has_to_be_vouched_for_anew(centre, staff):
    call = CallFactory(programme__accredited=False, programme__open_ended=True)
    page = url(Call, "change", call.pk)
    centre.post(url(Call, "step", call.pk, "akreditacija"))

    save(centre, page, places="9")
    call.refresh_from_db()
    assert call.accreditation_confirmed_by == staff

    save(centre, page, starts_on=f"{call.starts_on + timedelta(days=1)}")
    call.refresh_from_db()
    assert call.accreditation_confirmed_at is None
    assert not Call.objects.get(pk=call.pk).may_open


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_calls_takes_a_constant_number_of_queries(
    centre, count, django_assert_num_queries
):
    CallFactory.create_batch(count)

    with django_assert_num_queries(8):
        centre.get(url(Call, "changelist"))


@pytest.mark.django_db(transaction=True)
def test_saving_a_call_cannot_undo_an_approval_in_progress(centre, coordinator):
    """The form has read the call; an approval comes; the form saves all columns."""
    team = TeamFactory(submitted=True)
    page = url(Call, "change", team.call_id)
    data = form_data(centre, page) | {"title": "Naujas pavadinimas"}
    approved = threading.Event()

    def approve():
        try:
            transitions.approve(team, by=coordinator)
            approved.set()
        finally:
            connection.close()

    approval = threading.Thread(target=approve)

    def dawdle(**kwargs):
        """Hold the gap open: between reading the call and writing it."""
        if not approval.ident:
            approval.start()
            approved.wait(timeout=1)
            time.sleep(0.1)

    pre_save.connect(dawdle, sender=Call)
    try:
        response = centre.post(page, data)
    finally:
        pre_save.disconnect(dawdle, sender=Call)
    approval.join()

    call = Call.objects.get()
    team.refresh_from_db()
    assert response.status_code == 302
    assert approved.is_set()
    assert team.status == TeamStatus.APPROVED
    assert (call.title, call.places_taken) == ("Naujas pavadinimas", 1)


# Programmes


def programme_data(**changes):
    return {
        "project": ProjectFactory().pk,
        "title": "Skaitymo programa",
        "slug": "skaitymo-programa",
        "is_public": "on",
        "summary": "Trumpai.",
        "goal": "Tikslas.",
        "objectives": "Pirmas\r\nAntras",
        "audience": "",
        "form": "",
        "hours": "",
        "target_groups": [TargetGroupFactory().pk],
        "competences": [CompetenceFactory().pk],
        "author": "",
        "provider": "",
    } | changes


def test_a_new_programme_publishes_its_first_version(centre, staff):
    response = centre.post(url(Programme, "add"), programme_data())

    assert response.status_code == 302
    programme = Programme.objects.get()
    assert programme.title == programme.published.title == "Skaitymo programa"
    assert (programme.published.number, programme.published.hours) == (1, None)
    assert programme.published.objectives == "Pirmas\nAntras"
    assert programme.target_groups.count() == programme.competences.count() == 1
    steps = Event.objects.about(programme).values_list("step", flat=True)
    assert set(steps) == {
        "Paskelbta programos versija",
        "Sukurta administravimo srityje",
    }


def test_changed_words_are_a_new_version_and_earlier_teams_keep_theirs(centre):
    programme = ProgrammeFactory(accredited=True)
    team = TeamFactory(submitted=True, call__programme=programme)
    first = programme.published

    save(centre, url(Programme, "change", programme.pk), goal="Kitas tikslas.")

    programme.refresh_from_db()
    team.refresh_from_db()
    assert (programme.published.number, programme.published.goal) == (
        2,
        "Kitas tikslas.",
    )
    assert team.version == first
    first.refresh_from_db()
    assert first.goal == "Programos tikslas."


def test_changed_marks_publish_nothing(centre):
    programme = ProgrammeFactory()

    save(centre, url(Programme, "change", programme.pk), author="Centras")

    programme.refresh_from_db()
    assert programme.author == "Centras"
    assert ProgrammeVersion.objects.count() == 1
    assert Event.objects.about(programme).get().note == "rengėjas"


def test_the_shipped_programmes_are_saved_unchanged_without_a_new_version(centre):
    call_command("load_catalogue", verbosity=0)
    count = ProgrammeVersion.objects.count()
    events = Event.objects.count()

    for programme in Programme.objects.all():
        response = save(centre, url(Programme, "change", programme.pk))
        assert response.status_code == 302

    assert (ProgrammeVersion.objects.count(), Event.objects.count()) == (count, events)


@pytest.mark.parametrize(
    "field, value",
    [
        ("slug", "Neteisingas adresas"),
        ("slug", "ąžuolas"),
        ("title", "x" * 10_000),
        ("title", HIDDEN),
        ("title", CONTROL),
        ("summary", "x" * 601),
        ("goal", "Tiks\x1blas"),
        ("goal", ""),
        ("author", HIDDEN),
        ("hours", "0"),
        ("hours", "-5"),
        ("hours", "99999"),
        ("project", ""),
        ("competences", ["9999"]),
    ],
)
def test_a_faulty_programme_is_told_at_the_field(centre, field, value):
    response = centre.post(url(Programme, "add"), programme_data(**{field: value}))

    assert set(errors(response)) == {field}
    assert not Programme.objects.exists()


def test_an_address_is_given_once(centre):
    ProgrammeFactory(slug="skaitymo-programa")

    response = centre.post(url(Programme, "add"), programme_data())

    assert set(errors(response)) == {"slug"}


def test_the_address_of_a_public_programme_stays(centre):
    public, hidden = ProgrammeFactory(), ProgrammeFactory(is_public=False)
    old = public.slug

    for programme in (public, hidden):
        page = url(Programme, "change", programme.pk)
        centre.post(page, form_data(centre, page) | {"slug": f"kitas-{programme.pk}"})
        programme.refresh_from_db()

    assert public.slug == old
    assert hidden.slug == f"kitas-{hidden.pk}"


def test_programmes_are_searched_without_diacritics_and_stand_in_lithuanian_order(
    centre,
):
    for title in (
        "Žaidimų programa",
        "Yrimo programa",
        "Šokio programa",
        "Įgūdžių programa",
    ):
        ProgrammeFactory(title=title)

    listed = centre.get(url(Programme, "changelist")).context["cl"].result_list
    found = (
        centre.get(url(Programme, "changelist"), {"q": "SOKIO"})
        .context["cl"]
        .result_list
    )

    assert [programme.title for programme in listed] == [
        "Įgūdžių programa",
        "Yrimo programa",
        "Šokio programa",
        "Žaidimų programa",
    ]
    assert [programme.title for programme in found] == ["Šokio programa"]


# Modules and accreditations


def test_a_module_number_is_given_once(centre):
    module = ModuleFactory(number=1)
    data = {
        "programme": module.programme.pk,
        "number": "1",
        "title": "Antras",
        "gains-TOTAL_FORMS": 0,
        "gains-INITIAL_FORMS": 0,
        "requirements-TOTAL_FORMS": 0,
        "requirements-INITIAL_FORMS": 0,
    }

    response = centre.post(url(Module, "add"), data)

    assert "Programa jau turi modulį šiuo numeriu." in response.content.decode()
    assert centre.post(url(Module, "add"), data | {"number": "2"}).status_code == 302


def test_requirements_are_added_once_and_removed(centre):
    module = ModuleFactory()
    first = RequirementFactory(module=module)
    ModuleCompetenceFactory(module=module)
    page = url(Module, "change", module.pk)
    data = form_data(centre, page)
    same = {
        f"requirements-{number}-{name}": value
        for number in (1, 2)
        for name, value in {"stage": "evaluation", "kind": "group", "role": ""}.items()
    }

    twice = centre.post(page, data | same | {"requirements-TOTAL_FORMS": 3})

    assert twice.status_code == 200
    assert Requirement.objects.count() == 1

    centre.post(page, data | same | {"requirements-TOTAL_FORMS": 2})
    assert Requirement.objects.count() == 2
    assert Event.objects.about(module).get().note == "reikalavimai"

    save(centre, page, **{"requirements-0-DELETE": "on"})
    assert not Requirement.objects.filter(pk=first.pk).exists()


@pytest.mark.parametrize(
    "field, changes",
    [
        ("valid_until", {"valid_until": "2011-01-01"}),
        ("withdrawn_why", {"withdrawn_on": "2014-01-01"}),
        ("accredited_on", {"accredited_on": "2012-13-01"}),
        ("accredited_on", {"accredited_on": ""}),
        ("accredited_on", {"accredited_on": "0206-01-01"}),
        ("precision", {"precision": "savaitė"}),
        ("order_number", {"order_number": "V\u200b-12"}),
    ],
)
def test_a_faulty_accreditation_is_told_at_the_field(centre, field, changes):
    programme = ProgrammeFactory()
    data = {
        "programme": programme.pk,
        "accredited_on": "2012-10-19",
        "precision": "day",
    }

    response = centre.post(url(Accreditation, "add"), data | changes)

    assert field in errors(response)
    assert not Accreditation.objects.exists()
    assert centre.post(url(Accreditation, "add"), data).status_code == 302


def test_a_month_is_shown_as_a_month(centre):
    AccreditationFactory(accredited_on=date(2013, 5, 1), precision="month")

    html = centre.get(url(Accreditation, "changelist")).content.decode()

    assert "2013 m. gegužė" in html


# Who


MODELS = [Accreditation, Call, Module, Programme, ProgrammeVersion]


@pytest.mark.parametrize("model", MODELS)
def test_a_coordinator_has_no_business_in_the_catalogue(browse, coordinator, model):
    client = browse(coordinator)

    assert client.get(url(model, "changelist")).status_code == 403
    assert client.get(url(model, "add")).status_code == 403
    assert client.get(url(model, "change", 1)).status_code == 403
    assert client.get(reverse("admin:app_list", args=["catalogue"])).status_code == 404


def test_a_published_version_is_never_changed(centre, browse, superuser):
    version = ProgrammeFactory().published
    page = url(ProgrammeVersion, "change", version.pk)

    for client in (centre, browse(superuser)):
        assert client.get(page).status_code == 200
        assert client.post(page, {"title": "Kitas"}).status_code == 403


def test_nothing_of_the_catalogue_is_deleted(browse, superuser):
    call = CallFactory()

    response = browse(superuser).post(url(Call, "delete", call.pk), {"post": "yes"})

    assert response.status_code == 404
    assert Call.objects.exists()
