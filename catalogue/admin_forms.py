from django import forms

from catalogue.models import Accreditation, Call, Programme, ProgrammeVersion
from core import validators
from core.admin import refuse_odd_input
from core.forms import DateTimeInput, PortalForm, PortalModelForm

TEXT = ["title", "summary", "goal", "objectives", "audience", "form", "hours"]


class ProgrammeForm(PortalModelForm):
    """A programme together with its words. Changed words are published as a new version."""

    class Meta:
        model = Programme
        fields = [
            "project",
            "slug",
            "author",
            "provider",
            "target_groups",
            "competences",
            "is_public",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        words = forms.fields_for_model(ProgrammeVersion, fields=TEXT)
        for field in words.values():
            refuse_odd_input(field)
        self.fields.update(words)
        if self.instance.published:
            for name in TEXT:
                self.initial.setdefault(name, getattr(self.instance.published, name))

    def clean_hours(self):
        hours = self.cleaned_data["hours"]
        if hours is not None and not 1 <= hours <= 9999:
            raise forms.ValidationError(
                "Trukmė – nuo 1 iki 9999 akad. val.; jei nežinoma, palikite tuščią."
            )
        return hours

    def save(self, commit=True):
        self.instance.title = self.cleaned_data["title"]
        return super().save(commit)

    @property
    def new_text(self):
        """The words to publish, or nothing when they are as before."""
        if not set(TEXT) & set(self.changed_data):
            return None
        return {name: self.cleaned_data[name] for name in TEXT}


class AccreditationForm(PortalModelForm):
    class Meta:
        model = Accreditation
        fields = [
            "programme",
            "accredited_on",
            "precision",
            "body",
            "order_number",
            "certificate_number",
            "valid_from",
            "valid_until",
            "withdrawn_on",
            "withdrawn_why",
        ]
        constraint_fields = {
            "accreditation_ends_after_it_starts": "valid_until",
            "accreditation_withdrawn_says_why": "withdrawn_why",
        }


class CallForm(PortalModelForm):
    class Meta:
        model = Call
        fields = [
            "programme",
            "module",
            "title",
            "opens_at",
            "closes_at",
            "places",
            "members_min",
            "members_max",
            "external_max",
            "starts_on",
            "ends_on",
            "municipality",
        ]
        constraint_fields = {
            "call_places_not_exceeded": "places",
            "call_closes_after_it_opens": "closes_at",
            "call_ends_after_it_starts": "ends_on",
            "call_member_limits_in_order": "members_max",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "module" not in self.fields:
            # Fixed since the opening: modules that the programme gets later are no fault.
            self.instance.clean = lambda: None


class AppointForm(PortalForm):
    email = forms.EmailField(
        label="Koordinatoriaus el. paštas",
        max_length=254,
        help_text="Šiuo adresu koordinatorius prisijungs; išsiųsime jam laišką.",
    )
    first_name = forms.CharField(
        label="Vardas", max_length=60, validators=[validators.person_name]
    )
    last_name = forms.CharField(
        label="Pavardė",
        max_length=60,
        validators=[validators.person_name],
        help_text="Jei adresas portale jau turi vardą ir pavardę, jie liks, kokie buvo.",
    )


class DismissForm(PortalForm):
    email = forms.ChoiceField(
        label="Kas nebekoordinuos šio kvietimo", widget=forms.RadioSelect
    )

    def __init__(self, *args, coordinators, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].choices = [
            (user.email, f"{user.get_full_name()}, {user.email}".removeprefix(", "))
            for user in coordinators
        ]


class ExtendForm(PortalForm):
    closes_at = forms.SplitDateTimeField(
        label="Paraiškos priimamos iki",
        widget=DateTimeInput,
        validators=[validators.likely_day],
    )
    note = forms.CharField(
        label="Kodėl pratęsiama",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[validators.plain_text],
    )


class CancelForm(PortalForm):
    note = forms.CharField(
        label="Kodėl kvietimas atšaukiamas",
        help_text="Priežastis bus matoma kvietimo puslapyje.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[validators.plain_text],
    )
