from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.contacts import EmailField
from portal.captcha.fields import CaptchaField


class RegistrationForm(forms.Form):
    email = EmailField(help_text=_("Пришлём на него ссылку для подтверждения."))
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
