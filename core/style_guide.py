"""What /stilius/ shows: one example of every component, in every tone, without a database."""

from datetime import timedelta
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone

from core.forms import DateInput, PortalForm, PortalHelper
from core.templatetags.portal import TONES

NOTICES = [
    ("info", "Paraiškas vertins kvietimo koordinatorius."),
    ("success", "Paraiška Nr. 12 pateikta. Patvirtinimą išsiuntėme el. paštu."),
    ("warning", "Paraiška išsaugota, bet dar NEPATEIKTA."),
    ("danger", "Kvietimas atšauktas: programos teikėjas atsisakė ją vykdyti."),
]


class SampleForm(PortalForm):
    name = forms.CharField(
        label="Vardas ir pavardė",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="El. paštas",
        help_text="Šiuo adresu pranešime apie sprendimą.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    code = forms.CharField(
        label="Įstaigos kodas",
        max_length=9,
        required=False,
        widget=forms.TextInput(attrs={"size": 12, "inputmode": "numeric"}),
    )
    position = forms.ChoiceField(
        label="Pareigos",
        choices=[("", "Pasirinkite"), ("a", "Mokytojas"), ("b", "Direktorius")],
    )
    role = forms.ChoiceField(
        label="Vaidmuo komandoje",
        help_text="Kuruojantis mokytojas rūpinasi mokyklos projektu.",
        choices=[("a", "Mokytojas"), ("b", "Kuruojantis mokytojas")],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label="Kada patogu susitikti",
        required=False,
        choices=[("1", "Rytais"), ("2", "Po pamokų"), ("3", "Savaitgaliais")],
        widget=forms.CheckboxSelectMultiple,
    )
    until = forms.DateField(label="Patikslinti iki", widget=DateInput)
    motivation = forms.CharField(
        label="Motyvacija",
        help_text="Kodėl komanda renkasi šią programą? Užtenka kelių sakinių.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    agreed = forms.BooleanField(label="Komandos nariai žino, kad yra įrašyti")

    helper = PortalHelper(
        "name",
        "email",
        "code",
        "position",
        "role",
        "days",
        "until",
        "motivation",
        "agreed",
        submit="Pridėti narį",
        back="#formos",
    )


class SampleFilter(PortalForm):
    q = forms.CharField(label="Ieškoti", required=False)
    level = forms.ChoiceField(
        label="Lygis",
        required=False,
        choices=[("", "Visi"), ("a", "Pradinis"), ("b", "Pažengęs")],
    )

    helper = PortalHelper("q", "level", submit="Rodyti", method="get")


def examples():
    """The context of the page. Names are invented."""
    now = timezone.now()
    faulty = SampleForm(
        {"klaida-email": "jonas@", "klaida-code": "12"}, prefix="klaida"
    )
    return {
        "statuses": [
            SimpleNamespace(status=value, get_status_display=lambda value=value: value)
            for value in TONES
        ],
        "tones": ["info", "success", "warning", "danger", "accent", "muted"],
        "notices": NOTICES,
        "sample": SampleForm(),
        "faulty": faulty,
        "filter": SampleFilter(prefix="filtras"),
        "page_obj": Paginator(range(60), 20).get_page(2),
        "now": now,
        "road": _road(now),
        "events": [
            SimpleNamespace(
                at=now,
                step="Grąžinta tikslinti",
                actor="Koordinatorė Rūta Pavyzdienė",
                reason="Netiksli komandos sudėtis",
                note="Įrašykite bent penkis mokyklos atstovus.",
            ),
            SimpleNamespace(at=now, step="Paraiška pateikta", actor="Ona Pavyzdė"),
        ],
    }


def _road(now):
    """What ``components/timeline.html`` needs, as ``catalogue.timeline`` makes it."""
    steps = [
        ("Pradedamos priimti paraiškos", -20, "is_past"),
        ("Šiandien", 0, "is_today"),
        ("Baigiamos priimti paraiškos", 25, "is_ahead"),
        ("Prasideda veikla", 55, "is_ahead"),
        ("Baigiasi veikla", 300, "is_ahead"),
    ]
    spans = [
        ("Paraiškos", "accent", "0%", "14%", "14%"),
        ("Veikla", "action", "23%", "100%", "77%"),
    ]
    return {
        "steps": [
            {
                "name": name,
                "at": now + timedelta(days=days),
                "has_hour": True,
                mark: True,
            }
            for name, days, mark in steps
        ],
        "spans": [
            dict(zip(("name", "tone", "start", "end", "length"), span, strict=True))
            for span in spans
        ],
        "now": "6.2%",
    }
