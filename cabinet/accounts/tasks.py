from celery import shared_task

from cabinet.accounts import surnames
from cabinet.accounts.applications import services as applications
from cabinet.accounts.delegates import services as delegates
from cabinet.accounts.linking.drafts import drafts_forget
from tenants.selectors import current_company


@shared_task
def surname_changes_handle() -> None:
    """Handle the surname changes of the current company; in public there is nothing to do."""
    company = current_company()
    if company is not None:
        surnames.surname_changes_handle(company)


@shared_task
def linking_drafts_forget() -> None:
    """Delete expired drafts of the linking wizard: they are in public."""
    drafts_forget()


@shared_task
def applications_forget() -> None:
    """Delete applications of the current company whose time is over; in public there is nothing to do."""
    if current_company() is not None:
        applications.applications_forget()


@shared_task
def delegations_sweep() -> None:
    """End the delegates' accesses of the current company that are over."""
    company = current_company()
    if company is not None:
        delegates.delegations_sweep(company)


@shared_task
def delegations_forget() -> None:
    """Forget what ended long ago: delegations are in public."""
    delegates.delegations_forget()
