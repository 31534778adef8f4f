"""Blocks of contacts, and links that dial a number."""

from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms_pages.blocks.comparing import ItemsBlock


def phone_href(number: str) -> str:
    """Return a number for a `tel:` link: digits and the leading plus.

    A number of ten digits, as it is written in Russia with its town's code, gets the country's code: with
    the digits alone a mobile telephone dials another number.
    """
    digits = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return f"+7{digits}" if len(digits) == 10 and digits.isdigit() else digits


phone_validator = RegexValidator(
    r"^\+?[\d\s()\-]{3,25}\Z",
    _("Телефон — цифры, скобки, пробелы и дефисы, например 8 (8112) 59-50-50."),
)


class PhoneValue(blocks.StructValue):
    @property
    def href(self) -> str:
        return phone_href(str(self.get("number", "")))


class PhoneBlock(blocks.StructBlock):
    number = blocks.CharBlock(label=_("номер"), max_length=25, validators=[phone_validator])
    note = blocks.CharBlock(label=_("пояснение"), required=False, max_length=80)

    class Meta:
        value_class = PhoneValue


class ContactBlock(blocks.StructBlock):
    """A person, a desk or a department."""

    name = blocks.CharBlock(label=_("кто или что"), max_length=120)
    role = blocks.CharBlock(label=_("должность или пояснение"), required=False, max_length=160)
    phones = ItemsBlock(PhoneBlock(), label=_("телефоны"), default=[])
    email = blocks.EmailBlock(label=_("электронная почта"), required=False)
    address = blocks.CharBlock(label=_("адрес"), required=False, max_length=250)
    hours = blocks.TextBlock(label=_("часы работы"), required=False, rows=2)

    class Meta:
        icon = "user"
        label = _("Контакты")
        template = "cms_pages/blocks/contact.html"


class ContactsBlock(blocks.StreamBlock):
    contact: Any = ContactBlock()
