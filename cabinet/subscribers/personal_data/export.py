"""A person's own copy of their data: a zip of JSON and a readable page."""

import datetime
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from cabinet.subscribers.models import PersonJob, Subscriber
from cabinet.subscribers.notify import page_address, subscriber_notify
from cabinet.subscribers.personal_data.parts import File, Part, parts
from cabinet.subscribers.sessions import subscriber_lock
from portal.jobs import job_enqueue
from portal.uploads.private_files import private_folder_make
from tenants.models import GasCompany
from tenants.schemas import in_company

Kind, State = PersonJob.Kind, PersonJob.State


class ExportTooSoon(Exception):
    """The last copy was made less than an hour ago."""


def export_folder() -> Path:
    """Return the folder of copies: outside the media root, readable by the portal's account alone."""
    return private_folder_make("personal-data")


def export_last(subscriber: Subscriber) -> PersonJob | None:
    """Return the person's copy that is being made or is ready."""
    jobs = PersonJob.objects.filter(person=subscriber.pk, kind=Kind.EXPORT)
    last = jobs.exclude(state=State.CANCELLED).order_by("-created_at").first()
    if last and last.state == State.DONE and not _is_ready(last):
        return None
    return last


def export_file(*, subscriber: Subscriber, job_id: UUID) -> Path | None:
    """Return the path of a copy, for its owner alone, until it expires."""
    job = PersonJob.objects.filter(pk=job_id, person=subscriber.pk, kind=Kind.EXPORT).first()
    if job is None or not _is_ready(job):
        return None
    path = export_folder() / job.file_name
    return path if path.is_file() else None


@transaction.atomic
def export_ask(*, subscriber: Subscriber, company: GasCompany) -> PersonJob:
    """Have workers make a copy, or return the one being made. Raises ExportTooSoon."""
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
    job_enqueue(job)
    return job


def exports_forget() -> int:
    """Delete expired copies, and files that no row names. Returns how many files."""
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


def export_step(job: PersonJob) -> list[dict[str, Any]]:
    """Return what the company whose schema is entered stores about the person."""
    return _sections(parts(in_public=False), job.person)


def export_finish(job: PersonJob) -> dict[str, Any]:
    """Write the file and a letter about it. Returns the job's fields to set."""
    subscriber = subscriber_lock(job.person)
    if subscriber is None:
        return {}
    groups = [
        {"company": "", "sections": _sections(parts(in_public=True), job.person)},
        *(
            {"company": step.company.name, "sections": step.content}
            for step in job.steps.select_related("company").order_by("company__name")
            if step.content
        ),
    ]
    file_name, now = f"{job.pk}.zip", timezone.now()
    size = _pack(groups, export_folder() / file_name, made_at=now, files=_files(job))
    expires_at = now + datetime.timedelta(days=settings.DATA_COPY_DAYS)
    company = job.company
    if company is not None:
        subscriber_notify(
            subscriber=subscriber,
            kind="data_ready",
            company=company,
            context={
                "company_name": company.name,
                "day": timezone.localdate(expires_at),
                "url": page_address(company, "data"),
            },
        )
    return {"file_name": file_name, "size": size, "expires_at": expires_at}


def _is_ready(job: PersonJob) -> bool:
    is_stored = job.expires_at is not None and job.expires_at > timezone.now()
    return job.state == State.DONE and bool(job.file_name) and is_stored


def _files(job: PersonJob) -> Iterator[File]:
    """Yield the files of every company where something was found, in a folder of its own."""
    for step in job.steps.select_related("company").order_by("company__name"):
        if step.content:
            with in_company(step.company):
                for part in parts(in_public=False):
                    for name, content in part.export_files(job.person):
                        yield f"{step.company.schema_name}/{name}", content


def _sections(chosen: list[Part], person: UUID) -> list[dict[str, Any]]:
    found = [
        {
            "code": part.code,
            "title": str(part.title),
            "columns": {key: str(column.title) for key, column in part.columns.items()},
            "rows": part.export(person),
        }
        for part in chosen
    ]
    return [section for section in found if section["rows"]]


def _pack(
    groups: list[dict[str, Any]],
    target: Path,
    *,
    made_at: datetime.datetime,
    files: Iterable[tuple[str, bytes]] = (),
) -> int:
    """Write the zip under another name, move it into place, and return its size in bytes.

    `groups`: sections of public, then of each company.
    """
    data = {
        "made_at": made_at.isoformat(),
        "parts": [
            {
                "company": group["company"],
                **{section["code"]: section["rows"] for section in group["sections"]},
            }
            for group in groups
        ],
    }
    page = render_to_string(
        "cabinet/subscribers/personal_data/copy.html",
        {"groups": [_table_group(group) for group in groups], "made_at": made_at},
    )
    unfinished = target.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
        packed.writestr("Мои данные.html", page)
        for name, content in files:
            packed.writestr(name, content)
    unfinished.chmod(0o600)
    unfinished.replace(target)
    return target.stat().st_size


def _table_group(group: dict[str, Any]) -> dict[str, Any]:
    """Return the group with rows as lists in the order of the columns, for a template."""
    return {
        "company": group["company"],
        "sections": [
            {
                "title": section["title"],
                "heads": list(section["columns"].values()),
                "rows": [
                    [row.get(key, "") for key in section["columns"]] for row in section["rows"]
                ],
            }
            for section in group["sections"]
        ],
    }
