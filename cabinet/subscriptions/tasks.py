from uuid import UUID

from celery import shared_task

from cabinet.subscriptions import reminding
from cabinet.subscriptions.mailings import batches, news
from tenants.selectors import current_company


@shared_task
def reminders_send() -> None:
    """Remind of readings: every quarter of an hour in every schema, mostly with nothing to do."""
    reminding.reminders_send()


@shared_task
def news_mail(mailing_id: str) -> None:
    news.news_mail(UUID(mailing_id))


@shared_task
def mailings_sweep() -> None:
    """Enqueue mailings that a lost broker or a killed worker left; public has none."""
    if current_company() is not None:
        batches.mailings_sweep()
