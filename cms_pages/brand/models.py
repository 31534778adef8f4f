"""Settings of a company's site: logo, colours, telephones, applications, texts."""

import hashlib

from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.settings.models import BaseSiteSetting

from cms_pages.brand.colour_input import ColourInput
from cms_pages.brand.colours import validate_readable
from cms_pages.brand.logo import BrandSettingsForm
from cms_pages.brand.phones import CompanyPhone, call_of
from cms_pages.review.models import Reviewed, review_permissions
from portal.formats.phones import PhoneNumberField

colour_format = RegexValidator(
    r"^#[0-9a-fA-F]{6}\Z", _("Цвет — решётка и шесть знаков, например #0057a8.")
)


def shop(host: str, name: str) -> RegexValidator:
    """Return a validator of an address in one shop of applications: a link must not lead elsewhere."""
    return RegexValidator(
        rf"^https://(www\.)?{host}/",
        _("Вставьте адрес страницы приложения из %(shop)s: https://%(host)s/…")
        % {"shop": name, "host": host.replace("\\", "")},
    )


class BrandSettings(Reviewed, BaseSiteSetting):
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
    phone = PhoneNumberField(_("справочная"), blank=True)
    contact_centre_phone = PhoneNumberField(_("контакт-центр"), blank=True)
    emergency_phone = PhoneNumberField(_("аварийная служба"), blank=True)
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
            [
                FieldPanel("logo"),
                FieldPanel("brand_colour", widget=ColourInput(carries_text=True)),
                FieldPanel("accent_colour", widget=ColourInput()),
            ],
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
        verbose_name_plural = _("оформление и контакты")
        permissions = review_permissions("brandsettings")

    def __str__(self) -> str:
        return "Оформление и контакты"

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the home page in this brand: pages read it from the request."""
        setattr(request, self.get_cache_attr_name(), self)
        request.is_brand_preview = True  # type: ignore[attr-defined]
        return super().serve_preview(request, mode_name)

    @property
    def call(self) -> dict[str, str] | None:
        """Return `number` and `href` of where people are helped; None while there is none."""
        number = self.phone or self.contact_centre_phone
        return call_of(number) if number else None

    @property
    def phones(self) -> list[dict[str, str]]:
        """Return the numbers that are filled in, with their names, for the footer and contacts."""
        return [
            {
                "label": str(getattr(self._meta.get_field(name), "verbose_name", "")).capitalize(),
                **call_of(getattr(self, name)),
            }
            for name in CompanyPhone.values
            if getattr(self, name)
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
