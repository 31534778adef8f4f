import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import NumberKeyField, PersonalAccount
from cabinet.meters.serial_numbers import visible_end


class Tariff(models.Model):
    """A price of gas from a day on; billing's."""

    tariff_code = models.CharField(_("код"), max_length=50)
    valid_from = models.DateField(_("действует с"))
    name = models.CharField(_("название"), max_length=200)
    unit = models.CharField(_("единица"), max_length=20)
    price = models.DecimalField(_("цена за единицу, ₽"), max_digits=14, decimal_places=6)

    class Meta:
        verbose_name = _("тариф")
        verbose_name_plural = _("тарифы")
        constraints = [
            models.UniqueConstraint(fields=["tariff_code", "valid_from"], name="tariff_once")
        ]

    def __str__(self) -> str:
        return self.name


# Never by number: guests see the order, and would learn which of two is the smaller.
METER_ORDER = ("model", "pk")


class Meter(models.Model):
    """прибор учёта газа. Never moves to another account: a new meter is a new `meter_id`."""

    meter_id = models.CharField(_("код в биллинге"), max_length=50, unique=True)
    account = models.ForeignKey(PersonalAccount, on_delete=models.PROTECT, related_name="meters")
    model = models.CharField(_("модель"), max_length=100)
    serial_number = models.CharField(_("заводской номер"), max_length=50)
    digits = models.PositiveSmallIntegerField(
        _("разрядность"), validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    tariff_code = models.CharField(_("код тарифа"), max_length=50)
    installed_on = models.DateField(_("установлен"), null=True, blank=True)
    verification_due_on = models.DateField(_("следующая поверка"), null=True, blank=True)
    sealed_on = models.DateField(_("опломбирован"), null=True, blank=True)
    state = models.CharField(_("состояние"), max_length=100, blank=True)
    removed_on = models.DateField(_("снят"), null=True, blank=True)
    compared_number = NumberKeyField(_("номер для сравнения"), source="serial_number")

    class Meta:
        verbose_name = _("счётчик")
        verbose_name_plural = _("счётчики")
        constraints = [
            models.CheckConstraint(condition=Q(digits__gte=1, digits__lte=9), name="meter_digits")
        ]
        indexes = [
            # For `numbers_that_prove`: which numbers of a model are alike, and how many begin alike.
            models.Index(
                fields=["model", "compared_number"],
                name="meter_compared_number",
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} № {self.serial_number}"

    def is_overdue(self, day: datetime.date) -> bool:
        """Return whether the verification was over on the day; on its last day the meter is good."""
        return self.verification_due_on is not None and self.verification_due_on < day

    @property
    def masked_number(self) -> str:
        """Return what guests see: the whole number is a proof when an account is linked."""
        end = visible_end(self.serial_number)
        return f"…{end}" if end else _t("скрыт")


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
