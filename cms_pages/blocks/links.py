"""Links to a page or an address; cards and buttons made of them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from cms_pages.blocks.comparing import NamedChoiceBlock
from portal.formats.phones import phone_href

# No `javascript:`, and no `//host`, which looks like an address of this site.
address_validator = RegexValidator(
    r"^(https?://\S+|/(?!/)\S*|tel:[+\d]+|mailto:\S+@\S+)\Z",
    _("Адрес начинается с https://, с /, с tel: или с mailto:."),
)


class LinkValue(blocks.StructValue):
    @property
    def href(self) -> str:
        """Return the address, or an empty string when the page is gone or not published."""
        page = self.get("page")
        if page is not None:
            return str(page.url or "") if page.live else ""
        address = str(self.get("address") or "")
        if address.startswith("tel:"):
            return f"tel:{phone_href(address)}"
        return address


class LinkBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("надпись"), max_length=80)
    page = blocks.PageChooserBlock(label=_("страница сайта"), required=False)
    address = blocks.CharBlock(
        label=_("или адрес"),
        required=False,
        max_length=500,
        validators=[address_validator],
        help_text=_("Например /guest/readings/ или https://www.gosuslugi.ru/"),
    )

    class Meta:
        value_class = LinkValue

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned.get("page")) == bool(cleaned.get("address")):
            message = _("Выберите страницу сайта или напишите адрес — что-то одно.")
            raise StructBlockValidationError(block_errors={"address": ValidationError(message)})
        return cleaned


class ButtonBlock(LinkBlock):
    main = blocks.BooleanBlock(
        label=_("главная кнопка"),
        required=False,
        default=True,
        help_text=_("Залитая цветом. На странице хватает одной."),
    )

    class Meta:
        icon = "link"
        label = _("Кнопка")
        template = "cms_pages/blocks/button.html"


class QuickLinkBlock(LinkBlock):
    icon = NamedChoiceBlock(
        label=_("значок"),
        default="info",
        choices=[
            ("payment", _("карта")),
            ("meter", _("счётчик")),
            ("rouble", _("цены")),
            ("charges", _("график")),
            ("receipts", _("квитанция")),
            ("document", _("документ")),
            ("flame", _("газ")),
            ("gas-smell", _("запах газа")),
            ("alert", _("внимание")),
            ("service", _("обслуживание")),
            ("centre", _("офис")),
            ("pin", _("место на карте")),
            ("calendar", _("календарь")),
            ("works", _("работы")),
            ("about", _("дом")),
            ("news", _("новости")),
            ("mail", _("письмо")),
            ("phone", _("телефон")),
            ("info", _("сведения")),
        ],
    )
    note = blocks.CharBlock(label=_("пояснение"), required=False, max_length=140)


class QuickLinksBlock(blocks.StreamBlock):
    link = QuickLinkBlock(label=_("Ссылка"), icon="link")
