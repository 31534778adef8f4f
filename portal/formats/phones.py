"""Telephones: read as people type them, stored as `+78112595050`, shown as people write them."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_valid_number,
    number_type,
    parse,
    region_code_for_number,
)

from portal.formats.text import without_invisible

NATIONAL = 10  # digits after +7
_NOISE = re.compile(r"[\s().\-‐‑‒–—―_/\u2212]+")
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def phone_normal(typed: str, *, for_sms: bool = True) -> str:
    """Return `+79111234567` for `8 (911) 123-45-67`, `+7911…` or `9111234567`.

    Only Russian numbers, and `for_sms` only mobile ones: others get no SMS from us. Raises ValidationError
    that says what is wrong.
    """
    try:
        return _phone_parsed(typed, for_sms)
    except _ForeignNumber as error:
        if for_sms:
            text = _(
                "СМС приходят только на российские номера. Укажите другой номер или зарегистрируйтесь по "
                "почте."
            )
        else:
            text = _("Мы звоним только по России. Укажите российский номер: +7 и десять цифр.")
        raise _wrong(text) from error


class _ForeignNumber(Exception):
    """A number of another country."""


def _phone_parsed(typed: str, for_sms: bool) -> str:
    visible = without_invisible(unicodedata.normalize("NFKC", typed))
    text = _NOISE.sub("", visible).removeprefix("tel:")
    plus, digits = text.startswith("+"), text.removeprefix("+")
    if not digits.isdecimal() or not digits.isascii():
        raise _wrong(_("В номере телефона должны быть только цифры, например +7 911 123-45-67."))
    # A town's number without +7 may begin with 8: (8112) 59-50-50.
    is_whole = not for_sms and not plus and len(digits) == NATIONAL
    national = digits if is_whole else _national(digits, plus=plus)
    if len(national) != NATIONAL:
        if for_sms:
            raise _wrong(_("Введите мобильный номер: +7 и десять цифр."))
        raise _wrong(_("Введите номер с кодом города или оператора: +7 и десять цифр."))
    number = parse(f"+7{national}")
    if region_code_for_number(number) == "KZ":
        raise _ForeignNumber
    if not is_valid_number(number):
        raise _wrong(_("Такого номера не бывает. Проверьте цифры после +7."))
    if for_sms and number_type(number) not in _MOBILE:
        raise _wrong(_("На этот номер не придёт СМС. Введите мобильный номер: +7 и десять цифр."))
    return format_number(number, PhoneNumberFormat.E164)


def _national(digits: str, *, plus: bool) -> str:
    """Return what follows +7 or 8; a plus before 8 is a common slip."""
    if plus and _is_foreign(digits):
        raise _ForeignNumber
    if digits.startswith("810") and len(digits) > 11:  # the old international prefix
        raise _ForeignNumber
    return digits[1:] if digits[:1] in ("7", "8") else digits  # a mobile code begins with 9


def _is_foreign(digits: str) -> bool:
    if digits.startswith("7") or (digits.startswith("8") and len(digits) == NATIONAL + 1):
        return False
    try:
        number = parse(f"+{digits}")
    except NumberParseException:
        return False
    return number.country_code != 7


def _wrong(text: str) -> ValidationError:
    return ValidationError(text, code="invalid")


# Emergency services, which have no other number.
_SHORT = re.compile(r"0[1-4]|10[1-4]|112")


def office_number(typed: str) -> str:
    """Return `+78112595050` for a company's number as it is written, and 104 as it is.

    Raises ValidationError that says what is wrong.
    """
    text = typed.strip().removeprefix("tel:")
    if _SHORT.fullmatch(text):
        return text
    try:
        return _phone_parsed(text, for_sms=False)
    except _ForeignNumber as error:
        raise _wrong(_("Нужен российский номер: +7 и десять цифр.")) from error


def phone_href(number: str) -> str:
    """Return what follows `tel:`: `+7…`, also of what was stored as it was typed; 104 as it is."""
    try:
        return office_number(number)
    except ValidationError:
        return "".join(re.findall(r"[\d+]", number))


# Cities with numbers of seven digits below a code of three; others' begin with 2 and have six.
_THREE = re.compile("34[237]|351|383|391|423|473|49[589]|812|831|843|846|86[123]")
# Towns with numbers of six digits below a code of four, which is not the one of a region's first town.
_FOUR = re.compile("3435|346[367]|349[469]|8216|8313|855[35]|863[469]|8793")
_RUSSIAN = re.compile(r"\+7(\d{10})")
_STORED = re.compile(r"\+\d{8,15}|" + _SHORT.pattern)


def phone_shown(number: str) -> str:
    """Return `8 (8112) 59-50-50`, `8 800 555-35-35`, `+7 911 123-45-67`; what is no number as it is.

    The town's code has three, four or five digits, so that the rest is what is dialled within the town.
    """
    found = _RUSSIAN.fullmatch(number)
    if found is None:
        return _foreign_shown(number)
    ten = found[1]
    if ten[0] == "9":
        return f"+7 {_grouped(ten[:3], ten[3:], brackets=False)}"
    if ten.startswith("80"):
        return f"8 {_grouped(ten[:3], ten[3:], brackets=False)}"
    if ten[0] not in "348":
        return _foreign_shown(number)
    length = 3 if _THREE.match(ten) else 4 if ten[3] == "2" or _FOUR.match(ten) else 5
    return f"8 {_grouped(ten[:length], ten[length:], brackets=True)}"


def _grouped(code: str, rest: str, *, brackets: bool) -> str:
    first = rest[: len(rest) - 4]
    return f"{f'({code})' if brackets else code} {first}-{rest[-4:-2]}-{rest[-2:]}"


def _foreign_shown(number: str) -> str:
    if not number.startswith("+"):
        return number
    try:
        return format_number(parse(number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number


class PhoneFormField(forms.CharField):
    """Shows a stored number as people write it; `PhoneNumberField` reads it."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "placeholder": "8 (8112) 59-50-50"})

    def prepare_value(self, value: Any) -> Any:
        return phone_shown(value) if isinstance(value, str) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return phone_href(str(initial or "")) != phone_href(str(data or ""))


class PhoneNumberField(models.CharField):  # type: ignore[type-arg]
    """A number of an office, stored as `office_number` gives it, however it was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 16
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return super().clean(office_number(value) if value else value, model_instance)

    def get_prep_value(self, value: Any) -> Any:
        """Return the stored form, for rows that no form wrote; what is no number stays as it is."""
        text = super().get_prep_value(value)
        if not text or _STORED.fullmatch(text):
            return text
        try:
            return office_number(text)
        except ValidationError:
            return text[: self.max_length]

    def formfield(self, **kwargs: Any) -> Any:
        kwargs.setdefault("max_length", 40)
        return super().formfield(**{"form_class": PhoneFormField, **kwargs})
