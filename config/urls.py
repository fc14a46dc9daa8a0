from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("core.urls")),
    path("", include("catalogue.urls")),
    path("", include("enrolment.urls")),
    path("ataskaitos/", include("accreditation.urls")),
    path("paskyra/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
