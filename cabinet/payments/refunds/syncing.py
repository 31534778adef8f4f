"""Sending a refund and learning what has become of it. Providers announce no canceled refund."""

import datetime

import structlog
from django.db.models import Q
from django.utils import timezone

from cabinet.payments.base import (
    GatewayError,
    GatewayRefused,
    GatewayUnavailable,
    PaymentGateway,
    ProviderRefund,
    RequestInvalid,
    frozen_body,
)
from cabinet.payments.lifecycle.plan import CLOCKS, LOST_AFTER, REPEAT_FOR
from cabinet.payments.lifecycle.sending import OtherShop, payment_gateway
from cabinet.payments.models import Refund
from cabinet.payments.refunds.sums import OPEN
from cabinet.payments.refunds.transitions import (
    refund_settle,
    refund_to_failed,
    refund_to_sending,
    refund_to_unknown,
)
from cabinet.payments.registry import NoShop
from portal.jobs import JobPostponed, job_run, jobs_sweep

log = structlog.get_logger(__name__)


def refund_send(refund: Refund) -> Refund:
    """Ask the provider for the refund, by the stored request and key. Outside of a transaction.

    A lost answer leaves it unknown; a provider that was not reached leaves it to the poller.
    """
    asked = refund_to_sending(refund.pk)
    if asked is None:
        return Refund.objects.get(pk=refund.pk)
    sending, is_first = asked
    try:
        gateway = payment_gateway(sending.payment)
        answer = gateway.refund_create(
            frozen_body(sending.body, sending.body_hash), sending.idempotency_key
        )
    except (NoShop, OtherShop, GatewayUnavailable) as error:
        log.warning("refund not sent", refund=refund.pk, error=type(error).__name__)
        return sending
    except (GatewayRefused, RequestInvalid) as error:
        # Of a request that may have been taken before, a refusal proves nothing: the list will.
        if is_first:
            return refund_to_failed(refund.pk, error.reason)
        return refund_to_unknown(refund.pk, error.reason)
    except GatewayError as error:  # also an answer that nobody understands
        return refund_to_unknown(refund.pk, error.reason)
    return refund_settle(refund.pk, answer)


def refund_sync(refund_pk: int) -> Refund:
    """Bring a refund to what the provider knows of it; send it, if it was not sent.

    Asks outside of transactions; an error of the network leaves it as it is.
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_pk)
    if refund.state not in OPEN:
        return refund
    if not refund.provider_id and (
        refund.sent_at is None or refund.sent_at > timezone.now() - REPEAT_FOR
    ):
        return refund_send(refund)
    try:
        answer = _found(payment_gateway(refund.payment), refund)
    except (NoShop, OtherShop, GatewayError) as error:
        log.warning("refund not asked for", refund=refund.pk, error=type(error).__name__)
        return refund
    if answer is not None:
        return refund_settle(refund.pk, answer)
    if refund.sent_at and refund.sent_at < timezone.now() - LOST_AFTER:
        return refund_to_failed(refund.pk, "not_in_list")
    return refund


def _found(gateway: PaymentGateway, refund: Refund) -> ProviderRefund | None:
    """Return the provider's own row: by its id, else the one of the list that bears our id.

    A list without our metadata is matched by payment and sum, if that is one row that no other refund has.
    """
    if refund.provider_id:
        return gateway.refund_get(refund.provider_id)
    begin = (refund.sent_at or refund.created_at) - CLOCKS
    rows = gateway.refunds_between(begin, timezone.now())
    ours = [one for one in rows if one.payment_id == refund.payment.provider_id]
    for one in ours:
        if one.metadata.get("refund_id") == str(refund.refund_id):
            return one
    known = set(
        Refund.objects.filter(payment_id=refund.payment_id)
        .exclude(provider_id=None)
        .values_list("provider_id", flat=True)
    )
    like = [
        one
        for one in ours
        if one.amount == refund.amount and one.id not in known and "refund_id" not in one.metadata
    ]
    return like[0] if len(like) == 1 else None


def refund_poll(refund_pk: int) -> bool:
    """Ask for one refund as the poller does; called by the task."""
    return job_run(Refund.objects.all(), refund_pk, _poll)


def _poll(refund: Refund) -> None:
    now_is = refund_sync(refund.pk)
    if now_is.state in OPEN:
        raise JobPostponed(timezone.now() + _pause(refund))
    if now_is.due_at is None:
        refund.due_at = None  # its transition has ended the job too


def _pause(refund: Refund) -> datetime.timedelta:
    age = timezone.now() - refund.created_at
    for most, pause in (
        (datetime.timedelta(minutes=5), datetime.timedelta(seconds=20)),
        (datetime.timedelta(hours=1), datetime.timedelta(minutes=2)),
        (datetime.timedelta(days=1), datetime.timedelta(minutes=15)),
    ):
        if age < most:
            return pause
    return datetime.timedelta(hours=1)


def refunds_sweep() -> int:
    """Enqueue the refunds whose turn it is; one query where nothing is due."""
    return jobs_sweep(Refund.objects.filter(~Q(state=Refund.State.WAITING)))
