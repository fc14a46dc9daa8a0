"""The portal's own addresses, and the list that its list is measured against."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import ListView

from catalogue.models import Programme
from config.urls import *  # noqa: F403
from config.urls import urlpatterns as portal

bare = ListView.as_view(
    queryset=Programme.objects.filter(is_public=True).select_related("published"),
    paginate_by=20,
    template_name="bench/bare.html",
)
urlpatterns = [path("bare/", login_not_required(bare)), *portal]
