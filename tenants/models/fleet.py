from django.db import models
from django.utils.translation import gettext_lazy as _


class FleetMonth(models.Model):
    """A figure of a company in one month; written by `tenants.office.months`, in the company's time zone."""

    company = models.ForeignKey(
        "tenants.GasCompany",
        on_delete=models.CASCADE,
        related_name="fleet_months",
        verbose_name=_("компания"),
    )
    month = models.DateField(_("месяц"))  # its first day
    # Of `tenants.office.months.Monthly`.
    code = models.CharField(_("показатель"), max_length=30)
    figure = models.DecimalField(_("значение"), max_digits=18, decimal_places=2)
    # Of the month a year before the one that is counted: its first days alone, as many as have passed
    # of this one. NULL for all others.
    same_days = models.DecimalField(
        _("за те же дни"), max_digits=18, decimal_places=2, null=True, blank=True
    )

    class Meta:
        db_table = '"public"."tenants_fleetmonth"'
        default_permissions = ()
        verbose_name = _("показатель месяца")
        verbose_name_plural = _("показатели месяцев")
        constraints = [
            models.UniqueConstraint(fields=["company", "code", "month"], name="fleet_month_once"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.code} {self.month:%m.%Y}"
