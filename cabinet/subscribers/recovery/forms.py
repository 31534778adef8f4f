from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.contact_form import ContactForm
from cabinet.subscribers.contacts import EmailField
from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.passwords import LONGEST, NewPasswordField, contacts_of, password_check
from portal.captcha.fields import CaptchaField


class RecoveryForm(ContactForm):
    to_phone = _("восстановить пароль по номеру телефона")
    to_email = _("восстановить пароль по Email")

    captcha = CaptchaField()


class RecoveryByAccountForm(forms.Form):
    """As the fund's manual has it (3.8.3)."""

    account_number = forms.CharField(
        label=_("Лицевой счёт"),
        max_length=40,
        help_text=_("Он напечатан в квитанции вверху."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Укажите номер лицевого счёта.")},
    )
    email = EmailField()
    captcha = CaptchaField()

    def clean_account_number(self) -> str:
        number = "".join(str(self.cleaned_data["account_number"]).split())
        if len(number) > 30:
            raise ValidationError(_("Проверьте номер лицевого счёта: он короче."))
        return number


class NewPasswordForm(forms.Form):
    """Twice the same, and as good as a registration asks for."""

    new_password = NewPasswordField()
    repeated_password = forms.CharField(
        label=_("Повторите новый пароль"),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "maxlength": False}),
        error_messages={
            "required": _("Повторите новый пароль."),
            "max_length": _("Пароль слишком длинный: больше 256 знаков мы не принимаем."),
        },
    )

    def __init__(self, *args: Any, subscriber: Subscriber, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subscriber = subscriber
        self.fields["new_password"].label = _("Новый пароль")

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        for contact in contacts_of(self.subscriber):
            password_check(password, contact)
        return password

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        password, repeated = cleaned.get("new_password"), cleaned.get("repeated_password")
        if password and repeated and password != repeated:
            text = _("Пароли не совпадают. Введите один и тот же пароль дважды.")
            self.add_error("repeated_password", text)
        return cleaned
