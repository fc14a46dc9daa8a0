"""One road for signing in and signing up.

The table of users is not read before the code has proved that the address belongs to
whoever typed it. So a known and an unknown address cannot be told apart, by the page,
the letter or the time it takes; and no row is ever made for an unproven address.
"""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.conf import settings
from django.contrib.auth.hashers import make_password

from core.models import User


class SignIn(LoginCodeVerificationProcess):
    """An address with a code on its way to it. Lives in the visitor's session only."""

    @classmethod
    def begin(cls, request, email):
        """Send a code to ``email`` and wait for it; an earlier wait is forgotten.

        Raises ``OSError`` when the mail server does not take the letter.
        """
        login = Login(email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(
            cls.initial_state(user=None, email=email), initiated_by_user=True
        )
        process = cls(stage)
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, stage):
        """The waiting sign-in, or None when its time is over."""
        return cls(stage).abort_if_invalid()

    @property
    def email(self):
        return self.state["email"]

    def send_by_email(self, email, skip_enumeration_mails=False):
        # allauth writes a code to known addresses and a refusal to the others.
        context = {"code": self.generate_code(), "site_url": settings.SITE_URL}
        get_adapter().send_mail("account/email/login_code", email, context)

    def resend(self):
        """Send a new code with its full time; the one before stops working."""
        self.state["at"] = time.time()
        super().resend()

    def finish(self, redirect_url):
        """Sign in whoever has just typed the right code."""
        self._user, _ = User.objects.get_or_create(
            email=self.email, defaults={"password": make_password(None)}
        )
        return super().finish(redirect_url)
