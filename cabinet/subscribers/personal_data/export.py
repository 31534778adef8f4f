"""A person's own copy of what the portal has of them: a zip of JSON, and of a page that people can read."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cabinet.subscribers.models import PersonJob, Subscriber
from cabinet.subscribers.personal_data.jobs import Work, work_register
from cabinet.subscribers.personal_data.packing import pack
from cabinet.subscribers.personal_data.registry import File, Part, parts
from cabinet.subscribers.sessions import subscriber_lock
from cabinet.subscribers.telling import subscriber_tell
from portal.outbox import enqueue_on_commit
from tenants.models import GasCompany
from tenants.schemas import in_company

Kind, State = PersonJob.Kind, PersonJob.State


class ExportTooSoon(Exception):
    """The last copy was made less than an hour ago."""


def export_folder() -> Path:
    """Outside the media root, readable by the portal's account alone."""
    folder = Path(settings.PRIVATE_ROOT) / "personal-data"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def export_last(subscriber: Subscriber) -> PersonJob | None:
    """The person's copy that is being made, or lies ready."""
    jobs = PersonJob.objects.filter(person=subscriber.pk, kind=Kind.EXPORT)
    last = jobs.exclude(state=State.CANCELLED).order_by("-created_at").first()
    if last and last.state == State.DONE and not _is_ready(last):
        return None
    return last


def export_file(*, subscriber: Subscriber, job_id: UUID) -> Path | None:
    """The file, for its owner alone, while it is kept."""
    job = PersonJob.objects.filter(pk=job_id, person=subscriber.pk, kind=Kind.EXPORT).first()
    if job is None or not _is_ready(job):
        return None
    path = export_folder() / job.file_name
    return path if path.is_file() else None


@transaction.atomic
def export_ask(*, subscriber: Subscriber, company: GasCompany) -> PersonJob:
    """Hand the making to workers. While one is being made, that is the one. Raises ExportTooSoon."""
    subscriber_lock(subscriber.pk)
    last = export_last(subscriber)
    if last and last.state != State.DONE:
        return last
    hour_ago = timezone.now() - datetime.timedelta(hours=1)
    if last and last.created_at > hour_ago:
        raise ExportTooSoon
    job = PersonJob.objects.create(
        kind=Kind.EXPORT,
        state=State.WAITING,
        person=subscriber.pk,
        company=company,
        due_at=timezone.now(),
    )
    enqueue_on_commit("cabinet.subscribers.tasks.person_job_start", str(job.pk))
    return job


def exports_forget() -> int:
    """Delete copies whose time is over, and files that no row knows. Returns how many files."""
    now = timezone.now()
    PersonJob.objects.filter(kind=Kind.EXPORT, expires_at__lte=now).delete()
    known = set(PersonJob.objects.filter(kind=Kind.EXPORT).values_list("file_name", flat=True))
    day_ago = (now - datetime.timedelta(days=1)).timestamp()
    gone = 0
    for path in export_folder().iterdir():
        unfinished = path.suffix == ".part" and path.stat().st_mtime > day_ago
        if path.name not in known and not unfinished:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _is_ready(job: PersonJob) -> bool:
    is_kept = job.expires_at is not None and job.expires_at > timezone.now()
    return job.state == State.DONE and bool(job.file_name) and is_kept


def _begin(job: PersonJob) -> None:
    return None


def _step(job: PersonJob, company: GasCompany) -> list[dict[str, Any]]:
    return _sections(parts(in_public=False), job.person)


def _finish(job: PersonJob) -> None:
    subscriber = subscriber_lock(job.person)
    if subscriber is None:
        return
    sections = [
        {"company": "", "sections": _sections(parts(in_public=True), job.person)},
        *(
            {"company": step.company.name, "sections": step.content}
            for step in job.steps.select_related("company").order_by("company__name")
            if step.content
        ),
    ]
    job.file_name = f"{job.pk}.zip"
    job.size = pack(
        sections,
        export_folder() / job.file_name,
        made_at=timezone.now(),
        files=_files(job),
    )
    job.expires_at = timezone.now() + datetime.timedelta(days=settings.DATA_COPY_DAYS)
    company = job.company
    if company is not None:
        subscriber_tell(
            subscriber=subscriber,
            kind="data_ready",
            context={
                "company_name": company.name,
                "day": timezone.localdate(job.expires_at),
                "url": f"{company.url}/cabinet/settings/data/",
            },
        )


def _files(job: PersonJob) -> Iterator[File]:
    """Of every company where something was found, below a folder of its own."""
    for step in job.steps.select_related("company").order_by("company__name"):
        if step.content:
            with in_company(step.company):
                for part in parts(in_public=False):
                    for name, content in part.files(job.person):
                        yield f"{step.company.schema_name}/{name}", content


def _sections(chosen: list[Part], person: UUID) -> list[dict[str, Any]]:
    found = [
        {
            "code": part.code,
            "title": part.title,
            "columns": part.columns,
            "rows": part.export(person),
        }
        for part in chosen
    ]
    return [section for section in found if section["rows"]]


work_register(Kind.EXPORT, Work(begin=_begin, step=_step, finish=_finish))
