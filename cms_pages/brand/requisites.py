"""Check digits of a legal entity's requisites. A wrong account in a bill sends money to nobody."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)
ACCOUNT_WEIGHTS = (7, 1, 3)
# The last three signs of the БИК of the Bank of Russia's own branches: their clients' accounts have
# the key of a correspondent account.
CENTRAL_BANK = ("000", "001", "002")


def validate_inn(value: str) -> None:
    """ИНН of an organisation: ten digits, the last by the order of the tax service (ММВ-7-6/435@)."""
    _digits(value, 10, _("ИНН организации — 10 цифр."))
    total = sum(weight * int(digit) for weight, digit in zip(INN_WEIGHTS, value, strict=False))
    if total % 11 % 10 != int(value[9]):
        raise ValidationError(_("В ИНН опечатка: не сходится контрольная цифра."))


def validate_kpp(value: str) -> None:
    if not re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", value):
        raise ValidationError(_("КПП — 9 знаков, например 602701001."))


def validate_ogrn(value: str) -> None:
    """ОГРН: the remainder of the first twelve digits by 11, its last digit."""
    _digits(value, 13, _("ОГРН — 13 цифр."))
    if int(value[:12]) % 11 % 10 != int(value[12]):
        raise ValidationError(_("В ОГРН опечатка: не сходится контрольная цифра."))


def validate_bic(value: str) -> None:
    if not re.fullmatch(r"[0-2][0-9]{8}", value):
        raise ValidationError(_("БИК — 9 цифр, например 045805001."))


def validate_account(value: str) -> None:
    _digits(value, 20, _("Номер счёта — 20 цифр."))


def correspondent_account_fits(account: str, bic: str) -> bool:
    """The key by the Bank of Russia's rule (08.09.1997 № 515): «0» and signs 5–6 of the БИК first."""
    return _key_fits("0" + bic[4:6] + account)


def settlement_account_fits(account: str, bic: str) -> bool:
    """The same with the last three signs of the БИК, but for clients of the Bank of Russia itself."""
    if bic[-3:] in CENTRAL_BANK:
        return correspondent_account_fits(account, bic)
    return _key_fits(bic[-3:] + account)


def _key_fits(digits: str) -> bool:
    total = sum(int(digit) * ACCOUNT_WEIGHTS[n % 3] for n, digit in enumerate(digits))
    return total % 10 == 0


def _digits(value: str, count: int, message: object) -> None:
    if not re.fullmatch(rf"[0-9]{{{count}}}", value):
        raise ValidationError(str(message))
