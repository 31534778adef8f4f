"""How a company's bills look."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="doc-full-inverse")
class BillSettings(BaseSiteSetting):
    """What a company adds to its bills."""

    class Encoding(models.TextChoices):
        """The encodings of the payment code, by the digit of ГОСТ Р 56042-2014."""

        UTF_8 = "2", _("UTF-8: читают все банки")
        CP1251 = "1", _("Windows-1251: код проще для слабой камеры")

    class TearOff(models.TextChoices):
        """Where the part stands that a bank keeps."""

        TOP = "top", _("вверху квитанции")
        BOTTOM = "bottom", _("внизу квитанции")

    notice = models.TextField(
        _("объявление"),
        max_length=600,
        blank=True,
        help_text=_(
            "Печатается на каждой квитанции, до 600 знаков. Только текст, без картинок и ссылок."
        ),
    )
    encoding = models.CharField(
        _("кодировка QR-кода"), max_length=1, choices=Encoding.choices, default=Encoding.UTF_8
    )
    tear_off = models.CharField(
        _("извещение для банка"), max_length=10, choices=TearOff.choices, default=TearOff.BOTTOM
    )

    panels = [
        HelpPanel(template="desk/bill_preview_link.html"),
        FieldPanel("notice"),
        FieldPanel("tear_off"),
        FieldPanel("encoding"),
    ]

    class Meta:
        verbose_name = _("вид квитанций")
