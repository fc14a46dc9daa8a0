"""Where django-allauth asks the portal how it wants things done."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from qrcode import make as make_qr
from qrcode.image.svg import SvgPathFillImage

from core import emails


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": "Kodas neteisingas. Patikrinkite, ar gerai nurašėte.",
        "rate_limited": "Per daug bandymų. Palaukite penkias minutes.",
        "too_many_login_attempts": "Per daug bandymų. Palaukite penkias minutes.",
    }

    def get_login_redirect_url(self, request):
        return reverse("admin:index" if request.user.is_staff else "enrolment:teams")

    def login(self, request, user):
        super().login(request, user)
        if user.is_staff:
            request.session.set_expiry(settings.STAFF_SESSION_AGE)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        emails.queue(template_prefix, to=user.email)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of the second factor encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Kodas neteisingas arba jau nebegalioja. Įrašykite naują.",
        "cannot_generate_recovery_codes": (
            "Atsarginius kodus gausite, kai įjungsite antrąjį veiksnį."
        ),
    }

    def encrypt(self, text):
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise ImproperlyConfigured(
                "A second factor was encrypted with a key that is not among "
                "MFA_ENCRYPTION_KEYS (by default SECRET_KEY)."
            ) from error

    def build_totp_svg(self, url):
        """The QR code as a part of a page: without an XML header, on its own white,
        for cameras cannot read it on a dark page."""
        image = make_qr(url, image_factory=SvgPathFillImage)
        return image.to_string(encoding="unicode")


def _cipher():
    """Encrypts with the first of the keys, reads with any of them."""
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(_derived(key)))
        for key in settings.MFA_ENCRYPTION_KEYS
    )


def _derived(key):
    hkdf = HKDF(SHA256(), length=32, salt=None, info=b"portal second factor")
    return hkdf.derive(key.encode())
