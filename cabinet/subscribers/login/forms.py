from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.contacts import EmailField


class LoginForm(forms.Form):
    email = EmailField()
    password = forms.CharField(
        label=_("Пароль"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Введите пароль.")},
    )
