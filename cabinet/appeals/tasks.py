"""The tasks of appeals; each calls one service."""

from celery import shared_task

from cabinet.appeals.files import UNSENT_FOR
from cabinet.appeals.lifecycle import closing
from cabinet.appeals.models import AppealFile
from cabinet.appeals.page.drafts import drafts_forget
from portal.uploads.services import uploads_forget
from tenants.selectors import current_company


@shared_task
def appeals_close() -> None:
    """Close what nobody comes back to; public, which is asked too, has none."""
    if current_company() is not None:
        closing.appeals_close()


@shared_task
def unsent_forget() -> None:
    """Delete drafts, and files of forms that were never sent, of one company."""
    if current_company() is not None:
        drafts_forget()
        uploads_forget(AppealFile, after=UNSENT_FOR)
