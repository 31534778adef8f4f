from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonalAccount(models.Model):
    """лицевой счёт, as the billing system has it: the exchange writes it, the portal reads it."""

    account_number = models.CharField(_("номер"), max_length=30, unique=True)
    unified_account_number = models.CharField(_("единый лицевой счёт"), max_length=10, blank=True)
    gku_id = models.CharField(_("идентификатор ЖКУ"), max_length=13, blank=True)
    last_name = models.CharField(_("фамилия"), max_length=100)
    first_name = models.CharField(_("имя"), max_length=100)
    patronymic = models.CharField(_("отчество"), max_length=100, blank=True)
    address = models.CharField(_("адрес"), max_length=300)
    area_m2 = models.DecimalField(
        _("общая площадь, м²"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    living = models.IntegerField(_("проживают"), null=True, blank=True)
    registered = models.IntegerField(_("прописаны"), null=True, blank=True)
    norm_volume = models.DecimalField(
        _("норматив, м³ в месяц"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    opened_on = models.DateField(_("открыт"))
    maintenance_on = models.DateField(_("дата ТО"), null=True, blank=True)
    service_centre = models.CharField(_("код центра обслуживания"), max_length=50, blank=True)
    house_code = models.CharField(_("код дома"), max_length=50, blank=True)
    closed_on = models.DateField(_("закрыт"), null=True, blank=True)

    class Meta:
        verbose_name = _("лицевой счёт")
        verbose_name_plural = _("лицевые счета")

    def __str__(self) -> str:
        return self.account_number
