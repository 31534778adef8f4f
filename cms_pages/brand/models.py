"""Settings of a company's site: logo, colours, telephones, applications, texts."""

import hashlib

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from cms_pages.blocks.contacts import phone_href
from cms_pages.brand.colours import validate_readable
from cms_pages.brand.logo import BrandSettingsForm

colour_format = RegexValidator(
    r"^#[0-9a-fA-F]{6}\Z", _("Цвет — решётка и шесть знаков, например #0057a8.")
)

phone_format = RegexValidator(
    r"^\+?[0-9][0-9 ()–-]*\Z|^\([0-9][0-9 ()–-]*\Z", _("Телефон — цифры, пробелы, скобки и дефисы.")
)


def shop(host: str, name: str) -> RegexValidator:
    """Return a validator of an address in one shop of applications: a link must not lead elsewhere."""
    return RegexValidator(
        rf"^https://(www\.)?{host}/",
        _("Вставьте адрес страницы приложения из %(shop)s: https://%(host)s/…")
        % {"shop": name, "host": host.replace("\\", "")},
    )


@register_setting(icon="view")
class BrandSettings(BaseSiteSetting):
    """The company's face: logo, two colours, telephones, applications, the site's own words.

    The brand's colour carries text and is checked for contrast; the other one only decorates.
    """

    logo = models.FileField(
        _("логотип"),
        upload_to="brand",
        blank=True,
        help_text=_("SVG, PNG, JPEG или WebP до 1 МБ. Лучше всего квадратный знак без надписи."),
    )
    brand_colour = models.CharField(
        _("основной цвет"),
        max_length=7,
        default="#0057a8",
        validators=[colour_format, validate_readable],
        help_text=_("Кнопки и ссылки. Надписи белым по нему должны читаться."),
    )
    accent_colour = models.CharField(
        _("дополнительный цвет"),
        max_length=7,
        default="#f4a62a",
        validators=[colour_format],
        help_text=_("Только украшения: надписей этим цветом нет."),
    )
    phone = models.CharField(_("справочная"), max_length=30, blank=True, validators=[phone_format])
    contact_centre_phone = models.CharField(
        _("контакт-центр"), max_length=30, blank=True, validators=[phone_format]
    )
    emergency_phone = models.CharField(
        _("аварийная служба"), max_length=30, blank=True, validators=[phone_format]
    )
    email = models.EmailField(_("электронная почта"), blank=True)
    app_store_url = models.URLField(
        _("App Store"), blank=True, validators=[shop(r"apps\.apple\.com", "App Store")]
    )
    google_play_url = models.URLField(
        _("Google Play"), blank=True, validators=[shop(r"play\.google\.com", "Google Play")]
    )
    rustore_url = models.URLField(
        _("RuStore"), blank=True, validators=[shop(r"(?:apps\.)?rustore\.ru", "RuStore")]
    )
    payment_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("страница о способах оплаты"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    entry_text = models.TextField(
        _("на странице входа"), max_length=300, blank=True, help_text=_("Одно-два предложения.")
    )
    footer_text = models.TextField(_("внизу страниц"), max_length=300, blank=True)

    base_form_class = BrandSettingsForm
    panels = [
        MultiFieldPanel(
            [FieldPanel("logo"), FieldPanel("brand_colour"), FieldPanel("accent_colour")],
            _("Оформление"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("phone"),
                FieldPanel("contact_centre_phone"),
                FieldPanel("emergency_phone"),
                FieldPanel("email"),
            ],
            _("Контакты"),
        ),
        MultiFieldPanel(
            [
                HelpPanel(_("Кнопки появятся на странице входа.")),
                FieldPanel("app_store_url"),
                FieldPanel("google_play_url"),
                FieldPanel("rustore_url"),
            ],
            _("Мобильные приложения"),
        ),
        MultiFieldPanel(
            [
                HelpPanel(_("В личном кабинете к ней ведёт ссылка «Как оплатить».")),
                PageChooserPanel("payment_page"),
            ],
            _("Оплата"),
        ),
        MultiFieldPanel([FieldPanel("entry_text"), FieldPanel("footer_text")], _("Тексты")),
    ]

    class Meta:
        verbose_name = _("оформление и контакты")

    @property
    def phone_href(self) -> str:
        return phone_href(self.phone)

    @property
    def call(self) -> dict[str, str] | None:
        """Return `number` and `href` of where people are helped; None while there is none."""
        number = self.phone or self.contact_centre_phone
        return {"number": number, "href": phone_href(number)} if number else None

    @property
    def phones(self) -> list[dict[str, str]]:
        """Return the numbers that are filled in, with their names, for the footer and contacts."""
        names = ("phone", "contact_centre_phone", "emergency_phone")
        known = [(name, getattr(self, name)) for name in names if getattr(self, name)]
        return [
            {
                "label": str(self._meta.get_field(name).verbose_name).capitalize(),
                "number": number,
                "href": phone_href(number),
            }
            for name, number in known
        ]

    @property
    def apps(self) -> list[dict[str, str]]:
        """Return the shops that have the company's application."""
        shops = (
            ("App Store", self.app_store_url),
            ("Google Play", self.google_play_url),
            ("RuStore", self.rustore_url),
        )
        return [{"label": label, "url": url} for label, url in shops if url]


def brand_version(brand: BrandSettings) -> str:
    """Return a hash of the colours, so that browsers may keep the style sheet for a year."""
    text = f"{brand.brand_colour}{brand.accent_colour}"
    return hashlib.sha256(text.encode()).hexdigest()[:8]
