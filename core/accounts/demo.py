"""The demonstration: signing in as one of the invented people, by one button.

The address exists only with DEBUG on (``core.accounts.urls``), the offer only for a
browser on this very machine.
"""

from ipaddress import ip_address

from allauth.account.utils import get_next_redirect_url, perform_login
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.http.request import split_domain_port
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from core.models import User

ACCOUNTS = {
    "mokytoja@demo.example": "Mokytoja, komandų vadovė",
    "koordinatore@demo.example": "Koordinatorė (BMT kvietimai)",
    "koordinatorius@demo.example": "Koordinatorius (KP kvietimai)",
    "centras@demo.example": "Centro darbuotoja",
    "admin@demo.example": "Administratorius",
}


def accounts(request):
    """(address, who it is) for those who exist; nothing where the offer is not made."""
    if not _is_offered(request):
        return []
    there = set(_people().values_list("email", flat=True))
    return [(email, who) for email, who in ACCOUNTS.items() if email in there]


@login_not_required
@require_POST
def sign_in(request):
    email = request.POST.get("paskyra")
    if email not in ACCOUNTS or not _is_offered(request):
        raise Http404
    user = get_object_or_404(_people(), email=email)
    return perform_login(request, user, redirect_url=get_next_redirect_url(request))


def _people():
    return User.objects.filter(email__in=ACCOUNTS, is_active=True)


def _is_offered(request):
    host, _ = split_domain_port(request.get_host())
    return (
        settings.DEBUG
        and _is_loopback(host)
        and _is_loopback(request.META.get("REMOTE_ADDR", ""))
        # Behind a proxy on this machine everybody comes from the loopback address.
        and "HTTP_X_FORWARDED_FOR" not in request.META
    )


def _is_loopback(host):
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
