"""Forms of «Настройки»: password, e-mail address, telephone."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.contact_forms import EmailField, PhoneField
from cabinet.subscribers.passwords import (
    ConfirmedForm,
    CurrentPasswordField,
    NewPasswordForm,
    password_assert,
)


class PasswordForm(NewPasswordForm):
    """«Смена пароля»."""

    current_password = CurrentPasswordField(_("Текущий пароль"))
    field_order = ["current_password", "new_password", "repeated_password"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="password_%s", **kwargs)

    def clean_current_password(self) -> str:
        typed = str(self.cleaned_data["current_password"])
        password_assert(self.subscriber, typed)
        return typed

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        current = cleaned.get("current_password")
        if current and current == cleaned.get("new_password"):
            self.add_error("new_password", _("Это ваш нынешний пароль. Придумайте другой."))
        return cleaned


class EmailChangeForm(ConfirmedForm):
    email = EmailField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="email_%s", **kwargs)
        self.fields["email"].label = _("Новый адрес")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if email == self.subscriber.email:
            raise ValidationError(_("Этот адрес электронной почты у вас уже указан."))
        return email


class PhoneChangeForm(ConfirmedForm):
    phone = PhoneField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="phone_%s", **kwargs)
        self.fields["phone"].label = _("Новый номер телефона")

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone == self.subscriber.phone:
            raise ValidationError(_("Этот номер у вас уже указан."))
        return phone
