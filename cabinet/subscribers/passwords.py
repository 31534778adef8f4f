"""What a subscriber's password must be like; the page says it beforehand, the server has the last word."""

import re

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.subscribers.contacts import Contact, Kind
from cabinet.subscribers.models import Subscriber

LONGEST = 256  # characters; hashing more would be work for nothing
SHORTEST_NAME = 4  # letters: a shorter piece of an address may well be in any password

# Looked at while typing by portal/assets/js/password-rules.js under the same names.
RULES = {
    "length": gettext_lazy("Не короче 8 знаков"),
    "digits": gettext_lazy("Не только цифры"),
    "contact": gettext_lazy("Без вашего имени, адреса и телефона"),
    "common": gettext_lazy("Не из самых частых: qwerty123 угадывают за секунду"),
}


# By the codes of Django's validators, whose own words are long.
_WRONG = {
    "password_too_short": gettext_lazy("Пароль короче 8 знаков."),
    "password_entirely_numeric": gettext_lazy("В пароле одни цифры: добавьте букву или знак."),
    "password_too_common": gettext_lazy("Такой пароль угадывают первым. Придумайте другой."),
}


class NewPasswordField(forms.CharField):
    """A password that somebody thinks up, its rules beside it."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Пароль"),
            max_length=LONGEST,
            strip=False,
            help_text=rules_html(),
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "maxlength": False}),
            error_messages={
                "required": _("Придумайте пароль."),
                "max_length": _("Пароль слишком длинный: больше 256 знаков мы не принимаем."),
            },
        )


def rules_html() -> SafeString:
    """A list; with scripts each rule that is kept gets its tick while the password is typed."""
    items = format_html_join("", '<li data-rule="{}">{}</li>', RULES.items())
    return SafeString(f'<ul class="rules" data-password-rules>{items}</ul>')


def password_check(password: str, contact: Contact | None) -> None:
    """Raises ValidationError with all that is wrong; `contact` is the address or telephone it is for."""
    errors: list[ValidationError] = []
    try:
        validate_password(password)
    except ValidationError as error:
        errors += [
            ValidationError(_WRONG[one.code], code=one.code) if one.code in _WRONG else one
            for one in error.error_list
        ]
    if contact and _contains(password, contact):
        errors.append(
            ValidationError(
                _("Пароль не должен содержать ваше имя, адрес или номер телефона."), code="contact"
            )
        )
    if errors:
        raise ValidationError(errors)


def contacts_of(subscriber: Subscriber) -> list[Contact]:
    """What the person's password must not be made of."""
    kinds: list[tuple[Kind, str | None]] = [
        ("email", subscriber.email),
        ("phone", subscriber.phone),
    ]
    return [Contact(kind, value) for kind, value in kinds if value]


def _contains(password: str, contact: Contact) -> bool:
    if contact.kind == "phone":
        return contact.value[-10:] in re.sub(r"\D", "", password)
    name = contact.value.partition("@")[0]
    pieces = {name, *re.split(r"[\W\d_]+", name)}
    return any(piece in password.lower() for piece in pieces if len(piece) >= SHORTEST_NAME)
