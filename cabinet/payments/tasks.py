"""The tasks of payments; each calls one service."""

from celery import shared_task

from cabinet.payments.refunds import syncing as refunds_syncing
from tenants.selectors import current_company


@shared_task
def refund_sync(refund_pk: int) -> None:
    refunds_syncing.refund_poll(refund_pk)


@shared_task
def refunds_sweep() -> None:
    """Enqueue the refunds whose turn it is; public, which the fan-out asks too, has none."""
    if current_company() is not None:
        refunds_syncing.refunds_sweep()
