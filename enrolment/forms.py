import hashlib

from crispy_forms.layout import Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from core.forms import PortalForm, PortalHelper, PortalModelForm
from core.models import normalise_email
from core.text import fold
from enrolment.models import Institution, Member, Team, WithdrawReason

HITS = 20


class WantedField(forms.CharField):
    """Needed at times, so not called optional; yet nothing typed is no fault of the field."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"required": True})
        self.widget.use_required_attribute = lambda initial: False

    def validate(self, value):
        """Whether it is needed now is for the model or the step to say."""


class InstitutionSearchForm(PortalForm):
    """Words to look for in the register. Sent by GET, so that the answer has an address."""

    q = forms.CharField(
        label="Įstaigos pavadinimas arba kodas",
        help_text="Pakanka pavadinimo dalies, pvz., „romuvos progimnazija“. "
        "Didžiosios raidės, kabutės ir lietuviškos raidės nesvarbu.",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    helper = PortalHelper("q", submit="Ieškoti", method="get")

    def words(self):
        """What to search for; nothing when the field says nothing or is faulty."""
        words = self.cleaned_data["q"] if self.is_valid() else ""
        return words if fold(words) else ""


class InstitutionChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, institution):
        details = [
            f"kodas {institution.code}" if institution.code else "",
            str(institution.municipality or ""),
            str(institution.type or "").lower(),
        ]
        return format_html(
            '<span>{}<br><span class="hint">{}</span></span>',
            institution.name,
            ", ".join(filter(None, details)),
        )


class InstitutionForm(PortalForm):
    """Shows the first hits of a search; accepts any institution that may be chosen."""

    institution = InstitutionChoiceField(
        label="Pasirinkite įstaigą",
        queryset=Institution.objects.none(),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Pažymėkite savo įstaigą.",
            "invalid_choice": "Tokios įstaigos sąraše nėra. Ieškokite jos iš naujo.",
        },
    )

    def __init__(self, *args, words, submit, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["institution"]
        field.queryset = Institution.objects.choosable().select_related(
            "municipality", "type"
        )
        found = list(field.queryset.matching(words)[: HITS + 1]) if words else []
        self.hits, self.has_more = found[:HITS], len(found) > HITS
        field.choices = [
            (institution.pk, field.label_from_instance(institution))
            for institution in self.hits
        ]
        self.helper = PortalHelper("institution", submit=submit)


class UnlistedInstitutionForm(PortalModelForm):
    """An institution that the register does not have, for staff to match."""

    class Meta:
        model = Institution
        fields = ["name", "code", "municipality", "type"]
        labels = {
            "name": "Visas įstaigos pavadinimas",
            "code": "Įstaigos kodas",
            "municipality": "Savivaldybė",
            "type": "Įstaigos tipas",
        }
        help_texts = {
            "name": "Kaip įstaigos nuostatuose.",
            "code": "Juridinio asmens kodas – devyni skaitmenys.",
            "type": "Jei nesate tikri, nepasirinkite: centras sutikrins.",
        }

    def __init__(self, *args, submit, back, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].required = True
        self.fields["code"].widget.attrs["inputmode"] = "numeric"
        self.fields["municipality"].required = True
        for name in ("municipality", "type"):
            self.fields[name].empty_label = "Pasirinkite"
        self.helper = PortalHelper(*self.fields, submit=submit, back=back)

    def clean(self):
        data = super().clean()
        name, code = data.get("name"), data.get("code")
        listed = Institution.objects.choosable().filter(
            normalised_name=fold(name or ""), code=code
        )
        if name and code and listed.exists():
            raise ValidationError(
                f"Ši įstaiga sąraše yra. Grįžkite ir ieškokite jos pagal kodą {code}."
            )
        return data


class LeadForm(PortalModelForm):
    class Meta:
        model = Team
        fields = ["lead_name", "lead_phone"]
        help_texts = {
            "lead_phone": "Skambinsime tik tada, jei prireiktų skubiai pasitikslinti.",
        }

    def __init__(self, *args, back, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lead_name"].required = True
        self.fields["lead_name"].widget.attrs["autocomplete"] = "name"
        self.fields["lead_phone"].widget.input_type = "tel"
        self.fields["lead_phone"].widget.attrs["autocomplete"] = "tel"
        self.helper = PortalHelper(*self.fields, back=back)


class AnswersForm(PortalModelForm):
    """The long texts. Nobody's are replaced unseen: ``seen`` tells which ones were shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Team
        fields = ["motivation", "problem"]
        labels = {
            "motivation": "Komandos motyvacija",
            "problem": "Problema, kurią spręsite",
        }
        help_texts = {
            "motivation": "Kodėl norite dalyvauti ir ko tikitės? Ne daugiau kaip "
            "4000 ženklų.",
            "problem": "Kokią ugdymo ar bendruomenės problemą spręsite ir iš ko "
            "matysite, kad pavyko? Ne daugiau kaip 4000 ženklų.",
        }
        field_classes = {"motivation": WantedField, "problem": WantedField}
        widgets = {
            "motivation": forms.Textarea(attrs={"rows": 10}),
            "problem": forms.Textarea(attrs={"rows": 10}),
        }

    def __init__(self, *args, back, **kwargs):
        super().__init__(*args, **kwargs)
        texts = f"{self.instance.motivation}\0{self.instance.problem}"
        self.stored = hashlib.sha256(texts.encode()).hexdigest()[:16]
        self.fields["seen"].initial = self.stored
        self.helper = PortalHelper(*self.fields, back=back)

    def clean(self):
        data = super().clean()
        if data.pop("seen", "") not in ("", self.stored):
            self.data["seen"] = self.stored
            raise ValidationError(
                "Kol rašėte, šie atsakymai pakeisti kitame lange ar įrenginyje. Čia – tai, "
                "ką įrašėte dabar: išsaugoję dar kartą, pakeisite anuos."
            )
        return data


