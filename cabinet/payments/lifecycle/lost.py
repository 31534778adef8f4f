"""A payment without an outcome for so long that the provider has forgotten its key: its list decides."""

from django.db import transaction
from django.utils import timezone

from cabinet.payments.base import PaymentGateway, ProviderPayment
from cabinet.payments.lifecycle.plan import CLOCKS, LOST_AFTER
from cabinet.payments.lifecycle.transitions import (
    payment_failed,
    payment_locked,
    payment_word_take,
)
from cabinet.payments.models import Payment
from portal.audit.services import audit_write
from portal.connection import current_schema

_ORDER = ("succeeded", "waiting", "pending", "canceled")


def payment_look_for(payment: Payment, gateway: PaymentGateway) -> Payment:
    """Look for a payment in the provider's list by our metadata; what is surely not there has failed."""
    assert payment.sent_at is not None  # noqa: S101 — a fault of the caller
    begin, end = payment.sent_at - CLOCKS, payment.sent_at + LOST_AFTER
    asked_at = timezone.now()
    ours = {"payment_id": str(payment.payment_id), "company": current_schema()}
    found = [
        one
        for one in gateway.payments_between(begin, min(end, asked_at + CLOCKS))
        if ours.items() <= one.metadata.items()
    ]
    if found:
        return _found(payment, found)
    with transaction.atomic():
        payment = payment_locked(payment.pk)
        if payment.state == Payment.State.UNKNOWN and asked_at >= end:
            payment_failed(payment=payment, code="not_found")
    return payment


def _found(payment: Payment, found: list[ProviderPayment]) -> Payment:
    first, *others = sorted(found, key=lambda one: _ORDER.index(one.status))
    for other in others:
        details = {"provider_id": other.id, "status": other.status, "amount": str(other.amount)}
        audit_write(actor=None, action="payment.double", subject=payment, details=details)
    return payment_word_take(payment_pk=payment.pk, answer=first)
