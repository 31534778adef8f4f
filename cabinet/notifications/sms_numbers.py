"""A person's telephones for this company's SMS: each confirmed by a code before anything goes there."""

import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cabinet.notifications.kinds import KINDS, Channel
from cabinet.notifications.models import SmsNumber
from cabinet.notifications.ways.choices import channels_of, choices_of
from cabinet.subscribers.models import NotificationWay, Subscriber
from cabinet.subscribers.sessions import subscriber_lock, subscriber_locked
from portal.messaging.models import Message
from portal.messaging.services import message_send, messages_drop_to
from portal.secrets import CodeWrong
from tenants.models import GasCompany

MOST = 5  # of one person and company
RESEND_AFTER = datetime.timedelta(minutes=1)
# A number that nobody has confirmed may be a stranger's: it is not kept.
FORGET_AFTER = datetime.timedelta(days=1)


class NumberThere(Exception):
    """The person has this number already, and it is confirmed."""


class TooManyNumbers(Exception):
    """The person has as many numbers as are kept."""


class TooSoon(Exception):
    """The last code for this number went out less than a minute ago. `row` waits for it."""

    def __init__(self, row: SmsNumber) -> None:
        super().__init__(row.pk)
        self.row = row


def numbers_of(subscriber_id: UUID) -> list[SmsNumber]:
    return list(SmsNumber.objects.filter(subscriber_id=subscriber_id).order_by("created_at", "pk"))


def number_add(*, subscriber: Subscriber, number: str, company: GasCompany) -> SmsNumber:
    """Add a number and send its code. The login's own number is confirmed already.

    Raises NumberThere, TooManyNumbers, TooSoon, and Subscriber.DoesNotExist for a person who was deleted
    meanwhile.
    """
    with transaction.atomic():
        locked = subscriber_locked(subscriber.pk)
        mine = SmsNumber.objects.filter(subscriber_id=locked.pk)
        mine.filter(confirmed_at=None, created_at__lt=timezone.now() - FORGET_AFTER).exclude(
            number=number
        ).delete()
        row = mine.filter(number=number).first()
        if row and row.confirmed_at and not row.refused_at:
            raise NumberThere
        if row is None and mine.count() >= MOST:
            raise TooManyNumbers
        row = row or SmsNumber(subscriber_id=locked.pk, number=number)
        _confirm_or_ask(row, locked, company)
        return row


def number_change(
    *, subscriber: Subscriber, number_id: UUID, number: str, company: GasCompany
) -> SmsNumber:
    """Put another number in the place of this one when it is confirmed; until then this one stays.

    Raises NumberThere, TooSoon, SmsNumber.DoesNotExist and Subscriber.DoesNotExist.
    """
    with transaction.atomic():
        locked = subscriber_locked(subscriber.pk)
        mine = SmsNumber.objects.filter(subscriber_id=locked.pk)
        row = mine.get(pk=number_id)
        if mine.filter(number=number).exclude(pk=row.pk).exists():
            raise NumberThere
        if row.number == number:
            if row.confirmed_at and not row.refused_at:
                row.new_number = ""
                row.save(update_fields=["new_number"])
                return row
        elif row.confirmed_at:
            row.new_number, row.code_sent_at = number, None
        else:
            row.number, row.code_sent_at = number, None
        _confirm_or_ask(row, locked, company)
        return row


def code_resend(*, subscriber: Subscriber, number_id: UUID, company: GasCompany) -> SmsNumber:
    """Send a new code for a number that waits for one.

    Raises TooSoon, SmsNumber.DoesNotExist and Subscriber.DoesNotExist.
    """
    with transaction.atomic():
        locked = subscriber_locked(subscriber.pk)
        row = SmsNumber.objects.get(subscriber_id=locked.pk, pk=number_id)
        if waiting_number(row):
            _confirm_or_ask(row, locked, company)
        return row


def number_confirm(*, subscriber: Subscriber, number_id: UUID, code: str) -> SmsNumber:
    """Confirm a number by the code of its SMS.

    With the person's first number, bills are told by SMS. Raises CodeSpent, SmsNumber.DoesNotExist,
    Subscriber.DoesNotExist and, counted, CodeWrong.
    """
    with transaction.atomic():
        locked = subscriber_locked(subscriber.pk)
        row = SmsNumber.objects.get(subscriber_id=locked.pk, pk=number_id)
        right = row.code_check(code)
        if right:
            _confirm(row)
    if not right:  # after the commit, so that the try is counted
        raise CodeWrong(row.code_tries_left)
    return row


