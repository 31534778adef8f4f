"""A job over all companies of the portal: a transaction for each, then one for public.

Whoever is killed leaves steps that are done or not done, never half; the sweeper sends the rest again.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from cabinet.subscribers.models import PersonJob, PersonJobStep
from cabinet.subscribers.sessions import subscriber_lock
from portal.connection import connection
from portal.outbox import enqueue_on_commit
from tenants.models import GasCompany

State = PersonJob.State
STEP = "cabinet.subscribers.tasks.person_job_step"
FINISH = "cabinet.subscribers.tasks.person_job_finish"
AGAIN_AFTER = datetime.timedelta(minutes=5)
SERVED = (GasCompany.Status.ACTIVE, GasCompany.Status.SUSPENDED)


@dataclass(frozen=True)
class Work:
    """`begin` in public under the job's lock, before any step; `step` in a company; `finish` in public."""

    begin: Callable[[PersonJob], None]
    step: Callable[[PersonJob, GasCompany], list[dict[str, object]] | None]
    finish: Callable[[PersonJob], None]
    # Whether a company that is archived has to do it too, whenever it works again. Nobody waits for it.
    outlives_archive: bool = False


_works: dict[str, Work] = {}


def work_register(kind: str, work: Work) -> None:
    _works[kind] = work


def job_start(*, job_id: UUID) -> bool:
    """Begin a job that is due: a step for each company. False if it is not to be begun (any more)."""
    with schema_context("public"), transaction.atomic():
        job = _locked(job_id, State.WAITING)
        if job is None or job.due_at > timezone.now():
            return False
        work = _works[job.kind]
        work.begin(job)
        reached = [*SERVED, GasCompany.Status.ARCHIVED] if work.outlives_archive else SERVED
        companies = GasCompany.objects.filter(status__in=reached)
        PersonJobStep.objects.bulk_create(
            PersonJobStep(job=job, company=company) for company in companies
        )
        job.state = State.RUNNING
        _send(job)
    return True


@transaction.atomic
def job_step(*, job_id: UUID) -> None:
    """The part of the company whose schema is entered. Done once, whoever is called how often."""
    company = connection.tenant
    job = PersonJob.objects.filter(pk=job_id, state__in=[State.RUNNING, State.DONE]).first()
    left = PersonJobStep.objects.select_for_update().filter(job_id=job_id, done_at=None)
    step = left.filter(company=company).first() if job else None
    if job is None or step is None:
        return
    step.content = _works[job.kind].step(job, company)
    if job.state == State.DONE:  # the company was archived all the while
        step.delete()
        return
    step.done_at = timezone.now()
    step.save(update_fields=["content", "done_at"])
    with schema_context("public"):
        enqueue_on_commit(FINISH, str(job_id))


def job_finish(*, job_id: UUID) -> bool:
    """When the last company is done, the part of public. False while steps are left, or if it is over."""
    with schema_context("public"), transaction.atomic():
        job = _locked(job_id, State.RUNNING)
        left = PersonJobStep.objects.filter(job=job_id, done_at=None, company__status__in=SERVED)
        if job is None or left.exists():
            return False
        _works[job.kind].finish(job)
        job.state, job.finished_at = State.DONE, timezone.now()
        job.save()
        over = job.steps.all()
        if _works[job.kind].outlives_archive:
            over = over.exclude(done_at=None)
        over.delete()
    return True


def jobs_sweep() -> None:
    """Begin what is due; send again what nobody has touched for a while; see to who was archived."""
    now = timezone.now()
    due = PersonJob.objects.filter(state=State.WAITING, due_at__lte=now)
    for pk in list(due.order_by("due_at").values_list("pk", flat=True)[:100]):
        job_start(job_id=pk)
    forgotten = PersonJob.objects.filter(state=State.RUNNING, touched_at__lt=now - AGAIN_AFTER)
    for pk in list(forgotten.order_by("touched_at").values_list("pk", flat=True)[:100]):
        with transaction.atomic():
            job = _locked(pk, State.RUNNING)
            if job is not None:
                _send(job)

    late = PersonJobStep.objects.filter(
        done_at=None, job__state=State.DONE, company__status__in=SERVED
    )
    for step in late.select_related("company").order_by("pk")[:100]:
        _send_step(step)


def job_steps_again(event: str, company: GasCompany, **_: Any) -> None:
    """Repeat deletions in a restored company: its file knows people deleted since it was written."""
    if event == "restored":
        kinds = [kind for kind, work in _works.items() if work.outlives_archive]
        over = PersonJob.objects.filter(kind__in=kinds, state=State.DONE)
        PersonJobStep.objects.bulk_create(
            (PersonJobStep(job=job, company=company) for job in over), ignore_conflicts=True
        )


def _send(job: PersonJob) -> None:
    job.touched_at = timezone.now()
    job.save()
    for step in job.steps.filter(done_at=None, company__status__in=SERVED):
        _send_step(step)
    with schema_context("public"):  # it may be that the last step was done and its message lost
        enqueue_on_commit(FINISH, str(job.pk))


def _send_step(step: PersonJobStep) -> None:
    with schema_context(step.company.schema_name):
        enqueue_on_commit(STEP, str(step.job_id))


def _locked(job_id: UUID, state: str) -> PersonJob | None:
    """The job if it is in this state, held. The person first, in the order in which services lock."""
    found = PersonJob.objects.filter(pk=job_id, state=state).first()
    if found is None:
        return None
    subscriber_lock(found.person)
    return PersonJob.objects.select_for_update().filter(pk=job_id, state=state).first()
