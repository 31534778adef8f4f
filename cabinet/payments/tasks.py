"""The tasks of payments; each calls one service."""

import datetime

from celery import shared_task

from cabinet.payments.autopay import planning, runs
from cabinet.payments.lifecycle import sweeping, syncing, webhooks
from cabinet.payments.reconciliation import services as reconciling
from cabinet.payments.refunds import syncing as refunds_syncing
from tenants.selectors import current_company

LOOK_PAUSE = datetime.timedelta(seconds=2)


@shared_task
def payment_sync(payment_pk: int) -> None:
    syncing.payment_sync(payment_pk, is_poll=True)


@shared_task
def payment_look(payment_pk: int) -> None:
    """Ask about a payment whose page somebody has open."""
    syncing.payment_sync(payment_pk, unless_asked_within=LOOK_PAUSE)


@shared_task
def webhook_handle(event_pk: int) -> None:
    webhooks.webhook_handle(event_pk)


@shared_task
def webhooks_take() -> None:
    webhooks.webhooks_take()


@shared_task
def refund_sync(refund_pk: int) -> None:
    refunds_syncing.refund_poll(refund_pk)


@shared_task
def payments_sweep() -> None:
    """Enqueue payments, notifications, refunds, … that are due; public, which is asked too, has none."""
    if current_company() is not None:
        sweeping.payments_sweep()


@shared_task
def payments_forget() -> None:
    """Run every night; public has none."""
    if current_company() is not None:
        sweeping.payments_forget()


@shared_task
def autopay_run(run_pk: int) -> None:
    runs.autopay_run(run_id=run_pk)


@shared_task
def autopays_plan() -> None:
    """Prepare the autopays of tomorrow, every hour."""
    planning.autopays_plan()


@shared_task
def reconciliation_run(pk: int) -> None:
    reconciling.reconciliation_run(pk)


@shared_task
def reconciliations_begin() -> None:
    """Ask for last night's reconciliation, every hour, by the company's own time; public has none."""
    if current_company() is not None:
        reconciling.reconciliations_begin()
