"""Every change of a refund's state: lock, check again, ledger, audit, note for billing, notice — together.

The payment's row is locked first, then the refund's: so no two refunds of a payment are decided at once.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cabinet.outgoing.models import Kind
from cabinet.outgoing.services import outgoing_note
from cabinet.payments.base import ProviderRefund
from cabinet.payments.models import LedgerEntry, Payment, Refund
from cabinet.payments.refunds.sums import OPEN
from cabinet.payments.result.notices import refund_notices
from portal.audit.services import audit_write
from portal.staff.models import StaffUser


def refund_locked(refund_pk: int) -> Refund:
    """Lock the payment and its refund until the transaction ends; both are read anew."""
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_pk)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    refund = Refund.objects.select_for_update().get(pk=refund_pk)
    refund.payment = payment
    return refund


@transaction.atomic
def refund_to_sending(refund_pk: int) -> tuple[Refund, bool] | None:
    """Note that a request is about to be made. Return the refund and whether it is the first request.

    None if there is nothing to send.
    """
    refund = refund_locked(refund_pk)
    if refund.state not in OPEN or refund.provider_id:
        return None
    is_first = refund.sent_at is None
    if is_first:
        _set(refund, sent_at=timezone.now())
    return refund, is_first


@transaction.atomic
def refund_to_unknown(refund_pk: int, reason: str) -> Refund:
    """Note that the provider may have done it."""
    refund = refund_locked(refund_pk)
    if refund.state == Refund.State.CREATED:
        _set(refund, state=Refund.State.UNKNOWN, error=reason)
        _audit(refund, "refund.unknown", reason=reason)
    return refund


@transaction.atomic
def refund_to_failed(refund_pk: int, reason: str) -> Refund:
    """Note that the provider surely has no such refund: nothing was given back."""
    refund = refund_locked(refund_pk)
    if refund.state in (Refund.State.CREATED, Refund.State.UNKNOWN) and not refund.provider_id:
        _end(refund, Refund.State.FAILED, cancellation_reason=reason[:100])
        _audit(refund, "refund.failed", reason=reason)
    return refund


@transaction.atomic
def refund_settle(refund_pk: int, answer: ProviderRefund) -> Refund:
    """Take over what the provider says of this refund; what has ended stays as it is."""
    refund = refund_locked(refund_pk)
    if refund.state not in OPEN:
        return refund
    if _mismatch(refund, answer):
        _set(refund, state=Refund.State.UNKNOWN, error="mismatch", provider_state=answer.raw)
        return refund
    facts = {
        "provider_id": answer.id,
        "provider_state": answer.raw,
        "receipt_state": answer.receipt_state[:20],
        "error": "",
    }
    if answer.status == "succeeded":
        refund_book(refund, at=answer.created_at, **facts)
    elif answer.status == "canceled":
        reason = answer.cancellation_reason[:100]
        _end(refund, Refund.State.CANCELED, cancellation_reason=reason, **facts)
        _audit(refund, "refund.canceled", reason=reason)
    elif refund.state != Refund.State.PENDING or refund.provider_id != answer.id:
        _set(refund, state=Refund.State.PENDING, **facts)
    return refund


def refund_book(refund: Refund, *, at: datetime.datetime, **facts: Any) -> None:
    """End a locked refund as succeeded: the money has left."""
    _end(refund, Refund.State.SUCCEEDED, **facts)
    LedgerEntry.objects.create(
        payment=refund.payment,
        refund=refund,
        principal=-refund.principal,
        penalty=-refund.penalty,
        commission=-refund.commission,
        at=at,
    )
    outgoing_note(Kind.PAYMENTS, [refund.payment_id])
    _audit(refund, "refund.succeeded")
    refund_notices(refund)


def _mismatch(refund: Refund, answer: ProviderRefund) -> bool:
    return (
        answer.payment_id != refund.payment.provider_id
        or answer.amount != refund.amount
        or answer.currency != "RUB"
        or refund.provider_id not in (None, answer.id)
    )


def _end(refund: Refund, state: Refund.State, **facts: Any) -> None:
    _set(refund, state=state, ended_at=timezone.now(), due_at=None, claimed_at=None, **facts)


def _set(refund: Refund, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(refund, name, value)
    refund.save(update_fields=list(changes))


def _audit(refund: Refund, action: str, actor: StaffUser | None = None, **details: str) -> None:
    audit_write(
        actor=actor,
        action=action,
        subject=refund.payment,
        details={"refund": refund.pk, "amount": str(refund.amount), **details},
    )
