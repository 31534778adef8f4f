from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cabinet.meters.models.meters import Meter

REPLACED_MARK = "_meter_replaced"


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
        DELEGATE = "delegate", _("передало доверенное лицо")
        OPERATOR = "operator", _("оператор, по телефону")

    class LowerReason(models.TextChoices):
        ROLLED_OVER = "rolled_over", _("счётчик дошёл до конца и начал с нуля")
        REPLACED = "replaced", _("счётчик заменён")
        # Set by the service, never answered: the reading before is billing's calculation.
        ESTIMATED = "estimated", _("прошлое показание рассчитано компанией")

    # The unique constraint's index begins with it.
    meter = models.ForeignKey(
        Meter, on_delete=models.PROTECT, related_name="readings", db_index=False
    )
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
            ),
            # The fleet page counts a month of them.
            models.Index(
                fields=["taken_on"], name="reading_of_portal", condition=Q(origin="portal")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} м³"

    @property
    def is_guests(self) -> bool:
        return (self.origin, self.source) == (self.Origin.PORTAL, self.Channel.GUEST)

    @property
    def is_operators(self) -> bool:
        return (self.origin, self.source) == (self.Origin.PORTAL, self.Channel.OPERATOR)

    @property
    def billing_source(self) -> str:
        """Return `source` as billing gets it: with a mark where the meter was replaced (decision 31)."""
        is_replaced = self.lower_reason == self.LowerReason.REPLACED
        return f"{self.source}{REPLACED_MARK}" if is_replaced else self.source

    @property
    def source_label(self) -> str:
        if self.origin == self.Origin.PORTAL:
            return str(self.Channel(self.source).label)
        return self.source or str(self.Origin.BILLING.label)
