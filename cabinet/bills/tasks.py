from uuid import UUID

from celery import shared_task

from cabinet.bills.mailing import bill_mailing
from cabinet.bills.many import files, parts, runs
from tenants.selectors import current_company


@shared_task
def bills_mail(mailing_id: str) -> None:
    bill_mailing.bills_mail(UUID(mailing_id))


@shared_task
def bill_part_render(part_id: int) -> None:
    parts.parts_go_on(part_id)


@shared_task
def bill_runs_sweep() -> None:
    """Run every two minutes; public has none."""
    if current_company() is not None:
        runs.runs_sweep()


@shared_task
def bill_files_forget() -> None:
    """Run every night; public has none."""
    if current_company() is not None:
        files.files_forget()
