"""The tasks of appeals; each calls one service."""

from celery import shared_task

from cabinet.appeals.lifecycle import closing
from tenants.selectors import current_company


@shared_task
def appeals_close() -> None:
    """Close what nobody comes back to; public, which is asked too, has none."""
    if current_company() is not None:
        closing.appeals_close()
