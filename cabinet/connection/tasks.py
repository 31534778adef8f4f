"""The tasks of connection; each calls one service."""

from celery import shared_task

from cabinet.connection.form import drafts
from cabinet.connection.lifecycle import forgetting, forwarding
from cabinet.connection.models import ConnectionPaper
from portal.uploads.services import uploads_forget
from tenants.selectors import current_company


@shared_task
def application_forward(application_pk: int) -> None:
    """Forward an application to its recipient."""
    forwarding.application_forward(application_pk=application_pk)


@shared_task
def applications_sweep() -> None:
    """Resume applications of one company that wait to be forwarded; public has none."""
    if current_company() is not None:
        forwarding.applications_sweep()


@shared_task
def applications_forget() -> None:
    """Delete old drafts, whose applications ended long ago, and files without an application."""
    if current_company() is not None:
        drafts.drafts_forget()
        forgetting.applications_forget()
        uploads_forget(ConnectionPaper)
