from uuid import UUID

from celery import shared_task

from cabinet.subscribers import kept_forms
from cabinet.subscribers.changes import services as changes
from cabinet.subscribers.login import passes
from cabinet.subscribers.personal_data import export, jobs
from cabinet.subscribers.recovery import services as recovery
from cabinet.subscribers.registration import services
from portal.connection import current_schema
from tenants.selectors import current_company


@shared_task
def registrations_forget() -> None:
    """What nobody needs any more: registrations, links past the limit, forms of ended sessions."""
    services.registrations_forget()
    passes.login_passes_forget()
    kept_forms.kept_forms_forget()


@shared_task
def login_pass_tell(pass_id: int) -> None:
    passes.login_pass_tell(pass_id)


@shared_task
def login_passes_sweep() -> None:
    """In every company's schema: what the broker lost."""
    for pass_id in passes.login_passes_late(current_schema()):
        passes.login_pass_tell(pass_id)


@shared_task
def recovery_answer(request_id: int) -> None:
    recovery.recovery_answer(request_id=request_id)


@shared_task
def recoveries_sweep() -> None:
    """Answer the waiting recovery requests of the current company; public has none."""
    company = current_company()
    if company is not None:
        for request_id in recovery.recoveries_waiting(company):
            recovery.recovery_answer(request_id=request_id)


@shared_task
def person_job_start(job_id: str) -> None:
    jobs.job_start(job_id=UUID(job_id))


@shared_task
def person_job_step(job_id: str) -> None:
    jobs.job_step(job_id=UUID(job_id))


@shared_task
def person_job_finish(job_id: str) -> None:
    jobs.job_finish(job_id=UUID(job_id))


@shared_task
def person_jobs_sweep() -> None:
    jobs.jobs_sweep()


@shared_task
def secrets_forget() -> None:
    """What can be used no more."""
    recovery.temporary_passwords_forget()
    changes.changes_forget()
    export.exports_forget()
