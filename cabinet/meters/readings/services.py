"""Submit readings: all of a submission, or none of it."""

import datetime
import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cabinet.meters.models import Meter, Reading, Submission, SubmissionLine
from cabinet.meters.periods import meter_rules, period_of
from cabinet.meters.readings.acknowledgement import acknowledgement_of
from cabinet.meters.readings.photos import photos_attach
from cabinet.meters.readings.rules import (
    NewReading,
    ReadingRefused,
    Refusal,
    is_day_accepted,
    reading_refusal,
)
from cabinet.meters.selectors import (
    last_readings,
    meters_taking_readings,
    next_readings,
    today,
)
from cabinet.outgoing.models import Kind
from cabinet.outgoing.selectors import acknowledged_ids
from cabinet.outgoing.services import outgoing_note
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.notify import subscriber_notify
from tenants.selectors import current_company

__all__ = ["NewReading", "ReadingRefused", "readings_submit", "submission_find"]


@transaction.atomic
def readings_submit(
    *,
    account_pk: int,
    readings: list[NewReading],
    channel: str,
    subscriber_id: UUID | None = None,
    idempotency_key: UUID | None = None,
    taken_on: datetime.date | None = None,
    typed_at: datetime.datetime | None = None,
    photo_ids: Sequence[UUID] = (),
) -> Submission:
    """Accept readings of an account's meters, all or none, and return their submission.

    The day is the company's today, or `taken_on` of an offline draft. Sent again on the same day, a
    reading corrects the first, until billing has acknowledged it; the same `idempotency_key` with the same
    values is stored once and returns the same submission. `typed_at` of an offline draft that is sent
    without a person: what arrived for the day after that moment is not corrected by it.

    Raises ReadingRefused for what `Refusal` lists.
    """
    day = taken_on or today()
    if not readings:
        raise ReadingRefused(0, Refusal.METER)
    if not is_day_accepted(day):
        raise ReadingRefused(readings[0].meter_pk, Refusal.DAY)
    submission, is_new = _submission_open(
        values={new.meter_pk: new.value for new in readings},
        idempotency_key=idempotency_key or uuid4(),
        account_id=account_pk,
        channel=channel,
        subscriber_id=subscriber_id,
        taken_on=day,
        counts_for=period_of(day, meter_rules(day).until_day).month,
        received_at=timezone.now(),
    )
    if not is_new:
        return submission
    accepted = _readings_write(submission, readings, typed_at)
    outgoing_note(Kind.READINGS, [reading.pk for reading in accepted])
    photos_attach(submission=submission, photo_ids=photo_ids)
    _lines_write(submission, accepted)
    _sender_notify(submission)
    return submission


def submission_find(
    *, account_pk: int, values: dict[int, int], idempotency_key: UUID
) -> Submission | None:
    """Find the submission of these values that has arrived under the key already, maybe weeks ago."""
    found = Submission.objects.filter(idempotency_key=idempotency_key).first()
    return found if found and _is_same(found, account_pk, values) else None


def _submission_open(
    *, values: dict[int, int], idempotency_key: UUID, **fields: Any
) -> tuple[Submission, bool]:
    """Return a submission with a number of its own, and whether it is new.

    Not new: the key has arrived already, with the same values (by meter). With others, by way of the
    back button, it is a submission of its own. Two at once wait for each other here.
    """
    while True:
        # The number shows neither its account nor its moment.
        number = str(secrets.randbelow(900_000_000) + 100_000_000)
        Submission.objects.bulk_create(
            [Submission(number=number, idempotency_key=idempotency_key, **fields)],
            ignore_conflicts=True,
        )
        found = Submission.objects.filter(idempotency_key=idempotency_key).first()
        if found is None:  # the number was another submission's
            continue
        if found.number == number:
            return found, True
        if _is_same(found, fields["account_id"], values):
            return found, False
        idempotency_key = uuid4()


def _is_same(submission: Submission, account_pk: int, values: dict[int, int]) -> bool:
    lines = submission.lines.values_list("meter_id", "value")
    sent = {meter: int(value) for meter, value in lines}
    return submission.account_id == account_pk and sent == values


