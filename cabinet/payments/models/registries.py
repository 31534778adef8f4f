from django.db import models
from django.utils.translation import gettext_lazy as _


class PaymentRegistryProfile(models.Model):
    """How a bank or a billing system lays out a registry of payments: rows, and a closing control line.

    `columns` are names of `bank_files.columns.COLUMNS` in their order, an empty one for a column that
    is left empty. `control` are "count" and names of sums among them.
    """

    class Encoding(models.TextChoices):
        UTF8 = "utf-8", "UTF-8"
        UTF8_BOM = "utf-8-sig", _("UTF-8 с меткой (BOM)")
        CP1251 = "cp1251", "Windows-1251"

    class DateFormat(models.TextChoices):
        DOTS = "%d.%m.%Y", _("31.12.2026")
        DASHES = "%d-%m-%Y", _("31-12-2026")
        ISO = "%Y-%m-%d", _("2026-12-31")
        DIGITS = "%d%m%Y", _("31122026")

    class DecimalMark(models.TextChoices):
        COMMA = ",", _("запятая: 194,39")
        POINT = ".", _("точка: 194.39")

    name = models.CharField(_("название"), max_length=100, unique=True)
    columns = models.JSONField(_("столбцы по порядку"), default=list)
    separator = models.CharField(_("разделитель"), max_length=1, default=";")
    encoding = models.CharField(
        _("кодировка"), max_length=10, choices=Encoding.choices, default=Encoding.CP1251
    )
    date_format = models.CharField(
        _("даты"), max_length=10, choices=DateFormat.choices, default=DateFormat.DOTS
    )
    decimal_mark = models.CharField(
        _("копейки"), max_length=1, choices=DecimalMark.choices, default=DecimalMark.COMMA
    )
    has_header = models.BooleanField(_("первая строка — названия столбцов"), default=False)
    control_sign = models.CharField(
        _("знак контрольной строки"), max_length=10, default="=", blank=True
    )
    control = models.JSONField(_("контрольная строка"), default=list)

    class Meta:
        verbose_name = _("формат реестра")
        verbose_name_plural = _("форматы реестров")
        default_permissions = ("change",)

    def __str__(self) -> str:
        return self.name
