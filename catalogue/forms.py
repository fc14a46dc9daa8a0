import unicodedata

from crispy_forms.layout import Div
from django import forms

from catalogue.models import AccreditationState, Level, Project, TargetGroup
from core.forms import PortalForm, PortalHelper

LONGEST_SEARCH = 200
# The filters that stay folded away until one of them is used.
MORE = ("projektas", "grupe", "lygis", "akreditacija", "rikiuoti")


class SearchField(forms.CharField):
    """Words to look for: what is not text becomes a space, and the rest is cut short."""

    def to_python(self, value):
        text = super().to_python(value)[:LONGEST_SEARCH]
        visible = (" " if unicodedata.category(c)[0] == "C" else c for c in text)
        return " ".join("".join(visible).split())


class SearchForm(PortalForm):
    """The search box of the home page."""

    q = SearchField(label="Ieškokite programos", required=False)

    def __init__(self, *args, action, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.input_type = "search"
        self.helper = PortalHelper("q", submit="Ieškoti", method="get")
        self.helper.form_action = action


class ProgrammeFilterForm(PortalForm):
    """The filters of the programme list.

    They come from an address that anybody may have typed or shortened, so a value that
    makes no sense is forgotten instead of reported.
    """

    q = SearchField(label="Žodžiai", required=False)
    atvira = forms.BooleanField(
        label="Tik tos, kurioms dabar priimamos paraiškos",
        required=False,
        widget=forms.CheckboxInput(attrs={"value": "1"}),
    )
    projektas = forms.ChoiceField(label="Projektas", required=False)
    grupe = forms.ChoiceField(label="Tikslinė grupė", required=False)
    lygis = forms.ChoiceField(
        label="Lygis", required=False, choices=[("", "Visi"), *Level.choices]
    )
    akreditacija = forms.ChoiceField(
        label="Akreditacija",
        required=False,
        choices=[
            ("", "Visos, išskyrus archyvą"),
            (AccreditationState.VALID, "Galioja"),
            (AccreditationState.OPEN_ENDED, "Galiojimo pabaiga nenurodyta"),
            (AccreditationState.EXPIRED, "Archyvas: nebegalioja"),
        ],
    )
    rikiuoti = forms.ChoiceField(
        label="Rikiavimas",
        required=False,
        choices=[
            ("", "Pagal pavadinimą"),
            ("-akreditacija", "Naujausia akreditacija pirmiau"),
        ],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.input_type = "search"
        for name, everything, model in (
            ("projektas", "Visi", Project),
            ("grupe", "Visos", TargetGroup),
        ):
            rows = model.objects.values_list("slug", "name")
            self.fields[name].choices = [("", everything), *rows]
        self.full_clean()
        more = Div(
            *MORE,
            template="catalogue/more_filters.html",
            open=any(self.asked(name) for name in MORE),
        )
        self.helper = PortalHelper("q", "atvira", more, submit="Ieškoti", method="get")

    def full_clean(self):
        super().full_clean()
        kept = {
            name: self.data[name] for name in self.data if name in self.cleaned_data
        }
        kept["q"] = self.cleaned_data.get("q", "")
        if self.data.get("atvira") != "1":
            kept.pop("atvira", None)
            self.cleaned_data["atvira"] = False
        self.data = kept
        self._errors.clear()

    def asked(self, name):
        """The value of a filter, or an empty one when it was not asked for."""
        return self.cleaned_data.get(name) or ""
