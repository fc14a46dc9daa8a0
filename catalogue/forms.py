import unicodedata
from urllib.parse import urlencode

from crispy_forms.layout import HTML
from django import forms
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe

from core.forms import PortalForm, PortalHelper

LONGEST_SEARCH = 200
# The filters with their label and what no choice is called, in the order of the page.
FACETS = {
    "projektas": ("Projektas", "Visi"),
    "grupe": ("Tikslinė grupė", "Visos"),
    "kompetenciju_grupe": ("Kompetencijų grupė", "Visos"),
    "kompetencija": ("Kompetencija", "Visos"),
    "lygis": ("Lygis", "Visi"),
    "trukme": ("Trukmė", "Bet kokia"),
    "savivaldybe": ("Vykdymo savivaldybė", "Visos"),
    "akreditacija": ("Akreditacija", "Visos, išskyrus archyvą"),
}
OPEN = "atvira"
BY_TITLE = ("pavadinimas", "Pagal pavadinimą")
BY_RELEVANCE = ("atitikimas", "Pagal atitikimą")
BY_ACCREDITATION = ("-akreditacija", "Naujausia akreditacija pirmiau")


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


class CountedSelect(forms.Select):
    """A choice of values with their numbers; what nobody has is not offered.

    Written here and not by Django's templates, which take ten times as long when the
    values are a hundred.
    """

    counts = None

    def render(self, name, value, attrs=None, renderer=None):
        attrs = format_html_join("", ' {}="{}"', (attrs or {}).items())
        options = mark_safe("".join(self._options(value)))
        return format_html('<select name="{}"{}>{}</select>', name, attrs, options)

    def _options(self, chosen):
        for value, label in self.choices:
            if isinstance(label, (list, tuple)):
                inner = "".join(filter(None, (self._option(*o, chosen) for o in label)))
                if inner:
                    yield f'<optgroup label="{conditional_escape(value)}">{inner}</optgroup>'
            else:
                yield self._option(value, label, chosen)

    def _option(self, value, label, chosen):
        if value and value != chosen and not self.counts.get(value):
            return ""
        selected = " selected" if value == chosen else ""
        number = f" ({self.counts.get(value, 0)})" if value else ""
        return (
            f'<option value="{conditional_escape(value)}"{selected}>'
            f"{conditional_escape(label)}{number}</option>"
        )


class ProgrammeFilterForm(PortalForm):
    """The filters of the programme list; their values are those of the snapshot.

    They come from an address that anybody may have typed or shortened, so a value that
    makes no sense is forgotten instead of reported.
    """

    q = SearchField(label="Žodžiai", required=False)
    atvira = forms.BooleanField(
        required=False, widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    rikiuoti = forms.ChoiceField(label="Rikiavimas", required=False)

    def __init__(self, *args, facets, **kwargs):
        super().__init__(*args, **kwargs)
        self.facets = facets
        self.fields["q"].widget.input_type = "search"
        for name, (label, nothing) in FACETS.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                widget=CountedSelect,
                choices=[("", nothing), *_in_groups(facets[name])],
            )
        self.fields["rikiuoti"].choices = [BY_TITLE, BY_RELEVANCE, BY_ACCREDITATION]
        self.full_clean()
        by_default = BY_RELEVANCE if self.asked("q") else BY_TITLE
        others = [BY_TITLE, BY_ACCREDITATION] if self.asked("q") else [BY_ACCREDITATION]
        self.fields["rikiuoti"].choices = [("", by_default[1]), *others]
        if self.asked("rikiuoti") not in dict(others):
            self.cleaned_data["rikiuoti"] = self.data["rikiuoti"] = ""
        self.order = self.asked("rikiuoti") or by_default[0]
        more = HTML('{% include "catalogue/more_filters.html" %}')
        self.helper = PortalHelper("q", OPEN, more, submit="Rodyti", method="get")

    def full_clean(self):
        super().full_clean()
        kept = {
            name: self.data[name] for name in self.data if name in self.cleaned_data
        }
        kept["q"] = self.cleaned_data.get("q", "")
        if self.data.get(OPEN) != "1":
            kept.pop(OPEN, None)
            self.cleaned_data[OPEN] = False
        self.data = kept
        self._errors.clear()

    def asked(self, name):
        """The value of a filter, or an empty one when it was not asked for."""
        return self.cleaned_data.get(name) or ""

    @property
    def chosen(self):
        """{facet: value} of the filters in use, for ``facets.counts``."""
        chosen = {name: self.asked(name) for name in FACETS if self.asked(name)}
        return chosen | ({OPEN: "1"} if self.asked(OPEN) else {})

    def show(self, counts):
        """Put the numbers beside the values."""
        for name in FACETS:
            self.fields[name].widget.counts = counts[name]
        number = counts[OPEN]["1"]
        # The bound field: it took its label along when the form was cleaned.
        self[OPEN].label = f"Tik tos, kurioms dabar priimamos paraiškos ({number})"

    @property
    def more(self):
        """The fields that stay folded away until one of them is used."""
        return [self[name] for name in (*FACETS, "rikiuoti")]

    @property
    def more_is_used(self):
        return any(self.asked(name) for name in (*FACETS, "rikiuoti"))

    @property
    def chips(self):
        """[(what is asked, the address without it)], in the order of the page."""
        asked = {"q": f"„{self.asked('q')}“"} if self.asked("q") else {}
        for name, value in self.chosen.items():
            asked[name] = self.facets[name][value].label
        return [(label, self.address(**{name: ""})) for name, label in asked.items()]

    def address(self, **changes):
        """The list as it is asked, but for these values; an empty one is left out."""
        asked = {
            "q": self.asked("q"),
            **self.chosen,
            "rikiuoti": self.asked("rikiuoti"),
        }
        asked = {name: value for name, value in (asked | changes).items() if value}
        return "?" + urlencode(asked)

    @property
    def search_alone(self):
        """The address of the same search without a filter."""
        return self.address(**dict.fromkeys(self.chosen, ""))


def _in_groups(values):
    """Choices of a facet; values that have a group stand in it, in the alphabet's order."""
    groups = {}
    for slug, value in values.items():
        groups.setdefault(value.group, []).append((slug, value.label))
    alone = groups.pop("", [])
    if not groups:
        return alone
    return [*sorted(groups.items()), *([("Kitos", alone)] if alone else [])]
