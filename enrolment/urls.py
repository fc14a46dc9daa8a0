from django.urls import include, path

from enrolment import views

app_name = "enrolment"

member_urls = [
    path("", views.MemberListView.as_view(), name="members"),
    path("naujas/", views.MemberAddView.as_view(), name="member_add"),
    path("<int:member_pk>/", views.MemberChangeView.as_view(), name="member"),
    path(
        "<int:member_pk>/salinti/",
        views.MemberRemoveView.as_view(),
        name="member_remove",
    ),
]

team_urls = [
    path("", views.TeamView.as_view(), name="team"),
    path("istaiga/", views.TeamInstitutionView.as_view(), name="institution"),
    path(
        "istaiga/nauja/",
        views.TeamUnlistedInstitutionView.as_view(),
        name="institution_unlisted",
    ),
    path("teikejas/", views.LeadView.as_view(), name="lead"),
    path("nariai/", include(member_urls)),
    path("motyvacija/", views.AnswersView.as_view(), name="answers"),
    path("perziura/", views.ReviewView.as_view(), name="review"),
    path("pateikti/", views.SubmitView.as_view(), name="submit"),
    path("atsiimti/", views.WithdrawView.as_view(), name="withdraw"),
    path("spausdinti/", views.TeamPrintView.as_view(), name="print"),
]

urlpatterns = [
    path("kvietimai/<int:pk>/paraiska/", views.ApplyView.as_view(), name="apply"),
    path(
        "kvietimai/<int:pk>/paraiska/nauja-istaiga/",
        views.UnlistedInstitutionView.as_view(),
        name="apply_unlisted",
    ),
    path("paraiskos/", views.TeamListView.as_view(), name="teams"),
    path("paraiskos/<int:pk>/", include(team_urls)),
]
