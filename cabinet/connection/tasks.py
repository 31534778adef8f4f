"""The tasks of connection; each calls one service."""

from celery import shared_task

from cabinet.connection.forwarding import services as forwarding
from tenants.selectors import current_company


@shared_task
def application_forward(application_pk: int) -> None:
    """Forward an application to its recipient."""
    forwarding.application_forward(application_pk=application_pk)


@shared_task
def applications_sweep() -> None:
    """Go on with applications of one company that wait to be forwarded; public has none."""
    if current_company() is not None:
        forwarding.applications_sweep()
