"""The acknowledgement of sent readings: what arrived, as it arrived, with its number."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format

from cabinet.meters.models import Submission


@dataclass(frozen=True)
class AcknowledgedReading:
    model: str
    number: str
    value: Decimal
    previous_value: Decimal | None


@dataclass(frozen=True)
class Acknowledgement:
    """`received` in the company's own time, which may not be that of the host that shows it."""

    idempotency_key: UUID
    number: str
    spoken_number: str
    account_number: str
    taken_on: datetime.date
    counts_for: datetime.date
    received: str
    readings: list[AcknowledgedReading]


def acknowledgement_of(submission: Submission, *, masked: bool) -> Acknowledgement:
    lines = submission.lines.select_related("meter").order_by(
        "meter__model", "meter__serial_number", "meter"
    )
    return Acknowledgement(
        idempotency_key=submission.idempotency_key,
        number=submission.number,
        spoken_number=submission.spoken_number,
        account_number=submission.account.account_number,
        taken_on=submission.taken_on,
        counts_for=submission.counts_for,
        received=date_format(timezone.localtime(submission.received_at), "j E Y г. в H:i"),
        readings=[
            AcknowledgedReading(
                model=line.meter.model,
                number=line.meter.masked_number if masked else line.meter.serial_number,
                value=line.value,
                previous_value=line.previous_value,
            )
            for line in lines
        ],
    )


def acknowledgement_find(account_pk: int, number: str, *, masked: bool) -> Acknowledgement | None:
    """Find an acknowledgement of the account by its number, however it is typed."""
    digits = "".join(sign for sign in number if sign.isdecimal())
    found = Submission.objects.select_related("account").filter(account=account_pk, number=digits)
    submission = found.first()
    return acknowledgement_of(submission, masked=masked) if submission else None
