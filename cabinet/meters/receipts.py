"""The answer to a sent reading: what arrived, read back from the database, at an address of its own."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.formats import date_format

from cabinet.meters.models import Reading
from portal.connection import current_schema

# The address of a receipt is not a way to look back at an account later.
VALID_SECONDS = 3600


@dataclass(frozen=True)
class ReceivedReading:
    model: str
    number: str
    value: Decimal
    taken_on: datetime.date
    received: str


@dataclass(frozen=True)
class Receipt:
    account_number: str
    readings: list[ReceivedReading]


def receipt_token(readings: list[Reading]) -> str:
    """Names the readings, and the schema that they are in, for an address."""
    return signing.dumps(
        {"schema": current_schema(), "readings": [reading.pk for reading in readings]},
        salt="cabinet.meters.receipt",
    )


def receipt_schema(token: str) -> str:
    """The schema of a token, or an empty string for a forged or an old one."""
    return str(_load(token).get("schema", ""))


def receipt_read(token: str, *, masked: bool, account_pk: int | None = None) -> Receipt | None:
    """The receipt in the current schema, None where there is none (any more), or not of this account."""
    content = _load(token)
    if content.get("schema") != current_schema():
        return None
    found = Reading.objects.filter(pk__in=content["readings"]).select_related("meter__account")
    if account_pk is not None:
        found = found.filter(meter__account=account_pk)
    readings = list(found.order_by("meter__model", "meter__serial_number"))
    if not readings:
        return None
    return Receipt(
        account_number=readings[0].meter.account.account_number,
        readings=[
            ReceivedReading(
                model=reading.meter.model,
                number=reading.meter.masked_number if masked else reading.meter.serial_number,
                value=reading.value,
                taken_on=reading.taken_on,
                # In the company's own time, which may not be that of the host that shows it.
                received=date_format(timezone.localtime(reading.received_at), "j E Y г. в H:i"),
            )
            for reading in readings
        ],
    )


def _load(token: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = signing.loads(
            token, salt="cabinet.meters.receipt", max_age=VALID_SECONDS
        )
    except signing.BadSignature:
        return {}
    return content
