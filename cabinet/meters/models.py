from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import PersonalAccount


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

    class Meta:
        verbose_name = _("прибор учёта")
        verbose_name_plural = _("приборы учёта")
        constraints = [
            models.CheckConstraint(condition=Q(digits__gte=1, digits__lte=9), name="meter_digits")
        ]

    def __str__(self) -> str:
        return f"{self.model} № {self.serial_number}"

    @property
    def masked_number(self) -> str:
        """What guest pages show: the whole number is a proof when an account is linked."""
        return f"…{self.serial_number[-4:]}"


class Reading(models.Model):
    """показание, m³ as shown on the dial, for one day.

    A day of a meter has at most one of billing and one of the portal; billing's is the one shown, the
    portal's is never deleted.
    """

    class Origin(models.TextChoices):
        BILLING = "billing", _("газовая компания")
        PORTAL = "portal", _("портал")

    class Channel(models.TextChoices):
        CABINET = "cabinet", _("личный кабинет")
        GUEST = "guest", _("сайт без регистрации")

    class LowerReason(models.TextChoices):
        ROLLED_OVER = "rolled_over", _("счётчик перешёл через ноль")
        REPLACED = "replaced", _("счётчик заменён")

    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="readings")
    taken_on = models.DateField(_("день показания"))
    value = models.DecimalField(_("показание, м³"), max_digits=12, decimal_places=3)
    previous_value = models.DecimalField(
        _("прежнее, м³"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    origin = models.CharField(_("откуда"), max_length=10, choices=Origin.choices)
    # Billing's own words, or a Channel of the portal.
    source = models.CharField(_("источник"), max_length=50, blank=True)
    lower_reason = models.CharField(
        _("почему меньше прежнего"), max_length=20, choices=LowerReason.choices, blank=True
    )
    subscriber_id = models.UUIDField(_("абонент"), null=True, blank=True)
    received_at = models.DateTimeField(_("получено"))

    class Meta:
        verbose_name = _("показание")
        verbose_name_plural = _("показания")
        constraints = [
            models.UniqueConstraint(
                fields=["meter", "taken_on", "origin"], name="reading_once_a_day"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="reading_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["subscriber_id"],
                name="reading_of_person",
                condition=Q(subscriber_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.value} м³"

    @property
    def source_label(self) -> str:
        if self.origin == self.Origin.PORTAL:
            return str(self.Channel(self.source).label)
        return self.source or str(self.Origin.BILLING.label)
