from celery import shared_task

from cabinet.statements.certificates.services import certificates_forget as forget
from tenants.selectors import current_company


@shared_task
def certificates_forget() -> None:
    """Delete old certificates of one company, every day. Public, which the fan-out asks too, has none."""
    if current_company() is not None:
        forget()
