from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Цвет — решётка и шесть знаков, например #0057a8."))


@register_setting(icon="view")
class BrandSettings(BaseSiteSetting):
    """The company's face: two colours and the telephone in the header."""

    brand_colour = models.CharField(
        _("основной цвет"), max_length=7, default="#0057a8", validators=[colour]
    )
    accent_colour = models.CharField(
        _("дополнительный цвет"), max_length=7, default="#f4a62a", validators=[colour]
    )
    phone = models.CharField(_("телефон"), max_length=30, blank=True)

    panels = [
        MultiFieldPanel([FieldPanel("brand_colour"), FieldPanel("accent_colour")], _("Цвета")),
        FieldPanel("phone"),
    ]

    class Meta:
        verbose_name = _("оформление")

    @property
    def phone_href(self) -> str:
        """For a `tel:` link: digits and the leading plus."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")
