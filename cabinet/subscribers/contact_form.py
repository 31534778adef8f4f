"""Forms that ask for an address or a telephone, whichever the person has at hand."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.contacts import Contact, EmailField, Kind, PhoneField


class ContactForm(forms.Form):
    """One of the two fields is asked for and read; templates/cabinet/subscribers/contact.html shows it.

    `by` chooses: the hidden field of a form that is sent, else the argument. Both inputs stand on the
    page, so that switching with scripts loses nothing; without them the link asks for the page anew.
    """

    by = forms.CharField(required=False, widget=forms.HiddenInput)
    email = EmailField(label="Email")  # as in the manual; Django would translate it
    phone = PhoneField()

    # Words of the links beside the fields.
    to_phone = _("по номеру телефона")
    to_email = _("по адресу почты")

    def __init__(
        self, data: Any = None, *, by: str = "", phone_offered: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        asked = (data.get("by", "") if data is not None else "") or by
        self.phone_offered = phone_offered
        self.chosen: Kind = "phone" if asked == "phone" and phone_offered else "email"
        self.initial["by"] = self.chosen
        for name in ("email", "phone"):
            field = self.fields[name]
            field.ignored = name != self.chosen  # type: ignore[attr-defined]
            field.required = name == self.chosen

    @property
    def contact(self) -> Contact | None:
        """Of a form whose contact is right."""
        value = self.cleaned_data.get(self.chosen)
        return Contact(self.chosen, value) if value else None


def asked_by(request: HttpRequest) -> str:
    """What the link beside the field asks for."""
    return request.GET.get("by", "")
