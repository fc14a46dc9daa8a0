from django.urls import path

from core import views

app_name = "core"

urlpatterns = [
    path("sveikata/gyvas/", views.alive, name="alive"),
    path("sveikata/pasiruoses/", views.ready, name="ready"),
    path("robots.txt", views.RobotsView.as_view(), name="robots"),
    path("stilius/", views.StyleGuideView.as_view(), name="style_guide"),
]
