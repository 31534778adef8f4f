"""Blocks of contacts, and links that dial a number."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms_pages.blocks.comparing import ItemsBlock, NamedChoiceBlock
from cms_pages.brand.phones import CompanyPhone, company_numbers, phone_or_reference
from portal.formats.phones import PhoneFormField, phone_href, phone_shown


class PhoneValue(blocks.StructValue):
    @property
    def href(self) -> str:
        return phone_href(self.value)

    @property
    def shown(self) -> str:
        return phone_shown(self.value)

    @property
    def value(self) -> str:
        """Return the number, stored or referred to; "" where the settings have none."""
        which = self.get("which")
        return company_numbers().get(which, "") if which else str(self.get("number") or "")


class NumberBlock(blocks.FieldBlock):
    """A number that is read and shown as `PhoneNumberField` does."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = PhoneFormField(required=False, max_length=40)
        super().__init__(**kwargs)


class PhoneBlock(blocks.StructBlock):
    """The company's own number by its name, or another one (see `PhoneReference`)."""

    which = NamedChoiceBlock(
        choices=CompanyPhone.choices,
        label=_("телефон компании"),
        required=False,
        help_text=_("Изменится сам, когда его изменят в настройках."),
    )
    number = NumberBlock(label=_("или другой номер"), required=False)
    note = blocks.CharBlock(label=_("пояснение"), required=False, max_length=80)

    class Meta:
        value_class = PhoneValue

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        try:
            cleaned["which"], cleaned["number"] = phone_or_reference(
                cleaned["which"] or "", cleaned["number"] or ""
            )
        except ValidationError as error:
            raise blocks.StructBlockValidationError({"number": error}) from error
        return cleaned


class ContactValue(blocks.StructValue):
    @property
    def has_only_unknown_numbers(self) -> bool:
        """Return whether it has nothing to show yet but its name: the settings lack its numbers."""
        said = [self.get(name) for name in ("role", "email", "address", "hours")]
        phones = self.get("phones") or []
        return bool(phones) and not any(said) and not any(phone.value for phone in phones)


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
        value_class = ContactValue


class ContactsBlock(blocks.StreamBlock):
    contact: Any = ContactBlock()
