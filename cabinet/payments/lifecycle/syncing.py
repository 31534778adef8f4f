"""Asking the provider what has become of a payment: webhook, return page and poller all come here."""

import datetime
import enum

import structlog
from django.db import transaction
from django.utils import timezone

from cabinet.payments.autopay.outcomes import charge_allowed
from cabinet.payments.base import GatewayError
from cabinet.payments.lifecycle import sending
from cabinet.payments.lifecycle.lost import payment_look_for
from cabinet.payments.lifecycle.plan import (
    RECEIPT_FOR,
    REPEAT_FOR,
    SEND_FOR,
    next_poll,
)
from cabinet.payments.lifecycle.transitions import (
    payment_failed,
    payment_locked,
    payment_unknown,
    payment_word_take,
)
from cabinet.payments.models import Payment
from cabinet.payments.registry import NoShop

log = structlog.get_logger(__name__)

State = Payment.State
_AT_ONCE = datetime.timedelta(0)


class Turn(enum.Enum):
    """What there is to do about a payment."""

    NOTHING = enum.auto()
    ASK = enum.auto()
    SEND = enum.auto()
    LOOK = enum.auto()


def payment_sync(
    payment_pk: int, *, unless_asked_within: datetime.timedelta = _AT_ONCE, is_poll: bool = False
) -> Payment:
    """Ask the provider about a payment, and take its word. Return the payment as it is then.

    `unless_asked_within`: nothing is done if it was so lately, for pages that wait. `is_poll`: only if it is
    due. A provider that does not answer changes nothing: the poller comes again. Outside of a transaction.
    """
    try:
        return payment_ask(payment_pk, unless_asked_within=unless_asked_within, is_poll=is_poll)
    except (GatewayError, NoShop, sending.OtherShop) as error:
        log.warning("payment not asked", payment=payment_pk, error=str(error) or repr(error))
    payment: Payment = Payment.objects.get(pk=payment_pk)
    return payment


def payment_ask(
    payment_pk: int, *, unless_asked_within: datetime.timedelta = _AT_ONCE, is_poll: bool = False
) -> Payment:
    """Do as `payment_sync`, but raise GatewayError, NoShop or OtherShop if the provider did not answer."""
    with transaction.atomic(durable=True):
        payment = payment_locked(payment_pk)
        turn = _turn(payment, unless_asked_within, is_poll=is_poll)
    if turn is Turn.SEND:
        return sending.call(payment)
    if turn is Turn.NOTHING:
        return payment
    gateway = sending.payment_gateway(payment)
    if turn is Turn.LOOK:
        return payment_look_for(payment, gateway)
    answer = gateway.payment_get(str(payment.provider_id))
    return payment_word_take(payment_pk=payment_pk, answer=answer)


def _turn(payment: Payment, unless_asked_within: datetime.timedelta, *, is_poll: bool) -> Turn:
    """Decide what to do about the locked payment, and note that it is done, for others to leave it alone."""
    now = timezone.now()
    is_due = payment.due_at is not None and payment.due_at <= now
    is_held = payment.claimed_at is not None and not is_due
    was_asked = payment.asked_at is not None and now - payment.asked_at < unless_asked_within
    if is_held or was_asked or (is_poll and not is_due):
        return Turn.NOTHING
    if payment.provider_id:
        return _turn_of_known(payment, now)
    if not payment.is_open:
        return Turn.NOTHING
    if sending.is_unsent(payment) and now - payment.created_at >= SEND_FOR:
        payment_failed(payment=payment, code="not_sent")
        return Turn.NOTHING
    if payment.state == State.CREATED and payment.sent_at is not None:
        payment_unknown(payment=payment, reason="interrupted")  # whoever called has died
    is_allowed = charge_allowed(payment)
    if payment.sent_at is None and not is_allowed:
        payment_failed(payment=payment, code="not_allowed")
        return Turn.NOTHING
    if is_allowed and (payment.sent_at is None or now - payment.sent_at < REPEAT_FOR):
        sending.payment_claim(payment)
        return Turn.SEND
    _asked(payment, now)
    return Turn.LOOK


def _turn_of_known(payment: Payment, now: datetime.datetime) -> Turn:
    if payment.state == State.SUCCEEDED:
        is_open = payment.receipt_state == "pending" and payment.ended_at is not None
        if not is_open or now - (payment.ended_at or now) > RECEIPT_FOR:
            payment.due_at = None
            payment.save(update_fields=["due_at"])
            return Turn.NOTHING
    _asked(payment, now)
    return Turn.ASK


def _asked(payment: Payment, now: datetime.datetime) -> None:
    """Note that it is asked about now; who dies meanwhile leaves it to the next poll."""
    payment.asked_at = now
    if payment.due_at is not None:
        payment.due_at = next_poll(payment, now)
    payment.save(update_fields=["asked_at", "due_at"])
