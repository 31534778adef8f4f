"""The acknowledgement of sent readings: what arrived, as it arrived, with its number."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format

from cabinet.meters.models import METER_ORDER, Reading, Submission, SubmissionLine
from cabinet.meters.serial_numbers import masked_numbers


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


_ORDER = tuple(f"meter__{name}" for name in METER_ORDER)


def acknowledgement_of(submission: Submission, *, masked: bool) -> Acknowledgement:
    lines = submission.lines.select_related("meter").order_by(*_ORDER)
    return _acknowledgement(submission, lines, masked=masked)


def acknowledgement_find(account_pk: int, number: str, *, masked: bool) -> Acknowledgement | None:
    """Find an acknowledgement of the account by its number, however it is typed. One query.

    A guest, who gets it `masked`, finds those of guests only.
    """
    digits = "".join(sign for sign in number if sign.isdecimal())
    found = SubmissionLine.objects.filter(submission__account=account_pk, submission__number=digits)
    if masked:
        found = found.filter(submission__channel=Reading.Channel.GUEST)
    lines = list(found.select_related("meter", "submission__account").order_by(*_ORDER))
    return _acknowledgement(lines[0].submission, lines, masked=masked) if lines else None


def _acknowledgement(
    submission: Submission, lines: Iterable[SubmissionLine], *, masked: bool
) -> Acknowledgement:
    lines = list(lines)
    masks = masked_numbers([line.meter for line in lines]) if masked else {}
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
                number=masks.get(line.meter.pk, line.meter.serial_number),
                value=line.value,
                previous_value=line.previous_value,
            )
            for line in lines
        ],
    )
