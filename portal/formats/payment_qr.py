"""The payment code of a bill, ГОСТ Р 56042-2014: text of a QR code, as bytes, read and written.

`ST0001`, a digit that names the encoding, a separator, then `Key=Value` pairs between separators.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from portal.formats.text import clean_text, fold

ENCODINGS = {"1": "cp1251", "2": "utf-8", "3": "koi8-r"}
MAX_BYTES = 7089  # more does not fit into any QR code
SEPARATORS = "|~^#&;\\_"
_HEAD = re.compile(rb"\s*(?:\xef\xbb\xbf)?ST0001(?P<encoding>[0-9])", re.IGNORECASE)
# единый лицевой счёт of ГИС ЖКХ: the region, two letters, six digits; with a service also идентификатор ЖКУ.
_UNIFIED = re.compile(r"\d{2}[А-Я]{2}\d{6}(?: ?\d{2})?")


class NotPaymentCode(ValueError):
    """The text is no payment code: a link, a visiting card, a tax document."""


class DamagedPaymentCode(ValueError):
    """It begins like a payment code, and what follows cannot be read."""


@dataclass(frozen=True)
class PaymentCode:
    """What a payment code says, by folded keys: case and Latin look-alikes make no other key."""

    values: Mapping[str, str]

    def value(self, key: str) -> str:
        return self.values.get(fold(key), "")

    @property
    def payee(self) -> str:
        return self.value("Name")[:160]

    @property
    def payee_inn(self) -> str:
        """Return the ИНН of the organisation that is paid, or an empty string where it has none."""
        inn = re.sub(r"\s", "", self.value("PayeeINN"))
        return inn if re.fullmatch(r"\d{10}|\d{12}", inn, re.ASCII) else ""

    @property
    def account_number(self) -> str:
        """Return лицевой счёт, empty where the code has none or единый лицевой счёт in its place."""
        number = self.value("PersAcc")
        return "" if is_unified_number(number) else number

    @property
    def has_unified_number(self) -> bool:
        return is_unified_number(self.value("PersAcc"))


def is_unified_number(number: str) -> bool:
    """Return whether it has the form of единый лицевой счёт or of идентификатор ЖКУ."""
    return _UNIFIED.fullmatch(fold(number)) is not None


def payment_code_read(content: bytes) -> PaymentCode:
    """Return what the code says. Raises NotPaymentCode and DamagedPaymentCode.

    Of a key that stands twice the first value with a text counts.
    """
    head = _HEAD.match(content)
    if head is None or len(content) > MAX_BYTES:
        raise NotPaymentCode
    text = _decoded(content[head.end() :], ENCODINGS.get(head["encoding"].decode(), ""))
    separator = text[:1]
    if not separator or separator.isalnum() or separator == "=":
        raise DamagedPaymentCode
    values: dict[str, str] = {}
    for pair in text[1:].split(separator):
        key, equals, value = pair.partition("=")
        if equals and not values.get(fold(key)):
            values[fold(key)] = clean_text(value)
    if not any(values.values()):
        raise DamagedPaymentCode
    return PaymentCode(values)


def payment_code_write(values: Mapping[str, str], encoding: str = "2") -> bytes:
    """Return the code's bytes; `encoding` is a key of ENCODINGS. Raises ValueError for what it cannot hold.

    A separator that no value has: the standard's, else another one for the whole text.
    """
    text = "".join(values.values())
    separator = next((sign for sign in SEPARATORS if sign not in text), "")
    if not separator or any("=" in key for key in values):
        raise ValueError("no separator is left")
    pairs = separator.join(f"{key}={value}" for key, value in values.items())
    return f"ST0001{encoding}{separator}{pairs}".encode(ENCODINGS[encoding])


def _decoded(content: bytes, declared: str) -> str:
    """Return the text, by the encoding that it has: there are programs that write UTF-8 and say cp1251.

    Russian in cp1251 or KOI8-R is no valid UTF-8 but by a chance that no name of a company gives.
    """
    for encoding in ("utf-8", declared, "cp1251"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise DamagedPaymentCode
