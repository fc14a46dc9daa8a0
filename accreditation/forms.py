import datetime

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from accreditation.reports import Filters
from catalogue.models import Call, Programme
from core.forms import DateInput, PortalForm, PortalHelper
from core.models import Municipality

# Nothing that a report tells lies outside; a calendar's far ends only break sums.
EARLIEST = datetime.date(1990, 1, 1)
LATEST = datetime.date(2100, 12, 31)


class _DayField(forms.DateField):
    widget = DateInput

    def __init__(self, **kwargs):
        limits = f"Įrašykite datą nuo {EARLIEST} iki {LATEST}."
        super().__init__(
            required=False,
            input_formats=["%Y-%m-%d"],
            validators=[
                MinValueValidator(EARLIEST, limits),
                MaxValueValidator(LATEST, limits),
            ],
            **kwargs,
        )


class _ChoiceField(forms.ModelChoiceField):
    def __init__(self, queryset, *, key, unknown, **kwargs):
        super().__init__(
            queryset,
            to_field_name=key,
            required=False,
            error_messages={"invalid_choice": unknown},
            **kwargs,
        )


class _CallField(_ChoiceField):
    def label_from_instance(self, call):
        return f"{call.title} ({call.programme})"


class FilterForm(PortalForm):
    """What a report is asked for, from the address, the form and the command line alike.

    Only the fields that mean something to the report are there; ``ignored`` names the
    others that somebody gave all the same.
    """

    kvietimas = _CallField(
        Call.objects.select_related("programme"),
        key="pk",
        label="Kvietimas",
        empty_label="Visi kvietimai",
        unknown="Tokio kvietimo nėra. Pasirinkite iš sąrašo.",
    )
    nuo = _DayField(label="Nuo")
    iki = _DayField(label="Iki")
    programa = _ChoiceField(
        Programme.objects.with_text(),
        key="slug",
        label="Programa",
        empty_label="Visos programos",
        unknown="Tokios programos nėra. Pasirinkite iš sąrašo.",
    )
    savivaldybe = _ChoiceField(
        Municipality.objects.all(),
        key="code",
        label="Savivaldybė",
        empty_label="Visos savivaldybės",
        unknown="Tokios savivaldybės nėra. Pasirinkite iš sąrašo.",
    )

    def __init__(self, report, data=None):
        super().__init__(data)
        self.ignored = [
            field.label
            for name, field in self.fields.items()
            if name not in report.filters and data and data.get(name)
        ]
        self.fields = {name: self.fields[name] for name in report.filters}
        for name in report.required:
            field = self.fields[name]
            field.required = True
            field.empty_label = "Pasirinkite"
            field.error_messages["required"] = "Pasirinkite iš sąrašo."
        self.helper = PortalHelper(
            *self.fields, submit="Rodyti ataskaitą", method="get"
        )

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("nuo"), cleaned.get("iki")
        if since and until and since > until:
            self.add_error(
                "iki", f"Pabaiga negali būti ankstesnė už pradžią ({since})."
            )
        return cleaned

    def filters(self):
        given = self.cleaned_data
        return Filters(
            since=given.get("nuo"),
            until=given.get("iki"),
            programme=given.get("programa"),
            municipality=given.get("savivaldybe"),
            call=given.get("kvietimas"),
        )

    def faults(self):
        """The errors as sentences, for a reader who sees no form."""
        return [
            f"{self.fields[name].label}: {message}"
            for name, messages in self.errors.items()
            for message in messages
        ]
