from django.db import models
from django.utils.translation import gettext_lazy as _


class FleetSnapshot(models.Model):
    """A company's counters as they were last counted; the fleet page reads these alone."""

    company = models.OneToOneField(
        "tenants.GasCompany",
        on_delete=models.CASCADE,
        related_name="fleet_snapshot",
        verbose_name=_("компания"),
    )
    # By the counter's code: a number, an ISO 8601 moment, or null.
    figures = models.JSONField(_("показатели"), default=dict)
    # Codes of counters that could not be counted this time.
    failed = models.JSONField(_("не посчитаны"), default=list, blank=True)
    counted_at = models.DateTimeField(_("посчитано"))

    class Meta:
        db_table = '"public"."tenants_fleetsnapshot"'
        verbose_name = _("показатели компании")
        verbose_name_plural = _("показатели компаний")

    def __str__(self) -> str:
        return str(self.pk)
