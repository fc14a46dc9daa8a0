from datetime import date, timedelta

import pytest
from django import forms
from django.http import QueryDict

from catalogue.models import Call, Module
from core.forms import DateInput, PortalForm, PortalModelForm
from enrolment.models import Member, Team
from tests.factories import CallFactory, MemberFactory, ModuleFactory, TeamFactory


class SampleForm(PortalForm):
    name = forms.CharField(max_length=20)
    text = forms.CharField(widget=forms.Textarea, max_length=11, required=False)
    secret = forms.CharField(strip=False, required=False)


class CallForm(PortalModelForm):
    class Meta:
        model = Call
        fields = ["places", "opens_at", "closes_at"]
        constraint_fields = {"call_closes_after_it_opens": "closes_at"}


class PlainCallForm(PortalModelForm):
    class Meta:
        model = Call
        fields = ["opens_at", "closes_at"]


class MemberForm(PortalModelForm):
    class Meta:
        model = Member
        fields = ["email"]


class ModuleForm(PortalModelForm):
    class Meta:
        model = Module
        fields = ["number", "title"]


class TeamForm(PortalModelForm):
    class Meta:
        model = Team
        fields = ["motivation"]


# Plain forms


def test_one_line_loses_its_extra_spaces():
    form = SampleForm({"name": "  Ona \u00a0 Pavyzdė\t"})

    assert form.is_valid()
    assert form.cleaned_data["name"] == "Ona Pavyzdė"


def test_letters_are_composed_so_that_equal_names_are_equal():
    form = SampleForm({"name": "Pavyzde\u0307"})

    assert form.is_valid()
    assert form.cleaned_data["name"] == "Pavyzdė"


def test_a_line_end_counts_once_against_the_limit():
    form = SampleForm({"name": "Ona", "text": "12345\r\n67890"})

    assert form.is_valid()
    assert form.cleaned_data["text"] == "12345\n67890"


def test_spaces_that_are_meant_stay():
    form = SampleForm({"name": "Ona", "text": "a  b", "secret": " a  b "})

    assert form.is_valid()
    assert form.cleaned_data["text"] == "a  b"
    assert form.cleaned_data["secret"] == " a  b "


def test_what_was_typed_is_shown_again_and_the_request_stays_untouched():
    sent = QueryDict("name=Ona++Pavyzd%C4%97+%22&a-name=x")

    form = SampleForm(sent)

    assert 'value="Ona Pavyzdė &quot;"' in str(form["name"])
    assert sent["name"] == 'Ona  Pavyzdė "'


def test_a_prefix_is_respected():
    form = SampleForm({"a-name": "Ona  Pavyzdė"}, prefix="a")

    assert form.is_valid()
    assert form.cleaned_data["name"] == "Ona Pavyzdė"


def test_a_new_line_in_one_line_is_left_for_the_validators():
    form = SampleForm({"name": "Ona\r\nBcc: x"})

    assert form.is_valid()
    assert form.cleaned_data["name"] == "Ona\nBcc: x"


@pytest.mark.parametrize(
    ("field", "sent", "message"),
    [
        (forms.CharField(), "", "Užpildykite šį lauką."),
        (forms.EmailField(), "", "Įrašykite el. pašto adresą."),
        (forms.EmailField(), "ona@", "Įrašykite adresą taip: vardas@mokykla.lt."),
        (forms.DateField(), "", "Įrašykite datą."),
        (forms.DateField(), "rytoj", "Įrašykite datą taip: 2026-03-15."),
        (forms.ChoiceField(choices=["a"]), "", "Pasirinkite vieną atsakymą."),
        (forms.BooleanField(), "", "Pažymėkite, kad galėtumėte tęsti."),
        (forms.CharField(error_messages={"required": "Sava."}), "", "Sava."),
    ],
)
def test_errors_say_what_to_do(field, sent, message):
    form = type("OneForm", (PortalForm,), {"name": field})({"name": sent})

    assert form.errors["name"] == [message]


def test_date_input_is_lithuanian_whatever_the_browser_speaks():
    form = type("DayForm", (PortalForm,), {"day": forms.DateField(widget=DateInput)})

    html = str(form(initial={"day": date(2026, 3, 15)})["day"])

    assert 'type="text"' in html
    assert 'value="2026-03-15"' in html
    assert 'placeholder="mmmm-mm-dd"' in html


# Model forms


@pytest.mark.django_db
def test_a_constraint_about_one_shown_field_speaks_at_that_field():
    call = CallFactory(places=10, places_taken=7)

    form = CallForm(
        {"places": 6, "opens_at": call.opens_at, "closes_at": call.closes_at},
        instance=call,
    )

    assert form.errors == {"places": ["Vietų negali būti mažiau, nei jau užimta."]}


@pytest.mark.django_db
def test_a_constraint_about_several_fields_speaks_where_the_form_says():
    call = CallFactory()
    sent = {
        "places": 5,
        "opens_at": call.opens_at,
        "closes_at": call.opens_at - timedelta(days=1),
    }
    message = ["Paraiškų priėmimas turi baigtis vėliau, nei prasideda."]

    assert CallForm(sent, instance=call).errors == {"closes_at": message}
    assert PlainCallForm(sent, instance=call).errors == {"__all__": message}


@pytest.mark.django_db
def test_a_constraint_is_not_asked_about_a_field_that_is_already_faulty():
    call = CallFactory()

    form = CallForm(
        {"places": "daug", "opens_at": call.opens_at, "closes_at": call.closes_at},
        instance=call,
    )

    assert list(form.errors) == ["places"]


@pytest.mark.django_db
def test_a_repeated_member_is_told_at_the_address():
    member = MemberFactory(email="ona@example.lt")

    form = MemberForm(
        {"email": "ona@example.lt"}, instance=MemberFactory.build(team=member.team)
    )

    assert form.errors == {
        "email": ["Narys tokiu el. pašto adresu šioje komandoje jau yra."]
    }


@pytest.mark.django_db
def test_uniqueness_together_with_a_field_not_shown_speaks_once():
    module = ModuleFactory(number=1)

    form = ModuleForm(
        {"number": 1, "title": "Kitas"}, instance=Module(programme=module.programme)
    )

    assert form.errors == {"number": ["Programa jau turi modulį šiuo numeriu."]}


@pytest.mark.django_db
def test_a_constraint_about_no_shown_field_speaks_above_the_form():
    submitted = TeamFactory(submitted=True)
    again = TeamFactory(call=submitted.call, institution=submitted.institution)
    again.status = submitted.status

    form = TeamForm({"motivation": "Norime mokytis."}, instance=again)

    assert (
        "Jūsų įstaiga šiam kvietimui paraišką jau pateikė." in form.non_field_errors()
    )


@pytest.mark.django_db
def test_a_right_form_is_saved():
    call = CallFactory(places=10)

    form = CallForm(
        {"places": 12, "opens_at": call.opens_at, "closes_at": call.closes_at},
        instance=call,
    )
    form.save()

    call.refresh_from_db()
    assert call.places == 12
