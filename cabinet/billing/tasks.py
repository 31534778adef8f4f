from uuid import UUID

from celery import shared_task

from cabinet.billing import bill_mailing, common_sums
from tenants.selectors import current_company


@shared_task
def common_sums_count(pk: int) -> None:
    common_sums.common_sums_count(pk)


@shared_task
def common_sums_sweep() -> None:
    """Enqueue a count that a lost broker or a killed worker left; public has none."""
    if current_company() is not None:
        common_sums.common_sums_sweep()


@shared_task
def bills_mail(mailing_id: str) -> None:
    bill_mailing.bills_mail(UUID(mailing_id))
