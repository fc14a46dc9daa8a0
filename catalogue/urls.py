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
    path("palyginti/", views.CompareView.as_view(), name="compare"),
    path("apie/", views.AboutView.as_view(), name="about"),
    path(
        "privatumas/",
        views.InformationView.as_view(template_name="catalogue/privacy.html"),
        name="privacy",
    ),
    path("prieinamumas/", views.AccessibilityView.as_view(), name="accessibility"),
    path(
        "lengvai-suprantama/",
        views.InformationView.as_view(template_name="catalogue/easy.html"),
        name="easy",
    ),
    path(
        "in-english/",
        views.InformationView.as_view(template_name="catalogue/in_english.html"),
        name="in_english",
    ),
]
