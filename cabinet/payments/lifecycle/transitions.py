"""The states of a payment: the only functions that change them.

Each locks the row, looks again, and commits the state with ledger entry, audit row, the note for billing and
what people hear. None goes over the network.
"""

import datetime
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from cabinet.outgoing.models import Kind
from cabinet.outgoing.services import outgoing_note
from cabinet.payments.autopay.outcomes import autopay_payment_ended
from cabinet.payments.base import ProviderPayment
from cabinet.payments.lifecycle.plan import next_poll
from cabinet.payments.models import LedgerEntry, Payment
from cabinet.payments.result.notices import payment_notices
from portal.audit.services import audit_write
from portal.connection import current_schema

log = structlog.get_logger(__name__)

State = Payment.State

# From what to what. What is not here is ignored: an older answer that comes late, or noted if it contradicts.
ALLOWED: dict[str, frozenset[str]] = {
    State.CREATED: frozenset(
        {State.PENDING, State.UNKNOWN, State.SUCCEEDED, State.CANCELED, State.FAILED}
    ),
    State.UNKNOWN: frozenset({State.PENDING, State.SUCCEEDED, State.CANCELED, State.FAILED}),
    State.PENDING: frozenset({State.SUCCEEDED, State.CANCELED}),
    # Money that was taken after all.
    State.CANCELED: frozenset({State.SUCCEEDED}),
    # The provider has it after all.
    State.FAILED: frozenset({State.PENDING, State.SUCCEEDED, State.CANCELED}),
    State.SUCCEEDED: frozenset(),
}
_OF_STATUS = {
    "pending": State.PENDING,
    "waiting": State.PENDING,
    "succeeded": State.SUCCEEDED,
    "canceled": State.CANCELED,
}
_OVER = (State.SUCCEEDED, State.CANCELED, State.FAILED)


def payment_word_take(*, payment_pk: int, answer: ProviderPayment) -> Payment:
    """Take the provider's word about a payment, if it is about what was ordered and may follow."""
    with transaction.atomic():
        payment = payment_locked(payment_pk)
        differs = mismatch_of(payment, answer)
        if differs:
            _mismatch_note(payment, answer, differs)
            return payment
        target = _OF_STATUS[answer.status]
        if (payment.state, target) == (State.SUCCEEDED, State.CANCELED):
            _mismatch_note(payment, answer, ["state"])
        elif target in ALLOWED[payment.state]:
            _facts_write(payment, answer)
            _go_to(payment, target, provider_id=answer.id)
        elif target == payment.state:
            _facts_write(payment, answer)
            _save(payment)
    return payment


def payment_failed(*, payment: Payment, code: str, reason: str = "") -> Payment:
    """End a locked payment that the provider surely does not have. In the caller's transaction."""
    payment.cancellation_party, payment.cancellation_reason = "portal", code
    payment.error = reason
    _go_to(payment, State.FAILED, reason=reason, code=code)
    return payment


def payment_unknown(*, payment: Payment, reason: str = "") -> Payment:
    """Note that a locked payment may be with the provider. In the caller's transaction."""
    payment.error = reason
    if State.UNKNOWN in ALLOWED[payment.state]:
        _go_to(payment, State.UNKNOWN, reason=reason)
    else:
        payment.claimed_at = None
        _save(payment)
    return payment


def payment_untaken(*, payment: Payment, due_at: datetime.datetime, reason: str) -> Payment:
    """Note that a call has surely not reached the provider. In the caller's transaction.

    A payment that was never sent before is again one that never was.
    """
    payment.error = reason
    payment.claimed_at = None
    if payment.state == State.CREATED:
        payment.sent_at, payment.due_at = None, due_at
    _save(payment)
    return payment


def payment_locked(payment_pk: int) -> Payment:
    payment: Payment = Payment.objects.select_for_update().get(pk=payment_pk)
    return payment


def mismatch_of(payment: Payment, answer: ProviderPayment) -> list[str]:
    """Return what of an answer is not as it was ordered."""
    ours = {
        "id": payment.provider_id or answer.id,
        "amount": payment.amount,
        "currency": "RUB",
        "shop": payment.shop_id,
        "metadata": (str(payment.payment_id), current_schema()),
    }
    theirs = {
        "id": answer.id,
        "amount": answer.amount,
        "currency": answer.currency,
        "shop": answer.shop_id,
        "metadata": (answer.metadata.get("payment_id"), answer.metadata.get("company")),
    }
    return [name for name, value in ours.items() if theirs[name] != value]


