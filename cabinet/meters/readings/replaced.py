"""«Счётчик заменили»: the new meter's number, asked with the reading that is lower for it.

The number is a text for operators and proves nothing: it is compared with no meter, so that no answer
depends on whether it is right (docs/decisions/0031-a-replaced-meter.md).
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cabinet.meters.models import Meter
from cabinet.meters.models.submissions import NEW_NUMBER_LENGTH
from portal.formats.text import clean_text, printed

# The page in between carries fields by this prefix.
PREFIX = "replaced_"


def number_field(meter_pk: int) -> str:
    return f"{PREFIX}number_{meter_pk}"


def unknown_field(meter_pk: int) -> str:
    return f"{PREFIX}unknown_{meter_pk}"


def replaced_fields(meter: Meter) -> dict[str, forms.Field]:
    """Return the fields of a meter's question: a number, or «Ещё не знаю»."""
    return {
        number_field(meter.pk): forms.CharField(
            label=_("Номер нового счётчика"),
            help_text=_("Он написан на корпусе счётчика и в паспорте."),
            required=False,
            max_length=NEW_NUMBER_LENGTH,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        ),
        unknown_field(meter.pk): forms.BooleanField(label=_("Ещё не знаю"), required=False),
    }


def replaced_number(cleaned: Mapping[str, Any], meter_pk: int) -> str:
    """Return the new meter's number as it is stored, empty where the person does not know it yet.

    Raises ValidationError where neither was answered.
    """
    number = clean_text(cleaned.get(number_field(meter_pk)) or "")
    if printed(number):
        return number
    if cleaned.get(unknown_field(meter_pk)):
        return ""
    raise ValidationError(_("Введите номер нового счётчика или отметьте «Ещё не знаю»."))
