from celery import shared_task

from cabinet.notifications import reading, sms_numbers
from cabinet.notifications.push.services import push_forget
from tenants.selectors import current_company


@shared_task
def notifications_forget() -> None:
    """Delete the current company's old notifications, unconfirmed numbers and browsers without a login."""
    if current_company() is not None:
        reading.notifications_forget()
        sms_numbers.numbers_forget()
        push_forget()
