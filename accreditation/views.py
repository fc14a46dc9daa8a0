from django.conf import settings
from django.contrib.auth.mixins import UserPassesTestMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from accreditation import permissions
from accreditation.forms import FilterForm
from accreditation.reports import REPORTS, periods
from core.exports import FORMATS

ROWS_ON_A_PAGE = 500


@method_decorator(never_cache, "dispatch")  # names of people: not for a shared computer
class ReportAccessMixin(UserPassesTestMixin):
    def test_func(self):
        return permissions.can_view_reports(self.request.user)


class ReportListView(ReportAccessMixin, TemplateView):
    template_name = "accreditation/report_list.html"
    extra_context = {"reports": REPORTS.values()}


class AnswerMixin(ReportAccessMixin):
    """Find the report, read what it is asked for, and ``answer`` or ``refuse``."""

    def get(self, request, slug):
        self.report = REPORTS.get(slug)
        if not self.report:
            raise Http404
        if "momentas" in request.GET:
            return self.explain(
                [
                    "Būsena pasirinktu momentu („momentas“) dar nepalaikoma: ataskaita "
                    "rodo dabartinę būseną."
                ]
            )
        self.form = FilterForm(self.report, request.GET)
        return self.answer() if self.form.is_valid() else self.refuse()

    def refuse(self):
        return self.explain(self.form.faults())

    def explain(self, faults):
        return render(
            self.request,
            "accreditation/report_refused.html",
            {"report": self.report, "faults": faults},
            status=400,
        )

    def table(self):
        return self.report.table(self.form.filters())


class ReportView(AnswerMixin, View):
    def answer(self):
        table = self.table()
        page = Paginator(table.rows, ROWS_ON_A_PAGE).get_page(
            self.request.GET.get("puslapis")
        )
        today = timezone.localdate()
        return self.show(
            table=table,
            rows=[table.cells(row) for row in page],
            total=table.total and table.cells(table.total),
            page_obj=page,
            chosen=self.form.filters(),
            years=[periods.school_years(today), periods.calendar_years(today)],
        )

    def refuse(self):
        if not self.request.GET.keys() & set(self.report.filters):
            self.form = FilterForm(self.report)  # nothing was asked for: no fault yet
            return self.show()
        return self.show(status=422)

    def show(self, *, status=200, **context):
        context |= {"report": self.report, "form": self.form}
        return render(self.request, "accreditation/report.html", context, status=status)


class ReportPrintView(AnswerMixin, View):
    def answer(self):
        table = self.table()
        context = {
            "report": self.report,
            "table": table,
            "rows": [table.cells(row) for row in table.rows],
            "total": table.total and table.cells(table.total),
            "centre_code": settings.CENTRE_CODE,
            "centre_accreditation": settings.CENTRE_ACCREDITATION,
            "today": timezone.localdate(),
        }
        return render(self.request, "accreditation/report_print.html", context)


class ReportFileView(AnswerMixin, View):
    file_type = None

    def answer(self):
        file_format = FORMATS[self.file_type]
        name = f"{self.report.slug}-{timezone.localdate()}.{self.file_type}"
        return HttpResponse(
            file_format.write(self.table()),
            content_type=file_format.content_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
