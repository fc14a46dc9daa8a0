from django.db import models


class ReportAccess(models.Model):
    """Carries the permission to read reports; has no table of its own."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("view_reports", "Mato ataskaitas")]
        verbose_name = "ataskaitos"
        verbose_name_plural = "ataskaitos"

    def __str__(self):
        return "ataskaitos"
