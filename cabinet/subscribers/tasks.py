from uuid import UUID

from celery import shared_task

from cabinet.subscribers.entry import recovery, registration, unlock_links
from cabinet.subscribers.form_recovery import saved_forms_forget
from cabinet.subscribers.personal_data import export, jobs
from cabinet.subscribers.settings.contact_changes import changes_forget


@shared_task
def unlock_link_send(link_id: int) -> None:
    unlock_links.unlock_link_send(link_id=link_id)


@shared_task
def unlock_links_sweep() -> None:
    """Run in every company's schema."""
    unlock_links.unlock_links_sweep()


@shared_task
def recovery_answer(request_id: int) -> None:
    recovery.recovery_answer(request_id=request_id)


@shared_task
def recoveries_sweep() -> None:
    """Run in every company's schema."""
    recovery.recoveries_sweep()


@shared_task
def person_job_run(job_id: str) -> None:
    jobs.person_job_run(job_id=UUID(job_id))


@shared_task
def person_jobs_sweep() -> None:
    jobs.person_jobs_sweep()


@shared_task
def registrations_forget() -> None:
    """Delete expired registrations, unlock links and saved forms."""
    registration.registrations_forget()
    unlock_links.unlock_links_forget()
    saved_forms_forget()


@shared_task
def secrets_forget() -> None:
    """Delete what can be used no more."""
    recovery.temporary_passwords_forget()
    recovery.recoveries_forget()
    changes_forget()
    export.exports_forget()
