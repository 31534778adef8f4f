"""A telephone as people type it, in one form: `+79111234567`."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
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

NATIONAL = 10  # digits after +7
_NOISE = re.compile(r"[\s().\-‐‑‒–—―_/\u2212\u200b-\u200f\u2060\ufeff]+")
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def phone_normal(typed: str) -> str:
    """`+7…` of `8 (911) 123-45-67`, `+7911…`, `9111234567`. Raises ValidationError that says what is wrong.

    Only Russian mobile numbers: others get no SMS from us.
    """
    text = _NOISE.sub("", unicodedata.normalize("NFKC", typed)).removeprefix("tel:")
    plus, digits = text.startswith("+"), text.removeprefix("+")
    if not digits.isdecimal() or not digits.isascii():
        raise _wrong(_("В номере должны быть только цифры. Он выглядит как +7 911 123-45-67."))
    national = _national(digits, plus=plus)
    if len(national) != NATIONAL:
        raise _wrong(
            ngettext(
                "После +7 или 8 должно быть 10 цифр, а у вас %(count)d. Проверьте номер.",
                "После +7 или 8 должно быть 10 цифр, а у вас %(count)d. Проверьте номер.",
                len(national),
            )
            % {"count": len(national)}
        )
    number = parse(f"+7{national}")
    if region_code_for_number(number) == "KZ":
        raise _foreign()
    if not is_valid_number(number):
        raise _wrong(_("Такого номера не бывает. Проверьте код после +7 или 8."))
    if number_type(number) not in _MOBILE:
        raise _wrong(
            _("Это не мобильный номер: СМС на него не придёт. Укажите мобильный, с кодом на 9.")
        )
    return format_number(number, PhoneNumberFormat.E164)


def _national(digits: str, *, plus: bool) -> str:
    """What follows +7 or 8. A plus before 8 is a slip of many; before another country it is none."""
    if plus and _is_foreign(digits):
        raise _foreign()
    if digits.startswith("810") and len(digits) > 11:  # the way out of Russia on old exchanges
        raise _foreign()
    return digits[1:] if digits[:1] in ("7", "8") else digits  # a mobile code begins with 9


def _is_foreign(digits: str) -> bool:
    if digits.startswith("7") or (digits.startswith("8") and len(digits) == NATIONAL + 1):
        return False
    try:
        number = parse(f"+{digits}")
    except NumberParseException:
        return False
    return number.country_code != 7


def _foreign() -> ValidationError:
    return _wrong(
        _("Это номер другой страны, СМС на него не придёт. Укажите российский или адрес почты.")
    )


def _wrong(text: str) -> ValidationError:
    return ValidationError(text, code="invalid")
