from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


def _money(label: Any) -> "models.DecimalField[Any, Any]":
    """Return a field of ₽; None where billing does not know."""
    return models.DecimalField(label, max_digits=12, decimal_places=2, null=True, blank=True)


def _area(label: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=10, decimal_places=2, null=True, blank=True)


class House(models.Model):
    """дом в программе капитального ремонта. Accounts name it by `house_code`."""

    house_code = models.CharField(_("код дома"), max_length=50, unique=True)
    address = models.CharField(_("адрес"), max_length=300)
    built_year = models.SmallIntegerField(_("год постройки"), null=True, blank=True)
    total_area_m2 = _area(_("общая площадь, м²"))
    premises_area_m2 = _area(_("площадь помещений, м²"))
    fund_method = models.CharField(_("способ формирования фонда"), max_length=200, blank=True)
    contribution_rate = models.DecimalField(
        _("размер взноса, ₽ за м²"), max_digits=14, decimal_places=6, null=True, blank=True
    )
    fund_size = _money(_("размер фонда, ₽"))
    spent = _money(_("израсходовано, ₽"))
    accrued_principal = _money(_("начислено, основной долг, ₽"))
    accrued_penalty = _money(_("начислено, пеня, ₽"))
    collected_principal = _money(_("собрано, основной долг, ₽"))
    collected_penalty = _money(_("собрано, пеня, ₽"))
    debt_principal = _money(_("задолженность, основной долг, ₽"))
    debt_penalty = _money(_("задолженность, пеня, ₽"))

    class Meta:
        verbose_name = _("дом")
        verbose_name_plural = _("дома")

    def __str__(self) -> str:
        return self.address


class RepairWork(models.Model):
    """вид работ капитального ремонта: a line of a house's list, done or planned."""

    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="works")
    number = models.CharField(_("№ п/п"), max_length=20)
    kind = models.CharField(_("вид работ"), max_length=300)
    last_repair_year = models.SmallIntegerField(_("год последнего ремонта"), null=True, blank=True)
    planned_year = models.SmallIntegerField(_("год планового ремонта"), null=True, blank=True)
    planned_cost = _money(_("плановая стоимость, ₽"))

    class Meta:
        verbose_name = _("вид работ")
        verbose_name_plural = _("виды работ")
        constraints = [models.UniqueConstraint(fields=["house", "number"], name="repair_work_once")]

    def __str__(self) -> str:
        return self.kind
