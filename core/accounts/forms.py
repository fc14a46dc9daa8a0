from allauth.account.forms import ConfirmLoginCodeForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from django import forms
from django.urls import reverse_lazy

from core.forms import PortalForm, PortalHelper
from core.models import User, normalise_email
from core.validators import plain_line

_CODE_ATTRS = {"autocomplete": "one-time-code", "spellcheck": "false"}


class AddressForm(PortalForm):
    email = forms.EmailField(
        label="El. pašto adresas",
        help_text="Šiuo adresu atsiųsime prisijungimo kodą. Slaptažodžio nereikia.",
        max_length=User._meta.get_field("email").max_length,
        validators=[plain_line],
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Įrašykite savo el. pašto adresą.",
            "invalid": "Įrašykite visą adresą, pavyzdžiui, vardas@mokykla.lt.",
            "max_length": "Adresas per ilgas: daugiausia %(limit_value)d ženklai.",
        },
    )

    helper = PortalHelper("email", submit="Gauti kodą")

    def clean_email(self):
        return normalise_email(self.cleaned_data["email"])


class CodeForm(PortalForm, ConfirmLoginCodeForm):
    """The code from the letter: capitals, dashes and spaces do not matter."""

    code = forms.CharField(
        label="Kodas iš laiško",
        help_text="Aštuonios raidės, pavyzdžiui, BCDF\u2011GHJK.",
        max_length=40,
        widget=forms.TextInput({**_CODE_ATTRS, "autocapitalize": "characters"}),
        error_messages={
            "required": "Įrašykite kodą iš laiško.",
            "max_length": "Kodas – tik aštuonios raidės. Įrašykite jį be kito teksto.",
        },
    )

    helper = PortalHelper("code", submit="Prisijungti")


def _app_code(help_text):
    return forms.CharField(
        label="Kodas iš programėlės",
        help_text=help_text,
        max_length=40,
        widget=forms.TextInput({**_CODE_ATTRS, "inputmode": "numeric"}),
        error_messages={
            "required": "Įrašykite kodą.",
            "max_length": "Kodas – tik skaitmenys. Įrašykite jį be kito teksto.",
        },
    )


_EITHER_CODE = "Šeši skaitmenys. Neturite telefono? Tinka ir atsarginis kodas."


class SecondFactorForm(PortalForm, AuthenticateForm):
    code = _app_code(_EITHER_CODE)

    helper = PortalHelper("code", submit="Prisijungti")


class ConfirmItIsYouForm(PortalForm, ReauthenticateForm):
    code = _app_code(_EITHER_CODE)

    helper = PortalHelper("code", submit="Patvirtinti")


class SetUpForm(PortalForm, ActivateTOTPForm):
    code = _app_code("Šeši skaitmenys, kuriuos programėlė rodo dabar.")

    helper = PortalHelper("code", submit="Įjungti antrąjį veiksnį")


class TurnOffForm(PortalForm, DeactivateTOTPForm):
    helper = PortalHelper(
        submit="Išjungti antrąjį veiksnį", tone="danger", back=reverse_lazy("mfa_index")
    )


class NewRecoveryCodesForm(PortalForm, GenerateRecoveryCodesForm):
    helper = PortalHelper(
        submit="Sudaryti naujus kodus", back=reverse_lazy("mfa_index")
    )
