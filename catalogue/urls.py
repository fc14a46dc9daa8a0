from django.urls import path

from catalogue import views

app_name = "catalogue"

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("programos/", views.ProgrammeListView.as_view(), name="programmes"),
    path("programos/<slug:slug>/", views.ProgrammeView.as_view(), name="programme"),
    path(
        "programos/<slug:slug>/moduliai/<int:number>/",
        views.ModuleView.as_view(),
        name="module",
    ),
    path("kvietimai/", views.CallListView.as_view(), name="calls"),
    path("kvietimai/<int:pk>/", views.CallView.as_view(), name="call"),
    path("privatumas/", views.PrivacyView.as_view(), name="privacy"),
]