@transaction.atomic
def number_switch(*, subscriber: Subscriber, number_id: UUID, is_on: bool) -> SmsNumber:
    """Send SMS to a number, or keep silent. Raises SmsNumber.DoesNotExist and Subscriber.DoesNotExist."""
    locked = subscriber_locked(subscriber.pk)
    row = SmsNumber.objects.get(subscriber_id=locked.pk, pk=number_id)
    row.is_on = is_on
    row.save(update_fields=["is_on"])
    if not is_on:
        messages_drop_to(locked.pk, Channel.SMS, recipient=row.number)
    chosen = [kind for kind in kinds_by_sms(locked.pk) if Channel.SMS not in KINDS[kind].usual]
    if is_on and not chosen:
        _notify_by_sms(locked.pk, "bill_ready")
    return row


@transaction.atomic
def number_remove(*, subscriber: Subscriber, number_id: UUID) -> None:
    """Delete a number and what waits to be sent there; nothing when it is gone already."""
    subscriber_lock(subscriber.pk)
    row = SmsNumber.objects.filter(subscriber_id=subscriber.pk, pk=number_id).first()
    if row:
        row.delete()
        messages_drop_to(subscriber.pk, Channel.SMS, recipient=row.number)


def numbers_forget() -> int:
    """Delete what nobody has confirmed within a day; return the number of rows that went."""
    before = timezone.now() - FORGET_AFTER
    SmsNumber.objects.filter(code_sent_at__lt=before).exclude(new_number="").update(new_number="")
    return SmsNumber.objects.filter(confirmed_at=None, created_at__lt=before).delete()[0]


def waiting_number(row: SmsNumber) -> str:
    """Return the number for which a code is to be typed in; nothing where all is confirmed."""
    if row.new_number:
        return row.new_number
    return row.number if row.confirmed_at is None or row.refused_at else ""


def kinds_by_sms(subscriber_id: UUID) -> list[str]:
    """Return the kinds of notification that the person's SMS tell of."""
    choices = choices_of({subscriber_id})
    return [kind for kind in KINDS if Channel.SMS in channels_of(choices, subscriber_id, kind)]


def number_refused(message: Message) -> None:
    """Write nothing more to a number that has refused an SMS for good, until it is confirmed anew."""
    SmsNumber.objects.filter(number=message.recipient, confirmed_at__isnull=False).update(
        refused_at=timezone.now()
    )


def number_is_refused(subscriber_id: UUID, number: str) -> bool:
    """Return whether the person's number has refused SMS: even the login's own needs a code then."""
    mine = SmsNumber.objects.filter(subscriber_id=subscriber_id, number=number)
    return mine.filter(refused_at__isnull=False).exists()


def _confirm_or_ask(row: SmsNumber, locked: Subscriber, company: GasCompany) -> None:
    """Confirm the login's own number, which was confirmed there; ask for a code at any other."""
    number = row.new_number or row.number
    if number == locked.phone and not row.refused_at:
        _confirm(row)
        return
    now = timezone.now()
    if row.code_sent_at and row.code_sent_at > now - RESEND_AFTER:
        raise TooSoon(row)
    code = row.code_renew()
    row.code_sent_at = now
    row.save()
    message_send(
        kind="phone_code",
        recipient=number,
        channel=Message.Channel.SMS,
        context={"company_name": company.name, "code": code},
        person=locked.pk,
    )


def _notify_by_sms(subscriber_id: UUID, kind: str) -> None:
    NotificationWay.objects.update_or_create(
        subscriber_id=subscriber_id,
        kind=kind,
        channel=Channel.SMS,
        defaults={"is_on": True, "changed_at": timezone.now()},
    )


def _confirm(row: SmsNumber) -> None:
    mine = SmsNumber.objects.filter(subscriber_id=row.subscriber_id)
    if not mine.filter(confirmed_at__isnull=False).exists():
        _notify_by_sms(row.subscriber_id, "bill_ready")
    if row.new_number:
        messages_drop_to(row.subscriber_id, Channel.SMS, recipient=row.number)
    row.number, row.new_number = row.new_number or row.number, ""
    mine.filter(number=row.number).exclude(pk=row.pk).delete()
    row.confirmed_at, row.refused_at, row.is_on = timezone.now(), None, True
    row.code_hash, row.code_expires_at = "", None
    row.save()
