from django.urls import path

from catalogue import files, views

app_name = "catalogue"

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("programos/", views.ProgrammeListView.as_view(), name="programmes"),
    path("programos/naujienos.atom", files.news, name="news"),
    path("programos/<slug:slug>/", views.ProgrammeView.as_view(), name="programme"),
    path(
        "programos/<slug:slug>/moduliai/<int:number>/",
        views.ModuleView.as_view(),
        name="module",
    ),
    path("kvietimai/", views.CallListView.as_view(), name="calls"),
    path("kvietimai/kalendorius.ics", files.calendar, name="calendar"),
    path("kvietimai/<int:pk>/kvietimas.ics", files.call_calendar, name="call_calendar"),
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
    path("duomenys/", views.DataView.as_view(), name="data"),
    path("duomenys/programos.csv", files.programmes_csv, name="data_csv"),
    path("duomenys/programos.json", files.programmes_json, name="data_json"),
    path("sitemap.xml", files.sitemap, name="sitemap"),
]
