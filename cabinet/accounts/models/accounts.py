from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Collate, Upper
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.typed import masked_name
from portal.formats.text import number_key


class NumberKeyField(models.CharField):  # type: ignore[type-arg]
    """The key by which a number is found, of the field `source`; whoever saves a row need not think of it.

    The exchange fills it by `FileDeclaration.number_keys`.
    """

    def __init__(self, *args: Any, source: str, **kwargs: Any) -> None:
        self.source = source
        # Folding makes some signs several: what is cut off is no number of anybody.
        super().__init__(*args, **{"max_length": 60, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: Any, add: bool) -> str:
        key = number_key(str(getattr(model_instance, self.source)))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key


# As operators look for a surname by its beginning: capitals, Ё as Е, in the order of bytes.
SURNAME_FORM = Collate(Func(Upper("last_name"), Value("Ё"), Value("Е"), function="TRANSLATE"), "C")


class PersonalAccount(models.Model):
    """лицевой счёт, as the billing system has it: the exchange writes it, the portal reads it.

    `number_key` is not unique: two numbers may differ in dashes or leading zeros alone.
    """

    account_number = models.CharField(_("номер"), max_length=30, unique=True)
    number_key = NumberKeyField(_("номер для поиска"), source="account_number")
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
        indexes = [
            models.Index(fields=["number_key"], name="account_number_key"),
            models.Index(SURNAME_FORM, name="account_surname"),
        ]
        permissions = [("serve_account", "Может открывать лицевые счета и принимать показания")]

    def __str__(self) -> str:
        return self.account_number

    @property
    def masked_name(self) -> str:
        """Return «Нина Егоровна К.», as pages show it."""
        return masked_name(self.last_name, self.first_name, self.patronymic)


class Equipment(models.Model):
    """установленное оборудование: a stove, a boiler; meters are `cabinet.meters`."""

    account = models.ForeignKey(
        PersonalAccount, on_delete=models.PROTECT, related_name="equipment", db_index=False
    )
    equipment_id = models.CharField(_("код в биллинге"), max_length=50)
    name = models.CharField(_("название"), max_length=200)
    kind = models.CharField(_("тип"), max_length=100, blank=True)
    verification_due_on = models.DateField(_("следующая поверка"), null=True, blank=True)
    state = models.CharField(_("состояние"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("оборудование")
        verbose_name_plural = _("оборудование")
        constraints = [
            models.UniqueConstraint(fields=["account", "equipment_id"], name="equipment_once")
        ]

    def __str__(self) -> str:
        return self.name


class Contract(models.Model):
    """договор of an account: supply, maintenance."""

    account = models.ForeignKey(
        PersonalAccount, on_delete=models.PROTECT, related_name="contracts", db_index=False
    )
    number = models.CharField(_("номер"), max_length=100)
    kind = models.CharField(_("тип"), max_length=200)
    company = models.CharField(_("компания"), max_length=300)
    starts_on = models.DateField(_("дата начала"))
    ends_on = models.DateField(_("дата окончания"), null=True, blank=True)

    class Meta:
        verbose_name = _("договор")
        verbose_name_plural = _("договоры")
        constraints = [models.UniqueConstraint(fields=["account", "number"], name="contract_once")]

    def __str__(self) -> str:
        return self.number
