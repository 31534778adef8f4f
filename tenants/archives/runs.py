"""Work with the files of archives: reading one back, and restoring a company from it."""

import tempfile
import zipfile
from pathlib import Path
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.services import audit_write
from portal.jobs import JobFailed, job_enqueue, job_finish, job_run, jobs_sweep
from portal.staff.models import StaffUser
from tenants.archives.programs import ProgramRefused, dump_rows
from tenants.archives.services import (
    RestoreRefused,
    archive_file,
    archive_opened,
    archive_said,
    file_hash,
    tenant_restore,
)
from tenants.models import ArchiveRun, CompanyArchive, GasCompany

log = structlog.get_logger(__name__)

State = ArchiveRun.State
# How many tables an error names.
_SHOWN = 5


@transaction.atomic
def archive_run_request(*, archive_id: int, kind: str, actor: str) -> ArchiveRun:
    """Ask a worker to check an archive, or to restore its company; one run at a time.

    Return the run that goes on, if there is one. `actor` is empty where the portal asks by itself.
    """
    archive = CompanyArchive.objects.select_for_update().get(pk=archive_id)
    going = archive.runs.filter(kind=kind, state__in=[State.QUEUED, State.RUNNING]).first()
    if going is not None:
        return going
    run = ArchiveRun.objects.create(archive=archive, kind=kind, requested_by=actor)
    job_enqueue(run)
    return run


def archive_run_execute(*, run_id: int) -> bool:
    """Do a run's work. Return whether it was done; the outcome is on the row."""
    return job_run(ArchiveRun.objects.select_related("archive"), run_id, _execute)


def archive_runs_sweep() -> None:
    """Enqueue what the broker lost; give up what a killed worker left."""
    jobs_sweep(ArchiveRun.objects.all())


def _execute(run: ArchiveRun) -> dict[str, Any] | None:
    try:
        if run.kind == ArchiveRun.Kind.CHECK:
            return _check(run)
        _restore(run)
    except FileNotFoundError as error:
        raise JobFailed(_("Файла архива нет на\u00a0диске.")) from error
    except RestoreRefused as refused:
        raise JobFailed(str(refused)) from refused
    return None


def _restore(run: ArchiveRun) -> None:
    """Restore the company; the run ends in the same transaction."""

    def end(company: GasCompany, left_out: int) -> None:
        job_finish(
            run,
            state=State.DONE,
            company=company,
            left_out=left_out,
            finished_at=timezone.now(),
        )

    tenant_restore(file=archive_file(run.archive), actor=run.requested_by, then=end)


def _check(run: ArchiveRun) -> dict[str, Any]:
    """Read the file to its end, compare it with what was written, and note the outcome on the archive."""
    archive = run.archive
    try:
        wrong = archive_difference(archive, archive_file(archive))
    except FileNotFoundError:
        wrong = _("Файла архива нет на\u00a0диске.")
    archive.checked_at, archive.check_error = timezone.now(), wrong
    with transaction.atomic():
        archive.save(update_fields=["checked_at", "check_error"])
        audit_write(
            actor=StaffUser.objects.filter(username=run.requested_by).first(),
            action="company.archive_checked",
            subject=archive,
            details={"company_id": archive.company_id, "problem": wrong},
        )
        state = State.FAILED if wrong else State.DONE
        job_finish(run, state=state, error=wrong, finished_at=timezone.now())
    return {}


def archive_difference(archive: CompanyArchive, file: Path) -> str:
    """Return what of an archive's file is not as it was written, in Russian; empty if all is."""
    if file.stat().st_size != archive.size or file_hash(file) != archive.sha256:
        return _("Файл изменился после записи: контрольная сумма другая.")
    try:
        with archive_opened(file) as packed, tempfile.TemporaryDirectory() as folder:
            if broken := packed.testzip():
                return _("Не\u00a0читается часть архива: %s.") % broken
            archive_said(packed)
            inside = [name for name in packed.namelist() if name.startswith(("media/", "private/"))]
            if len(inside) != archive.contents["files"]:
                return _("Файлов в\u00a0архиве %(found)d, а\u00a0было %(wanted)d.") % {
                    "found": len(inside),
                    "wanted": archive.contents["files"],
                }
            rows = dump_rows(file=Path(packed.extract("schema.dump", folder)))
    except (RestoreRefused, ProgramRefused, zipfile.BadZipFile, OSError) as error:
        return str(error)
    return _rows_difference(rows, archive.contents["tables"])


def _rows_difference(found: dict[str, int], wanted: dict[str, int]) -> str:
    differ = sorted(
        name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name)
    )
    if not differ:
        return ""
    shown = ", ".join(
        f"{name} — {found.get(name, 0)} вместо {wanted.get(name, 0)}" for name in differ[:_SHOWN]
    )
    return _("Строк в\u00a0таблицах не столько, сколько было: %s.") % shown
