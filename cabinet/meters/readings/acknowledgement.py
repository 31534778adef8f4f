"""The acknowledgement of sent readings: what arrived, with its number, and what has replaced it since."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cabinet.meters.models import METER_ORDER, Reading, Submission, SubmissionLine
from cabinet.meters.readings.corrections import Correction, corrections_of
from cabinet.meters.serial_numbers import masked_numbers
from portal.formats.dates import long_day, moment_said


@dataclass(frozen=True)
class AcknowledgedReading:
    """`is_new_meter`: the meter was replaced, and this is the new one's reading; its number may be known.

    `is_overdue`: the verification was over, so it may not count. `correction`: what replaced it.
    """

    model: str
    number: str
    value: Decimal
    previous_value: Decimal | None
    is_new_meter: bool
    new_number: str
    is_overdue: bool
    correction: Correction | None


@dataclass(frozen=True)
class Acknowledgement:
    """`received` in the company's own time, which may not be that of the host that shows it.

    `is_own`: the person who looks at it has sent it.
    """

    idempotency_key: UUID
    number: str
    spoken_number: str
    account_number: str
    taken_on: datetime.date
    counts_for: datetime.date
    received: str
    is_own: bool
    readings: list[AcknowledgedReading]

    @property
    def is_replaced(self) -> bool:
        return all(reading.correction for reading in self.readings)

    @property
    def is_overdue(self) -> bool:
        return any(reading.is_overdue for reading in self.readings)

    @property
    def counts_for_text(self) -> str:
        """Return `Показание на 28 ноября 2026 г., войдёт в расчёт за декабрь`; the month if it may count."""
        day = _("Показание на %(day)s") % {"day": long_day(self.taken_on)}
        if self.is_overdue or self.is_replaced:
            return day
        month = date_format(self.counts_for, "F").lower()
        return _("%(day)s, войдёт в расчёт за %(month)s") % {"day": day, "month": month}

    @property
    def has_new_meter(self) -> bool:
        return any(reading.is_new_meter for reading in self.readings)


_ORDER = tuple(f"meter__{name}" for name in METER_ORDER)


def acknowledgement_of(submission: Submission, *, masked: bool) -> Acknowledgement:
    """Return that of a submission that has just arrived, for its sender and letters."""
    lines = submission.lines.select_related("meter").order_by(*_ORDER)
    return _acknowledgement(submission, list(lines), masked=masked)


def acknowledgement_find(
    account_pk: int,
    number: str,
    *,
    masked: bool,
    for_guest: bool = False,
    subscriber_id: UUID | None = None,
) -> Acknowledgement | None:
    """Find an acknowledgement of the account by its number, however it is typed, for this person.

    Guests and delegates get it `masked`; a guest finds those of guests only. Three queries at most.
    """
    digits = "".join(sign for sign in number if sign.isdecimal())
    found = SubmissionLine.objects.filter(submission__account=account_pk, submission__number=digits)
    if for_guest:
        found = found.filter(submission__channel=Reading.Channel.GUEST)
    lines = list(found.select_related("meter", "submission__account").order_by(*_ORDER))
    if not lines:
        return None
    submission = lines[0].submission
    corrections = corrections_of(
        submission, lines, for_guest=for_guest, subscriber_id=subscriber_id
    )
    return _acknowledgement(
        submission, lines, masked=masked, corrections=corrections, subscriber_id=subscriber_id
    )


def _acknowledgement(
    submission: Submission,
    lines: Iterable[SubmissionLine],
    *,
    masked: bool,
    corrections: dict[int, Correction] | None = None,
    subscriber_id: UUID | None = None,
) -> Acknowledgement:
    lines = list(lines)
    masks = masked_numbers([line.meter for line in lines]) if masked else {}
    # What a guest has typed as a number is shown to operators alone.
    shows_new_number = not masked and submission.channel != Reading.Channel.GUEST
    return Acknowledgement(
        idempotency_key=submission.idempotency_key,
        number=submission.number,
        spoken_number=submission.spoken_number,
        account_number=submission.account.account_number,
        taken_on=submission.taken_on,
        counts_for=submission.counts_for,
        received=moment_said(submission.received_at),
        is_own=submission.subscriber_id == subscriber_id,
        readings=[
            AcknowledgedReading(
                model=line.meter.model,
                number=masks.get(line.meter.pk, line.meter.serial_number),
                value=line.value,
                previous_value=line.previous_value,
                is_new_meter=line.lower_reason == Reading.LowerReason.REPLACED,
                new_number=line.new_serial_number if shows_new_number else "",
                is_overdue=line.is_overdue,
                correction=(corrections or {}).get(line.meter_id),
            )
            for line in lines
        ],
    )
