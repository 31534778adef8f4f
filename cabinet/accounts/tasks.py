from celery import shared_task

from cabinet.accounts import unconfirmed


@shared_task
def surname_changes_handle() -> None:
    """In the schema of one company. The fan-out asks public too, which has no accounts."""
    company = unconfirmed.current_company()
    if company is not None:
        unconfirmed.surname_changes_handle(company)
