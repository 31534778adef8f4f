from celery import shared_task

from cabinet.notifications import reading
from tenants.selectors import current_company


@shared_task
def notifications_forget() -> None:
    """Delete the current company's notifications that are older than a year; public has none."""
    if current_company() is not None:
        reading.notifications_forget()
