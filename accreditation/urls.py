from django.urls import path

from accreditation import views

app_name = "accreditation"

urlpatterns = [
    path("", views.ReportListView.as_view(), name="reports"),
    path("<slug:slug>/", views.ReportView.as_view(), name="report"),
    path(
        "<slug:slug>/failas.csv",
        views.ReportFileView.as_view(file_type="csv"),
        name="report_csv",
    ),
    path(
        "<slug:slug>/failas.xlsx",
        views.ReportFileView.as_view(file_type="xlsx"),
        name="report_xlsx",
    ),
    path(
        "<slug:slug>/spausdinti/", views.ReportPrintView.as_view(), name="report_print"
    ),
]
