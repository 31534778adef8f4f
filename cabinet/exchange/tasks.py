from celery import shared_task

from cabinet.exchange.receiving import cleaning, queue
from portal.connection import connection
from tenants.models import GasCompany


@shared_task
def queue_drain() -> None:
    """In the schema of one company. The fan-out asks public too, which has no packages."""
    if isinstance(connection.tenant, GasCompany):
        queue.queue_drain(connection.tenant)


@shared_task
def exchange_clean() -> None:
    if isinstance(connection.tenant, GasCompany):
        cleaning.uploads_clean()
        cleaning.given_rows_clean()
