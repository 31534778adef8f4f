from uuid import UUID

from celery import shared_task

from cabinet.bills.mailing import bill_mailing


@shared_task
def bills_mail(mailing_id: str) -> None:
    bill_mailing.bills_mail(UUID(mailing_id))
