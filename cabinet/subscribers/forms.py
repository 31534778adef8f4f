from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.captcha.fields import CaptchaField


class AddressField(forms.EmailField):
    """An e-mail address in the form in which it is compared: no spaces around, lower case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Электронная почта"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages={
                "required": _("Укажите адрес электронной почты."),
                "invalid": _("Проверьте адрес: он выглядит как name@mail.ru."),
            },
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).lower()


class LoginForm(forms.Form):
    email = AddressField()
    password = forms.CharField(
        label=_("Пароль"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Введите пароль.")},
    )


class RegistrationForm(forms.Form):
    email = AddressField(help_text=_("Пришлём на него ссылку для подтверждения."))
    password = forms.CharField(
        label=_("Пароль"),
        max_length=128,
        strip=False,
        help_text=_("Не короче 8 знаков, не только цифры."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Придумайте пароль.")},
    )
    consent = forms.BooleanField(
        label=_("Даю согласие на обработку персональных данных"),
        error_messages={"required": _("Без согласия мы не можем завести личный кабинет.")},
    )
    captcha = CaptchaField()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        password, email = cleaned.get("password"), cleaned.get("email", "")
        if password:
            try:
                validate_password(password)
                if email and email.partition("@")[0] in password.lower():
                    raise ValidationError(_("Пароль не должен содержать ваш адрес."))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned
