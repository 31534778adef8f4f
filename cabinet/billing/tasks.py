from celery import shared_task

from cabinet.billing import common_sums
from tenants.selectors import current_company


@shared_task
def common_sums_count(pk: int) -> None:
    common_sums.common_sums_count(pk)


@shared_task
def common_sums_sweep() -> None:
    """Enqueue a count that a lost broker or a killed worker left; public has none."""
    if current_company() is not None:
        common_sums.common_sums_sweep()
