"""Fields and forms that ask for an e-mail address or telephone, and for the code that confirms it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cabinet.subscribers.contacts import Contact, Kind, email_normal
from portal.formats.phones import phone_normal
from portal.secrets import code_typed


class EmailField(forms.CharField):
    """An e-mail address, cleaned to the form in which it is compared."""

    ignored = False  # in a form that asks for a telephone at the moment

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Электронная почта"))
        super().__init__(
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages={"required": gettext_lazy("Укажите адрес электронной почты.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        typed = "" if self.ignored else str(super().clean(value))
        return email_normal(typed) if typed else ""


class PhoneField(forms.CharField):
    """A Russian mobile telephone, cleaned to `+79111234567`."""

    ignored = False  # in a form that asks for an address at the moment

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Номер телефона"))
        super().__init__(
            max_length=40,
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            error_messages={"required": gettext_lazy("Укажите номер телефона.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        typed = "" if self.ignored else str(super().clean(value))
        return phone_normal(typed) if typed else ""


class ContactForm(forms.Form):
    """A form with an address and a telephone, of which one is asked for and read.

    `by` chooses: the hidden field of a form that is sent, else the argument. Both inputs are on the page,
    so that switching with scripts loses nothing; without scripts the link asks for the page anew.
    Shown by templates/cabinet/subscribers/contact.html.
    """

    by = forms.CharField(required=False, widget=forms.HiddenInput)
    email = EmailField(label="Email")  # as in the manual; Django would translate it
    phone = PhoneField()

    # Words of the links beside the fields.
    to_phone = gettext_lazy("по номеру телефона")
    to_email = gettext_lazy("по адресу почты")

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
        """Return the contact of a form in which it is valid."""
        value = self.cleaned_data.get(self.chosen)
        return Contact(self.chosen, value) if value else None


def asked_by(request: HttpRequest) -> str:
    """Return the kind of contact that the link beside the field asks for."""
    return request.GET.get("by", "")


class SmsCodeForm(forms.Form):
    """Six digits of an SMS; with `by_email`, of a letter."""

    wrong: Any = gettext_lazy("Код не подошёл. Проверьте цифры в СМС.")

    code = forms.CharField(
        label=gettext_lazy("Код из СМС"),
        help_text=gettext_lazy("Шесть цифр из СМС"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={
            "required": gettext_lazy("Введите код из СМС."),
            "max_length": gettext_lazy("В коде шесть цифр."),
        },
    )

    def __init__(self, *args: Any, by_email: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_email:
            self.wrong = _("Код не подошёл. Проверьте цифры в письме.")
            self.fields["code"].label = _("Код из письма")
            self.fields["code"].help_text = _("Шесть цифр из письма")
            self.fields["code"].error_messages["required"] = _("Введите код из письма.")

    def clean_code(self) -> str:
        code = code_typed(self.cleaned_data["code"])
        if not code:
            raise ValidationError(_("В коде шесть цифр."))
        return code

    def refuse(self, tries_left: int) -> None:
        """Add the error of a wrong code; 0 tries left means that a new code is needed."""
        if not tries_left:
            self.add_error("code", _("Этот код больше не действует. Запросите новый."))
            return
        left = ngettext("Осталась %(n)d попытка.", "Осталось %(n)d попыток.", tries_left)
        self.add_error("code", f"{self.wrong} {left % {'n': tries_left}}")
