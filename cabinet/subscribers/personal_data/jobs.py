"""Jobs over a person's data in all companies: begin in public, a step in each company, finish in public.

One task goes through the companies; each step is a transaction of its own and is done once, so after a
kill the next attempt does the rest. A company that fails holds up only the end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.subscribers.models import PersonJob, PersonJobStep
from cabinet.subscribers.personal_data import deletion, export
from cabinet.subscribers.sessions import subscriber_lock
from portal.jobs import (
    JobFailed,
    LeaseLost,
    job_finish,
    job_renew,
    job_run,
    jobs_sweep,
)
from tenants.models import GasCompany
from tenants.routing import is_behind
from tenants.schemas import in_company

log = structlog.get_logger(__name__)

Kind, State = PersonJob.Kind, PersonJob.State
SERVED = GasCompany.AT_WORK


@dataclass(frozen=True)
class Work:
    """What a kind of job does. `begin` and `finish` run in public with the person locked.

    `step` returns what a step keeps until the end, `finish` the job's fields to set. With
    `outlives_archive` a company that is archived has to do its step too, whenever it is served again;
    nobody waits for it.
    """

    begin: Callable[[PersonJob], None]
    step: Callable[[PersonJob], list[dict[str, object]] | None]
    finish: Callable[[PersonJob], dict[str, Any]]
    outlives_archive: bool = False


WORKS = {
    Kind.EXPORT: Work(lambda job: None, export.export_step, export.export_finish),
    Kind.DELETION: Work(
        deletion.deletion_begin,
        deletion.deletion_step,
        deletion.deletion_finish,
        outlives_archive=True,
    ),
}


def person_job_run(*, job_id: UUID) -> bool:
    """Do what is left of a job that is due. Returns whether it is done."""
    with schema_context("public"):
        return job_run(PersonJob.objects.all(), job_id, _run)


def person_jobs_sweep() -> None:
    """Enqueue jobs that are due, and those with steps left of companies that are served again."""
    with schema_context("public"):
        late = PersonJob.objects.filter(
            state=State.DONE, due_at=None, steps__company__status__in=SERVED
        )
        late.update(due_at=timezone.now(), attempts=0)
        jobs_sweep(PersonJob.objects.all())


def job_steps_again(event: str, company: GasCompany, **_: Any) -> None:
    """Repeat finished deletions in a company restored from a file, which knows deleted people."""
    if event == "restored":
        kinds = [kind for kind, work in WORKS.items() if work.outlives_archive]
        over = PersonJob.objects.filter(kind__in=kinds, state=State.DONE)
        PersonJobStep.objects.bulk_create(
            (PersonJobStep(job=job, company=company) for job in over), ignore_conflicts=True
        )


def _run(job: PersonJob) -> None:
    work = WORKS[Kind(job.kind)]
    if job.state == State.WAITING:
        _begin(job, work)
    steps = job.steps.filter(done_at=None, company__status__in=SERVED).select_related("company")
    left = [step for step in steps if not _step(job, work, step)]
    if left:
        raise JobFailed(f"companies left: {len(left)}")
    if job.state == State.RUNNING:
        _finish(job, work)


def _begin(job: PersonJob, work: Work) -> None:
    """Start the work in public and write a step for each company, in one transaction."""
    reached = [*SERVED, GasCompany.Status.ARCHIVED] if work.outlives_archive else SERVED
    with transaction.atomic():
        subscriber_lock(job.person)
        job_renew(job, state=State.RUNNING)  # LeaseLost if it was cancelled in the meantime
        work.begin(job)
        PersonJobStep.objects.bulk_create(
            PersonJobStep(job=job, company=company)
            for company in GasCompany.objects.filter(status__in=reached)
        )


def _step(job: PersonJob, work: Work, step: PersonJobStep) -> bool:
    """Do the part of one company, once. Returns whether it is done."""
    company = step.company
    if is_behind(company.schema_name):
        return False
    try:
        with in_company(company), transaction.atomic():
            undone = PersonJobStep.objects.select_for_update().filter(pk=step.pk, done_at=None)
            if undone.exists():
                step.content = work.step(job)
                step.done_at = timezone.now()
                step.save(update_fields=["content", "done_at"])
            if job.state == State.DONE:  # the company was archived all the while
                step.delete()
    except Exception:
        log.exception("step failed", job=str(job.pk), company=company.schema_name)
        return False
    job_renew(job)
    return True


def _finish(job: PersonJob, work: Work) -> None:
    """Do the part of public and end the job, in one transaction."""
    with transaction.atomic():
        subscriber_lock(job.person)
        if not PersonJob.objects.select_for_update().filter(pk=job.pk, due_at=job.due_at).exists():
            raise LeaseLost
        changes = work.finish(job)
        over = job.steps.exclude(done_at=None) if work.outlives_archive else job.steps.all()
        over.delete()
        job_finish(job, state=State.DONE, finished_at=timezone.now(), **changes)