def _mismatch_note(payment: Payment, answer: ProviderPayment, differs: list[str]) -> None:
    """Mark the payment for the cashiers. It stays what it is, and is asked about again."""
    text = ", ".join(differs)
    is_new = payment.mismatch != text
    payment.mismatch = text
    is_ours = not {"id", "shop", "metadata"} & set(differs)
    if payment.state in (State.CREATED, State.UNKNOWN):
        # With its id it is never created again.
        if is_ours:
            _go_to(payment, State.PENDING, provider_id=answer.id)
        else:
            payment_unknown(payment=payment, reason="mismatch")
    else:
        _save(payment)
    if is_new:
        log.error("payment does not match", payment=payment.pk, provider=answer.id, differs=text)
        audit_write(
            actor=None,
            action="payment.mismatch",
            subject=payment,
            details={
                "differs": text,
                "provider_id": answer.id,
                "status": answer.status,
                "amount": str(answer.amount),
            },
        )


def _facts_write(payment: Payment, answer: ProviderPayment) -> None:
    """Set what the answer says beside the state."""
    payment.mismatch = ""
    payment.provider_state = answer.raw
    payment.confirmation_url = answer.confirmation_url or payment.confirmation_url
    payment.confirmation_data = answer.confirmation_data or payment.confirmation_data
    if payment.state != State.SUCCEEDED:
        payment.cancellation_party = answer.cancellation_party
        payment.cancellation_reason = answer.cancellation_reason
    if answer.receipt_state != payment.receipt_state:
        payment.receipt_state = answer.receipt_state
        if answer.receipt_state == "canceled":
            log.error("receipt is canceled", payment=payment.pk)
            audit_write(actor=None, action="payment.receipt_canceled", subject=payment)
    payment.income = answer.income if answer.income is not None else payment.income
    if answer.status == "succeeded" and payment.paid_at is None:
        payment.paid_at = answer.paid_at or timezone.now()


def _go_to(payment: Payment, state: str, *, provider_id: str = "", **details: str) -> None:
    """Change the state, with all that belongs to it. The only place."""
    before, now = payment.state, timezone.now()
    if state not in ALLOWED[before]:
        raise AssertionError(f"{before} → {state}")  # a fault of the caller
    payment.state = state
    payment.provider_id = payment.provider_id or provider_id or None
    payment.claimed_at = None
    is_over = state in _OVER
    payment.ended_at = now if is_over else None
    payment.due_at = None if is_over else next_poll(payment, now)
    if state == State.SUCCEEDED:
        payment.error = ""
        if payment.receipt_state == "pending":
            payment.due_at = next_poll(payment, now)
    _save(payment)
    if state == State.SUCCEEDED:
        _money_taken(payment)
    audit_write(
        actor=None,
        action=f"payment.{state}",
        subject=payment,
        details={"before": before, "amount": str(payment.amount), **details},
    )
    if is_over:
        payment_notices(payment)
        autopay_payment_ended(payment)


def _money_taken(payment: Payment) -> None:
    LedgerEntry.objects.create(
        payment=payment,
        principal=payment.principal,
        penalty=payment.penalty,
        commission=payment.commission_taken,
        at=payment.paid_at or timezone.now(),
    )
    outgoing_note(Kind.PAYMENTS, [payment.pk])


def _save(payment: Payment) -> None:
    """Write the row without the number of a saved method, which autopay alone stores and wipes.

    The object still has it, for autopay to take. Of a payment that was wiped nothing of the payer comes back.
    """
    whole = payment.provider_state
    was_wiped = payment.body is None and payment.ended_at is not None
    payment.provider_state = {} if was_wiped else _without_method(whole)
    payment.save(update_fields=_WRITTEN)
    payment.provider_state = whole


def _without_method(raw: dict[str, Any]) -> dict[str, Any]:
    method = raw.get("payment_method")
    if not isinstance(method, dict):
        return raw
    return raw | {"payment_method": {name: method[name] for name in method if name != "id"}}


_WRITTEN = [
    "state",
    "provider_id",
    "provider_state",
    "cancellation_party",
    "cancellation_reason",
    "confirmation_url",
    "confirmation_data",
    "mismatch",
    "receipt_state",
    "income",
    "sent_at",
    "paid_at",
    "ended_at",
    "due_at",
    "claimed_at",
    "error",
]
