"""E-mail addresses and telephones of people: how they are typed, and how they are compared."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from django import forms
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberFormat, format_number, parse

from cabinet.subscribers.typed_email import email_normal
from cabinet.subscribers.typed_phone import phone_normal

__all__ = ["Contact", "EmailField", "PhoneField", "email_normal", "phone_normal"]

Kind = Literal["email", "phone"]


class HasContact(Protocol):
    @property
    def email(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...


@dataclass(frozen=True)
class Contact:
    """An address in lower case, or a telephone as `+79111234567`."""

    kind: Kind
    value: str

    @classmethod
    def of(cls, owner: HasContact) -> "Contact":
        """The one that messages go to: the address, the telephone of who has no address."""
        return cls("email", owner.email) if owner.email else cls("phone", str(owner.phone))

    def lookup(self) -> dict[str, str]:
        """The condition under which a subscriber, or a registration, has this contact."""
        return {self.kind: self.value}

    @property
    def key(self) -> str:
        """For counters: says nothing to who reads them."""
        return salted_hmac("cabinet.contact", f"{self.kind}:{self.value}").hexdigest()

    def __str__(self) -> str:
        """As people write it: `+7 911 123-45-67`."""
        if self.kind == "email":
            return self.value
        return format_number(parse(self.value), PhoneNumberFormat.INTERNATIONAL)


class EmailField(forms.CharField):
    """An e-mail address in the form in which it is compared (`typed_email`)."""

    ignored = False  # of a form that asks for a telephone at the moment

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Электронная почта"))
        super().__init__(
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages={"required": _("Укажите адрес электронной почты.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        typed = "" if self.ignored else str(super().clean(value))
        return email_normal(typed) if typed else ""


class PhoneField(forms.CharField):
    """A Russian mobile telephone, however it is typed, as `+79111234567` (`typed_phone`)."""

    ignored = False  # of a form that asks for an address at the moment

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Номер телефона"))
        super().__init__(
            max_length=40,
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            error_messages={"required": _("Укажите номер телефона.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        typed = "" if self.ignored else str(super().clean(value))
        return phone_normal(typed) if typed else ""
