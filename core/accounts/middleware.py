from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.urls import reverse


class StaffGateMiddleware:
    """Keeps others out of the admin, and the staff from closed pages until the second
    factor is set up and was asked for in this session.

    Stands after ``LoginRequiredMiddleware``, whose mark tells which views are closed.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "login_required", True):
            return None
        user, match = request.user, request.resolver_match
        is_staff = user.is_staff or user.is_superuser
        if "admin" in match.app_names and not is_staff:
            # The admin itself would send them to sign in, again and again.
            raise PermissionDenied
        if (
            not settings.STAFF_NEED_SECOND_FACTOR
            or not is_staff
            or match.view_name.startswith("mfa_")
        ):
            return None
        if not Authenticator.objects.filter(
            user=user, type=Authenticator.Type.TOTP
        ).exists():
            step = "mfa_activate_totp"
        elif not _was_asked(request):
            step = "mfa_reauthenticate"
        else:
            return None
        return redirect_to_login(request.get_full_path(), reverse(step))


def _was_asked(request):
    """Whether this session has seen the second factor, not only the code by e-mail."""
    return any(
        record["method"] == "mfa"
        for record in get_authentication_records(request, request.user)
    )
