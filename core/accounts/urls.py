"""The pages of allauth that the portal has, under their names in allauth.

Its other pages (passwords, signing up, several addresses) are not there at all.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.urls import path
from django.views.decorators.cache import never_cache

from core.accounts import demo, views

sign_in = views.SignInView.as_view()

urlpatterns = [
    path("prisijungti/", sign_in, name="account_login"),
    # allauth knows the page by this name too.
    path("prisijungti/", sign_in, name="account_request_login_code"),
    path("kodas/", views.CodeView.as_view(), name="account_confirm_login_code"),
    path("atsijungti/", never_cache(account.logout), name="account_logout"),
    path("isjungta/", account.account_inactive, name="account_inactive"),
    path("antras-veiksnys/", never_cache(mfa.index), name="mfa_index"),
    path(
        "antras-veiksnys/prisijungimas/",
        never_cache(mfa.authenticate),
        name="mfa_authenticate",
    ),
    path(
        "antras-veiksnys/patvirtinimas/",
        never_cache(mfa.reauthenticate),
        name="mfa_reauthenticate",
    ),
    path(
        "antras-veiksnys/ijungimas/",
        never_cache(views.SetUpSecondFactorView.as_view()),
        name="mfa_activate_totp",
    ),
    path(
        "antras-veiksnys/isjungimas/",
        never_cache(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        "antras-veiksnys/atsarginiai-kodai/",
        never_cache(views.RecoveryCodesView.as_view()),
        name="mfa_view_recovery_codes",
    ),
    path(
        "antras-veiksnys/atsarginiai-kodai/nauji/",
        never_cache(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]

if settings.DEBUG:
    urlpatterns.append(path("demonstracija/", demo.sign_in, name="demo_sign_in"))
