"""What people type where a number of the land register, kilowatts or m³/h are asked for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.formats.text import without_invisible

# Letters of both alphabets that look like a digit.
_DIGITS = str.maketrans("OoОоЗзlIІі|", "00003311111")
_WORDS = re.compile(r"(кадастровый|кад\.?)?\s*(номер|кн|no|n)?\s*[:.]?\s*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s]*[:;,./\\_\-‐‑‒–—―−]+[\s]*")
_NUMBER = re.compile(r"\d{2}:\d{2}:\d{6,7}:\d{1,8}", re.ASCII)


def cadastral_number(typed: str) -> str:
    """Return `60:27:0140102:45` for what was typed with spaces, dashes, or letters that look like digits.

    Raises ValidationError that says what is wrong.
    """
    text = unicodedata.normalize("NFKC", without_invisible(typed)).strip().rstrip(".,;")
    text = text.removeprefix(_WORDS.match(text)[0]).translate(_DIGITS)  # type: ignore[index]
    parts = _SEPARATORS.split(text)
    # Spaces stand between the parts only where nothing else does.
    parts = text.split() if len(parts) == 1 else ["".join(part.split()) for part in parts]
    number = ":".join(parts)
    if _NUMBER.fullmatch(number):
        return number
    if len(parts) == 1 and number.isdecimal():
        raise ValidationError(
            _("Разделите части номера двоеточиями, как в выписке: 60:27:0140102:45.")
        )
    raise ValidationError(
        _(
            "Проверьте номер по выписке из ЕГРН: в нём четыре группы цифр через двоеточие, например "
            "60:27:0140102:45."
        )
    )


KILOWATTS, FLOW = "kw", "m3"
_MEASURE = re.compile(r"(\d[\d\s]*(?:[.,]\d+)?)\s*(\D.*)?")
_LARGEST = Decimal(100_000)


@dataclass(frozen=True)
class Measure:
    """A positive number, and the unit that was typed after it: KILOWATTS, FLOW, or none."""

    value: Decimal
    unit: str = ""


def measure(typed: str) -> Measure | None:
    """Return what was typed, such as `24`, `24 кВт`, `2,8 м3/час`; None for nothing.

    Raises ValidationError for what is no number, or none of these units.
    """
    text = unicodedata.normalize("NFKC", without_invisible(typed)).strip().lower()
    if not text:
        return None
    found = _MEASURE.fullmatch(text)
    if not found:
        raise _no_number()
    value = Decimal("".join(found[1].split()).replace(",", "."))
    if value > _LARGEST * 1000:  # in watts; more digits than that cannot be rounded
        raise _no_number()
    unit, factor = _unit(found[2] or "")
    value = (value * factor).quantize(Decimal("0.001"))
    if not 0 < value <= _LARGEST:
        raise _no_number()
    return Measure(value.normalize(), unit)


def _unit(text: str) -> tuple[str, Decimal]:
    """Return the unit of the words after a number, and how much of it one of the typed unit is."""
    word = re.sub(r"[\s.^]", "", text)
    if not word:
        return "", Decimal(1)
    if re.fullmatch(r"(квт|kw|kвт|kvt|киловатт?\w*)(ч|/ч|h)?", word):
        return KILOWATTS, Decimal(1)
    if re.fullmatch(r"(вт|w|ватт\w*)", word):
        return KILOWATTS, Decimal("0.001")
    if re.fullmatch(r"(м3|m3|м|m|куб\w*)(/|в)?(ч|час\w*|h)?", word):
        return FLOW, Decimal(1)
    raise _no_number()


def _no_number() -> ValidationError:
    return ValidationError(_("Введите число больше нуля, например 24 или 2,8."))
