"""Forms of login, registration and password recovery."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.consents.documents import ConsentField, Document
from cabinet.subscribers.contact_forms import ContactForm, EmailField
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.passwords import CurrentPasswordField, NewPasswordField, password_check
from portal.captcha.fields import CaptchaField
from portal.formats.text import number_key


class LoginForm(ContactForm):
    to_phone = _("вход по номеру телефона")
    to_email = _("вход по Email")

    password = CurrentPasswordField(_("Пароль"), required=_("Введите пароль."))


class NewCabinetForm(forms.Form):
    """A new password and the consents, for the owner of `contact`."""

    kinds: list[str]

    @property
    def contact(self) -> Contact | None:
        raise NotImplementedError

    def ask(self, documents: list[Document]) -> None:
        """Add the fields: which documents there are differs by company."""
        self.fields["password"] = NewPasswordField()
        self.kinds = [document.kind for document in documents]
        for document in documents:
            self.fields[document.kind] = ConsentField(document)

    def clean(self) -> dict[str, Any]:
        password = self.cleaned_data.get("password")
        if password:
            try:
                password_check(password, self.contact)
            except ValidationError as error:
                self.add_error("password", error)
        return self.cleaned_data

    @property
    def accepted(self) -> list[Document]:
        """Return the documents whose boxes are ticked: all of them in a valid form."""
        return [self.cleaned_data[kind] for kind in self.kinds]


class RegistrationForm(ContactForm, NewCabinetForm):
    to_phone = _("регистрация по номеру телефона")
    to_email = _("регистрация по Email")

    def __init__(self, *args: Any, documents: list[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("Пришлём письмо со ссылкой для подтверждения.")
        self.fields["phone"].help_text = _("Российский мобильный. Пришлём код в СМС.")
        self.ask(documents)
        self.fields["captcha"] = CaptchaField()


class ConfirmForm(forms.Form):
    """The password of a registration that is confirmed in another browser."""

    password = CurrentPasswordField(
        _("Пароль, который вы придумали при регистрации"),
        required=_("Введите пароль или задайте новый."),
    )


class ConfirmAnewForm(NewCabinetForm):
    """A new password instead of the one of the registration, and the consents anew."""

    def __init__(
        self, *args: Any, contact: Contact, documents: list[Document], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._contact = contact
        self.ask(documents)
        self.fields["password"].label = _("Новый пароль")

    @property
    def contact(self) -> Contact:
        return self._contact


class RecoveryForm(ContactForm):
    to_phone = _("восстановить пароль по номеру телефона")
    to_email = _("восстановить пароль по Email")

    captcha = CaptchaField()


class RecoveryByAccountForm(forms.Form):
    """Recovery in a fund's cabinet, as its manual has it (3.8.3)."""

    account_number = forms.CharField(
        label=_("Лицевой счёт"),
        max_length=40,
        help_text=_("Напечатан вверху квитанции"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Укажите номер лицевого счёта.")},
    )
    email = EmailField()
    captcha = CaptchaField()

    def clean_account_number(self) -> str:
        number = number_key(self.cleaned_data["account_number"])
        if not number:
            raise ValidationError(_("Укажите номер лицевого счёта."))
        if len(number) > 30:
            raise ValidationError(_("Проверьте номер лицевого счёта: он короче."))
        return number