def _readings_write(
    submission: Submission, readings: list[NewReading], typed_at: datetime.datetime | None
) -> list[Reading]:
    """Check and write the readings. Raises ReadingRefused."""
    day = submission.taken_on
    meters = {meter.pk: meter for meter in meters_taking_readings(submission.account_id)}
    earlier = last_readings(list(meters.values()), before=day)
    later = next_readings(list(meters.values()), after=day) if day < today() else {}
    of_day = _readings_locked(list(meters), day)
    acknowledged = acknowledged_ids(Kind.READINGS, [reading.pk for reading in of_day.values()])
    written = []
    # Always in one order: two senders of the same meters must not wait for each other.
    for new in sorted(readings, key=lambda one: one.meter_pk):
        meter = meters.get(new.meter_pk)
        if meter is None:
            raise ReadingRefused(new.meter_pk, Refusal.METER)
        known = of_day.get(meter.pk)
        if known and known.pk in acknowledged:
            raise ReadingRefused(meter.pk, Refusal.ACKNOWLEDGED)
        last = earlier.get(meter.pk)
        if refusal := reading_refusal(new, meter, last=last, later=later.get(meter.pk)):
            raise ReadingRefused(meter.pk, refusal)
        values = {
            "value": new.value,
            "previous_value": last.value if last else None,
            "source": submission.channel,
            "lower_reason": new.lower_reason,
            "subscriber_id": submission.subscriber_id,
            "received_at": submission.received_at,
        }
        written.append(_reading_write(meter, day, known, values, typed_at))
    return written


def _readings_locked(meter_pks: list[int], day: datetime.date) -> dict[int, Reading]:
    """Lock the portal's readings of the day, so that the export cannot hand one out at this moment."""
    sent = Reading.objects.select_for_update().filter(
        meter__in=meter_pks, taken_on=day, origin=Reading.Origin.PORTAL
    )
    return {reading.meter_id: reading for reading in sent.order_by("meter_id")}


def _reading_write(
    meter: Meter,
    day: datetime.date,
    known: Reading | None,
    values: dict[str, Any],
    typed_at: datetime.datetime | None,
) -> Reading:
    """Write the portal's reading of the day, or correct the one that is known and locked."""
    own = {"meter": meter, "taken_on": day, "origin": Reading.Origin.PORTAL}
    if known is None:
        try:
            with transaction.atomic():
                return Reading.objects.create(**own, **values)
        except IntegrityError:  # another sender was a moment faster
            known = Reading.objects.select_for_update().get(**own)
    if typed_at and known.received_at > typed_at and known.value != values["value"]:
        raise ReadingRefused(meter.pk, Refusal.NEWER)
    for name, value in values.items():
        setattr(known, name, value)
    known.save()
    return known


def _lines_write(submission: Submission, readings: list[Reading]) -> None:
    SubmissionLine.objects.bulk_create(
        SubmissionLine(
            submission=submission,
            meter_id=reading.meter_id,
            value=Decimal(reading.value),
            previous_value=reading.previous_value,
            lower_reason=reading.lower_reason,
        )
        for reading in readings
    )


def _sender_notify(submission: Submission) -> None:
    """Send the acknowledgement to the person by e-mail, if there is an address.

    A mailbox is read by others too: number of the account and whole number of the meter are a proof.
    """
    company = current_company()
    if submission.subscriber_id is None or company is None:
        return
    link = (
        AccountLink.objects.filter(
            subscriber=submission.subscriber_id,
            company=company,
            account_number=submission.account.account_number,
        )
        .select_related("subscriber")
        .first()
    )
    if link is None or not link.subscriber.email:
        return  # not by SMS: the page has shown it, and each one costs
    path = reverse("meters:acknowledgement", args=[link.pk, submission.number])
    subscriber_notify(
        subscriber=link.subscriber,
        kind="readings_received",
        context={
            "acknowledgement": acknowledgement_of(submission, masked=True),
            "company_name": company.name,
            "url": f"{company.url}{path}",
        },
    )
