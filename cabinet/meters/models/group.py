from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GroupConsumption(models.Model):
    """What meters of one tariff use in a calendar month, m³; a task counts it once a day."""

    tariff_code = models.CharField(_("код тарифа"), max_length=50)
    month_number = models.PositiveSmallIntegerField(_("месяц"))
    median = models.DecimalField(_("обычно, м³"), max_digits=12, decimal_places=3)
    # 95 of 100 meters use no more.
    high = models.DecimalField(_("много, м³"), max_digits=12, decimal_places=3)
    meters = models.IntegerField(_("счётчиков"))
    counted_at = models.DateTimeField(_("посчитано"))

    class Meta:
        verbose_name = _("расход похожих счётчиков")
        verbose_name_plural = _("расход похожих счётчиков")
        constraints = [
            models.UniqueConstraint(
                fields=["tariff_code", "month_number"], name="group_consumption_once"
            ),
            models.CheckConstraint(
                condition=Q(month_number__gte=1, month_number__lte=12),
                name="group_consumption_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tariff_code}, {self.month_number}"