class MemberForm(PortalModelForm):
    class Meta:
        model = Member
        fields = [
            "first_name",
            "last_name",
            "email",
            "position",
            "category",
            "is_curator",
            "is_external",
            "organisation",
        ]
        labels = {
            "is_curator": "Kuruojantis mokytojas",
            "is_external": "Išorinis narys (ne šios įstaigos atstovas)",
            "organisation": "Kur dirba išorinis narys",
        }
        help_texts = {
            "email": "Asmeninis darbo adresas, ne bendras įstaigos. Pateikus paraišką, "
            "šiuo adresu narys gaus laišką, kas apie jį įrašyta.",
            "category": "Vadovams ir savivaldybės darbuotojams – „Netaikoma“.",
            "is_curator": "Mokytojas, kuris vadovauja mokyklos projektui.",
            "organisation": "Pildykite tik pažymėję, kad narys išorinis: jo darbovietės "
            "pavadinimas.",
        }
        field_classes = {"organisation": WantedField}
        constraint_fields = {
            "member_external_says_from_where": "organisation",
            "member_curator_is_not_external": "is_curator",
        }

    def __init__(self, *args, back, **kwargs):
        super().__init__(*args, **kwargs)
        call = self.instance.team.call
        if call.module_id is None:
            del self.fields["is_curator"]
        for name in ("position", "category"):
            field = self.fields[name]
            field.choices = [("", "Pasirinkite"), *field.choices[1:]]
        marks = [name for name in ("is_curator", "is_external") if name in self.fields]
        self.helper = PortalHelper(
            "first_name",
            "last_name",
            "email",
            "position",
            "category",
            Fieldset("Vaidmuo komandoje", *marks, "organisation"),
            submit="Išsaugoti narį",
            back=back,
            also=None if self.instance.pk else ("another", "Išsaugoti ir pridėti kitą"),
        )

    def clean_email(self):
        return normalise_email(self.cleaned_data["email"])

    def clean(self):
        data = super().clean()
        # A representative has no other workplace; what was typed must not vanish unsaid.
        typed = "organisation" in self.changed_data and data.get("organisation")
        if typed and not data["is_external"]:
            self.add_error(
                "is_external",
                "Pažymėkite, jei narys išorinis; jei ne – ištrinkite jo darbovietę.",
            )
        return data


class WithdrawForm(PortalForm):
    reason = forms.ChoiceField(
        label="Kodėl atsiimate?",
        choices=WithdrawReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Pasirinkite priežastį."},
    )
    note = forms.CharField(
        label="Paaiškinimas",
        help_text="Paaiškinkite keliais žodžiais. Jei paraiška jau buvo pateikta, "
        "paaiškinimą matys kvietimo koordinatorius.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
