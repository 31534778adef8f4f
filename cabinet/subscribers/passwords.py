"""Passwords of subscribers: rules, fields and forms, the check of the present one, the change."""

import re
from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from limits import RateLimitItemPerHour

from cabinet.subscribers.contacts import Contact, Kind
from cabinet.subscribers.models import LoginUnlockLink, Subscriber, SubscriberSession
from cabinet.subscribers.notify import page_address, subscriber_notify
from cabinet.subscribers.sessions import SessionRefused, sessions_end, subscriber_lock
from cabinet.subscribers.settings.later_contacts import contact_added_later, contact_drop
from portal.limits import RateLimit
from tenants.models import GasCompany

_wrong = RateLimit("settings-password", RateLimitItemPerHour(10))
LONGEST = 256  # characters; hashing more would be work for nothing
SHORTEST_NAME = 4  # letters: a shorter piece of an address may well be in any password

# Looked at while typing by portal/assets/js/password-rules.js under the same names.
RULES = {
    "length": gettext_lazy("Не короче 8 знаков"),
    "digits": gettext_lazy("Не только цифры"),
    "contact": gettext_lazy("Без имени, адреса почты и телефона"),
    "common": gettext_lazy("Не из самых распространённых, как qwerty123"),
}


# By the codes of Django's validators, whose own words are long.
_WRONG = {
    "password_too_short": gettext_lazy("Пароль короче 8 знаков."),
    "password_entirely_numeric": gettext_lazy("В пароле одни цифры: добавьте букву или знак."),
    "password_too_common": gettext_lazy("Слишком простой пароль. Придумайте другой."),
}


class NewPasswordField(forms.CharField):
    """A new password, with its rules beside it."""

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
    """Return the rules as a list, in which a script ticks what the typed password fulfils."""
    items = format_html_join("", '<li data-rule="{}">{}</li>', RULES.items())
    return SafeString(f'<ul class="rules" data-password-rules>{items}</ul>')


def password_check(password: str, contact: Contact | None) -> None:
    """Check a new password for the owner of `contact`; ValidationError lists all that is wrong."""
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
                _("Пароль не должен содержать имя, адрес почты или номер телефона."), code="contact"
            )
        )
    if errors:
        raise ValidationError(errors)


def contacts_of(subscriber: Subscriber) -> list[Contact]:
    """Return the person's contacts, which the password must not contain."""
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


class NewPasswordForm(forms.Form):
    """A new password, typed twice, by the rules of registration."""

    new_password = NewPasswordField()
    repeated_password = forms.CharField(
        label=gettext_lazy("Повторите новый пароль"),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "maxlength": False}),
        error_messages={
            "required": gettext_lazy("Повторите новый пароль."),
            "max_length": gettext_lazy(
                "Пароль слишком длинный: больше 256 знаков мы не принимаем."
            ),
        },
    )

    def __init__(self, *args: Any, subscriber: Subscriber, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subscriber = subscriber
        self.fields["new_password"].label = gettext_lazy("Новый пароль")

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


class RecoveredPasswordForm(NewPasswordForm):
    """A new password after a recovery, and whether a contact that was added later is one's own."""

    keep = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("Контакты изменились. Проверьте их ещё раз.")
        },
    )

    def __init__(self, *args: Any, by: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        later = contact_added_later(self.subscriber, by)
        if later is None:
            del self.fields["keep"]
            return
        is_phone = later.kind == "phone"
        label = (
            _("Это мой номер телефона: %s")
            if is_phone
            else _("Это мой адрес электронной почты: %s")
        )
        keep = self.fields["keep"]
        keep.label = (
            _("Ваш ли это номер?") if is_phone else _("Ваш ли это адрес электронной почты?")
        )
        keep.help_text = _(
            "Отметьте, если да. Иначе мы уберём его из кабинета: возможно, его добавил тот, кто узнал ваш "
            "прежний пароль."
        )
        keep.choices = [(later.value, label % later)]  # type: ignore[attr-defined]


_PASSWORD_OF_LOGIN = gettext_lazy("Введите пароль, с которым вы входите.")


class CurrentPasswordField(forms.CharField):
    """The password that somebody has already; `required` is what the form says without it."""

    def __init__(
        self,
        label: Any,
        required: Any = _PASSWORD_OF_LOGIN,
    ) -> None:
        super().__init__(
            label=label,
            max_length=LONGEST,
            strip=False,
            widget=forms.PasswordInput(
                attrs={"autocomplete": "current-password", "maxlength": False}
            ),
            error_messages={
                "required": required,
                "max_length": gettext_lazy("Пароль длиннее 256 знаков не подойдёт."),
            },
        )


class ConfirmedForm(forms.Form):
    """A form that asks for the present password of `subscriber` before what a thief must not do."""

    current_password = CurrentPasswordField(gettext_lazy("Пароль от личного кабинета"))

    def __init__(self, *args: Any, subscriber: Subscriber, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subscriber = subscriber

    def clean_current_password(self) -> str:
        typed = str(self.cleaned_data["current_password"])
        password_assert(self.subscriber, typed)
        return typed


def password_assert(subscriber: Subscriber, typed: str) -> None:
    """Check the present password; ValidationError for a wrong one or after ten in an hour."""
    key = str(subscriber.pk)
    if _wrong.is_exhausted(key, when_down=False):
        raise ValidationError(
            _("Слишком много неверных попыток. Попробуйте через час или восстановите пароль.")
        )
    if not subscriber.check_password(typed):
        _wrong.try_spend(key, when_down=False)
        raise ValidationError(_("Пароль неверный. Проверьте язык, заглавные и строчные буквы."))


def password_change(
    *,
    subscriber: Subscriber,
    session: SubscriberSession,
    new_password: str,
    company: GasCompany,
    keep: Collection[str] = (),
) -> Subscriber:
    """Set a password and end all other logins, hand-offs, unlock links, unconfirmed changes of contacts.

    A recovery also ends known browsers, and the contact that was added later than the one by which it was
    made, unless that is one of `keep`. `subscriber` as read when the present password was checked; returned
    as it is now. Raises SessionRefused when the password was changed, or this login ended, in the meantime.
    """
    hashed = make_password(new_password)  # slow, so before the lock
    with transaction.atomic():
        locked = subscriber_lock(subscriber.pk)
        is_there = SubscriberSession.objects.filter(pk=session.pk).exists()
        if locked is None or locked.password != subscriber.password or not is_there:
            raise SessionRefused
        locked.password = hashed
        dropped = None
        if session.recovering_by:
            locked.recovered_at = timezone.now()
            dropped = contact_drop(locked, session.recovering_by, keep)
        locked.save(update_fields=["password", "recovered_at"])
        sessions_end(subscriber=locked, but=session)
        SubscriberSession.objects.filter(pk=session.pk).update(recovering_by="")
        locked.temporary_passwords.all().delete()
        LoginUnlockLink.objects.filter(subscriber=locked).delete()
        locked.contact_changes.filter(confirmed_at=None).delete()
        subscriber_notify(
            subscriber=locked,
            kind="password_changed",
            context={
                "company_name": company.name,
                "url": page_address(company, "recover"),
                "dropped": str(dropped or ""),
                "dropped_is_phone": dropped is not None and dropped.kind == "phone",
                "settings_url": page_address(company, "settings"),
            },
        )
    return locked
