import logging

from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.mixins import NextRedirectMixin
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.account.utils import get_login_redirect_url
from allauth.core import ratelimit
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from core.accounts import demo
from core.accounts.flow import SignIn
from core.accounts.forms import AddressForm, CodeForm

logger = logging.getLogger(__name__)

NOT_SENT = (
    "Laiško šiuo adresu išsiųsti nepavyko. Patikrinkite adresą arba pabandykite "
    "po kelių minučių."
)


def _refused_as_too_many(request, email):
    """A 429 page when too many codes went to this address or from this computer."""
    return ratelimit.consume_or_429(request, action="request_login_code", key=email)


@method_decorator([login_not_required, never_cache], name="dispatch")
class SignInView(NextRedirectMixin, FormView):
    """The address. Known or not, a code goes to it."""

    template_name = "account/login.html"
    form_class = AddressForm

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            return redirect(get_login_redirect_url(request))
        stage = get_pending_stage(request)
        # A posted address replaces the one that waits for its code: whoever mistyped it
        # may also have come back by the browser's button.
        if stage and request.method != "POST":
            return redirect(self.passthrough_next_url(reverse(stage.urlname)))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            demo_accounts=demo.accounts(self.request), **kwargs
        )

    def form_valid(self, form):
        email = form.cleaned_data["email"]
        if refusal := _refused_as_too_many(self.request, email):
            return refusal
        try:
            SignIn.begin(self.request, email)
        except OSError:
            logger.exception("A sign-in code could not be sent.")
            form.add_error(None, NOT_SENT)
            return self.render_to_response(self.get_context_data(form=form), status=503)
        return redirect(
            self.passthrough_next_url(reverse("account_confirm_login_code"))
        )


@method_decorator([login_not_required, never_cache], name="dispatch")
class CodeView(NextRedirectMixin, FormView):
    """The code from the letter; or another letter, or another address."""

    template_name = "account/confirm_login_code.html"
    form_class = CodeForm

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            return redirect(get_login_redirect_url(request))
        stage = LoginStageController.enter(request, LoginByCodeStage.key)
        if not stage:
            return self.to_sign_in()
        self.process = SignIn.resume(stage)
        if not self.process:
            messages.warning(request, "Kodas nebegalioja. Paprašykite naujo.")
            return self.to_sign_in()
        return super().dispatch(request, *args, **kwargs)

    def to_sign_in(self):
        return redirect(self.passthrough_next_url(reverse("account_login")))

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "code": self.process.code}

    def get_context_data(self, **kwargs):
        return super().get_context_data(process=self.process, **kwargs)

    def post(self, request, *args, **kwargs):
        action = request.POST.get("action")
        if action == "change":
            self.process.abort()
            return self.to_sign_in()
        if action == "resend":
            return self.resend()
        return super().post(request, *args, **kwargs)

    def resend(self):
        if refusal := _refused_as_too_many(self.request, self.process.email):
            return refusal
        if self.process.can_resend:
            try:
                self.process.resend()
            except OSError:
                logger.exception("A sign-in code could not be sent again.")
                messages.error(self.request, NOT_SENT)
            else:
                messages.success(self.request, "Išsiuntėme naują kodą.")
        return redirect(self.request.get_full_path())

    def form_valid(self, form):
        return self.process.finish(self.get_next_url())

    def form_invalid(self, form):
        # An empty field is no guess.
        if not form.has_error("code", "incorrect_code"):
            return super().form_invalid(form)
        if self.process.record_invalid_attempt():
            return super().form_invalid(form)
        messages.error(
            self.request, "Per daug neteisingų kodų. Paprašykite naujo kodo."
        )
        return self.to_sign_in()


class SetUpSecondFactorView(NextRedirectMixin, ActivateTOTPView):
    def get_success_url(self):
        return self.passthrough_next_url(reverse("mfa_view_recovery_codes"))

    def form_valid(self, form):
        response = super().form_valid(form)
        # The code just typed is the second factor: it must not be asked for once more
        # before the recovery codes are shown.
        authenticator = Authenticator.objects.get(
            user=self.request.user, type=Authenticator.Type.TOTP
        )
        post_authentication(self.request, authenticator, reauthenticated=True)
        return response


class RecoveryCodesView(NextRedirectMixin, ViewRecoveryCodesView):
    def get_context_data(self, **kwargs):
        onward = self.get_next_url() or get_adapter().get_login_redirect_url(
            self.request
        )
        return super().get_context_data(onward=onward, **kwargs)
