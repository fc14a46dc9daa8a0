import re
import unicodedata

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

# Errors in words that say what to do. The first kind that fits a field counts; a
# message that the field brings itself stays.
_WORDS = [
    (forms.BooleanField, {"required": "Pažymėkite, kad galėtumėte tęsti."}),
    (forms.MultipleChoiceField, {"required": "Pasirinkite bent vieną atsakymą."}),
    (forms.ModelMultipleChoiceField, {"required": "Pasirinkite bent vieną atsakymą."}),
    (forms.ChoiceField, {"required": "Pasirinkite vieną atsakymą."}),
    (
        forms.DateField,
        {
            "required": "Įrašykite datą.",
            "invalid": "Įrašykite datą taip: 2026-03-15.",
        },
    ),
    (
        forms.EmailField,
        {
            "required": "Įrašykite el. pašto adresą.",
            "invalid": "Įrašykite adresą taip: vardas@mokykla.lt.",
        },
    ),
    (forms.Field, {"required": "Užpildykite šį lauką."}),
]

_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")


class PortalHelper(FormHelper):
    """The look of every form: our template pack, one button that says what it does,
    one way back.

    ``method="get"`` makes a filter: no token, no error summary of its own address.
    ``also=("name", "Tekstas")`` is a second, quieter way to submit the same form.
    """

    def __init__(
        self,
        *layout,
        submit="Išsaugoti",
        tone="primary",
        back="",
        method="post",
        also=None,
    ):
        super().__init__()
        self.layout = Layout(*layout)
        self.submit, self.tone, self.back, self.also = submit, tone, back, also
        self.form_method = method
        self.form_class = "form" if method == "post" else "form filters"


class DateInput(forms.DateInput):
    """A date as Lithuanians write it: 2026-03-15.

    Not ``type="date"``: that one follows the browser's language, and a teacher whose
    browser is English would be shown 03/15/2026.
    """

    def __init__(self, attrs=None):
        pattern = {"size": 12, "placeholder": "mmmm-mm-dd", "autocomplete": "off"}
        super().__init__(pattern | (attrs or {}), format="%Y-%m-%d")


class DateTimeInput(forms.SplitDateTimeWidget):
    """A day and an hour side by side, 2026-03-15 and 16:00; written as ``DateInput``."""

    def __init__(self, label=""):
        named = f"{label}: " if label else ""
        super().__init__(
            date_attrs={
                "size": 12,
                "placeholder": "mmmm-mm-dd",
                "autocomplete": "off",
                "aria-label": f"{named}data",
            },
            time_attrs={
                "size": 6,
                "placeholder": "vv:mm",
                "autocomplete": "off",
                "aria-label": f"{named}laikas",
            },
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )


class _PortalFormMixin:
    """Labels without a colon, and text as a person meant it: composed letters
    (``e`` + a dot is ``ė``), line ends of one character (else ``max_length`` counts
    them twice), single spaces in one-line fields."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def full_clean(self):
        if self.is_bound:
            self._say_what_to_do()
            self.data = self._tidied()
        super().full_clean()

    def _say_what_to_do(self):
        for field in self.fields.values():
            words = next(words for kind, words in _WORDS if isinstance(field, kind))
            stock = _stock_messages(type(field))
            for code, text in words.items():
                if field.error_messages.get(code) is stock.get(code):
                    field.error_messages[code] = text

    def _tidied(self):
        data = self.data.copy()
        for name, field in self.fields.items():
            key = self.add_prefix(name)
            text = data.get(key)
            if (
                isinstance(text, str)
                and isinstance(field, forms.CharField)
                and field.strip
            ):
                text = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
                if not isinstance(field.widget, forms.Textarea):
                    text = _SPACES.sub(" ", text)
                data[key] = text
        return data


def _stock_messages(kind):
    """The messages that every field of this class starts with."""
    messages = {}
    for parent in reversed(kind.__mro__):
        messages |= getattr(parent, "default_error_messages", {})
    return messages


class PortalForm(_PortalFormMixin, forms.Form):
    """A form that stands on its own."""


class PortalModelForm(_PortalFormMixin, forms.ModelForm):
    """A ModelForm that checks every constraint of its model.

    Django skips constraints that mention a field the form does not show, such as a
    status, and leaves the database to answer with a 500. So the view hands over an
    instance that is complete but for what the user types.

    The message stands at the field where it can be mended: the only shown field that
    the constraint names, or the one that ``Meta.constraint_fields`` gives for it
    (``{"call_closes_after_it_opens": "closes_at"}``); otherwise above the form.
    """

    def _post_clean(self):
        # The model would ask only about the fields shown, and not say which constraint.
        self.instance.validate_constraints = lambda exclude=None: None
        super()._post_clean()
        del self.instance.validate_constraints
        faulty = set(self.errors)
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self.instance, exclude=faulty)
                except ValidationError as error:
                    self.add_error(self._field_of(constraint), error.messages)

    def _field_of(self, constraint):
        given = getattr(self.Meta, "constraint_fields", {}).get(constraint.name)
        if given in self.fields:
            return given
        shown = _names_in(constraint) & set(self.fields)
        return shown.pop() if len(shown) == 1 else None


def _names_in(constraint):
    """The model's fields that a constraint is about."""
    if getattr(constraint, "fields", ()):
        return set(constraint.fields)
    return set(constraint.condition.referenced_base_fields)


class ConfirmForm(PortalForm):
    """Nothing to fill in: the button is the answer."""
