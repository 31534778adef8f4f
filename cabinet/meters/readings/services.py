"""Submit readings: all of a submission, or none of it."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from cabinet.accounts.delegates.services import delegate_hold
from cabinet.meters.models import Meter, Reading, Submission, SubmissionLine
from cabinet.meters.periods import meter_rules, period_of
from cabinet.meters.precedence import (
    acknowledged_keys,
    compared_with,
    is_replaced,
    strength,
)
from cabinet.meters.readings.letters import submission_notify
from cabinet.meters.readings.photos import photos_attach
from cabinet.meters.readings.rules import (
    NewReading,
    ReadingRefused,
    Refusal,
    is_day_accepted,
    lower_reason_of,
    reading_refusal,
    value_doubt,
)
from cabinet.meters.selectors import meters_taking_readings, today, true_readings
from cabinet.meters.snapshot import MeterSnapshot, meter_snapshot
from cabinet.outgoing.models import Kind
from cabinet.outgoing.services import outgoing_note
from cabinet.subscribers.models import Delegation
from portal.secrets import random_number

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
    delegation: Delegation | None = None,
) -> Submission:
    """Accept readings of an account's meters, all or none, and return their submission.

    The day is the company's today, or `taken_on` of an offline draft. A reading replaces the portal's one
    of the day where `precedence` lets it; else a guest's remains in its submission alone. The same
    `idempotency_key` with the same values is stored once and returns the same submission. `typed_at` of an
    offline draft that is sent without a person: what arrived for the day after that moment is not corrected
    by it. The account's other holders hear of it. `delegation`: by which the sender is let in; held until the
    commit, and the reading is noted in its log.

    Raises ReadingRefused for what `Refusal` lists, and AccessOver.
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
    if delegation:
        delegate_hold(delegation)
    accepted, first_senders = _readings_write(submission, readings, typed_at)
    outgoing_note(Kind.READINGS, [reading.pk for reading in accepted if reading.pk])
    photos_attach(submission=submission, photo_ids=photo_ids)
    _lines_write(submission, accepted, _new_numbers(readings))
    is_counted = any(reading.pk for reading in accepted)
    submission_notify(submission, is_counted=is_counted, first_senders=first_senders)
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
        number = random_number()
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
) -> tuple[list[Reading], set[UUID]]:
    """Check the readings and write those that are the day's now; the others are returned unsaved.

    Returns, besides, the persons whose readings of the day were replaced by another's.

    Raises ReadingRefused.
    """
    day = submission.taken_on
    meters = {meter.pk: meter for meter in meters_taking_readings(submission.account_id)}
    snapshot = meter_snapshot(list(meters.values()), day, channel=submission.channel)
    later = _later(snapshot)
    of_day = _readings_locked(list(meters), day)
    acknowledged = acknowledged_keys(of_day.values())
    written, first_senders = [], set()
    # Always in one order: two senders of the same meters must not wait for each other.
    for new in sorted(readings, key=lambda one: one.meter_pk):
        meter = meters.get(new.meter_pk)
        if meter is None:
            raise ReadingRefused(new.meter_pk, Refusal.METER)
        reading = _reading_checked(new, meter, submission, snapshot, later.get(meter.pk))
        replaced = _reading_write(reading, of_day.get(meter.pk), acknowledged, typed_at)
        if replaced and replaced.subscriber_id:
            first_senders.add(replaced.subscriber_id)
        written.append(reading)
    return written, first_senders - {submission.subscriber_id}


def _later(snapshot: MeterSnapshot) -> dict[int, Reading]:
    """Return each meter's first reading of a later day that a dial has shown: of an offline draft."""
    if snapshot.day >= today():
        return {}
    found = true_readings(
        snapshot.meters,
        snapshot.settings,
        since=snapshot.day + datetime.timedelta(days=1),
        before=datetime.date.max,
        among=compared_with(snapshot.channel),
    )
    return {pk: readings[-1] for pk, readings in found.items()}


def _reading_checked(
    new: NewReading,
    meter: Meter,
    submission: Submission,
    snapshot: MeterSnapshot,
    later: Reading | None,
) -> Reading:
    """Return the reading, unsaved.

    Raises ReadingRefused.
    """
    compared = snapshot.compared(meter.pk)
    if refusal := reading_refusal(new, meter, last=compared.true, later=later):
        raise ReadingRefused(meter.pk, refusal)
    doubt = value_doubt(new, meter, snapshot)
    if doubt and (doubt.reason == Refusal.IMPOSSIBLE or not new.confirmed):
        raise ReadingRefused(meter.pk, doubt.reason)
    return Reading(
        meter=meter,
        taken_on=submission.taken_on,
        origin=Reading.Origin.PORTAL,
        value=Decimal(new.value),
        previous_value=compared.last.value if compared.last else None,
        source=submission.channel,
        lower_reason=lower_reason_of(new, compared),
        subscriber_id=submission.subscriber_id,
        received_at=submission.received_at,
    )


def _readings_locked(meter_pks: list[int], day: datetime.date) -> dict[int, Reading]:
    """Lock the portal's readings of the day, so that the export cannot hand one out at this moment."""
    sent = Reading.objects.select_for_update().filter(
        meter__in=meter_pks, taken_on=day, origin=Reading.Origin.PORTAL
    )
    return {reading.meter_id: reading for reading in sent.order_by("meter_id")}


def _reading_write(
    new: Reading,
    known: Reading | None,
    acknowledged: set[int],
    typed_at: datetime.datetime | None,
) -> Reading | None:
    """Write the portal's reading of the day, or replace the one that is known and locked, and return that.

    A guest's that may not replace it is left unsaved: the guest is not told, and the submission keeps it.
    """
    if known is None:
        try:
            with transaction.atomic():
                new.save(force_insert=True)
            return None
        except IntegrityError:  # another sender was a moment faster
            known = Reading.objects.select_for_update().get(
                meter=new.meter, taken_on=new.taken_on, origin=new.origin
            )
    if not is_replaced(known, new.source, is_acknowledged=known.pk in acknowledged):
        if new.source == Reading.Channel.GUEST:
            return None
        is_operators = known.is_operators and new.source != known.source
        raise ReadingRefused(
            new.meter_id, Refusal.OPERATOR if is_operators else Refusal.ACKNOWLEDGED
        )
    is_alike = strength(known.source) == strength(new.source)
    is_later = typed_at and is_alike and known.received_at > typed_at
    if is_later and known.value != new.value:
        raise ReadingRefused(new.meter_id, Refusal.NEWER)
    new.pk = known.pk
    new.save(force_update=True)
    return known


def _new_numbers(readings: list[NewReading]) -> dict[int, str]:
    """Return the numbers of the meters that replaced others, by the key of the old one."""
    replaced = Reading.LowerReason.REPLACED
    return {new.meter_pk: new.new_number for new in readings if new.lower_reason == replaced}


def _lines_write(
    submission: Submission, readings: list[Reading], new_numbers: dict[int, str]
) -> None:
    SubmissionLine.objects.bulk_create(
        SubmissionLine(
            submission=submission,
            meter_id=reading.meter_id,
            value=reading.value,
            previous_value=reading.previous_value,
            lower_reason=reading.lower_reason,
            new_serial_number=new_numbers.get(reading.meter_id, ""),
            is_overdue=reading.meter.is_overdue(submission.taken_on),
        )
        for reading in readings
    )
