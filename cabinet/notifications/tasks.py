from celery import shared_task

from cabinet.notifications import reading, sms_numbers
from tenants.selectors import current_company


@shared_task
def notifications_forget() -> None:
    """Delete the current company's old notifications and unconfirmed numbers; public has none."""
    if current_company() is not None:
        reading.notifications_forget()
        sms_numbers.numbers_forget()
