from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# One door for everybody; the admin's own asks for a password.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", include("core.urls")),
    path("", include("catalogue.urls")),
    path("", include("enrolment.urls")),
    path("ataskaitos/", include("accreditation.urls")),
    path("paskyra/", include("core.accounts.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "core.views.bad_request"
handler403 = "core.views.forbidden"
handler404 = "core.views.not_found"
handler429 = "core.views.too_many"
handler500 = "core.views.server_error"
