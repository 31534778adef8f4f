"""«Пароль от личного кабинета»: asked again before what a borrowed telephone must not do."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from limits import RateLimitItemPerHour

from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.passwords import LONGEST
from portal.limits import CountersDown, RateLimit

_wrong = RateLimit("settings-password", RateLimitItemPerHour(10))


class CurrentPasswordField(forms.CharField):
    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            max_length=LONGEST,
            strip=False,
            widget=forms.PasswordInput(
                attrs={"autocomplete": "current-password", "maxlength": False}
            ),
            error_messages={
                "required": gettext_lazy("Введите пароль, с которым вы входите."),
                "max_length": gettext_lazy("Пароль длиннее 256 знаков у нас не бывает."),
            },
            **kwargs,
        )


class ConfirmedForm(forms.Form):
    """A form that begins with the present password. `subscriber` is its owner."""

    current_password = CurrentPasswordField(gettext_lazy("Пароль от личного кабинета"))

    def __init__(self, *args: Any, subscriber: Subscriber, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subscriber = subscriber

    def clean_current_password(self) -> str:
        typed = str(self.cleaned_data["current_password"])
        password_assert(self.subscriber, typed)
        return typed


def password_assert(subscriber: Subscriber, typed: str) -> None:
    """Raises ValidationError for a wrong one, or after ten wrong ones within an hour."""
    key = str(subscriber.pk)
    try:
        blocked = _wrong.seconds_left(key) > 0
    except CountersDown:
        blocked = False
    if blocked:
        raise ValidationError(
            _("Слишком много неверных попыток. Попробуйте через час или восстановите пароль.")
        )
    if not subscriber.check_password(typed):
        try:
            _wrong.spend(key)
        except CountersDown:
            pass
        raise ValidationError(_("Пароль неверный. Проверьте язык и регистр ввода."))
