"""What the centre answers for: one source of the screen, the files and the paper.

A new report is a module with one ``Report``, added to ``REPORTS``.
"""

from accreditation.reports.base import Filters, Report
from accreditation.reports.monitoring import MONITORING
from accreditation.reports.programmes import PROGRAMMES
from accreditation.reports.selection import SELECTION

__all__ = ["REPORTS", "Filters", "Report"]

REPORTS = {report.slug: report for report in (PROGRAMMES, MONITORING, SELECTION)}
