"""What a page shows of a meter, with its field."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django import forms

from cabinet.meters.models import Tariff
from cabinet.meters.verification import VerificationNotice
from portal.formats.numbers import plain_decimal


@dataclass
class MeterCard:
    """Values in m³, `price` in ₽ for one m³.

    `counted_from`: what a reading of today is compared with; `last_value` may be today's own. `sent_today`
    will be corrected by the next one, unless it `is_taken`. `asked`: a value that was asked about and is
    believed when it comes again.
    """

    pk: int
    model: str
    number: str
    digits: int
    last_value: Decimal | None
    last_taken_on: datetime.date | None
    verification_due_on: datetime.date | None
    verification: VerificationNotice | None
    tariff_text: str
    price: Decimal | None
    counted_from: Decimal | None
    sent_today: bool
    is_taken: bool
    asked: int | None
    field: forms.BoundField
    lower_field: forms.BoundField | None
    photo_field: forms.BoundField | None
    photo_id: UUID | None


@dataclass(frozen=True)
class Line:
    """A reading before it is sent: what it means in m³ and ₽, where that is known."""

    pk: int
    model: str
    number: str
    value: int
    last_value: Decimal | None
    consumption: Decimal | None
    cost: Decimal | None


def tariff_text(tariff: Tariff | None) -> str:
    if tariff is None:
        return ""
    return f"{tariff.name}, {plain_decimal(tariff.price)}\u00a0₽ за\u00a0{tariff.unit}"
