from django.urls import path

from core import views

app_name = "core"

urlpatterns = [
    path("sveikata/gyvas/", views.alive, name="alive"),
    path("sveikata/pasiruoses/", views.ready, name="ready"),
    path("stilius/", views.StyleGuideView.as_view(), name="style_guide"),
]
