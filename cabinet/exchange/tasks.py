from celery import shared_task

from cabinet.exchange import exports, lateness, queue, uploaded_files
from portal.jobs import enqueue_on_commit
from tenants.selectors import current_company


@shared_task
def queue_drain() -> None:
    """Process the waiting packages of the current company; public has none."""
    company = current_company()
    if company is not None:
        queue.queue_drain(company)


@shared_task
def packages_sweep() -> None:
    """Enqueue the processing of packages that a lost broker or a killed worker left waiting."""
    if queue.packages_wait():
        enqueue_on_commit("cabinet.exchange.tasks.queue_drain")


@shared_task
def exchange_clean() -> None:
    if current_company() is not None:
        uploaded_files.uploads_clean()
        exports.given_rows_clean()


@shared_task
def late_notice_send() -> None:
    company = current_company()
    if company is not None:
        lateness.late_notice_send(company)
