"""The one call that creates a payment at the provider, and its repetitions by the same key and body."""

import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from cabinet.payments.autopay.outcomes import charge_allowed
from cabinet.payments.base import (
    GatewayRefused,
    GatewayUnavailable,
    OutcomeUnknown,
    PaymentGateway,
    RequestInvalid,
    frozen_body,
)
from cabinet.payments.lifecycle.plan import next_poll
from cabinet.payments.lifecycle.transitions import (
    payment_failed,
    payment_locked,
    payment_unknown,
    payment_untaken,
    payment_word_take,
)
from cabinet.payments.models import Payment
from cabinet.payments.registry import NoShop, gateway_of_company

log = structlog.get_logger(__name__)

_AGAIN_AFTER = datetime.timedelta(seconds=20)


class OtherShop(Exception):
    """The payment was made for a shop that the company does not have any more."""


def payment_gateway(payment: Payment) -> PaymentGateway:
    """Return the gateway of the shop that the payment was made for. Raises NoShop, OtherShop."""
    gateway = gateway_of_company(for_new=False)
    if gateway.shop_id != payment.shop_id:
        raise OtherShop
    return gateway


def payment_send(payment: Payment) -> Payment:
    """Send the payment to the provider for the first time; what has become of it is its state.

    Nothing happens if it was sent or is being sent: then it is returned as it is. An autopay's charge that
    was switched off meanwhile fails. Outside of a transaction.
    """
    with transaction.atomic(durable=True):
        payment = payment_locked(payment.pk)
        if not is_unsent(payment):
            return payment
        if not charge_allowed(payment):
            return payment_failed(payment=payment, code="not_allowed")
        payment_claim(payment)
    return call(payment)


def is_unsent(payment: Payment) -> bool:
    return payment.state == Payment.State.CREATED and payment.sent_at is None


def payment_claim(payment: Payment) -> None:
    """Note, before the call, that the provider may have the locked payment from now on."""
    now = timezone.now()
    payment.sent_at = payment.sent_at or now
    payment.asked_at = payment.claimed_at = now
    payment.due_at = now + Payment.LEASE
    payment.save(update_fields=["sent_at", "asked_at", "claimed_at", "due_at"])


def call(claimed: Payment) -> Payment:
    """Make the call of a claimed payment by its frozen body, and write down how it ended."""
    try:
        gateway = payment_gateway(claimed)
        body = frozen_body(claimed.body, claimed.body_hash)
        answer = gateway.payment_create(body, claimed.idempotency_key)
    except (NoShop, OtherShop, RequestInvalid, GatewayRefused) as error:
        return _refused(claimed, str(error) or type(error).__name__)
    except GatewayUnavailable as error:
        return _untaken(claimed, error.reason)
    except OutcomeUnknown as error:
        return _unknown(claimed, error.reason)
    except Exception as error:
        log.exception("creating a payment failed", payment=claimed.pk)
        return _unknown(claimed, type(error).__name__)
    return payment_word_take(payment_pk=claimed.pk, answer=answer)


def _refused(claimed: Payment, reason: str) -> Payment:
    """End it if this was the first call; else an earlier one may have been taken: the list says."""
    with transaction.atomic():
        payment = payment_locked(claimed.pk)
        if not _is_held(payment, claimed):
            return payment
        if payment.state == Payment.State.CREATED:
            return payment_failed(payment=payment, code="refused", reason=reason)
        return payment_unknown(payment=payment, reason=reason)


def _untaken(claimed: Payment, reason: str) -> Payment:
    with transaction.atomic():
        payment = payment_locked(claimed.pk)
        if not _is_held(payment, claimed):
            return payment
        due_at = timezone.now() + _AGAIN_AFTER
        return payment_untaken(payment=payment, due_at=due_at, reason=reason)


def _unknown(claimed: Payment, reason: str) -> Payment:
    with transaction.atomic():
        payment = payment_locked(claimed.pk)
        if not _is_held(payment, claimed):
            return payment
        payment.due_at = next_poll(payment, timezone.now())
        return payment_unknown(payment=payment, reason=reason)


def _is_held(payment: Payment, claimed: Payment) -> bool:
    """Return whether the payment is this call's still: a webhook may be faster, a lease may end."""
    return payment.claimed_at is not None and payment.claimed_at == claimed.claimed_at
